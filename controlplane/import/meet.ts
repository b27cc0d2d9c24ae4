/** What a foreign rule asks of a packet, and what two of them ask together. */
import type { Match } from '../policy/document.ts'
import { formatPortRange, mergedRanges } from '../policy/ports.ts'
import { protocolNumber } from '../policy/protocols.ts'
import { common, contains, type Family, familyOf } from './ranges.ts'

/** A match of a policy, and what else the original may ask. Protocols are numbers. */
export interface Ask extends Match {
  readonly family?: Family
  /** Devices that the packet comes in by, goes out by. */
  readonly input?: readonly string[]
  readonly output?: readonly string[]
}

export const nothing = 'nothing'
export interface Inexact {
  readonly cannot: string
}
export type Met = Ask | typeof nothing | Inexact

export function isAsk(met: Met): met is Ask {
  return met !== nothing && !('cannot' in met)
}

type Meeting<Value> = (left: Value, right: Value) => Value | typeof nothing | Inexact
const nothingIfEmpty = <Value>(list: Value[]) => (list.length === 0 ? nothing : list)
const equal: Meeting<unknown> = (left, right) => (left === right ? left : nothing)
const union: Meeting<string[]> = (left, right) => [...new Set([...left, ...right])]

/** No host has these as its own. */
const many = ['224.0.0.0/4', 'ff00::/8']
const isOfMany = (text: string) => !text.startsWith('@') && many.some(prefix => contains(prefix, text))

/** A set and a prefix at once: no rule says that, unless one of them is all that is asked for. */
function references(left: string[], right: string[]): string[] | typeof nothing | Inexact {
  if (right.every(text => left.includes(text))) return right
  if (left.every(text => right.includes(text))) return left
  const both = left.flatMap(one => right.map(other => pair(one, other)))
  if (both.includes(undefined))
    return { cannot: `${left.join(' ')} and ${right.join(' ')} at once: a rule names one list of which one must match` }
  return nothingIfEmpty([...new Set(both.flatMap(found => found as string[]))])
}

/** Undefined: what both contain cannot be said. */
function pair(one: string, other: string): string[] | undefined {
  if (one === other) return [one]
  if ((one === '@local' && isOfMany(other)) || (other === '@local' && isOfMany(one))) return []
  return one.startsWith('@') || other.startsWith('@') ? undefined : common([one], [other])
}

export function ranges(left: string[], right: string[]): string[] | typeof nothing {
  const [one, other] = [mergedRanges(left), mergedRanges(right)]
  const both = one.flatMap(a => other.map(b => ({ first: Math.max(a.first, b.first), last: Math.min(a.last, b.last) })))
  return nothingIfEmpty(both.filter(({ first, last }) => first <= last).map(formatPortRange))
}

/** All ports but these; none left: undefined. */
export function otherPorts(ports: readonly string[]): string[] {
  const result: string[] = []
  let next = 0
  for (const { first, last } of mergedRanges(ports)) {
    if (first > next) result.push(formatPortRange({ first: next, last: first - 1 }))
    next = last + 1
  }
  if (next <= 65535) result.push(formatPortRange({ first: next, last: 65535 }))
  return result
}

function devices(left: readonly string[], right: readonly string[]): string[] | typeof nothing {
  const within = (name: string, pattern: string) => name === pattern || (pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1)))
  return nothingIfEmpty([
    ...new Set(left.flatMap(one => right.flatMap(other => (within(one, other) ? [one] : within(other, one) ? [other] : [])))),
  ])
}

type Icmp = NonNullable<Match['icmp']>
type Flags = NonNullable<Match['tcpFlags']>

function icmp(left: Icmp, right: Icmp): Icmp | typeof nothing {
  if (left.type !== right.type || (left.code !== undefined && right.code !== undefined && left.code !== right.code)) return nothing
  return { ...left, ...right }
}

function flags(left: Flags, right: Flags): Flags | typeof nothing {
  const set = union(left.set ?? [], right.set ?? []) as NonNullable<Flags['set']>
  const unset = union(left.unset ?? [], right.unset ?? []) as NonNullable<Flags['unset']>
  if (set.some(flag => unset.includes(flag))) return nothing
  return { ...(set.length > 0 ? { set } : {}), ...(unset.length > 0 ? { unset } : {}) }
}

const meetings: { readonly [Field in keyof Ask]-?: Meeting<NonNullable<Ask[Field]>> } = {
  family: equal as Meeting<Family>,
  source: references,
  destination: references,
  notSource: union as Meeting<string[]>,
  notDestination: union as Meeting<string[]>,
  protocol: equal as Meeting<NonNullable<Match['protocol']>>,
  sourcePorts: ranges,
  destinationPorts: ranges,
  icmp,
  tcpFlags: flags,
  state: (left, right) => nothingIfEmpty(left.filter(state => right.includes(state))),
  fragment: equal as Meeting<NonNullable<Match['fragment']>>,
  vlan: equal as Meeting<number>,
  dscp: equal as Meeting<number>,
  length: (left, right) => {
    const both = ranges([left], [right])
    return both === nothing ? nothing : (both[0] as string)
  },
  cgroup: (left, right) => (left === right ? left : left.startsWith(`${right}/`) ? left : right.startsWith(`${left}/`) ? right : nothing),
  uid: equal as Meeting<number>,
  input: devices,
  output: devices,
}

/** Packets that both ask for. */
export function meet(left: Ask, right: Ask): Met {
  const met: Record<string, unknown> = { ...left }
  for (const [field, value] of Object.entries(right)) {
    const before = met[field]
    const both = before === undefined ? value : (meetings[field as keyof Ask] as Meeting<unknown>)(before, value)
    if (both === nothing) return nothing
    if (typeof both === 'object' && both !== null && 'cannot' in both) return both as Inexact
    met[field] = both
  }
  return tidy(met as Ask)
}

/** Without what can never match: addresses of the other family, what is taken away again. */
function tidy(ask: Ask): Ask | typeof nothing {
  const family = ask.family ?? sideFamily(ask.source) ?? sideFamily(ask.destination)
  const tidied: Record<string, unknown> = { ...ask }
  const ofFamily = (text: string) => text.startsWith('@') || family === undefined || familyOf(text) === family
  for (const [yes, no] of [
    ['source', 'notSource'],
    ['destination', 'notDestination'],
  ] as const) {
    const taken = ask[no]?.filter(ofFamily)
    const left = ask[yes]?.filter(ofFamily).filter(text => !isTaken(text, taken ?? []))
    if (left?.length === 0) return nothing
    if (left !== undefined) tidied[yes] = left
    if (taken === undefined) continue
    if (taken.some(text => (family === undefined ? false : text === (family === 4 ? '0.0.0.0/0' : '::/0'))) && left === undefined)
      return nothing
    if (taken.length > 0) tidied[no] = taken
    else delete tidied[no]
  }
  if (family !== undefined) {
    if (ask.protocol === (family === 4 ? 58 : 1) && ask.icmp !== undefined) return nothing
    tidied.family = family
  }
  return tidied as Ask
}

function isTaken(text: string, taken: readonly string[]): boolean {
  return taken.some(other => other === text || (!text.startsWith('@') && !other.startsWith('@') && contains(other, text)))
}

/** The only family that a list of prefixes speaks of. */
function sideFamily(list: readonly string[] | undefined): Family | undefined {
  if (list === undefined || list.some(text => text.startsWith('@'))) return undefined
  const families = new Set(list.map(familyOf))
  return families.size === 1 ? [...families][0] : undefined
}

/** As a rule of a policy says it, by the devices of its direction. */
export function matchOf(ask: Ask): Match {
  const { family, input: _input, output: _output, ...match } = ask
  const lists = [match.source, match.destination]
  const said = lists.some(list => sideFamily(list) !== undefined)
  if (match.protocol !== undefined) match.protocol = protocolText(match.protocol)
  if (family === undefined || said) return match
  // A list with a set in it has only what the set has, of either family.
  const any = family === 4 ? '0.0.0.0/0' : '::/0'
  if (match.source === undefined) return { source: [any], ...match }
  return match.destination === undefined ? { ...match, destination: [any] } : match
}

const names: Readonly<Record<number, 'icmp' | 'tcp' | 'udp' | 'icmpv6' | 'sctp'>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  58: 'icmpv6',
  132: 'sctp',
}

function protocolText(protocol: NonNullable<Match['protocol']>): NonNullable<Match['protocol']> {
  const number = protocolNumber(protocol)
  return names[number] ?? number
}
