/** What has no ports of its own, and connections from a pool, with real clients: pings, datagrams in pieces, a backend's own service. */
import { test } from 'tap'
import type { Host } from '../lab/host.ts'
import { cannotBuildLabs } from '../lab/lab.ts'
import { sendTcp } from '../lab/send.ts'
import { gatedLab, open, packets, service } from './gate.ts'

const skip = cannotBuildLabs()
const families = ['ipv4', 'ipv6'] as const
const nat = { ipv4: '198.51.100.10', ipv6: '2001:db8:64::10' }
const dsr = { ipv4: '198.51.100.20', ipv6: '2001:db8:64::20' }
const pool = { ipv4: '198.51.100.200', ipv6: '2001:db8:64::200' }

/** Sends datagrams that leave in pieces, each from a port of its own, and answers how many came back whole. */
async function echoLarge(host: Host, address: string, port: number, count: number): Promise<number> {
  const script = `
    const { createSocket } = require('node:dgram')
    const [address, port, count] = process.argv.slice(1)
    let whole = 0, open = Number(count)
    const end = () => { if (--open === 0) { console.log(whole); process.exit() } }
    for (let at = 0; at < Number(count); at++) {
      const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
      const message = String(at).padEnd(4000, 'drawgate')
      const late = setTimeout(end, 3000)
      socket.on('message', answer => {
        if (String(answer).endsWith(' ' + message)) whole++
        clearTimeout(late)
        end()
      })
      socket.send(message, Number(port), address)
    }`
  return Number(await host.exec([process.execPath, '-e', script, address, `${port}`, `${count}`]))
}

for (const xdp of ['auto', 'off'] as const)
  test(`without ports, and from a pool, with xdp "${xdp}"`, { skip }, async t => {
    const lab = await gatedLab(t, { clients: 1, backends: 2, addresses: Object.values(dsr) }, lab => ({
      defaults: open,
      interfaces: { 'c*': { xdp }, 'b*': { xdp } },
      services: Object.fromEntries(
        families.flatMap(family => [
          [`nat-${family}`, service(lab, { address: nat[family], ports: ['80'], protocol: 'udp', forwarding: 'nat' }, 7)],
          [`dsr-${family}`, service(lab, { address: dsr[family], ports: ['7'], protocol: 'udp', forwarding: 'dsr-l2' })],
          [
            `pool-${family}`,
            {
              ...service(lab, { address: nat[family], ports: ['80'], protocol: 'tcp', forwarding: 'nat' }, 7),
              sourceNat: { mode: 'pool', addresses: [pool[family]] },
            },
          ],
        ]),
      ),
    }))

    for (const family of families) {
      await t.test(`a ping of a service, ${family}`, async t => {
        const { status, stdout } = await lab.client().try(['ping', '-c', '3', '-i', '0.2', '-W', '3', nat[family]])

        t.equal(status, 0, stdout)
        t.match(stdout, / 3 received/)
        const other = await lab.client().try(['ping', '-c', '1', '-W', '1', pool[family]])

        t.not(other.status, 0, 'an address that no service has is silent')
      })
      await t.test(`datagrams in pieces, ${family}`, async t => {
        t.equal(await echoLarge(lab.client(), nat[family], 80, 20), 20, 'nat, answers in pieces too')
        t.equal(await echoLarge(lab.client(), dsr[family], 7, 20), 20, 'dsr-l2')
        t.ok((await packets(lab, 'services', `nat-${family}`)) >= 2 * 3 * 20, 'each piece is counted, there and back')
      })
      await t.test(`connections from a pool, ${family}`, async t => {
        t.match(await sendTcp(lab.client(), nat[family], 80, { count: 200, timeoutMs: 3000 }), { answered: 200, lost: 0, errors: [] })
        t.match(
          await sendTcp(lab.backend(), nat[family], 80, { count: 200, timeoutMs: 3000 }),
          { answered: 200, lost: 0, errors: [], backends: { b0: Number, b1: Number } },
          'a backend reaches its own service, itself behind it included',
        )
      })
    }
  })
