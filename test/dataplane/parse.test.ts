/** Parsing: every shape of packet reaches the rules as what it is, or is dropped by reason. */
import { test } from 'tap'
import { ether, type Packet } from '../lab/packet.ts'
import { cannotLoad, dataplane, hooks } from './box.ts'

const skip = cannotLoad()
const both = (match: object) => ({
  rules: {
    block: { direction: 'ingress' as const, action: 'deny' as const, match },
    'block-out': { direction: 'egress' as const, action: 'deny' as const, match },
  },
})

const tcp = { protocol: 'tcp' as const, destinationPorts: ['80'] }
const from4 = { source: ['192.0.2.0/24'] }
const from6 = { source: ['2001:db8:1::/48'] }
const client4 = '192.0.2.7'
const server4 = '198.51.100.1'
const client6 = '2001:db8:1::7'
const server6 = '2001:db8:2::1'

/** Packets that a rule for TCP port 80 must catch, each with its nearest miss. */
const shapes: Record<string, [hit: Packet, miss: Packet]> = {
  'plain IPv4': [ether().ip4(client4, server4).tcp(5000, 80), ether().ip4(client4, server4).tcp(5000, 81)],
  'plain IPv6': [ether().ip6(client6, server6).tcp(5000, 80), ether().ip6(client6, server6).tcp(5000, 79)],
  'one VLAN tag': [ether().vlan(100).ip4(client4, server4).tcp(5000, 80), ether().vlan(100).ip4(client4, server4).tcp(5000, 81)],
  'two VLAN tags': [
    ether().vlan(100, { etherType: 0x88a8 }).vlan(7).ip6(client6, server6).tcp(5000, 80),
    ether().vlan(100, { etherType: 0x88a8 }).vlan(7).ip6(client6, server6).tcp(80, 5000),
  ],
  'IPv4 options': [
    ether()
      .ip4(client4, server4, { options: Uint8Array.from([0x94, 4, 0, 0]) })
      .tcp(5000, 80),
    ether()
      .ip4(client4, server4, { options: Uint8Array.from([0x94, 4, 0, 0]) })
      .tcp(5000, 8080),
  ],
  '40 bytes of IPv4 options': [
    ether()
      .ip4(client4, server4, { options: new Uint8Array(40).fill(1) })
      .tcp(5000, 80),
    ether()
      .ip4(client4, server4, { options: new Uint8Array(40).fill(1) })
      .udp(5000, 80),
  ],
  'IPv6 hop-by-hop': [ether().ip6(client6, server6).hopByHop().tcp(5000, 80), ether().ip6(client6, server6).hopByHop().tcp(5000, 81)],
  'a chain of extension headers': [
    ether().ip6(client6, server6).hopByHop().routing().destinationOptions().authentication().tcp(5000, 80),
    ether().ip6(client6, server6).hopByHop().routing().destinationOptions().authentication().udp(5000, 80),
  ],
  'an atomic IPv6 fragment': [
    ether().ip6(client6, server6).fragment().tcp(5000, 80),
    ether().ip6(client6, server6).fragment().tcp(5000, 81),
  ],
}

test('a rule for one port catches every shape of packet, and leaves the next port alone', { skip }, async t => {
  const box = await dataplane(t, both(tcp))

  for (const [name, [hit, miss]] of Object.entries(shapes)) {
    for (const hook of hooks) {
      t.match(box.run(hit, hook), { action: 'drop', reason: 'rule' }, `${hook}: ${name}`)
      t.match(box.run(miss, hook), { action: 'pass', reason: 'default' }, `${hook}: ${name}, nearest miss`)
    }
  }
})

test('a rule by address catches packets of any protocol', { skip }, async t => {
  const box = await dataplane(t, both({ source: [...from4.source, ...from6.source] }))
  const inside = [
    ether().ip4(client4, server4).gre().ip4('203.0.113.1', '203.0.113.2').udp(1, 2),
    ether().ip4(client4, server4).protocol(50, new Uint8Array(16)),
    ether().ip4(client4, server4).authentication().tcp(5000, 80),
    ether().ip4(client4, server4).icmp(),
    ether().ip4(client4, server4).sctp(5000, 80),
    ether().ip4(client4, server4).protocol(255, ''),
    ether().ip6(client6, server6).icmpv6(),
    ether().ip6(client6, server6).protocol(59, ''),
    ether().ip6(client6, server6).gre().ip4('203.0.113.1', '203.0.113.2').udp(1, 2),
    ether().vlan(5).ip6(client6, server6).sctp(5000, 80),
  ]

  for (const packet of inside) {
    for (const hook of hooks) t.match(box.run(packet, hook), { action: 'drop', reason: 'rule' }, hook)
  }
  t.match(
    box.run(ether().ip4('192.0.3.7', server4).gre().ip4(client4, server4).udp(1, 2)),
    { action: 'pass' },
    'what GRE carries is not looked at',
  )
})

test('fragments', { skip }, async t => {
  const byPort = await dataplane(t, both(tcp))
  const other = await dataplane(t, both(tcp))
  const payload = new Uint8Array(64)
  const [first4, later4] = ether().ip4(client4, server4).tcp(5000, 80, { payload }).fragments(40)
  const [first6, later6] = ether().ip6(client6, server6).tcp(5000, 80, { payload }).fragments(40)

  for (const hook of hooks) {
    for (const [first, later] of [
      [first4, later4],
      [first6, later6],
    ]) {
      t.match(other.run(later as Packet, hook), { action: 'pass', reason: 'default' }, `${hook}: a later fragment has no ports`)
      t.match(byPort.run(first as Packet, hook), { action: 'drop', reason: 'rule' }, `${hook}: a first fragment has ports`)
      t.match(byPort.run(later as Packet, hook), { action: 'drop', reason: 'fragment' }, `${hook}: a later one goes with the first`)
    }
  }

  const byAddress = await dataplane(t, both({ source: [...from4.source, ...from6.source], protocol: 'tcp' }))

  for (const hook of hooks) {
    t.match(
      byAddress.run(later4 as Packet, hook),
      { action: 'drop', reason: 'rule' },
      `${hook}: a later fragment has addresses and a protocol`,
    )
    t.match(
      byAddress.run(later6 as Packet, hook),
      { action: 'drop', reason: 'rule' },
      `${hook}: a later fragment has addresses and a protocol`,
    )
  }

  const tiny: [string, Packet][] = [
    [
      'a first fragment that ends within the TCP header',
      ether()
        .ip4(client4, server4, { fragment: { more: true }, protocol: 6 })
        .payload(new Uint8Array(16)),
    ],
    [
      'a TCP fragment at offset 8',
      ether()
        .ip4(client4, server4, { fragment: { offset: 8 }, protocol: 6 })
        .payload(new Uint8Array(32)),
    ],
    ['the same in IPv6', ether().ip6(client6, server6).fragment({ offset: 8, more: true }).protocol(6, new Uint8Array(32))],
    ['a first IPv6 fragment that ends within UDP', ether().ip6(client6, server6).fragment({ more: true }).protocol(17, new Uint8Array(4))],
  ]

  for (const [name, packet] of tiny) {
    for (const hook of hooks) t.match(byPort.run(packet, hook), { action: 'drop', reason: 'tiny_fragment' }, `${hook}: ${name}`)
  }
})

test('what contradicts itself is dropped as malformed', { skip }, async t => {
  const box = await dataplane(t)
  const absurd: [string, Packet][] = [
    ['an IPv4 header of 4 words', ether().ip4(client4, server4, { headerWords: 4 }).udp(1, 2)],
    ['a total length shorter than the header', ether().ip4(client4, server4, { totalLength: 19 }).udp(1, 2)],
    ['a total length longer than the frame', ether().ip4(client4, server4, { totalLength: 1400 }).udp(1, 2)],
    ['options that the frame does not hold', ether().ip4(client4, server4, { headerWords: 15 }).udp(1, 2)],
    ['an IPv6 payload longer than the frame', ether().ip6(client6, server6, { payloadLength: 1400 }).udp(1, 2)],
    ['TCP cut short', ether().ip4(client4, server4, { protocol: 6 }).payload(new Uint8Array(19))],
    ['a TCP header of 4 words', ether().ip4(client4, server4).tcp(1, 2, { dataOffsetWords: 4 })],
    ['UDP cut short', ether().ip6(client6, server6).protocol(17, new Uint8Array(7))],
    ['ICMP cut short', ether().ip4(client4, server4).protocol(1, new Uint8Array(4))],
    ['SCTP cut short', ether().ip4(client4, server4).protocol(132, new Uint8Array(8))],
    ['an extension header that the frame does not hold', ether().ip6(client6, server6, { nextHeader: 0 }).payload(new Uint8Array(4))],
  ]

  for (const [name, packet] of absurd) {
    for (const hook of hooks) t.match(box.run(packet, hook), { action: 'drop', reason: 'malformed' }, `${hook}: ${name}`)
  }

  const padded = ether({ padTo: 60 }).ip4(client4, server4).udp(1, 2)

  t.match(box.run(padded), { action: 'pass', bytes: 28n }, 'padding behind the packet is not part of it')
})

test('more headers than anyone needs', { skip }, async t => {
  const box = await dataplane(t)
  const chain = (n: number) => {
    let packet = ether().ip6(client6, server6)

    for (let i = 0; i < n; i++) packet = packet.destinationOptions()
    return packet.tcp(5000, 80)
  }

  for (const hook of hooks) {
    t.match(box.run(chain(8), hook), { action: 'pass', reason: 'default' }, `${hook}: eight extension headers`)
    t.match(box.run(chain(9), hook), { action: 'drop', reason: 'too_many_headers' }, `${hook}: nine`)
    t.match(
      box.run(ether().vlan(1).vlan(2).vlan(3).ip4(client4, server4).udp(1, 2), hook),
      { action: 'drop', reason: 'too_many_headers' },
      `${hook}: a third VLAN tag`,
    )
  }
})

test('what is not IP passes', { skip }, async t => {
  const box = await dataplane(t, { defaults: { ingress: 'deny', egress: 'deny', management: [] } })

  for (const hook of hooks) {
    t.match(box.run(ether().arp(client4, server4), hook), { action: 'pass', reason: 'not_ip' }, `${hook}: ARP`)
    t.match(box.run(ether().etherType(0x88cc, new Uint8Array(50)), hook), { action: 'pass', reason: 'not_ip' }, `${hook}: LLDP`)
    t.match(box.run(ether().ip4(client4, server4).udp(1, 2), hook), { action: 'drop', reason: 'default' }, `${hook}: IP does not`)
  }
})
