/** What packet builder and decoder share: addresses as bytes, and the two checksums of the internet. Written apart from controlplane/, as its oracle. */
import { isIPv4, isIPv6 } from 'node:net'

export type Bytes = Uint8Array

/** An IPv4 (4 bytes) or IPv6 (16 bytes) address in network order. */
export function addressBytes(text: string): Bytes {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number)
  if (!isIPv6(text) || text.includes('%')) throw new Error(`${text} is no IP address`)
  const [head, tail] = text.split('::').map(groups)
  if (head === undefined) throw new Error(`${text} is no IP address`)
  if (tail === undefined) return Uint8Array.from(head)
  return Uint8Array.from([...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail])
}

function groups(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap(group => {
    if (group.includes('.')) return [...addressBytes(group)]
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}

export function addressText(bytes: Bytes): string {
  if (bytes.length === 4) return bytes.join('.')
  const words = Array.from({ length: 8 }, (_, i) => (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16)).join(':')
  const zeros = [...words.matchAll(/(?<![^:])0(?::0)+(?![^:])/g)].sort((a, b) => b[0].length - a[0].length)[0]
  if (zeros === undefined) return words
  return `${words.slice(0, zeros.index).replace(/:$/, '')}::${words.slice(zeros.index + zeros[0].length).replace(/^:/, '')}`
}

export function macBytes(text: string): Bytes {
  const bytes = Uint8Array.from(text.split(':'), part => Number.parseInt(part, 16))
  if (bytes.length !== 6) throw new Error(`${text} is no Ethernet address`)
  return bytes
}

export function macText(bytes: Bytes): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(':')
}

export function join(...parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** The numbers given as 16 bit words in network order. */
export function words(...values: number[]): Bytes {
  return Uint8Array.from(values.flatMap(value => [(value >> 8) & 0xff, value & 0xff]))
}

export function bytesOf(payload: Bytes | string): Bytes {
  return typeof payload === 'string' ? new TextEncoder().encode(payload) : payload
}

/** Sum of 16 bit words in one's complement (RFC 1071), not inverted: 0xffff over data that holds its right checksum. */
export function onesSum(bytes: Bytes): number {
  let sum = 0
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return sum
}

export function internetChecksum(bytes: Bytes): number {
  return 0xffff ^ onesSum(bytes)
}

/** What TCP, UDP and ICMPv6 sum besides themselves: both addresses, the protocol and their length. */
export function pseudoHeader(source: Bytes, destination: Bytes, protocol: number, length: number): Bytes {
  if (source.length === 4) return join(source, destination, words(protocol, length))
  return join(source, destination, words(0, length, 0, protocol))
}

/** CRC-32C as SCTP carries it (RFC 9260): the least significant byte goes first on the wire. */
export function crc32c(bytes: Bytes): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return ~crc >>> 0
}
