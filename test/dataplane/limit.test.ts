/** Rates: who shares them, what passes under twice the rate, and what a change of policy keeps. */
import { test } from 'tap'
import type { RuleValue } from '../../controlplane/policy/document.ts'
import { ether } from '../lab/packet.ts'
import { type Box, cannotLoad, dataplane, hooks } from './box.ts'

const skip = cannotLoad()

type Limit = NonNullable<RuleValue['limit']>

/** The same limit for both directions, so that one test serves all hooks. */
function limited(limit: Limit, more: Partial<RuleValue> = {}) {
  const rule = { priority: 1, action: 'limit', match: {}, limit, ...more } as const

  return {
    rules: {
      'l-in': { ...rule, direction: 'ingress' as const },
      'l-out': { ...rule, direction: 'egress' as const },
    },
  }
}

const from = (source: string, bytes = 0) =>
  (source.includes(':') ? ether().ip6(source, '2001:db8:2::1') : ether().ip4(source, '198.51.100.1')).udp(5000, 53, {
    payload: new Uint8Array(bytes),
  })

/** How many of `count` packets pass. */
function passing(box: Box, count: number, source: string, hook: (typeof hooks)[number], bytes = 0): number {
  return Array.from({ length: count }, () => box.run(from(source, bytes), hook)).filter(({ action }) => action === 'pass').length
}

test('a burst passes, the next packet is beyond the rate and is told so', { skip }, async t => {
  // One packet a second: no test is fast enough to wait for the next, and none so slow that it comes by itself.
  const box = await dataplane(t, limited({ packetsPerSecond: 1, burstPackets: 600, per: 'source' }))

  for (const hook of hooks) {
    const name = hook === 'tc_egress' ? 'l-out' : 'l-in'
    const host = hook === 'xdp_ingress' ? 7 : hook === 'tc_ingress' ? 8 : 9

    for (const source of [`192.0.2.${host}`, `2001:db8:1::${host}`]) {
      t.ok(passing(box, 700, source, hook) < 650, `${hook}: ${source} has spent its burst`)
      t.match(box.run(from(source), hook), { action: 'drop', verdict: 'drop', reason: 'limit', rule: name })
    }
    t.match(box.run(from(`192.0.2.${host + 10}`), hook), { action: 'pass', reason: 'default', rule: name }, 'another source has its own')
  }
})

test('who shares a limit', { skip }, async t => {
  const box = await dataplane(t)
  const one = { bitsPerSecond: 1, burstBits: 1 } // a packet is paid for in minutes
  const rows: [Limit, same: [string, string][], other: [string, string][]][] = [
    [
      { ...one, per: 'rule' },
      [
        ['192.0.2.7', '203.0.113.9'],
        ['192.0.2.7', '2001:db8:1::7'],
      ],
      [],
    ],
    [
      { ...one, per: 'source' },
      [
        ['192.0.2.7', '192.0.2.7'],
        ['2001:db8::1', '2001:db8::1'],
      ],
      [
        ['192.0.2.7', '192.0.2.8'],
        ['2001:db8::1', '2001:db8::2'],
        ['2001:db8::1', '2001:db9::1'],
      ],
    ],
    [
      { ...one, per: 'sourcePrefix' },
      [
        ['192.0.2.7', '192.0.2.255'],
        ['2001:db8::1', '2001:db8::ffff:0:0:1'],
      ],
      [
        ['192.0.2.7', '192.0.3.7'],
        ['2001:db8::1', '2001:db8:0:1::1'],
      ],
    ],
    [
      { ...one, per: 'sourcePrefix', ipv4Prefix: 31, ipv6Prefix: 127 },
      [
        ['192.0.2.6', '192.0.2.7'],
        ['2001:db8::2', '2001:db8::3'],
      ],
      [
        ['192.0.2.7', '192.0.2.8'],
        ['2001:db8::3', '2001:db8::4'],
      ],
    ],
    [
      { ...one, per: 'sourcePrefix', ipv4Prefix: 0, ipv6Prefix: 0 },
      [
        ['192.0.2.7', '10.0.0.1'],
        ['2001:db8::1', 'fd00::1'],
      ],
      [['192.0.2.7', '2001:db8::1']],
    ],
  ]

  for (const [limit, same, other] of rows) {
    for (const [pairs, action] of [
      [same, 'drop'],
      [other, 'pass'],
    ] as const) {
      for (const [first, second] of pairs) {
        // A rule of another name is another rule: nothing is remembered of it.
        await box.apply({})
        await box.apply(limited(limit))
        t.match(box.run(from(first)), { action: 'pass' }, `${JSON.stringify(limit)}: ${first}`)
        t.match(box.run(from(second)), { action }, `${JSON.stringify(limit)}: then ${second}`)
      }
    }
  }
})

test('what is within goes on to the next rule, or is allowed', { skip }, async t => {
  const box = await dataplane(t)
  const next = { priority: 2, direction: 'ingress', action: 'deny', match: {} } as const

  for (const [within, action, rule] of [
    ['continue', 'drop', 'next'],
    ['allow', 'pass', 'l'],
  ] as const) {
    const l = { priority: 1, direction: 'ingress', action: 'limit', match: {}, limit: { packetsPerSecond: 1000, within } } as const

    await box.apply({ rules: { l, next } })
    t.match(box.run(from('192.0.2.7')), { action, reason: 'rule', rule }, within)
  }
})

test('an observed limit counts as if it decided, and drops nothing', { skip }, async t => {
  const box = await dataplane(t, limited({ packetsPerSecond: 1, burstPackets: 1 }, { enforcement: 'observe' }))

  for (let i = 0; i < 5; i++) t.match(box.run(from('192.0.2.7')), { action: 'pass', reason: 'default', rule: 'l-in' })
})

test('bits are those of the IP packet; one that is more than the burst passes when nothing is owed', { skip }, async t => {
  // A datagram of 972 bytes is 1000 with its headers: 8000 bits.
  const box = await dataplane(t, limited({ bitsPerSecond: 1, burstBits: 32_400, per: 'source' }))

  t.equal(passing(box, 20, '192.0.2.7', 'xdp_ingress', 972), 4)
  t.equal(passing(box, 60, '192.0.2.8', 'xdp_ingress', 72), 40, 'forty of a tenth')

  await box.apply(limited({ bitsPerSecond: 1, burstBits: 4000, per: 'source' }))
  t.equal(passing(box, 5, '192.0.2.9', 'xdp_ingress', 972), 1, 'once')
})

test('a packet that exceeds one of two rates takes from neither', { skip }, async t => {
  const box = await dataplane(t, limited({ packetsPerSecond: 1, burstPackets: 10, bitsPerSecond: 1, burstBits: 40_000, per: 'source' }))

  for (const source of ['192.0.2.7', '2001:db8::7']) {
    t.equal(passing(box, 3, source, 'xdp_ingress', 4000), 1)
    t.ok(passing(box, 30, source, 'xdp_ingress') >= 9, 'those that were beyond the bits have taken no packets')
  }
})

test('a trace takes nothing', { skip }, async t => {
  const box = await dataplane(t, limited({ bitsPerSecond: 1, burstBits: 1, per: 'source' }))
  const ask = () => box.dataplane.trace({ hook: 'xdp_ingress', packet: from('192.0.2.7').bytes() })

  for (let i = 0; i < 3; i++) t.match(ask(), { verdict: 'pass', reason: 'default' })
  t.match(box.run(from('192.0.2.7')), { action: 'pass' })
  t.match(ask(), { verdict: 'drop', reason: 'limit', ruleId: box.idOfRule('l-in') })
})

test('a change of policy forgets nobody, and a higher rate forgives', { skip }, async t => {
  const slow = { packetsPerSecond: 1, burstPackets: 3600, per: 'source' } as const
  const box = await dataplane(t, limited(slow))

  passing(box, 4000, '192.0.2.7', 'xdp_ingress')
  for (let round = 0; round < 3; round++) {
    const { rules } = limited(slow)

    await box.apply({
      rules: { ...rules, [`early-${round}`]: { priority: 0, direction: 'ingress', action: 'deny', match: { protocol: 'tcp' } } },
    })
    t.ok(passing(box, 20, '192.0.2.7', 'xdp_ingress') < 20, 'still beyond')
  }
  await box.apply(limited({ packetsPerSecond: 1000, per: 'source' }))
  t.match(box.run(from('192.0.2.7')), { action: 'pass' }, 'an hour is not owed at a thousand a second')
})

test('who is limited stays so among thousands of others', { skip }, async t => {
  const box = await dataplane(t, limited({ packetsPerSecond: 1, burstPackets: 100, per: 'source' }))

  passing(box, 200, '192.0.2.7', 'xdp_ingress')
  for (let i = 0; i < 20_000; i++) box.dataplane.runProgram('xdp_ingress', from(`10.9.${i >> 8}.${i & 255}`).bytes())
  t.ok(passing(box, 100, '192.0.2.7', 'xdp_ingress') < 50)
})

/** A bucket that is filled by the clock: how much of what is offered at a time it lets through. */
function bucket(rate: number, burst: number) {
  let [tokens, then] = [burst, 0]

  return (now: number, offered: number): number => {
    tokens = Math.min(burst, tokens + (now - then) * rate)
    then = now
    const passed = Math.min(tokens, offered)

    tokens -= passed
    return passed
  }
}

/** What passes of twice the rate, over two seconds; at least what a bucket says for the time before each batch, at most burst and rate. */
function offerTwice(box: Box, limit: Limit, cost: number, bytes: number): { passed: number; least: number; most: number } {
  const rate = (limit.packetsPerSecond ?? limit.bitsPerSecond ?? 0) / cost
  const burst = (limit.burstPackets ?? limit.burstBits ?? 0) / cost
  const through = bucket(rate, burst)
  const packet = from('192.0.2.7', bytes).bytes()
  const passes = () =>
    box.dataplane.counters
      .outcomes()
      .filter(({ verdict, reason }) => verdict === 'pass' && reason === 'default')
      .reduce((sum, { packets }) => sum + Number(packets), 0)
  const before = passes()
  const begin = process.hrtime.bigint()
  const seconds = () => Number(process.hrtime.bigint() - begin) / 1e9
  let [least, offered] = [0, 0]

  for (let now = seconds(); now < 2; now = seconds()) {
    const repeat = Math.floor(2 * rate * now) - offered

    if (repeat < 10) continue
    box.dataplane.runProgram('xdp_ingress', packet, { repeat })
    least += through(now, repeat)
    offered += repeat
  }
  return { passed: passes() - before, least, most: burst + rate * seconds() }
}

test('of twice the rate, what passes is rate and burst to within two per cent', { skip }, async t => {
  const box = await dataplane(t)
  // A machine that stalls for longer than a short burst loses what the bucket cannot hold.
  const rows: [Limit, cost: number, bytes: number, share: number][] = [
    [{ packetsPerSecond: 100_000, burstPackets: 100_000, per: 'source' }, 1, 0, 0.98],
    [{ packetsPerSecond: 100_000, burstPackets: 5000, per: 'source' }, 1, 0, 0.9],
    [{ packetsPerSecond: 333_333, burstPackets: 33_000, per: 'rule' }, 1, 0, 0.9],
    [{ bitsPerSecond: 800_000_000, burstBits: 400_000_000, per: 'sourcePrefix' }, 8000, 972, 0.98],
    [{ bitsPerSecond: 80_000_000, burstBits: 4_000_000, per: 'rule' }, 8000, 972, 0.9],
  ]

  for (const [limit, cost, bytes, share] of rows) {
    await box.apply({})
    await box.apply(limited(limit))
    const { passed, least, most } = offerTwice(box, limit, cost, bytes)
    const said = `${JSON.stringify(limit)}: ${passed}, ${Math.round(least)} to ${Math.round(most)} are right`

    t.ok(passed > least * share && passed < most * 1.02, said)
  }
})
