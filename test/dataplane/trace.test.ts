/** Traces: what the twin answers is what the live programs then do, and asking moves nothing. */
import { test } from 'tap'
import { decode, ether, type Packet } from '../lab/packet.ts'
import { type Box, cannotLoad, dataplane, hooks, ifindex, ingressHooks, network } from './box.ts'

const skip = cannotLoad()
const backends = (weights: readonly number[], port = 8080) =>
  Object.fromEntries(weights.map((weight, i) => [`b${i + 1}`, { address: `10.0.0.${11 + i}`, port, weight }]))
const service = (weights: readonly number[], address = '198.51.100.10') => ({
  address,
  ports: ['80'],
  protocol: 'tcp' as const,
  forwarding: 'nat' as const,
  backends: backends(weights),
})
const client = (port: number, address = '198.51.100.10') =>
  ether({ source: network.clientMac, destination: network.inMac }).ip4('192.0.2.7', address).tcp(port, 80)

function trace(box: Box, packet: Packet, hook: (typeof hooks)[number] = 'xdp_ingress') {
  return box.dataplane.trace({ hook, packet: packet.bytes(), ifindex: ifindex('in0') })
}

function destination(bytes: Uint8Array): string | undefined {
  return decode(bytes).ip?.destination
}

test('a trace says what then happens, over every hook', { skip }, async t => {
  const box = await dataplane(t, {
    defaults: { ingress: 'deny', egress: 'deny', management: [] },
    rules: {
      in: { direction: 'ingress', action: 'allow', match: { source: ['192.0.2.0/24'], protocol: 'tcp', destinationPorts: ['80'] } },
      out: { direction: 'egress', action: 'allow', match: { source: ['192.0.2.0/24'], protocol: 'tcp', destinationPorts: ['80'] } },
    },
  })

  for (const hook of hooks) {
    for (const packet of [ether().ip4('192.0.2.7', '198.51.100.1').tcp(5000, 80), ether().ip4('192.0.2.7', '198.51.100.1').tcp(5000, 81)]) {
      const told = box.dataplane.trace({ hook, packet: packet.bytes() })
      const { verdict, reason } = box.run(packet, hook)

      t.match(told, { verdict, reason, revision: box.dataplane.revision }, `${hook} ${reason}`)
      t.equal(told.ruleId > 0, reason === 'rule')
      t.match(told.steps[0], { stage: 'parse', outcome: 'none', detail: [6, 0] })
    }
  }
})

test('asking for a new connection opens none', { skip }, async t => {
  const box = await dataplane(t, { services: { web: service([100, 100]) } })

  for (const hook of ingressHooks) {
    const told = trace(box, client(5000), hook)

    t.match(told, { verdict: 'redirect', reason: 'service' })
    t.ok(told.serviceId > 0 && told.backendId > 0)
    t.same(trace(box, client(5000), hook), told, 'the same again')
    const answer = ether()
      .ip4(destination(told.packet) ?? '', '192.0.2.7')
      .tcp(8080, 5000, { flags: ['syn', 'ack'] })

    t.match(box.run(answer, hook), { reason: 'default' }, 'a reply to it is no reply')
    t.match(trace(box, answer, hook), { reason: 'default' })
  }
  t.same(
    box.dataplane.counters.outcomes().filter(({ reason }) => reason === 'service'),
    [],
  )
})

test('a trace follows the live connection and not the ring of now', { skip }, async t => {
  const box = await dataplane(t, { services: { web: service([100, 100]) } })
  const live = new Map(Array.from({ length: 20 }, (_, i) => 5000 + i).map(port => [port, destination(box.run(client(port)).packet)]))

  await box.apply({ services: { web: service([1, 100]) } })
  let moved = 0

  for (const [port, backend] of live) {
    t.equal(destination(trace(box, client(port)).packet), backend, `connection of port ${port}`)
    const answer = ether()
      .ip4(backend ?? '', '192.0.2.7')
      .tcp(8080, port, { flags: ['ack'] })

    t.match(trace(box, answer), { reason: 'reply' })
    moved += backend === '10.0.0.11' && destination(trace(box, client(port + 1000)).packet) === '10.0.0.12' ? 1 : 0
  }
  t.ok(moved > 0, 'new connections do follow the new ring')
})

test('a way back that a live connection holds is taken for a trace as well', { skip }, async t => {
  const box = await dataplane(t, { services: { web: service([100, 100]), other: service([100, 100], '198.51.100.11') } })
  let probed = 0

  for (let port = 5000; port < 5020; port++) {
    box.run(client(port, '198.51.100.11'))
    const told = trace(box, client(port))
    const done = box.run(client(port))

    t.equal(destination(told.packet), destination(done.packet), `port ${port}`)
    probed += told.backendId
  }
  t.ok(probed > 0)
})
