/** Prefixes in columns: a million of them are a few arrays and not a million strings. */
import { familyOf, lengthOf } from './prefix.ts'
import type { PrefixKey } from './tables.ts'

/**
 * Prefixes of one family, ascending by address and then length, so that a covering prefix stands before what it covers; none twice.
 * Never changed once it is made.
 */
export interface FamilyList {
  readonly family: 4 | 6
  readonly count: number
  /** Addresses as 32-bit numbers, most significant first: one a prefix for IPv4, four for IPv6. Host bits are 0. */
  readonly words: Uint32Array
  /** Prefix lengths. */
  readonly lengths: Uint8Array
}

export interface PrefixList {
  readonly ipv4: FamilyList
  readonly ipv6: FamilyList
}

/** What came and what went. */
export interface PrefixChange {
  readonly added: PrefixList
  readonly removed: PrefixList
}

/** Numbers of 32 bits that an address takes. */
export function wordsOf(family: 4 | 6): 1 | 4 {
  return family === 4 ? 1 : 4
}

const nothing = { count: 0, words: new Uint32Array(0), lengths: new Uint8Array(0) }
export const emptyPrefixes: PrefixList = { ipv4: { family: 4, ...nothing }, ipv6: { family: 6, ...nothing } }

/** The keys in whatever order; a repeated one counts once. */
export function prefixListOf(keys: Iterable<PrefixKey>): PrefixList {
  const ofIpv4: PrefixKey[] = []
  const ofIpv6: PrefixKey[] = []

  for (const key of keys) (familyOf(key) === 4 ? ofIpv4 : ofIpv6).push(key)
  return { ipv4: listOf(4, ofIpv4), ipv6: listOf(6, ofIpv6) }
}

export function* keysOf({ ipv4, ipv6 }: PrefixList): Generator<PrefixKey> {
  for (const list of [ipv4, ipv6]) for (let at = 0; at < list.count; at++) yield keyAt(list, at)
}

/** Below 0: the prefix at `at` comes before the one at `other`. */
export function comparePrefixes(left: FamilyList, at: number, right: FamilyList, other: number): number {
  const width = wordsOf(left.family)

  for (let word = 0; word < width; word++) {
    const order = (left.words[at * width + word] as number) - (right.words[other * width + word] as number)
    if (order !== 0) return order
  }
  return (left.lengths[at] as number) - (right.lengths[other] as number)
}

export function contains(list: PrefixList, key: PrefixKey): boolean {
  const family = familyOf(key) === 4 ? list.ipv4 : list.ipv6
  const wanted = listOf(family.family, [key])
  let low = 0
  let high = family.count

  while (low < high) {
    const middle = (low + high) >>> 1
    const order = comparePrefixes(family, middle, wanted, 0)

    if (order === 0) return true
    if (order < 0) low = middle + 1
    else high = middle
  }
  return false
}

/** What turns `before` into `after`. */
export function differenceOfLists(before: PrefixList, after: PrefixList): PrefixChange {
  const [gone4, come4] = differ(before.ipv4, after.ipv4)
  const [gone6, come6] = differ(before.ipv6, after.ipv6)

  return { added: { ipv4: come4, ipv6: come6 }, removed: { ipv4: gone4, ipv6: gone6 } }
}

/** All of both. */
export function mergeLists(left: PrefixList, right: PrefixList): PrefixList {
  return { ipv4: merge(left.ipv4, right.ipv4), ipv6: merge(left.ipv6, right.ipv6) }
}

/** The list after a change: what is in both `added` and `removed` is there. */
export function changeList(list: PrefixList, { added, removed }: PrefixChange): PrefixList {
  return mergeLists(differenceOfLists(removed, list).added, added)
}

/** When entries end, in seconds -> those; 0: those that never end. */
export type TimedLists = ReadonlyMap<number, PrefixList>

/** What turns `before` into `after`, by the same seconds. */
export function* differenceOfTimed(
  before: TimedLists = new Map(),
  after: TimedLists = new Map(),
): Generator<void, ReadonlyMap<number, PrefixChange>> {
  const changes = new Map<number, PrefixChange>()

  for (const end of new Set([...before.keys(), ...after.keys()])) {
    changes.set(end, differenceOfLists(before.get(end) ?? emptyPrefixes, after.get(end) ?? emptyPrefixes))
    yield
  }
  return changes
}

function differ(before: FamilyList, after: FamilyList): [FamilyList, FamilyList] {
  if (before === after) return [take(before, nobody), take(after, nobody)]
  const gone: number[] = []
  const come: number[] = []
  let i = 0
  let j = 0

  while (i < before.count || j < after.count) {
    const order = i === before.count ? 1 : j === after.count ? -1 : comparePrefixes(before, i, after, j)

    if (order < 0) gone.push(i)
    if (order > 0) come.push(j)
    if (order <= 0) i++
    if (order >= 0) j++
  }
  return [take(before, gone), take(after, come)]
}

const nobody: readonly number[] = []

function take(list: FamilyList, indices: readonly number[]): FamilyList {
  if (indices.length === 0) return list.family === 4 ? emptyPrefixes.ipv4 : emptyPrefixes.ipv6
  if (indices.length === list.count) return list
  const width = wordsOf(list.family)
  const words = new Uint32Array(indices.length * width)

  for (let at = 0; at < indices.length; at++)
    for (let word = 0; word < width; word++) words[at * width + word] = list.words[(indices[at] as number) * width + word] as number
  return { family: list.family, count: indices.length, words, lengths: Uint8Array.from(indices, at => list.lengths[at] as number) }
}

function merge(left: FamilyList, right: FamilyList): FamilyList {
  if (left.count === 0) return right
  if (right.count === 0) return left
  const width = wordsOf(left.family)
  const words = new Uint32Array((left.count + right.count) * width)
  const lengths = new Uint8Array(left.count + right.count)
  let count = 0
  let i = 0
  let j = 0

  while (i < left.count || j < right.count) {
    const order = i === left.count ? 1 : j === right.count ? -1 : comparePrefixes(left, i, right, j)
    const [from, at] = order <= 0 ? [left, i] : [right, j]

    for (let word = 0; word < width; word++) words[count * width + word] = from.words[at * width + word] as number
    lengths[count++] = from.lengths[at] as number
    if (order <= 0) i++
    if (order >= 0) j++
  }
  return { family: left.family, count, words: words.slice(0, count * width), lengths: lengths.slice(0, count) }
}

function listOf(family: 4 | 6, keys: PrefixKey[]): FamilyList {
  if (keys.length === 0) return family === 4 ? emptyPrefixes.ipv4 : emptyPrefixes.ipv6
  const width = wordsOf(family)
  const sorted = ascends(keys) ? keys : [...new Set(keys)].sort()
  const words = new Uint32Array(sorted.length * width)
  const lengths = new Uint8Array(sorted.length)

  for (const [at, key] of sorted.entries()) {
    for (let word = 0; word < width; word++) words[at * width + word] = wordOf(key, 1 + word * 4)
    lengths[at] = lengthOf(key)
  }
  return { family, count: sorted.length, words, lengths }
}

function wordOf(key: PrefixKey, at: number): number {
  return (key.charCodeAt(at) << 24) | (key.charCodeAt(at + 1) << 16) | (key.charCodeAt(at + 2) << 8) | key.charCodeAt(at + 3)
}

function keyAt({ family, words, lengths }: FamilyList, at: number): PrefixKey {
  const width = wordsOf(family)
  const bytes: number[] = []

  for (let word = at * width; word < (at + 1) * width; word++)
    for (let shift = 24; shift >= 0; shift -= 8) bytes.push(((words[word] as number) >>> shift) & 255)
  return String.fromCharCode(family, ...bytes, lengths[at] as number)
}

function ascends(keys: readonly PrefixKey[]): boolean {
  for (let at = 1; at < keys.length; at++) if ((keys[at - 1] as PrefixKey) >= (keys[at] as PrefixKey)) return false
  return true
}
