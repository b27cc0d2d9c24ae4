/** Our own health checks: through a default deny, and to the backend that they ask, by the address of its service. */
import { isIPv4 } from 'node:net'
import { test } from 'tap'
import type { CheckedConnection } from '../../controlplane/dataplane/checks.ts'
import { type Prefix, parsePrefix } from '../../controlplane/policy/prefix.ts'
import { decode, ether } from '../lab/packet.ts'
import { type Box, cannotLoad, dataplane, hooks, network } from './box.ts'

const skip = cannotLoad()
const gate = { ip4: '10.0.0.1', ip6: 'fd00::1' }
const asked = { ip4: '10.0.0.11', ip6: 'fd00::11' }
const vip = { ip4: '198.51.100.10', ip6: '2001:db8:2::10' }
const port = 61_500

const connection = (remote: string, more: Partial<CheckedConnection> = {}): CheckedConnection => ({
  remote: (parsePrefix(remote) as Prefix).bytes,
  remotePort: 80,
  localPort: port,
  ...more,
})

function between(source: string, sourcePort: number, destination: string, destinationPort: number, flags: ('syn' | 'ack')[]) {
  const frame = ether({ source: network.outMac, destination: network.clientMac })
  const packet = isIPv4(source) ? frame.ip4(source, destination) : frame.ip6(source, destination)
  return packet.tcp(sourcePort, destinationPort, { flags })
}

const question = (remote: string, from = port, to = 80) => between(isIPv4(remote) ? gate.ip4 : gate.ip6, from, remote, to, ['syn'])
const answer = (remote: string, to = port, local = isIPv4(remote) ? gate.ip4 : gate.ip6) => between(remote, 80, local, to, ['syn', 'ack'])

const closed = { ingress: 'deny', egress: 'deny', management: [] } as const
const service = (forwarding: string, family: 'ip4' | 'ip6', more: object = {}) => ({
  address: vip[family],
  ports: ['80'],
  protocol: 'tcp',
  forwarding,
  healthCheck: { type: 'tcp' },
  backends: Object.fromEntries([11, 12].map(n => [`b${n}`, { address: family === 'ip4' ? `10.0.0.${n}` : `fd00::${n}` }])),
  ...more,
})
const policy = (forwarding: string, more: object = {}) =>
  ({ defaults: closed, services: { four: service(forwarding, 'ip4'), six: service(forwarding, 'ip6') }, ...more }) as never

for (const family of ['ip4', 'ip6'] as const) {
  test(`a default deny lets our checks out and their answers in, ${family}`, { skip }, async t => {
    const box = await dataplane(t, policy('nat'), { local: Object.values(gate) })
    const check = connection(asked[family])
    const ways = (of = port) => [
      box.run(question(asked[family], of), 'tc_egress').action,
      box.run(answer(asked[family], of), 'tc_ingress').action,
      box.run(answer(asked[family], of), 'xdp_ingress').action,
    ]

    t.same(ways(), ['drop', 'drop', 'drop'], 'nobody has asked')
    box.dataplane.checks.open(check)
    t.match(box.run(question(asked[family]), 'tc_egress'), { verdict: 'pass', reason: 'health_check' })
    t.same(ways(), ['pass', 'pass', 'pass'])
    t.same(ways(port + 1), ['drop', 'drop', 'drop'], 'another port')
    t.equal(box.run(question(asked[family], port, 81), 'tc_egress').action, 'drop', 'to another port')
    t.equal(box.run(question(family === 'ip4' ? '10.0.0.12' : 'fd00::12'), 'tc_egress').action, 'drop', 'to another backend')
    const elsewhere = family === 'ip4' ? '203.0.113.9' : '2001:db8:9::9'
    for (const hook of ['xdp_ingress', 'tc_ingress'] as const)
      t.equal(box.run(answer(asked[family], port, elsewhere), hook).action, 'drop', `${hook}: an answer to somebody else`)
    box.dataplane.checks.close(check)
    t.same(ways(), ['drop', 'drop', 'drop'], 'it is over')
  })

  test(`rules stand above that, and the emergency switch below, ${family}`, { skip }, async t => {
    const rules = { no: { direction: 'egress', action: 'deny', match: { protocol: 'tcp', destinationPorts: ['80'] } } }
    const box = await dataplane(t, policy('nat', { rules }), { local: Object.values(gate) })

    box.dataplane.checks.open(connection(asked[family]))
    t.match(box.run(question(asked[family]), 'tc_egress'), { action: 'drop', reason: 'rule', rule: 'no' })
    await box.apply(policy('nat'))
    box.dataplane.mode.set({ mode: 'lockdown', expiresS: 0 })
    t.match(box.run(question(asked[family]), 'tc_egress'), { action: 'pass', reason: 'health_check' })
    t.match(box.run(answer(asked[family])), { action: 'pass', reason: 'health_check' })
    t.equal(box.run(answer(asked[family], port + 1)).action, 'drop')
  })

  test(`the way of clients' packets, ${family}`, { skip }, async t => {
    const rules = {
      invalid: { direction: 'ingress', action: 'deny', match: { state: ['invalid'] } },
      out: { direction: 'egress', action: 'deny', match: {} },
    }
    const name = family === 'ip4' ? 'four' : 'six'
    for (const forwarding of ['dsr-l2', 'dsr-ipip', 'dsr-gue']) {
      const box = await dataplane(t, policy(forwarding, { rules }), { local: Object.values(gate) })

      for (const backend of ['b11', 'b12']) {
        const through = box.idsOf(name, backend)
        const check = connection(vip[family], { through })

        t.match(box.run(question(vip[family]), 'tc_egress'), { action: 'drop', rule: 'out' }, 'nobody has asked')
        box.dataplane.checks.open(check)
        t.notOk(box.dataplane.checks.wasSent(check))
        const sent = box.run(question(vip[family]), 'tc_egress', 'out0')
        t.match(sent, { action: 'redirect', reason: 'health_check' }, `${forwarding} ${backend}`)
        t.notOk(sent.service ?? sent.backend, 'no traffic of clients')
        t.ok(box.dataplane.checks.wasSent(check))
        if (forwarding !== 'dsr-l2')
          t.match(decode(sent.packet).ip?.destination, family === 'ip4' ? `10.0.0.${backend.slice(1)}` : `fd00::${backend.slice(1)}`)
        for (const hook of ['xdp_ingress', 'tc_ingress'] as const)
          t.match(box.run(answer(vip[family]), hook), { action: 'pass', reason: 'health_check' }, `${hook}: the answer`)
        box.dataplane.checks.close(check)
        for (const hook of ['xdp_ingress', 'tc_ingress'] as const)
          t.match(box.run(answer(vip[family]), hook), { action: 'drop', rule: 'invalid' }, `${hook}: it is over`)
      }
      box.dataplane.close()
    }
  })
}

test('a policy without health checks asks for none', { skip }, async t => {
  const box: Box = await dataplane(t, {
    defaults: closed,
    services: { four: service('nat', 'ip4', { healthCheck: { type: 'none' } }) },
  } as never)

  box.dataplane.checks.open(connection(asked.ip4))
  for (const hook of hooks) t.equal(box.run(hook === 'tc_egress' ? question(asked.ip4) : answer(asked.ip4), hook).action, 'drop')
})
