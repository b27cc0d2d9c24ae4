/** Connections through a service whose backends are added, drained, killed, revived and reweighted, while SYNs of strangers flood it. */
import { join } from 'node:path'
import type { Test } from 'tap'
import { everyDevice, gatedLab, open, service, write } from '../network/gate.ts'
import { checkout, type Running, until } from './host.ts'
import { type Lab, startServer } from './lab.ts'
import { ether } from './packet.ts'
import { hold, sendTcp } from './send.ts'

const dsr = '198.51.100.20'
const ports = { tcp: [7] }

interface Status {
  backends: Record<string, { health: string; connections: number | null; lastError: string | null }>
}

/** None is lost but connections of the backend that is killed. */
export async function upheaval(t: Test, count: number, everyMs: number): Promise<void> {
  const lab = await gatedLab(t, { clients: 2, backends: 4, addresses: [dsr], servers: false }, lab => {
    const { b3: _later, ...backends } = service(lab, { address: dsr, ports: ['7'], protocol: 'tcp', forwarding: 'dsr-l2' }).backends
    return {
      defaults: open,
      interfaces: everyDevice,
      services: {
        web: {
          address: dsr,
          ports: ['7'],
          protocol: 'tcp',
          forwarding: 'dsr-l2',
          backends,
          healthCheck: { type: 'tcp', interval: '200ms', timeout: '200ms', rise: 1, fall: 2 },
        },
      },
    }
  })
  const servers = await Promise.all(lab.backends.map(host => startServer(host, ports, [dsr])))
  const backend = '/v1/services/web/backends'
  const isWell = (name: string, health: string) =>
    until(`${name} is ${health}`, async () => (await statusOf(lab)).backends[name]?.health === health)
  for (const name of ['b0', 'b1', 'b2']) await isWell(name, 'up')

  const talks = await hold(lab.client(), dsr, 7, { count, everyMs, timeoutMs: 20_000 })
  const flood = await floodOf(lab)
  const fresh = async (what: string, expected: string[]) => {
    const { answered, lost, errors, backends } = await sendTcp(lab.client(), dsr, 7, { count: 60, parallel: 10, timeoutMs: 5000 })
    t.match({ answered, lost, errors }, { answered: 60, lost: 0, errors: [] }, `new connections once ${what}`)
    t.same(Object.keys(backends).sort(), expected, 'go where they should')
  }

  await fresh('nothing has happened', ['b0', 'b1', 'b2'])
  await write(lab, 'PUT', `${backend}/b3`, { address: lab.backend(3).ipv4 })
  await isWell('b3', 'up')
  await fresh('a backend is added', ['b0', 'b1', 'b2', 'b3'])
  await write(lab, 'PATCH', `${backend}/b0`, { weight: 400 })
  await fresh('another has more weight', ['b0', 'b1', 'b2', 'b3'])
  await write(lab, 'PATCH', `${backend}/b1`, { state: 'draining' })
  await fresh('one drains', ['b0', 'b2', 'b3'])
  await servers[2]?.stop('SIGKILL')
  await isWell('b2', 'down')
  await fresh('one is killed', ['b0', 'b3'])
  await startServer(lab.backend(2), ports, [dsr])
  await isWell('b2', 'up')
  await fresh('it is revived', ['b0', 'b2', 'b3'])
  await lab.gate.daemon.stop('SIGKILL')
  await lab.gate.serve()
  await isWell('b2', 'up')
  await write(lab, 'PATCH', `${backend}/b1`, { state: 'active' })
  await fresh('the daemon was killed, and none drains', ['b0', 'b1', 'b2', 'b3'])
  t.ok(((await statusOf(lab)).backends.b1?.connections ?? 0) > 0, 'old connections are known by now')

  const strangers = Number((await flood.finish()).at(-1))
  const flows = await flowEvents(lab)
  const report = await talks.report()
  t.comment(
    `${strangers} SYNs of strangers, ${JSON.stringify(flows)}, lost ${JSON.stringify(report.lostBy)}, slowest ${report.slowestMs} ms`,
  )
  t.same(
    Object.keys(report.lostBy).filter(name => name !== 'b2'),
    [],
    `${report.errors}`,
  )
  t.ok((report.lostBy.b2 ?? 0) < count / 2)
  t.ok((flows.enters ?? 0) < 3 * count + 3000, 'a flood is marked and not entered')
}

async function statusOf(lab: Lab): Promise<Status> {
  return (await lab.api('GET', '/v1/services/web/status')).body as Status
}

/** From the second client's cable. */
async function floodOf(lab: Lab): Promise<Running> {
  const [device] = JSON.parse(await lab.gate.run('ip -j link show dev c1')) as { address: string }[]
  const destination = device?.address ?? ''
  const frame = ether({ source: '02:00:00:00:00:99', destination })
    .ip4('198.18.0.1', dsr)
    .tcp(1024, 7, { flags: ['syn'] })
  const hex = Buffer.from(frame.bytes()).toString('hex')
  return lab.client(1).start([process.execPath, join(checkout, 'dist/test/dataplane/flood.js'), 'eth0', hex, 'strangers'])
}

async function flowEvents(lab: Lab): Promise<Record<string, number>> {
  const { body } = await lab.api('GET', '/metrics')
  return Object.fromEntries(
    [...String(body).matchAll(/^drawgate_flows_total\{event="(\w+)"\} (\d+)$/gm)].map(([, event = '', count]) => [event, Number(count)]),
  )
}
