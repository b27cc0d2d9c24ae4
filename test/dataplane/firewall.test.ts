/** The firewall: prefixes, sets, protocols, ports, order, defaults, essentials and management, at every hook. */
import { test } from 'tap'
import { ether } from '../lab/packet.ts'
import { bothWays, cannotLoad, dataplane, hooks, ingressHooks } from './box.ts'

const skip = cannotLoad()
const management: [] = []
const closed = { ingress: 'deny' as const, egress: 'deny' as const, management }
const udp4 = (source: string, destination: string, sourcePort = 5000, port = 53) => ether().ip4(source, destination).udp(sourcePort, port)
const udp6 = (source: string, destination: string, sourcePort = 5000, port = 53) => ether().ip6(source, destination).udp(sourcePort, port)

test('prefixes: hit, edges and nearest miss', { skip }, async t => {
  const box = await dataplane(
    t,
    bothWays({
      narrow: { priority: 1, action: 'allow', match: { source: ['192.0.2.64/26', '2001:db8:1:8000::/49'] } },
      wide: { priority: 2, action: 'deny', match: { source: ['192.0.2.0/24', '2001:db8:1::/48'] } },
      host: { priority: 3, action: 'deny', match: { destination: ['198.51.100.1', '2001:db8:2::1'] } },
    }),
  )
  const rows: [string, string, string, string | undefined][] = [
    ['192.0.2.63', '198.51.100.9', 'drop', 'wide'],
    ['192.0.2.64', '198.51.100.9', 'pass', 'narrow'],
    ['192.0.2.127', '198.51.100.9', 'pass', 'narrow'],
    ['192.0.2.128', '198.51.100.9', 'drop', 'wide'],
    ['192.0.2.255', '198.51.100.9', 'drop', 'wide'],
    ['192.0.3.0', '198.51.100.9', 'pass', undefined],
    ['192.0.1.255', '198.51.100.9', 'pass', undefined],
    ['192.0.3.0', '198.51.100.1', 'drop', 'host'],
    ['2001:db8:1:7fff:ffff::', '2001:db8:2::9', 'drop', 'wide'],
    ['2001:db8:1:8000::', '2001:db8:2::9', 'pass', 'narrow'],
    ['2001:db8:0:ffff::', '2001:db8:2::9', 'pass', undefined],
    ['2001:db8:2::', '2001:db8:2::1', 'drop', 'host'],
    ['2001:db8:2::', '2001:db8:2::2', 'pass', undefined],
  ]

  for (const hook of hooks) {
    for (const [source, destination, action, rule] of rows) {
      const packet = source.includes(':') ? udp6(source, destination) : udp4(source, destination)
      const result = box.run(packet, hook)

      t.equal(result.action, action, `${hook}: ${source} → ${destination}`)
      t.equal(result.rule, rule && (hook === 'tc_egress' ? `${rule}-out` : rule), `${hook}: counted by its rule`)
    }
  }
})

test('0.0.0.0/0 is all of IPv4 and none of IPv6', { skip }, async t => {
  const box = await dataplane(t, bothWays({ four: { action: 'deny', match: { source: ['0.0.0.0/0'] } } }))

  for (const hook of hooks) {
    t.match(box.run(udp4('192.0.2.7', '198.51.100.1'), hook), { action: 'drop' })
    t.match(box.run(udp6('2001:db8:1::7', '2001:db8:2::1'), hook), { action: 'pass' })
  }
})

test('sets, and their complement', { skip }, async t => {
  const box = await dataplane(t, {
    sets: { office: { entries: ['192.0.2.0/25', '192.0.2.200', '2001:db8:1::/64'] }, empty: {} },
    ...bothWays({
      nothing: { priority: 1, action: 'deny', match: { source: ['@empty'] } },
      outside: { priority: 2, action: 'deny', match: { notSource: ['@office'], destination: ['198.51.100.0/24', '2001:db8:2::/64'] } },
    }),
  })

  for (const hook of hooks) {
    t.match(box.run(udp4('192.0.2.127', '198.51.100.1'), hook), { action: 'pass' })
    t.match(box.run(udp4('192.0.2.128', '198.51.100.1'), hook), { action: 'drop' })
    t.match(box.run(udp4('192.0.2.200', '198.51.100.1'), hook), { action: 'pass' })
    t.match(box.run(udp4('192.0.2.201', '198.51.100.1'), hook), { action: 'drop' })
    t.match(box.run(udp4('192.0.2.128', '198.51.101.1'), hook), { action: 'pass' })
    t.match(box.run(udp6('2001:db8:1::1', '2001:db8:2::1'), hook), { action: 'pass' })
    t.match(box.run(udp6('2001:db8:1:1::1', '2001:db8:2::1'), hook), { action: 'drop' })
  }
})

test('port ranges include both ends', { skip }, async t => {
  const box = await dataplane(
    t,
    bothWays({
      range: { priority: 1, action: 'deny', match: { destinationPorts: ['8000-8100', '443'] } },
      low: { priority: 2, action: 'deny', match: { protocol: 'udp', sourcePorts: ['0-1023'] } },
      top: { priority: 3, action: 'deny', match: { destinationPorts: ['65535'] } },
    }),
  )

  for (const hook of hooks) {
    for (const [port, action] of [
      [7999, 'pass'],
      [8000, 'drop'],
      [8100, 'drop'],
      [8101, 'pass'],
      [443, 'drop'],
      [444, 'pass'],
      [65535, 'drop'],
      [65534, 'pass'],
    ] as const) {
      t.match(box.run(ether().ip4('192.0.2.7', '198.51.100.1').tcp(5000, port), hook), { action }, `${hook}: tcp ${port}`)
      t.match(box.run(ether().ip6('2001:db8:1::7', '2001:db8:2::1').sctp(5000, port), hook), { action }, `${hook}: sctp ${port}`)
    }
    t.match(box.run(udp4('192.0.2.7', '198.51.100.1', 1023, 9), hook), { action: 'drop' })
    t.match(box.run(udp4('192.0.2.7', '198.51.100.1', 1024, 9), hook), { action: 'pass' })
    t.match(box.run(ether().ip4('192.0.2.7', '198.51.100.1').tcp(1023, 9), hook), { action: 'pass' }, 'the low rule is for UDP')
    t.match(box.run(ether().ip4('192.0.2.7', '198.51.100.1').icmp(), hook), { action: 'pass' }, 'ports do not match what has none')
  }
})

test('protocols by name and number', { skip }, async t => {
  const box = await dataplane(
    t,
    bothWays({
      icmp: { priority: 1, action: 'deny', match: { protocol: 'icmp' } },
      icmp6: { priority: 1, action: 'deny', match: { protocol: 'icmpv6' } },
      gre: { priority: 1, action: 'deny', match: { protocol: 47 } },
    }),
  )

  for (const hook of hooks) {
    t.match(box.run(ether().ip4('192.0.2.7', '198.51.100.1').icmp(), hook), { action: 'drop' })
    t.match(box.run(ether().ip6('2001:db8:1::7', '2001:db8:2::1').icmpv6(), hook), { action: 'drop' })
    t.match(box.run(ether().ip4('192.0.2.7', '198.51.100.1').gre().ip4('203.0.113.1', '203.0.113.2').udp(1, 2), hook), { action: 'drop' })
    t.match(box.run(ether().ip4('192.0.2.7', '198.51.100.1').protocol(46, ''), hook), { action: 'pass' })
  }
})

test('a default deny, GRE, options, ICMPv6 and tags included', { skip }, async t => {
  const box = await dataplane(t, { defaults: { ...closed, essentials: false } })
  const packets = [
    ether().ip4('192.0.2.7', '198.51.100.1').gre().ip4('203.0.113.1', '203.0.113.2').udp(1, 2),
    ether()
      .ip4('192.0.2.7', '198.51.100.1', { options: Uint8Array.from([7, 3, 4, 0]) })
      .tcp(1, 2),
    ether().ip6('fe80::1', 'ff02::1', { hopLimit: 255 }).icmpv6({ type: 135 }),
    ether().vlan(1).ip4('192.0.2.7', '198.51.100.1').tcp(1, 2),
    ether().vlan(1).vlan(2).ip6('2001:db8:1::7', '2001:db8:2::1').tcp(1, 2),
    ether()
      .ip4('192.0.2.7', '198.51.100.1', { fragment: { offset: 800 }, protocol: 17 })
      .payload(new Uint8Array(16)),
  ]

  for (const packet of packets) {
    for (const hook of hooks) t.match(box.run(packet, hook), { action: 'drop', reason: 'default' }, hook)
  }
})

test('essentials pass a default deny, not a rule', { skip }, async t => {
  const box = await dataplane(t, { defaults: { ...closed, essentials: true } })
  const icmp6 = (type: number, hopLimit: number) => ether().ip6('fe80::1', 'ff02::1', { hopLimit }).icmpv6({ type })

  for (const hook of hooks) {
    for (const type of [133, 134, 135, 136, 137])
      t.match(box.run(icmp6(type, 255), hook), { action: 'pass', reason: 'essential' }, `${hook}: ${type}`)
    t.match(box.run(icmp6(135, 254), hook), { action: 'drop', reason: 'default' }, `${hook}: a router has passed it on`)
    t.match(box.run(icmp6(128, 255), hook), { action: 'drop', reason: 'default' }, `${hook}: an echo request`)
    t.match(box.run(icmp6(2, 64), hook), { action: 'pass', reason: 'essential' }, `${hook}: too big`)
    t.match(box.run(ether().ip4('192.0.2.7', '198.51.100.1').icmp({ type: 3, code: 4 }), hook), { action: 'pass', reason: 'essential' })
    t.match(box.run(ether().ip4('192.0.2.7', '198.51.100.1').icmp({ type: 3, code: 3 }), hook), { action: 'drop', reason: 'default' })

    const [here, there] = hook === 'tc_egress' ? [67, 68] : [68, 67]

    t.match(box.run(udp4('192.0.2.1', '255.255.255.255', there, here), hook), { action: 'pass', reason: 'essential' }, `${hook}: DHCP`)
    t.match(
      box.run(udp4('192.0.2.1', '255.255.255.255', here, there), hook),
      { action: 'drop', reason: 'default' },
      `${hook}: a DHCP server's side`,
    )
  }

  const ruled = await dataplane(t, {
    defaults: { ...closed, essentials: true },
    ...bothWays({ no: { action: 'deny', match: { protocol: 'icmpv6' } } }),
  })

  for (const hook of hooks) t.match(ruled.run(icmp6(135, 255), hook), { action: 'drop', reason: 'rule' }, hook)
})

test('management comes before every rule, to local addresses alone', { skip }, async t => {
  const box = await dataplane(
    t,
    {
      defaults: { ...closed, management: [{ port: 22, protocol: 'tcp', sources: ['192.0.2.0/24', '2001:db8:1::/64'] }] },
      ...bothWays({ all: { priority: 0, action: 'deny', match: {} } }),
    },
    { local: ['198.51.100.1', '2001:db8:2::1'] },
  )
  const tcp = (source: string, destination: string, from: number, to: number) =>
    (source.includes(':') ? ether().ip6(source, destination) : ether().ip4(source, destination)).tcp(from, to)

  for (const hook of ingressHooks) {
    t.match(box.run(tcp('192.0.2.7', '198.51.100.1', 5000, 22), hook), { action: 'pass', reason: 'management' }, hook)
    t.match(box.run(tcp('2001:db8:1::7', '2001:db8:2::1', 5000, 22), hook), { action: 'pass', reason: 'management' }, hook)
    t.match(box.run(tcp('192.0.2.7', '198.51.100.1', 5000, 23), hook), { action: 'drop', reason: 'rule' }, `${hook}: another port`)
    t.match(box.run(tcp('192.0.3.7', '198.51.100.1', 5000, 22), hook), { action: 'drop', reason: 'rule' }, `${hook}: another source`)
    t.match(box.run(tcp('192.0.2.7', '198.51.100.2', 5000, 22), hook), { action: 'drop', reason: 'rule' }, `${hook}: not a local address`)
    t.match(box.run(ether().ip4('192.0.2.7', '198.51.100.1').udp(5000, 22), hook), { action: 'drop', reason: 'rule' }, `${hook}: UDP`)
    t.match(box.run(tcp('192.0.2.7', '198.51.100.1', 22, 5000), hook), { action: 'drop', reason: 'rule' }, `${hook}: not backwards`)
  }
  t.match(box.run(tcp('198.51.100.1', '192.0.2.7', 22, 5000), 'tc_egress'), { action: 'pass', reason: 'management' }, 'the reply')
  t.match(box.run(tcp('198.51.100.1', '192.0.3.7', 22, 5000), 'tc_egress'), { action: 'drop', reason: 'rule' }, 'a reply to another')
  t.match(
    box.run(tcp('198.51.100.1', '192.0.2.7', 5000, 22), 'tc_egress'),
    { action: 'drop', reason: 'rule' },
    'our own connection is no reply',
  )
})

test('priority decides, then the name', { skip }, async t => {
  const match = { source: ['192.0.2.0/24'] }
  const box = await dataplane(
    t,
    bothWays({
      b: { priority: 5, action: 'deny', match },
      a: { priority: 5, action: 'allow', match },
      z: { priority: 4, action: 'deny', match: { ...match, protocol: 'tcp' } },
      off: { priority: 0, action: 'deny', match, enabled: false },
    }),
  )

  t.match(box.run(udp4('192.0.2.7', '198.51.100.1')), { action: 'pass', rule: 'a' })
  t.match(box.run(ether().ip4('192.0.2.7', '198.51.100.1').tcp(1, 2)), { action: 'drop', rule: 'z' })
})

test('the two directions have rules of their own', { skip }, async t => {
  const box = await dataplane(t, { rules: { in: { direction: 'ingress', action: 'deny', match: { destinationPorts: ['25'] } } } })

  t.match(box.run(udp4('192.0.2.7', '198.51.100.1', 5000, 25), 'tc_ingress'), { action: 'drop' })
  t.match(box.run(udp4('192.0.2.7', '198.51.100.1', 5000, 25), 'tc_egress'), { action: 'pass' })
})

test('any number of rules: one word, many words, and the cache', { skip }, async t => {
  for (const count of [1, 63, 64, 65, 200, 4096, 4100]) {
    const rules: Record<string, object> = {}

    // Interleaved, so that each vector of a field has a bit in every word and no packet's vectors share one before the last rule.
    for (let i = 0; i < count - 1; i++) {
      rules[`r${String(i).padStart(5, '0')}`] = {
        priority: i + 1,
        direction: 'ingress',
        action: 'deny',
        match: i % 2 ? { source: ['192.0.2.0/24'], destinationPorts: ['1'] } : { source: ['198.51.100.0/24'], destinationPorts: ['2'] },
      }
    }
    rules.last = { priority: 100_000, direction: 'ingress', action: 'deny', match: { source: ['192.0.2.0/24'], destinationPorts: ['2'] } }

    const box = await dataplane(t, { rules: rules as never })
    const packet = udp4('192.0.2.7', '203.0.113.1', 5000, 2)

    for (const run of ['searched', 'from the cache'])
      t.match(box.run(packet), { action: 'drop', rule: 'last' }, `${count} rules: the last one, ${run}`)
    t.match(box.run(udp4('203.0.113.7', '203.0.113.1', 5000, 2)), { action: 'pass' }, `${count} rules: none`)
    if (count > 2) {
      t.match(box.run(udp4('192.0.2.7', '203.0.113.1', 5000, 1)), { action: 'drop', rule: 'r00001' }, `${count} rules: the second`)
      t.match(box.run(udp4('198.51.100.7', '203.0.113.1', 5000, 2)), { action: 'drop', rule: 'r00000' }, `${count} rules: the first`)
    }
  }
})

test('an allow list stays an allow list after a reload, and counters go on', { skip }, async t => {
  const policy = (extra: object) => ({
    defaults: closed,
    sets: { friends: { entries: ['192.0.2.7'] } },
    rules: { friends: { direction: 'ingress' as const, action: 'allow' as const, match: { source: ['@friends'] } }, ...extra },
  })
  const box = await dataplane(t, policy({}))
  const friend = udp4('192.0.2.7', '198.51.100.1')
  const stranger = udp4('192.0.2.8', '198.51.100.1')

  for (let round = 0; round < 5; round++) {
    t.match(box.run(friend), { action: 'pass', rule: 'friends' })
    t.match(box.run(stranger), { action: 'drop', reason: 'default' })
    await box.apply(
      policy(round % 2 ? {} : { early: { priority: 1, direction: 'ingress', action: 'deny', match: { source: ['203.0.113.0/24'] } } }),
    )
  }
  t.match(box.run(udp4('203.0.113.1', '198.51.100.1')), { rule: 'early' }, 'its position moved the other rule, not its counter')
})

test('a set grows, shrinks and nests without touching its neighbours', { skip }, async t => {
  const box = await dataplane(t)
  const rules = { no: { direction: 'ingress' as const, action: 'deny' as const, match: { source: ['@s'] } } }
  const steps: [entries: string[], dropped: string[], passed: string[]][] = [
    [['192.0.2.0/24'], ['192.0.2.7', '192.0.2.8'], ['192.0.3.1']],
    [['192.0.2.7'], ['192.0.2.7'], ['192.0.2.8', '192.0.3.1']],
    [['192.0.2.7', '192.0.2.0/29', '192.0.0.0/16'], ['192.0.2.7', '192.0.2.8', '192.0.3.1'], ['192.1.0.0']],
    [['192.0.2.0/29'], ['192.0.2.7', '192.0.2.0'], ['192.0.2.8', '192.0.3.1']],
    [[], [], ['192.0.2.7', '192.0.2.8']],
    [['192.0.2.0/24', '192.0.2.7'], ['192.0.2.7', '192.0.2.8'], ['192.0.3.1']],
  ]

  for (const [entries, dropped, passed] of steps) {
    await box.apply({ sets: { s: entries.length > 0 ? { entries } : {} }, rules })
    for (const source of dropped) t.match(box.run(udp4(source, '198.51.100.1')), { action: 'drop' }, `${entries}: ${source}`)
    for (const source of passed) t.match(box.run(udp4(source, '198.51.100.1')), { action: 'pass' }, `${entries}: ${source}`)
  }
})
