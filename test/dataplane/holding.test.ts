/** Limits of connections: who holds how many, and that those which end make room by themselves. */
import { test } from 'tap'
import { Dataplane } from '../../controlplane/dataplane/dataplane.ts'
import type { RuleValue } from '../../controlplane/policy/document.ts'
import { until } from '../lab/host.ts'
import { ether } from '../lab/packet.ts'
import { Box, bothWays, cannotLoad, dataplane, hooks, makeNetwork } from './box.ts'
import { establish, families, from } from './talk.ts'

const skip = cannotLoad()

type Limit = NonNullable<RuleValue['limit']>

const limited = (limit: Limit, more: Partial<RuleValue> = {}) =>
  bothWays({ few: { priority: 1, action: 'limit', match: {}, limit, ...more } })

/** Packets that open connections from so many ports, and how many pass. */
function opened(box: Box, source: string, ports: readonly number[], hook: (typeof hooks)[number] = 'xdp_ingress'): number {
  const frame = source.includes(':') ? ether().ip6(source, '2001:db8:2::1') : ether().ip4(source, '198.51.100.1')
  return ports.filter(port => box.run(frame.tcp(port, 80, { flags: ['syn'] }), hook).action === 'pass').length
}

const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i)

test('a source has its connections and no more', { skip }, async t => {
  const box = await dataplane(t, limited({ maxConnections: 3, per: 'source' }))

  for (const [at, hook] of hooks.entries()) {
    const name = hook === 'tc_egress' ? 'few-out' : 'few'

    for (const family of families) {
      const source = family === 'ip4' ? `192.0.2.${7 + at}` : `2001:db8:1::${7 + at}`
      const frame = (last: number) =>
        family === 'ip4' ? ether().ip4(`192.0.3.${last}`, '198.51.100.1') : ether().ip6(`2001:db8:9::${last}`, '2001:db8:2::1')

      t.equal(opened(box, source, range(5000, 10), hook), 3, `${hook}: ${source}`)
      t.equal(opened(box, source, range(5000, 3), hook), 3, 'packets of those that are open pass')
      t.equal(opened(box, source, [5003], hook), 0, 'the nearest miss')
      t.match(box.run(frame(at + 1).udp(5000, 53), hook), { action: 'pass', reason: 'default', rule: name }, 'another source has its own')
      t.equal(box.run(frame(at + 1).tcp(5001, 80, { flags: ['ack'] }), hook).action, 'pass', 'what opens nothing is no connection')
    }
  }
  t.match(
    box.run(
      ether()
        .ip4('192.0.2.7', '198.51.100.1')
        .tcp(5009, 80, { flags: ['syn'] }),
    ),
    { reason: 'limit', rule: 'few' },
  )
})

test('who shares a limit of connections', { skip }, async t => {
  for (const [limit, first, second, shared] of [
    [{ per: 'rule' }, '192.0.2.7', '2001:db8:1::7', true],
    [{ per: 'source' }, '192.0.2.7', '192.0.2.8', false],
    [{ per: 'sourcePrefix' }, '192.0.2.7', '192.0.2.8', true],
    [{ per: 'sourcePrefix' }, '192.0.2.7', '192.0.3.7', false],
    [{ per: 'sourcePrefix', ipv6Prefix: 56 }, '2001:db8:1:1::7', '2001:db8:1:2::7', true],
    [{ per: 'sourcePrefix' }, '2001:db8:1:1::7', '2001:db8:1:2::7', false],
  ] as const) {
    const box = await dataplane(t, limited({ maxConnections: 1, ...limit }))

    t.equal(opened(box, first, [5000]), 1)
    t.equal(opened(box, second, [5000]), shared ? 0 : 1, `${JSON.stringify(limit)}: ${first} and ${second}`)
    box.dataplane.close()
  }
})

test('a connection that ends makes room, by its last packets or by the clock', { skip }, async t => {
  const box = await dataplane(t, {
    ...limited({ maxConnections: 2, per: 'source' }),
    defaults: { ingress: 'allow', egress: 'allow', management: [], connections: { timeouts: { tcpEstablished: '1m', tcpOpening: '1m' } } },
  })
  const client = '192.0.2.7'
  const flags = (...flags: ('rst' | 'fin' | 'ack')[]) => from('ip4', 'client').tcp(5000, 80, { flags })

  for (const port of [5000, 5001]) establish(box, 'ip4', client, port)
  t.equal(opened(box, client, [5002]), 0)
  box.run(flags('rst'))
  let port = 6000
  await until('a place was let go', () => opened(box, client, [++port]) === 1)
  t.equal(opened(box, client, [++port]), 0, 'one, and not two')

  for (const { page, way } of [...box.dataplane.connections.entries()]) box.dataplane.connections.age(page, way, 70)
  let held = 0
  await until('time lets all places go', () => {
    held += opened(box, client, [++port])
    return held === 2
  })
  t.equal(opened(box, client, [++port]), 0, 'two, and not three')
})

test('a limit that observes drops nothing, one that allows decides', { skip }, async t => {
  const observing = await dataplane(t, limited({ maxConnections: 1, per: 'source' }, { enforcement: 'observe' }))
  t.equal(opened(observing, '192.0.2.7', range(5000, 5)), 5)

  const allowing = await dataplane(t, {
    rules: {
      few: { priority: 1, direction: 'ingress', action: 'limit', match: {}, limit: { maxConnections: 1, within: 'allow' } },
      none: { priority: 2, direction: 'ingress', action: 'deny', match: {} },
    },
  })
  t.equal(opened(allowing, '192.0.2.7', range(5000, 5)), 1)
})

test('several limits count one connection, each for itself', { skip }, async t => {
  const rule = { direction: 'ingress', action: 'limit', match: {} } as const
  const box = await dataplane(t, {
    rules: {
      all: { ...rule, priority: 1, limit: { maxConnections: 5, per: 'rule' } },
      each: { ...rule, priority: 2, limit: { maxConnections: 3, per: 'source' } },
    },
  })

  t.equal(opened(box, '192.0.2.7', range(5000, 5)), 3)
  t.equal(opened(box, '192.0.2.8', range(5000, 5)), 2, 'those that the second refused count for the first neither')
})

test('what a later rule drops holds no place, and a rate is spent beside it', { skip }, async t => {
  const rule = { direction: 'ingress', action: 'limit', match: {} } as const
  const box = await dataplane(t, {
    rules: {
      few: { ...rule, priority: 1, limit: { maxConnections: 2, per: 'source', packetsPerSecond: 1, burstPackets: 100 } },
      no: { priority: 2, direction: 'ingress', action: 'deny', match: { destinationPorts: ['81'] } },
    },
  })
  for (const port of range(5000, 5)) t.equal(box.run(from('ip4', 'client').tcp(port, 81)).action, 'drop')
  t.equal(opened(box, '192.0.2.7', range(5000, 5)), 2)
})

test('a change of the policy keeps the count, and a restart of the daemon', { skip }, async t => {
  makeNetwork()
  const pinDir = `/sys/fs/bpf/drawgate_hold_${process.pid}`
  const first = await Dataplane.open({ pinDir })
  const box = new Box(first, [])

  t.teardown(() => Dataplane.detachAll(pinDir))
  await box.apply(limited({ maxConnections: 3, per: 'source' }))
  await first.takeOver()
  t.equal(opened(box, '192.0.2.7', range(5000, 5)), 3)
  await box.apply(limited({ maxConnections: 4, per: 'source' }))
  t.equal(opened(box, '192.0.2.7', range(6000, 5)), 1)
  first.close()

  const second = await Dataplane.open({ pinDir })
  t.teardown(() => second.close())
  await second.takeOver()
  const packet = from('ip4', 'client')
    .tcp(7000, 80, { flags: ['syn'] })
    .bytes()
  t.match(second.trace({ hook: 'xdp_ingress', packet }), { verdict: 'drop', reason: 'limit' }, 'a trace sees it')
})

test('the count follows the table when it grows', { skip }, async t => {
  const policy = (max: number) => ({
    ...limited({ maxConnections: 3, per: 'source' }),
    defaults: { ingress: 'allow' as const, egress: 'allow' as const, management: [], connections: { max } },
  })
  const box = await dataplane(t, policy(1000))

  t.equal(opened(box, '192.0.2.7', range(5000, 5)), 3)
  await box.apply(policy(200_000))
  await box.dataplane.connections.settled()
  for (let round = 0; round < 50; round++) {
    t.equal(opened(box, '192.0.2.7', [6000 + round]), 0)
    await new Promise(resolve => setImmediate(resolve))
  }
})
