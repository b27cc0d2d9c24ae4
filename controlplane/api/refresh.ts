/** POST /v1/sets/{name}/refresh: a list is asked for now, and not when its time comes. */
import { Type } from 'typebox'
import { RequestError } from '../errors.ts'
import { names, object } from '../policy/schema.ts'
import { answers } from './answers.ts'
import type { App, Context } from './context.ts'
import { reference } from './schemas.ts'

export function refresh(app: App, { gate, lists }: Context): void {
  app.post(
    '/v1/sets/:name/refresh',
    {
      schema: {
        operationId: 'refreshSet',
        tags: ['sets'],
        summary: 'Fetch the list of a set now',
        params: object({ name: Type.String({ pattern: names.object, description: 'Name of the set' }) }),
        querystring: object({
          force: Type.Optional(
            Type.Boolean({ description: 'Takes the list also where it is empty, or shrank or grew suspiciously; for admins' }),
          ),
        }),
        response: answers(
          {
            200: object(
              {
                outcome: Type.Enum(['changed', 'unchanged', 'kept'], {
                  description: 'kept: the list was not taken, `source.error` says why, and the set has what it had',
                  examples: ['changed'],
                }),
                revision: Type.Integer({ description: 'Revision in force', examples: [42] }),
                source: reference('ListStatus'),
              },
              { description: 'What came of it' },
            ),
          },
          [404, 409],
        ),
      },
    },
    async (request, reply) => {
      const { actor } = request
      const { name } = request.params
      const { force } = request.query
      if (actor === null) throw new RequestError('unauthenticated', 'a refresh needs a credential')
      if (force && actor.role !== 'admin') throw new RequestError('forbidden', `${actor.who} is ${actor.role}, and force needs admin`)
      if (!Object.hasOwn(gate.document.sets ?? {}, name)) throw new RequestError('not_found', `sets/${name} does not exist`)
      const cause = `POST /v1/sets/${name}/refresh${force ? '?force=true' : ''}`
      const outcome = await lists.refresh(name, { actor, cause, ...(force === undefined ? {} : { force }) })
      request.changedNothing = outcome === 'unchanged'
      reply.header('drawgate-revision', gate.revision)
      return { outcome, revision: gate.revision, source: lists.status(name) ?? { failures: 0 } }
    },
  )
}
