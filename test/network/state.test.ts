/** Rules that ask for a connection's state, before services: the same answer by whichever hooks a packet goes. */
import { test } from 'tap'
import { cannotBuildLabs } from '../lab/lab.ts'
import { sendTcp } from '../lab/send.ts'
import { gatedLab, open, packets, service } from './gate.ts'

const skip = cannotBuildLabs()
const dsr = ['198.51.100.20', '2001:db8:64::20'] as const
const nat = ['198.51.100.10', '2001:db8:64::10'] as const

for (const xdp of ['off', 'auto', 'generic'] as const)
  test(`connections through services under a default that denies, xdp "${xdp}"`, { skip }, async t => {
    const lab = await gatedLab(t, { clients: 1, backends: 1, addresses: [...dsr] }, lab => ({
      defaults: { ...open, ingress: 'deny', connections: { pickUp: false } },
      interfaces: { 'c*': { xdp }, 'b*': { xdp } },
      rules: {
        begun: {
          priority: 1,
          direction: 'ingress',
          action: 'allow',
          match: { protocol: 'tcp', destinationPorts: ['7', '80'], state: ['new'] },
        },
        known: { priority: 2, direction: 'ingress', action: 'allow', match: { state: ['established', 'related'] } },
        unfit: { priority: 3, direction: 'ingress', action: 'deny', match: { protocol: 'tcp', state: ['invalid'] } },
      },
      services: Object.fromEntries([
        ...nat.map((address, at) => [`nat${at}`, service(lab, { address, ports: ['80'], protocol: 'tcp', forwarding: 'nat' }, 7)]),
        ...dsr.map((address, at) => [`dsr${at}`, service(lab, { address, ports: ['7'], protocol: 'tcp', forwarding: 'dsr-l2' })]),
      ]),
    }))

    for (const [addresses, port] of [
      [nat, 80],
      [dsr, 7],
    ] as const)
      for (const address of addresses)
        t.match(await sendTcp(lab.client(), address, port, { count: 20, timeoutMs: 3000 }), { answered: 20, lost: 0 }, address)
    t.equal(await packets(lab, 'rules', 'begun'), 80, 'a packet each')
    t.equal(await packets(lab, 'rules', 'unfit'), 0)
    t.ok((await packets(lab, 'rules', 'known')) >= 160)
  })
