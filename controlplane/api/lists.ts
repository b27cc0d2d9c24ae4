/** Lists: pages in the order of names, filtered by labels. */
import { Type } from 'typebox'
import { RequestError } from '../errors.ts'
import { object } from '../policy/schema.ts'

export const cursorField = Type.Optional(Type.String({ maxLength: 1000, description: '`nextCursor` of the page before' }))

export const listQuery = object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Items of a page (default: 100)' })),
  cursor: cursorField,
  label: Type.Optional(
    Type.Array(Type.String({ pattern: '^[^=]+=.*$' }), { description: '`key=value`; repeated: all of them', examples: [['team=edge']] }),
  ),
  include: Type.Optional(Type.Enum(['status'], { description: 'Adds `status` to each item' })),
})

interface Labelled {
  readonly labels?: Record<string, string>
}

/** @throws RequestError for a cursor that we did not give out. */
export function pageOf<Value extends Labelled>(
  all: Readonly<Record<string, Value>>,
  query: { limit?: number; cursor?: string; label?: string[] },
) {
  const after = query.cursor === undefined ? undefined : fromCursor(query.cursor)
  const names = Object.keys(all)
    .sort()
    .filter(name => (after === undefined || name > after) && hasLabels(all[name], query.label))
  const shown = names.slice(0, query.limit ?? 100)
  const last = shown.at(-1)
  return {
    items: shown.map(name => ({ name, ...(all[name] as Value) })),
    nextCursor: last !== undefined && shown.length < names.length ? toCursor(last) : null,
  }
}

function hasLabels(value: Labelled | undefined, wanted: readonly string[] = []): boolean {
  return wanted.every(label => {
    const at = label.indexOf('=')
    const key = label.slice(0, at)
    return value?.labels !== undefined && Object.hasOwn(value.labels, key) && value.labels[key] === label.slice(at + 1)
  })
}

/** Opaque, so that nobody builds one. */
export function toCursor(last: string): string {
  return Buffer.from(last, 'latin1').toString('base64url')
}

export function fromCursor(cursor: string): string {
  const last = Buffer.from(cursor, 'base64url').toString('latin1')
  if (last === '' || toCursor(last) !== cursor)
    throw new RequestError('malformed', 'cursor in the query: not one of ours', { hint: 'send nextCursor of the page before as it is' })
  return last
}

/** Of lists that are numbered. */
export function numberOfCursor(cursor: string): number {
  const number = Number(fromCursor(cursor))
  if (Number.isSafeInteger(number) && number >= 0) return number
  throw new RequestError('malformed', 'cursor in the query: not one of this list', { hint: 'send nextCursor of the page before as it is' })
}
