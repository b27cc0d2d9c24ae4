/** The trie of a table of prefixes, made at once. */
import { familyOf, prefixFromKey } from './prefix.ts'
import { type Branch, type Bucket, bucketEntries, type Cell, type PrefixTree, rootBits } from './prefix-tree.ts'
import type { PrefixKey } from './tables.ts'

interface Entry {
  readonly words: Uint32Array
  readonly length: number
  readonly membership: number
}

/** `prefixes`: with their memberships; outside of all of them the base membership of the family holds. */
export function treeOf(prefixes: ReadonlyMap<PrefixKey, number>): PrefixTree {
  const entries: { 4: Entry[]; 6: Entry[] } = { 4: [], 6: [] }

  for (const [key, membership] of [...prefixes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { bytes, length } = prefixFromKey(key)
    const view = new DataView(bytes.buffer)

    entries[familyOf(key)].push({
      words: Uint32Array.from({ length: bytes.length / 4 }, (_, word) => view.getUint32(word * 4)),
      length,
      membership,
    })
  }
  return { ipv4: rootOf(entries[4], bucketEntries.ipv4, 0), ipv6: rootOf(entries[6], bucketEntries.ipv6, 1) }
}

function rootOf(entries: readonly Entry[], most: number, base: number): Cell[] {
  return cellsOf(entries, 0, rootBits, most, base)
}

/** One cell for each value of the next `bits`; a covering prefix comes before what it covers. */
function cellsOf(entries: readonly Entry[], level: number, bits: number, most: number, otherwise: number): Cell[] {
  const cells: Cell[] = new Array<Cell>(1 << bits).fill(otherwise)

  for (let at = 0; at < entries.length; ) {
    const { words, length, membership } = entries[at] as Entry
    const index = bitsAt(words, level, bits)

    if (length <= level + bits) {
      cells.fill(membership, index, index + (1 << (level + bits - length)))
      at++
      continue
    }
    let end = at + 1

    while (end < entries.length && bitsAt((entries[end] as Entry).words, level, bits) === index) end++
    cells[index] = cellOf(entries.slice(at, end), level + bits, most, cells[index] as number)
    at = end
  }
  return cells
}

function cellOf(entries: readonly Entry[], level: number, most: number, otherwise: number): Branch | Bucket | Cell {
  const [first] = entries
  const last = entries.at(-1)

  if (first === undefined || last === undefined) return otherwise
  if (entries.length <= most) return bucketOf(entries, otherwise)
  if (first.words.length === 4) {
    const length = Math.min(commonBits(first.words, last.words), ...entries.map(entry => entry.length)) & ~7

    if (length > level) {
      const inside = first.length === length ? first.membership : otherwise
      const below = cellOf(first.length === length ? entries.slice(1) : entries, length, most, inside)

      if (typeof below === 'object' && below.kind !== 'skip')
        return { kind: 'skip', address: first.words.map((word, at) => masked(word, length - at * 32)), length, otherwise, below }
    }
  }
  return { kind: 'branch', cells: cellsOf(entries, level, 8, most, otherwise) }
}

function bucketOf(entries: readonly Entry[], otherwise: number): Bucket {
  const longestFirst = [...entries].sort((a, b) => b.length - a.length)

  return {
    kind: 'bucket',
    otherwise,
    entries: Uint32Array.from(longestFirst.flatMap(({ words, length, membership }) => [...words, length, membership])),
  }
}

function bitsAt(words: Uint32Array, bit: number, bits: number): number {
  return ((words[bit >>> 5] as number) << (bit & 31)) >>> (32 - bits)
}

function masked(word: number, bits: number): number {
  return bits <= 0 ? 0 : bits >= 32 ? word : (word & (-1 << (32 - bits))) >>> 0
}

function commonBits(a: Uint32Array, b: Uint32Array): number {
  const word = a.findIndex((value, at) => value !== b[at])

  return word < 0 ? a.length * 32 : word * 32 + Math.clz32((a[word] as number) ^ (b[word] as number))
}

/** What a prefix says in a tree; undefined where that cannot be told without what it covers. */
export function membershipIn(tree: PrefixTree, key: PrefixKey): number | undefined {
  const { family, bytes, length } = prefixFromKey(key)
  const view = new DataView(bytes.buffer)
  const words = Uint32Array.from({ length: bytes.length / 4 }, (_, word) => view.getUint32(word * 4))
  let cell = (family === 4 ? tree.ipv4 : tree.ipv6)[bitsAt(words, 0, rootBits)] as Cell

  for (let level: number = rootBits; typeof cell === 'object'; ) {
    if (cell.kind === 'bucket') {
      if (length <= level) return cell.otherwise
      const stride = words.length + 2
      const { entries } = cell

      for (let at = 0; at < entries.length; at += stride)
        if (entries[at + words.length] === length && words.every((word, index) => word === entries[at + index])) return entries[at + stride - 1]
      return undefined
    }
    if (length <= level) return cell.kind === 'skip' ? cell.otherwise : undefined
    if (cell.kind === 'skip') {
      const { address } = cell

      if (commonBits(words, address) < Math.min(length, cell.length)) return cell.otherwise
      if (length < cell.length) return cell.otherwise
      level = cell.length
      cell = cell.below
      continue
    }
    cell = cell.cells[bitsAt(words, level, 8)] as Cell
    level += 8
  }
  return cell
}
