/** Buckets and skips of the trie as the lines that packets read: struct prefix_ipv4 and struct prefix_ipv6 of shared.h. Pure. */
import type { Bucket, Skip } from '../policy/prefix-tree.ts'
import { CellBits, CellType, Limit, PrefixIpv4, PrefixIpv6 } from './abi.ts'
import type { Lines } from './page-book.ts'

export type Family = 'ipv4' | 'ipv6'
export const families = ['ipv4', 'ipv6'] as const

/** Numbers that an entry of a bucket takes in the tree, and words that it takes in the kernel. */
const columns = { ipv4: 3, ipv6: 6 } as const
const strides = { ipv4: PrefixIpv4.size / 4, ipv6: PrefixIpv6.size / 4 } as const
const perLine = { ipv4: Limit.lineWords / strides.ipv4, ipv6: Limit.lineWords / strides.ipv6 } as const
/** Words of struct prefix_ipv6; 64-bit fields have their low word first. */
const at = {
  high: PrefixIpv6.offsets.high / 4,
  low: PrefixIpv6.offsets.low / 4,
  length: PrefixIpv6.offsets.length / 4,
  cell: PrefixIpv6.offsets.cell / 4,
  otherwise: PrefixIpv6.offsets.otherwise / 4,
}

/** Cells, as words. */
export function branchAt(place: number): number {
  return ((CellType.branch << CellBits.typeShift) | (place / Limit.pageLines)) >>> 0
}

export function bucketAt(place: number, lines: Lines): number {
  return ((CellType.bucket << CellBits.typeShift) | ((lines - 1) << CellBits.linesShift) | place) >>> 0
}

export function typeOf(word: number): number {
  return word >>> CellBits.typeShift
}

/** First line of a branch or bucket. */
export function placeOf(word: number): number {
  const line = word & ((1 << CellBits.lineBits) - 1)

  return typeOf(word) === CellType.branch ? line * Limit.pageLines : line
}

export function linesOf(word: number): Lines {
  return (((word >>> CellBits.linesShift) & (Limit.bucketLines - 1)) + 1) as Lines
}

/** An IPv4 bucket ends with something that matches everything. */
export function linesFor(bucket: Bucket, family: Family): Lines {
  const entries = bucket.entries.length / columns[family] + (family === 'ipv4' ? 1 : 0)

  return Math.ceil(entries / perLine[family]) as Lines
}

export function writeBucket(bucket: Bucket, family: Family, words: Uint32Array, first: number): void {
  if (family === 'ipv4') writeIpv4(bucket, words, first)
  else writeIpv6(bucket, words, first)
}

function writeIpv4({ entries, otherwise }: Bucket, words: Uint32Array, first: number): void {
  const count = entries.length / columns.ipv4
  const end = first + Math.ceil((count + 1) / perLine.ipv4) * Limit.lineWords
  let word = first

  for (let entry = 0; entry < entries.length; entry += columns.ipv4) {
    const mask = (0xffff << (32 - (entries[entry + 1] as number))) & 0xffff

    words[word++] = (mask << 16) | ((entries[entry] as number) & mask)
    words[word++] = entries[entry + 2] as number
  }
  while (word < end) {
    words[word++] = 0
    words[word++] = otherwise
  }
}

function writeIpv6({ entries, otherwise }: Bucket, words: Uint32Array, first: number): void {
  const count = entries.length / columns.ipv6
  const whole = Math.ceil(count / perLine.ipv6) * perLine.ipv6

  for (let slot = 0; slot < whole; slot++) {
    const entry = Math.min(slot, count - 1) * columns.ipv6

    writePrefix(words, first + slot * strides.ipv6, entries, entry, entries[entry + 4] as number, entries[entry + 5] as number, otherwise)
  }
}

/** A bucket of one prefix, from which the search goes on. */
export function writeSkip({ address, length, otherwise }: Skip, below: number, words: Uint32Array, first: number): void {
  for (let slot = 0; slot < perLine.ipv6; slot++) writePrefix(words, first + slot * strides.ipv6, address, 0, length, below, otherwise)
}

export function setBelow(words: Uint32Array, first: number, below: number): void {
  for (let slot = 0; slot < perLine.ipv6; slot++) words[first + slot * strides.ipv6 + at.cell] = below
}

/** What an IPv6 bucket leads to: a membership, but for skips. */
export function belowOf(words: Uint32Array, first: number): number {
  return words[first + at.cell] as number
}

function writePrefix(
  words: Uint32Array,
  first: number,
  address: Uint32Array,
  from: number,
  length: number,
  cell: number,
  otherwise: number,
): void {
  words[first + at.high] = address[from + 1] as number
  words[first + at.high + 1] = address[from] as number
  words[first + at.low] = address[from + 3] as number
  words[first + at.low + 1] = address[from + 2] as number
  words[first + at.length] = length
  words[first + at.cell] = cell
  words[first + at.otherwise] = otherwise
  words[first + at.otherwise + 1] = 0
}

/** `root`: the first 16 bits of the addresses, which an IPv4 bucket does not repeat. */
export function readBucket(family: Family, words: Uint32Array, first: number, lines: Lines, root: number): Bucket {
  return family === 'ipv4' ? readIpv4(words, first, lines, root) : readIpv6(words, first, lines)
}

function readIpv4(words: Uint32Array, first: number, lines: Lines, root: number): Bucket {
  const entries: number[] = []

  for (let word = first; word < first + lines * Limit.lineWords; word += strides.ipv4) {
    const match = words[word] as number
    const membership = words[word + 1] as number

    if (match === 0) return { kind: 'bucket', otherwise: membership, entries: Uint32Array.from(entries) }
    entries.push(root * 0x10000 + (match & 0xffff), 32 - trailingZeros(match >>> 16), membership)
  }
  return { kind: 'bucket', otherwise: 0, entries: Uint32Array.from(entries) }
}

function trailingZeros(mask: number): number {
  return 31 - Math.clz32(mask & -mask)
}

function readIpv6(words: Uint32Array, first: number, lines: Lines): Bucket {
  const entries: number[] = []
  const end = first + lines * Limit.lineWords

  for (let word = first; word < end; word += strides.ipv6) {
    const entry = [...addressAt(words, word), words[word + at.length] as number, words[word + at.cell] as number]

    /* The last may repeat itself. */
    if (word + strides.ipv6 < end || entry.some((value, column) => value !== entries.at(column - columns.ipv6))) entries.push(...entry)
  }
  return { kind: 'bucket', otherwise: words[first + at.otherwise] as number, entries: Uint32Array.from(entries) }
}

export function readSkip(words: Uint32Array, first: number, below: Skip['below']): Skip {
  return {
    kind: 'skip',
    address: addressAt(words, first),
    length: words[first + at.length] as number,
    otherwise: words[first + at.otherwise] as number,
    below,
  }
}

function addressAt(words: Uint32Array, first: number): Uint32Array {
  return Uint32Array.of(
    words[first + at.high + 1] as number,
    words[first + at.high] as number,
    words[first + at.low + 1] as number,
    words[first + at.low] as number,
  )
}
