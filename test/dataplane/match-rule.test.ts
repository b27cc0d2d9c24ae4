/** What a rule says beside its match: devices, observing, logging, its end, and rates that nothing exceeds. */
import { test } from 'tap'
import { ether } from '../lab/packet.ts'
import { bothWays, cannotLoad, dataplane, hooks, ifindex } from './box.ts'

const skip = cannotLoad()
const four = () => ether().ip4('192.0.2.7', '198.51.100.1').udp(5000, 53)
const six = () => ether().ip6('2001:db8:1::7', '2001:db8:2::1').udp(5000, 53)
const packets = [four(), six()]
/** The rule's name on this hook. */
const own = (name: string, hook: string) => (hook === 'tc_egress' ? `${name}-out` : name)

test('devices by name and by pattern', { skip }, async t => {
  const box = await dataplane(
    t,
    bothWays({
      one: { priority: 1, action: 'deny', interfaces: ['in0'], match: {} },
      some: { priority: 2, action: 'deny', interfaces: ['nothere0', 'out*'], match: { destinationPorts: ['53'] } },
    }),
  )

  // Described as devices with XDP, which tc_ingress leaves alone.
  for (const name of ['in0', 'out0']) box.dataplane.describeDevice(ifindex(name), 0)
  for (const hook of hooks)
    for (const packet of packets) {
      t.match(box.run(packet, hook, 'in0'), { action: 'drop', rule: own('one', hook) }, `${hook}: in0`)
      t.match(box.run(packet, hook, 'out0'), { action: 'drop', rule: own('some', hook) }, `${hook}: out*`)
      t.match(box.run(packet, hook, 'out0p'), { action: 'drop', rule: own('some', hook) }, `${hook}: out0p fits too`)
      t.match(box.run(packet, hook, 'in0p'), { action: 'pass' }, `${hook}: another device`)
    }
})

test('a rule that observes is counted, and the next one decides', { skip }, async t => {
  const box = await dataplane(
    t,
    bothWays({
      watch: { priority: 1, action: 'deny', enforcement: 'observe', match: { destinationPorts: ['53'] } },
      drop: { priority: 2, action: 'deny', match: { source: ['192.0.2.0/24'] } },
    }),
  )

  for (const hook of hooks) {
    const counted = () => box.dataplane.counters.rule(box.idOfRule(own('watch', hook))).packets
    const before = counted()

    t.match(box.run(four(), hook), { action: 'drop', reason: 'rule' }, `${hook}: dropped by the next rule`)
    t.match(box.run(six(), hook), { action: 'pass', reason: 'default' }, `${hook}: no rule decides`)
    t.equal(counted(), before + 2n, `${hook}: both counted`)
    t.match(box.run(ether().ip4('192.0.3.7', '198.51.100.1').udp(1, 54), hook), { action: 'pass' }, `${hook}: not observed`)
    t.equal(counted(), before + 2n)
  }
})

test('a rule that logs decides as any other', { skip }, async t => {
  const box = await dataplane(
    t,
    bothWays({
      allow: { priority: 1, action: 'allow', log: { everyPackets: 1 }, match: { destinationPorts: ['53'] } },
      deny: { priority: 2, action: 'deny', log: { everyPackets: 100 }, match: {} },
    }),
  )

  for (const hook of hooks)
    for (const packet of packets) {
      t.match(box.run(packet, hook), { action: 'pass', rule: own('allow', hook) }, hook)
      t.match(box.run(ether().ip4('192.0.2.7', '198.51.100.1').udp(5000, 54), hook), { action: 'drop', rule: own('deny', hook) }, hook)
    }
})

test('a rule ends at its second', { skip }, async t => {
  const box = await dataplane(t)
  const end = new Date(Date.now() + 3_600_000).toISOString()
  const policy = bothWays({ x: { action: 'deny', match: {}, expiresAt: end } })

  await box.apply(policy)
  for (const hook of hooks) for (const packet of packets) t.match(box.run(packet, hook), { action: 'drop' }, `${hook}: an hour to go`)
  // An hour and more has passed for the wall clock, and none since the boot: as after a night in which the host was off.
  box.clockAheadMs = 3_603_000
  await box.apply(policy)
  for (const hook of hooks)
    for (const packet of packets) t.match(box.run(packet, hook), { action: 'pass', reason: 'default' }, `${hook}: over`)
  box.clockAheadMs = 3_590_000
  await box.apply(policy)
  for (const hook of hooks) for (const packet of packets) t.match(box.run(packet, hook), { action: 'drop' }, `${hook}: ten seconds to go`)
})
