/** The API of a gate with its types: `import { drawgate } from 'drawgate'`. Over the unix socket, or over TCP with a token. */
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { Readable } from 'node:stream'
import createClient, { type Client } from 'openapi-fetch'
import type { paths } from './schema.ts'

export type { components, operations, paths } from './schema.ts'

export type Target = { readonly socketPath: string } | { readonly url: URL | string; readonly token?: string | undefined }
export type Drawgate = Client<paths>

/** Milliseconds without a byte. A write answers when the kernel enforces it, which takes seconds for millions of entries, never minutes. */
const silenceMs = 120_000

/** `const { data, error } = await drawgate({ socketPath: '/run/drawgate/api.sock' }).GET('/v1/policy')` */
export function drawgate(target: Target): Drawgate {
  const baseUrl = 'socketPath' in target ? 'http://localhost' : String(target.url).replace(/\/$/, '')
  return createClient<paths>({
    baseUrl,
    fetch: request => send(target, request),
    // A list is sent as one parameter for each item.
    querySerializer: { array: { style: 'form', explode: true } },
  })
}

/** As fetch does, which knows no unix sockets. What it rejects with is node's own error, which says why. */
async function send(target: Target, request: Request): Promise<Response> {
  const { pathname, search, protocol, hostname, port } = new URL(request.url)
  const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
  const where = 'socketPath' in target ? { socketPath: target.socketPath } : { hostname: hostname.replace(/^\[|\]$/g, ''), port }
  const token = 'token' in target ? target.token : undefined
  const headers = {
    ...Object.fromEntries(request.headers),
    ...('socketPath' in target ? { host: 'localhost' } : {}),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-length': body.length }),
  }
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const open = protocol === 'https:' ? requestHttps : requestHttp
    const sent = open({ ...where, method: request.method, path: pathname + search, headers, signal: request.signal })
    sent.setTimeout(silenceMs, () => sent.destroy(new Error(`no answer within ${silenceMs / 1000} s`)))
    sent.on('response', resolve).on('error', reject).end(body)
  })
  const status = message.statusCode ?? 0
  const isEmpty = status === 204 || status === 304
  if (isEmpty) message.resume()
  const pairs = Object.entries(message.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  return new Response(isEmpty ? null : (Readable.toWeb(message) as ReadableStream), { status, headers: pairs })
}
