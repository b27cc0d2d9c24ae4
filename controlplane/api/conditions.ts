/** Preconditions and revisions in headers: ETag, If-Match, If-None-Match and Drawgate-Revision. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { RequestError } from '../errors.ts'
import type { WriteOptions } from '../gate/gate.ts'

/** Strong: equal revisions, equal declared values. */
export function etagOf(revision: number): string {
  return `"${revision}"`
}

/** @throws RequestError when a header is not what RFC 9110 says. */
export function conditionsOf(request: FastifyRequest): Pick<WriteOptions, 'ifMatch' | 'createOnly'> {
  const ifMatch = tagsOf('If-Match', request.headers['if-match'])
  const ifNoneMatch = tagsOf('If-None-Match', request.headers['if-none-match'])
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw new RequestError('malformed', 'If-None-Match takes only * in a write')
  return { ...(ifMatch === undefined ? {} : { ifMatch }), ...(ifNoneMatch === undefined ? {} : { createOnly: true }) }
}

/** Sends the value with its ETag, or 304 where the client has it. */
export function sendTagged(request: FastifyRequest, reply: FastifyReply, revision: number, value: unknown): FastifyReply {
  reply.header('etag', etagOf(revision))
  const known = tagsOf('If-None-Match', request.headers['if-none-match'])
  return known === '*' || known?.includes(String(revision)) ? reply.code(304).send() : reply.send(value)
}

/** Weak tags never match: a declared value is equal or it is not. */
function tagsOf(name: string, header: string | undefined): string[] | '*' | undefined {
  if (header === undefined || header.trim() === '*') return header?.trim() as '*' | undefined
  const tags = header.split(',').map(tag => tag.trim())
  if (tags.some(tag => !/^(W\/)?"[\x21\x23-\x7e]*"$/.test(tag))) {
    throw new RequestError('malformed', `${name}: ${header} is not a list of ETags`, { hint: 'an ETag stands in double quotes: "42"' })
  }
  return tags.filter(tag => !tag.startsWith('W/')).map(tag => tag.slice(1, -1))
}
