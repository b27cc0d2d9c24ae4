/** Packets at random among addresses and ports that rules are about. */
import fc from 'fast-check'
import { network } from '../dataplane/box.ts'
import { ether, type TcpFlag } from '../lab/packet.ts'
import { here, routed } from './original.ts'

export const pools = {
  ip: {
    sources: ['192.0.2.7', '192.0.2.9', '198.51.100.7', '198.51.100.130', '203.0.113.5', '10.9.8.7'],
    prefixes: ['192.0.2.0/24', '192.0.2.8/29', '198.51.100.0/24', '198.51.100.128/25', '203.0.113.5/32', '0.0.0.0/1'],
  },
  ip6: {
    sources: ['2001:db8:1::7', '2001:db8:1::9', '2001:db8:2::7', '2001:db8:2:8::1', '2001:db8:f::5', 'fd00:9::1'],
    prefixes: ['2001:db8:1::/48', '2001:db8:1::8/125', '2001:db8:2::/48', '2001:db8:2:8::/64', '2001:db8:f::5/128', '2000::/3'],
  },
} as const
export type Family = keyof typeof pools
export const ports = [22, 53, 80, 443, 1000, 8080] as const

export interface Drawn {
  readonly source: number
  readonly routed: boolean
  readonly kind: 'tcp' | 'udp' | 'icmp' | 'gre'
  readonly port: number
  readonly flags: readonly TcpFlag[]
  readonly type: number
  readonly dscp: number
  readonly payload: number
}

export const drawn: fc.Arbitrary<Drawn> = fc.record({
  source: fc.nat({ max: 5 }),
  routed: fc.boolean(),
  kind: fc.constantFrom('tcp', 'tcp', 'udp', 'icmp', 'gre'),
  port: fc.constantFrom(...ports),
  flags: fc.constantFrom<TcpFlag[]>(['syn'], ['syn'], ['syn'], ['ack'], ['rst'], ['syn', 'ack'], ['fin', 'psh', 'urg']),
  type: fc.constantFrom(0, 3),
  dscp: fc.constantFrom(0, 0, 46),
  payload: fc.constantFrom(0, 10, 500),
})

/** `turn` makes each packet one of a connection of its own. */
export function frameOf({ source, routed: away, kind, port, flags, type, dscp, payload }: Drawn, family: Family, turn: number): Uint8Array {
  const from = pools[family].sources[source] as string
  const to = (away ? routed : here)[family]
  const layer = ether({ source: network.clientMac, destination: network.inMac })
  const packet = family === 'ip' ? layer.ip4(from, to, { dscp }) : layer.ip6(from, to, { dscp })
  const sourcePort = 1024 + (turn % 60_000)
  const bytes = new Uint8Array(payload)
  if (kind === 'tcp') return packet.tcp(sourcePort, port, { flags, payload: bytes }).bytes()
  if (kind === 'udp') return packet.udp(sourcePort, port, { payload: bytes }).bytes()
  if (kind === 'gre') return packet.gre().bytes()
  const request = type !== 0
  const echo = { id: turn & 0xffff, sequence: 1 }
  return (family === 'ip' ? packet.icmp({ type: request ? 8 : 0, ...echo }) : packet.icmpv6({ type: request ? 128 : 129, ...echo })).bytes()
}
