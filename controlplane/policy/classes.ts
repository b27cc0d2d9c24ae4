/**
 * From rules to classes, field by field: values that the same rules accept share a class, which is the row of a bit vector. A rule is
 * known by its position; what it does not ask for accepts it everywhere.
 */
import { Dimension, Limit, stateCount } from '../dataplane/abi.ts'
import type { Match, PolicyDocument } from './document.ts'
import { type Kinds, kindClasses } from './kinds.ts'
import type { OrderedRule } from './order.ts'
import type { SetPool } from './setpool.ts'
import { type Stretched, stretchedClasses } from './stretches.ts'
import type { NamedClass } from './tables.ts'
import { Bits, Sum, type VectorPool } from './vectors.ts'
import { type PlacedRule, placedRules, type Range, type Wants } from './wants.ts'

export const fields = ['source', 'destination'] as const
export type Field = (typeof fields)[number]

/** What there is on this host of all that rules may name. */
export interface Host {
  readonly devices: readonly { readonly name: string; readonly ifindex: number }[]
  /** Path below the root of the hierarchy -> id. */
  readonly cgroups: ReadonlyMap<string, bigint>
}

export interface ClassInput {
  /** Of one direction, disabled ones included. */
  readonly rules: readonly OrderedRule[]
  /** By the same order, ascending. */
  readonly positions: readonly number[]
  readonly host: Host
  /** Sets of collections, by membership. */
  readonly sets: readonly (number | undefined)[]
  readonly numbers: ReadonlyMap<string, number>
  readonly pool: SetPool
}

/** Value -> class of every field of one direction. Tables of what no rule asks for are left out, or hold class 0. */
export interface DirectionClasses {
  /** Bit i: a rule asks for dimension i. */
  readonly dimensions: number
  /** Membership -> class, by field. */
  readonly addresses: readonly (Uint16Array | undefined)[]
  /** By field. */
  readonly ports: readonly Stretched[]
  readonly kinds: Kinds
  readonly states: Stretched
  readonly fragments: Stretched
  readonly vlans: Stretched
  readonly dscps: Stretched
  readonly lengths: Stretched
  readonly named: readonly Omit<NamedClass, 'direction'>[]
  /** Of devices, cgroups and users that no rule names. */
  readonly unnamed: { readonly interface: number; readonly cgroup: number; readonly uid: number }
}

const none: Stretched = { classes: new Uint16Array(0), without: 0 }

export function directionClasses(input: ClassInput, vectors: VectorPool): DirectionClasses {
  const width = (input.positions.at(-1) ?? -1) + 1
  const rules = placedRules(input.rules, input.positions)
  const dimensions = rules.reduce((mask, { wants }) => mask | wants.dimensions, 1 << Dimension.kind)
  const asked = (dimension: number) => ((dimensions >> dimension) & 1) === 1
  const stretched = (dimension: number, size: number, ranges: (wants: Wants) => readonly Range[] | undefined) =>
    asked(dimension) ? stretchedClasses(rules, width, size, ranges, vectors) : none

  const addresses = fields.map((field, at) =>
    asked(Dimension.source + at) ? addressClasses(input, width, rules, field, vectors) : undefined,
  )
  const ports = [
    stretched(Dimension.sourcePort, Limit.values, ({ sourcePorts }) => sourcePorts),
    stretched(Dimension.destinationPort, Limit.values, ({ destinationPorts }) => destinationPorts),
  ]
  const kinds = kindClasses(rules, width, vectors)
  const devices = asked(Dimension.interface) ? deviceClasses(rules, width, input.host, vectors) : nobody
  const cgroups = asked(Dimension.cgroup) ? cgroupClasses(rules, width, input.host, vectors) : nobody
  const users = asked(Dimension.uid) ? userClasses(rules, width, vectors) : nobody

  return {
    dimensions,
    addresses,
    ports,
    kinds,
    states: stretched(Dimension.state, stateCount, ({ states }) => states && points(states)),
    fragments: stretched(Dimension.fragment, 4, ({ fragments }) => fragments && points(fragments)),
    vlans: stretched(Dimension.vlan, Limit.vlanIds, ({ vlan }) => (vlan === undefined ? undefined : points([vlan]))),
    dscps: stretched(Dimension.dscp, Limit.dscps, ({ dscp }) => (dscp === undefined ? undefined : points([dscp]))),
    lengths: stretched(Dimension.length, Limit.values, ({ length }) => length && [length]),
    named: [...devices.named, ...cgroups.named, ...users.named],
    unnamed: { interface: devices.unnamed, cgroup: cgroups.unnamed, uid: users.unnamed },
  }
}

/** Membership -> class. Most are what they were before: of those only the sum of their rules is made. */
function addressClasses(
  { sets, numbers, pool }: ClassInput,
  width: number,
  rules: readonly PlacedRule[],
  field: Field,
  vectors: VectorPool,
): Uint16Array {
  const wanted: (number[] | undefined)[] = []
  const unwanted: (number[] | undefined)[] = []
  const anywhere = new Bits(width)
  const classes = new Uint16Array(sets.length)

  for (const { rule, position } of rules) {
    const [yes, no] = referencesOf(rule.match, field)

    if (yes === undefined) anywhere.add(position)
    for (const reference of yes ?? []) put(wanted, numbers.get(reference) as number, position)
    for (const reference of no ?? []) put(unwanted, numbers.get(reference) as number, position)
  }
  const base = vectors.classOf(anywhere)
  const sum = new Sum()
  const bits = new Bits(width)
  /* By position, the membership that the rule was put in or taken out for last. */
  const added = new Int32Array(width).fill(-1)
  const taken = new Int32Array(width).fill(-1)

  for (let membership = 0; membership < sets.length; membership++) {
    const set = sets[membership]
    const members = set === undefined ? [] : pool.members(set)
    let changes = false

    sum.become(anywhere)
    for (const member of members)
      for (const position of unwanted[member] ?? nothing) {
        if (taken[position] === membership) continue
        taken[position] = membership
        changes = true
        if (anywhere.has(position)) sum.flip(position)
      }
    for (const member of members)
      for (const position of wanted[member] ?? nothing) {
        if (added[position] === membership || taken[position] === membership) continue
        added[position] = membership
        changes = true
        sum.flip(position)
      }
    classes[membership] = changes ? (vectors.find(sum) ?? vectors.classOf(applied(members))) : base
  }
  return classes

  function applied(members: readonly number[]): Bits {
    bits.become(anywhere)
    for (const member of members) for (const position of wanted[member] ?? nothing) bits.add(position)
    for (const member of members) for (const position of unwanted[member] ?? nothing) bits.remove(position)
    return bits
  }
}

const nothing: readonly number[] = []

interface Named {
  readonly named: readonly Omit<NamedClass, 'direction'>[]
  readonly unnamed: number
}

const nobody: Named = { named: [], unnamed: 0 }

/** A device is accepted by rules that name it, or a pattern that it fits. */
function deviceClasses(rules: readonly PlacedRule[], width: number, { devices }: Host, vectors: VectorPool): Named {
  const { others, byName } = group(rules, width, ({ rule }) => rule.interfaces)
  const patterns = [...byName.keys()].filter(name => name.endsWith('*'))
  const accepted = devices.map(({ name, ifindex }): [bigint, readonly string[]] => [
    BigInt(ifindex),
    [...patterns.filter(pattern => fits(name, pattern)), name],
  ])

  return namedClasses(Dimension.interface, accepted, byName, others, vectors)
}

/** The program asks for the deepest cgroup that is named, so its class holds the rules of those around it. */
function cgroupClasses(rules: readonly PlacedRule[], width: number, { cgroups }: Host, vectors: VectorPool): Named {
  const { others, byName } = group(rules, width, ({ rule: { match } }) => (match.cgroup === undefined ? undefined : [match.cgroup]))
  const accepted = [...byName.keys()].flatMap((path): [bigint, readonly string[]][] => {
    const id = cgroups.get(path)
    return id === undefined ? [] : [[id, pathsAround(path)]]
  })

  return namedClasses(Dimension.cgroup, accepted, byName, others, vectors)
}

/** What enabled rules name of the host: asked several times of the same rules. */
function hostNames({ rules = {} }: PolicyDocument): { readonly cgroups: readonly string[]; readonly devices: readonly string[] } {
  let found = namesFound.get(rules)
  if (found === undefined) {
    const cgroups = new Set<string>()
    const devices = new Set<string>()
    for (const { enabled, match, interfaces } of Object.values(rules)) {
      if (enabled === false) continue
      if (match.cgroup !== undefined) cgroups.add(match.cgroup)
      for (const name of interfaces ?? []) devices.add(name)
    }
    found = { cgroups: [...cgroups].sort(), devices: [...devices] }
    namesFound.set(rules, found)
  }
  return found
}

const namesFound = new WeakMap<object, ReturnType<typeof hostNames>>()

/** Paths whose ids the compiler has to know. */
export function namedCgroups(policy: PolicyDocument): readonly string[] {
  return hostNames(policy).cgroups
}

/** Of the control groups that are named, the deepest that is this one or around it. */
export function nearestCgroup(path: string, named: readonly string[]): string | undefined {
  const around = named.filter(name => path === name || name === '/' || path.startsWith(`${name}/`))
  return around.sort((a, b) => b.length - a.length)[0]
}

/** Those that an enabled rule names, or whose names fit a pattern of one. */
export function namedDevices(policy: PolicyDocument, devices: Host['devices']): Host['devices'] {
  const names = hostNames(policy).devices
  return devices.filter(({ name }) => names.some(wanted => fits(name, wanted)))
}

/** Whether a device has this name, or one of this pattern. */
export function fits(device: string, name: string): boolean {
  return name.endsWith('*') ? device.startsWith(name.slice(0, -1)) : device === name
}

/** `/a/b` -> `/`, `/a`, `/a/b`. */
function pathsAround(path: string): string[] {
  const parts = path.split('/').filter(part => part !== '')
  return ['/', ...parts.map((_, at) => `/${parts.slice(0, at + 1).join('/')}`)]
}

function userClasses(rules: readonly PlacedRule[], width: number, vectors: VectorPool): Named {
  const { others, byName } = group(rules, width, ({ rule: { match } }) => (match.uid === undefined ? undefined : [String(match.uid)]))

  return namedClasses(
    Dimension.uid,
    [...byName.keys()].map(uid => [BigInt(uid), [uid]]),
    byName,
    others,
    vectors,
  )
}

function group(rules: readonly PlacedRule[], width: number, namesOf: (rule: PlacedRule) => readonly string[] | undefined) {
  const others = new Bits(width)
  const byName = new Map<string, number[]>()

  for (const rule of rules) {
    const names = namesOf(rule)

    if (names === undefined) others.add(rule.position)
    for (const name of names ?? []) push(byName, name, rule.position)
  }
  return { others, byName }
}

/** `accepted`: value -> names that it goes by; one that goes by none needs no entry. */
function namedClasses(
  dimension: number,
  accepted: readonly (readonly [bigint, readonly string[]])[],
  byName: ReadonlyMap<string, readonly number[]>,
  others: Bits,
  vectors: VectorPool,
): Named {
  const unnamed = vectors.classOf(others)
  const bits = others.copy()
  const named: Omit<NamedClass, 'direction'>[] = []

  for (const [value, names] of accepted) {
    const lists = names.flatMap(name => byName.get(name) ?? [])

    if (lists.length === 0) continue
    bits.become(others)
    for (const position of lists) bits.add(position)
    named.push({ dimension, value, class: vectors.classOf(bits) })
  }
  return { named, unnamed }
}

function points(values: readonly number[]): Range[] {
  return [...new Set(values)].map(value => ({ first: value, last: value }))
}

function referencesOf(match: Match, field: Field): [readonly string[] | undefined, readonly string[] | undefined] {
  return field === 'source' ? [match.source, match.notSource] : [match.destination, match.notDestination]
}

function push<Key>(lists: Map<Key, number[]>, key: Key, value: number): void {
  const list = lists.get(key)

  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

function put(lists: (number[] | undefined)[], key: number, value: number): void {
  const list = lists[key]

  if (list === undefined) lists[key] = [value]
  else list.push(value)
}
