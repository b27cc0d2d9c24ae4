/** Fields whose values are numbers, cut into stretches: from one end of a range to the next, the same rules accept. */
import { Bits, type VectorPool } from './vectors.ts'
import type { PlacedRule, Range, Wants } from './wants.ts'

/** Classes of the values from 0 on. */
export interface Stretched {
  readonly classes: Uint16Array
  /** Of packets that have no value here: rules that do not ask. */
  readonly without: number
}

export interface PlacedRange extends Range {
  readonly position: number
}

export function stretchedClasses(
  rules: readonly PlacedRule[],
  width: number,
  size: number,
  rangesOf: (wants: Wants) => readonly Range[] | undefined,
  vectors: VectorPool,
): Stretched {
  const bits = new Bits(width)
  const ranges: PlacedRange[] = []

  for (const { position, wants } of rules) {
    const own = rangesOf(wants)

    if (own === undefined) bits.add(position)
    else for (const { first, last } of own) ranges.push({ first, last, position })
  }
  const without = vectors.classOf(bits)
  return { classes: stretch(ranges, bits, size, vectors), without }
}

/** Value -> class, for values below `size`. `bits` are those that name no value, and are so again in the end. */
export function stretch(ranges: readonly PlacedRange[], bits: Bits, size: number, vectors: VectorPool): Uint16Array {
  let current = vectors.classOf(bits)
  const classes = new Uint16Array(size).fill(current)
  if (ranges.length === 0) return classes
  /* By value, the first of a chain of ranges that begin there, or ended before; by range, the next. Counted from 1. */
  const opening = new Uint32Array(size + 1)
  const closing = new Uint32Array(size + 1)
  const nextOpening = new Uint32Array(ranges.length + 1)
  const nextClosing = new Uint32Array(ranges.length + 1)

  for (const [at, { first, last }] of ranges.entries()) {
    nextOpening[at + 1] = opening[first] as number
    opening[first] = at + 1
    nextClosing[at + 1] = closing[last + 1] as number
    closing[last + 1] = at + 1
  }
  const positionOf = (number: number) => (ranges[number - 1] as PlacedRange).position

  for (let value = 0; value <= size; value++) {
    const closes = closing[value] as number
    const opens = opening[value] as number

    for (let at = closes; at > 0; at = nextClosing[at] as number) bits.remove(positionOf(at))
    for (let at = opens; at > 0; at = nextOpening[at] as number) bits.add(positionOf(at))
    if ((closes || opens) && value < size) current = vectors.classOf(bits)
    classes[value] = current
  }
  return classes
}
