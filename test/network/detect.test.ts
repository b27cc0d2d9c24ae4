/** A scan through the gate: noticed on the way, told, and its sender shut out while another goes on. */
import { test } from 'tap'
import { EventClient } from '../api/listener.ts'
import { cannotBuildLabs } from '../lab/lab.ts'
import { sendTcp } from '../lab/send.ts'
import { everyDevice, gatedLab, open } from './gate.ts'

const skip = cannotBuildLabs()

test('a port scan is noticed, told, and its source is blocked', { skip }, async t => {
  const lab = await gatedLab(t, { clients: 2, backends: 1 }, () => ({
    defaults: open,
    interfaces: everyDevice,
    sets: { scanners: {} },
    rules: { 'no-scanners': { direction: 'ingress', action: 'deny', match: { source: ['@scanners'] } } },
    detectors: { scans: { type: 'portScan', window: '1m', threshold: 30, set: 'scanners', enforcement: 'enforce' } },
  }))
  const [scanner, neighbour] = [lab.client(0), lab.client(1)]
  const listener = await EventClient.open({ socketPath: lab.gate.socket }, '?type=detection,drop')
  t.teardown(() => listener.close())
  for (const [family, source, address] of [
    ['ipv4', scanner.ipv4, lab.backend().ipv4],
    ['ipv6', scanner.ipv6, lab.backend().ipv6],
  ] as const) {
    t.match(await sendTcp(scanner, address, 7, { count: 5 }), { answered: 5, lost: 0 }, `${family}: before`)
    await scanner.exec(['bash', '-c', `for port in {1001..1040}; do echo x >/dev/udp/${address}/$port; done`])
    const [detection] = (await listener.until(({ event }) => event === 'detection')).slice(-1)
    t.match(detection?.data, { detector: 'scans', source, value: 30, enforced: true, set: 'scanners' }, family)
    t.match(
      await sendTcp(scanner, address, 7, { count: 2, timeoutMs: 700 }),
      { answered: 0, lost: 2 },
      `${family}: the scanner is shut out`,
    )
    const drop = await listener.until(({ event, data }) => event === 'drop' && data.destinationPort === 7)
    t.match(drop.at(-1)?.data, { source, destination: address, rule: 'no-scanners', interface: 'c0', protocol: 'tcp', tcpFlags: ['syn'] })
    t.match(await sendTcp(neighbour, address, 7, { count: 5 }), { answered: 5, lost: 0 }, `${family}: its neighbour is not`)
  }
  const { body } = await lab.api('GET', '/v1/sets/scanners/entries')
  t.same((body as { items: { prefix: string }[] }).items.map(({ prefix }) => prefix).sort(), [`${scanner.ipv4}/32`, `${scanner.ipv6}/128`])
})
