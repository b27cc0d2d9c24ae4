/** Bit vectors over rules, each content kept once: its place in the pool is its class. */
import { Limit } from '../dataplane/abi.ts'

/** u32 words of a row of `vectors`: the summary, one bit for each u64, then the words of all RULE_BITS rules. */
const summaryWords = Limit.summaryWords * 2
const words = Limit.ruleWords * 2
const stride = summaryWords + words

/** By position, a random number of 128 bits. */
const randoms = randomNumbers(Limit.ruleBits * 4)

/**
 * A set of rules by its hash alone: the sum (exclusive or) of a random number for each rule in it (Zobrist 1970), so that one rule more
 * or less costs no walk. Sets with the same 128 bits are taken for equal: for a million sets the odds against it are 2^88 to one.
 */
export class Sum {
  a = 0
  b = 0
  c = 0
  d = 0

  become(other: Sum): this {
    this.a = other.a
    this.b = other.b
    this.c = other.c
    this.d = other.d
    return this
  }

  /** Puts a rule in, or takes it out. */
  flip(position: number): void {
    this.a ^= randoms[position * 4] as number
    this.b ^= randoms[position * 4 + 1] as number
    this.c ^= randoms[position * 4 + 2] as number
    this.d ^= randoms[position * 4 + 3] as number
  }
}

/** A vector while it is built: bit i of word i / 32 is the rule at position i; little-endian u64 of the kernel are pairs of these. */
export class Bits extends Sum {
  readonly words: Uint32Array

  /** `width`: positions. */
  constructor(width: number) {
    super()
    this.words = new Uint32Array(Math.ceil(width / 64) * 2)
  }

  /** This becomes equal to another of the same width. */
  override become(other: Bits): this {
    this.words.set(other.words)
    return super.become(other)
  }

  copy(): Bits {
    return new Bits(this.words.length * 32).become(this)
  }

  has(position: number): boolean {
    return (((this.words[position >>> 5] as number) >>> (position & 31)) & 1) === 1
  }

  add(position: number): void {
    if (!this.has(position)) this.#toggle(position)
  }

  remove(position: number): void {
    if (this.has(position)) this.#toggle(position)
  }

  #toggle(position: number): void {
    this.words[position >>> 5] = (this.words[position >>> 5] as number) ^ (1 << (position & 31))
    this.flip(position)
  }
}

/** The rows of `vectors`. One that was asked for last time has the same number this time; one that was not may become another. */
export class VectorPool {
  #rows = new Uint32Array(stride * 64)
  /** Four words a row. */
  #sums = new Int32Array(4 * 64)
  /** When a row was last asked for; 0: never. */
  #asked = new Uint32Array(64)
  /** Row + 1 by its sum, or in the next places; 0: the end of the search. One that has become another stands in the way, no more. */
  #places = new Int32Array(256)
  #taken = 0
  #round = 0
  #free: number[] = []
  #filled = 0
  #count = 0
  #end = 0

  constructor() {
    this.begin()
  }

  /** What is asked for from here on is what the next table holds. Class 0 accepts no rule and is always there. */
  begin(): void {
    this.#round++
    this.#count = 0
    this.#end = 0
    this.#free = []
    for (let row = this.#filled - 1; row > 0; row--) if (this.#asked[row] !== this.#round - 1) this.#free.push(row)
    this.#placeAll()
    this.classOf(new Bits(0))
  }

  /** Classes asked for. */
  get count(): number {
    return this.#count
  }

  /** Rows up to the last that was asked for; those between may be nobody's. */
  get end(): number {
    return this.#end
  }

  classOf(bits: Bits): number {
    return this.find(bits) ?? this.#fill(bits)
  }

  find({ a, b, c, d }: Sum): number | undefined {
    const places = this.#places
    const sums = this.#sums
    const mask = places.length - 1

    for (let place = a & mask; ; place = (place + 1) & mask) {
      const row = (places[place] as number) - 1

      if (row < 0) return undefined
      if (sums[row * 4] !== a || sums[row * 4 + 1] !== b || sums[row * 4 + 2] !== c || sums[row * 4 + 3] !== d) continue
      this.#note(row)
      return row
    }
  }

  /** The table. Valid until the next round. */
  rows(): Uint8Array {
    return new Uint8Array(this.#rows.buffer, 0, this.#end * stride * 4)
  }

  /** Takes over rows that an earlier process has left; behind the last, all is empty. */
  adopt(rows: Uint8Array): void {
    const table = new Uint32Array(rows.buffer.slice(rows.byteOffset, rows.byteOffset + rows.byteLength))

    for (let row = 1; (row + 1) * stride <= table.length; row++) {
      const own = table.subarray(row * stride, (row + 1) * stride)
      const sum = new Sum()

      if (own.subarray(0, summaryWords).every(word => word === 0)) return
      for (let word = 0; word < words; word++)
        for (let left = own[summaryWords + word] as number; left !== 0; left &= left - 1)
          sum.flip(word * 32 + 31 - Math.clz32(left & -left))
      this.#put(row, sum)
      this.#rows.set(own, row * stride)
    }
  }

  #note(row: number): void {
    if (this.#asked[row] === this.#round) return
    this.#asked[row] = this.#round
    this.#count++
    if (row >= this.#end) this.#end = row + 1
  }

  #fill(bits: Bits): number {
    let row = this.#free.pop()

    // It may have been asked for meanwhile.
    while (row !== undefined && this.#asked[row] === this.#round) row = this.#free.pop()
    row ??= this.#filled
    this.#put(row, bits)
    const rows = this.#rows
    const own = bits.words
    const base = row * stride

    rows.fill(0, base, base + summaryWords)
    rows.set(own, base + summaryWords)
    rows.fill(0, base + summaryWords + own.length, base + stride)
    for (let at = 0; at < own.length; at++)
      if (own[at] !== 0) rows[base + (at >>> 6)] = (rows[base + (at >>> 6)] as number) | (1 << ((at >>> 1) & 31))
    this.#note(row)
    return row
  }

  /** A row gets another content. */
  #put(row: number, { a, b, c, d }: Sum): void {
    if (row >= this.#filled) this.#grow(row + 1)
    this.#sums[row * 4] = a
    this.#sums[row * 4 + 1] = b
    this.#sums[row * 4 + 2] = c
    this.#sums[row * 4 + 3] = d
    if (this.#taken * 2 >= this.#places.length) this.#placeAll()
    else this.#place(row)
  }

  #place(row: number): void {
    const mask = this.#places.length - 1
    let place = (this.#sums[row * 4] as number) & mask

    while (this.#places[place] !== 0) place = (place + 1) & mask
    this.#places[place] = row + 1
    this.#taken++
  }

  #placeAll(): void {
    let size = 256

    while (size < this.#filled * 4) size *= 2
    this.#places = new Int32Array(size)
    this.#taken = 0
    for (let row = 0; row < this.#filled; row++) this.#place(row)
  }

  #grow(filled: number): void {
    this.#filled = filled
    if (filled <= this.#asked.length) return
    const rows = new Uint32Array(this.#rows.length * 2)
    const sums = new Int32Array(this.#sums.length * 2)
    const asked = new Uint32Array(this.#asked.length * 2)

    rows.set(this.#rows)
    sums.set(this.#sums)
    asked.set(this.#asked)
    this.#rows = rows
    this.#sums = sums
    this.#asked = asked
  }
}

/** The same in every process: small numbers scattered over 32 bits (the finalizer of MurmurHash3). */
function randomNumbers(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, at) => {
    let hash = Math.imul(at + 1, 0x9e3779b1)

    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    return hash ^ (hash >>> 16)
  })
}
