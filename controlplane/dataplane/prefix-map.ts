/** A trie as the prefixes that it tells apart, each with its membership. */
import { prefixKey } from '../policy/prefix.ts'
import type { Cell, PrefixTree } from '../policy/prefix-tree.ts'
import { rootBits } from '../policy/prefix-tree.ts'
import type { PrefixKey } from '../policy/tables.ts'

const known = new WeakMap<PrefixTree, ReadonlyMap<PrefixKey, number>>()

export function prefixMapOf(tree: PrefixTree): ReadonlyMap<PrefixKey, number> {
  const found = known.get(tree)
  if (found !== undefined) return found
  const prefixes = new Map<PrefixKey, number>()

  for (const [family, cells] of [
    [4, tree.ipv4],
    [6, tree.ipv6],
  ] as const)
    list(family, cells, 0, cells.length, new Uint32Array(family === 4 ? 1 : 4), rootBits, family === 4 ? 0 : 1, prefixes)
  known.set(tree, prefixes)
  return prefixes
}

/** The cells from `from` on, a block of them, of a node whose cells begin at bit `level`. */
function list(
  family: 4 | 6,
  cells: readonly Cell[],
  from: number,
  size: number,
  address: Uint32Array,
  level: number,
  around: number,
  prefixes: Map<PrefixKey, number>,
): void {
  const first = otherwiseOf(cells[from] as Cell)
  let isOne = first !== undefined

  for (let at = from + 1; isOne && at < from + size; at++) isOne = otherwiseOf(cells[at] as Cell) === first
  const place = address.slice()
  place[(level - 1) >>> 5] = (place[(level - 1) >>> 5] as number) | (from << (31 - ((level - 1) & 31)))
  if (isOne && first !== around) add(family, place, level - Math.log2(size), first as number, prefixes)
  const inside = isOne ? (first as number) : around
  if (size > 1 && (!isOne || cells.slice(from, from + size).some(cell => typeof cell === 'object'))) {
    for (const half of [from, from + size / 2]) list(family, cells, half, size / 2, address, level, inside, prefixes)
    return
  }
  const cell = cells[from] as Cell
  if (typeof cell === 'number') return
  if (cell.kind === 'branch') list(family, cell.cells, 0, 256, place, level + 8, inside, prefixes)
  else if (cell.kind === 'bucket') {
    const stride = family === 4 ? 3 : 6
    for (let at = 0; at < cell.entries.length; at += stride)
      add(
        family,
        cell.entries.subarray(at, at + stride - 2),
        cell.entries[at + stride - 2] as number,
        cell.entries[at + stride - 1] as number,
        prefixes,
      )
  } else list(family, [cell.below], 0, 1, cell.address, cell.length, cell.otherwise, prefixes)
}

function otherwiseOf(cell: Cell): number | undefined {
  return typeof cell === 'number' ? cell : cell.kind === 'branch' ? undefined : cell.otherwise
}

function add(family: 4 | 6, words: Uint32Array, length: number, membership: number, prefixes: Map<PrefixKey, number>): void {
  const bytes = Uint8Array.from({ length: words.length * 4 }, (_, at) => (words[at >>> 2] as number) >>> (24 - 8 * (at & 3)))

  prefixes.set(prefixKey({ family, bytes, length }), membership)
}
