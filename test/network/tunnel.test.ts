/** Real connections through tunnels, which end in our program on the backends: both modes, either family in either. */
import { type Test, test } from 'tap'
import { cannotBuildLabs } from '../lab/lab.ts'
import { sendTcp, sendUdp } from '../lab/send.ts'
import { packets } from './gate.ts'
import { tunnelLab, tunnels, upload } from './tunnels.ts'

const skip = cannotBuildLabs()

async function connections(t: Test, lab: Awaited<ReturnType<typeof tunnelLab>>, count: number): Promise<void> {
  for (const { name, address } of tunnels) {
    await t.test(`${count} connections and as many messages, ${name}`, async t => {
      const report = await sendTcp(lab.client(), address, 7, { count, timeoutMs: 5000 })

      t.match(report, { answered: count, lost: 0, errors: [] })
      t.equal(Object.keys(report.backends).length, 2, 'both backends answered')
      t.ok((await packets(lab, 'services', `${name}-tcp`)) >= 3 * count, 'counted')
      t.match(await sendUdp(lab.client(), address, 7, { count, timeoutMs: 5000 }), { answered: count, lost: 0, errors: [] })
    })
  }
}

for (const xdp of ['auto', 'off', 'generic'] as const) {
  test(`tunnels with xdp "${xdp}"`, { skip }, async t => {
    const lab = await tunnelLab(t, { xdp })

    await connections(t, lab, 60)
    for (const tunnel of xdp === 'auto' ? tunnels : tunnels.slice(0, 1))
      await t.test(`20 MB, ${tunnel.name}`, async t => {
        await upload(lab, tunnel.address, 20)
        t.pass('there and back, byte for byte')
      })
  })
}

test('clients that are told nothing learn the size that fits from the gate', { skip }, async t => {
  const lab = await tunnelLab(t, { mss: 60_000 })

  for (const { name, address } of tunnels)
    await t.test(name, async t => {
      await upload(lab, address, 2)
      t.pass('2 MB there and back')
    })
  const { body } = await lab.api('GET', '/metrics')

  t.match(String(body), /reason="too_big"[^\n]* [1-9]/, 'too-big was answered')
})

test('clients on 1500 bytes, backends behind a jumbo link', { skip }, async t => {
  const lab = await tunnelLab(t, { backendMtu: 9000 })

  for (const { name, address } of tunnels)
    await t.test(name, async t => {
      await upload(lab, address, 2)
      t.pass('2 MB there and back')
    })
})

test('drawgate backend check tells what is missing', { skip }, async t => {
  const lab = await tunnelLab(t, { attach: false })
  const backend = lab.backend()
  const check = async (service: string, port: number) => {
    const words = ['backend', 'check', '--service', service, '--port', String(port), '--pin-dir', lab.pinDir(0), '--json']
    const { stdout, status } = await backend.try([...lab.gate.drawgate, ...words])

    return {
      status,
      missing: (JSON.parse(stdout) as { findings: { what: string; ok: boolean }[] }).findings
        .filter(({ ok }) => !ok)
        .map(({ what }) => what),
    }
  }
  const service = '198.51.100.44'

  t.same(await check(service, 7), { status: 1, missing: ['decapsulation'] })
  t.match(
    await backend.exec([...lab.gate.drawgate, 'backend', 'attach', '--device', 'eth0', '--pin-dir', lab.pinDir(0)]),
    /tunnels end on eth0/,
  )
  t.same(await check(service, 7), { status: 0, missing: [] })
  t.same(await check(service, 9), { status: 1, missing: ['listener'] })
  t.same(await check('198.51.100.99', 7), { status: 1, missing: ['address'] })
  await backend.run('echo 0 > /proc/sys/net/ipv4/conf/all/arp_ignore; echo 1 > /proc/sys/net/ipv4/conf/all/rp_filter')
  t.same(await check(service, 7), { status: 1, missing: ['arp', 'rp_filter'] })
  t.match(await backend.exec([...lab.gate.drawgate, 'backend', 'detach', '--pin-dir', lab.pinDir(0)]), /removed tc_ingress from eth0/)
  t.same((await check('2001:db8:64::66', 7)).missing, ['decapsulation'])
})
