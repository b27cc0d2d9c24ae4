/** What a rule asks of a packet, as numbers: read once for each rule, however often it is compiled. */
import { Dimension, Fragment, fragmentNames, stateNames } from '../dataplane/abi.ts'
import type { Match, RuleValue } from './document.ts'
import type { OrderedRule } from './order.ts'
import { mergedRanges, type PortRange, parsePortRange } from './ports.ts'
import { icmpProtocols, portProtocols, protocolNumber, tcp } from './protocols.ts'

/** Both ends included. */
export type Range = PortRange

/** Absent: any. */
export interface Wants {
  /** Bit i: the rule asks for dimension i. The kind of a packet is asked for by all. */
  readonly dimensions: number
  readonly sourcePorts?: readonly Range[]
  readonly destinationPorts?: readonly Range[]
  readonly protocols?: readonly number[]
  /** Bits of the TCP header's flags. */
  readonly tcpFlags?: { readonly set: number; readonly unset: number }
  /** Of type << 8 | code. */
  readonly icmp?: Range
  readonly states?: readonly number[]
  readonly fragments?: readonly number[]
  readonly vlan?: number
  readonly dscp?: number
  readonly length?: Range
}

/** A rule that can match, at its position. */
export interface PlacedRule extends OrderedRule {
  readonly position: number
  readonly wants: Wants
}

/** `positions` by the order of the rules. */
export function placedRules(ordered: readonly OrderedRule[], positions: readonly number[]): PlacedRule[] {
  const placed: PlacedRule[] = []

  for (const [at, { name, rule }] of ordered.entries())
    if (rule.enabled !== false) placed.push({ name, rule, position: positions[at] as number, wants: wantsOf(rule) })
  return placed
}

/** In the order of their bits. */
export const tcpFlagNames = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'] as const

const known = new WeakMap<RuleValue, Wants>()

/** Of a checked rule. */
export function wantsOf(rule: RuleValue): Wants {
  let wants = known.get(rule)

  if (wants === undefined) {
    wants = read(rule)
    known.set(rule, wants)
  }
  return wants
}

function read({ match, interfaces }: RuleValue): Wants {
  const { icmp, vlan, dscp } = match
  const sourcePorts = match.sourcePorts && mergedRanges(match.sourcePorts)
  const destinationPorts = match.destinationPorts && mergedRanges(match.destinationPorts)
  const protocols = protocolsOf(match)
  const length = match.length === undefined ? undefined : parsePortRange(match.length)

  return {
    dimensions: dimensionsOf(match, interfaces !== undefined),
    ...(sourcePorts && { sourcePorts }),
    ...(destinationPorts && { destinationPorts }),
    ...(protocols && { protocols }),
    ...(match.tcpFlags && { tcpFlags: { set: flagBits(match.tcpFlags.set), unset: flagBits(match.tcpFlags.unset) } }),
    ...(icmp && { icmp: { first: (icmp.type << 8) | (icmp.code ?? 0), last: (icmp.type << 8) | (icmp.code ?? 255) } }),
    ...(match.state && { states: match.state.map(name => stateNames.indexOf(name)) }),
    ...(match.fragment && { fragments: fragmentsOf(match.fragment) }),
    ...(vlan !== undefined && { vlan }),
    ...(dscp !== undefined && { dscp }),
    ...(length && { length }),
  }
}

function dimensionsOf(match: Match, interfaces: boolean): number {
  const asked: readonly [boolean, number][] = [
    [match.source !== undefined || match.notSource !== undefined, Dimension.source],
    [match.destination !== undefined || match.notDestination !== undefined, Dimension.destination],
    [match.sourcePorts !== undefined, Dimension.sourcePort],
    [match.destinationPorts !== undefined, Dimension.destinationPort],
    [true, Dimension.kind],
    [match.state !== undefined, Dimension.state],
    [match.fragment !== undefined, Dimension.fragment],
    [match.vlan !== undefined, Dimension.vlan],
    [match.dscp !== undefined, Dimension.dscp],
    [match.length !== undefined, Dimension.length],
    [interfaces, Dimension.interface],
    [match.cgroup !== undefined, Dimension.cgroup],
    [match.uid !== undefined, Dimension.uid],
  ]

  return asked.reduce((mask, [asks, dimension]) => (asks ? mask | (1 << dimension) : mask), 0)
}

/** A rule that names ports, flags or a type alone speaks of the protocols that have them. */
function protocolsOf(match: Match): readonly number[] | undefined {
  const lists = [
    match.protocol === undefined ? undefined : [protocolNumber(match.protocol)],
    match.tcpFlags && [tcp],
    match.icmp && icmpProtocols,
    (match.sourcePorts ?? match.destinationPorts) && portProtocols,
  ].filter(list => list !== undefined)

  if (lists.length === 0) return undefined
  return lists.reduce((common, list) => common.filter(protocol => list.includes(protocol)))
}

function fragmentsOf(wanted: NonNullable<Match['fragment']>): readonly number[] {
  return wanted === 'any' ? [Fragment.first, Fragment.later] : [fragmentNames.indexOf(wanted)]
}

function flagBits(names: readonly (typeof tcpFlagNames)[number][] = []): number {
  return names.reduce((bits, name) => bits | (1 << tcpFlagNames.indexOf(name)), 0)
}

/** Whether the rule asks for what a later fragment does not carry. */
export function asksForTransport({ sourcePorts, destinationPorts, tcpFlags, icmp, states }: Wants): boolean {
  return [sourcePorts, destinationPorts, tcpFlags, icmp, states].some(asked => asked !== undefined)
}
