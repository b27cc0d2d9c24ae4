/**
 * The trie of prefixes in the kernel: two sides, which share what they have in common. The side that is not in force becomes what is
 * wanted: what it alone refers to is let go, what the other side has at the same place is referred to, the rest is written. Nothing
 * that the side in force refers to is ever touched.
 */
import { NativeError } from '../native/errors.ts'
import type { Branch, Bucket, Cell, PrefixTree, Skip } from '../policy/prefix-tree.ts'
import type { CapacityUse } from '../policy/tables.ts'
import { BaseMembership, CellType, Limit } from './abi.ts'
import {
  belowOf,
  branchAt,
  bucketAt,
  type Family,
  families,
  linesFor,
  linesOf,
  placeOf,
  readBucket,
  readSkip,
  setBelow,
  typeOf,
  writeBucket,
  writeSkip,
} from './buckets.ts'
import type { MappedArray } from './map.ts'
import { branchLines, type Lines, type Needs, noNeeds, PageBook } from './page-book.ts'
import type { Segments } from './segments.ts'
import { Turns } from './turns.ts'

export type Side = 0 | 1

const rootCells = Limit.trieRootCells
const noCells: readonly Cell[] = new Array<Cell>(rootCells).fill(0)
/** What roots of zeros say. */
const zeros: PrefixTree = { ipv4: noCells, ipv6: noCells }

/** What the other side has where something is to be: its object, and the cell that refers to it. */
interface Mate {
  readonly cell: Cell | undefined
  readonly word: number
}
const nothing: Mate = { cell: undefined, word: 0 }

/** A branch whose cells are still zeros. */
interface Job {
  readonly branch: Branch
  readonly words: Uint32Array
  /** Of its first cell in `words`. */
  readonly first: number
  readonly mate: Mate
  /** Bits that led to it. */
  readonly level: number
}

/** What a walk over the wanted tree does with what the other side has not got; it answers the cell that refers to it. */
interface Taker {
  share: (word: number) => void
  branch: () => { readonly word: number; readonly words: Uint32Array; readonly first: number }
  bucket: (bucket: Bucket, family: Family) => number
  /** What is below it comes afterwards. */
  skip: (skip: Skip) => { readonly word: number; readonly words: Uint32Array; readonly first: number }
}

interface Walk {
  readonly tree: PrefixTree
  readonly mates: PrefixTree
  /** The side that `mates` stand on. */
  readonly other: Side
  readonly taker: Taker
  /** Where the cells of the root go. */
  readonly root?: Uint32Array
  readonly turns: Turns
}

/** Root cells in which two trees differ. */
type Changes = Readonly<Record<Family, readonly number[]>>

export class Trie {
  readonly #roots: MappedArray
  readonly #pool: Segments
  readonly #book: PageBook
  readonly #segments: Uint32Array[] = []
  /** By side; undefined: an earlier process has left it, and it has not been read. */
  readonly #trees: [PrefixTree | undefined, PrefixTree | undefined]

  /** `pages`: how many it may use. `reused`: an earlier process may have filled the maps. */
  constructor(roots: MappedArray, pool: Segments, pages: number, reused: boolean) {
    this.#roots = roots
    this.#pool = pool
    this.#book = new PageBook(pages, pool.count * Limit.pagesPerSegment)
    for (let segment = 0; segment < pool.count; segment++) this.#segments.push(pool.words(segment))
    this.#trees = reused ? [undefined, undefined] : [zeros, zeros]
  }

  use(): CapacityUse {
    return { table: 'prefix_pages', used: this.#book.taken, max: this.#book.limit }
  }

  /** What a side says. */
  tree(side: Side): PrefixTree {
    if (this.#trees[side] === undefined) this.#know(side, this.#read(side, zeros))
    return this.#trees[side] as PrefixTree
  }

  /** Whether a side says what this tree says. What is equal is known by these objects from now on. */
  holds(tree: PrefixTree, side: Side): boolean {
    const read = this.#read(side, tree)
    const equal = families.every(family => differing(read[family], tree[family]).length === 0)

    if (equal || this.#trees[side] === undefined) this.#know(side, equal ? tree : read)
    return equal
  }

  /** No packet may read `side`. `inForce`: the other one is; otherwise nothing is. Throws `capacity` where the pages do not suffice. */
  async fill(tree: PrefixTree, side: Side, inForce: boolean): Promise<void> {
    const other: Side = side === 0 ? 1 : 0

    if (inForce && this.#trees[other] === undefined) this.holds(tree, other)
    if (!inForce && this.#trees[other] === undefined) this.#forget(other)
    if (this.#trees[side] === undefined) this.#forget(side)
    const before = this.#trees[side] as PrefixTree
    const mates = this.#trees[other] as PrefixTree
    const changes = { ipv4: differing(tree.ipv4, before.ipv4), ipv6: differing(tree.ipv6, before.ipv6) }
    const turns = new Turns()

    for (const family of families) await this.#release(changes[family], family, side, turns)
    const needs = noNeeds()
    const walk = { tree, mates, other, turns }

    for (const family of families) await this.#walk(changes[family], family, { ...walk, taker: this.#counter(needs) })
    try {
      await this.#grow(needs, turns)
    } catch (error) {
      this.#trees[side] = without(before, changes)
      throw error
    }
    for (const family of families)
      await this.#walk(changes[family], family, { ...walk, taker: this.#writer(), root: this.#root(side, family) })
    this.#trees[side] = tree
  }

  #root(side: Side, family: Family): Uint32Array {
    const row = this.#roots.bytes(side * families.length + families.indexOf(family), 1)

    return new Uint32Array(row.buffer, row.byteOffset, rootCells)
  }

  #forget(side: Side): void {
    for (const family of families) this.#root(side, family).fill(0)
    this.#trees[side] = zeros
  }

  /** Makes room before anything is written, so that nothing is left half written. */
  async #grow(needs: Needs, turns: Turns): Promise<void> {
    const { taken, limit } = this.#book
    const pages = taken + this.#book.pagesFor(needs)

    if (pages > limit)
      throw new NativeError('capacity', `the prefixes do not fit (prefix_pages: ${pages} of ${limit})`, {
        remedy: 'make the sets smaller, or open with a larger capacity',
      })
    while (this.#book.total < pages) {
      this.#pool.grow(this.#pool.count + 1)
      this.#segments.push(this.#pool.words(this.#pool.count - 1))
      this.#book.add(Limit.pagesPerSegment)
      await turns.next()
    }
  }

  /** The words that a place stands in, and where. */
  #words(place: number): Uint32Array {
    return this.#segments[place >>> segmentShift] as Uint32Array
  }

  // Letting go

  async #release(indices: readonly number[], family: Family, side: Side, turns: Turns): Promise<void> {
    const root = this.#root(side, family)
    const stack: number[] = []

    for (const index of indices) {
      const word = root[index] as number

      root[index] = 0
      if (typeOf(word) === CellType.membership) continue
      stack.push(word)
      for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
        if (this.#book.release(placeOf(next))) this.#pushBelow(next, family, stack)
        if (turns.isOver()) await turns.next()
      }
    }
  }

  /** What something refers to. */
  #pushBelow(word: number, family: Family, stack: number[]): void {
    const place = placeOf(word)
    const words = this.#words(place)
    const first = firstWord(place)

    if (typeOf(word) === CellType.branch) {
      for (let cell = first; cell < first + Limit.trieFanout; cell++) {
        const below = words[cell] as number
        if (typeOf(below) !== CellType.membership) stack.push(below)
      }
    } else if (family === 'ipv6' && typeOf(belowOf(words, first)) !== CellType.membership) {
      stack.push(belowOf(words, first))
    }
  }

  // Writing

  /** From the changed cells of the root downwards. The order does not matter: nobody reads it yet. */
  async #walk(indices: readonly number[], family: Family, { tree, mates, other, taker, root, turns }: Walk): Promise<void> {
    const mateRoot = this.#root(other, family)
    const jobs: Job[] = []

    for (const index of indices) {
      const word = this.#place(
        tree[family][index] as Cell,
        { cell: mates[family][index], word: mateRoot[index] as number },
        family,
        16,
        taker,
        jobs,
      )

      if (root) root[index] = word
      for (let job = jobs.pop(); job !== undefined; job = jobs.pop()) {
        this.#branch(job, family, taker, jobs)
        if (turns.isOver()) await turns.next()
      }
      if (turns.isOver()) await turns.next()
    }
  }

  #branch({ branch, words, first, mate, level }: Job, family: Family, taker: Taker, jobs: Job[]): void {
    for (let byte = 0; byte < Limit.trieFanout; byte++) {
      const cell = branch.cells[byte] as Cell

      words[first + byte] =
        typeof cell === 'number' ? cell : this.#place(cell, this.#below(mate, level, byte), family, level + 8, taker, jobs)
    }
  }

  #place(cell: Cell, mate: Mate, family: Family, level: number, taker: Taker, jobs: Job[]): number {
    if (typeof cell === 'number') return cell
    if (cell === mate.cell) {
      taker.share(mate.word)
      return mate.word
    }
    switch (cell.kind) {
      case 'bucket':
        return taker.bucket(cell, family)
      case 'branch': {
        const { word, words, first } = taker.branch()

        jobs.push({ branch: cell, words, first, mate, level })
        return word
      }
      case 'skip': {
        const { word, words, first } = taker.skip(cell)
        let inside = mate

        for (let at = level; at < cell.length; at += 8) inside = this.#below(inside, at, byteOf(cell.address, at))
        setBelow(words, first, this.#place(cell.below, inside, family, cell.length, taker, jobs))
        return word
      }
    }
  }

  /** What the other side has 8 bits further on. It may be on the way through a skip there. */
  #below({ cell, word }: Mate, level: number, byte: number): Mate {
    if (cell === undefined || typeof cell === 'number' || cell.kind === 'bucket') return nothing
    const place = placeOf(word)
    const words = this.#words(place)
    const first = firstWord(place)

    if (cell.kind === 'branch') return { cell: cell.cells[byte], word: words[first + byte] as number }
    if (byteOf(cell.address, level) !== byte) return nothing
    return level + 8 === cell.length ? { cell: cell.below, word: belowOf(words, first) } : { cell, word }
  }

  #writer(): Taker {
    return {
      share: word => this.#book.share(placeOf(word)),
      bucket: (bucket, family) => {
        const lines = linesFor(bucket, family)
        const place = this.#take(lines)

        writeBucket(bucket, family, this.#words(place), firstWord(place))
        return bucketAt(place, lines)
      },
      branch: () => {
        const place = this.#take(branchLines)
        const words = this.#words(place)
        const first = firstWord(place)

        return { word: branchAt(place), words, first }
      },
      skip: skip => {
        const place = this.#take(1)
        const words = this.#words(place)
        const first = firstWord(place)

        writeSkip(skip, 0, words, first)
        return { word: bucketAt(place, 1), words, first }
      },
    }
  }

  /** Writes nothing that anybody reads. */
  #counter(needs: Needs): Taker {
    const words = new Uint32Array(Limit.pageWords)
    const nowhere = { word: 0, words, first: 0 }
    const count = (lines: number) => {
      needs[lines] = (needs[lines] as number) + 1
    }

    return {
      share: () => undefined,
      bucket: (bucket, family) => {
        count(linesFor(bucket, family))
        return 0
      },
      branch: () => {
        count(branchLines)
        return nowhere
      },
      skip: () => {
        count(1)
        return nowhere
      },
    }
  }

  #take(lines: Lines | typeof branchLines): number {
    const place = this.#book.take(lines)

    if (place === undefined) throw new RangeError('the trie has not grown by what it needs')
    return place
  }

  // Reading what an earlier process has left

  #know(side: Side, tree: PrefixTree): void {
    if (this.#trees[side] === undefined)
      for (const family of families) {
        const stack = [...this.#root(side, family)].filter(word => typeOf(word) !== CellType.membership && this.#isThere(word))

        for (let word = stack.pop(); word !== undefined; word = stack.pop()) {
          this.#book.claim(placeOf(word), typeOf(word) === CellType.branch ? branchLines : linesOf(word))
          this.#pushBelow(word, family, stack)
        }
      }
    this.#trees[side] = tree
  }

  #isThere(word: number): boolean {
    return placeOf(word) < this.#segments.length * segmentLines
  }

  /** The tree that a side spells, of the objects of `like` where they are equal. */
  #read(side: Side, like: PrefixTree): PrefixTree {
    const cells = (family: Family) => {
      const root = this.#root(side, family)

      return like[family].map((cell, index) => this.#readCell(root[index] as number, cell, family, index))
    }

    return { ipv4: cells('ipv4'), ipv6: cells('ipv6') }
  }

  #readCell(word: number, like: Cell | undefined, family: Family, root: number): Cell {
    if (typeOf(word) === CellType.membership) return word
    /* As packets read it. */
    if (!this.#isThere(word)) return BaseMembership[family]
    const place = placeOf(word)
    const words = this.#words(place)
    const first = firstWord(place)

    if (typeOf(word) === CellType.branch) {
      const old = isKind(like, 'branch') ? like : undefined
      const cells = Array.from(words.subarray(first, first + Limit.trieFanout), (below, byte) =>
        this.#readCell(below, old?.cells[byte], family, root),
      )

      return old && cells.every((cell, byte) => cell === old.cells[byte]) ? old : { kind: 'branch', cells }
    }
    if (family === 'ipv6' && typeOf(belowOf(words, first)) !== CellType.membership) {
      const old = isKind(like, 'skip') ? like : undefined
      const below = this.#readCell(belowOf(words, first), old?.below, family, root) as Branch | Bucket
      const skip = readSkip(words, first, below)

      return old &&
        old.below === below &&
        old.length === skip.length &&
        old.otherwise === skip.otherwise &&
        equal(old.address, skip.address)
        ? old
        : skip
    }
    const bucket = readBucket(family, words, first, linesOf(word), root)

    return isKind(like, 'bucket') && like.otherwise === bucket.otherwise && equal(like.entries, bucket.entries) ? like : bucket
  }
}

const segmentLines = Limit.pagesPerSegment * Limit.pageLines
const segmentShift = Math.log2(segmentLines)

function firstWord(place: number): number {
  return (place & (segmentLines - 1)) * Limit.lineWords
}

function byteOf(address: Uint32Array, bit: number): number {
  return ((address[bit >>> 5] as number) >>> (24 - (bit & 31))) & 255
}

function differing(cells: readonly Cell[], others: readonly Cell[]): number[] {
  const indices: number[] = []

  if (cells === others) return indices
  for (let index = 0; index < rootCells; index++) if (cells[index] !== others[index]) indices.push(index)
  return indices
}

/** As a side is once what it says differently has been let go. */
function without(tree: PrefixTree, changes: Changes): PrefixTree {
  const cells = (family: Family) => {
    const kept = tree[family].slice()

    for (const index of changes[family]) kept[index] = 0
    return kept
  }

  return { ipv4: cells('ipv4'), ipv6: cells('ipv6') }
}

function isKind<Kind extends 'branch' | 'bucket' | 'skip'>(
  cell: Cell | undefined,
  kind: Kind,
): cell is Extract<Cell, { readonly kind: Kind }> {
  return typeof cell === 'object' && cell.kind === kind
}

function equal(left: Uint32Array, right: Uint32Array): boolean {
  return left.length === right.length && left.every((value, at) => value === right[at])
}
