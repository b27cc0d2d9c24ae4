/** /v1/sets/{name}/entries: the prefixes of a set, by the page, by the line, and one by one. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Fault, RequestError, refuse } from '../errors.ts'
import type { WantedEntry } from '../gate/entries.ts'
import type { DryRun, Gate, Written } from '../gate/gate.ts'
import { checkEntries } from '../policy/checkset.ts'
import { type Entry, entrySchema } from '../policy/document.ts'
import { isFailure, type Prefix, parsePrefix, prefixKey } from '../policy/prefix.ts'
import { newReport } from '../policy/report.ts'
import { names, object } from '../policy/schema.ts'
import type { PrefixKey } from '../policy/tables.ts'
import type { StoredEntry } from '../store/store.ts'
import { answers, noContent, ok, page } from './answers.ts'
import { json, plainText } from './bodies.ts'
import { etagOf, sendTagged } from './conditions.ts'
import type { App, Context } from './context.ts'
import { readPrefixLines } from './entry-lines.ts'
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
    comment: Type.Optional(Type.String()),
    addedAt: Type.String({ format: 'date-time' }),
  },
  { description: 'An entry as it is kept' },
)
const allowEmpty = Type.Optional(Type.Boolean({ description: 'Lets a text without a single prefix empty the set' }))
const patchSchema = object(
  {
    add: Type.Optional(Type.Array(reference('Entry', entrySchema))),
    remove: Type.Optional(Type.Array(Type.String({ examples: ['192.0.2.7'] }))),
  },
  { minProperties: 1, description: 'Entries to remove, and then to add' },
)
const countsSchema = object({
  added: Type.Integer(),
  updated: Type.Integer({ description: 'Entries whose comment changed' }),
  removed: Type.Integer(),
  missing: Type.Integer({ description: 'Entries to remove that were not there' }),
  entryCount: Type.Integer({ description: 'Entries now' }),
  revision: Type.Integer(),
  previousRevision: Type.Integer(),
  warnings: Type.Array(reference('Warning')),
})
const written = { 200: Type.Union([countsSchema, reference('DryRun')], { description: 'What changed, or the dry run' }) }

export function entries(app: App, { gate, store }: Context): void {
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
      const after = cursor === undefined ? '' : fromCursor(cursor)
      const found =
        contains === undefined
          ? store.entries(name, limit + 1, after)
          : covering(gate.registry.entriesOf(name), contains, after, prefixes => store.entriesAt(name, prefixes))
      const items = found.slice(0, limit)
      const last = items.at(-1)
      const nextCursor = last !== undefined && found.length > limit ? toCursor(last.prefix) : null
      return sendTagged(request, reply, revision, { items: items.map(entryValue), nextCursor })
    },
  )

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
            [json]: { schema: Type.Array(reference('Entry', entrySchema)) },
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
      const add = Array.isArray(request.body) ? readEntries(request.body as Entry[], []) : await readPrefixLines(request.body)
      if (add.length === 0 && !Array.isArray(request.body) && !request.query.allowEmpty) {
        throw new RequestError('empty_match', 'the text holds no prefix', { hint: 'add ?allowEmpty=true to empty the set' })
      }
      return sendCounts(reply, await change(gate, request, name, { replace: true, add }))
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
      const body = request.body as Static<typeof patchSchema>
      const faults: Fault[] = []
      const remove = (body.remove ?? []).flatMap((text, at) => keyOf(text, `/remove/${at}`, faults) ?? [])
      const add = readEntries(body.add ?? [], ['add'], faults)
      return sendCounts(reply, await change(gate, request, name, { add, remove }))
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
    async (request, reply) => sendDeleted(reply, await change(gate, request, request.params.name, { replace: true, add: [] })),
  )
}

function change(gate: Gate, request: FastifyRequest, name: string, edit: Parameters<Gate['changeEntries']>[1]) {
  return gate.changeEntries(name, edit, writeOptions(request, ['entries', name]))
}

function sendCounts(reply: FastifyReply, result: Written | DryRun): FastifyReply {
  if ('baseRevision' in result) return reply.send(result)
  const { revision, previousRevision, warnings, counts, etag } = result
  if (etag !== undefined) reply.header('etag', etagOf(etag))
  return reply.header('drawgate-revision', revision).send({ ...counts, revision, previousRevision, warnings })
}

function etagOfEntries(gate: Gate, name: string): number {
  const revision = gate.registry.etagOf('entries', name)
  if (revision === undefined) throw new RequestError('not_found', `sets/${name} does not exist`)
  return revision
}

/** @throws RequestError with every entry that cannot be taken, and with `faults` found before. */
function readEntries(list: readonly Entry[], path: readonly string[], faults: readonly Fault[] = []): WantedEntry[] {
  const report = newReport()
  const read = checkEntries(list, path, report)
  if (faults.length + report.problems.length > 0) throw refuse([...faults, ...report.problems])
  return read
}

function keyOf(text: string, where: string, faults: Fault[]): [PrefixKey] | undefined {
  const prefix = parsePrefix(text)
  if (!isFailure(prefix)) return [prefixKey(prefix)]
  faults.push({ pointer: where, ...prefix.problem })
  return undefined
}

/** Asks for each of the 33 or 129 prefixes that could contain it, so that the size of the set does not matter. */
function covering(
  there: ReadonlySet<PrefixKey>,
  text: string,
  after: PrefixKey,
  read: (prefixes: PrefixKey[]) => StoredEntry[],
): StoredEntry[] {
  const wanted = parsePrefix(text)
  if (isFailure(wanted))
    throw new RequestError(wanted.problem.code, `contains in the query: ${wanted.problem.detail}`, { hint: wanted.problem.hint })
  const candidates = Array.from({ length: wanted.length + 1 }, (_, length) => prefixKey(shortened(wanted, length)))
  return read(candidates.filter(key => there.has(key) && key > after).sort())
}

function shortened({ family, bytes }: Prefix, length: number): Prefix {
  const kept = bytes.map((byte, at) => byte & (0xff << Math.min(8, Math.max(0, 8 * (at + 1) - length))))
  return { family, bytes: kept, length }
}
