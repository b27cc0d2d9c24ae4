/** Large transfers through every mode of a service, up and down at once, compared by their hashes. */
import type { Test } from 'tap'
import { gatedLab, open, packets, service } from '../network/gate.ts'
import { tunnelServices, tunnels } from '../network/tunnels.ts'
import type { Host } from './host.ts'
import { gateway, type Lab } from './lab.ts'

interface Way {
  readonly name: string
  readonly address: string
  readonly port: number
}

export interface TransferOptions {
  readonly megabytes: number
  /** Of the cable between clients and gate, where it is not 1500. */
  readonly clientMtu?: number
  /** Backends promise segments of this size, whatever their link can carry: clients learn from the gate what fits. */
  readonly promised?: number
  /** Only what tunnels. */
  readonly tunnelsOnly?: boolean
}

const direct = (['nat', 'dsr-l2'] as const).flatMap((forwarding, at) =>
  ([4, 6] as const).map(family => ({
    name: `${forwarding}-${family}-tcp`,
    forwarding,
    address: family === 4 ? `198.51.100.1${at}` : `2001:db8:64::1${at}`,
    port: forwarding === 'nat' ? 8081 : 8080,
  })),
)
const tunnelled = tunnels.map(({ name, address }) => ({ name: `${name}-tcp`, address, port: 80 }))

export async function transfers(t: Test, options: TransferOptions): Promise<Lab> {
  const { clientMtu = 1500, promised } = options
  const addresses = [...direct, ...tunnelled].map(({ address }) => address)
  const lab = await gatedLab(t, { clients: 1, backends: 2, addresses }, lab => ({
    defaults: open,
    interfaces: { 'c*': {}, 'b*': {} },
    services: {
      ...tunnelServices(lab),
      ...Object.fromEntries(
        direct.map(({ name, forwarding, address, port }) => [
          name,
          service(lab, { address, ports: [String(port)], protocol: 'tcp', forwarding }, forwarding === 'nat' ? 8080 : undefined),
        ]),
      ),
    },
  }))

  await lab.gate.exec(['ip', 'link', 'set', 'c0', 'mtu', String(clientMtu)])
  await lab.client().exec(['ip', 'link', 'set', 'eth0', 'mtu', String(clientMtu)])
  for (const [at, backend] of lab.backends.entries()) {
    const clamp = promised === undefined ? [] : ['--mss', String(promised)]
    const pins = ['--pin-dir', `${lab.directory}/bpf/backend-${at}`]
    await backend.exec([...lab.gate.drawgate, 'backend', 'attach', '--device', 'eth0', ...pins, ...clamp])
    if (promised !== undefined)
      for (const address of [backend.ipv4, backend.ipv6])
        await backend.exec(['ip', 'route', 'change', 'default', 'via', gateway(address), 'advmss', String(promised)])
  }

  const file = `${lab.directory}/large`
  await lab.client().run(`head -c ${options.megabytes}000000 /dev/urandom > ${file}`)
  const sent = await hashOf(lab.client(), `cat ${file}`)
  for (const way of options.tunnelsOnly ? tunnelled : [...direct, ...tunnelled])
    await t.test(`${options.megabytes} MB, ${way.name}`, async t => {
      const came = await hashOf(lab.client(), `curl -sS --fail -H Expect: --data-binary @${file} http://${host(way)}:${way.port}/`)

      t.equal(came, sent, 'what came back is what was sent')
      t.ok((await packets(lab, 'services', way.name)) > 0, 'through the service')
    })
  return lab
}

/** Of what a command writes; a command that fails is an error. */
async function hashOf(host: Host, command: string): Promise<string> {
  const output = await host.exec(['bash', '-c', `set -o pipefail; ${command} | sha256sum`], { timeoutMs: 300_000 })
  return output.slice(0, 64)
}

function host({ address }: Way): string {
  return address.includes(':') ? `[${address}]` : address
}

/** The three groups of transfers; they differ in length between the quick and the long tests. */
export const groups: readonly { name: string; run(t: Test, megabytes: number): Promise<void> }[] = [
  {
    name: 'offloads at their default',
    async run(t, megabytes) {
      const lab = await transfers(t, { megabytes })
      const features = await lab.client().exec(['ethtool', '-k', 'eth0'])

      for (const feature of ['tx-checksumming', 'scatter-gather', 'generic-segmentation-offload'])
        t.match(features, new RegExp(`^${feature}: on`, 'm'), 'a veth as it is made')
    },
  },
  {
    name: 'clients of a jumbo cable, backends on 1500 bytes',
    async run(t, megabytes) {
      await transfers(t, { megabytes, clientMtu: 9000 })
    },
  },
  {
    name: 'clients of a jumbo cable that were promised 8940, tunnels over 1500 bytes',
    async run(t, megabytes) {
      const lab = await transfers(t, { megabytes, clientMtu: 9000, promised: 8940, tunnelsOnly: true })

      t.match(String((await lab.api('GET', '/metrics')).body), /reason="too_big"[^\n]* [1-9]/, 'too-big was answered')
    },
  },
]
