/** The kind of a packet: ICMP type and code, TCP flags, fragments; at every hook, the match and the nearest miss. */
import { test } from 'tap'
import { ether, type TcpFlag } from '../lab/packet.ts'
import { bothWays, cannotLoad, dataplane, hooks } from './box.ts'

const skip = cannotLoad()
const ip4 = () => ether().ip4('192.0.2.7', '198.51.100.1')
const ip6 = () => ether().ip6('2001:db8:1::7', '2001:db8:2::1')

test('ICMP by type, and by type and code', { skip }, async t => {
  const box = await dataplane(
    t,
    bothWays({
      echo: { priority: 1, action: 'deny', match: { protocol: 'icmp', icmp: { type: 8 } } },
      port: { priority: 2, action: 'deny', match: { protocol: 'icmp', icmp: { type: 3, code: 3 } } },
      echo6: { priority: 3, action: 'deny', match: { protocol: 'icmpv6', icmp: { type: 128, code: 0 } } },
      either: { priority: 4, action: 'deny', match: { icmp: { type: 42 } } },
    }),
  )

  for (const hook of hooks) {
    for (const [type, code, action] of [
      [8, 0, 'drop'],
      [8, 255, 'drop'],
      [7, 255, 'pass'],
      [9, 0, 'pass'],
      [3, 3, 'drop'],
      [3, 2, 'pass'],
      [3, 4, 'pass'],
      [128, 0, 'pass'],
      [42, 1, 'drop'],
    ] as const)
      t.match(box.run(ip4().icmp({ type, code }), hook), { action }, `${hook}: ICMP ${type}/${code}`)
    for (const [type, code, action] of [
      [128, 0, 'drop'],
      [128, 1, 'pass'],
      [129, 0, 'pass'],
      [8, 0, 'pass'],
      [3, 3, 'pass'],
      [42, 1, 'drop'],
    ] as const)
      t.match(box.run(ip6().icmpv6({ type, code }), hook), { action }, `${hook}: ICMPv6 ${type}/${code}`)
    t.match(box.run(ip4().udp(8, 0x0303), hook), { action: 'pass' }, `${hook}: no ICMP`)
  }
})

test('TCP flags, set and unset', { skip }, async t => {
  const box = await dataplane(
    t,
    bothWays({
      begin: { priority: 1, action: 'deny', match: { protocol: 'tcp', tcpFlags: { set: ['syn'], unset: ['ack', 'rst'] } } },
      urgent: { priority: 2, action: 'deny', match: { tcpFlags: { set: ['urg', 'cwr'] }, destinationPorts: ['80'] } },
      null: { priority: 3, action: 'deny', match: { tcpFlags: { unset: ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'] } } },
    }),
  )
  const rows: [readonly TcpFlag[], string | undefined][] = [
    [['syn'], 'begin'],
    [['syn', 'ece', 'cwr'], 'begin'],
    [['syn', 'ack'], undefined],
    [['syn', 'rst'], undefined],
    [['ack'], undefined],
    [['urg', 'cwr', 'ack'], 'urgent'],
    [['urg', 'ack'], undefined],
    [[], 'null'],
    [['psh'], undefined],
  ]

  for (const hook of hooks)
    for (const packet of [ip4, ip6]) {
      for (const [flags, rule] of rows)
        t.equal(
          box.run(packet().tcp(5000, 80, { flags }), hook).rule,
          rule && (hook === 'tc_egress' ? `${rule}-out` : rule),
          `${hook}: ${flags}`,
        )
      t.match(box.run(packet().tcp(5000, 81, { flags: ['urg', 'cwr'] }), hook), { action: 'pass' }, `${hook}: another port`)
      t.match(box.run(packet().udp(5000, 80), hook), { action: 'pass' }, `${hook}: UDP has no flags, not even none`)
    }
})

test('fragments: none, first, later and any', { skip }, async t => {
  const whole = [ip4().udp(5000, 53, { payload: new Uint8Array(200) }), ip6().udp(5000, 53, { payload: new Uint8Array(200) })]

  for (const [fragment, dropped] of [
    ['none', [true, false, false]],
    ['first', [false, true, false]],
    ['later', [false, false, true]],
    ['any', [false, true, true]],
  ] as const) {
    const box = await dataplane(t, bothWays({ x: { action: 'deny', match: { fragment } } }))

    for (const hook of hooks)
      for (const packet of whole) {
        const [first, later] = packet.fragments(104)
        for (const [at, one] of [packet, first, later].entries())
          t.match(
            box.run(one ?? packet, hook),
            { action: dropped[at] ? 'drop' : 'pass' },
            `${hook}: ${fragment}, ${['whole', 'first', 'later'][at]}`,
          )
      }
  }
})

test('an IPv6 fragment header over a whole packet is no fragment', { skip }, async t => {
  const box = await dataplane(t, bothWays({ x: { action: 'deny', match: { fragment: 'any' } } }))

  for (const hook of hooks) t.match(box.run(ip6().fragment({ offset: 0, more: false }).udp(5000, 53), hook), { action: 'pass' }, hook)
})
