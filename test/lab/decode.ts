/** Reads a packet back, by its own lights: shares no code with the builder but checksums, and none with the dataplane that it judges. */
import { addressText, type Bytes, crc32c, join, macText, onesSum, pseudoHeader } from './wire.ts'

export interface DecodedIp {
  version: 4 | 6
  source: string
  destination: string
  /** TTL or hop limit. */
  ttl: number
  dscp: number
  /** Of the base header with options (IPv4) or alone (IPv6), in bytes. */
  headerLength: number
  /** Bytes from the start of the IP header, as the header says. */
  totalLength: number
  /** Behind all extension headers. */
  protocol: number
  /** Numbers of the IPv6 extension headers, outermost first. */
  extensions: number[]
  fragment?: { id: number; offset: number; more: boolean }
  headerChecksumRight: boolean
}

export interface DecodedTransport {
  name: 'tcp' | 'udp' | 'sctp' | 'icmp' | 'icmpv6'
  sourcePort?: number
  destinationPort?: number
  flags?: string[]
  sequence?: number
  acknowledgement?: number
  type?: number
  code?: number
  /** Absent in fragments, where no single packet holds all that is summed. */
  checksumRight?: boolean
}

export interface Decoded {
  ethernet?: { source: string; destination: string; etherType: number }
  vlans: number[]
  /** Where the IP header begins, or what stands in its place. */
  ipOffset: number
  ip?: DecodedIp
  transport?: DecodedTransport
  /** Behind the last header that was understood. */
  payload: Bytes
  /** What ends too early or contradicts itself. */
  problem?: string
}

export interface DecodeOptions {
  /** Default: true when the bytes do not begin like an IP header whose length is right. */
  ethernet?: boolean
}

interface HasBytes {
  bytes(): Bytes
}

const tcpFlagNames = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr']

export function decode(packet: Bytes | HasBytes, options: DecodeOptions = {}): Decoded {
  const bytes = packet instanceof Uint8Array ? packet : packet.bytes()
  const result: Decoded = { vlans: [], ipOffset: 0, payload: bytes }
  try {
    if (options.ethernet ?? !beginsWithIp(bytes)) readEthernet(view(bytes), bytes, result)
    else readIp(bytes, result)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    result.problem = 'cut short'
  }
  return result
}

/** True when every checksum that the packet holds is right. A fragment's transport checksum cannot be told and counts as right. */
export function checksumsRight(packet: Bytes | HasBytes, options: DecodeOptions = {}): boolean {
  const { ip, transport } = decode(packet, options)
  return ip?.headerChecksumRight !== false && transport?.checksumRight !== false
}

/** One line for people: what a failing test prints. */
export function describe(packet: Bytes | HasBytes, options: DecodeOptions = {}): string {
  const { ethernet, vlans, ip, transport, payload, problem } = decode(packet, options)
  const parts: string[] = []
  if (ethernet !== undefined) parts.push(`${ethernet.source} > ${ethernet.destination}`)
  parts.push(...vlans.map(id => `vlan ${id}`))
  if (ip !== undefined) parts.push(...describeIp(ip))
  else if (ethernet !== undefined) parts.push(`type 0x${ethernet.etherType.toString(16).padStart(4, '0')}`)
  if (transport !== undefined) parts.push(...describeTransport(transport))
  else if (ip !== undefined) parts.push(`protocol ${ip.protocol}`)
  parts.push(`${payload.length} bytes`)
  if (problem !== undefined) parts.push(`(${problem})`)
  return parts.join(' ')
}

function describeIp(ip: DecodedIp): string[] {
  const parts = [`${ip.source} > ${ip.destination} ttl ${ip.ttl}`]
  if (ip.dscp !== 0) parts.push(`dscp ${ip.dscp}`)
  if (ip.version === 4 && ip.headerLength > 20) parts.push(`options ${ip.headerLength - 20}`)
  if (ip.extensions.length > 0) parts.push(`extensions ${ip.extensions.join(',')}`)
  if (ip.fragment !== undefined) parts.push(`fragment ${ip.fragment.id}@${ip.fragment.offset}${ip.fragment.more ? '+' : ''}`)
  if (!ip.headerChecksumRight) parts.push('WRONG ip checksum')
  return parts
}

function describeTransport(transport: DecodedTransport): string[] {
  const parts: string[] = [transport.name]
  if (transport.sourcePort !== undefined) parts.push(`${transport.sourcePort} > ${transport.destinationPort}`)
  if (transport.flags !== undefined) parts.push(`[${transport.flags.join(' ')}]`)
  if (transport.type !== undefined) parts.push(`type ${transport.type} code ${transport.code}`)
  if (transport.checksumRight === false) parts.push(`WRONG ${transport.name} checksum`)
  return parts
}

function view(bytes: Bytes): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A MAC address may begin with 0x45 too; that the length agrees as well is chance enough for tests. */
function beginsWithIp(bytes: Bytes): boolean {
  if (bytes.length >= 20 && (bytes[0] ?? 0) >> 4 === 4) return view(bytes).getUint16(2) === bytes.length
  return bytes.length >= 40 && (bytes[0] ?? 0) >> 4 === 6 && view(bytes).getUint16(4) + 40 === bytes.length
}

function readEthernet(data: DataView, bytes: Bytes, result: Decoded): void {
  let etherType = data.getUint16(12)
  let at = 14
  result.ethernet = { destination: macText(bytes.subarray(0, 6)), source: macText(bytes.subarray(6, 12)), etherType }
  while (etherType === 0x8100 || etherType === 0x88a8) {
    result.vlans.push(data.getUint16(at) & 0xfff)
    etherType = data.getUint16(at + 2)
    at += 4
  }
  result.ethernet.etherType = etherType
  result.ipOffset = at
  result.payload = bytes.subarray(at)
  if (etherType === 0x0800 || etherType === 0x86dd) readIp(result.payload, result)
}

function readIp(bytes: Bytes, result: Decoded): void {
  const data = view(bytes)
  const version = data.getUint8(0) >> 4
  if (version === 4) readIp4(bytes, data, result)
  else if (version === 6) readIp6(bytes, data, result)
  else result.problem = `IP version ${version}`
}

function readIp4(bytes: Bytes, data: DataView, result: Decoded): void {
  const headerLength = (data.getUint8(0) & 15) * 4
  const fragment = data.getUint16(6)
  const ip: DecodedIp = {
    version: 4,
    source: addressText(bytes.subarray(12, 16)),
    destination: addressText(bytes.subarray(16, 20)),
    ttl: data.getUint8(8),
    dscp: data.getUint8(1) >> 2,
    headerLength,
    totalLength: data.getUint16(2),
    protocol: data.getUint8(9),
    extensions: [],
    headerChecksumRight: headerLength >= 20 && bytes.length >= headerLength && onesSum(bytes.subarray(0, headerLength)) === 0xffff,
  }
  if ((fragment & 0x3fff) !== 0) ip.fragment = { id: data.getUint16(4), offset: (fragment & 0x1fff) * 8, more: (fragment & 0x2000) !== 0 }
  result.ip = ip
  if (headerLength < 20) result.problem = 'IP header below 20 bytes'
  else readTransport(bytes, headerLength, result, ip)
}

function readIp6(bytes: Bytes, data: DataView, result: Decoded): void {
  const ip: DecodedIp = {
    version: 6,
    source: addressText(bytes.subarray(8, 24)),
    destination: addressText(bytes.subarray(24, 40)),
    ttl: data.getUint8(7),
    dscp: (data.getUint16(0) >> 6) & 63,
    headerLength: 40,
    totalLength: 40 + data.getUint16(4),
    protocol: data.getUint8(6),
    extensions: [],
    headerChecksumRight: true,
  }
  result.ip = ip
  let at = 40
  while ([0, 43, 44, 51, 60].includes(ip.protocol)) {
    const header = ip.protocol
    ip.extensions.push(header)
    ip.protocol = data.getUint8(at)
    if (header === 44) {
      const word = data.getUint16(at + 2)
      if (word !== 0) ip.fragment = { id: data.getUint32(at + 4), offset: word & 0xfff8, more: (word & 1) === 1 }
      at += 8
      if ((word & 0xfff8) !== 0) break
    } else {
      at += header === 51 ? (data.getUint8(at + 1) + 2) * 4 : (data.getUint8(at + 1) + 1) * 8
    }
  }
  readTransport(bytes, at, result, ip)
}

function readTransport(bytes: Bytes, at: number, result: Decoded, ip: DecodedIp): void {
  const segment = bytes.subarray(at, ip.totalLength)
  result.payload = segment
  if (bytes.length < ip.totalLength) result.problem = `holds ${bytes.length} of ${ip.totalLength} bytes`
  if ((ip.fragment?.offset ?? 0) > 0) return
  const data = view(segment)
  if (ip.protocol === 6) result.transport = readTcp(data)
  else if (ip.protocol === 17 || ip.protocol === 132) result.transport = readPorts(data, ip.protocol === 17 ? 'udp' : 'sctp')
  else if (ip.protocol === 1 || ip.protocol === 58) {
    result.transport = { name: ip.protocol === 1 ? 'icmp' : 'icmpv6', type: data.getUint8(0), code: data.getUint8(1) }
  } else return
  const header = ip.protocol === 6 ? (data.getUint8(12) >> 4) * 4 : ip.protocol === 132 ? 12 : 8
  result.payload = segment.subarray(header)
  if (ip.fragment === undefined) result.transport.checksumRight = transportChecksumRight(segment, bytes, ip)
}

function readTcp(data: DataView): DecodedTransport {
  const bits = data.getUint8(13)
  return {
    ...readPorts(data, 'tcp'),
    sequence: data.getUint32(4),
    acknowledgement: data.getUint32(8),
    flags: tcpFlagNames.filter((_, i) => bits & (1 << i)),
  }
}

function readPorts(data: DataView, name: 'tcp' | 'udp' | 'sctp'): DecodedTransport {
  return { name, sourcePort: data.getUint16(0), destinationPort: data.getUint16(2) }
}

function transportChecksumRight(segment: Bytes, bytes: Bytes, ip: DecodedIp): boolean {
  const data = view(segment)
  if (ip.protocol === 132) {
    const zeroed = segment.slice()
    zeroed.fill(0, 8, 12)
    return data.getUint32(8, true) === crc32c(zeroed)
  }
  if (ip.protocol === 1) return onesSum(segment) === 0xffff
  if (ip.protocol === 17 && data.getUint16(6) === 0) return ip.version === 4
  const [source, destination] =
    ip.version === 4 ? [bytes.subarray(12, 16), bytes.subarray(16, 20)] : [bytes.subarray(8, 24), bytes.subarray(24, 40)]
  return onesSum(join(pseudoHeader(source, destination, ip.protocol, segment.length), segment)) === 0xffff
}
