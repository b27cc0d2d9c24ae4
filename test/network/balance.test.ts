/** Real connections through services: none is lost, and every backend gets its share. */
import { type Test, test } from 'tap'
import { cannotBuildLabs, type Lab } from '../lab/lab.ts'
import { type Report, sendTcp, sendUdp } from '../lab/send.ts'
import { everyDevice, gatedLab, open, packets, type Service, service } from './gate.ts'

const skip = cannotBuildLabs()

/** Addresses by family. The dsr ones are on the backends' lo. */
const nat = { ipv4: '198.51.100.10', ipv6: '2001:db8:64::10' }
const dsr = { ipv4: '198.51.100.20', ipv6: '2001:db8:64::20' }
const families = ['ipv4', 'ipv6'] as const

/** All services, each by both protocols: `nat` from port 80 to the echo server's port 7, `dsr-l2` on that port itself. */
function services(lab: Lab): Record<string, Service> {
  const all: Record<string, Service> = {}
  for (const family of families) {
    for (const protocol of ['tcp', 'udp'] as const) {
      all[`nat-${family}-${protocol}`] = service(lab, { address: nat[family], ports: ['80'], protocol, forwarding: 'nat' }, 7)
      all[`dsr-${family}-${protocol}`] = service(lab, { address: dsr[family], ports: ['7'], protocol, forwarding: 'dsr-l2' })
    }
    all[`files-${family}`] = service(lab, { address: nat[family], ports: ['8000-8100'], protocol: 'tcp', forwarding: 'nat' }, 8080)
  }
  return all
}

/** A share is fair within five standard deviations of drawing backends at random. */
function spread(t: Test, report: Report, backends: number, count: number): void {
  t.match(report, { answered: count, lost: 0, errors: [] }, 'none is lost')
  t.equal(Object.keys(report.backends).length, backends, 'every backend answered')
  const fair = count / backends
  const slack = 5 * Math.sqrt(fair * (1 - 1 / backends))
  for (const [name, share] of Object.entries(report.backends)) t.ok(Math.abs(share - fair) < slack, `${name} got ${share} of ${count}`)
}

for (const xdp of ['auto', 'off', 'generic'] as const) {
  test(`services with xdp "${xdp}"`, { skip }, async t => {
    const lab = await gatedLab(t, { clients: 1, backends: 3, addresses: Object.values(dsr) }, lab => ({
      defaults: open,
      interfaces: { 'c*': { xdp }, 'b*': { xdp } },
      services: services(lab),
    }))
    const count = xdp === 'auto' ? 1000 : 300
    for (const family of families) {
      for (const [forwarding, address, port] of [
        ['nat', nat[family], 80],
        ['dsr', dsr[family], 7],
      ] as const) {
        await t.test(`${count} connections over ${forwarding}, ${family}`, async t => {
          spread(t, await sendTcp(lab.client(), address, port, { count, timeoutMs: 3000 }), 3, count)
          t.ok((await packets(lab, 'services', `${forwarding}-${family}-tcp`)) >= 3 * count, 'counted')
        })
        await t.test(`${count} messages by UDP over ${forwarding}, ${family}`, async t => {
          spread(t, await sendUdp(lab.client(), address, port, { count, timeoutMs: 3000 }), 3, count)
          t.ok((await packets(lab, 'services', `${forwarding}-${family}-udp`)) >= count, 'counted')
        })
      }
      await t.test(`a large transfer comes back whole, ${family}`, async t => {
        const host = family === 'ipv6' ? `[${nat.ipv6}]` : nat.ipv4
        const file = `${lab.directory}/large`
        await lab.client().run(`head -c 20000000 /dev/urandom > ${file}`)
        await lab.client().run(`curl -sS --fail -H Expect: --data-binary @${file} http://${host}:8042/ | cmp - ${file}`)
        t.pass('20 MB there and back through segmentation offload')
      })
    }
  })
}

test('one client keeps its backend when a service hashes by source', { skip }, async t => {
  const lab = await gatedLab(t, { clients: 2, backends: 3 }, lab => ({
    defaults: open,
    interfaces: everyDevice,
    services: { sticky: { ...service(lab, { address: nat.ipv4, ports: ['80'], protocol: 'tcp', forwarding: 'nat' }, 7), hash: 'source' } },
  }))
  for (const client of lab.clients) {
    const report = await sendTcp(client, nat.ipv4, 80, { count: 50 })
    t.match(report, { answered: 50, lost: 0 })
    t.equal(Object.keys(report.backends).length, 1)
  }
})

test('weights decide shares, and no backend at all drops', { skip }, async t => {
  const value = (lab: Lab) => service(lab, { address: nat.ipv4, ports: ['80'], protocol: 'tcp', forwarding: 'nat' }, 7)
  const lab = await gatedLab(t, { clients: 1, backends: 2 }, lab => ({
    defaults: open,
    interfaces: everyDevice,
    services: { web: value(lab) },
  }))
  t.match(await lab.api('PATCH', '/v1/services/web/backends/b0', { weight: 300 }), { status: 200 })
  const report = await sendTcp(lab.client(), nat.ipv4, 80, { count: 400 })
  t.match(report, { answered: 400, lost: 0 })
  const heavy = report.backends.b0 ?? 0
  t.ok(heavy > 250 && heavy < 350, `b0 has three quarters: ${heavy} of 400`)

  t.match(await lab.api('PATCH', '/v1/services/web/backends/b0', { weight: 0 }), { status: 200 })
  t.match(await sendTcp(lab.client(), nat.ipv4, 80, { count: 50 }), { answered: 50, lost: 0, backends: { b0: undefined, b1: 50 } })
  t.match(await lab.api('PATCH', '/v1/services/web/backends/b1', { weight: 0 }), { status: 200 })
  t.match(await sendTcp(lab.client(), nat.ipv4, 80, { count: 3, timeoutMs: 500 }), { answered: 0, lost: 3 })
})
