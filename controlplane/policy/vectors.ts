/** Bit vectors over rules, each content kept once: its place in the pool is its class. */

/** u32 words of a row of `vectors`: the summary, then the words of all RULE_BITS rules. */
export interface VectorShape {
  readonly summaryWords: number
  readonly words: number
}

/** A vector while it is built: bit i of word i / 32 is the rule at position i. Little-endian u64 of the kernel are pairs of these. */
export type Bits = Uint32Array

export interface VectorPool {
  /** Class 0 accepts no rule and is there from the start. */
  readonly count: number
  classOf(bits: Bits): number
  /** The table, row after row. */
  rows(): Uint8Array
}

export function bitsFor(rules: number): Bits {
  return new Uint32Array(Math.ceil(rules / 64) * 2)
}

export function setBit(bits: Bits, position: number): void {
  bits[position >>> 5] = (bits[position >>> 5] as number) | (1 << (position & 31))
}

export function clearBit(bits: Bits, position: number): void {
  bits[position >>> 5] = (bits[position >>> 5] as number) & ~(1 << (position & 31))
}

export function vectorPool({ summaryWords, words }: VectorShape): VectorPool {
  const stride = summaryWords + words
  const byHash = new Map<number, number[]>()
  let rows = new Uint32Array(stride * 64)
  let count = 0

  const equals = (row: number, bits: Bits) => {
    const base = row * stride + summaryWords

    for (let at = 0; at < bits.length; at++) if (rows[base + at] !== bits[at]) return false
    for (let at = bits.length; at < words; at++) if (rows[base + at] !== 0) return false
    return true
  }
  const append = (bits: Bits) => {
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
    const hash = contentHash(bits)
    const same = byHash.get(hash)
    const found = same?.find(row => equals(row, bits))

    if (found !== undefined) return found
    const row = append(bits)
    if (same === undefined) byHash.set(hash, [row])
    else same.push(row)
    return row
  }
  classOf(new Uint32Array(0))
  return {
    classOf,
    get count() {
      return count
    },
    rows: () => new Uint8Array(rows.buffer, 0, count * stride * 4),
  }
}

/** Zero words count nothing, so that vectors of both directions, of different length, meet where their content is equal. */
function contentHash(bits: Bits): number {
  let hash = 0

  for (let at = 0; at < bits.length; at++) {
    const word = bits[at] as number

    if (word !== 0) hash = Math.imul((hash ^ word ^ Math.imul(at + 1, 0x9e3779b1)) + ((hash << 13) | (hash >>> 19)), 0x85ebca6b)
  }
  return hash
}
