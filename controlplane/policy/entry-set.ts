/**
 * The entries of a set, sorted and cut into chunks of some hundred. Nothing is ever changed in place: an edit makes new chunks where it
 * falls and shares all others, so that what differs between two states of a set is found, and stored, by identity.
 */
import { type Prefix, prefixFromKey } from './prefix.ts'
import { numbersOf, type PrefixNumbers, prefixNumbers, prefixOfNumbers } from './prefix-bytes.ts'
import { comparePrefixes, type FamilyList, wordsOf } from './prefix-list.ts'
import type { PrefixKey } from './tables.ts'

export interface EntryChunk {
  readonly prefixes: FamilyList
  /** Milliseconds since 1970. */
  readonly addedAt: Float64Array
  /** Absent: none of them has an end. */
  readonly ends?: {
    /** Seconds since 1970; 0: never. */
    readonly at: Uint32Array
    /** Seconds, where the end was written as a duration; else 0. */
    readonly lifetimes: Uint32Array
  }
  /** Absent: none of them has one. */
  readonly comments?: readonly (string | null)[]
}

export interface EntryFamily {
  readonly family: 4 | 6
  readonly count: number
  readonly chunks: readonly EntryChunk[]
}

export interface EntrySet {
  readonly ipv4: EntryFamily
  readonly ipv6: EntryFamily
}

export interface SetEntry {
  readonly prefix: Prefix
  readonly comment: string | null
  /** Milliseconds since 1970. */
  readonly addedAt: number
  /** Seconds since 1970; 0: never. */
  readonly expiresAt: number
}

/** Entries of a chunk that is made; one that grows beyond twice that many is cut. */
export const chunkEntries = 512

export const emptySet: EntrySet = { ipv4: { family: 4, count: 0, chunks: [] }, ipv6: { family: 6, count: 0, chunks: [] } }

export function familyOfChunks(family: 4 | 6, chunks: readonly EntryChunk[]): EntryFamily {
  return { family, chunks, count: chunks.reduce((sum, { prefixes }) => sum + prefixes.count, 0) }
}

export function entryCount({ ipv4, ipv6 }: EntrySet): number {
  return ipv4.count + ipv6.count
}

export function chunksOf({ ipv4, ipv6 }: EntrySet): EntryChunk[] {
  return [...ipv4.chunks, ...ipv6.chunks]
}

/** Index of the first prefix that is not before the one at `at` of `key`. */
export function lowerBound(list: FamilyList, key: FamilyList, at: number, from = 0): number {
  let low = from
  let high = list.count
  while (low < high) {
    const middle = (low + high) >> 1
    if (comparePrefixes(list, middle, key, at) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** When the first of them ends, in seconds since 1970; undefined: none does. */
export function soonestEnd(set: EntrySet): number | undefined {
  let soonest = Number.POSITIVE_INFINITY
  for (const { chunks } of [set.ipv4, set.ipv6]) for (const chunk of chunks) soonest = Math.min(soonest, soonestOf(chunk))
  return Number.isFinite(soonest) ? soonest : undefined
}

const soonests = new WeakMap<EntryChunk, number>()

function soonestOf(chunk: EntryChunk): number {
  if (chunk.ends === undefined) return Number.POSITIVE_INFINITY
  const known = soonests.get(chunk)
  if (known !== undefined) return known
  let soonest = Number.POSITIVE_INFINITY
  for (const at of chunk.ends.at) if (at !== 0 && at < soonest) soonest = at
  soonests.set(chunk, soonest)
  return soonest
}

/** Without entries whose time is over; the same object where there are none. `now` in milliseconds. */
export function sweep(set: EntrySet, now: number): EntrySet {
  const [ipv4, ipv6] = [sweepFamily(set.ipv4, now), sweepFamily(set.ipv6, now)]
  return ipv4 === set.ipv4 && ipv6 === set.ipv6 ? set : { ipv4, ipv6 }
}

function sweepFamily(family: EntryFamily, now: number): EntryFamily {
  if (!family.chunks.some(chunk => soonestOf(chunk) * 1000 <= now)) return family
  const chunks = family.chunks.flatMap(chunk => {
    if (soonestOf(chunk) * 1000 > now) return [chunk]
    const builder = newBuilder(family.family)
    for (let at = 0; at < chunk.prefixes.count; at++) if (!isOver(endOf(chunk, at), now)) copyEntry(builder, chunk, at)
    return finish(builder)
  })
  return familyOfChunks(family.family, chunks)
}

export function isOver(expiresAt: number, now: number): boolean {
  return expiresAt !== 0 && expiresAt * 1000 <= now
}

export function endOf(chunk: EntryChunk, at: number): number {
  return chunk.ends === undefined ? 0 : (chunk.ends.at[at] as number)
}

export function lifetimeOf(chunk: EntryChunk, at: number): number {
  return chunk.ends === undefined ? 0 : (chunk.ends.lifetimes[at] as number)
}

export function entryAt(chunk: EntryChunk, at: number): SetEntry {
  const { family, words, lengths } = chunk.prefixes
  return {
    prefix: prefixOfNumbers(family, words, at * wordsOf(family), lengths[at] as number),
    comment: chunk.comments?.[at] ?? null,
    addedAt: chunk.addedAt[at] as number,
    expiresAt: endOf(chunk, at),
  }
}

/** One prefix as a list, to look for. */
export function listOfOne(prefix: Prefix): FamilyList {
  const numbers: PrefixNumbers = prefixNumbers()
  numbersOf(prefix, numbers)
  return { family: prefix.family, count: 1, words: numbers.slice(0, wordsOf(prefix.family)), lengths: new Uint8Array([prefix.length]) }
}

/** Chunk that holds the first entry not before `key`, or would. */
function chunkFor({ chunks }: EntryFamily, key: FamilyList): number {
  let low = 0
  let high = chunks.length
  while (low < high) {
    const middle = (low + high) >> 1
    const { prefixes } = chunks[middle] as EntryChunk
    if (comparePrefixes(prefixes, prefixes.count - 1, key, 0) < 0) low = middle + 1
    else high = middle
  }
  return low
}

export function findEntry(set: EntrySet, prefix: Prefix): SetEntry | undefined {
  const family = prefix.family === 4 ? set.ipv4 : set.ipv6
  const key = listOfOne(prefix)
  const chunk = family.chunks[chunkFor(family, key)]
  if (chunk === undefined) return undefined
  const at = lowerBound(chunk.prefixes, key, 0)
  return comparePrefixes(chunk.prefixes, at, key, 0) === 0 ? entryAt(chunk, at) : undefined
}

/** At most `limit` entries behind `after`, IPv4 first, by address. */
export function pageOfEntries(set: EntrySet, limit: number, after?: PrefixKey): SetEntry[] {
  const page: SetEntry[] = []
  const last = after === undefined ? undefined : prefixFromKey(after)
  for (const family of [set.ipv4, set.ipv6]) {
    if (last !== undefined && last.family > family.family) continue
    const key = last?.family === family.family ? listOfOne(last) : undefined
    for (let at = key === undefined ? 0 : chunkFor(family, key); at < family.chunks.length && page.length < limit; at++) {
      const chunk = family.chunks[at] as EntryChunk
      let index = key === undefined ? 0 : lowerBound(chunk.prefixes, key, 0)
      if (key !== undefined && index < chunk.prefixes.count && comparePrefixes(chunk.prefixes, index, key, 0) === 0) index++
      for (; index < chunk.prefixes.count && page.length < limit; index++) page.push(entryAt(chunk, index))
    }
  }
  return page
}

/** Entries that contain the prefix, the widest first: asks for each length, so that the size of the set does not matter. */
export function entriesAround(set: EntrySet, { family, bytes, length }: Prefix): SetEntry[] {
  return Array.from({ length: length + 1 }, (_, shorter) => {
    const kept = bytes.map((byte, at) => byte & (0xff << Math.min(8, Math.max(0, 8 * (at + 1) - shorter))))
    return findEntry(set, { family, bytes: kept, length: shorter })
  }).filter(entry => entry !== undefined)
}

/** Chunks that come into being, entry by entry in ascending order. */
export interface ChunkBuilder {
  readonly family: 4 | 6
  count: number
  readonly words: Uint32Array
  readonly lengths: Uint8Array
  readonly addedAt: Float64Array
  readonly at: Uint32Array
  readonly lifetimes: Uint32Array
  readonly comments: (string | null)[]
  readonly done: EntryChunk[]
}

const builderSize = 2 * chunkEntries

export function newBuilder(family: 4 | 6): ChunkBuilder {
  return {
    family,
    count: 0,
    words: new Uint32Array(builderSize * wordsOf(family)),
    lengths: new Uint8Array(builderSize),
    addedAt: new Float64Array(builderSize),
    at: new Uint32Array(builderSize),
    lifetimes: new Uint32Array(builderSize),
    comments: new Array(builderSize).fill(null),
    done: [],
  }
}

export function buildEntry(
  builder: ChunkBuilder,
  prefixes: FamilyList,
  from: number,
  addedAt: number,
  expiresAt: number,
  lifetime: number,
  comment: string | null,
): void {
  if (builder.count === builderSize) cut(builder)
  const to = builder.count++
  const width = wordsOf(builder.family)
  for (let word = 0; word < width; word++) builder.words[to * width + word] = prefixes.words[from * width + word] as number
  builder.lengths[to] = prefixes.lengths[from] as number
  builder.addedAt[to] = addedAt
  builder.at[to] = expiresAt
  builder.lifetimes[to] = lifetime
  builder.comments[to] = comment
}

export function copyEntry(builder: ChunkBuilder, chunk: EntryChunk, at: number): void {
  buildEntry(
    builder,
    chunk.prefixes,
    at,
    chunk.addedAt[at] as number,
    endOf(chunk, at),
    lifetimeOf(chunk, at),
    chunk.comments?.[at] ?? null,
  )
}

/** The chunks, and a builder that is empty again. */
export function finish(builder: ChunkBuilder): EntryChunk[] {
  if (builder.count > 0) builder.done.push(chunkOf(builder, builder.count))
  builder.count = 0
  return builder.done.splice(0)
}

/** The first half becomes a chunk, so that what follows never ends with a small one. */
function cut(builder: ChunkBuilder): void {
  builder.done.push(chunkOf(builder, chunkEntries))
  const width = wordsOf(builder.family)
  builder.words.copyWithin(0, chunkEntries * width)
  builder.lengths.copyWithin(0, chunkEntries)
  builder.addedAt.copyWithin(0, chunkEntries)
  builder.at.copyWithin(0, chunkEntries)
  builder.lifetimes.copyWithin(0, chunkEntries)
  builder.comments.copyWithin(0, chunkEntries)
  builder.count -= chunkEntries
}

function chunkOf({ family, words, lengths, addedAt, at, lifetimes, comments }: ChunkBuilder, count: number): EntryChunk {
  const ends = at.subarray(0, count).some(end => end !== 0)
  const said = comments.slice(0, count)
  return {
    prefixes: { family, count, words: words.slice(0, count * wordsOf(family)), lengths: lengths.slice(0, count) },
    addedAt: addedAt.slice(0, count),
    ...(ends ? { ends: { at: at.slice(0, count), lifetimes: lifetimes.slice(0, count) } } : {}),
    ...(said.some(comment => comment !== null) ? { comments: said } : {}),
  }
}
