/** Entries as a request names them, in columns, in the order of mention; then sorted, each prefix once. */

import type { PrefixNumbers } from './prefix-bytes.ts'
import { type FamilyList, wordsOf } from './prefix-list.ts'

/** What is said of an entry beside its prefix. */
export interface Note {
  readonly comment?: string
  /** Seconds since 1970; 0: it has no end. */
  readonly expiresAt: number
  /** Seconds, where it was written as a duration; else 0. */
  readonly lifetime: number
  /** May shorten what is there. */
  readonly replace?: boolean
}

/** Grows at its end. */
export interface DraftColumns {
  readonly family: 4 | 6
  count: number
  words: Uint32Array
  lengths: Uint8Array
  /** Where each stood in the body: its index, or its line from 0 on. */
  places: Uint32Array
  /** By index; it ends with the last that has one. */
  readonly notes: (Note | undefined)[]
}

export interface EntryDraft {
  readonly ipv4: DraftColumns
  readonly ipv6: DraftColumns
}

export interface SortedColumns {
  readonly prefixes: FamilyList
  /** Of the last mention. */
  readonly places: Uint32Array
  readonly notes: readonly (Note | undefined)[]
}

export interface SortedDraft {
  readonly ipv4: SortedColumns
  readonly ipv6: SortedColumns
}

export function newDraft(): EntryDraft {
  return { ipv4: newColumns(4), ipv6: newColumns(6) }
}

function newColumns(family: 4 | 6): DraftColumns {
  return {
    family,
    count: 0,
    words: new Uint32Array(16 * wordsOf(family)),
    lengths: new Uint8Array(16),
    places: new Uint32Array(16),
    notes: [],
  }
}

export function draftCount({ ipv4, ipv6 }: EntryDraft): number {
  return ipv4.count + ipv6.count
}

export function addToDraft(draft: EntryDraft, family: 4 | 6, numbers: PrefixNumbers, place: number, note?: Note): void {
  const columns = family === 4 ? draft.ipv4 : draft.ipv6
  const at = columns.count++
  if (at === columns.lengths.length) grow(columns)
  if (family === 4) columns.words[at] = numbers[0] as number
  else for (let word = 0; word < 4; word++) columns.words[4 * at + word] = numbers[word] as number
  columns.lengths[at] = numbers[4] as number
  columns.places[at] = place
  if (note) putNote(columns.notes, at, note)
}

/** Without holes: those would make a slow thing of a long list. */
function putNote(notes: (Note | undefined)[], at: number, note: Note): void {
  while (notes.length <= at) notes.push(undefined)
  notes[at] = note
}

function grow(columns: DraftColumns): void {
  const size = columns.lengths.length * 2
  const { words, lengths, places } = columns
  columns.words = new Uint32Array(size * wordsOf(columns.family))
  columns.words.set(words)
  columns.lengths = new Uint8Array(size)
  columns.lengths.set(lengths)
  columns.places = new Uint32Array(size)
  columns.places.set(places)
}

/** In pieces: it yields whenever a caller may want to do something else. */
export function* sortDraft({ ipv4, ipv6 }: EntryDraft): Generator<void, SortedDraft> {
  return { ipv4: yield* sortColumns(ipv4), ipv6: yield* sortColumns(ipv6) }
}

/** Elements that are handled between two yields: about a millisecond. */
const piece = 16_384

function* sortColumns(columns: DraftColumns): Generator<void, SortedColumns> {
  const { family, count, words, lengths, places, notes } = columns
  const width = wordsOf(family)
  const order = yield* orderOf(columns)
  const kept = { words: new Uint32Array(count * width), lengths: new Uint8Array(count), places: new Uint32Array(count) }
  const keptNotes: (Note | undefined)[] = []
  let last = -1

  for (let rank = 0; rank < count; rank++) {
    if (rank % piece === piece - 1) yield
    const at = order === undefined ? rank : (order[rank] as number)
    if (last >= 0 && same(kept, last, columns, at, width)) {
      if (notes.length > 0) combine(keptNotes, last, notes[at])
    } else {
      last++
      for (let word = 0; word < width; word++) kept.words[last * width + word] = words[at * width + word] as number
      kept.lengths[last] = lengths[at] as number
      const note = notes[at]
      if (note) putNote(keptNotes, last, note)
    }
    kept.places[last] = places[at] as number
  }
  const total = last + 1
  return {
    prefixes: { family, count: total, words: kept.words.subarray(0, total * width), lengths: kept.lengths.subarray(0, total) },
    places: kept.places.subarray(0, total),
    notes: keptNotes,
  }
}

function same(
  left: { words: Uint32Array; lengths: Uint8Array },
  at: number,
  right: { words: Uint32Array; lengths: Uint8Array },
  other: number,
  width: number,
): boolean {
  for (let word = 0; word < width; word++) if (left.words[at * width + word] !== right.words[other * width + word]) return false
  return left.lengths[at] === right.lengths[other]
}

/** The later mention stands for the earlier one, but takes away neither its comment nor, unless it says so, its time. */
function combine(notes: (Note | undefined)[], at: number, later: Note | undefined): void {
  const earlier = notes[at]
  if (earlier === undefined && later === undefined) return
  const end = later?.replace ? later : longer(earlier, later)
  const comment = later?.comment ?? earlier?.comment
  putNote(notes, at, {
    expiresAt: end?.expiresAt ?? 0,
    lifetime: end?.lifetime ?? 0,
    ...(comment === undefined ? {} : { comment }),
    ...(later?.replace || earlier?.replace ? { replace: true } : {}),
  })
}

/** No note, like no end, is for ever. */
function longer(earlier: Note | undefined, later: Note | undefined): Note | undefined {
  if (!earlier?.expiresAt) return earlier
  if (!later?.expiresAt) return later
  return later.expiresAt >= earlier.expiresAt ? later : earlier
}

/** Indices in ascending order, equal ones as mentioned; undefined: they ascend already. */
function* orderOf(columns: DraftColumns): Generator<void, Uint32Array | undefined> {
  const { family, count, words, lengths } = columns
  const width = wordsOf(family)
  if (yield* ascends(columns)) return undefined
  let order = new Uint32Array(count)
  for (let at = 0; at < count; at++) order[at] = at
  yield
  let next = new Uint32Array(count)
  // From the least significant digit on: the length, and then each word from the last to the first.
  for (let word = width; word >= 0; word--) {
    const isLength = word === width
    for (let shift = 0; shift < (isLength ? 8 : 32); shift += digitBits) {
      const digits = isLength ? { from: lengths, step: 1, first: 0, shift } : { from: words, step: width, first: word, shift }
      if (yield* scatter(digits, order, next)) [order, next] = [next, order]
    }
  }
  return order
}

function* ascends({ family, count, words, lengths }: DraftColumns): Generator<void, boolean> {
  const width = wordsOf(family)
  for (let at = 1; at < count; at++) {
    if (at % piece === 0) yield
    let before = 0
    for (let word = 0; before === 0 && word < width; word++)
      before = (words[(at - 1) * width + word] as number) - (words[at * width + word] as number)
    if ((before || (lengths[at - 1] as number) - (lengths[at] as number)) > 0) return false
  }
  return true
}

const digitBits = 11

interface Digits {
  readonly from: Uint32Array | Uint8Array
  readonly step: number
  readonly first: number
  readonly shift: number
}

/** One pass of a radix sort; false: all digits are equal, and nothing was moved. */
function* scatter({ from, step, first, shift }: Digits, order: Uint32Array, into: Uint32Array): Generator<void, boolean> {
  const mask = (1 << digitBits) - 1
  const places = new Uint32Array(mask + 1)
  for (let at = 0; at < order.length; at++) {
    if (at % piece === piece - 1) yield
    const digit = ((from[at * step + first] as number) >>> shift) & mask
    places[digit] = (places[digit] as number) + 1
  }
  if (places[((from[first] as number) >>> shift) & mask] === order.length) return false
  let sum = 0
  for (let digit = 0; digit <= mask; digit++) {
    const here = places[digit] as number
    places[digit] = sum
    sum += here
  }
  for (let rank = 0; rank < order.length; rank++) {
    if (rank % piece === piece - 1) yield
    const at = order[rank] as number
    const digit = ((from[at * step + first] as number) >>> shift) & mask
    const place = places[digit] as number
    places[digit] = place + 1
    into[place] = at
  }
  return true
}
