/** A policy made into tables: the way from names and prefixes to memberships, classes, vectors and rings, top to bottom. */
import { Limit } from '../dataplane/abi.ts'
import { buildBalancing } from './balancing.ts'
import { capacityProblems, useOf } from './capacity.ts'
import { addressClasses, fields, type PortClasses, portClasses, protocolClasses } from './classes.ts'
import { enabledServices, gatherCollections } from './collections.ts'
import type { PolicyDocument } from './document.ts'
import { managementOf } from './management.ts'
import { buildMemberships } from './memberships.ts'
import { directions, orderRules } from './order.ts'
import type { Problem } from './problem.ts'
import { buildRings } from './rings.ts'
import { encodeClassifiers, encodeMemberships, encodeRules, encodeSide } from './side.ts'
import type { Capacity, CapacityUse, PrefixKey, StableIds, Tables } from './tables.ts'
import { vectorPool } from './vectors.ts'

export interface CompileInput {
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
}

export interface Compiled {
  /** Not to be staged when there are problems. */
  readonly tables: Tables
  readonly use: CapacityUse[]
  /** `capacity_exceeded`, one for each table that is too small. */
  readonly problems: Problem[]
}

export function compile(input: CompileInput): Compiled {
  const { policy, ids, capacity } = input
  const services = enabledServices(policy)
  const management = managementOf(policy, input.apiPort)
  const rules = directions.map(direction => orderRules(policy, direction).slice(0, Limit.ruleBits))

  const collections = gatherCollections({ ...input, management })
  const memberships = buildMemberships(collections, input.hint, capacity.memberships)

  const vectors = vectorPool({ summaryWords: Limit.summaryWords * 2, words: Limit.ruleWords * 2 })
  const addresses = rules.flatMap(ordered =>
    fields.map(field => addressClasses(ordered, field, memberships.sets, collections.numbers, collections.pool, vectors)),
  )
  const ports: PortClasses[] = rules.flatMap(ordered => fields.map(field => portClasses(ordered, field, vectors)))
  const protocols = rules.map(ordered => protocolClasses(ordered, vectors))

  const balancing = buildBalancing(services, ids.services, collections, memberships.sets)
  const { services: serviceTable, rings, backends } = buildRings(services, ids)

  const tables: Tables = {
    prefixes: memberships.prefixes,
    rows: {
      sides: encodeSide({ policy, rules, management, prefixes: memberships.prefixes, services: services.length }),
      memberships: encodeMemberships({ memberships, collections, addresses, serviceRow: balancing.serviceRow, management }),
      ...encodeClassifiers(ports, protocols),
      vectors: vectors.rows(),
      rules: encodeRules(rules, ids.rules),
      limits: new Uint8Array(0),
      detectors: new Uint8Array(0),
      service_ports: joined([balancing.servicePorts]),
      service_rows: joined([balancing.serviceRows]),
      services: serviceTable,
      rings,
      backends,
    },
    named: [],
    segments: { tracked: 0, limit: 0, detection: 0 },
  }
  const use = useOf({ policy, tables, memberships, vectors: vectors.count, capacity })
  return { tables, use, problems: capacityProblems(use, policy) }
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
