/** Addresses as numbers: ranges of them made into prefixes, and lists of prefixes that meet or are taken from each other. */
import { formatPrefix, isFailure, type Prefix, parsePrefix, truncate } from '../policy/prefix.ts'

export type Family = 4 | 6

export interface AddressRange {
  readonly family: Family
  readonly first: bigint
  /** Included. */
  readonly last: bigint
}

const bitsOf = (family: Family) => (family === 4 ? 32 : 128)

export function rangeOf({ family, bytes, length }: Prefix): AddressRange {
  const first = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  return { family, first, last: first + (1n << BigInt(bitsOf(family) - length)) - 1n }
}

/** The fewest prefixes that make up a range. */
export function prefixesOf({ family, first, last }: AddressRange): string[] {
  const bits = bitsOf(family)
  const prefixes: string[] = []
  for (let at = first; at <= last; ) {
    let host = 0
    while (host < bits && (at >> BigInt(host)) % 2n === 0n && at + (1n << BigInt(host + 1)) - 1n <= last) host++
    const bytes = Uint8Array.from({ length: bits / 8 }, (_, byte) => Number((at >> BigInt(bits - 8 * (byte + 1))) & 0xffn))
    prefixes.push(formatPrefix({ family, bytes, length: bits - host }))
    at += 1n << BigInt(host)
  }
  return prefixes
}

/** Bits past the length are cleared, as the tools do; a mask may stand for the length. Undefined: no prefix. */
export function readPrefix(text: string): Prefix | undefined {
  const [address = '', length] = text.split('/')
  const host = parsePrefix(address)
  if (isFailure(host)) return undefined
  if (length === undefined) return host
  const bits = /^\d+$/.test(length) ? Number(length) : maskLength(length)
  return bits === undefined || bits > bitsOf(host.family) ? undefined : truncate({ ...host, length: bits })
}

/** `192.0.2.1`, `192.0.2.0/24` or `192.0.2.1-192.0.2.9`. */
export function readRange(text: string): AddressRange | undefined {
  const [from = '', to] = text.split('-')
  const first = readPrefix(from)
  const last = to === undefined ? first : readPrefix(to)
  if (first === undefined || last?.family !== first.family) return undefined
  const range = { family: first.family, first: rangeOf(first).first, last: rangeOf(last).last }
  return range.first <= range.last ? range : undefined
}

function maskLength(text: string): number | undefined {
  const mask = parsePrefix(text)
  if (isFailure(mask)) return undefined
  const bits = [...mask.bytes].map(byte => byte.toString(2).padStart(8, '0')).join('')
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined
}

const prefixOf = (text: string) => parsePrefix(text) as Prefix
const inside = (outer: AddressRange, inner: AddressRange) =>
  outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last

/** Whether one prefix contains another. */
export function contains(outer: string, inner: string): boolean {
  return inside(rangeOf(prefixOf(outer)), rangeOf(prefixOf(inner)))
}

/** Prefixes that are in both lists. */
export function common(left: readonly string[], right: readonly string[]): string[] {
  const both = left.flatMap(one => right.flatMap(other => (contains(one, other) ? [other] : contains(other, one) ? [one] : [])))
  return [...new Set(both)]
}

export function familyOf(prefix: string): Family {
  return prefix.includes(':') ? 6 : 4
}

/** Sorted, joined where they overlap or touch. */
export function joined(ranges: readonly AddressRange[]): AddressRange[] {
  const sorted = [...ranges].sort((a, b) => a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
  const result: AddressRange[] = []
  for (const range of sorted) {
    const before = result.at(-1)
    if (before?.family === range.family && range.first <= before.last + 1n)
      result[result.length - 1] = { ...before, last: range.last > before.last ? range.last : before.last }
    else result.push(range)
  }
  return result
}

export function without(ranges: readonly AddressRange[], hole: AddressRange): AddressRange[] {
  return ranges.flatMap(range => {
    if (range.family !== hole.family || hole.last < range.first || range.last < hole.first) return [range]
    const before = { ...range, last: hole.first - 1n }
    const after = { ...range, first: hole.last + 1n }
    return [before, after].filter(({ first, last }) => first <= last)
  })
}
