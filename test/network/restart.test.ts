/** What the control plane does or suffers, packets do not feel: updates, stop, kill and restart under traffic; and detach undoes it all. */
import { existsSync } from 'node:fs'
import { test } from 'tap'
import { cannotBuildLabs, Lab } from '../lab/lab.ts'
import { sendSteadily, sendTcp } from '../lab/send.ts'
import { everyDevice, gatedLab, open, packets, service, write } from './gate.ts'

const skip = cannotBuildLabs()
const nat = '198.51.100.10'
const dsr = '198.51.100.20'
const refused = { count: 2, timeoutMs: 700 }

/** Client 0 talks, client 1 is blocked. */
function policy(lab: Lab): object {
  return {
    defaults: open,
    interfaces: everyDevice,
    sets: { blocklist: { entries: [lab.client(1).ipv4] } },
    rules: { 'block-bad': { priority: 10, direction: 'ingress', action: 'deny', match: { source: ['@blocklist'] } } },
    services: {
      nat: service(lab, { address: nat, ports: ['80'], protocol: 'tcp', forwarding: 'nat' }, 7),
      dsr: service(lab, { address: dsr, ports: ['7'], protocol: 'tcp', forwarding: 'dsr-l2' }),
    },
  }
}

test('stopped, killed and started again while traffic flows: no connection lost, policy in force', { skip }, async t => {
  const lab = await gatedLab(t, { clients: 2, backends: 3, addresses: [dsr] }, policy)
  const talks = await Promise.all([sendSteadily(lab.client(), nat, 80, { count: 15 }), sendSteadily(lab.client(), dsr, 7, { count: 15 })])
  let counted = await packets(lab, 'services', 'nat')
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    await lab.gate.daemon.stop(signal)
    t.match(await sendTcp(lab.client(), nat, 80, { count: 50 }), { answered: 50, lost: 0 }, `new connections after ${signal}`)
    t.match(await sendTcp(lab.client(1), nat, 80, refused), { answered: 0, lost: 2 }, `still blocked after ${signal}`)
    await lab.gate.serve()
    t.match(await sendTcp(lab.client(), nat, 80, { count: 50 }), { answered: 50, lost: 0 }, 'new connections after the start')
    t.match(await sendTcp(lab.client(1), nat, 80, refused), { answered: 0, lost: 2 }, 'still blocked after the start')
    const now = await packets(lab, 'services', 'nat')
    t.ok(now >= counted + 300, `counters go on: ${counted}, ${now}`)
    counted = now
  }
  for (const talk of talks) {
    const report = await talk.report()
    t.match(report, { lost: 0, errors: [] })
    t.ok(report.answered > 100, `${report.answered} answers, the slowest after ${report.slowestMs} ms`)
  }
})

test('a hundred updates while traffic flows: no connection lost', { skip }, async t => {
  const lab = await gatedLab(t, { clients: 2, backends: 3, addresses: [dsr] }, policy)
  const talks = await Promise.all([sendSteadily(lab.client(), nat, 80, { count: 15 }), sendSteadily(lab.client(), dsr, 7, { count: 15 })])
  for (let i = 0; i < 100; i++) {
    await write(lab, 'PUT', '/v1/rules/moving', {
      priority: i,
      direction: 'ingress',
      action: 'deny',
      match: { source: [`203.0.113.${i}`], protocol: 'tcp', destinationPorts: [`${1000 + i}`] },
    })
  }
  for (const talk of talks) t.match(await talk.report(), { lost: 0, errors: [] })
  t.match(await sendTcp(lab.client(1), nat, 80, refused), { answered: 0, lost: 2 }, 'and still blocked')
})

/** What Drawgate could have left in a gate's network: programs, filters, qdiscs, settings of devices. */
function network(lab: Lab): Promise<string> {
  const perDevice = [...lab.clients, ...lab.backends].map(({ name }) => [
    `ip -d link show dev ${name}`,
    `tc qdisc show dev ${name}`,
    `tc filter show dev ${name} ingress`,
    `tc filter show dev ${name} egress`,
    `ethtool -k ${name}`,
  ])
  return lab.gate.run(perDevice.flat().join('; '))
}

test('detach leaves the network as it was', { skip }, async t => {
  for (const device of [{}, { xdp: 'generic', egress: 'clsact' }, { xdp: 'off', egress: 'off' }]) {
    const lab = await Lab.create({ clients: 2, backends: 3, addresses: [dsr] })
    t.teardown(() => lab.close())
    const before = await network(lab)
    await lab.gate.serve({ policy: { ...policy(lab), interfaces: { 'c*': device, 'b*': device } } })
    t.match(await sendTcp(lab.client(), nat, 80, { count: 10 }), { answered: 10, lost: 0 })
    await lab.gate.daemon.stop()
    t.ok(existsSync(lab.gate.pinDir))
    await lab.gate.detach()
    t.equal(await network(lab), before)
    t.notOk(existsSync(lab.gate.pinDir), 'no pin is left')
    t.match(await sendTcp(lab.client(1), lab.backend().ipv4, 7, { count: 10 }), { answered: 10, lost: 0 }, 'nobody is blocked')
    t.match(await sendTcp(lab.client(), nat, 80, refused), { answered: 0, lost: 2 }, 'nothing is balanced')
    await lab.close()
  }
})
