/** A server of lists over https, with a certificate of its own making, on an address of its own in a network of our own. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { enterNewNetwork } from '../../controlplane/native/namespace.ts'

export type Handler = (request: IncomingMessage, response: ServerResponse) => void
const address = '192.0.2.1'

/** Once for a test file, before anything asks. */
export function makeListNetwork(): void {
  enterNewNetwork()
  const ip = (words: string) => execFileSync('ip', words.split(' '))
  ip('link set lo up')
  ip(`address add ${address}/32 dev lo`)
}

export async function listServer(t: { teardown(work: () => unknown): void }, first: Handler) {
  const directory = mkdtempSync(join(tmpdir(), 'drawgate-lists-'))
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'ca.pem')]
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=lists'].concat([
      ...['-addext', `subjectAltName=IP:${address},IP:127.0.0.1`, '-keyout', key, '-out', certificate],
    ]),
    { stdio: 'ignore' },
  )
  const ca = readFileSync(certificate, 'utf8')
  let handler = first
  const asked: IncomingMessage[] = []
  const server = createServer({ key: readFileSync(key), cert: ca }, (request, response) => {
    asked.push(request)
    handler(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '0.0.0.0', resolve))
  t.teardown(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
    rmSync(directory, { recursive: true })
  })
  const { port } = server.address() as AddressInfo
  return {
    ca,
    caFile: certificate,
    port,
    url: `https://${address}:${port}/list.txt`,
    /** Requests so far. */
    asked,
    answer(next: Handler): void {
      handler = next
    },
  }
}

/** Answers the text, or 304 to who has it. */
export function textOf(text: string, etag = `"${text.length}"`): Handler {
  return (request, response) => {
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end()
    else response.writeHead(200, { 'content-type': 'text/plain', etag }).end(text)
  }
}
