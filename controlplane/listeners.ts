/** Where requests come in: the unix socket, and TCP with or without TLS. What is too slow is cut off, what has begun is finished. */
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerOptions } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import type { SecureContextOptions } from 'node:tls'
import { answerGarbage, slowBody } from './api/failures.ts'

export type Listener = Server | SecureServer

/** Milliseconds. */
export interface Patience {
  /** For the headers of a request, and for the handshake of a connection. */
  readonly headers: number
  /** Without a byte of a body that is not whole. */
  readonly silence: number
  /** For a request from its first byte to its last; bodies may be large. */
  readonly request: number
  /** For what is in hand when the daemon is stopped. */
  readonly stop: number
}

export const patience: Patience = { headers: 20_000, silence: 30_000, request: 300_000, stop: 30_000 }

/** Between two requests on one connection. */
const idleMs = 5000
/** Connections over TCP at a time; more are closed as they come. */
const maxConnections = 1024

/** Without TLS where there is none. */
export function makeServer(patience: Patience, tls?: SecureContextOptions): Listener {
  const options: ServerOptions = {
    headersTimeout: patience.headers,
    requestTimeout: patience.request,
    connectionsCheckingInterval: Math.min(5000, patience.headers),
  }
  const server =
    tls === undefined
      ? createServer(options)
      : createSecureServer({
          ...options,
          ...tls,
          handshakeTimeout: patience.headers,
          requestCert: tls.ca !== undefined,
          // Whose certificate is no good, or who has none, may have a token; who has neither reads why.
          rejectUnauthorized: false,
        })
  // A handshake that fails is no request, and nobody reads an answer.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return server.on('clientError', answerGarbage).on('request', request => expectBody(request, patience.silence))
}

/** A client that stops in the midst of its body would hold what it has sent for as long as it likes. */
function expectBody(request: IncomingMessage, silence: number): void {
  const { socket, headers } = request
  if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0) return
  // On the request, since Node hangs up without an answer where nobody listens there.
  request.setTimeout(silence, () => slowBody(socket))
  const over = () => socket.setTimeout(0)
  request.once('end', over).once('close', over)
}

/** @throws Error with what to type instead. */
export function parseListen(text: string, isSecure: boolean): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined || port === undefined || Number(port) > 65535)
    throw new Error(`--listen ${text} is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080`)
  if (!isSecure && !['localhost', '::1'].includes(host) && !/^127\./.test(host))
    throw new Error(
      `--listen ${text} is not on loopback, where tokens would pass in clear text: add --tls-cert FILE --tls-key FILE, or listen on 127.0.0.1`,
    )
  return { host, port: Number(port) }
}

export function hostName(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** Listens already, while requests still wait for `request` to be handled. Answers the port. */
export function bound(server: Listener, { host, port }: { host: string; port: number }): Promise<number> {
  server.maxConnections = maxConnections
  server.keepAliveTimeout = idleMs
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

/** Made with its mode from the first moment on. A file that nobody listens on is left from a crash. */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  if (existsSync(path)) {
    if (await answers(path)) throw new Error(`another daemon listens on ${path}`)
    rmSync(path)
  }
  const umask = process.umask(0o117)
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  } finally {
    process.umask(umask)
  }
  chmodSync(path, 0o660)
  const group = groupId('drawgate')
  if (group !== undefined) chownSync(path, process.getuid?.() ?? 0, group)
}

function answers(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    }).once('error', () => resolve(false))
  })
}

function groupId(name: string): number | undefined {
  const line = existsSync('/etc/group')
    ? readFileSync('/etc/group', 'utf8')
        .split('\n')
        .find(line => line.startsWith(`${name}:`))
    : undefined
  return line === undefined ? undefined : Number(line.split(':')[2])
}

/** Takes no more connections. Requests in hand are answered, within reason; idle connections are not waited for. */
export function closed(server: Listener, within: number): Promise<void> {
  if (!server.listening) return Promise.resolve()
  // Whoever got an answer asks no more on the same connection.
  server.keepAliveTimeout = 1
  return new Promise(resolve => {
    const impatient = setTimeout(() => server.closeAllConnections(), within)
    server.close(() => {
      clearTimeout(impatient)
      resolve()
    })
    server.closeIdleConnections()
  })
}
