/** What a backend still lacks to answer for a service directly. Reads the host, changes nothing. */
import { existsSync, readFileSync } from 'node:fs'
import { type Address, listAddresses, listDevices } from '../native/netlink.ts'
import { formatAddress, isFailure, parseAddress } from '../policy/prefix.ts'
import { attachedDevices } from './attach.ts'

export interface Finding {
  readonly what: 'address' | 'arp' | 'rp_filter' | 'listener' | 'decapsulation'
  readonly ok: boolean
  readonly detail: string
  /** What to type; absent where nothing is to be done. */
  readonly hint?: string
}

export interface Question {
  readonly service: string
  readonly port?: number
  readonly pinDir: string
}

/** Kinds of devices by which the kernel takes tunnels apart itself. */
const kernelTunnels = new Set(['ipip', 'ip6tnl', 'sit'])
/** Devices that answer to nobody's ARP. */
const silent = new Set(['dummy', 'loopback'])
const LOOPBACK = 772

/** `service`: an address; undefined where the text is none. */
export function checkBackend({ service, port, pinDir }: Question): Finding[] | undefined {
  const parsed = parseAddress(service)

  if (isFailure(parsed)) return undefined
  const devices = listDevices()
  const held = listAddresses().find(({ address }) => Buffer.compare(address, parsed.bytes) === 0)
  const device = devices.find(({ ifindex }) => ifindex === held?.ifindex)
  const attached = attachedDevices(pinDir)
  const tunnels = devices.filter(({ kind, up }) => up && kernelTunnels.has(kind)).map(({ name }) => name)
  const findings = [
    addressFinding(
      formatAddress(parsed),
      parsed.family,
      held,
      device && { name: device.name, kind: device.type === LOOPBACK ? 'loopback' : device.kind },
    ),
  ]

  // IPv6 does not answer for an address of another device.
  if (parsed.family === 4) {
    findings.push(arpFinding())
    findings.push(pathFinding(devices.filter(({ up, type }) => up && type !== LOOPBACK).map(({ name }) => name)))
  }
  findings.push(listenerFinding(parsed.bytes, port))
  const ends = [...attached, ...tunnels]
  findings.push(
    ends.length > 0
      ? { what: 'decapsulation', ok: true, detail: `tunnels end on ${ends.join(', ')}` }
      : {
          what: 'decapsulation',
          ok: false,
          detail: 'nothing takes packets out of tunnels (dsr-l2 needs nothing)',
          hint: 'drawgate backend attach --device eth0',
        },
  )
  return findings
}

function addressFinding(
  address: string,
  family: 4 | 6,
  held: Address | undefined,
  device: { name: string; kind: string } | undefined,
): Finding {
  const command = `ip address add ${address}/${family === 4 ? 32 : 128} dev lo${family === 4 ? '' : ' nodad'}`

  if (!held || !device) return { what: 'address', ok: false, detail: `no device has ${address}`, hint: command }
  if (silent.has(device.kind)) return { what: 'address', ok: true, detail: `${address} is on ${device.name}` }
  return {
    what: 'address',
    ok: false,
    detail: `${address} is on ${device.name}, which answers for it on its link`,
    hint: `ip address del ${address} dev ${device.name}; ${command}`,
  }
}

function setting(device: string, name: string): number {
  const path = `/proc/sys/net/ipv4/conf/${device}/${name}`

  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0
}

function arpFinding(): Finding {
  const [ignore, announce] = [setting('all', 'arp_ignore'), setting('all', 'arp_announce')]
  const detail = `arp_ignore ${ignore}, arp_announce ${announce}`

  return ignore >= 1 && announce >= 2
    ? { what: 'arp', ok: true, detail }
    : {
        what: 'arp',
        ok: false,
        detail: `${detail}: neighbours learn the service address from here`,
        hint: 'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2',
      }
}

/** The kernel takes the larger of a device's value and that of `all`. */
function pathFinding(devices: readonly string[]): Finding {
  const strict = devices.filter(name => Math.max(setting('all', 'rp_filter'), setting(name, 'rp_filter')) === 1)

  return strict.length === 0
    ? { what: 'rp_filter', ok: true, detail: 'no device refuses sources that it has no route to' }
    : {
        what: 'rp_filter',
        ok: false,
        detail: `strict on ${strict.join(', ')}: clients that are routed by another device are refused`,
        hint: `sysctl -w net.ipv4.conf.all.rp_filter=2`,
      }
}

function listenerFinding(service: Uint8Array, port: number | undefined): Finding {
  const ports = new Set(listening(service))
  const what = 'listener'

  if (port === undefined)
    return ports.size > 0
      ? { what, ok: true, detail: `ports ${[...ports].sort((a, b) => a - b).join(', ')} are open for it` }
      : { what, ok: false, detail: 'nothing listens on it', hint: 'start the server, bound to the service address or to all' }
  return ports.has(port)
    ? { what, ok: true, detail: `port ${port} is open for it` }
    : { what, ok: false, detail: `nothing listens on port ${port} for it`, hint: 'bind the server to the service address or to all' }
}

/** Ports of sockets that are bound to the address or to all: TCP that listens, UDP without a peer. */
function listening(service: Uint8Array): number[] {
  const wanted = [service.length === 4 ? '00000000' : '', '0'.repeat(32), hexOf(service)]
  const tables: [string, string][] = [
    ['tcp', '0A'],
    ['tcp6', '0A'],
    ['udp', '07'],
    ['udp6', '07'],
  ]

  return tables.flatMap(([table, state]) =>
    linesOf(`/proc/self/net/${table}`).flatMap(line => {
      const [, local = '', , status] = line.trim().split(/\s+/)
      const [address = '', port = ''] = local.split(':')

      return status === state && wanted.includes(address) ? [Number.parseInt(port, 16)] : []
    }),
  )
}

/** As /proc writes an address: words of 32 bits, each in the order of the host, which is little-endian here. */
function hexOf(bytes: Uint8Array): string {
  let text = ''

  for (let at = 0; at < bytes.length; at += 4)
    text += Buffer.from(bytes.slice(at, at + 4).reverse())
      .toString('hex')
      .toUpperCase()
  return text
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').slice(1) : []
}
