/** /v1/sets/{name}/entries: the prefixes of a set, by the page, by the line, and one by one. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { RequestError } from '../errors.ts'
import { type EntryRequest, emptying } from '../gate/entries.ts'
import type { DryRun, Gate, Written } from '../gate/gate.ts'
import { entrySchema } from '../policy/document.ts'
import { draftCount, newDraft } from '../policy/entry-draft.ts'
import { entriesAround, pageOfEntries } from '../policy/entry-set.ts'
import { isFailure, type Prefix, parsePrefix, prefixKey } from '../policy/prefix.ts'
import { names, object } from '../policy/schema.ts'
import { answers, noContent, ok, page } from './answers.ts'
import { json, plainText } from './bodies.ts'
import { etagOf, sendTagged } from './conditions.ts'
import type { App, Context } from './context.ts'
import { readBody } from './entry-body.ts'
import { type EntryList, jsonReader } from './entry-json.ts'
import { lineReader } from './entry-lines.ts'
import { cursorField, fromCursor, toCursor } from './lists.ts'
import { reference } from './schemas.ts'
import { entryValue } from './sets.ts'
import { streamFormat } from './validation.ts'
import { entryWriteFields, sendDeleted, writeOptions } from './writes.ts'

const params = object({ name: Type.String({ pattern: names.object, description: 'Name of the set' }) })
const tags = ['sets']
const config = { access: 'set writer' } as const

const query = object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'Entries of a page (default: 1000)' })),
  cursor: cursorField,
  contains: Type.Optional(Type.String({ description: 'Only entries that contain this address or prefix', examples: ['192.0.2.7'] })),
})
const storedEntry = object(
  {
    prefix: Type.String({ examples: ['192.0.2.0/24'] }),
    expiresAt: Type.Optional(Type.String({ format: 'date-time', description: 'When the entry is gone' })),
    comment: Type.Optional(Type.String()),
    addedAt: Type.String({ format: 'date-time' }),
  },
  { description: 'An entry as it is kept' },
)
const allowEmpty = Type.Optional(Type.Boolean({ description: 'Lets a body without a single prefix empty the set' }))
const patchSchema = object(
  {
    add: Type.Optional(Type.Array(reference('Entry', entrySchema))),
    remove: Type.Optional(Type.Array(reference('PlainEntry'))),
  },
  { minProperties: 1, format: streamFormat, description: 'Entries to remove, and then to add' },
)
const countsSchema = object({
  added: Type.Integer(),
  updated: Type.Integer({ description: 'Entries whose comment or end changed' }),
  removed: Type.Integer(),
  missing: Type.Integer({ description: 'Entries to remove that were not there' }),
  entryCount: Type.Integer({ description: 'Entries now' }),
  revision: Type.Integer(),
  previousRevision: Type.Integer(),
  warnings: Type.Array(reference('Warning')),
})
const written = { 200: Type.Union([countsSchema, reference('DryRun')], { description: 'What changed, or the dry run' }) }

export function entries(app: App, context: Context): void {
  readEntries(app, context)
  app.register(async writes => {
    writes.removeContentTypeParser(json)
    // Left as a stream, for the routes to read as it arrives.
    writes.addContentTypeParser(json, (_request, payload, done) => done(null, payload))
    writeEntries(writes as unknown as App, context)
  })
}

function readEntries(app: App, { gate }: Context): void {
  app.get(
    '/v1/sets/:name/entries',
    {
      schema: {
        operationId: 'listEntries',
        tags,
        summary: 'List the entries of a set',
        params,
        querystring: query,
        response: answers({ 200: page(storedEntry, 'A page of entries, by family and address') }, [404]),
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const { limit = 1000, cursor, contains } = request.query
      const revision = etagOfEntries(gate, name)
      const after = cursor === undefined ? undefined : entryCursor(cursor)
      const there = gate.registry.entriesOf(name)
      const found =
        contains === undefined
          ? pageOfEntries(there, limit + 1, after)
          : entriesAround(there, wantedPrefix(contains)).filter(({ prefix }) => after === undefined || prefixKey(prefix) > after)
      const items = found.slice(0, limit)
      const last = items.at(-1)
      const nextCursor = last !== undefined && found.length > limit ? toCursor(prefixKey(last.prefix)) : null
      return sendTagged(request, reply, revision, { items: items.map(entryValue), nextCursor })
    },
  )
}

function writeEntries(app: App, { gate }: Context): void {
  /** More would find no room, however often they repeat. */
  const maxEntries = () => 2 * (gate.capacity.prefixesIpv4 + gate.capacity.prefixesIpv6)

  app.put(
    '/v1/sets/:name/entries',
    {
      config: { ...config, bodyTypes: [json, plainText] },
      schema: {
        operationId: 'putEntries',
        tags,
        summary: 'Replace all entries of a set',
        params,
        querystring: object({ ...entryWriteFields, allowEmpty }),
        body: {
          content: {
            [json]: { schema: Type.Array(reference('Entry', entrySchema), { format: streamFormat }) },
            [plainText]: {
              schema: Type.String({
                format: streamFormat,
                description: 'One prefix a line; # begins a comment',
                examples: ['192.0.2.0/24\n2001:db8::/32 # by hand\n'],
              }),
            },
          },
        },
        response: answers(written, [404, 412]),
      },
    },
    async (request, reply) => {
      const { name } = request.params
      etagOfEntries(gate, name)
      const add = newDraft()
      const isText = request.headers['content-type']?.toLowerCase().startsWith(plainText)
      await readBody(request.body, isText ? lineReader(add) : jsonReader(new Map([['', { draft: add }]]), Date.now()), maxEntries())
      if (draftCount(add) === 0 && !request.query.allowEmpty) {
        throw new RequestError('empty_match', 'the body holds no prefix', { hint: 'add ?allowEmpty=true to empty the set' })
      }
      return sendCounts(reply, await change(gate, request, name, { replace: true, add, path: listPath(name) }))
    },
  )

  app.patch(
    '/v1/sets/:name/entries',
    {
      config,
      schema: {
        operationId: 'patchEntries',
        tags,
        summary: 'Add and remove entries',
        params,
        querystring: object(entryWriteFields),
        body: patchSchema,
        response: answers(written, [404, 412]),
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const [add, remove] = [newDraft(), newDraft()]
      const lists = new Map<string, EntryList>([
        ['add', { draft: add }],
        ['remove', { draft: remove, plain: true }],
      ])
      await readBody(request.body, jsonReader(lists, Date.now()), maxEntries())
      return sendCounts(reply, await change(gate, request, name, { add, remove, path: [...listPath(name), 'add'] }))
    },
  )

  app.delete(
    '/v1/sets/:name/entries',
    {
      config,
      schema: {
        operationId: 'deleteEntries',
        tags,
        summary: 'Empty a set',
        params,
        querystring: object(entryWriteFields),
        response: answers({ 200: ok(reference('DryRun'), 'The dry run'), 204: noContent }, [404, 412]),
      },
    },
    async (request, reply) => {
      const { name } = request.params
      return sendDeleted(reply, await change(gate, request, name, emptying(listPath(name))))
    },
  )
}

const listPath = (name: string) => ['sets', name, 'entries']

function change(gate: Gate, request: FastifyRequest, name: string, edit: EntryRequest) {
  return gate.changeEntries(name, edit, writeOptions(request, ['entries', name]))
}

function sendCounts(reply: FastifyReply, result: Written | DryRun): FastifyReply {
  if ('baseRevision' in result) return reply.send(result)
  const { revision, previousRevision, warnings, counts, etag } = result
  reply.request.changedNothing = revision === previousRevision
  if (etag !== undefined) reply.header('etag', etagOf(etag))
  return reply.header('drawgate-revision', revision).send({ ...counts, revision, previousRevision, warnings })
}

function etagOfEntries(gate: Gate, name: string): number {
  const revision = gate.registry.etagOf('entries', name)
  if (revision === undefined) throw new RequestError('not_found', `sets/${name} does not exist`)
  return revision
}

function wantedPrefix(text: string): Prefix {
  const wanted = parsePrefix(text)
  if (!isFailure(wanted)) return wanted
  throw new RequestError(wanted.problem.code, `contains in the query: ${wanted.problem.detail}`, { hint: wanted.problem.hint })
}

/** A cursor of another list would point anywhere. */
function entryCursor(cursor: string): string {
  const last = fromCursor(cursor)
  const fits = (last.length === 6 && last.charCodeAt(0) === 4) || (last.length === 18 && last.charCodeAt(0) === 6)
  if (fits) return last
  throw new RequestError('malformed', 'cursor in the query: not one of this list', { hint: 'send nextCursor of the page before as it is' })
}
