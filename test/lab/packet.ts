/** Builds packets for tests as sentences, `ether().vlan(100).ip4('192.0.2.7', '198.51.100.1').tcp(5000, 80)`, with right lengths and checksums. */
import { decode } from './decode.ts'
import { addressBytes, type Bytes, bytesOf, crc32c, internetChecksum, join, macBytes, pseudoHeader, words } from './wire.ts'

export { checksumsRight, type Decoded, decode, describe } from './decode.ts'
export { addressBytes, addressText } from './wire.ts'

export interface EtherOptions {
  source?: string
  destination?: string
  /** Zeros are added behind the packet up to this many bytes, as a network card does to short frames. */
  padTo?: number
}

export interface VlanOptions {
  /** 0x8100 (default) or 0x88a8 for the outer tag of two. */
  etherType?: number
  /** 0 to 7. */
  priority?: number
}

/** Fields that a packet gets wrong on purpose are those that are named here and else computed. */
export interface Ip4Options {
  ttl?: number
  dscp?: number
  /** Explicit congestion notification: the two bits below dscp. */
  ecn?: number
  id?: number
  /** `offset` in bytes, a multiple of 8. */
  fragment?: { offset?: number; more?: boolean }
  dontFragment?: boolean
  /** Bytes of options, padded to a multiple of 4 with "end of list". */
  options?: Bytes
  protocol?: number
  headerWords?: number
  totalLength?: number
  checksum?: number
}

export interface Ip6Options {
  hopLimit?: number
  dscp?: number
  ecn?: number
  flowLabel?: number
  nextHeader?: number
  payloadLength?: number
}

export type TcpFlag = 'fin' | 'syn' | 'rst' | 'psh' | 'ack' | 'urg' | 'ece' | 'cwr'
export const tcpFlagBits: Readonly<Record<TcpFlag, number>> = {
  fin: 1,
  syn: 2,
  rst: 4,
  psh: 8,
  ack: 16,
  urg: 32,
  ece: 64,
  cwr: 128,
}

export interface TcpOptions {
  /** Default: syn. */
  flags?: readonly TcpFlag[]
  sequence?: number
  acknowledgement?: number
  window?: number
  options?: Bytes
  payload?: Bytes | string
  dataOffsetWords?: number
  checksum?: number
}

export interface UdpOptions {
  payload?: Bytes | string
  length?: number
  checksum?: number
}

export interface SctpOptions {
  verificationTag?: number
  /** Chunks; default: a short INIT. */
  payload?: Bytes | string
  checksum?: number
}

export interface IcmpOptions {
  /** Default: echo request. */
  type?: number
  code?: number
  /** The header's second word as two numbers: for echo, its id and sequence; for "too big", 0 and the MTU. */
  id?: number
  sequence?: number
  /** A packet is quoted from its IP header on. */
  payload?: Bytes | string
  checksum?: number
}

export interface Packet {
  vlan(id: number, options?: VlanOptions): Packet
  arp(sender: string, target: string): Packet
  ip4(source: string, destination: string, options?: Ip4Options): Packet
  ip6(source: string, destination: string, options?: Ip6Options): Packet
  /** IPv6 extension headers. `bytes` of options are padded to the header's unit of 8. */
  hopByHop(bytes?: Bytes): Packet
  destinationOptions(bytes?: Bytes): Packet
  routing(options?: { type?: number; segmentsLeft?: number; segments?: string[] }): Packet
  /** `offset` in bytes, a multiple of 8. */
  fragment(options?: { id?: number; offset?: number; more?: boolean }): Packet
  /** IPsec's authentication header, over IPv4 and IPv6 alike. */
  authentication(options?: { spi?: number; sequence?: number; icv?: Bytes }): Packet
  tcp(sourcePort: number, destinationPort: number, options?: TcpOptions): Packet
  udp(sourcePort: number, destinationPort: number, options?: UdpOptions): Packet
  sctp(sourcePort: number, destinationPort: number, options?: SctpOptions): Packet
  icmp(options?: IcmpOptions): Packet
  icmpv6(options?: IcmpOptions): Packet
  /** A tunnel header; what it carries follows: `.gre().ip4(…)`. */
  gre(): Packet
  /** Bytes under any protocol number, or, right behind Ethernet, under any EtherType. */
  protocol(number: number, payload?: Bytes | string): Packet
  etherType(number: number, payload?: Bytes | string): Packet
  /** Bytes that no header announces. */
  payload(bytes: Bytes | string): Packet
  /** The first `length` bytes of the frame, whatever its headers promise. */
  cutTo(length: number): Packet
  bytes(): Bytes
  /** The frame without its link header: what a device without Ethernet sees, and what ICMP errors quote. */
  ipBytes(): Bytes
  /** The same packet in IPv4 or IPv6 fragments of at most `size` bytes (rounded down to 8) behind the IP header. */
  fragments(size: number, id?: number): Packet[]
}

/** A frame between two documentation addresses; set them where the test is about them. */
export function ether(options: EtherOptions = {}): Packet {
  return packet([ethernetLayer(options)])
}

/** A packet that begins with its IP header, as on tun or wireguard devices. */
export function l3(): Packet {
  return packet([])
}

/** A frame given by its bytes. */
export function frame(bytes: Bytes): Packet {
  return packet([{ build: () => bytes }])
}

/** One header. `build` gets what stands behind it. */
interface Layer {
  /** What the header before calls this one. */
  readonly etherType?: number
  readonly protocol?: number
  /** IP headers: the addresses that checksums further in cover. */
  readonly addresses?: { source: Bytes; destination: Bytes }
  build(inner: Bytes, around: Around): Bytes
}

interface Around {
  readonly next: Layer | undefined
  readonly addresses: { source: Bytes; destination: Bytes } | undefined
}

function packet(layers: readonly Layer[], cut = Infinity): Packet {
  const then = (layer: Layer): Packet => packet([...layers, layer], cut)
  const bytes = (): Bytes => build(layers).subarray(0, cut)
  return {
    vlan: (id, options = {}) => then(vlanLayer(id, options)),
    arp: (sender, target) => then(arpLayer(sender, target)),
    ip4: (source, destination, options = {}) => then(ip4Layer(source, destination, options)),
    ip6: (source, destination, options = {}) => then(ip6Layer(source, destination, options)),
    hopByHop: (options = new Uint8Array()) => then(optionsHeader(0, options)),
    destinationOptions: (options = new Uint8Array()) => then(optionsHeader(60, options)),
    routing: (options = {}) => then(routingLayer(options)),
    fragment: (options = {}) => then(fragmentLayer(options)),
    authentication: (options = {}) => then(authenticationLayer(options)),
    tcp: (sourcePort, destinationPort, options = {}) => then(tcpLayer(sourcePort, destinationPort, options)),
    udp: (sourcePort, destinationPort, options = {}) => then(udpLayer(sourcePort, destinationPort, options)),
    sctp: (sourcePort, destinationPort, options = {}) => then(sctpLayer(sourcePort, destinationPort, options)),
    icmp: (options = {}) => then(icmpLayer(1, options)),
    icmpv6: (options = {}) => then(icmpLayer(58, options)),
    gre: () => then({ protocol: 47, build: (inner, around) => join(words(0, around.next?.etherType ?? 0), inner) }),
    protocol: (number, payload = '') => then({ protocol: number, build: inner => join(bytesOf(payload), inner) }),
    etherType: (number, payload = '') => then({ etherType: number, build: inner => join(bytesOf(payload), inner) }),
    payload: payload => then({ build: inner => join(bytesOf(payload), inner) }),
    cutTo: length => packet(layers, length),
    bytes,
    ipBytes: () => {
      const whole = bytes()
      return whole.subarray(decode(whole).ipOffset)
    },
    fragments: (size, id = 0x1234) => fragmentsOf(bytes(), size, id),
  }
}

/** From the inside out, since lengths and checksums of a header cover what it carries. */
function build(layers: readonly Layer[]): Bytes {
  let inner: Bytes = new Uint8Array()
  for (let i = layers.length - 1; i >= 0; i--) {
    const addresses = layers.slice(0, i).findLast(layer => layer.addresses !== undefined)?.addresses
    inner = layers[i]?.build(inner, { next: layers[i + 1], addresses }) ?? inner
  }
  return inner
}

function ethernetLayer({ source = '02:00:00:00:00:01', destination = '02:00:00:00:00:02', padTo = 0 }: EtherOptions): Layer {
  return {
    build: (inner, around) => {
      const whole = join(macBytes(destination), macBytes(source), words(around.next?.etherType ?? 0), inner)
      return join(whole, new Uint8Array(Math.max(0, padTo - whole.length)))
    },
  }
}

function vlanLayer(id: number, { etherType = 0x8100, priority = 0 }: VlanOptions): Layer {
  return { etherType, build: (inner, around) => join(words((priority << 13) | id, around.next?.etherType ?? 0), inner) }
}

function arpLayer(sender: string, target: string): Layer {
  const request = join(
    words(1, 0x0800, 0x0604, 1),
    macBytes('02:00:00:00:00:01'),
    addressBytes(sender),
    new Uint8Array(6),
    addressBytes(target),
  )
  return { etherType: 0x0806, build: inner => join(request, inner) }
}

function ip4Layer(source: string, destination: string, options: Ip4Options): Layer {
  const addresses = { source: addressBytes(source), destination: addressBytes(destination) }
  const { ttl = 64, dscp = 0, ecn = 0, id = 1, dontFragment = false } = options
  const offset = options.fragment?.offset ?? 0
  const more = options.fragment?.more ?? false
  return {
    etherType: 0x0800,
    protocol: 4,
    addresses,
    build: (inner, around) => {
      const extra = pad(options.options ?? new Uint8Array(), 4)
      const length = 20 + extra.length
      const protocol = options.protocol ?? around.next?.protocol ?? 59
      const header = join(
        words(
          0x4000 | ((options.headerWords ?? length / 4) << 8) | (dscp << 2) | ecn,
          options.totalLength ?? length + inner.length,
          id,
          (dontFragment ? 0x4000 : 0) | (more ? 0x2000 : 0) | (offset / 8),
          (ttl << 8) | protocol,
          0,
        ),
        addresses.source,
        addresses.destination,
        extra,
      )
      header.set(words(options.checksum ?? internetChecksum(header)), 10)
      return join(header, inner)
    },
  }
}

function ip6Layer(source: string, destination: string, options: Ip6Options): Layer {
  const addresses = { source: addressBytes(source), destination: addressBytes(destination) }
  const { hopLimit = 64, dscp = 0, ecn = 0, flowLabel = 0 } = options
  return {
    etherType: 0x86dd,
    protocol: 41,
    addresses,
    build: (inner, around) =>
      join(
        words(
          0x6000 | (dscp << 6) | (ecn << 4) | (flowLabel >> 16),
          flowLabel & 0xffff,
          options.payloadLength ?? inner.length,
          ((options.nextHeader ?? around.next?.protocol ?? 59) << 8) | hopLimit,
        ),
        addresses.source,
        addresses.destination,
        inner,
      ),
  }
}

/** Hop-by-hop (0) and destination (60) options: padded with PadN or Pad1 up to a multiple of 8. */
function optionsHeader(protocol: number, options: Bytes): Layer {
  const missing = (8 - ((2 + options.length) % 8)) % 8
  const padding =
    missing === 1 ? Uint8Array.of(0) : missing === 0 ? new Uint8Array() : join(Uint8Array.of(1, missing - 2), new Uint8Array(missing - 2))
  const body = join(options, padding)
  return {
    protocol,
    build: (inner, around) => join(Uint8Array.of(around.next?.protocol ?? 59, (2 + body.length) / 8 - 1), body, inner),
  }
}

function routingLayer({ type = 0, segmentsLeft = 0, segments = [] }: { type?: number; segmentsLeft?: number; segments?: string[] }): Layer {
  const body = join(Uint8Array.of(type, segmentsLeft, 0, 0, 0, 0), ...segments.map(addressBytes))
  return { protocol: 43, build: (inner, around) => join(Uint8Array.of(around.next?.protocol ?? 59, segments.length * 2), body, inner) }
}

function fragmentLayer({ id = 1, offset = 0, more = false }: { id?: number; offset?: number; more?: boolean }): Layer {
  return {
    protocol: 44,
    build: (inner, around) =>
      join(Uint8Array.of(around.next?.protocol ?? 59, 0), words(offset | (more ? 1 : 0), id >>> 16, id & 0xffff), inner),
  }
}

function authenticationLayer({ spi = 1, sequence = 1, icv = new Uint8Array(12) }: { spi?: number; sequence?: number; icv?: Bytes }): Layer {
  const length = 12 + icv.length
  return {
    protocol: 51,
    build: (inner, around) =>
      join(
        Uint8Array.of(around.next?.protocol ?? 59, length / 4 - 2),
        words(0, spi >>> 16, spi & 0xffff, sequence >>> 16, sequence & 0xffff),
        icv,
        inner,
      ),
  }
}

function tcpLayer(sourcePort: number, destinationPort: number, options: TcpOptions): Layer {
  const { flags = ['syn'], sequence = 1, acknowledgement = 0, window = 64240 } = options
  const extra = pad(options.options ?? new Uint8Array(), 4)
  const bits = flags.reduce((sum, flag) => sum | tcpFlagBits[flag], 0)
  const header = join(
    words(sourcePort, destinationPort, sequence >>> 16, sequence & 0xffff, acknowledgement >>> 16, acknowledgement & 0xffff),
    words(((options.dataOffsetWords ?? 5 + extra.length / 4) << 12) | bits, window, 0, 0),
    extra,
    bytesOf(options.payload ?? ''),
  )
  return { protocol: 6, build: (inner, around) => summed(join(header, inner), 16, 6, around, options.checksum) }
}

function udpLayer(sourcePort: number, destinationPort: number, options: UdpOptions): Layer {
  const payload = bytesOf(options.payload ?? '')
  return {
    protocol: 17,
    build: (inner, around) => {
      const whole = join(words(sourcePort, destinationPort, options.length ?? 8 + payload.length + inner.length, 0), payload, inner)
      return summed(whole, 6, 17, around, options.checksum)
    },
  }
}

function sctpLayer(sourcePort: number, destinationPort: number, options: SctpOptions): Layer {
  const { verificationTag = 0 } = options
  const init = join(Uint8Array.of(1, 0), words(20), new Uint8Array(16))
  return {
    protocol: 132,
    build: inner => {
      const whole = join(
        words(sourcePort, destinationPort, verificationTag >>> 16, verificationTag & 0xffff, 0, 0),
        options.payload === undefined ? init : bytesOf(options.payload),
        inner,
      )
      new DataView(whole.buffer).setUint32(8, options.checksum ?? crc32c(whole), true)
      return whole
    },
  }
}

/** ICMP (1) sums itself alone, ICMPv6 (58) its addresses too. */
function icmpLayer(protocol: 1 | 58, options: IcmpOptions): Layer {
  const { type = protocol === 1 ? 8 : 128, code = 0, id = 1, sequence = 1 } = options
  const header = join(words((type << 8) | code, 0, id, sequence), bytesOf(options.payload ?? ''))
  return {
    protocol,
    build: (inner, around) => {
      const whole = join(header, inner)
      if (protocol === 58) return summed(whole, 2, protocol, around, options.checksum)
      whole.set(words(options.checksum ?? internetChecksum(whole)), 2)
      return whole
    },
  }
}

/** Puts the checksum over pseudo header and segment at `offset`. UDP sends a sum of zero as ones: zero means "none". */
function summed(segment: Bytes, offset: number, protocol: number, around: Around, forced: number | undefined): Bytes {
  if (around.addresses === undefined) throw new Error('TCP, UDP and ICMPv6 need an IP header before them')
  const { source, destination } = around.addresses
  const sum = internetChecksum(join(pseudoHeader(source, destination, protocol, segment.length), segment))
  segment.set(words(forced ?? (sum === 0 && protocol === 17 ? 0xffff : sum)), offset)
  return segment
}

function pad(bytes: Bytes, unit: number): Bytes {
  return join(bytes, new Uint8Array((unit - (bytes.length % unit)) % unit))
}

function fragmentsOf(whole: Bytes, size: number, id: number): Packet[] {
  const { ip, ipOffset } = decode(whole)
  if (ip === undefined) throw new Error('only IP packets have fragments')
  const link = whole.subarray(0, ipOffset)
  const header = whole.subarray(ipOffset, ipOffset + ip.headerLength)
  const body = whole.subarray(ipOffset + ip.headerLength, ipOffset + ip.totalLength)
  const step = size - (size % 8)
  return Array.from({ length: Math.ceil(body.length / step) }, (_, i) => {
    const part = body.subarray(i * step, (i + 1) * step)
    const more = (i + 1) * step < body.length
    const own = header.slice()
    const view = new DataView(own.buffer)
    if (ip.version === 6) {
      view.setUint16(4, 8 + part.length)
      own[6] = 44
      return frame(join(link, own, Uint8Array.of(header[6] ?? 59, 0), words((i * step) | (more ? 1 : 0), id >>> 16, id & 0xffff), part))
    }
    view.setUint16(2, own.length + part.length)
    view.setUint16(4, id)
    view.setUint16(6, (more ? 0x2000 : 0) | ((i * step) / 8))
    view.setUint16(10, 0)
    view.setUint16(10, internetChecksum(own))
    return frame(join(link, own, part))
  })
}
