/** Real packets against rules: who comes through, who does not, and that nobody locks himself out. */
import { test } from 'tap'
import { cannotBuildLabs, gateway, startServer } from '../lab/lab.ts'
import { sendTcp, sendUdp } from '../lab/send.ts'
import { everyDevice, gatedLab, open, packets, write } from './gate.ts'

const skip = cannotBuildLabs()
/** Short, since these packets are meant to be lost. */
const refused = { count: 2, timeoutMs: 700 }

test('a gate that denies by default is still reached over management, ARP and neighbour discovery', { skip }, async t => {
  const lab = await gatedLab(t, { clients: 1, backends: 1 }, () => ({
    defaults: { ingress: 'deny', egress: 'deny', management: [{ port: 22, protocol: 'tcp' }] },
    interfaces: everyDevice,
  }))
  const client = lab.client()
  await startServer(lab.gate, { tcp: [22, 23] })
  for (const address of [gateway(client.ipv4), gateway(client.ipv6)]) {
    // Nothing is known of the neighbour, on neither side.
    for (const host of [client, lab.gate]) await host.run('ip neigh flush all; ip -6 neigh flush all')
    t.match(await sendTcp(client, address, 22, { count: 20 }), { answered: 20, lost: 0 }, `${address}: management`)
    t.match(await sendTcp(client, address, 23, refused), { answered: 0, lost: 2 }, `${address}: the next port`)
    const ping = await client.try(['ping', '-c', '1', '-W', '1', address])
    t.equal(ping.status, 1, `${address}: no answer to a ping`)
  }
  for (const address of [lab.backend().ipv4, lab.backend().ipv6]) {
    t.match(await sendTcp(client, address, 7, refused), { answered: 0, lost: 2 }, `${address}: nothing is forwarded`)
  }
  const neighbours = await client.run('ip neigh; ip -6 neigh')
  t.match(neighbours, /^10\.1\.0\.1 .*lladdr/m, 'ARP passed')
  t.match(neighbours, /^2001:db8:100::1 .*lladdr/m, 'neighbour discovery passed')
})

test('a client in a set is dropped and counted while another passes', { skip }, async t => {
  const lab = await gatedLab(t, { clients: 2, backends: 1 }, () => ({
    defaults: open,
    interfaces: everyDevice,
    sets: { blocklist: {} },
    rules: { 'block-bad': { priority: 10, direction: 'ingress', action: 'deny', match: { source: ['@blocklist'] } } },
  }))
  const [bad, good] = [lab.client(0), lab.client(1)]
  const [backend] = lab.backends
  if (backend === undefined) throw new Error('no backend')
  for (const [family, address] of [
    ['ipv4', backend.ipv4],
    ['ipv6', backend.ipv6],
  ] as const) {
    t.match(await sendTcp(bad, address, 7, { count: 5 }), { answered: 5, lost: 0 }, `${family}: before`)
    const before = await packets(lab, 'rules', 'block-bad')
    await write(lab, 'PATCH', '/v1/sets/blocklist/entries', { add: [bad[family]] })
    t.match(await sendTcp(bad, address, 7, refused), { answered: 0, lost: 2 }, `${family}: TCP is dropped`)
    t.match(await sendUdp(bad, address, 7, { count: 3, timeoutMs: 700 }), { answered: 0, lost: 3 }, `${family}: UDP is dropped`)
    t.ok((await packets(lab, 'rules', 'block-bad')) >= before + 5, `${family}: counted`)
    t.match(await sendTcp(good, address, 7, { count: 20 }), { answered: 20, lost: 0 }, `${family}: its neighbour passes`)
    await write(lab, 'PATCH', '/v1/sets/blocklist/entries', { remove: [bad[family]] })
    t.match(await sendTcp(bad, address, 7, { count: 5 }), { answered: 5, lost: 0 }, `${family}: after`)
  }
})

test('egress rules meet what the host sends and what it routes', { skip }, async t => {
  for (const egress of ['auto', 'clsact'] as const) {
    const lab = await gatedLab(t, { clients: 1, backends: 1 }, () => ({
      defaults: open,
      interfaces: { 'b*': { egress } },
      rules: { 'no-8080': { direction: 'egress', action: 'deny', match: { protocol: 'tcp', destinationPorts: ['8080'] } } },
    }))
    const url = (host: string, port: number) => `http://${host.includes(':') ? `[${host}]` : host}:${port}/`
    const curl = (address: string, port: number) => ['curl', '-s', '--connect-timeout', '1', url(address, port)]
    for (const address of [lab.backend().ipv4, lab.backend().ipv6]) {
      for (const host of [lab.gate, lab.client()]) {
        const before = await packets(lab, 'rules', 'no-8080')
        t.match(await host.try(curl(address, 80)), { stdout: 'b0\n', status: 0 }, `${egress}: ${host.name} to ${address}, port 80`)
        t.match(await host.try(curl(address, 8080)), { stdout: '', status: 28 }, `${egress}: ${host.name} to ${address}, port 8080`)
        t.ok((await packets(lab, 'rules', 'no-8080')) > before, `${egress}: counted`)
      }
    }
    await lab.close()
  }
})

test('a rule for one port leaves the next, ranges hold both ends', { skip }, async t => {
  const lab = await gatedLab(t, { clients: 1, backends: 1, servers: { tcp: [6999, 7000, 7010, 7011] } }, () => ({
    defaults: open,
    interfaces: everyDevice,
    rules: { range: { direction: 'ingress', action: 'deny', match: { protocol: 'tcp', destinationPorts: ['7000-7010'] } } },
  }))
  for (const [port, passes] of [
    [6999, true],
    [7000, false],
    [7010, false],
    [7011, true],
  ] as const) {
    const report = await sendTcp(lab.client(), lab.backend().ipv4, port, passes ? { count: 2 } : refused)
    t.match(report, passes ? { answered: 2, lost: 0 } : { answered: 0, lost: 2 }, `port ${port}`)
  }
})
