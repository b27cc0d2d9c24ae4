/** How the entries of a set change: what a request asks for against what is there, as the least that has to be written. */
import type { PrefixKey } from '../policy/tables.ts'
import type { EntryChange, StoredEntry } from '../store/store.ts'

export interface WantedEntry {
  readonly prefix: PrefixKey
  readonly comment?: string
}

export interface EntryEdit {
  /** Entries that `add` does not name go. */
  readonly replace?: boolean
  readonly add: Iterable<WantedEntry>
  /** Before `add`. */
  readonly remove?: Iterable<PrefixKey>
}

export interface EntryCounts {
  readonly added: number
  readonly updated: number
  readonly removed: number
  /** Asked to be removed and not there. */
  readonly missing: number
  readonly entryCount: number
}

export interface PlannedEntries {
  readonly change: EntryChange
  readonly counts: EntryCounts
}

/**
 * @param comments of the entries that are there and named by `edit`.
 * @param now milliseconds since 1970
 */
export function planEntries(
  there: ReadonlySet<PrefixKey>,
  comments: ReadonlyMap<PrefixKey, string>,
  edit: EntryEdit,
  now: number,
): PlannedEntries {
  const wanted = new Map<PrefixKey, string | undefined>()
  for (const { prefix, comment } of edit.add) wanted.set(prefix, comment ?? wanted.get(prefix))

  const remove: PrefixKey[] = []
  let missing = 0
  for (const prefix of new Set(edit.remove)) {
    if (!there.has(prefix)) missing++
    else if (!wanted.has(prefix)) remove.push(prefix)
  }
  if (edit.replace) for (const prefix of there) if (!wanted.has(prefix)) remove.push(prefix)

  const put: StoredEntry[] = []
  let added = 0
  for (const [prefix, comment] of wanted) {
    const before = comments.get(prefix)
    if (!there.has(prefix)) added++
    else if (edit.replace ? comment === before : comment === undefined || comment === before) continue
    put.push({ prefix, comment: comment ?? null, addedAt: now })
  }
  const counts = { added, updated: put.length - added, removed: remove.length, missing, entryCount: there.size + added - remove.length }
  return { change: { remove, put }, counts }
}

export function isUnchanged({ remove, put }: EntryChange): boolean {
  return remove.length === 0 && put.length === 0
}

/** The set as it will be, without a copy: a million entries are not copied for the sake of one. */
export function overlay(there: ReadonlySet<PrefixKey>, change: EntryChange): Iterable<PrefixKey> {
  const gone = new Set(change.remove)
  return {
    *[Symbol.iterator]() {
      for (const prefix of there) if (!gone.has(prefix)) yield prefix
      for (const { prefix } of change.put) if (!there.has(prefix)) yield prefix
    },
  }
}

export function applyEntries(there: Set<PrefixKey>, { remove, put }: EntryChange): void {
  for (const prefix of remove) there.delete(prefix)
  for (const { prefix } of put) there.add(prefix)
}
