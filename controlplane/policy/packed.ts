/**
 * Prefixes with a number each, packed into one array: the words of the address, then number << 8 | length. In the order of prefix
 * lists. A few thousand of them are one object.
 */
import { type FamilyList, wordsOf } from './prefix-list.ts'

export type Packed = Uint32Array
/** Numbers of 32 bits that one prefix takes. */
export type Stride = 2 | 5
export const noPrefixes: Packed = new Uint32Array(0)
/** Numbers beside a prefix are below this. */
export const maxPacked = 2 ** 24

export function strideOf(family: 4 | 6): Stride {
  return family === 4 ? 2 : 5
}

export function lengthAt(packed: Packed, stride: Stride, at: number): number {
  return (packed[at * stride + stride - 1] as number) & 255
}

export function numberAt(packed: Packed, stride: Stride, at: number): number {
  return (packed[at * stride + stride - 1] as number) >>> 8
}

/** The 8 bits of the address that begin at bit `level`. */
export function byteAt(packed: Packed, stride: Stride, at: number, level: number): number {
  return ((packed[at * stride + (level >>> 5)] as number) >>> (24 - (level & 31))) & 255
}

/** Whether the prefix at `outer` contains the one at `inner`, which is no shorter. */
export function contains(packed: Packed, stride: Stride, outer: number, inner: number): boolean {
  return commonBits(packed, stride, outer, inner) >= lengthAt(packed, stride, outer)
}

/** Leading bits that two addresses share. */
export function commonBits(packed: Packed, stride: Stride, left: number, right: number): number {
  const words = stride - 1

  for (let word = 0; word < words; word++) {
    const difference = (packed[left * stride + word] as number) ^ (packed[right * stride + word] as number)
    if (difference !== 0) return word * 32 + Math.clz32(difference)
  }
  return words * 32
}

export function packList(list: FamilyList, numbers: ArrayLike<number>): Packed {
  const width = wordsOf(list.family)
  const stride = strideOf(list.family)
  const packed = new Uint32Array(list.count * stride)

  for (let at = 0; at < list.count; at++) {
    for (let word = 0; word < width; word++) packed[at * stride + word] = list.words[at * width + word] as number
    packed[at * stride + width] = ((numbers[at] as number) << 8) | (list.lengths[at] as number)
  }
  return packed
}
