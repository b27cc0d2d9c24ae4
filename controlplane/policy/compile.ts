/** A policy made into tables: the way from names and prefixes to memberships, classes, vectors and rings, top to bottom. */
import { Limit } from '../dataplane/abi.ts'
import { buildBalancing } from './balancing.ts'
import { capacityProblems, useOf } from './capacity.ts'
import { directionClasses, type Host } from './classes.ts'
import { enabledServices, gatherCollections } from './collections.ts'
import { detectorsOf, encodeDetectors } from './detectors.ts'
import type { PolicyDocument } from './document.ts'
import { encodeLimits, limitRules } from './limits.ts'
import { managementOf } from './management.ts'
import { buildMemberships } from './memberships.ts'
import { type Memory, newMemory } from './memory.ts'
import { directions, orderRules } from './order.ts'
import { placeRules } from './positions.ts'
import type { Problem } from './problem.ts'
import { buildRings } from './rings.ts'
import { encodeClassifiers, encodeMemberships, encodeRules, encodeSide } from './side.ts'
import type { Capacity, CapacityUse, PrefixKey, StableIds, Tables } from './tables.ts'
import { segmentsOf } from './tracking.ts'
import { VectorPool } from './vectors.ts'

export interface CompileInput extends Partial<Host> {
  /** Canonical: what checkPolicy returned without problems. */
  readonly policy: PolicyDocument
  /** Entries of every set; a set that is absent here is empty. */
  readonly entries: ReadonlyMap<string, Iterable<PrefixKey>>
  /** This host's addresses, as /32 and /128. */
  readonly local: readonly PrefixKey[]
  readonly ids: StableIds
  readonly capacity: Capacity
  /** Prefix -> membership on the side in force, so that what did not change keeps its number. */
  readonly hint: ReadonlyMap<PrefixKey, number>
  /** TCP port of the API: part of the default management. */
  readonly apiPort?: number
  /** Date.now() - CLOCK_BOOTTIME. */
  readonly bootOffsetMs?: number
  /** CLOCK_BOOTTIME until which connections are picked up in mid-stream, whatever the policy says. */
  readonly pickUpUntilS?: bigint
  /** Of the compilation before; changed by this one, whose tables are good until the next. */
  readonly memory?: Memory
}

export interface Compiled {
  /** Not to be staged when there are problems. */
  readonly tables: Tables
  readonly use: CapacityUse[]
  /** `capacity_exceeded`, one for each table that is too small. */
  readonly problems: Problem[]
}

export function compile(input: CompileInput): Compiled {
  const memory = input.memory ?? newMemory()
  const compiled = compileWith(input, memory)

  // Numbers that were kept may lie far apart: where they leave the table, they are given anew.
  if (!compiled.scattered) return compiled
  memory.vectors = new VectorPool()
  return compileWith(input, memory)
}

function compileWith(input: CompileInput, memory: Memory): Compiled & { readonly scattered: boolean } {
  const { policy, ids, capacity } = input
  const services = enabledServices(policy)
  const management = managementOf(policy, input.apiPort)
  const rules = directions.map(direction => orderRules(policy, direction).slice(0, Limit.ruleBits))

  const collections = gatherCollections({ ...input, management })
  const memberships = buildMemberships(collections, input.hint, capacity.memberships)

  const { vectors } = memory
  const positions = rules.map((ordered, direction) => {
    const names = ordered.map(({ name }) => name)
    const placed = placeRules(names, memory.positions[direction] ?? new Map())
    memory.positions[direction] = new Map(names.map((name, at) => [name, placed[at] as number]))
    return placed
  })
  const host: Host = { devices: input.devices ?? [], cgroups: input.cgroups ?? new Map() }
  const { numbers, pool } = collections
  vectors.begin()
  const classes = rules.map((ordered, direction) =>
    directionClasses({ rules: ordered, positions: positions[direction] ?? [], host, sets: memberships.sets, numbers, pool }, vectors),
  )
  const addresses = classes.flatMap(({ addresses }) => addresses)

  const limits = limitRules(policy).slice(0, Limit.limitRows)
  const detectors = detectorsOf(policy)
  const segments = segmentsOf(
    policy,
    rules.flat().filter(({ rule }) => rule.enabled !== false),
  )

  const balancing = buildBalancing(services, ids.services, collections, memberships.sets)
  const { services: serviceTable, rings, backends } = buildRings(services, ids)

  const tables: Tables = {
    prefixes: memberships.prefixes,
    rows: {
      sides: encodeSide({
        policy,
        rules,
        positions,
        classes,
        management,
        prefixes: memberships.prefixes,
        services: services.length,
        segments,
        pickUpUntilS: input.pickUpUntilS ?? 0n,
      }),
      memberships: encodeMemberships({ memberships, collections, addresses, serviceRow: balancing.serviceRow, management, detectors }),
      ...encodeClassifiers(classes),
      vectors: vectors.rows(),
      rules: encodeRules({ rules, positions, ids: ids.rules, limits, bootOffsetMs: input.bootOffsetMs ?? 0 }),
      limits: encodeLimits(limits, ids.rules),
      detectors: encodeDetectors(detectors, ids.detectors),
      service_ports: joined([balancing.servicePorts]),
      service_rows: joined([balancing.serviceRows]),
      services: serviceTable,
      rings,
      backends,
    },
    named: classes.flatMap(({ named }, direction) => named.map(entry => ({ ...entry, direction }))),
    segments,
  }
  const use = useOf({ policy, tables, memberships, vectors: vectors.count, capacity })
  const problems = capacityProblems(use, policy)
  return { tables, use, problems, scattered: problems.length === 0 && vectors.end > capacity.vectors }
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
