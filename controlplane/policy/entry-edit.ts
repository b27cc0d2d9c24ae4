/** What a request asks for laid over the entries that are there. */
import type { Note, SortedColumns, SortedDraft } from './entry-draft.ts'
import {
  buildEntry,
  type ChunkBuilder,
  copyEntry,
  type EntryChunk,
  type EntryFamily,
  type EntrySet,
  emptySet,
  endOf,
  entryCount,
  familyOfChunks,
  finish,
  isOver,
  lifetimeOf,
  lowerBound,
  newBuilder,
} from './entry-set.ts'
import { comparePrefixes, type FamilyList, type PrefixList } from './prefix-list.ts'

export interface EntryEdit {
  readonly add: SortedDraft
  /** Before `add`. */
  readonly remove?: PrefixList
  /** Entries that `add` does not name go, and what it says of the others holds as it stands. */
  readonly replace?: boolean
}

export interface EntryCounts {
  readonly added: number
  readonly updated: number
  readonly removed: number
  /** Asked to be removed and not there. */
  readonly missing: number
  readonly entryCount: number
}

const noPrefixes = (family: 4 | 6): FamilyList => ({ family, count: 0, words: new Uint32Array(0), lengths: new Uint8Array(0) })

/**
 * Chunk by chunk, yielding between them. A chunk in which nothing changes stays the object that it is.
 * @param there without entries whose time is over
 * @param now milliseconds since 1970
 */
export function* editEntries(there: EntrySet, edit: EntryEdit, now: number): Generator<void, { set: EntrySet; counts: EntryCounts }> {
  const tally: Tally = { added: 0, updated: 0, removed: 0, missing: 0 }
  const ipv4 = yield* editFamily(there.ipv4, edit.add.ipv4, edit.remove?.ipv4 ?? noPrefixes(4), edit.replace === true, now, tally)
  const ipv6 = yield* editFamily(there.ipv6, edit.add.ipv6, edit.remove?.ipv6 ?? noPrefixes(6), edit.replace === true, now, tally)
  const same = ipv4 === there.ipv4 && ipv6 === there.ipv6
  const set = same ? there : ipv4.count + ipv6.count === 0 ? emptySet : { ipv4, ipv6 }
  return { set, counts: { ...tally, entryCount: entryCount(set) } }
}

interface Tally {
  added: number
  updated: number
  removed: number
  missing: number
}

function* editFamily(
  there: EntryFamily,
  add: SortedColumns,
  remove: FamilyList,
  replace: boolean,
  now: number,
  tally: Tally,
): Generator<void, EntryFamily> {
  if (add.prefixes.count === 0 && remove.count === 0 && !(replace && there.count > 0)) return there
  const chunks: EntryChunk[] = []
  const builder = newBuilder(there.family)
  let [added, removed, changed] = [0, 0, false]

  for (let at = 0; at < Math.max(1, there.chunks.length); at++) {
    const chunk = there.chunks[at]
    const next = there.chunks[at + 1]?.prefixes
    const addedTo = next ? boundary(add.prefixes, next, added) : add.prefixes.count
    const removedTo = next ? boundary(remove, next, removed) : remove.count
    if (chunk !== undefined && added === addedTo && removed === removedTo && !replace) {
      chunks.push(chunk)
      continue
    }
    const before = tally.added + tally.updated + tally.removed
    const work = editChunk(chunk, { add, added, addedTo, remove, removed, removedTo, replace, now }, builder, tally)
    for (let step = work.next(); !step.done; step = work.next()) yield
    const made = finish(builder)
    const touched = tally.added + tally.updated + tally.removed > before
    if (touched || chunk === undefined) chunks.push(...made)
    else chunks.push(chunk)
    changed ||= touched
    added = addedTo
    removed = removedTo
    yield
  }
  return changed ? familyOfChunks(there.family, chunks) : there
}

/** Most chunks are touched by none of a few: one look says so. */
function boundary(list: FamilyList, next: FamilyList, from: number): number {
  if (from === list.count || comparePrefixes(list, from, next, 0) >= 0) return from
  return lowerBound(list, next, 0, from)
}

interface ChunkEdit {
  readonly add: SortedColumns
  readonly added: number
  readonly addedTo: number
  readonly remove: FamilyList
  readonly removed: number
  readonly removedTo: number
  readonly replace: boolean
  readonly now: number
}

function* editChunk(chunk: EntryChunk | undefined, edit: ChunkEdit, builder: ChunkBuilder, tally: Tally): Generator<void, void> {
  const { add, addedTo, replace, now } = edit
  const count = chunk?.prefixes.count ?? 0
  let [at, added, removed] = [0, edit.added, edit.removed]
  /** Whether the prefix is to be removed; prefixes are asked for in ascending order, and those passed by are not there. */
  const isRemoved = (list: FamilyList, index: number): boolean => {
    while (removed < edit.removedTo) {
      const order = comparePrefixes(edit.remove, removed, list, index)
      if (order > 0) return false
      removed++
      if (order === 0) return true
      tally.missing++
    }
    return false
  }

  while (at < count || added < addedTo) {
    if ((at + added) % 4096 === 0) yield
    const order =
      chunk === undefined || at === count ? 1 : added === addedTo ? -1 : comparePrefixes(chunk.prefixes, at, add.prefixes, added)
    if (order < 0) {
      const it = chunk as EntryChunk
      if (isRemoved(it.prefixes, at) || replace) tally.removed++
      else copyEntry(builder, it, at)
      at++
      continue
    }
    const note = add.notes[added]
    const named = edit.removedTo > edit.removed && isRemoved(add.prefixes, added)
    if (order > 0) {
      if (named) tally.missing++
      if (!isOver(note?.expiresAt ?? 0, now)) {
        buildEntry(builder, add.prefixes, added, now, note?.expiresAt ?? 0, note?.lifetime ?? 0, note?.comment ?? null)
        tally.added++
      }
    } else {
      const it = chunk as EntryChunk
      const before = { expiresAt: endOf(it, at), lifetime: lifetimeOf(it, at), comment: it.comments?.[at] ?? null }
      const after = replace ? replaced(before, note) : joined(before, note, named)
      if (isOver(after.expiresAt, now)) {
        tally.removed++
      } else {
        if (after.expiresAt !== before.expiresAt || after.comment !== before.comment || after.lifetime !== before.lifetime) tally.updated++
        buildEntry(builder, add.prefixes, added, it.addedAt[at] as number, after.expiresAt, after.lifetime, after.comment)
      }
      at++
    }
    added++
  }
  tally.missing += edit.removedTo - removed
}

interface Said {
  readonly expiresAt: number
  readonly lifetime: number
  readonly comment: string | null
}

/** As written; but the same duration written again restarts nothing. */
function replaced(before: Said, note: Note | undefined): Said {
  const { expiresAt = 0, lifetime = 0, comment = null } = note ?? {}
  const goesOn = before.expiresAt !== 0 && (lifetime === 0 ? expiresAt === before.expiresAt : lifetime === before.lifetime)
  return { ...(goesOn ? before : { expiresAt, lifetime }), comment }
}

/** Never shortens, unless the note says so or the entry was to be removed before. */
function joined(before: Said, note: Note | undefined, removed: boolean): Said {
  const { expiresAt = 0, lifetime = 0 } = note ?? {}
  const comment = note?.comment ?? before.comment
  const longer = before.expiresAt !== 0 && (expiresAt === 0 || expiresAt > before.expiresAt)
  return removed || note?.replace || longer ? { expiresAt, lifetime, comment } : { ...before, comment }
}
