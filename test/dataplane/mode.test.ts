/** The emergency switch: what packets meet under each mode, over every hook. */
import { test } from 'tap'
import type { ModeName } from '../../controlplane/dataplane/mode.ts'
import { bootTimeMs } from '../../controlplane/native/clock.ts'
import { ether, type Packet } from '../lab/packet.ts'
import { type Box, cannotLoad, dataplane, hooks, ingressHooks, network } from './box.ts'

const skip = cannotLoad()
const four = (port: number) => ether().ip4('192.0.2.7', '198.51.100.1').tcp(5000, port)
const six = (port: number) => ether().ip6('2001:db8:1::7', '2001:db8:2::1').tcp(5000, port)
const policy = {
  defaults: { ingress: 'deny' as const, egress: 'deny' as const, management: [] },
  rules: Object.fromEntries(
    (['ingress', 'egress'] as const).flatMap(direction => [
      [`no-${direction}`, { direction, priority: 1, action: 'deny' as const, match: { protocol: 'tcp', destinationPorts: ['81'] } }],
      [`web-${direction}`, { direction, priority: 2, action: 'allow' as const, match: { protocol: 'tcp', destinationPorts: ['80'] } }],
    ]),
  ),
}

function set(box: Box, mode: ModeName, expiresS = 0): void {
  box.dataplane.mode.set({ mode, expiresS })
}

const cases: [ModeName, string, (port: number) => Packet, Record<string, unknown>][] = [
  ['enforce', 'denied by a rule', () => four(81), { action: 'drop', reason: 'rule' }],
  ['enforce', 'denied by default', () => six(82), { action: 'drop', reason: 'default' }],
  ['observe', 'denied by a rule', () => four(81), { action: 'pass', reason: 'mode' }],
  ['observe', 'denied by default', () => six(82), { action: 'pass', reason: 'mode' }],
  ['observe', 'allowed by a rule', () => six(80), { action: 'pass', reason: 'rule' }],
  ['pass', 'denied by a rule', () => six(81), { action: 'pass', reason: 'mode', rule: undefined }],
  ['pass', 'denied by default', () => four(82), { action: 'pass', reason: 'mode' }],
  ['lockdown', 'allowed by a rule, and new', () => four(80), { action: 'drop', reason: 'mode' }],
  ['lockdown', 'denied by a rule', () => six(81), { action: 'drop', reason: 'rule' }],
]

test('each mode, over every hook', { skip }, async t => {
  const box = await dataplane(t, policy)

  for (const hook of hooks)
    for (const [mode, what, packet, wanted] of cases) {
      set(box, mode)
      t.match(box.run(packet(0), hook), wanted, `${hook} ${mode}: ${what}`)
    }
})

test('lockdown leaves management, essentials and what speaks already', { skip }, async t => {
  const box = await dataplane(
    t,
    { ...policy, defaults: { ...policy.defaults, management: [{ port: 22, protocol: 'tcp' }] } },
    { local: ['198.51.100.1'] },
  )
  const solicitation = ether().ip6('2001:db8:1::7', '2001:db8:2::1', { hopLimit: 255 }).icmpv6({ type: 135 })
  const ack = ether()
    .ip4('192.0.2.7', '198.51.100.1')
    .tcp(5000, 80, { flags: ['ack'] })

  set(box, 'lockdown')
  for (const hook of ['xdp_ingress', 'tc_ingress'] as const) {
    t.match(box.run(four(22), hook), { action: 'pass', reason: 'management' })
    t.match(box.run(four(23), hook), { action: 'drop', reason: 'mode' }, 'the next port')
    t.match(box.run(solicitation, hook), { action: 'pass', reason: 'essential' })
    t.match(box.run(ack, hook), { action: 'pass', reason: 'mode' })
    t.match(box.run(four(80), hook), { action: 'drop', reason: 'mode' }, 'a SYN')
  }
})

test('lockdown leaves management where nothing but the switch stands in its way', { skip }, async t => {
  const management = [
    { port: 22, protocol: 'tcp' as const },
    { port: 161, protocol: 'udp' as const },
  ]
  const box = await dataplane(
    t,
    { defaults: { ingress: 'allow', egress: 'allow', management } },
    { local: ['198.51.100.1', '2001:db8:2::1'] },
  )
  const flags = ['syn', 'ack'] as const

  set(box, 'lockdown')
  for (const [here, there] of [
    [ether().ip4('198.51.100.1', '192.0.2.7'), ether().ip4('192.0.2.7', '198.51.100.1')],
    [ether().ip6('2001:db8:2::1', '2001:db8:1::7'), ether().ip6('2001:db8:1::7', '2001:db8:2::1')],
  ] as const) {
    for (const hook of ingressHooks) t.match(box.run(there.tcp(5000, 22), hook), { action: 'pass', reason: 'management' }, hook)
    t.match(box.run(here.tcp(22, 5000, { flags }), 'tc_egress'), { action: 'pass', reason: 'management' })
    t.match(box.run(here.udp(161, 5000), 'tc_egress'), { action: 'pass', reason: 'management' })
    t.match(box.run(here.tcp(23, 5000, { flags }), 'tc_egress'), { action: 'drop', reason: 'mode' }, 'the next port')
    t.match(box.run(there.tcp(22, 5000, { flags }), 'tc_egress'), { action: 'drop', reason: 'mode' }, 'another source')
  }
})

test('services go on in pass and take nobody new in lockdown', { skip }, async t => {
  const box = await dataplane(t, {
    ...policy,
    services: {
      web: { address: '198.51.100.10', ports: ['80'], protocol: 'tcp', forwarding: 'nat', backends: { b1: { address: '10.0.0.11' } } },
    },
  })
  const client = (flags: ('syn' | 'ack')[]) =>
    ether({ source: network.clientMac, destination: network.inMac }).ip4('192.0.2.7', '198.51.100.10').tcp(5000, 80, { flags })

  set(box, 'pass')
  t.match(box.run(client(['syn']), 'xdp_ingress', 'in0'), { action: 'redirect', reason: 'service', service: 'web' })
  set(box, 'lockdown')
  t.match(box.run(client(['ack']), 'xdp_ingress', 'in0'), { action: 'redirect', reason: 'service', service: 'web' })
  t.match(box.run(client(['syn']), 'xdp_ingress', 'in0'), { action: 'drop', reason: 'mode' })
})

test('a mode ends by itself, and a policy does not change it', { skip }, async t => {
  const box = await dataplane(t, policy)
  const now = Math.floor(bootTimeMs() / 1000)

  set(box, 'pass', now + 3600)
  t.match(box.run(four(81)), { action: 'pass', reason: 'mode' })
  await box.apply(policy)
  t.match(box.run(four(81)), { action: 'pass', reason: 'mode' }, 'after another revision')
  t.match(box.dataplane.trace({ hook: 'xdp_ingress', packet: four(81).bytes() }), { verdict: 'pass', reason: 'mode' })
  set(box, 'pass', now)
  t.match(box.run(four(81)), { action: 'drop', reason: 'rule' })
})
