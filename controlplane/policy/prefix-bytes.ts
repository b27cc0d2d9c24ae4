/** Prefixes read from bytes of text straight into numbers, a million a second: what is spelt plainly. The rest goes through prefix.ts. */
import { isFailure, type Prefix, type PrefixFailure, parsePrefix } from './prefix.ts'

/** Four words of the address (one for IPv4) and the length. */
export type PrefixNumbers = Uint32Array

export function prefixNumbers(): PrefixNumbers {
  return new Uint32Array(5)
}

/** 4 or 6, and the prefix in `into`; 0: not spelt plainly, or no prefix at all: parsePrefix knows. */
export function readPlainPrefix(bytes: Uint8Array, start: number, end: number, into: PrefixNumbers): 0 | 4 | 6 {
  return readIpv4(bytes, start, end, into) ? 4 : readIpv6(bytes, start, end, into) ? 6 : 0
}

/** Any spelling: the family, or why it is refused. */
export function readPrefix(text: string, into: PrefixNumbers): 4 | 6 | PrefixFailure {
  const prefix = parsePrefix(text)
  if (isFailure(prefix)) return prefix
  numbersOf(prefix, into)
  return prefix.family
}

export function numbersOf({ bytes, length }: Prefix, into: PrefixNumbers): void {
  for (let at = 0; at < bytes.length; at += 4)
    into[at >> 2] =
      ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)
  into[4] = length
}

export function prefixOfNumbers(family: 4 | 6, words: Uint32Array, at: number, length: number): Prefix {
  const bytes = new Uint8Array(family === 4 ? 4 : 16)
  for (let byte = 0; byte < bytes.length; byte++) bytes[byte] = (words[at + (byte >> 2)] as number) >>> (24 - 8 * (byte & 3))
  return { family, bytes, length }
}

function readIpv4(bytes: Uint8Array, start: number, end: number, into: PrefixNumbers): boolean {
  let at = start
  let address = 0

  for (let part = 0; part < 4; part++) {
    let value = (bytes[at] as number) - 48
    if (at >= end || value < 0 || value > 9) return false
    at++
    // A number that begins with 0 is 0, else a reader might take it for octal.
    for (let digits = 1; value > 0 && at < end && digits < 3; digits++) {
      const digit = (bytes[at] as number) - 48
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
      at++
    }
    if (value > 255) return false
    address = (address << 8) | value
    if (part < 3 && (at >= end || bytes[at++] !== 0x2e)) return false
  }
  const length = readLength(bytes, at, end, 32)
  if (length < 0 || (length < 32 && address << length !== 0)) return false
  into[0] = address
  into[4] = length
  return true
}

const groups = new Uint16Array(8)

function readIpv6(bytes: Uint8Array, start: number, end: number, into: PrefixNumbers): boolean {
  let at = start
  let count = 0
  let gap = -1

  if (end - start < 2) return false
  if (bytes[at] === 0x3a) {
    if (bytes[at + 1] !== 0x3a) return false
    gap = 0
    at += 2
  }
  while (at < end && bytes[at] !== 0x2f) {
    let value = 0
    let digits = 0
    for (; at < end && digits < 4; digits++, at++) {
      const digit = hexDigit(bytes[at] as number)
      if (digit < 0) break
      value = (value << 4) | digit
    }
    if (digits === 0 || count === 8) return false
    groups[count++] = value
    if (at === end || bytes[at] === 0x2f) break
    if (bytes[at++] !== 0x3a) return false
    if (at < end && bytes[at] === 0x3a) {
      if (gap >= 0) return false
      gap = count
      at++
    } else if (at === end || bytes[at] === 0x2f) {
      return false // a single colon at the end
    }
  }
  if (gap < 0 ? count !== 8 : count > 7) return false
  const length = readLength(bytes, at, end, 128)
  if (length < 0) return false

  into.fill(0)
  const moved = 8 - count
  for (let group = 0; group < count; group++) {
    const place = gap >= 0 && group >= gap ? group + moved : group
    into[place >> 1] = (into[place >> 1] as number) | ((groups[group] as number) << (place & 1 ? 0 : 16))
  }
  into[4] = length
  // IPv4 in IPv6 clothes is refused with advice, and so are host bits.
  if (into[0] === 0 && into[1] === 0 && into[2] === 0xffff && length >= 96) return false
  for (let word = length >> 5; word < 4; word++)
    if (((into[word] as number) & (word === length >> 5 ? 0xffffffff >>> (length & 31) : 0xffffffff)) !== 0) return false
  return true
}

/** From `/` on; nothing there: a host. -1: no length. */
function readLength(bytes: Uint8Array, start: number, end: number, bits: number): number {
  if (start === end) return bits
  const digits = end - start - 1
  if (bytes[start] !== 0x2f || digits < 1 || digits > 3 || (digits > 1 && bytes[start + 1] === 0x30)) return -1
  let length = 0
  for (let at = start + 1; at < end; at++) {
    const digit = (bytes[at] as number) - 48
    if (digit < 0 || digit > 9) return -1
    length = length * 10 + digit
  }
  return length <= bits ? length : -1
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 0x20
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}
