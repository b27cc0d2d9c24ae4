/** A policy read as a person reads it: rules from the top, first match; services by longest prefix, then by the exactest port. */
import { defaultPriority, type PolicyDocument } from '../../controlplane/policy/document.ts'
import { type Prefix, parsePrefix, prefixFromKey } from '../../controlplane/policy/prefix.ts'
import type { PrefixKey, StableIds } from '../../controlplane/policy/tables.ts'

export interface Packet {
  readonly direction: 'ingress' | 'egress'
  readonly source: Uint8Array
  readonly destination: Uint8Array
  readonly protocol: number
  /** Source and destination; undefined: a packet without ports. */
  readonly ports?: readonly [number, number]
}

export interface Decision {
  readonly verdict: 'allow' | 'deny'
  readonly by: 'management' | 'rule' | 'default' | 'service'
  readonly rule?: number
  readonly service?: number
  readonly natBackend?: boolean
}

export interface World {
  readonly policy: PolicyDocument
  readonly entries: ReadonlyMap<string, readonly PrefixKey[]>
  readonly local: readonly PrefixKey[]
  readonly ids: StableIds
}

const numbers: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132, icmp: 1, icmpv6: 58 }
const withPorts = [6, 17, 132]

export function decide(world: World, packet: Packet): Decision {
  const { policy } = world
  const management = policy.defaults.management ?? [{ port: 22, protocol: 'tcp' as const }]
  const [here, remote] = packet.direction === 'ingress' ? [packet.destination, packet.source] : [packet.source, packet.destination]
  const portHere = packet.ports?.[packet.direction === 'ingress' ? 1 : 0]

  if (
    contains(world, '@local', here) &&
    management.some(
      entry =>
        entry.port === portHere &&
        numbers[entry.protocol] === packet.protocol &&
        (entry.sources ?? ['0.0.0.0/0', '::/0']).some(source => contains(world, source, remote)),
    )
  )
    return { verdict: 'allow', by: 'management' }
  const decision = byRules(world, packet) ?? { verdict: policy.defaults[packet.direction] ?? 'allow', by: 'default' as const }
  const service =
    packet.direction === 'ingress' && !(decision.by === 'rule' && decision.verdict === 'deny') ? serviceOf(world, packet) : undefined

  if (service === undefined) return decision
  const natBackend = Object.values(policy.services ?? {}).some(
    ({ enabled, forwarding, backends }) =>
      enabled !== false &&
      forwarding === 'nat' &&
      Object.values(backends ?? {}).some(({ address, state }) => state !== 'disabled' && contains(world, address, packet.source)),
  )
  return { ...decision, by: decision.by === 'default' ? 'service' : decision.by, service, natBackend }
}

function byRules(world: World, packet: Packet): Decision | undefined {
  const order = Object.entries(world.policy.rules ?? {}).sort(
    ([a, x], [b, y]) => (x.priority ?? defaultPriority) - (y.priority ?? defaultPriority) || Buffer.compare(Buffer.from(a), Buffer.from(b)),
  )

  for (const [name, { direction, action, enabled, match }] of order) {
    const inside = (list: readonly string[] | undefined, address: Uint8Array) =>
      list?.some(reference => contains(world, reference, address))
    const port = (list: readonly string[] | undefined, end: 0 | 1) =>
      list === undefined ||
      (packet.ports !== undefined && withPorts.includes(packet.protocol) && list.some(text => within(text, packet.ports?.[end] as number)))

    if (
      direction === packet.direction &&
      enabled !== false &&
      (inside(match.source, packet.source) ?? true) &&
      !inside(match.notSource, packet.source) &&
      (inside(match.destination, packet.destination) ?? true) &&
      !inside(match.notDestination, packet.destination) &&
      port(match.sourcePorts, 0) &&
      port(match.destinationPorts, 1) &&
      (match.protocol === undefined || (typeof match.protocol === 'number' ? match.protocol : numbers[match.protocol]) === packet.protocol)
    )
      return { verdict: action === 'deny' ? 'deny' : 'allow', by: 'rule', rule: world.ids.rules.get(name) as number }
  }
  return undefined
}

function serviceOf(world: World, packet: Packet): number | undefined {
  const candidates = Object.entries(world.policy.services ?? {}).flatMap(([name, service]) => {
    const port = packet.ports?.[1]

    if (
      service.enabled === false ||
      numbers[service.protocol] !== packet.protocol ||
      port === undefined ||
      !contains(world, service.address, packet.destination)
    )
      return []
    const widths = service.ports?.filter(text => within(text, port)).map(width) ?? [1e9]
    return widths.length === 0 ? [] : [{ name, length: (parsePrefix(service.address) as Prefix).length, width: Math.min(...widths) }]
  })
  const best = candidates.sort((a, b) => b.length - a.length || a.width - b.width || (a.name < b.name ? -1 : 1))[0]

  return best && world.ids.services.get(best.name)
}

export function contains(world: World, reference: string, address: Uint8Array): boolean {
  const prefixes =
    reference === '@local'
      ? world.local.map(prefixFromKey)
      : reference === '@services'
        ? Object.values(world.policy.services ?? {})
            .filter(service => service.enabled !== false)
            .map(service => parsePrefix(service.address) as Prefix)
        : reference.startsWith('@')
          ? (world.entries.get(reference.slice(1)) ?? []).map(prefixFromKey)
          : [parsePrefix(reference) as Prefix]
  const value = (bytes: Uint8Array) => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)

  return prefixes.some(
    ({ bytes, length }) => bytes.length === address.length && (value(bytes) ^ value(address)) >> BigInt(8 * bytes.length - length) === 0n,
  )
}

function within(text: string, port: number): boolean {
  const [first, last] = text.split('-').map(Number) as [number, number?]

  return first <= port && port <= (last ?? first)
}

function width(text: string): number {
  const [first, last] = text.split('-').map(Number) as [number, number?]

  return (last ?? first) - first
}
