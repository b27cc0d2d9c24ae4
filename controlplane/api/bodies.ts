/** Bodies: which types a route takes, and text made into values with the strictness of json.ts and yaml.ts. */
import type { FastifyRequest } from 'fastify'
import { RequestError, refuse } from '../errors.ts'
import { type Parsed, parseJson } from '../format/json.ts'
import { parseYaml } from '../format/yaml.ts'
import type { App } from './context.ts'

export const json = 'application/json'
export const mergePatchJson = 'application/merge-patch+json'
export const yaml = 'application/yaml'
export const plainText = 'text/plain'

const mebibyte = 1024 * 1024
/** Bytes of a body, by the first path that fits; entries as text and as a list have a limit of their own. */
const bodyLimits: readonly (readonly [RegExp, number])[] = [
  [/^\/v1\/(policy|sets\/:name\/entries)$/, 64 * mebibyte],
  [/^\/v1\/[a-z]+\/:name$/, 8 * mebibyte],
  [/^/, mebibyte],
]

const utf8 = new TextDecoder('utf-8', { fatal: true })

export function readBodies(app: App): void {
  app.removeAllContentTypeParsers()
  app.addHook('onRoute', route => {
    route.bodyLimit = bodyLimits.find(([url]) => url.test(route.url))?.[1] ?? mebibyte
  })
  for (const type of [json, mergePatchJson])
    app.addContentTypeParser(type, { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) => read(body, parseJson))
  app.addContentTypeParser(yaml, { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) => read(body, parseYaml))
  app.addContentTypeParser(plainText, (_request, payload, done) => done(null, payload))
  app.addHook('preParsing', async request => {
    checkType(request)
    checkEncoding(request)
  })
}

function checkType(request: FastifyRequest): void {
  const sent = request.headers['content-type']
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  if (!hasBody && sent === undefined) return
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'DELETE') return
  const taken = request.routeOptions.config.bodyTypes ?? [json]
  const [type = '', ...parameters] = (sent ?? '')
    .toLowerCase()
    .split(';')
    .map(part => part.trim())
  const charset = parameters.find(parameter => parameter.startsWith('charset='))
  if (taken.includes(type) && (charset === undefined || /^charset="?utf-?8"?$/.test(charset))) return
  throw new RequestError(
    'unsupported_media_type',
    `${sent ?? 'a body without Content-Type'} is not taken here; this route takes ${taken.join(', ')} in UTF-8`,
    {
      headers: request.method === 'PATCH' ? { 'accept-patch': taken.join(', ') } : {},
    },
  )
}

/** A compressed body would be taken for its text, and could be larger than it looks. */
function checkEncoding(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding']
  if (encoding === undefined || encoding.trim().toLowerCase() === 'identity') return
  throw new RequestError('unsupported_media_type', `Content-Encoding ${encoding} is not taken`, { hint: 'send the body as it is' })
}

function read(body: Buffer, parse: (text: string) => Parsed): unknown {
  let text: string
  try {
    text = utf8.decode(body)
  } catch {
    throw new RequestError('malformed', 'the body is not UTF-8')
  }
  const parsed = parse(text)
  if ('faults' in parsed) throw refuse(parsed.faults)
  return parsed.value
}
