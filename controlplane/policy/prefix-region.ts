/**
 * What is held below a path of the trie: the prefixes themselves with all that hold them, also those that tell nothing as long as
 * others cover them, and the cell that they come to. Never changed; an update shares what stays.
 */
import type { Family, NumberingDraft } from './numbering.ts'
import { byteAt, contains, lengthAt, noPrefixes, numberAt, type Packed, type Stride, strideOf } from './packed.ts'
import { branchOf, CellBuilder, isCell, skipTo, Telling } from './prefix-cells.ts'
import type { Edits } from './prefix-edits.ts'
import { bucketEntries, type Cell } from './prefix-tree.ts'
import type { SetPool } from './setpool.ts'

interface Common {
  /** Set of the pool that prefixes around it hold together. */
  readonly inherited: number
  /** Prefixes that say something other than what is around them. */
  readonly telling: number
  readonly cell: Cell
}
/** Few prefixes. */
export interface Leaf extends Common {
  readonly kind: 'leaf'
  /** With the set of those who hold exactly this prefix. */
  readonly prefixes: Packed
}
/** Many, by the next 8 bits. */
export interface Node extends Common {
  readonly kind: 'node'
  /** Prefixes that end within these bits. */
  readonly short: Packed
  /** 256 of them. */
  readonly children: readonly (Region | undefined)[]
  /** Prefixes in all. */
  readonly count: number
}
export type Region = Leaf | Node

/** A leaf that grows beyond becomes a node, and a node that shrinks below half of it a leaf. */
const leafPrefixes = 256
/** Edits that are merged at a stretch. */
const piece = 1 << 14

export class RegionBuilder {
  readonly family: Family
  readonly stride: Stride
  readonly #bits: number
  readonly #most: number
  readonly #pool: SetPool
  readonly #numbering: NumberingDraft
  readonly #cells: CellBuilder
  readonly #telling = new Telling()
  /** Places that contain the current one, and the sets there. */
  readonly #around = new Int32Array(129)
  readonly #aroundSets = new Uint32Array(129)
  #scratch = new Uint32Array(4096)

  constructor(family: 4 | 6, pool: SetPool, numbering: NumberingDraft) {
    this.family = family === 4 ? 0 : 1
    this.stride = strideOf(family)
    this.#bits = family === 4 ? 32 : 128
    this.#most = family === 4 ? bucketEntries.ipv4 : bucketEntries.ipv6
    this.#pool = pool
    this.#numbering = numbering
    this.#cells = new CellBuilder(family)
  }

  countOf(region: Region | undefined): number {
    if (region === undefined) return 0
    return region.kind === 'node' ? region.count : region.prefixes.length / this.stride
  }

  /** Whether an update is done at once. */
  isShort(region: Region | undefined, edits: number): boolean {
    return region?.kind !== 'node' && this.countOf(region) + edits <= leafPrefixes
  }

  /** `isShort` must be true. */
  updateShort(region: Region | undefined, edits: Edits, from: number, to: number, level: number, inherited: number): Region | undefined {
    const leaf = region as Leaf | undefined
    return this.#leaf(this.merge(leaf?.prefixes ?? noPrefixes, edits, from, to), level, inherited, leaf)
  }

  /** `edits` from `from` to `to` lie below the path and are longer than it; undefined: nothing is left. */
  *update(
    region: Region | undefined,
    edits: Edits,
    from: number,
    to: number,
    level: number,
    inherited: number,
  ): Generator<void, Region | undefined> {
    if (region?.kind === 'node') return yield* this.#updateNode(region, edits, from, to, level, inherited)
    if (this.isShort(region, to - from)) return this.updateShort(region, edits, from, to, level, inherited)
    const prefixes = yield* this.mergeLong(region?.prefixes ?? noPrefixes, edits, from, to)

    return yield* this.#grow(prefixes, 0, prefixes.length / this.stride, level, inherited, region?.cell)
  }

  /** The same list where nothing changes. */
  merge(list: Packed, edits: Edits, from: number, to: number): Packed {
    if (from === to) return list
    const { stride } = this
    const count = list.length / stride
    if (this.#scratch.length < (count + to - from) * stride) this.#scratch = new Uint32Array((count + to - from) * stride * 2)
    const scratch = this.#scratch
    let changes = false
    let at = 0
    let end = 0

    for (let edit = from; edit < to; edit++) {
      let order = -1
      while (at < count) {
        order = this.#compare(list, at, edits, edit)
        if (order >= 0) break
        for (let word = at * stride; word < (at + 1) * stride; word++) scratch[end++] = list[word] as number
        at++
      }
      const own = at < count && order === 0 ? numberAt(list, stride, at++) : 0
      const set = this.#pool.union(this.#pool.minus(own, edits.lost[edit] as number), edits.gained[edit] as number)

      if (set !== own) changes = true
      if (set === 0) continue
      for (let word = 0; word < stride - 1; word++) scratch[end++] = edits.words[edit * (stride - 1) + word] as number
      scratch[end++] = (set << 8) | (edits.lengths[edit] as number)
    }
    if (!changes) return list
    scratch.set(list.subarray(at * stride), end)
    const merged = scratch.slice(0, end + (count - at) * stride)
    if (this.#scratch.length > 1 << 20) this.#scratch = new Uint32Array(4096)
    return merged
  }

  /** As `merge`, in pieces. */
  *mergeLong(list: Packed, edits: Edits, from: number, to: number): Generator<void, Packed> {
    if (to - from <= piece) return this.merge(list, edits, from, to)
    const { stride } = this
    const parts: Packed[] = []
    let changes = false
    let at = 0

    for (let edit = from; edit < to; edit += piece) {
      const end = Math.min(to, edit + piece)
      const part = list.subarray(at * stride, (end === to ? list.length / stride : this.#lowerBound(list, edits, end)) * stride)
      const merged = this.merge(part, edits, edit, end)

      at += part.length / stride
      changes ||= merged !== part
      parts.push(merged)
      yield
    }
    return changes ? joined(parts) : list
  }

  /** What is around each cell, given what is around them all. `from` and `to` bound the cells that are looked at. */
  spread(short: Packed, level: number, bits: number, sets: Uint32Array, from: number, to: number): { telling: number; last: number } {
    const { stride } = this
    const count = short.length / stride
    let telling = 0
    let last = -1

    for (let place = 0; place < count; place++) {
      const length = lengthAt(short, stride, place)
      const first = ((short[place * stride + (level >>> 5)] as number) << (level & 31)) >>> (32 - bits)
      const end = first + 2 ** (level + bits - length)
      if (end <= from || first >= to) continue
      const outer = sets[Math.max(first, from)] as number
      const set = this.#pool.union(outer, numberAt(short, stride, place))
      if (set === outer) continue

      sets.fill(set, Math.max(first, from), Math.min(end, to))
      telling++
      last = place
    }
    return { telling, last }
  }

  numberOf(set: number): number {
    return this.#numbering.numberOf(set, this.family)
  }

  #lowerBound(list: Packed, edits: Edits, edit: number): number {
    let low = 0
    let high = list.length / this.stride

    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compare(list, middle, edits, edit) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #compare(list: Packed, at: number, edits: Edits, edit: number): number {
    const width = this.stride - 1

    for (let word = 0; word < width; word++) {
      const order = (list[at * this.stride + word] as number) - (edits.words[edit * width + word] as number)
      if (order !== 0) return order
    }
    return lengthAt(list, this.stride, at) - (edits.lengths[edit] as number)
  }

  #leaf(prefixes: Packed, level: number, inherited: number, old: Region | undefined, oldCell = old?.cell): Leaf | undefined {
    if (prefixes.length === 0) return undefined
    if (old?.kind === 'leaf' && old.prefixes === prefixes && old.inherited === inherited) return old
    const telling = this.#telling

    this.#tell(prefixes, inherited)
    const cell = this.#cells.build(prefixes, telling, 0, telling.count, level, this.numberOf(inherited), oldCell)
    return { kind: 'leaf', prefixes, inherited, telling: telling.count, cell }
  }

  /** A covering prefix comes before what it covers, so that a stack holds those around the current one. */
  #tell(prefixes: Packed, inherited: number): void {
    const { stride } = this
    const count = prefixes.length / stride
    const telling = this.#telling
    let depth = 0
    telling.count = 0

    for (let place = 0; place < count; place++) {
      while (depth > 0 && !contains(prefixes, stride, this.#around[depth - 1] as number, place)) depth--
      const outer = depth > 0 ? (this.#aroundSets[depth - 1] as number) : inherited
      const set = this.#pool.union(outer, numberAt(prefixes, stride, place))
      if (set === outer) continue

      telling.push(place, this.numberOf(set))
      this.#around[depth] = place
      this.#aroundSets[depth++] = set
    }
  }

  *#updateNode(node: Node, edits: Edits, from: number, to: number, level: number, inherited: number): Generator<void, Region | undefined> {
    const { short: shortEdits, ends } = this.#divide(edits, from, to, level)
    const short = this.merge(node.short, shortEdits, 0, shortEdits.count)
    const inside = new Uint32Array(256).fill(inherited)
    const { telling, last } = this.spread(short, level, 8, inside, 0, 256)
    const children = node.children.slice()
    let count = node.count + (short.length - node.short.length) / this.stride

    for (let byte = 0; byte < 256; byte++) {
      const child = children[byte]
      const [first, end] = [ends[2 * byte] as number, ends[2 * byte + 1] as number]
      if (first === end && (child === undefined || child.inherited === inside[byte])) continue
      const next: Region | undefined = this.isShort(child, end - first)
        ? this.updateShort(child, edits, first, end, level + 8, inside[byte] as number)
        : yield* this.update(child, edits, first, end, level + 8, inside[byte] as number)

      children[byte] = next
      count += this.countOf(next) - this.countOf(child)
      if ((byte & 15) === 15) yield
    }
    if (count < leafPrefixes / 2) return this.#leaf(this.#gather(short, children, level), level, inherited, node)
    return this.#node({ short, children, count, inherited, inside, telling, last }, level, node.cell)
  }

  *#grow(
    prefixes: Packed,
    from: number,
    to: number,
    level: number,
    inherited: number,
    old: Cell | undefined,
  ): Generator<void, Region | undefined> {
    const { stride } = this
    const before = isCell(old, 'branch') ? old.cells : undefined
    if (to - from <= leafPrefixes || level + 8 >= this.#bits)
      return this.#leaf(prefixes.slice(from * stride, to * stride), level, inherited, undefined, old)
    const isShort = (place: number) => lengthAt(prefixes, stride, place) <= level + 8
    const shortWords: number[] = []

    for (let place = from; place < to; place++)
      if (isShort(place)) for (let word = 0; word < stride; word++) shortWords.push(prefixes[place * stride + word] as number)
    const short = Uint32Array.from(shortWords)
    const inside = new Uint32Array(256).fill(inherited)
    const { telling, last } = this.spread(short, level, 8, inside, 0, 256)
    const children: (Region | undefined)[] = new Array(256).fill(undefined)

    for (let place = from; place < to; ) {
      if (isShort(place)) {
        place++
        continue
      }
      const byte = byteAt(prefixes, stride, place, level)
      const first = place
      while (place < to && byteAt(prefixes, stride, place, level) === byte) place++
      children[byte] =
        place - first <= leafPrefixes
          ? this.#leaf(prefixes.slice(first * stride, place * stride), level + 8, inside[byte] as number, undefined, before?.[byte])
          : yield* this.#grow(prefixes, first, place, level + 8, inside[byte] as number, before?.[byte])
      yield
    }
    return this.#node({ short, children, count: to - from, inherited, inside, telling, last }, level, old)
  }

  #node(
    node: Omit<Node, 'kind' | 'cell'> & {
      /** What is around each child. */
      readonly inside: Uint32Array
      /** The last of `short` that tells something. */
      readonly last: number
    },
    level: number,
    old: Cell | undefined,
  ): Node {
    const { short, children, count, inherited } = node
    const told = children.filter(child => child !== undefined && child.telling > 0) as Region[]
    const telling = told.reduce((sum, child) => sum + child.telling, node.telling)
    const cell = this.#nodeCell({ ...node, told }, telling, level, old)

    return { kind: 'node', short, children, count, inherited, telling, cell }
  }

  #nodeCell(
    node: {
      readonly short: Packed
      readonly children: readonly (Region | undefined)[]
      readonly inherited: number
      readonly inside: Uint32Array
      readonly telling: number
      readonly last: number
      readonly told: readonly Region[]
    },
    telling: number,
    level: number,
    old: Cell | undefined,
  ): Cell {
    const { short, children, inside, told } = node
    const otherwise = this.numberOf(node.inherited)
    const [only] = told

    if (telling === 0) return otherwise
    if (telling <= this.#most) {
      const few = this.#gather(short, told, level)
      this.#tell(few, node.inherited)
      return this.#cells.build(few, this.#telling, 0, this.#telling.count, level, otherwise, old)
    }
    if (this.#bits === 128 && only !== undefined && told.length === 1 && node.telling <= 1) {
      const address = this.#firstOf(only)
      const isAround =
        node.telling === 1 &&
        lengthAt(short, this.stride, node.last) === level + 8 &&
        byteAt(short, this.stride, node.last, level) === byteAt(address, this.stride, 0, level)

      if (typeof only.cell === 'object' && (node.telling === 0 || isAround))
        return node.telling === 0 && only.cell.kind === 'skip' ? only.cell : skipTo(address, level + 8, only.cell, level, otherwise, old)
    }
    return branchOf(
      children.map((child, byte) => child?.cell ?? this.numberOf(inside[byte] as number)),
      old,
    )
  }

  /** Prefixes that end within the next 8 bits, and the bounds of the others by these bits. */
  #divide(edits: Edits, from: number, to: number, level: number): { short: Edits; ends: Int32Array } {
    const width = this.stride - 1
    const places: number[] = []
    const ends = new Int32Array(512)
    const byteOf = (edit: number) => ((edits.words[edit * width + (level >>> 5)] as number) >>> (24 - (level & 31))) & 255

    for (let edit = from; edit < to; ) {
      if ((edits.lengths[edit] as number) <= level + 8) {
        places.push(edit++)
        continue
      }
      const byte = byteOf(edit)
      ends[2 * byte] = edit
      while (edit < to && byteOf(edit) === byte) edit++
      ends[2 * byte + 1] = edit
    }
    return { short: pickEdits(edits, places), ends }
  }

  /** All prefixes of a node and these children, in order. */
  #gather(short: Packed, children: readonly (Region | undefined)[], level: number): Packed {
    const { stride } = this
    const parts: Packed[] = []
    let at = 0

    for (const child of children) {
      if (child === undefined) continue
      const byte = byteAt(this.#firstOf(child), stride, 0, level)
      const first = at

      while (at < short.length / stride && byteAt(short, stride, at, level) <= byte) at++
      parts.push(short.subarray(first * stride, at * stride), this.#all(child, level + 8))
    }
    parts.push(short.subarray(at * stride))
    return joined(parts)
  }

  #all(region: Region, level: number): Packed {
    return region.kind === 'leaf' ? region.prefixes : this.#gather(region.short, region.children, level)
  }

  #firstOf(region: Region): Packed {
    if (region.kind === 'leaf') return region.prefixes
    return region.short.length > 0 ? region.short : this.#firstOf(region.children.find(child => child !== undefined) as Region)
  }
}

function joined(parts: readonly Packed[]): Packed {
  const whole = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let end = 0

  for (const part of parts) {
    whole.set(part, end)
    end += part.length
  }
  return whole
}

export function pickEdits(edits: Edits, places: readonly number[]): Edits {
  const width = edits.family === 4 ? 1 : 4
  const words = new Uint32Array(places.length * width)

  for (let at = 0; at < places.length; at++)
    for (let word = 0; word < width; word++) words[at * width + word] = edits.words[(places[at] as number) * width + word] as number
  return {
    family: edits.family,
    count: places.length,
    words,
    lengths: Uint8Array.from(places, place => edits.lengths[place] as number),
    gained: Uint32Array.from(places, place => edits.gained[place] as number),
    lost: Uint32Array.from(places, place => edits.lost[place] as number),
  }
}
