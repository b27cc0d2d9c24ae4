/**
 * The bookkeeping of the tries that both sides share. Pure.
 *
 * An entry holds a membership for either side. Where a side has no such prefix, its word repeats the membership of the longest
 * covering prefix that it has (or the base membership of the family), so that a longest-prefix match over the union of both sides
 * answers each side as its own prefixes would. That holds for the side in force before, during and after every write.
 */
import type { PrefixKey } from '../policy/tables.ts'
import { BaseMembership } from './abi.ts'

/** Memberships by side. */
export type Words = readonly [number, number]
export type Side = 0 | 1

/** Deletes come first, which keeps the trie within its size; within each list any order does. */
export interface PrefixPlan {
  readonly deletes: readonly PrefixKey[]
  readonly updates: readonly (readonly [PrefixKey, Words])[]
}

export function baseMembership(key: PrefixKey): number {
  return key.charCodeAt(0) === 4 ? BaseMembership.ipv4 : BaseMembership.ipv6
}

export function lengthOf(key: PrefixKey): number {
  return key.charCodeAt(key.length - 1)
}

/** The same address with fewer bits. */
export function truncateKey(key: PrefixKey, length: number): PrefixKey {
  const addressEnd = key.length - 1
  const whole = 1 + (length >> 3)
  const bits = length & 7
  let text = key.slice(0, whole)

  if (bits) text += String.fromCharCode(key.charCodeAt(whole) & (0xff << (8 - bits)) & 0xff)
  return text + '\0'.repeat(addressEnd - text.length) + String.fromCharCode(length)
}

/** Finds what covers a prefix. Few different lengths are in use at a time, so that a look at each is faster than keeping an order. */
export class Covering<Value> {
  readonly #entries: ReadonlyMap<PrefixKey, Value>
  readonly #lengths: Readonly<Record<number, number[]>>

  constructor(entries: ReadonlyMap<PrefixKey, Value>) {
    const seen: Record<number, Set<number>> = { 4: new Set(), 6: new Set() }

    for (const key of entries.keys()) seen[key.charCodeAt(0)]?.add(lengthOf(key))
    this.#entries = entries
    this.#lengths = Object.fromEntries(Object.entries(seen).map(([family, lengths]) => [family, [...lengths].sort((a, b) => b - a)]))
  }

  /** The value of the longest prefix that contains this one and is not it. */
  of(key: PrefixKey): Value | undefined {
    const own = lengthOf(key)

    for (const length of this.#lengths[key.charCodeAt(0)] ?? []) {
      const value = length < own ? this.#entries.get(truncateKey(key, length)) : undefined

      if (value !== undefined) return value
    }
    return undefined
  }
}

function words(side: Side, own: number, other: number): Words {
  return side === 0 ? [own, other] : [other, own]
}

/** What to write so that `side`, which is not in force, answers as `wanted`, and the side in force as before. */
export function planPrefixes(mirror: ReadonlyMap<PrefixKey, Words>, wanted: ReadonlyMap<PrefixKey, number>, side: Side): PrefixPlan {
  const force: Side = side === 0 ? 1 : 0
  const inTrie = new Covering(mirror)
  const inWanted = new Covering(wanted)
  const coveringInForce = (key: PrefixKey): number => inTrie.of(key)?.[force] ?? baseMembership(key)
  const deletes: PrefixKey[] = []
  const updates: [PrefixKey, Words][] = []

  for (const [key, entry] of mirror) {
    const own = wanted.get(key)

    if (own === undefined && entry[force] === coveringInForce(key)) {
      deletes.push(key)
      continue
    }
    const membership = own ?? inWanted.of(key) ?? baseMembership(key)

    if (entry[side] !== membership) updates.push([key, words(side, membership, entry[force])])
  }
  for (const [key, membership] of wanted) {
    if (!mirror.has(key)) updates.push([key, words(side, membership, coveringInForce(key))])
  }
  return { deletes, updates }
}

/** Whether a side of the trie answers every address as `wanted` would. */
export function sideAnswers(mirror: ReadonlyMap<PrefixKey, Words>, wanted: ReadonlyMap<PrefixKey, number>, side: Side): boolean {
  const inTrie = new Covering(mirror)
  const inWanted = new Covering(wanted)

  for (const [key, membership] of wanted) {
    if ((mirror.get(key)?.[side] ?? inTrie.of(key)?.[side] ?? baseMembership(key)) !== membership) return false
  }
  for (const [key, entry] of mirror) {
    if (!wanted.has(key) && entry[side] !== (inWanted.of(key) ?? baseMembership(key))) return false
  }
  return true
}

/** The prefixes that a side can have meant: those whose word is not the covering one's. */
export function prefixesOf(mirror: ReadonlyMap<PrefixKey, Words>, side: Side): Map<PrefixKey, number> {
  const inTrie = new Covering(mirror)
  const own = new Map<PrefixKey, number>()

  for (const [key, entry] of mirror) {
    if (entry[side] !== (inTrie.of(key)?.[side] ?? baseMembership(key))) own.set(key, entry[side])
  }
  return own
}

/** struct prefix_ipv4 and struct prefix_ipv6: the length in the machine's order, then the address in network order. */
export function encodePrefix(key: PrefixKey, bytes: Uint8Array, offset: number): void {
  const end = key.length - 1

  bytes[offset] = lengthOf(key)
  bytes[offset + 1] = bytes[offset + 2] = bytes[offset + 3] = 0
  for (let i = 1; i < end; i++) bytes[offset + 3 + i] = key.charCodeAt(i)
}

export function decodePrefix(bytes: Uint8Array, offset: number, size: number): PrefixKey {
  const family = size === 8 ? 4 : 6

  return String.fromCharCode(family, ...bytes.subarray(offset + 4, offset + size), bytes[offset] ?? 0)
}
