/** What the firewall's part of a side holds: memberships, rules by position, and what is true of the whole side. */
import {
  Action,
  Classifier,
  Dimension,
  directionCount,
  Limit,
  Membership,
  MembershipFlag,
  Rule,
  Side,
  SideFlag,
  ValueTable,
  Verdict,
  valueTableCount,
} from '../dataplane/abi.ts'
import type { PortClasses } from './classes.ts'
import { type Collections, local, natBackends } from './collections.ts'
import type { ManagementEntry, PolicyDocument } from './document.ts'
import type { Memberships } from './memberships.ts'
import type { OrderedRule } from './order.ts'
import { familyOf } from './prefix.ts'
import { protocolNumber } from './protocols.ts'
import type { PrefixKey } from './tables.ts'

export interface SideInput {
  readonly policy: PolicyDocument
  /** By direction. */
  readonly rules: readonly (readonly OrderedRule[])[]
  readonly management: readonly Required<ManagementEntry>[]
  readonly prefixes: ReadonlyMap<PrefixKey, number>
  /** Enabled ones. */
  readonly services: number
}

export function encodeSide(input: SideInput): Uint8Array {
  const { defaults } = input.policy
  const rows = new DataView(new ArrayBuffer(Side.size))
  const verdict = (action: 'allow' | 'deny' | undefined) => (action === 'deny' ? Verdict.drop : Verdict.pass)

  Side.encode(rows, 0, {
    flags: sideFlags(input),
    ruleWords: input.rules.map(ordered => Math.ceil(ordered.length / 64)),
    defaults: [verdict(defaults.ingress), verdict(defaults.egress)],
    essentials: defaults.essentials === false ? 0 : 1,
    managementCount: input.management.length,
    management: input.management.map(({ port, protocol }) => ({ port, protocol: protocolNumber(protocol) })),
    dimensions: input.rules.map(dimensionsOf),
    timeoutsS: [],
    trackedSegments: 0,
    limitSegments: 0,
    detectionSegments: 0,
    pickUpUntilS: 0n,
  })
  return new Uint8Array(rows.buffer)
}

/** Bit i: a rule of this direction asks for dimension i. The kind of a packet is always asked for. */
function dimensionsOf(ordered: readonly OrderedRule[]): number {
  let mask = 1 << Dimension.kind

  for (const {
    rule: { match, enabled },
  } of ordered) {
    if (enabled === false) continue
    if (match.source || match.notSource) mask |= 1 << Dimension.source
    if (match.destination || match.notDestination) mask |= 1 << Dimension.destination
    if (match.sourcePorts) mask |= 1 << Dimension.sourcePort
    if (match.destinationPorts) mask |= 1 << Dimension.destinationPort
  }
  return mask
}

/** By direction and field; by direction. */
export function encodeClassifiers(ports: readonly PortClasses[], protocols: readonly Uint16Array[]) {
  const values = new Uint16Array(directionCount * valueTableCount * Limit.values)
  const classifiers = new DataView(new ArrayBuffer(directionCount * Classifier.size))

  for (const [direction, classes] of protocols.entries()) {
    const own = ports.slice(direction * 2, direction * 2 + 2)
    const table = (kind: number) => values.subarray((direction * valueTableCount + kind) * Limit.values).subarray(0, Limit.values)

    table(ValueTable.sourcePort).set(own[0]?.classes ?? [])
    table(ValueTable.destinationPort).set(own[1]?.classes ?? [])
    table(ValueTable.icmp).fill(classes[1] as number)
    table(ValueTable.icmpv6).fill(classes[58] as number)
    Classifier.encode(classifiers, direction * Classifier.size, {
      protocols: classes,
      tcpFlags: new Uint16Array(Limit.tcpFlags).fill(classes[6] as number),
      states: [],
      fragments: [],
      dscps: [],
      vlans: [],
      noVlan: 0,
      portless: own.map(({ portless }) => portless),
      noInterface: 0,
      noCgroup: 0,
      noUid: 0,
    })
  }
  return { value_classes: new Uint8Array(values.buffer), classifiers: new Uint8Array(classifiers.buffer) }
}

export interface MembershipInput {
  readonly memberships: Memberships
  readonly collections: Collections
  /** By direction and field: membership -> class. */
  readonly addresses: readonly Uint16Array[]
  readonly serviceRow: Uint32Array
  readonly management: readonly Required<ManagementEntry>[]
}

export function encodeMemberships({ memberships, collections, addresses, serviceRow, management }: MembershipInput): Uint8Array {
  const { sets } = memberships
  const rows = new DataView(new ArrayBuffer(sets.length * Membership.size))
  const number = (reference: string) => collections.numbers.get(reference) as number
  const sources = management.map(entry => new Set(entry.sources.map(number)))

  for (const [membership, set] of sets.entries()) {
    if (set === undefined) continue
    const members = collections.pool.members(set)

    Membership.encode(rows, membership * Membership.size, {
      classes: addresses.map(classes => classes[membership] as number),
      serviceRow: serviceRow[membership] as number,
      flags:
        (members.includes(number(local)) ? MembershipFlag.local : 0) |
        (members.includes(number(natBackends)) ? MembershipFlag.natBackend : 0),
      management: sources.reduce((mask, wanted, entry) => (members.some(member => wanted.has(member)) ? mask | (1 << entry) : mask), 0),
      exempt: 0,
      expiresS: 0,
      next: 0,
    })
  }
  return new Uint8Array(rows.buffer)
}

/** Row [direction][position]. A disabled rule keeps its place, and no class accepts it. */
export function encodeRules(rules: readonly (readonly OrderedRule[])[], ids: ReadonlyMap<string, number>): Uint8Array {
  const [ingress, egress] = [rules[0]?.length ?? 0, rules[1]?.length ?? 0]
  const rows = new DataView(new ArrayBuffer((egress > 0 ? Limit.ruleBits + egress : ingress) * Rule.size))

  for (const [direction, ordered] of rules.entries())
    for (const [position, { name, rule }] of ordered.entries())
      Rule.encode(rows, (direction * Limit.ruleBits + position) * Rule.size, {
        ruleId: ids.get(name) ?? 0,
        action: rule.action === 'deny' ? Action.deny : Action.allow,
        flags: 0,
        limit: 0,
        expiresS: 0,
        logEvery: 0,
      })
  return new Uint8Array(rows.buffer)
}

/** What packets need not pay for is not set. */
function sideFlags({ policy, rules, management, prefixes, services }: SideInput): number {
  const enabled = rules
    .flat()
    .map(({ rule }) => rule)
    .filter(rule => rule.enabled !== false)
  const egressDecides = policy.defaults.egress === 'deny' || enabled.some(rule => rule.direction === 'egress')
  const sources =
    enabled.some(({ match }) => match.source !== undefined || match.notSource !== undefined) ||
    management.some(entry => entry.sources.some(source => !source.endsWith('/0'))) ||
    (management.length > 0 && egressDecides) || // on the way out, the source is the local end
    Object.values(policy.services ?? {}).some(service => service.enabled !== false && service.forwarding === 'nat')
  let flags = sources ? SideFlag.sources : 0

  for (const key of prefixes.keys()) flags |= familyOf(key) === 4 ? SideFlag.prefixesIpv4 : SideFlag.prefixesIpv6
  if (services > 0) flags |= SideFlag.services
  if (management.length > 0) flags |= SideFlag.management
  return flags
}
