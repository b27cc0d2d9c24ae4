/** A packet from a description of it, so that a trace can be asked without a capture at hand. */
import { type Static, Type } from 'typebox'
import type { Fault } from '../errors.ts'
import { protocolSchema } from '../policy/match.ts'
import { isFailure, type Prefix, parseAddress } from '../policy/prefix.ts'
import { object } from '../policy/schema.ts'

/** What the test run of the kernel takes: frames longer than a page want more than it gives. */
export const maxPacketBytes = 3400

const flagBits = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 } as const
const flagSchema = Type.Enum(['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'])

export const packetFieldsSchema = object(
  {
    source: Type.String({ description: 'Address that the packet comes from', examples: ['192.0.2.7'] }),
    destination: Type.String({ description: 'Address that it goes to, of the same family', examples: ['198.51.100.10'] }),
    protocol: Type.Optional(protocolSchema),
    sourcePort: Type.Optional(Type.Integer({ minimum: 0, maximum: 65535, description: 'Default: 50000', examples: [50000] })),
    destinationPort: Type.Optional(Type.Integer({ minimum: 0, maximum: 65535, description: 'Default: 80', examples: [80] })),
    tcpFlags: Type.Optional(Type.Array(flagSchema, { description: 'Default: syn alone', examples: [['syn']] })),
    icmp: Type.Optional(
      object(
        {
          type: Type.Integer({ minimum: 0, maximum: 255 }),
          code: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
        },
        { description: 'Default: an echo request' },
      ),
    ),
    vlan: Type.Optional(Type.Integer({ minimum: 0, maximum: 4095, description: 'Tag in the frame', examples: [100] })),
    dscp: Type.Optional(Type.Integer({ minimum: 0, maximum: 63, examples: [46] })),
    length: Type.Optional(
      Type.Integer({
        minimum: 20,
        maximum: maxPacketBytes,
        description: 'Bytes of the IP packet; default: as long as its headers',
        examples: [64],
      }),
    ),
    fragment: Type.Optional(Type.Enum(['none', 'first', 'later'], { description: 'Default: none' })),
    hopLimit: Type.Optional(Type.Integer({ minimum: 0, maximum: 255, description: 'Default: 64', examples: [64] })),
    cgroup: Type.Optional(
      Type.String({
        pattern: '^/',
        description: 'Control group of the sender (egress), from the root of the hierarchy; it need not exist',
        examples: ['/system.slice/nginx.service'],
      }),
    ),
    uid: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295, description: 'User of the sender (egress)', examples: [1000] })),
  },
  { description: 'A packet, described' },
)
export type PacketFields = Static<typeof packetFieldsSchema>

const protocolNumbers = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 } as const
const withPorts: readonly number[] = [6, 17, 132]

/** A frame from its Ethernet header on, checksums right; or why there can be none, with pointers from `fields`. */
export function buildPacket(fields: PacketFields): { packet: Uint8Array } | { faults: Fault[] } {
  const faults: Fault[] = []
  const fault = (field: keyof PacketFields, detail: string, code: Fault['code'] = 'cannot_match', hint?: string) => {
    faults.push({ pointer: `/${field}`, code, detail, ...(hint === undefined ? {} : { hint }) })
  }
  const address = (field: 'source' | 'destination'): Prefix | undefined => {
    const parsed = parseAddress(fields[field])
    if (!isFailure(parsed)) return parsed
    fault(field, parsed.problem.detail, parsed.problem.code, parsed.problem.hint)
    return undefined
  }
  const source = address('source')
  const destination = address('destination')
  const protocol = typeof fields.protocol === 'number' ? fields.protocol : protocolNumbers[fields.protocol ?? 'tcp']
  const later = fields.fragment === 'later'
  if (source && destination && source.family !== destination.family)
    fault('destination', 'source and destination are of different families')
  if (source && protocol === protocolNumbers.icmp && source.family !== 4)
    fault('protocol', 'icmp goes with IPv4', 'cannot_match', 'use icmpv6')
  if (source && protocol === protocolNumbers.icmpv6 && source.family !== 6)
    fault('protocol', 'icmpv6 goes with IPv6', 'cannot_match', 'use icmp')
  if (!withPorts.includes(protocol) || later) {
    for (const field of ['sourcePort', 'destinationPort'] as const) {
      if (fields[field] !== undefined) fault(field, later ? 'a later fragment carries no ports' : `protocol ${protocol} has no ports`)
    }
  }
  if (fields.tcpFlags && (protocol !== protocolNumbers.tcp || later)) fault('tcpFlags', 'only a TCP header has flags')
  if (fields.icmp && ((protocol !== protocolNumbers.icmp && protocol !== protocolNumbers.icmpv6) || later))
    fault('icmp', 'only an ICMP header has type and code')
  if (faults.length > 0 || !source || !destination) return { faults }

  const transport = later ? new Uint8Array() : transportHeader(protocol, fields)
  const network = source.family === 4 ? 20 : fields.fragment === undefined || fields.fragment === 'none' ? 40 : 48
  const least = network + transport.length
  if (fields.length !== undefined && fields.length < least) {
    return { faults: [{ pointer: '/length', code: 'cannot_match', detail: `the headers alone take ${least} bytes` }] }
  }
  const payload = new Uint8Array((fields.length ?? least) - network)
  payload.set(transport)
  if (!later) writeChecksum(payload, protocol, source, destination, fields.fragment === 'first')
  const header =
    source.family === 4
      ? ipv4Header(source, destination, protocol, fields, payload.length)
      : ipv6Header(source, destination, protocol, fields, payload.length)
  return { packet: joined([ethernetHeader(source.family, fields.vlan), header, payload]) }
}

function ethernetHeader(family: 4 | 6, vlan: number | undefined): Uint8Array {
  const type = family === 4 ? [0x08, 0x00] : [0x86, 0xdd]
  const tag = vlan === undefined ? [] : [0x81, 0x00, vlan >> 8, vlan & 0xff]
  return Uint8Array.from([0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1, ...tag, ...type])
}

/** Offset of a later fragment in units of 8 bytes: behind a first one that fills an Ethernet frame. */
const laterOffset = 185

function ipv4Header(source: Prefix, destination: Prefix, protocol: number, fields: PacketFields, payload: number): Uint8Array {
  const header = new Uint8Array(20)
  const view = new DataView(header.buffer)
  const fragment = { none: 0, first: 0x2000, later: laterOffset }[fields.fragment ?? 'none']
  header.set([0x45, (fields.dscp ?? 0) << 2])
  view.setUint16(2, 20 + payload)
  view.setUint16(4, 1)
  view.setUint16(6, fragment)
  header.set([fields.hopLimit ?? 64, protocol], 8)
  header.set(source.bytes, 12)
  header.set(destination.bytes, 16)
  view.setUint16(10, internetChecksum([header]))
  return header
}

function ipv6Header(source: Prefix, destination: Prefix, protocol: number, fields: PacketFields, payload: number): Uint8Array {
  const { fragment = 'none', dscp = 0, hopLimit = 64 } = fields
  const extension = fragment === 'none' ? 0 : 8
  const header = new Uint8Array(40 + extension)
  const view = new DataView(header.buffer)
  view.setUint32(0, 0x6000_0000 | (dscp << 22))
  view.setUint16(4, extension + payload)
  header.set([fragment === 'none' ? protocol : 44, hopLimit], 6)
  header.set(source.bytes, 8)
  header.set(destination.bytes, 24)
  if (extension) {
    header[40] = protocol
    view.setUint16(42, fragment === 'first' ? 1 : laterOffset << 3)
    view.setUint32(44, 1)
  }
  return header
}

function transportHeader(protocol: number, fields: PacketFields): Uint8Array {
  const { sourcePort = 50000, destinationPort = 80, tcpFlags = ['syn'] } = fields
  const echo = protocol === protocolNumbers.icmp ? 8 : 128
  const sizes: Record<number, number> = { 1: 8, 6: 20, 17: 8, 58: 8, 132: 12 }
  const header = new Uint8Array(sizes[protocol] ?? 0)
  const view = new DataView(header.buffer)
  if (withPorts.includes(protocol)) {
    view.setUint16(0, sourcePort)
    view.setUint16(2, destinationPort)
  }
  if (protocol === protocolNumbers.tcp) {
    header[12] = 5 << 4
    header[13] = tcpFlags.reduce((bits, flag) => bits | flagBits[flag], 0)
    view.setUint16(14, 65535)
  }
  if (protocol === protocolNumbers.icmp || protocol === protocolNumbers.icmpv6)
    header.set([fields.icmp?.type ?? echo, fields.icmp?.code ?? 0])
  return header
}

/** Of a first fragment the checksum speaks of bytes that are not here, so that it cannot be right; the length it can tell. */
function writeChecksum(payload: Uint8Array, protocol: number, source: Prefix, destination: Prefix, first: boolean): void {
  const view = new DataView(payload.buffer)
  if (protocol === protocolNumbers.udp) view.setUint16(4, payload.length)
  if (first) return
  const pseudo = new Uint8Array(8)
  new DataView(pseudo.buffer).setUint32(0, payload.length)
  pseudo[7] = protocol
  const sum = () => internetChecksum([source.bytes, destination.bytes, pseudo, payload])
  if (protocol === protocolNumbers.tcp) view.setUint16(16, sum())
  if (protocol === protocolNumbers.udp) view.setUint16(6, sum() || 0xffff)
  if (protocol === protocolNumbers.icmpv6) view.setUint16(2, sum())
  if (protocol === protocolNumbers.icmp) view.setUint16(2, internetChecksum([payload]))
  if (protocol === protocolNumbers.sctp) view.setUint32(8, crc32c(payload), true)
}

/** RFC 1071, over parts of even length but for the last. */
function internetChecksum(parts: readonly Uint8Array[]): number {
  let sum = 0
  for (const part of parts)
    part.forEach((byte, at) => {
      sum += at % 2 === 0 ? byte << 8 : byte
    })
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return ~sum & 0xffff
}

function crc32c(bytes: Uint8Array): number {
  let crc = 0xffff_ffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1
  }
  return ~crc >>> 0
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}
