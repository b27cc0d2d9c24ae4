/** One check of one backend, by type: resolves when the backend is well, rejects with the reason when it is not. */

import { request } from 'node:http'
import { type ClientHttp2Session, connect as connectHttp2, constants } from 'node:http2'
import type { Socket } from 'node:net'
import { type Call, dial, dialTls } from './dial.ts'
import { healthAnswer, healthRequest } from './grpc.ts'
import type { Passage } from './passage.ts'
import type { CheckSettings } from './settings.ts'

export async function check(settings: CheckSettings, passage?: Passage): Promise<void> {
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(new Error(`no answer within ${settings.timeoutMs} ms`)), settings.timeoutMs)
  try {
    await checks[settings.type]({ settings, passage, signal: timeout.signal })
  } finally {
    clearTimeout(timer)
  }
}

const checks: Readonly<Record<CheckSettings['type'], (call: Call) => Promise<void>>> = {
  tcp: async call => reset(await dial(call)),
  http: async call => ask(call, await dial(call)),
  https: async call => ask(call, await dialTls(call, ['http/1.1'])),
  grpc: async call => askGrpc(call, await (call.settings.tls === undefined ? dial(call) : dialTls(call, ['h2']))),
}

/** Leaves nothing behind at the other end, nor a port in TIME_WAIT at ours. */
function reset(socket: Socket): void {
  if (socket.resetAndDestroy) socket.resetAndDestroy()
  else socket.destroy()
}

function ask({ settings, signal }: Call, socket: Socket): Promise<void> {
  const { path, host, expectStatus } = settings
  return new Promise<void>((resolve, reject) => {
    // A socket that is already secure takes plain HTTP.
    const sent = request({
      createConnection: () => socket,
      path,
      headers: { host, 'user-agent': 'drawgate', connection: 'close' },
    })
    sent.on('error', error => reject(signal.aborted ? (signal.reason as Error) : error))
    sent.on('response', ({ statusCode = 0 }) => {
      const isExpected = statusCode >= expectStatus.first && statusCode <= expectStatus.last
      if (isExpected) resolve()
      else reject(new Error(`status ${statusCode}, not ${expectStatus.first} to ${expectStatus.last}`))
      socket.destroy()
    })
    sent.end()
  })
}

function askGrpc({ settings: { service, host, tls }, signal }: Call, socket: Socket): Promise<void> {
  let session: ClientHttp2Session | undefined
  const asked = new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => reject(signal.aborted ? (signal.reason as Error) : error)
    session = connectHttp2(`${tls === undefined ? 'http' : 'https'}://${host}`, { createConnection: () => socket })
    session.on('error', fail)
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    const parts: Buffer[] = []
    let status: unknown
    const noteStatus = (headers: Record<string, unknown>) => {
      status = headers['grpc-status'] ?? status
    }
    stream.on('response', noteStatus).on('trailers', noteStatus).on('error', fail)
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.on('end', () => {
      if (status !== undefined && status !== '0') return reject(new Error(`gRPC status ${String(status)}`))
      const answer = healthAnswer(Buffer.concat(parts))
      if (answer === 'SERVING') resolve()
      else reject(new Error(`${service === '' ? 'the server' : service} is ${answer}`))
    })
    stream.end(healthRequest(service))
    socket.on('close', () => reject(signal.aborted ? (signal.reason as Error) : new Error('the connection was closed')))
  })
  return asked.finally(() => {
    session?.destroy()
    socket.destroy()
  })
}
