/** Tunnels to backends: outer headers over both families, and what does not fit. Read back by our decoder and by Wireshark. */
import { execFileSync } from 'node:child_process'
import { test } from 'tap'
import { checksumsRight, decode, describe, ether, frame, type Packet } from '../lab/packet.ts'
import { tshark } from '../lab/tshark.ts'
import { type Box, cannotLoad, dataplane, ifindex, ingressHooks, network, type Result } from './box.ts'

const skip = cannotLoad()
const services = { 4: '198.51.100.10', 6: '2001:db8:2::10' } as const
const clients = { 4: '192.0.2.7', 6: '2001:db8:1::7' } as const
const backends = { 4: '10.0.0.11', 6: 'fd00::11' } as const
const gates = { 4: '10.0.0.1', 6: 'fd00::1' } as const

type Family = 4 | 6
type Mode = 'dsr-ipip' | 'dsr-gue'

interface Fixture {
  readonly mode: Mode
  readonly inner: Family
  readonly outer: Family
  /** As Wireshark names the headers; it calls what stands behind a UDP port `ip` before it has seen the version. */
  readonly protocols: string
  readonly headers: number
  /** Of the outer UDP header. */
  readonly udp?: 'absent' | 'good'
}

const fixtures: readonly Fixture[] = [
  { mode: 'dsr-ipip', inner: 4, outer: 4, protocols: 'eth:ethertype:ip:ip:tcp', headers: 20 },
  { mode: 'dsr-ipip', inner: 6, outer: 4, protocols: 'eth:ethertype:ip:ipv6:tcp', headers: 20 },
  { mode: 'dsr-ipip', inner: 4, outer: 6, protocols: 'eth:ethertype:ipv6:ip:tcp', headers: 40 },
  { mode: 'dsr-ipip', inner: 6, outer: 6, protocols: 'eth:ethertype:ipv6:ipv6:tcp', headers: 40 },
  { mode: 'dsr-gue', inner: 4, outer: 4, protocols: 'eth:ethertype:ip:udp:ip:tcp', headers: 28, udp: 'absent' },
  { mode: 'dsr-gue', inner: 6, outer: 4, protocols: 'eth:ethertype:ip:udp:ip:ipv6:tcp', headers: 28, udp: 'absent' },
  { mode: 'dsr-gue', inner: 4, outer: 6, protocols: 'eth:ethertype:ipv6:udp:ip:tcp', headers: 48, udp: 'good' },
  { mode: 'dsr-gue', inner: 6, outer: 6, protocols: 'eth:ethertype:ipv6:udp:ip:ipv6:tcp', headers: 48, udp: 'good' },
]

function policy(mode: Mode, inner: Family, outer: Family, protocol: 'tcp' | 'udp' | 'sctp' = 'tcp') {
  const backend = { b1: { address: backends[outer] } }

  return { services: { web: { address: services[inner], ports: ['80'], protocol, forwarding: mode, backends: backend } } as never }
}

/** From the client to the service, up to the transport header. */
function toService(family: Family, options: { dscp?: number; ecn?: number; ttl?: number; dontFragment?: boolean } = {}): Packet {
  const link = ether({ source: network.clientMac, destination: network.inMac })

  return family === 4
    ? link.ip4(clients[4], services[4], options)
    : link.ip6(clients[6], services[6], { ...options, ...(options.ttl ? { hopLimit: options.ttl } : {}) })
}

const http = (family: Family, bytes: number) => toService(family).tcp(5000, 80, { flags: ['ack'], payload: new Uint8Array(bytes) })
/** What stands behind the outer headers, in a frame of its own. */
const inside = (result: Result, headers: number) => result.packet.subarray(14 + headers)

/** TC leaves the link header to the neighbour layer, which a test run does not reach. */
const macOf = (hook: string, packet: Uint8Array) => (hook === 'xdp_ingress' ? decode(packet).ethernet?.destination : network.backendMac(11))

for (const { mode, inner, outer, protocols, headers, udp } of fixtures) {
  test(`${mode}: IPv${inner} in IPv${outer}`, { skip }, async t => {
    const box = await dataplane(t, policy(mode, inner, outer))

    for (const hook of ingressHooks) {
      const packet = toService(inner, { dscp: 46, ecn: 1 }).tcp(5000, 80, { payload: 'drawgate' })
      const result = box.run(packet, hook)

      t.match(result, { action: 'redirect', reason: 'service', service: 'web', backend: 'web/b1' }, hook)
      t.equal(result.packet.length, packet.bytes().length + headers)
      t.equal(result.bytes, BigInt(packet.bytes().length - 14), 'bytes of the packet that came in')
      t.match(
        decode(result.packet).ip,
        {
          source: gates[outer],
          destination: backends[outer],
          ttl: 64,
          dscp: 46,
          totalLength: result.packet.length - 14,
          headerChecksumRight: true,
        },
        describe(result.packet),
      )
      t.equal(macOf(hook, result.packet), network.backendMac(11))
      if (outer === 4) t.equal(result.packet[20], 0x40, 'not to be fragmented')
      t.equal(trafficClass(result.packet.subarray(14)) & 3, 1, 'congestion bits are copied')
      t.match(
        decode(inside(result, headers), { ethernet: false }),
        {
          ip: { source: clients[inner], destination: services[inner], ttl: 63, dscp: 46 },
          transport: { sourcePort: 5000, destinationPort: 80, checksumRight: true },
        },
        'the packet itself is as it was',
      )

      const [read] = tshark([result.packet])

      t.same(read?.protocols, protocols, `${hook}: as Wireshark reads it`)
      t.same(read?.sources, [gates[outer], clients[inner]])
      t.same(read?.destinations, [backends[outer], services[inner]])
      t.same(
        read?.checksums,
        [...(outer === 4 ? ['ip good'] : []), ...(inner === 4 ? ['ip good'] : []), ...(udp ? [`udp ${udp}`] : []), 'tcp good'],
        `${hook}: checksums`,
      )
      t.match(box.run(toService(inner).tcp(5000, 81), hook), { action: 'pass', reason: 'default' }, `${hook}: the next port is no service`)
      t.match(box.run(toService(inner, { ttl: 1 }).tcp(5000, 80), hook), { action: 'drop', reason: 'ttl_exceeded' }, hook)
    }
  })

  test(`${mode}: IPv${inner} in IPv${outer}, what does not fit`, { skip }, async t => {
    const box = await dataplane(t, policy(mode, inner, outer))
    const overhead = inner === 4 ? 40 : 60

    for (const hook of ingressHooks) {
      t.match(box.run(http(inner, 1500 - headers - overhead), hook), { action: 'redirect', reason: 'service' }, `${hook}: it just fits`)

      const result = box.run(http(inner, 1501 - headers - overhead), hook)
      const { ip, transport, payload } = decode(result.packet)

      t.match(result, { verdict: 'transmit', reason: 'too_big', service: 'web' }, `${hook}: one byte more does not`)
      t.match(ip, { source: services[inner], destination: clients[inner] }, describe(result.packet))
      t.match(transport, inner === 4 ? { name: 'icmp', type: 3, code: 4 } : { name: 'icmpv6', type: 2, code: 0 })
      t.ok(checksumsRight(result.packet))
      t.equal(mtuOf(result.packet), 1500 - headers, 'the size that fits')
      t.same(
        payload.subarray(0, 8),
        http(inner, 1501 - headers - overhead)
          .ipBytes()
          .subarray(0, 8),
        'the packet is quoted',
      )
    }
  })
}

/** Bytes behind the inner IP header, which has aged on its way. */
const carried = (result: Result, headers: number, family: Family) => inside(result, headers).subarray(family === 4 ? 20 : 40)

for (const { mode, inner, outer, headers } of fixtures)
  test(`${mode}: IPv${inner} in IPv${outer}, fragments and ICMP errors go where their flow does`, { skip }, async t => {
    const two = { b1: { address: backends[outer] }, b2: { address: outer === 4 ? '10.0.0.12' : 'fd00::12' } }
    const web = { address: services[inner], ports: ['80'], protocol: 'udp', forwarding: mode, backends: two }
    const ipHeader = inner === 4 ? 20 : 40

    for (const hook of ingressHooks) {
      const box = await dataplane(t, { services: { web: web as never } })
      const taken = new Set<string | undefined>()

      for (let port = 5000; port < 5008; port++) {
        // The last one is shorter than the header that it has none of.
        const pieces = toService(inner)
          .udp(port, 80, { payload: new Uint8Array(100).fill(port) })
          .fragments(52, port)
        const [first, ...later] = pieces.map(piece => box.run(piece, hook))
        // Addresses and ports, and the flow label of IPv6: all but lengths and checksums.
        const outerStart = ({ packet }: Result) => [
          ...packet.subarray(14, outer === 4 ? 16 : 18),
          ...packet.subarray(outer === 4 ? 26 : 22, 14 + headers - (mode === 'dsr-gue' ? 4 : 0)),
        ]

        t.equal(first?.backend, box.run(toService(inner).udp(port, 80), hook).backend)
        t.ok(later.length >= 2)
        for (const [at, result] of [first as Result, ...later].entries()) {
          t.match(result, { action: 'redirect', reason: 'service', backend: first?.backend }, `${hook}, port ${port}: fragment ${at}`)
          t.same(carried(result, headers, inner), pieces[at]?.ipBytes().subarray(ipHeader))
          t.same(outerStart(result), outerStart(first as Result), 'one way for all')
        }
        const quote = (inner === 4 ? ether().ip4(services[4], clients[4]) : ether().ip6(services[6], clients[6])).udp(80, port).ipBytes()
        const error =
          inner === 4
            ? ether({ source: network.clientMac, destination: network.inMac })
                .ip4('192.0.2.254', services[4])
                .icmp({ type: 3, code: 4, id: 0, sequence: 1280, payload: quote })
            : ether({ source: network.clientMac, destination: network.inMac })
                .ip6('2001:db8:1::fe', services[6])
                .icmpv6({ type: 2, code: 0, id: 0, sequence: 1280, payload: quote })
        const told = box.run(error, hook)

        t.match(told, { action: 'redirect', reason: 'service', backend: first?.backend }, `${hook}, port ${port}: an error`)
        t.same(carried(told, headers, inner), error.ipBytes().subarray(ipHeader), 'which is as it was')
        taken.add(first?.backend)
      }
      t.equal(taken.size, 2)
    }
  })

function mtuOf(packet: Uint8Array): number {
  const { ip, ipOffset } = decode(packet)

  return new DataView(packet.buffer, packet.byteOffset).getUint32(ipOffset + (ip?.headerLength ?? 0) + 4)
}

function trafficClass(ip: Uint8Array): number {
  const [first = 0, second = 0] = ip

  return first >> 4 === 4 ? second : ((first << 4) | (second >> 4)) & 0xff
}

test('a gate answers only so often, and never fragments', { skip }, async t => {
  const box = await dataplane(t, policy('dsr-ipip', 4, 4, 'udp'))
  const large = (dontFragment: boolean) => toService(4, { dontFragment }).udp(5000, 80, { payload: new Uint8Array(1472) })
  const [first] = toService(4)
    .udp(5000, 80, { payload: new Uint8Array(2960) })
    .fragments(1480)

  for (const hook of ingressHooks) {
    t.match(box.run(large(true), hook), { verdict: 'transmit', reason: 'too_big' })
    t.match(box.run(large(false), hook), { verdict: 'transmit', reason: 'too_big' }, 'with or without "do not fragment"')
    t.match(box.run(first as Packet, hook), { action: 'drop', reason: 'too_big' }, 'no answer to a fragment')
  }
})

test('dsr-gue: the source port is that of the flow, and UDP over IPv6 is summed where that can be known', { skip }, async t => {
  const ports = (box: Box, hook: (typeof ingressHooks)[number], from: number) =>
    decode(box.run(toService(4).tcp(from, 80), hook).packet).transport

  const box = await dataplane(t, policy('dsr-gue', 4, 6))
  for (const hook of ingressHooks) {
    const seen = new Set(Array.from({ length: 50 }, (_, at) => ports(box, hook, 4000 + at)?.sourcePort))

    t.match(ports(box, hook, 4000), { name: 'udp', destinationPort: 6080 })
    t.equal(ports(box, hook, 4000)?.sourcePort, ports(box, hook, 4000)?.sourcePort)
    t.ok(seen.size > 45 && [...seen].every(port => (port ?? 0) >= 0xc000), `${hook}: ${seen.size} ports for 50 flows`)
  }

  for (const [protocol, packet, expected] of [
    ['udp', toService(4).udp(5000, 80, { payload: 'odd' }), 'udp good'],
    ['udp', toService(4).udp(5000, 80, { checksum: 0 }), 'udp absent'],
    ['sctp', toService(4).sctp(5000, 80), 'udp absent'],
  ] as const) {
    await box.apply(policy('dsr-gue', 4, 6, protocol))
    for (const hook of ingressHooks) {
      const result = box.run(packet, hook)

      t.match(result, { action: 'redirect', reason: 'service' })
      t.equal(tshark([result.packet])[0]?.checksums[1], expected, `${hook}: ${protocol}`)
    }
  }
  await box.apply(policy('dsr-gue', 6, 6))
  const extended = toService(6).destinationOptions().tcp(5000, 80)
  for (const hook of ingressHooks) t.same(tshark([box.run(extended, hook).packet])[0]?.checksums, ['udp absent', 'tcp good'], hook)
})

test('IPv4 options and tags of the way in', { skip }, async t => {
  const box = await dataplane(t, policy('dsr-gue', 4, 6))
  const options = ether()
    .ip4(clients[4], services[4], { options: Uint8Array.of(1, 1, 1, 1) })
    .tcp(5000, 80)

  for (const hook of ingressHooks) t.same(tshark([box.run(options, hook).packet])[0]?.checksums, ['ip good', 'udp good', 'tcp good'], hook)

  const tagged = ether({ source: network.clientMac, destination: network.inMac })
    .vlan(100)
    .vlan(7)
    .ip4(clients[4], services[4])
    .tcp(5000, 80)
  const sent = box.run(tagged, 'tc_ingress')

  t.match(box.run(tagged, 'xdp_ingress'), { action: 'pass', verdict: 'none' }, 'XDP leaves it to tc_ingress')
  t.equal(tshark([sent.packet])[0]?.protocols, 'eth:ethertype:ipv6:udp:ip:tcp')
})

test('a route with a smaller size, a router in between, no route', { skip }, async t => {
  const far = (address: string) => ({
    services: {
      web: { address: services[4], ports: ['80'], protocol: 'tcp', forwarding: 'dsr-ipip', backends: { b: { address } } },
    } as never,
  })
  const box = await dataplane(t, far('10.9.9.9'))

  execFileSync('ip', ['route', 'add', '10.9.9.0/24', 'via', '10.0.0.11', 'mtu', 'lock', '1400'])
  t.teardown(() => execFileSync('ip', ['route', 'del', '10.9.9.0/24']))
  for (const hook of ingressHooks) {
    t.match(box.run(http(4, 1340), hook), { action: 'redirect', reason: 'service' })
    t.equal(mtuOf(box.run(http(4, 1341), hook).packet), 1380, hook)
  }
  await box.apply(far('10.8.8.8'))
  t.match(box.run(http(4, 10), 'tc_ingress'), { action: 'drop', reason: 'no_route' })
  t.match(box.run(http(4, 10), 'xdp_ingress'), { action: 'pass', verdict: 'none' }, 'XDP leaves it to tc_ingress')
})

test('a trace tells the packet that leaves', { skip }, async t => {
  const box = await dataplane(t, policy('dsr-ipip', 4, 6))
  const { packet, reason } = box.dataplane.trace({ hook: 'xdp_ingress', packet: http(4, 10).bytes(), ifindex: ifindex('in0') })

  t.equal(reason, 'service')
  t.match(decode(frame(packet)).ip, { destination: backends[6], protocol: 4 })
})
