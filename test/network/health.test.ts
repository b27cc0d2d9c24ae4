/** Health checks in a network: through a default deny, and by the address of the service, as clients come. */
import { type Test, test } from 'tap'
import { until } from '../lab/host.ts'
import { cannotBuildLabs, Lab } from '../lab/lab.ts'
import { sendTcp } from '../lab/send.ts'
import { everyDevice } from './gate.ts'

const skip = cannotBuildLabs()
const vip = { 4: '198.51.100.10', 6: '2001:db8:64::10' }
const closed = { ingress: 'deny', egress: 'deny', management: [] }
const healthCheck = { interval: '200ms', timeout: '200ms', rise: 1, fall: 2 }

type Judged = { health: string; lastError: string | null }

async function checkedLab(t: Test, forwarding: string): Promise<Lab> {
  const lab = await Lab.create({ clients: 1, backends: 2, addresses: Object.values(vip) })
  t.teardown(() => lab.close())
  // As a gate has one.
  await lab.gate.exec(['ip', 'route', 'add', 'default', 'via', lab.client().ipv4])
  await lab.gate.exec(['ip', '-6', 'route', 'add', 'default', 'via', lab.client().ipv6])
  if (forwarding === 'dsr-ipip' || forwarding === 'dsr-gue')
    for (const [at, backend] of lab.backends.entries())
      await backend.exec([...lab.gate.drawgate, 'backend', 'attach', '--device', 'eth0', '--pin-dir', `${lab.directory}/bpf/backend-${at}`])

  const service = (family: 4 | 6) => ({
    address: vip[family],
    ports: ['7', '80'],
    protocol: 'tcp',
    forwarding,
    backends: Object.fromEntries(lab.backends.map(host => [host.name, { address: family === 4 ? host.ipv4 : host.ipv6 }])),
    healthCheck: family === 4 ? { type: 'http', port: 80, ...healthCheck } : { type: 'tcp', port: 7, ...healthCheck },
  })
  // Here the gate is also the router of what backends answer by themselves.
  const answers = { action: 'allow', match: { source: Object.values(vip) } }
  const rules = forwarding === 'nat' ? {} : { in: { direction: 'ingress', ...answers }, out: { direction: 'egress', ...answers } }
  await lab.gate.serve({
    policy: { defaults: closed, interfaces: everyDevice, rules, services: { four: service(4), six: service(6) } },
  })
  return lab
}

async function becomes(lab: Lab, service: string, backend: string, wanted: (judged: Judged) => boolean): Promise<Judged> {
  let judged: Judged | undefined
  await until(`${service}/${backend} is as it should be`, async () => {
    const { body } = await lab.api('GET', `/v1/services/${service}/status`)
    judged = (body as { backends: Record<string, Judged> }).backends[backend]
    return judged !== undefined && wanted(judged)
  })
  return judged as Judged
}

const isUp = ({ health }: Judged) => health === 'up'

for (const forwarding of ['nat', 'dsr-l2', 'dsr-ipip', 'dsr-gue'])
  test(`${forwarding}: backends are up behind a default deny, and serve`, { skip }, async t => {
    const lab = await checkedLab(t, forwarding)

    for (const name of ['four', 'six']) for (const backend of ['b0', 'b1']) await becomes(lab, name, backend, isUp)
    for (const address of Object.values(vip))
      t.match(await sendTcp(lab.client(), address, 7, { count: 20, timeoutMs: 5000 }), { answered: 20, lost: 0, errors: [] })
    if (forwarding === 'nat') return

    // It answers at its own address, and clients get nothing.
    await lab.backend().exec(['ip', 'address', 'del', `${vip[4]}/32`, 'dev', 'lo'])
    const { lastError } = await becomes(lab, 'four', 'b0', ({ health }) => health === 'down')
    t.match(lastError, new RegExp(`^at ${vip[4].replaceAll('.', '\\.')}: `))
    await becomes(lab, 'four', 'b1', isUp)
    await lab.backend().exec(['ip', 'address', 'add', `${vip[4]}/32`, 'dev', 'lo'])
    await becomes(lab, 'four', 'b0', isUp)
  })

test('where no way leads to the service, the own address of the backend has to do', { skip }, async t => {
  const lab = await checkedLab(t, 'dsr-l2')

  await lab.gate.exec(['ip', 'route', 'del', 'default'])
  await lab.backend().exec(['ip', 'address', 'del', `${vip[4]}/32`, 'dev', 'lo'])
  for (const backend of ['b0', 'b1']) await becomes(lab, 'four', backend, isUp)
  t.pass()
})
