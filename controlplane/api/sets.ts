/** /v1/sets: what a set is called and may hold. Its entries are in entries.ts. */
import { Type } from 'typebox'
import { RequestError } from '../errors.ts'
import type { Gate } from '../gate/gate.ts'
import { maxInlineEntries, type PolicyDocument } from '../policy/document.ts'
import { type EntrySet, entryCount, pageOfEntries, type SetEntry } from '../policy/entry-set.ts'
import { formatPrefix } from '../policy/prefix.ts'
import { names } from '../policy/schema.ts'
import { formatTime } from '../policy/time.ts'
import { collection, type ValueOf } from './collection.ts'
import type { App, Context } from './context.ts'
import { usersOf } from './users.ts'

export function sets(app: App, context: Context): void {
  collection(app, context, {
    kind: 'sets',
    component: 'Set',
    statusComponent: 'SetStatus',
    namePattern: names.object,
    status: name => {
      const source = context.lists.status(name)
      return { ...statusOf(context.gate.registry.entriesOf(name)), ...(source === undefined ? {} : { source }) }
    },
    extras: {
      fields: { include: Type.Optional(Type.Enum(['entries'], { description: 'Adds the entries, up to 10,000' })) },
      add: (name, value) => withEntries(context, name, value),
    },
    patchFaults: patch => nullEntries(patch, ''),
    users: (document, name) => usersOf(document, `@${name}`, `the set ${name}`),
  })
}

/** Merging null would silently do nothing, and a client that sends it means to empty the set. */
export function nullEntries(patch: Record<string, unknown>, root: string) {
  if (patch.entries !== null) return []
  return [{ pointer: `${root}/entries`, code: 'malformed' as const, detail: 'entries cannot be null', hint: '[] empties the set' }]
}

/** @throws RequestError where there are more than PUT would take. */
export function withEntries({ gate }: { gate: Gate }, name: string, value: ValueOf<'sets'>): ValueOf<'sets'> {
  const entries = gate.registry.entriesOf(name)
  const size = entryCount(entries)
  if (size > maxInlineEntries) {
    throw new RequestError('too_many_inline', `${name} holds ${size} entries`, { hint: `read GET /v1/sets/${name}/entries` })
  }
  return { ...value, entries: pageOfEntries(entries, maxInlineEntries).map(entryValue) }
}

export function policyWithEntries(context: { gate: Gate }, document: PolicyDocument): PolicyDocument {
  const all = Object.entries(document.sets ?? {}).map(([name, value]) => [name, withEntries(context, name, value)])
  return { ...document, sets: Object.fromEntries(all) }
}

export function entryValue({ prefix, comment, addedAt, expiresAt }: SetEntry) {
  return {
    prefix: formatPrefix(prefix),
    ...(expiresAt === 0 ? {} : { expiresAt: formatTime(expiresAt) }),
    ...(comment === null ? {} : { comment }),
    addedAt: new Date(addedAt).toISOString(),
  }
}

function statusOf({ ipv4, ipv6 }: EntrySet) {
  return { entryCount: ipv4.count + ipv6.count, ipv4: ipv4.count, ipv6: ipv6.count }
}
