/** Detectors: thresholds reached and just missed, whom they count, windows, and who is exempt. */
import { test } from 'tap'
import { type Event, EventType } from '../../controlplane/dataplane/abi.ts'
import type { PolicyDocument } from '../../controlplane/policy/document.ts'
import { ether, type Packet } from '../lab/packet.ts'
import { type Box, cannotLoad, dataplane, hooks, ingressHooks } from './box.ts'

const skip = cannotLoad()
type Detectors = NonNullable<PolicyDocument['detectors']>

function told(box: Box): Event[] {
  const events: Event[] = []
  while (box.dataplane.events.read(event => events.push(event)) > 0);
  return events.filter(event => event.type === EventType.detection)
}

/** The last bytes of the sources that were noticed. */
function noticed(box: Box): number[] {
  return told(box).map(({ source, family }) => (source[family === 0 ? 0 : 3] ?? 0) & 0xff)
}

const from = (family: 4 | 6, n: number) => (family === 4 ? `192.0.2.${n}` : `2001:db8:1::${n.toString(16)}`)
const to = (family: 4 | 6, n: number) => (family === 4 ? `198.51.${n >> 8}.${n & 255}` : `2001:db8:2::${n.toString(16)}`)
const ip = (family: 4 | 6, source: number, destination = 1) =>
  family === 4 ? ether().ip4(from(4, source), to(4, destination)) : ether().ip6(from(6, source), to(6, destination))
const syn = (family: 4 | 6, source: number, port: number, destination = 1) =>
  ip(family, source, destination).tcp(5000, port, { flags: ['syn'] })

function times(count: number, packet: (n: number) => Packet): Packet[] {
  return Array.from({ length: count }, (_, n) => packet(n + 1))
}

function run(box: Box, hook: (typeof hooks)[number], packets: readonly Packet[]): void {
  for (const packet of packets) box.dataplane.runProgram(hook, packet.bytes())
}

/** One detector, on what comes in. */
const only = (detector: Detectors[string]): Partial<PolicyDocument> => ({ detectors: { one: detector } })

/** Hashes may meet: an estimate is right within a fifth, and exact only by luck. */
const enough = 62
const tooFew = 40

test('a port scan is noticed by its distinct ports, and once', { skip }, async t => {
  for (const hook of ingressHooks) {
    for (const family of [4, 6] as const) {
      const box = await dataplane(t, only({ type: 'portScan', window: '1h', threshold: 50 }))
      run(
        box,
        hook,
        times(tooFew, n => syn(family, 7, n)),
      )
      run(
        box,
        hook,
        times(tooFew, n => syn(family, 8, n)),
      )
      run(
        box,
        hook,
        times(200, n => syn(family, 7, 1 + (n % tooFew))),
      )
      t.same(noticed(box), [], `${hook}, IPv${family}: too few, however often`)
      run(
        box,
        hook,
        times(enough, n => (n % 2 ? syn(family, 7, n) : ip(family, 7).udp(5000, n))),
      )
      run(
        box,
        hook,
        times(300, n => syn(family, 7, 1000 + n)),
      )
      const [event, ...more] = told(box)
      t.match(event, { value: 50, hook: hooks.indexOf(hook), protocol: event?.protocol === 6 ? 6 : 17 })
      t.equal((event?.source[family === 4 ? 0 : 3] ?? 0) & 0xff, 7, `${hook}, IPv${family}: who did it`)
      t.same(more, [], `${hook}, IPv${family}: one event a window`)
      box.dataplane.close()
    }
  }
})

test('answers, later packets of a connection and fragments are no scan', { skip }, async t => {
  const box = await dataplane(t, only({ type: 'portScan', window: '1h', threshold: 50 }))
  run(
    box,
    'xdp_ingress',
    times(200, n => ip(4, 7).tcp(80, n, { flags: ['syn', 'ack'] })),
  )
  run(
    box,
    'xdp_ingress',
    times(200, n => ip(4, 7).tcp(80, n, { flags: ['ack'] })),
  )
  run(
    box,
    'xdp_ingress',
    times(200, n => ip(4, 7).tcp(80, n, { flags: ['rst'] })),
  )
  run(
    box,
    'xdp_ingress',
    times(200, n => syn(4, 7, 80, n)),
  )
  run(
    box,
    'xdp_ingress',
    times(200, n => ip(4, 7).udp(53, 32_768 + n)),
  )
  t.same(noticed(box), [])
})

test('a resolver that answers many hosts is no sweep, and one that asks them is', { skip }, async t => {
  for (const [packet, found] of [
    [n => ip(4, 7, n).udp(53, 32_768), []],
    [n => ip(4, 7, n).icmp({ type: 0 }), []],
    [n => ip(4, 7, n).udp(53, 32_767), [7]],
    [n => ip(4, 7, n).icmp({ type: 8 }), [7]],
  ] as const satisfies [(n: number) => Packet, number[]][]) {
    const box = await dataplane(t, only({ type: 'sweep', window: '1h', threshold: 50 }))
    run(box, 'xdp_ingress', times(enough, packet))
    t.same(noticed(box), found)
    box.dataplane.close()
  }
})

test('what the host sends is not looked at', { skip }, async t => {
  const box = await dataplane(t, only({ type: 'rate', window: '1h', threshold: 1 }))
  run(box, 'tc_egress', [syn(4, 7, 80)])
  t.same(noticed(box), [])
  run(box, 'tc_ingress', [syn(4, 7, 80)])
  t.same(noticed(box), [7])
})

test('a sweep is noticed by its distinct destinations', { skip }, async t => {
  for (const family of [4, 6] as const) {
    const box = await dataplane(t, only({ type: 'sweep', window: '1h', threshold: 50 }))
    run(
      box,
      'xdp_ingress',
      times(200, n => syn(family, 7, n, 1)),
    )
    run(
      box,
      'xdp_ingress',
      times(tooFew, n => syn(family, 7, 80, n)),
    )
    t.same(noticed(box), [])
    run(
      box,
      'xdp_ingress',
      times(enough, n => (family === 4 ? ip(4, 7, n).icmp() : syn(6, 7, 80, n))),
    )
    t.same(noticed(box), [7], `IPv${family}`)
  }
})

test('a large number of distinct values is estimated from a sample', { skip }, async t => {
  const box = await dataplane(t, only({ type: 'portScan', window: '1h', threshold: 10_000 }))
  run(
    box,
    'xdp_ingress',
    times(7000, n => ip(4, 7).udp(5000, n)),
  )
  t.same(noticed(box), [])
  run(
    box,
    'xdp_ingress',
    times(13_000, n => ip(4, 7).udp(5000, n)),
  )
  t.same(noticed(box), [7])
})

test('SYNs and packets are counted exactly', { skip }, async t => {
  const box = await dataplane(t, {
    detectors: {
      flood: { type: 'synFlood', window: '1h', threshold: 20, per: 'destination' },
      rate: { type: 'rate', window: '1h', threshold: 100, per: 'source' },
    },
  })
  const flood = box.idOfDetector('flood')
  const ids = () => told(box).map(({ detectorId, value }) => [detectorId, value])
  run(
    box,
    'xdp_ingress',
    times(19, n => syn(4, n, 80)),
  )
  run(
    box,
    'xdp_ingress',
    times(19, n => ip(4, n).tcp(5000, 80, { flags: ['ack'] })),
  )
  run(
    box,
    'xdp_ingress',
    times(19, n => syn(4, n, 80, 2)),
  )
  t.same(ids(), [])
  run(box, 'xdp_ingress', [syn(4, 99, 80)])
  t.same(ids(), [[flood, 20]], 'whoever they come from')
  run(
    box,
    'xdp_ingress',
    times(96, () => ip(4, 7).icmp()),
  )
  t.same(ids(), [], 'source 7 has sent 3 and 96')
  run(box, 'xdp_ingress', [ip(4, 7).icmp()])
  t.same(ids(), [[box.idOfDetector('rate'), 100]])
})

test('a rate is reached with the packet that reaches it', { skip }, async t => {
  for (const family of [4, 6] as const) {
    const box = await dataplane(t, only({ type: 'rate', window: '1h', threshold: 100 }))
    run(
      box,
      'xdp_ingress',
      times(99, () => ip(family, 7).udp(1, 2)),
    )
    run(
      box,
      'xdp_ingress',
      times(99, () => ip(family, 8).udp(1, 2)),
    )
    t.same(noticed(box), [])
    run(box, 'tc_ingress', [ip(family, 7).udp(1, 2)])
    t.same(noticed(box), [7], 'both hooks count the same')
  }
})

test('sources of a prefix are counted together', { skip }, async t => {
  const box = await dataplane(t, only({ type: 'rate', window: '1h', threshold: 100, per: 'sourcePrefix' }))
  run(
    box,
    'xdp_ingress',
    times(99, n => ip(4, n).udp(1, 2)),
  )
  run(
    box,
    'xdp_ingress',
    times(99, n => ip(6, n).udp(1, 2)),
  )
  run(box, 'xdp_ingress', [ether().ip4('192.0.3.1', '198.51.100.1').udp(1, 2), ether().ip6('2001:db8:1:1::1', '2001:db8:2::1').udp(1, 2)])
  t.same(noticed(box), [])
  run(box, 'xdp_ingress', [ip(4, 200).udp(1, 2), ip(6, 200).udp(1, 2)])
  t.same(noticed(box), [200, 200])
})

test('who is exempt is not looked at, by the end that is counted', { skip }, async t => {
  const box = await dataplane(t, {
    sets: { friends: { entries: ['192.0.2.8'] } },
    detectors: {
      destinations: { type: 'rate', window: '1h', threshold: 50, per: 'destination', exempt: ['198.51.0.2'] },
      sources: { type: 'rate', window: '1h', threshold: 10, exempt: ['192.0.2.7', '2001:db8:1::/125', '@friends'] },
    },
  })
  const [sources, destinations] = [box.idOfDetector('sources'), box.idOfDetector('destinations')]
  const who = () => told(box).map(({ detectorId, source }) => [detectorId, (source[0] ?? 0) & 0xff])
  for (const source of [7, 8])
    run(
      box,
      'xdp_ingress',
      times(10, () => ip(4, source).udp(1, 2)),
    )
  run(
    box,
    'xdp_ingress',
    times(10, () => ip(6, 7).udp(1, 2)),
  )
  t.same(who(), [])
  run(
    box,
    'xdp_ingress',
    times(10, () => ip(4, 9).udp(1, 2)),
  )
  t.same(who(), [[sources, 9]])
  run(
    box,
    'xdp_ingress',
    times(10, () => ip(6, 8).udp(1, 2)),
  )
  t.equal(who().length, 1)
  run(
    box,
    'xdp_ingress',
    times(20, () => ip(4, 7).udp(1, 2)),
  )
  t.same(who(), [[destinations, 7]], 'an exempt source counts for its destination')
  run(
    box,
    'xdp_ingress',
    times(100, () => ip(4, 7, 2).udp(1, 2)),
  )
  t.same(who(), [])
})

test('a window that is over begins anew, and a new one brings a new event', { skip }, async t => {
  const box = await dataplane(t, {
    detectors: {
      clock: { type: 'rate', window: '1s', threshold: 1, per: 'source', exempt: ['192.0.2.7'] },
      rate: { type: 'rate', window: '1s', threshold: 100 },
    },
  })
  const rate = box.idOfDetector('rate')
  const ofRate = () => told(box).filter(({ detectorId }) => detectorId === rate).length
  // One packet of another source is an event of the clock, and the next such event comes a window later.
  const tick = () => {
    for (;;) {
      run(box, 'xdp_ingress', [ip(4, 9).udp(1, 2)])
      if (told(box).some(({ detectorId }) => detectorId !== rate)) return
    }
  }
  const seven = (count: number) =>
    run(
      box,
      'xdp_ingress',
      times(count, () => ip(4, 7).udp(1, 2)),
    )
  seven(99)
  tick()
  tick()
  seven(99)
  t.equal(ofRate(), 0, 'two halves in two windows')
  seven(1)
  t.equal(ofRate(), 1)
  seven(500)
  t.equal(ofRate(), 0)
  tick()
  tick()
  seven(100)
  t.equal(ofRate(), 1)
})

test('a flood of random sources does not wash out one that goes on', { skip }, async t => {
  const box = await dataplane(t, only({ type: 'portScan', window: '1h', threshold: 50 }))
  // More sources than there are slots for, all with one port.
  run(
    box,
    'xdp_ingress',
    times(20, n => syn(4, 7, n)),
  )
  for (let n = 0; n < 100_000; n++)
    if (n % 5000 === 0) run(box, 'xdp_ingress', [syn(4, 7, 20 + n / 5000)])
    else
      box.dataplane.runProgram(
        'xdp_ingress',
        ether()
          .ip4(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, '198.51.100.1')
          .udp(1, 2)
          .bytes(),
      )
  run(
    box,
    'xdp_ingress',
    times(20, n => syn(4, 7, 60 + n)),
  )
  t.same(noticed(box), [7])
})

test('a trace moves no detector', { skip }, async t => {
  const box = await dataplane(t, only({ type: 'rate', window: '1h', threshold: 1 }))
  box.dataplane.trace({ hook: 'xdp_ingress', packet: ip(4, 7).udp(1, 2).bytes() })
  t.same(told(box), [])
  run(box, 'xdp_ingress', [ip(4, 7).udp(1, 2)])
  t.same(noticed(box), [7])
})
