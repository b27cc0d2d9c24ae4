/** A revision that waits for its confirmation: what packets meet before its deadline and after, with nobody's help, over every hook. */
import { test } from 'tap'
import { bootTimeMs } from '../../controlplane/native/clock.ts'
import { ether, type Packet } from '../lab/packet.ts'
import { bothWays, cannotLoad, dataplane, hooks } from './box.ts'

const skip = cannotLoad()
const hour = 3_600_000
const four = (port: number) => ether().ip4('192.0.2.7', '198.51.100.1').udp(5000, port)
const six = (port: number) => ether().ip6('2001:db8:1::7', '2001:db8:2::1').udp(5000, port)
const deny = (port: number) =>
  bothWays({ [`no-${port}`]: { action: 'deny', match: { protocol: 'udp', destinationPorts: [String(port)] } } })
const dropped = { action: 'drop', reason: 'rule' }
const passed = { verdict: 'pass', reason: 'default' }

for (const [family, packet] of Object.entries({ IPv4: four, IPv6: six }) as [string, (port: number) => Packet][])
  test(`${family}: until the deadline the new policy holds, from then on the old one`, { skip }, async t => {
    for (const hook of hooks) {
      const box = await dataplane(t, deny(7))
      const before = box.dataplane.revision

      await box.apply(deny(9), undefined, bootTimeMs() + hour)
      t.match(box.run(packet(9), hook), dropped, `${hook}: the new rule`)
      t.match(box.run(packet(7), hook), passed, `${hook}: not the old one`)
      t.equal(box.dataplane.revision, before + 1)
      t.ok(box.dataplane.deadlineMs)

      await box.apply(deny(9))
      await box.apply(deny(7))
      const last = box.dataplane.revision

      await box.apply(deny(9), undefined, bootTimeMs() - 1)
      t.match(box.run(packet(9), hook), passed, `${hook}: the new rule is over`)
      t.match(box.run(packet(7), hook), dropped, `${hook}: the old one is back`)
      t.equal(box.dataplane.revision, last + 2, 'as a revision of its own')
      t.equal(box.dataplane.deadlineMs, undefined)
      box.dataplane.close()
    }
  })

test('the deadline passes while packets come', { skip }, async t => {
  const box = await dataplane(t, deny(7))
  const deadlineMs = bootTimeMs() + 300

  await box.apply(deny(9), undefined, deadlineMs)
  for (;;) {
    const before = bootTimeMs()
    const { action } = box.run(four(9))

    if (action === 'pass') break
    // Packets look at the clock once in a jiffy, which is 10 ms at most.
    t.ok(before < deadlineMs + 10, 'dropped in time')
  }
  t.ok(bootTimeMs() >= deadlineMs, 'and not before')
  t.match(box.run(six(7)), dropped)
})

test('what is confirmed stays, and what has gone back cannot be confirmed', { skip }, async t => {
  const box = await dataplane(t, deny(7))

  await box.apply(deny(9), undefined, bootTimeMs() + 50)
  t.ok(box.dataplane.keep())
  await box.apply(deny(9), undefined, bootTimeMs() - 1)
  t.match(box.run(four(9)), dropped, 'back to what was confirmed')
  t.notOk(box.dataplane.keep(), 'too late')
})

test('going back before the deadline, and on from there', { skip }, async t => {
  const box = await dataplane(t, deny(7))

  await box.apply(deny(9), undefined, bootTimeMs() + hour)
  t.equal(box.dataplane.fallBack(), box.dataplane.revision)
  for (const packet of [four, six]) {
    t.match(box.run(packet(7)), dropped)
    t.match(box.run(packet(9)), passed)
  }
  await box.apply(deny(9))
  t.match(box.run(four(9)), dropped)
})

test('what there is to fall back to can be another than what was before', { skip }, async t => {
  const box = await dataplane(t, deny(7))

  await box.apply(deny(9), undefined, bootTimeMs() + hour)
  t.ok(box.dataplane.keep())
  await box.stage(deny(11))
  box.dataplane.armFallback(bootTimeMs() + hour)
  t.match(box.run(four(9)), dropped, 'in force as before')
  t.ok(box.dataplane.keep())
  await box.stage(deny(11))
  box.dataplane.armFallback(bootTimeMs() - 1)
  for (const hook of hooks) t.match(box.run(six(11), hook), dropped)
  t.match(box.run(four(9)), passed)
})

test('a trace meets the deadline as packets do', { skip }, async t => {
  const box = await dataplane(t, deny(7))

  await box.apply(deny(9), undefined, bootTimeMs() + hour)
  const { revision } = box.dataplane
  const trace = () => box.dataplane.trace({ hook: 'xdp_ingress', packet: four(9).bytes() })

  t.match(trace(), { verdict: 'drop', reason: 'rule', revision })
  t.ok(box.dataplane.keep())
  await box.stage(deny(7))
  box.dataplane.armFallback(bootTimeMs() - 1)
  t.match(trace(), { verdict: 'pass', revision: revision + 1 })
})
