/** Tries: made by hand, and led through as the C code does it. */
import { contains, lengthAt, numberAt, type Packed, packList, strideOf } from '../../controlplane/policy/packed.ts'
import { CellBuilder, Telling } from '../../controlplane/policy/prefix-cells.ts'
import { prefixListOf } from '../../controlplane/policy/prefix-list.ts'
import { type Cell, type PrefixTree, rootBits } from '../../controlplane/policy/prefix-tree.ts'
import type { PrefixKey } from '../../controlplane/policy/tables.ts'

/** Of an address in network order. */
export function membershipIn(tree: PrefixTree, address: Uint8Array): number {
  const words = Uint32Array.from({ length: address.length / 4 }, (_, at) =>
    new DataView(address.buffer, address.byteOffset).getUint32(at * 4),
  )
  const root = address.length === 4 ? tree.ipv4 : tree.ipv6
  let cell = root[(words[0] as number) >>> rootBits] as Cell
  let level: number = rootBits

  for (;;) {
    if (typeof cell === 'number') return cell
    switch (cell.kind) {
      case 'branch':
        cell = cell.cells[address[level >>> 3] as number] as Cell
        level += 8
        break
      case 'skip':
        if (cell.length <= level || cell.length % 8 !== 0) throw new Error(`a skip to ${cell.length} at ${level}`)
        if (!agrees(cell.address, 0, words, cell.length)) return cell.otherwise
        level = cell.length
        cell = cell.below
        break
      case 'bucket': {
        const width = words.length
        for (let at = 0; at < cell.entries.length; at += width + 2)
          if (agrees(cell.entries, at, words, cell.entries[at + width] as number)) return cell.entries[at + width + 1] as number
        return cell.otherwise
      }
    }
  }
}

function agrees(entries: Uint32Array, at: number, words: Uint32Array, length: number): boolean {
  for (let bit = 0; bit < length; bit += 32) {
    const difference = (entries[at + bit / 32] as number) ^ (words[bit / 32] as number)
    if (difference !== 0 && Math.clz32(difference) < length - bit) return false
  }
  return true
}

/** 0.0.0.0/0 and ::/0 say 0 and 1. */
export function treeOf(prefixes: ReadonlyMap<PrefixKey, number>): PrefixTree {
  return { ipv4: cellsOf(4, prefixes), ipv6: cellsOf(6, prefixes) }
}

function cellsOf(family: 4 | 6, prefixes: ReadonlyMap<PrefixKey, number>): Cell[] {
  const keys = [...prefixes.keys()].filter(key => key.charCodeAt(0) === family).sort()
  const list = prefixListOf(keys)
  const stride = strideOf(family)
  const packed: Packed = packList(
    family === 4 ? list.ipv4 : list.ipv6,
    keys.map(key => prefixes.get(key) as number),
  )
  const cells: Cell[] = new Array(2 ** rootBits).fill(family === 4 ? 0 : 1)
  const builder = new CellBuilder(family)
  const rootOf = (place: number) => (packed[place * stride] as number) >>> rootBits

  for (let place = 0; place < keys.length; ) {
    const root = rootOf(place)
    const length = lengthAt(packed, stride, place)

    if (length <= rootBits) {
      cells.fill(numberAt(packed, stride, place++), root, root + 2 ** (rootBits - length))
      continue
    }
    const telling = new Telling()
    const around: number[] = []
    for (; place < keys.length && rootOf(place) === root; place++) {
      while (around.length > 0 && !contains(packed, stride, around.at(-1) as number, place)) around.pop()
      const outer = around.length > 0 ? numberAt(packed, stride, around.at(-1) as number) : cells[root]
      if (numberAt(packed, stride, place) === outer) continue
      telling.push(place, numberAt(packed, stride, place))
      around.push(place)
    }
    cells[root] = builder.build(packed, telling, 0, telling.count, rootBits, cells[root] as number, undefined)
  }
  return cells
}
