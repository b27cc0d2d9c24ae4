/**
 * A policy read as a person reads it: management, then the rules from the top, then services, and what is left by default. It knows
 * api.md and docs/packet.md and nothing of the compiler or the programs, which it judges; prefixes are parsed here once more.
 */
import type { Match, PolicyDocument, RuleValue } from '../../controlplane/policy/document.ts'
import { addressBytes, type TcpFlag } from '../lab/packet.ts'

export interface Packet {
  readonly direction: 'ingress' | 'egress'
  readonly source: Uint8Array
  readonly destination: Uint8Array
  /** Behind all extension headers. */
  readonly protocol: number
  /** Source and destination; absent: a packet without ports, as every later fragment is. */
  readonly ports?: readonly [number, number]
  /** Absent where there is no ICMP header of the packet's own family. */
  readonly icmp?: { readonly type: number; readonly code: number }
  readonly tcpFlags?: readonly TcpFlag[]
  /** Default: none. */
  readonly fragment?: 'none' | 'first' | 'later'
  /** Id of the outermost tag. */
  readonly vlan?: number
  readonly dscp?: number
  /** Of the IP packet, in bytes. */
  readonly length?: number
  /** Time to live or hop limit. */
  readonly hopLimit?: number
  readonly state?: State
  readonly device?: string
  /** Of the sender, on egress. */
  readonly cgroup?: string
  readonly uid?: number
}

/** `untracked`: of no connection by its nature, and named by no rule. */
export type State = 'new' | 'established' | 'related' | 'invalid' | 'untracked'

export interface Decision {
  readonly verdict: 'allow' | 'deny' | 'reject'
  readonly by: 'management' | 'rule' | 'service' | 'essential' | 'default'
  /** The rule that decided. */
  readonly rule?: string
  /** The service that the packet goes on to. */
  readonly service?: string
  /** A ping, which is answered in place of the backends. */
  readonly isPing?: true
  /** Rules that counted the packet, the deciding one last. */
  readonly counted: readonly string[]
}

export interface Entry {
  readonly prefix: string
  /** Milliseconds of the epoch. */
  readonly expiresAt?: number
}

export interface World {
  readonly policy: PolicyDocument
  readonly entries: ReadonlyMap<string, readonly Entry[]>
  /** Addresses of the host. */
  readonly local: readonly string[]
}

export interface Circumstances {
  /** Milliseconds of the epoch; default: the beginning of time, when nothing has expired. */
  readonly now?: number
  /** Whether the packet is within the rate of a rule; default: always. */
  readonly limit?: (rule: string) => 'within' | 'beyond'
}

type Field = keyof Match
type Predicate = (packet: Packet, at: Moment) => boolean
/** One packet at one time, with the sets that were already asked for either address. */
interface Moment {
  readonly now: number
  readonly answers: { readonly source: Map<string, boolean>; readonly destination: Map<string, boolean> }
}

const numbers: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 }

/** Everything is parsed once; what remains is to be asked about packets. */
export function reader(world: World): (packet: Packet, circumstances?: Circumstances) => Decision {
  const { policy } = world
  const contains = containment(world)
  const rules = inOrder(policy).map(([name, rule]) => ({ name, rule, matches: predicateOf(rule, contains), expiresAt: expiryOf(rule) }))
  const isManagement = managementOf(policy, contains)
  const serviceFor = servicesOf(policy, contains)

  return (packet, { now = 0, limit = () => 'within' } = {}) => {
    const moment: Moment = { now, answers: { source: new Map(), destination: new Map() } }
    const counted: string[] = []

    if (isManagement(packet, moment)) return { verdict: 'allow', by: 'management', counted }
    for (const { name, rule, matches, expiresAt } of rules) {
      if (rule.direction !== packet.direction || now >= expiresAt || !matches(packet, moment)) continue
      counted.push(name)
      if (rule.enforcement === 'observe') continue
      if (rule.action === 'limit') {
        if (limit(name) === 'beyond') return { verdict: 'deny', by: 'rule', rule: name, counted }
        if (rule.limit?.within !== 'allow') continue
      }
      if (rule.action === 'deny' || rule.action === 'reject') return { verdict: rule.action, by: 'rule', rule: name, counted }
      return { verdict: 'allow', by: 'rule', rule: name, counted, ...serviceFor(packet, moment) }
    }
    const taken = serviceFor(packet, moment)

    if (taken.service !== undefined) return { verdict: 'allow', by: 'service', counted, ...taken }
    if ((policy.defaults[packet.direction] ?? 'allow') === 'allow') return { verdict: 'allow', by: 'default', counted }
    return (policy.defaults.essentials ?? true) && isEssential(packet)
      ? { verdict: 'allow', by: 'essential', counted }
      : { verdict: 'deny', by: 'default', counted }
  }
}

/** By priority, then by name in byte order. */
function inOrder(policy: PolicyDocument): [string, RuleValue][] {
  return Object.entries(policy.rules ?? {})
    .filter(([, rule]) => rule.enabled !== false)
    .sort(([a, x], [b, y]) => (x.priority ?? 1000) - (y.priority ?? 1000) || Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

function expiryOf({ expiresAt }: RuleValue): number {
  return expiresAt === undefined ? Infinity : Date.parse(expiresAt)
}

/** A reader for each field of `match`: the compiler of TypeScript says when one is missing. */
const readers: {
  [Name in Field]-?: (wanted: NonNullable<Match[Name]>, contains: Contains) => Predicate
} = {
  source: (list, contains) => inside('source', list, contains),
  notSource: (list, contains) => not(inside('source', list, contains)),
  destination: (list, contains) => inside('destination', list, contains),
  notDestination: (list, contains) => not(inside('destination', list, contains)),
  protocol: wanted => packet => packet.protocol === (typeof wanted === 'number' ? wanted : numbers[wanted]),
  sourcePorts: list => port(0, list),
  destinationPorts: list => port(1, list),
  icmp:
    ({ type, code }) =>
    ({ icmp }) =>
      icmp !== undefined && icmp.type === type && (code === undefined || icmp.code === code),
  tcpFlags:
    ({ set = [], unset = [] }) =>
    ({ tcpFlags }) =>
      tcpFlags !== undefined && set.every(flag => tcpFlags.includes(flag)) && !unset.some(flag => tcpFlags.includes(flag)),
  state:
    list =>
    ({ state }) =>
      state !== undefined && (list as readonly State[]).includes(state),
  fragment:
    wanted =>
    ({ fragment = 'none' }) =>
      wanted === fragment || (wanted === 'any' && fragment !== 'none'),
  vlan:
    id =>
    ({ vlan }) =>
      vlan === id,
  dscp:
    wanted =>
    ({ dscp = 0 }) =>
      dscp === wanted,
  length: text => {
    const range = rangeOf(text)
    return ({ length }) => length !== undefined && within(range, length)
  },
  cgroup:
    path =>
    ({ cgroup }) =>
      cgroup !== undefined && (cgroup === path || cgroup.startsWith(path.endsWith('/') ? path : `${path}/`)),
  uid:
    wanted =>
    ({ uid }) =>
      uid === wanted,
}

function predicateOf({ match, interfaces }: RuleValue, contains: Contains): Predicate {
  const predicates = Object.entries(match).map(([field, wanted]) =>
    (readers[field as Field] as (wanted: unknown, contains: Contains) => Predicate)(wanted, contains),
  )

  if (interfaces !== undefined) predicates.push(({ device }) => device !== undefined && interfaces.some(name => isDevice(name, device)))
  return (packet, moment) => predicates.every(predicate => predicate(packet, moment))
}

function inside(end: 'source' | 'destination', list: readonly string[], contains: Contains): Predicate {
  return (packet, moment) => list.some(reference => contains(reference, packet[end], moment, end))
}

function not(predicate: Predicate): Predicate {
  return (packet, moment) => !predicate(packet, moment)
}

function port(end: 0 | 1, list: readonly string[]): Predicate {
  const ranges = list.map(rangeOf)
  return ({ ports }) => ports !== undefined && ranges.some(range => within(range, ports[end]))
}

function isDevice(name: string, device: string): boolean {
  return name.endsWith('*') ? device.startsWith(name.slice(0, -1)) : device === name
}

/** To a local address on a port of management, from one of its sources; or backwards, for the replies. */
function managementOf(policy: PolicyDocument, contains: Contains): Predicate {
  const entries = policy.defaults.management ?? [{ port: 22, protocol: 'tcp' as const }]

  return (packet, moment) => {
    const [here, there] = packet.direction === 'ingress' ? (['destination', 'source'] as const) : (['source', 'destination'] as const)
    const portHere = packet.ports?.[here === 'destination' ? 1 : 0]
    const entry = entries.filter(({ port, protocol }) => port === portHere && numbers[protocol] === packet.protocol)

    return (
      entry.length > 0 &&
      contains('@local', packet[here], moment, here) &&
      entry.some(({ sources }) => sources === undefined || inside(there, sources, contains)(packet, moment))
    )
  }
}

/** Neighbour discovery and router advertisements that no router has passed on, "too big", and the DHCP client's packets. */
function isEssential({ direction, source, icmp, hopLimit, protocol, ports }: Packet): boolean {
  const ipv6 = source.length === 16

  if (icmp !== undefined && ipv6) return icmp.type === 2 || (icmp.type >= 133 && icmp.type <= 137 && hopLimit === 255)
  if (icmp !== undefined) return icmp.type === 3 && icmp.code === 4
  if (protocol !== 17 || ports === undefined) return false
  const [server, client] = ipv6 ? [547, 546] : [67, 68]
  const [from, to] = direction === 'ingress' ? [server, client] : [client, server]
  return ports[0] === from && ports[1] === to
}

/**
 * Longest prefix, then an exact port over a range over any. What carries no ports is a service's by its address alone: a later fragment,
 * an ICMP error, a ping; but where the host has the address itself.
 */
function servicesOf(policy: PolicyDocument, contains: Contains): (packet: Packet, moment: Moment) => Pick<Decision, 'service' | 'isPing'> {
  const services = Object.entries(policy.services ?? {})
    .filter(([, { enabled }]) => enabled !== false)
    .map(([name, { address, ports, protocol }]) => ({
      name,
      prefix: prefixOf(address),
      ranges: ports?.map(rangeOf) ?? [{ first: 0, last: Infinity }],
      protocol: numbers[protocol],
    }))

  return (packet, moment) => {
    const { direction, destination, protocol, ports } = packet
    if (direction === 'egress') return {}
    if (ports === undefined) {
      const [owner] = services.filter(({ prefix }) => holds(prefix, destination)).sort((a, b) => b.prefix.length - a.prefix.length)
      if (owner === undefined || contains('@local', destination, moment, 'destination')) return {}
      if (!isForAddress(packet)) return {}
      return isPing(packet) ? { service: owner.name, isPing: true } : { service: owner.name }
    }
    const [best] = services
      .filter(service => service.protocol === protocol && holds(service.prefix, destination))
      .flatMap(({ name, prefix, ranges }) =>
        ranges.filter(range => within(range, ports[1])).map(({ first, last }) => ({ name, length: prefix.length, width: last - first })),
      )
      .sort((a, b) => b.length - a.length || a.width - b.width || (a.name < b.name ? -1 : 1))
    return best === undefined ? {} : { service: best.name }
  }
}

/** A packet without ports that services take by its address. */
export function isForAddress(packet: Packet): boolean {
  return packet.fragment === 'later' || isError(packet) || isPing(packet)
}

function isPing({ protocol, icmp }: Packet): boolean {
  return icmp?.type === (protocol === 1 ? 8 : 128)
}

/** ICMP that tells of another packet: RFC 792, RFC 4443, and redirects. */
function isError({ protocol, icmp }: Packet): boolean {
  if (icmp === undefined) return false
  return protocol === 1 ? [3, 4, 5, 11, 12].includes(icmp.type) : icmp.type < 128 || icmp.type === 137
}

type Contains = (reference: string, address: Uint8Array, moment: Moment, end: 'source' | 'destination') => boolean

function containment({ policy, entries, local }: World): Contains {
  const prefixes = new Map<string, Prefix>()
  const sets = new Map<string, readonly { prefix: Prefix; expiresAt: number }[]>()
  const lasting = (texts: readonly string[]) => texts.map(text => ({ prefix: prefixOf(text), expiresAt: Infinity }))

  for (const [name, list] of entries)
    sets.set(
      `@${name}`,
      list.map(({ prefix, expiresAt = Infinity }) => ({ prefix: prefixOf(prefix), expiresAt })),
    )
  sets.set('@local', lasting(local))
  sets.set(
    '@services',
    lasting(
      Object.values(policy.services ?? {})
        .filter(({ enabled }) => enabled !== false)
        .map(({ address }) => address),
    ),
  )
  return (reference, address, { now, answers }, end) => {
    if (!reference.startsWith('@')) {
      const prefix = prefixes.get(reference) ?? prefixOf(reference)

      prefixes.set(reference, prefix)
      return holds(prefix, address)
    }
    let answer = answers[end].get(reference)

    if (answer === undefined) {
      answer = (sets.get(reference) ?? []).some(({ prefix, expiresAt }) => now < expiresAt && holds(prefix, address))
      answers[end].set(reference, answer)
    }
    return answer
  }
}

interface Prefix {
  readonly bytes: Uint8Array
  readonly length: number
}

function prefixOf(text: string): Prefix {
  const [address = '', length] = text.split('/')
  const bytes = addressBytes(address)

  return { bytes, length: length === undefined ? bytes.length * 8 : Number(length) }
}

function holds({ bytes, length }: Prefix, address: Uint8Array): boolean {
  const whole = length >> 3

  if (bytes.length !== address.length) return false
  for (let at = 0; at < whole; at++) if (bytes[at] !== address[at]) return false
  return length === whole * 8 || ((bytes[whole] as number) ^ (address[whole] as number)) >> (8 - (length & 7)) === 0
}

interface Range {
  readonly first: number
  readonly last: number
}

function rangeOf(text: string): Range {
  const [first, last] = text.split('-').map(Number) as [number, number?]
  return { first, last: last ?? first }
}

function within({ first, last }: Range, value: number): boolean {
  return first <= value && value <= last
}
