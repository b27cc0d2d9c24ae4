/** A packet described by its fields, as frame and as what a reader of the policy is told about it. */
import { addressText, decode, ether, type Packet as Frame, type TcpFlag } from '../lab/packet.ts'
import type { Packet, State } from './plain.ts'

export interface Shape {
  readonly direction: 'ingress' | 'egress'
  readonly source: Uint8Array
  /** Of the same family. */
  readonly destination: Uint8Array
  readonly transport: Transport
  readonly fragment: 'none' | 'first' | 'later'
  /** VLAN ids, outermost first. */
  readonly tags: readonly number[]
  readonly dscp: number
  readonly ecn: number
  readonly hopLimit: number
  /** What the IP packet's length shall be, if its headers leave room for it. */
  readonly length: number
  /** IPv4: identification; IPv6: that of the fragment header. Later fragments get ids that no first one has. */
  readonly id: number
  /** IPv4: options; IPv6: extension headers before any other. */
  readonly extras: readonly Extra[]
  /** A short frame is padded, as network cards do. */
  readonly padded: boolean
}

export type Extra = 'hopByHop' | 'destinationOptions' | 'routing' | 'authentication' | 'wholeFragment'
export type Transport =
  | { readonly kind: 'tcp'; readonly ports: readonly [number, number]; readonly flags: readonly TcpFlag[] }
  | { readonly kind: 'udp' | 'sctp'; readonly ports: readonly [number, number] }
  | { readonly kind: 'icmp'; readonly type: number; readonly code: number }
  | { readonly kind: 'other'; readonly protocol: number }

export interface Built {
  readonly packet: Packet
  readonly frame: Uint8Array
}

/** ICMP of the packet's own family. */
function protocolOf({ transport, source }: Shape): number {
  const ipv4 = source.length === 4

  if (transport.kind === 'other') return transport.protocol
  return { tcp: 6, udp: 17, sctp: 132, icmp: ipv4 ? 1 : 58 }[transport.kind]
}

export function build(shape: Shape): Built {
  const bare = whole(shape, 0)
  const room = Math.max(0, shape.length - lengthOf(bare))
  const bytes = room === 0 ? bare : whole(shape, room)
  const { transport, fragment } = shape
  const ports = 'ports' in transport && fragment !== 'later' ? { ports: transport.ports } : {}
  const icmp = transport.kind === 'icmp' && fragment !== 'later' ? { icmp: { type: transport.type, code: transport.code } } : {}
  const tcpFlags = transport.kind === 'tcp' && fragment !== 'later' ? { tcpFlags: transport.flags } : {}
  const vlan = shape.tags[0] === undefined ? {} : { vlan: shape.tags[0] }
  const state = stateOf(shape)

  return {
    frame: bytes,
    packet: {
      direction: shape.direction,
      source: shape.source,
      destination: shape.destination,
      protocol: protocolOf(shape),
      fragment,
      dscp: shape.dscp,
      length: lengthOf(bytes),
      hopLimit: shape.hopLimit,
      ...ports,
      ...icmp,
      ...tcpFlags,
      ...vlan,
      ...(state === undefined ? {} : { state }),
    },
  }
}

/** What is certain of a packet whose connection nobody has seen before; undefined: nothing is. */
function stateOf({ transport, fragment, source, destination }: Shape): State | undefined {
  if (isGroup(destination)) return 'untracked'
  if (fragment !== 'none') return undefined
  if (transport.kind === 'udp') return 'new'
  if (transport.kind === 'icmp') return transport.type === (source.length === 4 ? 8 : 128) && transport.code === 0 ? 'new' : undefined
  if (transport.kind !== 'tcp') return undefined
  const flags = [...transport.flags].sort().join(' ')
  return flags === 'syn' ? 'new' : flags === 'ack' || flags === 'ack psh' ? 'invalid' : undefined
}

/** Multicast, or the broadcast to all. */
function isGroup(address: Uint8Array): boolean {
  const [first = 0] = address
  return address.length === 16 ? first === 0xff : first >> 4 === 14 || address.every(byte => byte === 0xff)
}

/** Both ends of a connection in one order, so that its two directions are one; undefined: not known to be of any. */
export function connectionOf({ source, destination, transport, fragment, id }: Shape): string | undefined {
  if (fragment !== 'none' || transport.kind === 'other') return undefined
  const [from, to] = transport.kind === 'icmp' ? [id, id] : transport.ports
  return [transport.kind, ...[`${addressText(source)} ${from}`, `${addressText(destination)} ${to}`].sort()].join(' ')
}

function lengthOf(frame: Uint8Array): number {
  return decode(frame, { ethernet: true }).ip?.totalLength ?? 0
}

function whole(shape: Shape, room: number): Uint8Array {
  const { tags, fragment, transport } = shape
  let frame = ether(shape.padded ? { padTo: 60 } : {})

  for (const id of tags) frame = frame.vlan(id)
  frame = withIp(frame, shape)
  // Later fragments and protocols that nobody parses: bytes that could be mistaken for a header of the ports 257 and 257.
  if (fragment === 'later' || transport.kind === 'other')
    return frame.protocol(protocolOf(shape), new Uint8Array(24 + room).fill(1)).bytes()
  const payload = new Uint8Array(room)

  switch (transport.kind) {
    case 'tcp':
      return frame.tcp(...transport.ports, { flags: transport.flags, payload }).bytes()
    case 'udp':
      return frame.udp(...transport.ports, { payload }).bytes()
    case 'sctp':
      return frame.sctp(...transport.ports, { payload }).bytes()
    case 'icmp': {
      const message = { type: transport.type, code: transport.code, id: shape.id, payload }
      return (shape.source.length === 4 ? frame.icmp(message) : frame.icmpv6(message)).bytes()
    }
  }
}

function withIp(frame: Frame, shape: Shape): Frame {
  const { source, destination, dscp, ecn, hopLimit, fragment } = shape
  const [from, to] = [addressText(source), addressText(destination)]
  const id = (shape.id & 0x7fff) | (fragment === 'later' ? 0x8000 : 0)
  const part = fragment === 'none' ? undefined : fragment === 'first' ? { offset: 0, more: true } : { offset: 1480, more: id % 2 === 0 }

  if (source.length === 4) {
    const options = new Uint8Array(4 * shape.extras.length).fill(1)
    return frame.ip4(from, to, { dscp, ecn, ttl: hopLimit, id, options, ...(part ? { fragment: part } : {}) })
  }
  let ipv6 = frame.ip6(from, to, { dscp, ecn, hopLimit })

  for (const extra of shape.extras) {
    if (extra === 'hopByHop') ipv6 = ipv6.hopByHop()
    else if (extra === 'destinationOptions') ipv6 = ipv6.destinationOptions()
    else if (extra === 'routing') ipv6 = ipv6.routing()
    else if (extra === 'authentication') ipv6 = ipv6.authentication()
    else if (fragment === 'none') ipv6 = ipv6.fragment({ id, offset: 0, more: false })
  }
  return part ? ipv6.fragment({ id, ...part }) : ipv6
}
