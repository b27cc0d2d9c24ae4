/** What the firewall's part of a side holds: memberships, rules by position, and what is true of the whole side. */
import {
  Action,
  Classifier,
  directionCount,
  Limit,
  Membership,
  MembershipFlag,
  Rule,
  RuleFlag,
  Side,
  SideFlag,
  ValueTable,
  Verdict,
  valueTableCount,
} from '../dataplane/abi.ts'
import { type Admission, admits } from './admission.ts'
import type { DirectionClasses } from './classes.ts'
import { type Collections, local, natBackends } from './collections.ts'
import type { DetectorValue, ManagementEntry, PolicyDocument } from './document.ts'
import type { OrderedRule } from './order.ts'
import { protocolNumber } from './protocols.ts'
import { isChecked } from './service.ts'
import type { Pool } from './tables.ts'
import { pickUpUntil, timeoutsOf } from './tracking.ts'
import type { Trait } from './traits.ts'

export interface SideInput {
  readonly policy: PolicyDocument
  readonly traits: ReadonlySet<Trait>
  /** By direction. */
  readonly positions: readonly (readonly number[])[]
  /** By direction. */
  readonly classes: readonly DirectionClasses[]
  readonly management: readonly Required<ManagementEntry>[]
  /** How many there are. */
  readonly prefixes: { readonly ipv4: number; readonly ipv6: number }
  /** Enabled ones. */
  readonly services: number
  readonly segments: Readonly<Record<Pool, number>>
  /** Seconds since the boot. */
  readonly pickUpUntilS: bigint
}

export function encodeSide(input: SideInput): Uint8Array {
  const { segments } = input
  const { defaults } = input.policy
  const rows = new DataView(new ArrayBuffer(Side.size))
  const verdict = (action: 'allow' | 'deny' | undefined) => (action === 'deny' ? Verdict.drop : Verdict.pass)

  Side.encode(rows, 0, {
    flags: sideFlags(input),
    ruleWords: input.positions.map(positions => Math.ceil(widthOf(positions) / 64)),
    defaults: [verdict(defaults.ingress), verdict(defaults.egress)],
    essentials: defaults.essentials === false ? 0 : 1,
    managementCount: input.management.length,
    management: input.management.map(({ port, protocol }) => ({ port, protocol: protocolNumber(protocol) })),
    dimensions: input.classes.map(({ dimensions }) => dimensions),
    timeoutsS: timeoutsOf(input.policy),
    trackedSegments: segments.tracked,
    limitSegments: segments.limit,
    detectionSegments: segments.detection,
    pickUpUntilS: segments.tracked > 0 ? pickUpUntil(input.policy, input.pickUpUntilS) : 0n,
  })
  return new Uint8Array(rows.buffer)
}

/** By direction. */
export function encodeClassifiers(directions: readonly DirectionClasses[]) {
  const values = new Uint16Array(directionCount * valueTableCount * Limit.values)
  const classifiers = new DataView(new ArrayBuffer(directionCount * Classifier.size))

  for (const [direction, classes] of directions.entries()) {
    const table = (kind: number) => values.subarray((direction * valueTableCount + kind) * Limit.values).subarray(0, Limit.values)
    const { ports, kinds, unnamed } = classes

    for (const [at, own] of ports.entries()) table(ValueTable.sourcePort + at).set(own.classes)
    for (const [at, own] of kinds.icmp.entries()) table(ValueTable.icmp + at).set(own)
    table(ValueTable.length).set(classes.lengths.classes)
    Classifier.encode(classifiers, direction * Classifier.size, {
      protocols: kinds.protocols,
      tcpFlags: kinds.tcpFlags,
      states: classes.states.classes,
      fragments: classes.fragments.classes,
      dscps: classes.dscps.classes,
      vlans: classes.vlans.classes,
      noVlan: classes.vlans.without,
      portless: ports.map(({ without }) => without),
      noInterface: unnamed.interface,
      noCgroup: unnamed.cgroup,
      noUid: unnamed.uid,
    })
  }
  return { value_classes: new Uint8Array(values.buffer), classifiers: new Uint8Array(classifiers.buffer) }
}

export interface MembershipInput {
  /** Sets of the pool. */
  readonly profiles: readonly number[]
  readonly collections: Collections
  /** By direction and field: profile -> class; absent where nothing asks. */
  readonly addresses: readonly (Uint16Array | undefined)[]
  readonly serviceRow: Uint32Array
  readonly management: readonly Required<ManagementEntry>[]
  readonly detectors: readonly (readonly [string, DetectorValue])[]
  readonly admission: Admission
}

/** A row a profile. When a membership ends, and what follows, is its own. */
export function encodeMemberships({
  profiles,
  collections,
  addresses,
  serviceRow,
  management,
  detectors,
  admission,
}: MembershipInput): Uint8Array {
  const rows = new DataView(new ArrayBuffer(profiles.length * Membership.size))
  const number = (reference: string) => collections.numbers.get(reference) as number
  const sources = management.map(entry => new Set(entry.sources.map(number)))
  const exempt = detectors.map(([, detector]) => new Set(detector.exempt?.map(number)))
  const admitted = admits(admission.lists, collections)
  const within = (members: readonly number[], groups: readonly ReadonlySet<number>[]) =>
    groups.reduce((mask, group, bit) => (members.some(member => group.has(member)) ? mask | (1 << bit) : mask), 0)

  for (const [profile, set] of profiles.entries()) {
    const members = collections.pool.members(set)

    Membership.encode(rows, profile * Membership.size, {
      classes: addresses.map(classes => classes?.[profile] ?? 0),
      serviceRow: serviceRow[profile] as number,
      flags:
        (members.includes(number(local)) ? MembershipFlag.local : 0) |
        (members.includes(number(natBackends)) ? MembershipFlag.natBackend : 0),
      management: within(members, sources),
      exempt: within(members, exempt),
      admitted: admitted(members),
      expiresS: 0,
      next: 0,
    })
  }
  return new Uint8Array(rows.buffer)
}

export interface RuleInput {
  /** By direction. */
  readonly rules: readonly (readonly OrderedRule[])[]
  /** By direction, in the order of rules. */
  readonly positions: readonly (readonly number[])[]
  readonly ids: ReadonlyMap<string, number>
  /** In the order of their rows. */
  readonly limits: readonly OrderedRule[]
  /** What the clock of the world is ahead of that since the boot. */
  readonly bootOffsetMs: number
}

const actions = { allow: Action.allow, deny: Action.deny, reject: Action.reject, limit: Action.limit } as const

/** Row [direction][position]. A disabled rule keeps its place, and no class accepts it. */
export function encodeRules({ rules, positions, ids, limits, bootOffsetMs }: RuleInput): Uint8Array {
  const [ingress = 0, egress = 0] = positions.map(widthOf)
  const rows = new DataView(new ArrayBuffer((egress > 0 ? Limit.ruleBits + egress : ingress) * Rule.size))
  const limitRows = new Map(limits.map(({ name }, row) => [name, row]))

  for (const [direction, ordered] of rules.entries())
    for (const [at, { name, rule }] of ordered.entries())
      Rule.encode(rows, (direction * Limit.ruleBits + (positions[direction]?.[at] as number)) * Rule.size, {
        ruleId: ids.get(name) ?? 0,
        action: actions[rule.action],
        flags:
          (rule.enforcement === 'observe' ? RuleFlag.observe : 0) |
          (rule.expiresAt === undefined ? 0 : RuleFlag.expires) |
          (rule.log === undefined ? 0 : RuleFlag.log) |
          (rule.action === 'limit' ? RuleFlag.limit : 0),
        limit: limitRows.get(name) ?? 0,
        expiresS: rule.expiresAt === undefined ? 0 : bootSeconds(rule.expiresAt, bootOffsetMs),
        logEvery: rule.log?.everyPackets ?? 0,
      })
  return new Uint8Array(rows.buffer)
}

/** From the first position to the last. */
function widthOf(positions: readonly number[]): number {
  return (positions.at(-1) ?? -1) + 1
}

/** Never before its time, and less than a second behind it; what was over before the boot is over. */
function bootSeconds(time: string, bootOffsetMs: number): number {
  return Math.min(Math.max(Math.ceil((Date.parse(time) - bootOffsetMs) / 1000), 0), 0xffff_ffff)
}

/** What packets need not pay for is not set. */
function sideFlags({ policy, traits, management, prefixes, services, segments }: SideInput): number {
  const egressDecides = policy.defaults.egress === 'deny' || traits.has('egress')
  const sources =
    traits.has('sources') ||
    management.some(entry => entry.sources.some(source => !source.endsWith('/0'))) ||
    Object.values(policy.detectors ?? {}).some(detector => detector.exempt !== undefined) ||
    (management.length > 0 && egressDecides) || // on the way out, the source is the local end
    Object.values(policy.services ?? {}).some(
      service => service.enabled !== false && (service.forwarding === 'nat' || service.sources !== undefined),
    )
  let flags = sources ? SideFlag.sources : 0

  if (prefixes.ipv4 > 0) flags |= SideFlag.prefixesIpv4
  if (prefixes.ipv6 > 0) flags |= SideFlag.prefixesIpv6
  if (services > 0) flags |= SideFlag.services
  if (management.length > 0) flags |= SideFlag.management
  if (Object.values(policy.services ?? {}).some(isChecked)) flags |= SideFlag.checks
  if (segments.tracked > 0) flags |= SideFlag.tracking
  if (traits.has('connections')) flags |= SideFlag.holders
  if (segments.detection > 0) flags |= SideFlag.detectors
  if (traits.has('transport')) flags |= SideFlag.fragments
  return flags
}
