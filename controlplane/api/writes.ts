/** What every write has in common: its query parameters, and its answer. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { RequestError } from '../errors.ts'
import type { DryRun, WriteOptions, Written } from '../gate/gate.ts'
import type { Resource } from '../gate/resources.ts'
import { object } from '../policy/schema.ts'
import { conditionsOf, etagOf } from './conditions.ts'
import { reference } from './schemas.ts'

const dryRun = Type.Optional(Type.Boolean({ description: 'Checks and compiles, tells what would change, and changes nothing' }))
const force = Type.Optional(Type.Boolean({ description: 'Stores what `management_cut_off` would refuse; for admins' }))
const confirmWithin = Type.Optional(Type.String({ description: 'Not supported yet', examples: ['60s'] }))

export const entryWriteFields = { dryRun }
export const policyWriteFields = { dryRun, force, confirmWithin }
export const policyWriteQuery = object(policyWriteFields)

interface WriteQuery {
  dryRun?: boolean
  force?: boolean
  confirmWithin?: string
}

/** @throws RequestError for what this request may not ask for. */
export function writeOptions(request: FastifyRequest, target: Resource): WriteOptions {
  const { dryRun, force, confirmWithin } = request.query as WriteQuery
  const { actor } = request
  if (actor === null) throw new RequestError('unauthenticated', 'a write needs a credential')
  if (confirmWithin !== undefined)
    throw new RequestError('unsupported', 'confirmWithin in the query: this version does not roll back by itself')
  if (force && actor.role !== 'admin') throw new RequestError('forbidden', `${actor.who} is ${actor.role}, and force needs admin`)
  const [path = ''] = request.url.split('?')
  return {
    actor,
    target,
    cause: `${request.method} ${path}`,
    ...conditionsOf(request),
    ...(dryRun === undefined ? {} : { dryRun }),
    ...(force === undefined ? {} : { force }),
  }
}

/** Answers `{revision, previousRevision, warnings, value}`, or what a dry run found. */
export function sendWritten(reply: FastifyReply, result: Written | DryRun, value: (written: Written) => unknown): FastifyReply {
  if ('baseRevision' in result) return reply.send(result)
  const { revision, previousRevision, warnings, created, etag } = result
  if (etag !== undefined) reply.header('etag', etagOf(etag))
  return reply
    .code(created ? 201 : 200)
    .header('drawgate-revision', revision)
    .send({ revision, previousRevision, warnings, value: value(result) })
}

/** 204, as nothing is left to be shown. */
export function sendDeleted(reply: FastifyReply, result: Written | DryRun): FastifyReply {
  if ('baseRevision' in result) return reply.send(result)
  return reply.code(204).header('drawgate-revision', result.revision).send()
}

/** The schema of a write's answer; a dry run has its own. */
export function writtenSchema(value: TSchema, description: string) {
  const written = object({
    revision: Type.Integer({ description: 'In force when the answer is sent' }),
    previousRevision: Type.Integer({ description: 'That was in force before' }),
    warnings: Type.Array(reference('Warning')),
    value,
  })
  return Type.Union([written, reference('DryRun')], { description })
}
