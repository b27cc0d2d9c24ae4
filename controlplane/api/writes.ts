/** What every write has in common: its query parameters, and its answer. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { RequestError } from '../errors.ts'
import type { DryRun, WriteOptions, Written } from '../gate/gate.ts'
import type { Resource } from '../gate/resources.ts'
import { intervalSchema, object } from '../policy/schema.ts'
import { parseInterval } from '../policy/time.ts'
import { conditionsOf, etagOf } from './conditions.ts'
import { reference } from './schemas.ts'

const dryRun = Type.Optional(Type.Boolean({ description: 'Checks and compiles, tells what would change, and changes nothing' }))
const force = Type.Optional(Type.Boolean({ description: 'Stores what `management_cut_off` would refuse; for admins' }))
const confirmWithin = Type.Optional(
  intervalSchema('Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202', '60s'),
)

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
  const confirmWithinS = confirmWithin === undefined ? undefined : parseInterval(confirmWithin)
  if (confirmWithinS !== undefined && (confirmWithinS < 5 || confirmWithinS > 3600))
    throw new RequestError('malformed', `confirmWithin in the query: ${confirmWithin} is not from 5s to 1h`, { hint: 'such as 60s' })
  if (force && actor.role !== 'admin') throw new RequestError('forbidden', `${actor.who} is ${actor.role}, and force needs admin`)
  const [path = ''] = request.url.split('?')
  return {
    actor,
    target,
    cause: `${request.method} ${path}${force ? '?force=true' : ''}`,
    ...conditionsOf(request),
    ...(dryRun === undefined ? {} : { dryRun }),
    ...(force === undefined ? {} : { force }),
    ...(confirmWithinS === undefined ? {} : { confirmWithinS }),
  }
}

/** Answers `{revision, previousRevision, warnings, value}`, or what a dry run found. */
export function sendWritten(reply: FastifyReply, result: Written | DryRun, value: (written: Written) => unknown): FastifyReply {
  if ('baseRevision' in result) return reply.send(result)
  const { revision, previousRevision, warnings, created, etag } = result
  reply.request.changedNothing = revision === previousRevision
  if (etag !== undefined) reply.header('etag', etagOf(etag))
  reply.header('drawgate-revision', revision)
  const { deadline } = result
  if (deadline !== undefined) return sendPending(reply, result, deadline, value(result))
  return reply.code(created ? 201 : 200).send({ revision, previousRevision, warnings, value: value(result) })
}

function sendPending(
  reply: FastifyReply,
  { revision, previousRevision, warnings }: Written,
  deadline: number,
  value?: unknown,
): FastifyReply {
  const body = { revision, deadline: new Date(deadline).toISOString(), previousRevision, warnings }
  return reply.code(202).send(value === undefined ? body : { ...body, value })
}

/** 204, as nothing is left to be shown. */
export function sendDeleted(reply: FastifyReply, result: Written | DryRun): FastifyReply {
  if ('baseRevision' in result) return reply.send(result)
  if (result.deadline !== undefined) return sendPending(reply.header('drawgate-revision', result.revision), result, result.deadline)
  return reply.code(204).header('drawgate-revision', result.revision).send()
}

/** The schema of a write's answer; a dry run has its own. */
export function writtenSchema(value: TSchema, description: string) {
  const written = object({
    revision: Type.Integer({ description: 'In force when the answer is sent', examples: [42] }),
    previousRevision: Type.Integer({ description: 'That was in force before', examples: [41] }),
    warnings: Type.Array(reference('Warning')),
    value,
  })
  return Type.Union([written, reference('DryRun')], { description })
}

/** The schema of the answer to a write with `confirmWithin`. */
export function pendingSchema(value?: TSchema) {
  return object(
    {
      revision: Type.Integer({ description: 'In force, and what `POST /v1/policy/confirm` takes', examples: [42] }),
      deadline: Type.String({
        format: 'date-time',
        description: 'When it is rolled back, unless it is confirmed',
        examples: ['2030-01-01T00:01:00Z'],
      }),
      previousRevision: Type.Integer({ description: 'Whose policy comes back', examples: [41] }),
      warnings: Type.Array(reference('Warning')),
      ...(value === undefined ? {} : { value }),
    },
    { description: 'In force, and waiting for its confirmation' },
  )
}
