/** /v1/policy/confirm: what waits for its confirmation, and the word that lets it stay or go. */
import { Type } from 'typebox'
import { RequestError } from '../errors.ts'
import type { Actor } from '../gate/gate.ts'
import { object } from '../policy/schema.ts'
import { answers } from './answers.ts'
import type { App, Context } from './context.ts'
import { reference } from './schemas.ts'

const path = '/v1/policy/confirm'
const tags = ['policy']
const revisionField = Type.Integer({ minimum: 1, description: 'The revision that waits, as the write has answered it', examples: [42] })
const confirmedSchema = object({ revision: revisionField }, { description: 'What stays' })
const rolledBackSchema = object(
  { revision: Type.Integer({ description: 'Now in force: the policy that was there before', examples: [43] }) },
  { description: 'What is in force again' },
)

export function confirm(app: App, { gate }: Context): void {
  app.get(
    path,
    {
      schema: {
        operationId: 'getConfirm',
        tags,
        summary: 'Read what waits for its confirmation',
        querystring: object({}),
        response: answers({
          200: object(
            { pending: Type.Union([reference('PendingConfirm'), Type.Null()], { description: 'What waits; null: nothing' }) },
            { description: 'What waits for its confirmation' },
          ),
        }),
      },
    },
    async () => ({ pending: shownPending(gate) }),
  )

  app.post(
    path,
    {
      schema: {
        operationId: 'confirm',
        tags,
        summary: 'Keep what waits for its confirmation; over TCP on a connection that is newer than the change',
        querystring: object({}),
        body: object({ revision: revisionField }, { description: 'What is to stay' }),
        response: answers({ 200: confirmedSchema }, [409]),
      },
    },
    async (request, reply) => {
      const { revision } = request.body
      await gate.confirm(revision, actorOf(request.actor))
      reply.header('drawgate-revision', gate.revision)
      return { revision }
    },
  )

  app.delete(
    path,
    {
      schema: {
        operationId: 'rollBack',
        tags,
        summary: 'Roll back what waits for its confirmation, now',
        querystring: object({}),
        response: answers({ 200: rolledBackSchema }, [409]),
      },
    },
    async (request, reply) => {
      const revision = await gate.rollBack(actorOf(request.actor))
      reply.header('drawgate-revision', revision)
      return { revision }
    },
  )
}

export function shownPending({ pending }: Context['gate']) {
  return pending ? { ...pending, deadline: new Date(pending.deadline).toISOString() } : null
}

function actorOf(actor: Actor | null): Actor {
  if (actor === null) throw new RequestError('unauthenticated', 'a confirmation needs a credential')
  return actor
}
