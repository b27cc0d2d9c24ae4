/** Runs command lines in this process, with streams in place of a terminal, against a daemon that answers what a test says. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import type { Test } from 'tap'
import { run } from '../../controlplane/cli/program.ts'

export interface Ended {
  code: number
  out: string
  err: string
}

export interface TerminalOptions {
  stdin?: string
  tty?: boolean
}

/** The environment of whoever runs the tests must not decide. */
for (const name of ['DRAWGATE_SOCKET', 'DRAWGATE_URL', 'DRAWGATE_TOKEN', 'NO_COLOR']) delete process.env[name]
process.env.TERM = 'xterm'

export async function drawgate(words: readonly string[], options: TerminalOptions = {}): Promise<Ended> {
  const stream = (isTTY: boolean) => Object.assign(new PassThrough({ highWaterMark: 2 ** 30 }), isTTY ? { isTTY, columns: 60 } : {})
  const io = { stdin: stream(false), stdout: stream(options.tty === true), stderr: stream(options.tty === true) }
  io.stdin.end(options.stdin ?? '')
  const code = await run(words, io)
  const text = (output: PassThrough) => (output.read() as Buffer | null)?.toString() ?? ''
  return { code, out: text(io.stdout), err: text(io.stderr) }
}

export interface Asked {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
}

/** Status, body and headers; a text is sent as it is, everything else as JSON. */
export type Reply = readonly [status: number, body?: unknown, headers?: Record<string, string>]

export interface Standin {
  /** `--socket PATH`, or `--url URL` for a TCP one. */
  readonly at: readonly string[]
  readonly asked: Asked[]
}

/** A daemon that answers `METHOD /path?query` from a table, or by a function. What is not in it is 404. */
export async function standin(t: Test, replies: Record<string, Reply> | ((asked: Asked) => Reply), tcp = false): Promise<Standin> {
  const directory = mkdtempSync(join(tmpdir(), 'drawgate-cli-'))
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part
    })
    request.on('end', () => {
      const question = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body }
      asked.push(question)
      const [status, value, headers = {}] =
        typeof replies === 'function' ? replies(question) : (replies[`${question.method} ${question.url}`] ?? missing)
      const type = status >= 400 ? 'application/problem+json' : 'application/json'
      response.writeHead(status, { 'content-type': type, ...headers })
      response.end(value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value))
    })
  })
  const path = join(directory, 'api.sock')
  await new Promise<void>(resolve => (tcp ? server.listen(0, '127.0.0.1', resolve) : server.listen(path, resolve)))
  t.teardown(() => {
    server.close()
    rmSync(directory, { recursive: true })
  })
  const address = server.address()
  const at = typeof address === 'object' && address !== null ? ['--url', `http://127.0.0.1:${address.port}`] : ['--socket', path]
  return { at, asked }
}

export const missing: Reply = [
  404,
  { title: 'Not found', status: 404, code: 'not_found', detail: 'it does not exist', errors: [], errorCount: 0 },
]
