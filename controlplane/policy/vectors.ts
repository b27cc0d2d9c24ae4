/** Bit vectors over rules, each content kept once: its place in the pool is its class. */

/** u32 words of a row of `vectors`: the summary, then the words of all RULE_BITS rules. */
export interface VectorShape {
  readonly summaryWords: number
  readonly words: number
}

export interface VectorPool {
  /** Class 0 accepts no rule and is there from the start. */
  readonly count: number
  classOf(bits: Bits): number
  /** The table, row after row. */
  rows(): Uint8Array
}

/**
 * A vector while it is built: bit i of word i / 32 is the rule at position i; little-endian u64 of the kernel are pairs of these. Its
 * hash is the sum (exclusive or) of a random number for each rule in it (Zobrist 1970), so that one rule more or less costs no walk.
 */
export class Bits {
  readonly words: Uint32Array
  low = 0
  high = 0

  constructor(rules: number) {
    this.words = new Uint32Array(Math.ceil(rules / 64) * 2)
  }

  /** This becomes equal to another of as many rules. */
  become(other: Bits): this {
    this.words.set(other.words)
    this.low = other.low
    this.high = other.high
    return this
  }

  copy(): Bits {
    return new Bits(this.words.length * 32).become(this)
  }

  add(position: number): void {
    const word = this.words[position >>> 5] as number
    const bit = 1 << (position & 31)

    if ((word & bit) === 0) this.#flip(position, word ^ bit)
  }

  remove(position: number): void {
    const word = this.words[position >>> 5] as number
    const bit = 1 << (position & 31)

    if ((word & bit) !== 0) this.#flip(position, word ^ bit)
  }

  #flip(position: number, word: number): void {
    this.words[position >>> 5] = word
    this.low ^= mixed(position * 2)
    this.high ^= mixed(position * 2 + 1)
  }
}

/** Scatters a small number over 32 bits (the finalizer of MurmurHash3). */
function mixed(value: number): number {
  let hash = Math.imul(value + 1, 0x9e3779b1)

  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

export function vectorPool({ summaryWords, words }: VectorShape): VectorPool {
  const stride = summaryWords + words
  const byHash = new Map<number, number[]>()
  let rows = new Uint32Array(stride * 64)
  let count = 0

  const equals = (row: number, bits: Uint32Array) => {
    const base = row * stride + summaryWords

    for (let at = 0; at < bits.length; at++) if (rows[base + at] !== bits[at]) return false
    for (let at = bits.length; at < words; at++) if (rows[base + at] !== 0) return false
    return true
  }
  const append = (bits: Uint32Array) => {
    const base = count * stride

    if (base + stride > rows.length) {
      const larger = new Uint32Array(rows.length * 2)
      larger.set(rows)
      rows = larger
    }
    rows.set(bits, base + summaryWords)
    for (let at = 0; at < bits.length; at++)
      if (bits[at] !== 0)
        // one summary bit for each u64
        rows[base + (at >>> 6)] = (rows[base + (at >>> 6)] as number) | (1 << ((at >>> 1) & 31))
    return count++
  }
  const classOf = (bits: Bits) => {
    const hash = (bits.high & 0x1fffff) * 0x100000000 + (bits.low >>> 0)
    const same = byHash.get(hash)
    const found = same?.find(row => equals(row, bits.words))

    if (found !== undefined) return found
    const row = append(bits.words)
    if (same === undefined) byHash.set(hash, [row])
    else same.push(row)
    return row
  }
  classOf(new Bits(0))
  return {
    classOf,
    get count() {
      return count
    },
    rows: () => new Uint8Array(rows.buffer, 0, count * stride * 4),
  }
}
