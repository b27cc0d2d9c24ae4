/** From prefixes with memberships to cells. What comes out depends on them alone, and is the old object where it would be equal. */
import { byteAt, commonBits, lengthAt, type Packed, type Stride, strideOf } from './packed.ts'
import { type Branch, type Bucket, bucketEntries, type Cell, type Skip } from './prefix-tree.ts'

/** Prefixes that say something other than what is around them, picked from a packed list, in its order. */
export class Telling {
  count = 0
  /** Places in the list. */
  places = new Int32Array(1024)
  memberships = new Uint32Array(1024)

  push(place: number, membership: number): void {
    if (this.count === this.places.length) {
      const [places, memberships] = [new Int32Array(this.count * 2), new Uint32Array(this.count * 2)]
      places.set(this.places)
      memberships.set(this.memberships)
      this.places = places
      this.memberships = memberships
    }
    this.places[this.count] = place
    this.memberships[this.count++] = membership
  }
}

export class CellBuilder {
  readonly #stride: Stride
  readonly #bits: number
  readonly #most: number
  /** A bucket while it is made. */
  readonly #order: Int32Array
  readonly #entries: Uint32Array

  constructor(family: 4 | 6) {
    this.#stride = strideOf(family)
    this.#bits = family === 4 ? 32 : 128
    this.#most = family === 4 ? bucketEntries.ipv4 : bucketEntries.ipv6
    this.#order = new Int32Array(this.#most)
    this.#entries = new Uint32Array(this.#most * (this.#stride + 1))
  }

  /** `from` and `to` are indices of `telling`; all of them agree in their first `level` bits and are longer. */
  build(list: Packed, telling: Telling, from: number, to: number, level: number, otherwise: number, old: Cell | undefined): Cell {
    if (from === to) return otherwise
    if (to - from <= this.#most) return this.#bucket(list, telling, from, to, otherwise, old)
    if (this.#bits === 128) {
      const skipped = this.#skip(list, telling, from, to, level, otherwise, old)
      if (skipped !== undefined) return skipped
    }
    return this.#branch(list, telling, from, to, level, otherwise, old)
  }

  #bucket(list: Packed, telling: Telling, from: number, to: number, otherwise: number, old: Cell | undefined): Bucket {
    const stride = this.#stride
    const order = this.#order
    const entries = this.#entries
    const { places, memberships } = telling

    for (let index = from; index < to; index++) {
      const length = lengthAt(list, stride, places[index] as number)
      let at = index - from
      for (; at > 0 && lengthAt(list, stride, places[order[at - 1] as number] as number) < length; at--) order[at] = order[at - 1] as number
      order[at] = index
    }
    let end = 0
    for (let at = 0; at < to - from; at++) {
      const index = order[at] as number
      const base = (places[index] as number) * stride
      for (let word = 0; word < stride - 1; word++) entries[end++] = list[base + word] as number
      entries[end++] = (list[base + stride - 1] as number) & 255
      entries[end++] = memberships[index] as number
    }
    if (isCell(old, 'bucket') && old.otherwise === otherwise && equal(old.entries, entries, end)) return old
    return { kind: 'bucket', otherwise, entries: entries.slice(0, end) }
  }

  #branch(list: Packed, telling: Telling, from: number, to: number, level: number, otherwise: number, old: Cell | undefined): Branch {
    const stride = this.#stride
    const { places, memberships } = telling
    const cells: Cell[] = new Array(256).fill(otherwise)
    const before = isCell(old, 'branch') ? old.cells : undefined

    for (let index = from; index < to; ) {
      const place = places[index] as number
      const length = lengthAt(list, stride, place)
      const byte = byteAt(list, stride, place, level)

      if (length <= level + 8) {
        cells.fill(memberships[index++] as number, byte, byte + (1 << (level + 8 - length)))
        continue
      }
      const first = index++
      while (index < to && byteAt(list, stride, places[index] as number, level) === byte) index++
      cells[byte] = this.build(list, telling, first, index, level + 8, cells[byte] as number, before?.[byte])
    }
    return branchOf(cells, old)
  }

  /** Undefined: they part within the next 8 bits. */
  #skip(
    list: Packed,
    telling: Telling,
    from: number,
    to: number,
    level: number,
    otherwise: number,
    old: Cell | undefined,
  ): Cell | undefined {
    const stride = this.#stride
    const { places, memberships } = telling
    const first = places[from] as number
    let bits = commonBits(list, stride, first, places[to - 1] as number)

    for (let index = from; index < to && bits >= level + 8; index++) bits = Math.min(bits, lengthAt(list, stride, places[index] as number))
    const length = bits & ~7
    if (length <= level) return undefined
    const isWhole = lengthAt(list, stride, first) === length
    const inside = isWhole ? (memberships[from] as number) : otherwise
    const before = isCell(old, 'skip') ? old.below : isCell(old, 'branch') ? old.cells[byteAt(list, stride, first, level)] : undefined
    const below = this.build(list, telling, isWhole ? from + 1 : from, to, length, inside, before)

    return skipTo(list.subarray(first * stride, first * stride + 4), length, below as Branch | Bucket | Skip, level, otherwise, old)
  }
}

/** A skip cannot lead to a skip: a branch stands between them, at the last level that allows it. */
export function skipTo(
  address: Uint32Array,
  length: number,
  below: Branch | Bucket | Skip,
  level: number,
  otherwise: number,
  old: Cell | undefined,
): Branch | Skip {
  if (below.kind !== 'skip') return skipOf(address, length, below, otherwise, old)
  const at = length - 8
  const cells: Cell[] = new Array(256).fill(otherwise)
  cells[byteAt(address, 5, 0, at)] = below

  return at === level
    ? branchOf(cells, old)
    : skipOf(address, at, branchOf(cells, isCell(old, 'skip') ? old.below : undefined), otherwise, old)
}

function skipOf(address: Uint32Array, length: number, below: Branch | Bucket, otherwise: number, old: Cell | undefined): Skip {
  const masked = Uint32Array.from({ length: 4 }, (_, word) => {
    const bits = Math.min(32, Math.max(0, length - word * 32))
    return bits === 0 ? 0 : (address[word] as number) & (-1 << (32 - bits))
  })

  if (isCell(old, 'skip') && old.length === length && old.otherwise === otherwise && old.below === below && equal(old.address, masked, 4))
    return old
  return { kind: 'skip', address: masked, length, otherwise, below }
}

export function branchOf(cells: readonly Cell[], old: Cell | undefined): Branch {
  return isCell(old, 'branch') && cells.every((cell, byte) => cell === old.cells[byte]) ? old : { kind: 'branch', cells }
}

export function isCell<Kind extends 'branch' | 'bucket' | 'skip'>(
  cell: Cell | undefined,
  kind: Kind,
): cell is Extract<Cell, { readonly kind: Kind }> {
  return typeof cell === 'object' && cell.kind === kind
}

function equal(left: Uint32Array, right: Uint32Array, length: number): boolean {
  if (left.length !== length) return false
  for (let at = 0; at < length; at++) if (left[at] !== right[at]) return false
  return true
}
