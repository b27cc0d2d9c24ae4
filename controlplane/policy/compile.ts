/** A policy made into tables: the way from names and prefixes to memberships, classes, vectors and rings, top to bottom. */
import { Limit } from '../dataplane/abi.ts'
import { admissionOf } from './admission.ts'
import { atOnce } from './at-once.ts'
import { buildBalancing } from './balancing.ts'
import { capacityProblems, prefixUse, useOf } from './capacity.ts'
import { directionClasses, type Host } from './classes.ts'
import { type CollectionBook, type Collections, type EntryDelta, emptyBook, enabledServices, gatherCollections } from './collections.ts'
import { detectorsOf, encodeDetectors } from './detectors.ts'
import type { PolicyDocument } from './document.ts'
import { encodeLimits, limitRules } from './limits.ts'
import { managementOf } from './management.ts'
import { type MembershipRows, membershipRows, profileMemberships } from './memberships.ts'
import { type Memory, newMemory } from './memory.ts'
import { directions, orderRules } from './order.ts'
import { placeRules } from './positions.ts'
import { PrefixIndex } from './prefix-index.ts'
import type { Problem } from './problem.ts'
import { quicServers } from './quic.ts'
import { buildRings } from './rings.ts'
import { encodeClassifiers, encodeMemberships, encodeRules, encodeSide } from './side.ts'
import { sourcePools } from './sourcenat.ts'
import type { Capacity, CapacityUse, PrefixKey, StableIds, Tables } from './tables.ts'
import { segmentsOf } from './tracking.ts'
import { ruleTraits } from './traits.ts'
import { VectorPool } from './vectors.ts'

/** What is the same object as at the compile before has not changed: so is it with `policy`, `local`, maps of `ids` and each set's entries. */
export interface CompileInput<Entries> extends Partial<Host> {
  /** Canonical: what checkPolicy returned without problems. */
  readonly policy: PolicyDocument
  /** Entries of every set, as an object that is never changed; a set that is absent here is empty. */
  readonly entries: ReadonlyMap<string, Entries>
  /** What turns one state of a set's entries into another; undefined: none. Asked only about sets that somebody names. */
  readonly delta: (before: Entries | undefined, after: Entries | undefined) => Generator<void, EntryDelta>
  /** This host's addresses, as /32 and /128. */
  readonly local: readonly PrefixKey[]
  readonly ids: StableIds
  readonly capacity: Capacity
  /** TCP port of the API: part of the default management. */
  readonly apiPort?: number
  /** Date.now() - CLOCK_BOOTTIME. Absent: times are told by CLOCK_BOOTTIME. */
  readonly bootOffsetMs?: number
  /** CLOCK_BOOTTIME until which connections are picked up in mid-stream, whatever the policy says. */
  readonly pickUpUntilS?: bigint
  /** Of the compilation before; changed by this one. */
  readonly memory?: Memory
}

export interface Compiled<Entries> {
  /** Not to be staged when there are problems. */
  readonly tables: Tables
  readonly use: CapacityUse[]
  /** `capacity_exceeded`, one for each table that is too small. */
  readonly problems: Problem[]
  /** What a next compile begins with. */
  readonly state: CompileState<Entries>
}

interface CompileState<Entries> {
  readonly book: CollectionBook<Entries>
  readonly memberships: MembershipRows
  readonly rules: CompiledRules
}

export function compile<Entries>(input: CompileInput<Entries>, previous?: Compiled<Entries>): Compiled<Entries> {
  return atOnce(compiling(input, previous))
}

/** In pieces. `previous` goes on to be what it was, and may be compiled from again. */
export function* compiling<Entries>(input: CompileInput<Entries>, previous?: Compiled<Entries>): Generator<void, Compiled<Entries>> {
  const { capacity, policy } = input
  const before = previous?.state
  const management = managementOf(policy, input.apiPort)
  const { book, changes } = yield* gatherCollections<Entries>(before?.book ?? emptyBook(), { ...input, management })
  const index = yield* (before?.memberships.memberships.index ?? PrefixIndex.empty()).changing(changes)
  // Numbers of memberships rest for one revision: where that is one too many, they are given anew.
  if (before && index.memberships.length > capacity.memberships && index.needed <= capacity.memberships) return yield* compiling(input)

  const memberships = profileMemberships(index, book, before?.memberships.memberships)
  const memory = input.memory ?? before?.rules.input.memory ?? newMemory()
  const rules = compileRules(
    { ...input, memory, ...index.counts, numbers: book.numbers, pool: index.pool, profiles: memberships.profiles },
    before?.rules,
  )
  const rows = membershipRows(memberships, rules.rows.memberships, Math.floor((input.bootOffsetMs ?? 0) / 1000), before?.memberships)
  const use = prefixUse(index, capacity)
  const isSameRows = previous !== undefined && rules === before?.rules && rows.rows === before.memberships.rows

  return {
    tables: {
      prefixes: index.tree,
      rows: isSameRows ? previous.tables.rows : { ...rules.rows, memberships: rows.rows },
      named: rules.named,
      segments: rules.segments,
    },
    use: [...use, ...rules.use],
    problems: [...capacityProblems(use, {}), ...rules.problems],
    state: { book, memberships: rows, rules },
  }
}

interface RulesInput
  extends Pick<CompileInput<unknown>, 'policy' | 'ids' | 'capacity' | 'apiPort' | 'devices' | 'cgroups' | 'bootOffsetMs' | 'pickUpUntilS'>,
    Collections {
  readonly memory: Memory
  /** Prefixes that are held. */
  readonly ipv4: number
  readonly ipv6: number
  /** Sets of the pool. */
  readonly profiles: readonly number[]
}

interface CompiledRules extends Omit<Tables, 'prefixes'> {
  /** Rows are those of the memory, and good for as long as nothing else is compiled with it. */
  readonly generation: number
  readonly input: RulesInput
  /** `memberships`: a row a profile. */
  readonly rows: Tables['rows']
  readonly use: readonly CapacityUse[]
  readonly problems: readonly Problem[]
}

/** All that does not depend on which prefixes there are. */
function compileRules(input: RulesInput, previous: CompiledRules | undefined): CompiledRules {
  const { memory } = input
  if (previous && previous.generation === memory.generation && isSame(previous.input, input)) return previous
  const compiled = compileRulesWith(input)
  // Numbers that were kept may lie far apart: where they leave the table, they are given anew.
  if (compiled.problems.length > 0 || memory.vectors.end <= input.capacity.vectors) return compiled
  memory.vectors = new VectorPool()
  return compileRulesWith(input)
}

function compileRulesWith(input: RulesInput): CompiledRules {
  const { policy, ids, capacity, profiles, ipv4, ipv6, memory } = input
  const services = enabledServices(policy)
  const management = managementOf(policy, input.apiPort)
  const rules = directions.map(direction => orderRules(policy, direction).slice(0, Limit.ruleBits))

  const { vectors } = memory
  const positions = rules.map((ordered, direction) => {
    const names = ordered.map(({ name }) => name)
    const placed = placeRules(names, memory.positions[direction] ?? new Map())
    memory.positions[direction] = new Map(names.map((name, at) => [name, placed[at] as number]))
    return placed
  })
  const host: Host = { devices: input.devices ?? [], cgroups: input.cgroups ?? new Map() }
  const { numbers, pool } = input
  memory.generation++
  vectors.begin()
  const classes = rules.map((ordered, direction) =>
    directionClasses({ rules: ordered, positions: positions[direction] ?? [], host, sets: profiles, numbers, pool }, vectors),
  )
  const addresses = classes.flatMap(({ addresses }) => addresses)

  const limits = limitRules(policy).slice(0, Limit.limitRows)
  const detectors = detectorsOf(policy)
  const traits = ruleTraits(policy)
  const segments = segmentsOf(policy, traits)

  const balancing = buildBalancing(services, ids.services, input, profiles)
  const admission = admissionOf(services)
  const pools = sourcePools(services)
  const servers = quicServers(services, ids)
  const { services: serviceTable, ...rings } = buildRings(services, ids, { admission, pools, servers }, memory.rings)

  const rows: Tables['rows'] = {
    sides: encodeSide({
      policy,
      traits,
      positions,
      classes,
      management,
      prefixes: { ipv4, ipv6 },
      services: services.length,
      segments,
      pickUpUntilS: input.pickUpUntilS ?? 0n,
    }),
    memberships: encodeMemberships({
      profiles,
      collections: input,
      addresses,
      serviceRow: balancing.serviceRow,
      management,
      detectors,
      admission,
    }),
    ...encodeClassifiers(classes),
    vectors: vectors.rows(),
    rules: encodeRules({ rules, positions, ids: ids.rules, limits, bootOffsetMs: input.bootOffsetMs ?? 0 }),
    limits: encodeLimits(limits, ids.rules),
    detectors: encodeDetectors(detectors, ids.detectors),
    service_ports: joined([balancing.servicePorts]),
    service_rows: joined([balancing.serviceRows]),
    services: serviceTable,
    ...rings,
    pool_addresses: pools.rows,
    quic_servers: servers.rows,
  }
  const use = useOf({ policy, rows, vectors: vectors.count, capacity })
  return {
    input,
    generation: memory.generation,
    rows,
    named: classes.flatMap(({ named }, direction) => named.map(entry => ({ ...entry, direction }))),
    segments,
    use,
    problems: capacityProblems(use, policy),
  }
}

function isSame(before: RulesInput, after: RulesInput): boolean {
  return (
    before.memory === after.memory &&
    before.policy === after.policy &&
    before.ids.rules === after.ids.rules &&
    before.ids.services === after.ids.services &&
    before.ids.backends === after.ids.backends &&
    before.capacity === after.capacity &&
    before.ids.detectors === after.ids.detectors &&
    before.apiPort === after.apiPort &&
    before.pickUpUntilS === after.pickUpUntilS &&
    (before.bootOffsetMs === after.bootOffsetMs || !ruleTraits(after.policy).has('ends')) &&
    isSameHost(before, after) &&
    before.numbers === after.numbers &&
    before.profiles === after.profiles &&
    before.ipv4 > 0 === after.ipv4 > 0 &&
    before.ipv6 > 0 === after.ipv6 > 0
  )
}

function isSameHost(before: Partial<Host>, after: Partial<Host>): boolean {
  const told = ({ devices = [], cgroups = new Map() }: Partial<Host>) =>
    [...devices.map(({ name, ifindex }) => `${ifindex} ${name}`), ...[...cgroups].map(([path, id]) => `${id} ${path}`)].join('\n')

  return (before.devices === after.devices && before.cgroups === after.cgroups) || told(before) === told(after)
}

function joined(parts: readonly (Uint16Array | Uint32Array)[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0

  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at)
    at += part.byteLength
  }
  return bytes
}
