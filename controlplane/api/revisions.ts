/** /v1/policy/revisions and /v1/policy/diff: what the policy was, who changed it, and the way back. */
import { Type } from 'typebox'
import { RequestError } from '../errors.ts'
import { difference } from '../policy/difference.ts'
import { type PolicyDocument, policySchema } from '../policy/document.ts'
import { object } from '../policy/schema.ts'
import type { RevisionRecord, Store } from '../store/store.ts'
import { answers, page } from './answers.ts'
import type { App, Context } from './context.ts'
import { cursorField, numberOfCursor, toCursor } from './lists.ts'
import { reference } from './schemas.ts'
import { pendingSchema, policyWriteQuery, sendWritten, writeOptions, writtenSchema } from './writes.ts'

const tags = ['policy']
const value = reference('Policy', policySchema)
const number = (description: string) => Type.Integer({ minimum: 1, description, examples: [42] })
const params = object({ revision: number('A revision') })

export function revisions(app: App, { gate, store }: Context): void {
  app.get(
    '/v1/policy/revisions',
    {
      schema: {
        operationId: 'listRevisions',
        tags,
        summary: 'List the revisions that are kept, the newest first',
        querystring: object({
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Items of a page (default: 100)', examples: [100] })),
          cursor: cursorField,
        }),
        response: answers({ 200: page(reference('Revision'), 'A page of revisions') }),
      },
    },
    async ({ query: { limit = 100, cursor } }) => {
      const found = store.revisions(limit + 1, cursor === undefined ? undefined : numberOfCursor(cursor))
      const items = found.slice(0, limit)
      const last = items.at(-1)
      return { items: items.map(shown), nextCursor: last && found.length > limit ? toCursor(String(last.revision)) : null }
    },
  )

  app.get(
    '/v1/policy/revisions/:revision',
    {
      schema: {
        operationId: 'getRevision',
        tags,
        summary: 'Read the policy as it was at a revision',
        params,
        querystring: object({}),
        response: answers({ 200: reference('RevisionWithPolicy') }, [404, 410]),
      },
    },
    async ({ params: { revision } }) => {
      const { record, document } = revisionAt(store, revision)
      return { ...shown(record), value: document }
    },
  )

  app.get(
    '/v1/policy/diff',
    {
      schema: {
        operationId: 'diffRevisions',
        tags,
        summary: 'Read what changed from one revision to another',
        querystring: object({
          from: Type.Optional(number('The earlier revision (default: the one before `to`)')),
          to: Type.Optional(number('The later revision (default: the newest)')),
        }),
        response: answers({ 200: reference('RevisionDiff') }, [404, 410]),
      },
    },
    async ({ query }) => {
      const to = query.to ?? gate.revision
      const from = query.from ?? store.revisions(1, to)[0]?.revision ?? to
      return { from, to, changes: difference(revisionAt(store, from).document, revisionAt(store, to).document) }
    },
  )

  app.post(
    '/v1/policy/revisions/:revision/restore',
    {
      schema: {
        operationId: 'restoreRevision',
        tags,
        summary: 'Bring the policy of a revision into force again, as a new revision; entries of sets stay as they are',
        params,
        querystring: policyWriteQuery,
        response: answers({ 200: writtenSchema(value, 'Restored, or the dry run'), 202: pendingSchema(value) }, [404, 409, 410, 412]),
      },
    },
    async (request, reply) => {
      const { document } = revisionAt(store, request.params.revision)
      const written = await gate.change(() => document, writeOptions(request, ['policy', '']))
      return sendWritten(reply, written, ({ document }) => document)
    },
  )
}

function shown({ revision, at, who, origin, cause }: RevisionRecord) {
  return { revision, at: new Date(at).toISOString(), who, ...(origin === null ? {} : { origin }), cause }
}

/** @throws RequestError where there is none, or none any more. */
function revisionAt(store: Store, revision: number): { record: RevisionRecord; document: PolicyDocument } {
  const expired = store.expiredUpTo
  if (revision <= expired)
    throw new RequestError('revision_expired', `revision ${revision} is not kept any more: the oldest is ${Math.max(expired + 1, 1)}`)
  const [record] = store.revisions(1, revision + 1)
  const document = record?.revision === revision ? store.documentAt(revision) : undefined
  if (record !== undefined && record.revision < revision && revision < store.revision)
    throw new RequestError('revision_expired', `revision ${revision} is not kept: what was declared then is revision ${record.revision}`)
  if (record === undefined || document === undefined) throw new RequestError('not_found', `there is no revision ${revision}`)
  return { record, document }
}
