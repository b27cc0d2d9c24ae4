/** Reject, felt by real sockets: at once, from outside and from the host itself. */
import { type Test, test } from 'tap'
import type { Host } from '../lab/host.ts'
import { cannotBuildLabs, gateway, type Lab } from '../lab/lab.ts'
import { gatedLab, open, packets, write } from './gate.ts'

const skip = cannotBuildLabs()
const url = (address: string) => `http://${address.includes(':') ? `[${address}]` : address}:9/`
/** Status 7: refused; 28: nothing was heard for that long. */
const connect = (host: Host, address: string) => host.try(['curl', '-s', '--connect-timeout', '20', url(address)])
/** Sends a datagram and reads: an ICMP error ends the reading, silence does after 20 s. */
const datagram = (host: Host, address: string) =>
  host.try(['bash', '-c', `exec 3<>/dev/udp/${address}/9; echo x >&3; read -t 20 -r line <&3`])

function policy(xdp: string, egress = 'auto') {
  const rule = { action: 'reject', match: { destinationPorts: ['9'] } }

  return {
    defaults: open,
    interfaces: { 'c*': { xdp, egress }, 'b*': { xdp, egress } },
    rules: {
      'no-9': { priority: 1, direction: 'ingress', ...rule },
      'no-9-out': { priority: 1, direction: 'egress', ...rule },
    },
  }
}

async function isRefused(t: Test, lab: Lab, host: Host, address: string, rule: string, name: string): Promise<void> {
  const before = await packets(lab, 'rules', rule)
  t.equal((await connect(host, address)).status, 7, `${name}: TCP is refused at once`)
  const error = address.includes(':') ? /Permission denied/ : /No route to host/
  t.match((await datagram(host, address)).stderr, error, `${name}: UDP is told`)
  t.ok((await packets(lab, 'rules', rule)) >= before + 2, `${name}: counted`)
}

for (const xdp of ['auto', 'generic', 'off']) {
  test(`rejected with XDP ${xdp}`, { skip }, async t => {
    const lab = await gatedLab(t, { clients: 1, backends: 1, servers: { tcp: [7], udp: [7] } }, () => policy(xdp))
    const client = lab.client()
    for (const [family, far] of [
      ['ipv4', lab.backend().ipv4],
      ['ipv6', lab.backend().ipv6],
    ] as const) {
      const near = gateway(client[family])
      for (const checksums of ['on', 'off']) {
        // Off: the kernel computes what is left to compute of what the gate sends, where a card would.
        await lab.gate.run(`ethtool -K c0 tx ${checksums}; ethtool -K b0 tx ${checksums}`)
        const name = `${family}, offloads ${checksums}`
        await isRefused(t, lab, client, near, 'no-9', `${name}, to the gate`)
        await isRefused(t, lab, client, far, 'no-9', `${name}, through the gate`)
        await isRefused(t, lab, lab.gate, far, 'no-9-out', `${name}, from the gate itself`)
      }
    }
  })
}

test('a default deny of what comes in does not keep the answer from the host itself', { skip }, async t => {
  for (const [xdp, egress] of [
    ['auto', 'auto'],
    ['generic', 'clsact'],
    ['off', 'auto'],
  ] as const) {
    const { interfaces, rules } = policy(xdp, egress)
    const lab = await gatedLab(t, { clients: 1, backends: 1, servers: false }, () => ({
      defaults: { ingress: 'deny', egress: 'allow', management: [] },
      interfaces,
      rules: { 'no-9-out': rules['no-9-out'] },
    }))
    for (const address of [lab.backend().ipv4, lab.backend().ipv6])
      await isRefused(t, lab, lab.gate, address, 'no-9-out', `XDP ${xdp}, egress ${egress}, ${address}`)
    await write(lab, 'DELETE', '/v1/rules/no-9-out')
    t.equal((await lab.gate.try(['curl', '-s', '--connect-timeout', '1', url(lab.backend().ipv4)])).status, 28, 'without the rule: silence')
    await lab.close()
  }
})
