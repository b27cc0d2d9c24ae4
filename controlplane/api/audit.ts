/** /v1/audit: every attempt to change something. What was done is written down with the change itself, the rest here. */
import { Type } from 'typebox'
import { object } from '../policy/schema.ts'
import type { AuditEntry } from '../store/store.ts'
import { originOf } from './access.ts'
import { answers, page } from './answers.ts'
import type { App, Context } from './context.ts'
import { cursorField, numberOfCursor, toCursor } from './lists.ts'
import { reference } from './schemas.ts'

const longestAction = 200

export function audit(app: App, { store }: Context): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, refusedWith, changedNothing } = request
    const isRead = method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || routeOptions.config.changesNothing
    const { dryRun } = (request.query ?? {}) as { dryRun?: unknown }
    if (isRead || dryRun === true || dryRun === 'true' || (refusedWith === null && !changedNothing)) return
    const [path = ''] = request.url.split('?')
    const record = {
      who: request.actor?.who ?? 'nobody',
      origin: request.actor?.origin ?? originOf(request),
      action: `${method} ${path}`.slice(0, longestAction),
      ...(refusedWith === null ? { detail: 'nothing changed' } : { refused: refusedWith, detail: String(reply.statusCode) }),
    }
    try {
      store.audit(record)
    } catch (error) {
      request.log.error(error, 'an attempt is missing from the audit log')
    }
  })

  app.get(
    '/v1/audit',
    {
      schema: {
        operationId: 'listAudit',
        tags: ['host'],
        summary: 'List every attempt to change something, the newest first',
        querystring: object({
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Items of a page (default: 100)', examples: [100] })),
          cursor: cursorField,
        }),
        response: answers({ 200: page(reference('AuditEntry'), 'A page of attempts') }),
      },
    },
    async ({ query: { limit = 100, cursor } }) => {
      const found = store.auditLog(limit + 1, cursor === undefined ? undefined : numberOfCursor(cursor))
      const items = found.slice(0, limit)
      const last = items.at(-1)
      return { items: items.map(shown), nextCursor: last && found.length > limit ? toCursor(String(last.id)) : null }
    },
  )
}

function shown({ id, at, refused, ...rest }: AuditEntry) {
  return { id, at: new Date(at).toISOString(), ...rest, outcome: refused ?? 'done' }
}
