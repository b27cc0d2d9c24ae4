/** A lab whose services are reached by tunnels: both modes, either family in either. */
import type { Test } from 'tap'
import type { Lab } from '../lab/lab.ts'
import { gatedLab, open } from './gate.ts'

export interface TunnelLab extends Lab {
  pinDir(backend: number): string
}

/** 198.51.100.46 is reached by IPIP, IPv4 in IPv6; 10 more by GUE. */
export const tunnels = (['dsr-ipip', 'dsr-gue'] as const).flatMap((forwarding, at) =>
  ([4, 6] as const).flatMap(inner =>
    ([4, 6] as const).map(outer => {
      const last = `${at + inner}${outer}`

      return {
        name: `${forwarding}-${inner}in${outer}`,
        forwarding,
        outer,
        address: inner === 4 ? `198.51.100.${last}` : `2001:db8:64::${last}`,
      }
    }),
  ),
)

interface Options {
  readonly xdp?: 'auto' | 'off' | 'generic'
  readonly mss?: number
  readonly backendMtu?: number
  /** False: nothing ends the tunnels. */
  readonly attach?: boolean
}

export async function tunnelLab(t: Test, { xdp = 'auto', mss, backendMtu, attach = true }: Options = {}): Promise<TunnelLab> {
  const lab = await gatedLab(t, { clients: 1, backends: 2, addresses: tunnels.map(({ address }) => address) }, lab => ({
    defaults: open,
    interfaces: { 'c*': { xdp }, 'b*': { xdp } },
    services: services(lab),
  }))
  const pinDir = (backend: number) => `${lab.directory}/bpf/backend-${backend}`

  for (const [at, backend] of lab.backends.entries()) {
    if (backendMtu !== undefined) {
      await lab.gate.exec(['ip', 'link', 'set', backend.name, 'mtu', String(backendMtu)])
      await backend.exec(['ip', 'link', 'set', 'eth0', 'mtu', String(backendMtu)])
    }
    const words = ['backend', 'attach', '--device', 'eth0', '--pin-dir', pinDir(at), ...(mss === undefined ? [] : ['--mss', String(mss)])]
    if (attach) await backend.exec([...lab.gate.drawgate, ...words])
  }
  return Object.assign(lab, { pinDir })
}

function services(lab: Lab): object {
  return Object.fromEntries(
    tunnels.flatMap(({ name, forwarding, outer, address }) =>
      (['tcp', 'udp'] as const).map(protocol => {
        const backends = lab.backends.map(host => [host.name, { address: outer === 4 ? host.ipv4 : host.ipv6 }])

        return [
          `${name}-${protocol}`,
          { address, ports: protocol === 'tcp' ? ['7', '80'] : ['7'], protocol, forwarding, backends: Object.fromEntries(backends) },
        ]
      }),
    ),
  )
}

/** Sends so many random bytes, which the server sends back, and compares. */
export async function upload(lab: Lab, address: string, megabytes: number): Promise<void> {
  const host = address.includes(':') ? `[${address}]` : address
  const file = `${lab.directory}/large`

  await lab.client().run(`head -c ${megabytes}000000 /dev/urandom > ${file}`)
  await lab.client().run(`curl -sS --fail -H Expect: --data-binary @${file} http://${host}:80/ | cmp - ${file}`, { timeoutMs: 300_000 })
}
