/** Events: what is told of drops and matches, to whom, and what is counted as lost. */
import { execFileSync } from 'node:child_process'
import { isIPv4 } from 'node:net'
import { test } from 'tap'
import { type Event, EventType, Limit, Reason, RuleOutcome, Verdict, type Watch } from '../../controlplane/dataplane/abi.ts'
import { isFailure, parseAddress } from '../../controlplane/policy/prefix.ts'
import { ether } from '../lab/packet.ts'
import { type Box, cannotLoad, dataplane, hooks } from './box.ts'

const skip = cannotLoad()
// Samples are taken of each CPU's packets: these are all of one.
execFileSync('taskset', ['-pc', '0', String(process.pid)])
const closed = { ingress: 'deny' as const, egress: 'deny' as const, essentials: false, management: [] as [] }
const drops = 1 << EventType.drop
const matches = 1 << EventType.match

function words(address: string): number[] {
  const parsed = parseAddress(address)
  if (isFailure(parsed)) throw new Error(address)
  const view = new DataView(new ArrayBuffer(16))
  parsed.bytes.forEach((byte, at) => {
    view.setUint8(at, byte)
  })
  return [0, 4, 8, 12].map(at => view.getUint32(at))
}

function listen(box: Box, wanted: Partial<Watch>): void {
  box.dataplane.events.watch({ types: 0, ruleId: 0, reasons: 0, sourceLength: 0, source: [0, 0, 0, 0], family: 0, ...wanted })
}

/** What has been told since it was last asked. */
function told(box: Box): Event[] {
  const events: Event[] = []
  while (box.dataplane.events.read(event => events.push(event)) > 0);
  return events
}

const udp = (source: string, port = 53) =>
  isIPv4(source) ? ether().ip4(source, '198.51.100.1').udp(5000, port) : ether().ip6(source, '2001:db8:2::1').udp(5000, port)

function counted(box: Box, type: 'drop' | 'match' | 'detection') {
  const found = box.dataplane.events.counts().find(count => count.type === type)
  return { sent: Number(found?.sent), lost: Number(found?.lost) }
}

test('a drop is told with what was seen of the packet, at every hook', { skip }, async t => {
  const box = await dataplane(t, { defaults: closed })
  listen(box, { types: drops })
  for (const hook of hooks) {
    box.run(
      ether()
        .ip4('192.0.2.7', '198.51.100.1')
        .tcp(5000, 80, { flags: ['syn'] }),
      hook,
    )
    box.run(udp('2001:db8:1::7'), hook)
    const [first, second, ...more] = told(box)
    t.same(more, [], hook)
    t.match(
      first,
      {
        type: EventType.drop,
        reason: Reason.default,
        sourcePort: 5000,
        destinationPort: 80,
        protocol: 6,
        tcpFlags: 2,
        family: 0,
        length: 40,
      },
      hook,
    )
    t.equal(first?.hook, hooks.indexOf(hook))
    t.equal(first?.source[0], words('192.0.2.7')[0])
    t.match(second, { protocol: 17, family: 1, destinationPort: 53 })
    t.same(Array.from(second?.source ?? []), words('2001:db8:1::7'))
    t.same(Array.from(second?.destination ?? []), words('2001:db8:2::1'))
    t.ok(first && second && first.timeNs < second.timeNs, 'in the order of time')
  }
})

test('what passes is not told as a drop', { skip }, async t => {
  const box = await dataplane(t)
  listen(box, { types: drops })
  for (const hook of hooks) box.run(udp('192.0.2.7'), hook)
  t.same(told(box), [])
})

test('nobody listens: nothing is in the ring', { skip }, async t => {
  const box = await dataplane(t, { defaults: closed })
  for (const hook of hooks) box.run(udp('192.0.2.7'), hook)
  listen(box, { types: matches })
  for (const hook of hooks) box.run(udp('192.0.2.7'), hook)
  t.same(told(box), [])
  t.same(counted(box, 'drop'), { sent: 0, lost: 0 })
})

test('the kernel leaves out what nobody asked for', { skip }, async t => {
  const box = await dataplane(t, {
    defaults: closed,
    rules: { bad: { priority: 1, direction: 'ingress', action: 'deny', match: { destinationPorts: ['9'] } } },
  })
  const send = () => {
    for (const source of ['192.0.2.7', '192.0.2.8', '192.0.3.7', '2001:db8:1::7', '2001:db8:1:0:8000::7']) {
      box.run(udp(source, 9))
      box.run(udp(source, 53))
    }
    return told(box)
  }
  const cases: [string, Partial<Watch>, number][] = [
    ['all', {}, 10],
    ['a rule', { ruleId: box.idOfRule('bad') }, 5],
    ['another rule', { ruleId: box.idOfRule('bad') + 1 }, 0],
    ['a reason', { reasons: 1 << Reason.default }, 5],
    ['two reasons', { reasons: (1 << Reason.default) | (1 << Reason.rule) }, 10],
    ['another reason', { reasons: 1 << Reason.malformed }, 0],
    ['a host', { source: words('192.0.2.7'), sourceLength: 32 }, 2],
    ['a prefix of two hosts', { source: words('192.0.2.0'), sourceLength: 28 }, 4],
    ['a prefix that just misses one', { source: words('192.0.2.7'), sourceLength: 29 }, 2],
    ['an IPv6 prefix', { source: words('2001:db8:1::'), sourceLength: 64, family: 1 }, 4],
    ['a longer IPv6 prefix', { source: words('2001:db8:1::'), sourceLength: 65, family: 1 }, 2],
    ['an IPv6 host', { source: words('2001:db8:1:0:8000::7'), sourceLength: 128, family: 1 }, 2],
    ['a rule and a host', { ruleId: box.idOfRule('bad'), source: words('192.0.2.7'), sourceLength: 32 }, 1],
  ]
  for (const [what, wanted, count] of cases) {
    listen(box, { types: drops, ...wanted })
    t.equal(send().length, count, what)
  }
})

/** The same rules for both directions, so that one test serves all hooks. */
function bothWays(rules: Record<string, object>) {
  return Object.fromEntries(
    Object.entries(rules).flatMap(([name, rule]) => [
      [name, { direction: 'ingress', ...rule }],
      [`${name}-out`, { direction: 'egress', ...rule }],
    ]),
  ) as never
}

test('a rule that logs tells its first match and each Nth after it, at every hook', { skip }, async t => {
  const box = await dataplane(t, {
    rules: bothWays({
      sampled: { priority: 1, action: 'deny', match: { destinationPorts: ['9'] }, log: { everyPackets: 10 } },
      silent: { priority: 2, action: 'deny', match: { destinationPorts: ['10'] } },
    }),
  })
  const many = (hook: (typeof hooks)[number], count: number, port: number) =>
    box.dataplane.runProgram(hook, udp('192.0.2.7', port).bytes(), { repeat: count })
  many('xdp_ingress', 5, 9)
  t.same(told(box), [], 'nobody listens')
  listen(box, { types: matches })
  for (const hook of hooks) {
    many(hook, 10, 9)
    t.match(told(box), [
      { type: EventType.match, verdict: Verdict.drop, reason: Reason.rule, outcome: RuleOutcome.decided, destinationPort: 9 },
    ])
    many(hook, 9, 9)
    t.equal(told(box).length, 1, `${hook}: one of 10 to 19`)
    many(hook, 1, 9)
    t.equal(told(box).length, 0, `${hook}: the 20th is the last of its ten`)
    many(hook, 30, 10)
    t.same(told(box), [], `${hook}: a rule without log`)
  }
})

test('what a rule observes, allows, rejects or limits is told as such', { skip }, async t => {
  const log = { everyPackets: 1 }
  const box = await dataplane(t, {
    rules: bothWays({
      watched: { priority: 1, action: 'deny', enforcement: 'observe', match: { destinationPorts: ['1-5'] }, log },
      allowed: { priority: 2, action: 'allow', match: { destinationPorts: ['1'] }, log },
      rejected: { priority: 3, action: 'reject', match: { destinationPorts: ['2'] }, log },
      past: { priority: 4, action: 'allow', match: { destinationPorts: ['3'] } },
    }),
  })
  const rows: [number, object[]][] = [
    [
      1,
      [
        { verdict: Verdict.drop, outcome: RuleOutcome.observed },
        { verdict: Verdict.pass, reason: Reason.rule, outcome: RuleOutcome.decided },
      ],
    ],
    [2, [{ outcome: RuleOutcome.observed }, { verdict: Verdict.drop, reason: Reason.reject, outcome: RuleOutcome.decided }]],
    [3, [{ verdict: Verdict.drop, outcome: RuleOutcome.observed }]],
    [6, []],
  ]
  listen(box, { types: matches })
  for (const hook of hooks) {
    const name = (rule: string) => box.idOfRule(hook === 'tc_egress' ? `${rule}-out` : rule)
    for (const [port, expected] of rows) {
      box.dataplane.runProgram(hook, udp('2001:db8:1::7', port).bytes())
      const events = told(box)
      t.match(events, expected, `${hook}: port ${port}`)
      t.equal(events.length, expected.length)
      if (events[0]) t.equal(events[0].ruleId, name('watched'))
    }
  }
  listen(box, { types: matches, ruleId: box.idOfRule('allowed') })
  box.dataplane.runProgram('xdp_ingress', udp('192.0.2.7', 1).bytes())
  t.match(told(box), [{ ruleId: box.idOfRule('allowed') }])
})

test('a flood is told in part, and the rest is counted as lost', { skip }, async t => {
  const box = await dataplane(t, { defaults: closed })
  listen(box, { types: drops })
  const packets = 20_000
  box.dataplane.runProgram('xdp_ingress', udp('192.0.2.7').bytes(), { repeat: packets })
  const { sent, lost } = counted(box, 'drop')
  t.equal(told(box).length, sent)
  t.equal(sent + lost, packets)
  t.ok(sent >= Limit.eventsPerWindow && sent < packets / 2, `${sent} of ${packets} were sent`)
})

test('a ring that nobody reads loses what comes, and goes on when it is read', { skip }, async t => {
  const box = await dataplane(t, { defaults: closed })
  listen(box, { types: drops })
  const room = Math.floor(Limit.eventBytes / 88)
  const packet = udp('192.0.2.7').bytes()
  // The clock that the rate goes by has to move on until the ring is full.
  while (counted(box, 'drop').sent < room) {
    box.dataplane.runProgram('xdp_ingress', packet, { repeat: 64 })
    if (counted(box, 'drop').sent > room) break
  }
  const before = counted(box, 'drop')
  t.equal(before.sent, room)
  box.dataplane.runProgram('xdp_ingress', packet)
  t.same(counted(box, 'drop'), { sent: room, lost: before.lost + 1 })
  t.equal(told(box).length, room)
  while (counted(box, 'drop').sent === room) box.dataplane.runProgram('xdp_ingress', packet)
  t.equal(told(box).length, 1)
})
