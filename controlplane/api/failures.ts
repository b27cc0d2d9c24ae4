/** Whatever goes wrong with a request becomes application/problem+json: our own refusals, Fastify's, and what nobody thought of. */
import type { Duplex } from 'node:stream'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCode, problemBody, RequestError } from '../errors.ts'
import { StoreError } from '../store/store.ts'
import type { App } from './context.ts'

const problemType = 'application/problem+json; charset=utf-8'

const codes: Record<number, ErrorCode> = {
  404: 'not_found',
  413: 'too_large',
  414: 'malformed',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  431: 'malformed',
}

export function tellFailures(app: App): void {
  app.setErrorHandler((error: FastifyError, request, reply) => sendFailure(error, request, reply))
  // Methods that exist at a path, learnt as routes are added, so that a 405 can name them.
  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set<string>()
    for (const one of [method].flat()) known.add(one)
    methods.set(url, known)
  })
  const refuseUnknown = (request: FastifyRequest) => {
    const [path = ''] = request.url.split('?')
    const known = [...methods].find(([url]) => patternOf(url).test(path))?.[1]
    if (known === undefined || known.has(request.method)) throw new RequestError('not_found', `there is no ${path}`)
    const allow = [...known].sort().join(', ')
    throw new RequestError('method_not_allowed', `${path} takes ${allow}`, { headers: { allow } })
  }
  // Behind authentication and in front of the body, whose type nobody knows here.
  app.addHook('onRequest', async request => {
    if (request.is404) refuseUnknown(request)
  })
  app.setNotFoundHandler(refuseUnknown)
}

function patternOf(url: string): RegExp {
  return new RegExp(
    `^${url
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/:[a-z]+/g, '[^/]+')}$`,
  )
}

export function sendFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = refusalOf(error, request)
  request.refusedWith = refusal.code
  return reply.code(refusal.status).headers(refusal.headers).type(problemType).send(problemBody(refusal))
}

function refusalOf(error: unknown, request: FastifyRequest): RequestError {
  if (error instanceof RequestError) return error
  if (error instanceof StoreError) {
    request.log.error(error)
    return new RequestError(error.full ? 'store_full' : 'unavailable', error.message)
  }
  const { statusCode: status = 500, message } = error as FastifyError
  if (status >= 400 && status < 500) return new RequestError(codes[status] ?? 'malformed', message)
  request.log.error(error, 'request failed')
  return new RequestError('unavailable', `the daemon failed at request ${request.id}; its log has the cause`)
}

/** For what never becomes a request: bytes that are not HTTP, headers without end. */
export function answerGarbage(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const timeout = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
  const detail = timeout
    ? 'the request took too long to arrive'
    : error.code === 'HPE_HEADER_OVERFLOW'
      ? 'the headers are too long'
      : `not HTTP: ${error.message}`
  const body = JSON.stringify(problemBody(new RequestError('malformed', detail)))
  const head = [
    'HTTP/1.1 400 Bad Request',
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
