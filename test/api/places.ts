/** Where a daemon of a test keeps what it has, and requests to it as a client sends them. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Agent } from 'node:http'
import { request as requestPlain } from 'node:http'
import { type RequestOptions, request } from 'node:https'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pino } from 'pino'
import { Dataplane } from '../../controlplane/dataplane/dataplane.ts'
import type { ServeOptions } from '../../controlplane/serve.ts'

export interface Answer {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly body: string
}

export function places(t: { teardown(work: () => unknown): void }): ServeOptions & { directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'drawgate-serve-'))
  const pinDir = join('/sys/fs/bpf', basename(directory))
  t.teardown(async () => {
    await Dataplane.detachAll(pinDir)
    rmSync(directory, { recursive: true, force: true })
  })
  return {
    directory,
    socket: join(directory, 'run/api.sock'),
    stateDir: join(directory, 'state'),
    pinDir,
    log: pino({ level: process.env.LOG ?? 'silent' }),
  }
}

export type Question = Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'maxVersion'> & {
  readonly headers?: Record<string, string>
  readonly agent?: Agent | false
  readonly body?: unknown
}

/** TLS where there is a `ca`. */
export function ask(
  target: { socketPath: string } | { port: number },
  method: string,
  path: string,
  { body, headers = {}, agent = false, ...tls }: Question = {},
): Promise<Answer> {
  const payload = body === undefined ? undefined : JSON.stringify(body)
  const length = payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }
  const options = { ...target, ...tls, host: '127.0.0.1', method, path, agent, headers: { ...length, ...headers } }
  return new Promise((resolve, reject) => {
    const asked = (tls.ca === undefined ? requestPlain : request)(options, answer => {
      let text = ''
      answer
        .setEncoding('utf8')
        .on('data', piece => {
          text += piece
        })
        .on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }))
    })
    asked.on('error', reject).end(payload)
  })
}

/** An authority that signs, made by openssl as people do. */
export class Authority {
  readonly directory: string
  readonly name: string

  constructor(directory: string, name: string) {
    this.directory = directory
    this.name = name
    const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=${name}`.split(' ')
    execFileSync('openssl', [...words, '-keyout', `${this.path}.key`, '-out', `${this.path}.pem`], { stdio: 'ignore' })
  }

  get path(): string {
    return join(this.directory, this.name)
  }

  /** Answers the paths of certificate and key. `days` below 0: it has ended. */
  sign(file: string, subject: string, names: string, { days = 30, usage = 'clientAuth' } = {}): { cert: string; key: string } {
    const at = join(this.directory, file)
    const made = `req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj ${subject}`.split(' ')
    execFileSync('openssl', [...made, '-keyout', `${at}.key`, '-out', `${at}.csr`], { stdio: 'ignore' })
    writeFileSync(`${at}.ext`, `extendedKeyUsage=${usage}${names === '' ? '' : `\nsubjectAltName=${names}`}\n`)
    const words = `x509 -req -in ${at}.csr -CA ${this.path}.pem -CAkey ${this.path}.key -out ${at}.pem -extfile ${at}.ext -days ${days}`
    execFileSync('openssl', words.split(' '), { stdio: 'pipe' })
    return { cert: `${at}.pem`, key: `${at}.key` }
  }
}
