/** Prefixes and addresses as people write them, as bytes, and as sortable keys. Strict: what could be read in two ways is refused with both. */
import { parseIpv4, parseIpv6 } from './address.ts'
import type { PrefixKey } from './tables.ts'

export interface Prefix {
  readonly family: 4 | 6
  /** Network order, 4 or 16 of them; bits past `length` are zero. */
  readonly bytes: Uint8Array
  /** Bits that count: 0 to 32 or 128. */
  readonly length: number
}

/** What parsing returns instead of a prefix: why it was refused and what to type instead. */
export interface PrefixFailure {
  readonly problem: { readonly code: 'malformed' | 'host_bits'; readonly detail: string; readonly hint: string }
}

/** Everything of a family: "any", and never an entry of a trie. */
export const anyIpv4: PrefixKey = '\x04\0\0\0\0\0'
export const anyIpv6: PrefixKey = `\x06${'\0'.repeat(17)}`

export function isFailure(result: Prefix | PrefixFailure): result is PrefixFailure {
  return 'problem' in result
}

export function failure(detail: string, hint: string, code: 'malformed' | 'host_bits' = 'malformed'): PrefixFailure {
  return { problem: { code, detail, hint } }
}

/** `192.0.2.0/24`, `2001:db8::/32`, or an address, which is a prefix of one host. */
export function parsePrefix(text: string): Prefix | PrefixFailure {
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  const zone = address.indexOf('%')

  if (zone >= 0) return zoned(text, address.slice(0, zone))
  const family = address.includes(':') ? 6 : 4
  const bytes = family === 4 ? parseIpv4(address) : parseIpv6(address)

  if (!(bytes instanceof Uint8Array)) return failure(bytes.detail, bytes.hint)
  const bits = bytes.length * 8
  const length = slash < 0 ? bits : parseLength(text.slice(slash + 1), bits)

  if (length < 0)
    return failure(
      `${text} has a length that is no number from 0 to ${bits}`,
      `write ${address}/${bits} for one host, or a length from 0 to ${bits}`,
    )
  const prefix: Prefix = { family, bytes, length }

  if (family === 6 && length >= 96 && isMapped(bytes)) return mapped(text, prefix)
  if (hasHostBits(bytes, length)) {
    const network = formatPrefix(truncate(prefix))
    return failure(
      `${text} has bits set past /${length}`,
      `write ${network}, or ${formatPrefix({ ...prefix, length: bits })} for one host`,
      'host_bits',
    )
  }
  return prefix
}

/** An address alone: a length is refused. */
export function parseAddress(text: string): Prefix | PrefixFailure {
  const slash = text.indexOf('/')

  return slash < 0 ? parsePrefix(text) : failure(`${text} has a length where one address is wanted`, `write ${text.slice(0, slash)}`)
}

/** With length, hosts too: `192.0.2.7/32`. IPv6 as RFC 5952. */
export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix)}/${prefix.length}`
}

/** Without length. */
export function formatAddress(prefix: Prefix): string {
  return prefix.family === 4 ? prefix.bytes.join('.') : formatIpv6(prefix.bytes)
}

export function prefixKey(prefix: Prefix): PrefixKey {
  return String.fromCharCode(prefix.family, ...prefix.bytes, prefix.length)
}

export function prefixFromKey(key: PrefixKey): Prefix {
  const bytes = new Uint8Array(key.length - 2)

  for (let at = 0; at < bytes.length; at++) bytes[at] = key.charCodeAt(at + 1)
  return { family: familyOf(key), bytes, length: lengthOf(key) }
}

export function formatKey(key: PrefixKey): string {
  return formatPrefix(prefixFromKey(key))
}

export function familyOf(key: PrefixKey): 4 | 6 {
  return key.charCodeAt(0) === 4 ? 4 : 6
}

export function lengthOf(key: PrefixKey): number {
  return key.charCodeAt(key.length - 1)
}

/** Whether `outer` contains all of `inner`. */
export function covers(outer: PrefixKey, inner: PrefixKey): boolean {
  const length = lengthOf(outer)

  if (outer.length !== inner.length || length > lengthOf(inner)) return false
  const whole = (length >> 3) + 1 // the family stands in front

  for (let at = 1; at < whole; at++) if (outer.charCodeAt(at) !== inner.charCodeAt(at)) return false
  const rest = length & 7
  return rest === 0 || (outer.charCodeAt(whole) ^ inner.charCodeAt(whole)) >> (8 - rest) === 0
}

function parseLength(text: string, bits: number): number {
  const length = /^(0|[1-9][0-9]{0,2})$/.test(text) ? Number(text) : -1

  return length <= bits ? length : -1
}

function hasHostBits(bytes: Uint8Array, length: number): boolean {
  for (let at = length >> 3; at < bytes.length; at++)
    if ((bytes[at] as number) & (at === length >> 3 ? 0xff >> (length & 7) : 0xff)) return true
  return false
}

export function truncate(prefix: Prefix): Prefix {
  const bytes = prefix.bytes.map((byte, at) => byte & ~(0xff >> Math.min(8, Math.max(0, prefix.length - at * 8))))

  return { ...prefix, bytes }
}

function isMapped(bytes: Uint8Array): boolean {
  return bytes[10] === 0xff && bytes[11] === 0xff && bytes.subarray(0, 10).every(byte => byte === 0)
}

function mapped(text: string, prefix: Prefix): PrefixFailure {
  const ipv4 = truncate({ family: 4, bytes: prefix.bytes.slice(12), length: prefix.length - 96 })
  const meant = ipv4.length === 32 ? formatAddress(ipv4) : formatPrefix(ipv4)

  return failure(
    `${text} is an IPv4 address in IPv6 clothes, which no packet carries`,
    `write ${meant}, or the IPv6 address that the host really has`,
  )
}

function zoned(text: string, address: string): PrefixFailure {
  const hint = isFailure(parsePrefix(address))
    ? 'write the address without %'
    : `write ${address}, or fe80::/10 for every link-local address`

  return failure(`${text} names a zone, which means nothing in a packet`, hint)
}

/** RFC 5952: no leading zeros, the longest run of two or more zero groups as `::`, the first of equals. */
function formatIpv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[2 * at] as number) << 8) | (bytes[2 * at + 1] as number))
  let best = 0
  let bestLength = 1

  for (let at = 0; at < 8; at++) {
    let length = 0

    while (groups[at + length] === 0) length++
    if (length > bestLength) {
      best = at
      bestLength = length
    }
  }
  const hex = (part: number[]) => part.map(group => group.toString(16)).join(':')
  return bestLength < 2 ? hex(groups) : `${hex(groups.slice(0, best))}::${hex(groups.slice(best + bestLength))}`
}

/** Words in network order, as `__be32 address[4]`. */
export function wordsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

  return Array.from({ length: bytes.length / 4 }, (_, at) => view.getUint32(at * 4))
}
