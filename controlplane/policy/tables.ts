/** What one side of the dataplane should hold: the result of compiling a policy, and all that the dataplane is told of it. */
import type { PrefixTree } from './prefix-tree.ts'

/** A prefix as a string of bytes: family (4 or 6), address, length. Sorts by family, address, length: a covering prefix comes first. */
export type PrefixKey = string

/** Maps that hold two sides, with one row type each. Names are those of dataplane-bpf/maps.h. */
export const sidedMaps = [
  'sides',
  'memberships',
  'value_classes',
  'classifiers',
  'vectors',
  'rules',
  'limits',
  'detectors',
  'service_ports',
  'service_rows',
  'services',
  'rings',
  'ring_seconds',
  'backends',
  'pool_addresses',
  'quic_servers',
] as const
export type SidedMap = (typeof sidedMaps)[number]

export interface Tables {
  /** What addresses are looked up in: cells that are the same objects as in the tables before say the same. */
  readonly prefixes: PrefixTree
  /** Rows of this side from index 0 on, encoded as the structs of shared.h. What lies behind the last row is never read. */
  readonly rows: Readonly<Record<SidedMap, Uint8Array>>
  /** Devices, cgroups and users that rules name: entries of this side in `named_classes`. */
  readonly named: readonly NamedClass[]
  /** Segments that pools must have before this side comes into force. */
  readonly segments: Readonly<Record<Pool, number>>
}

export interface NamedClass {
  readonly dimension: number
  readonly direction: number
  /** ifindex, cgroup id or uid. */
  readonly value: bigint
  readonly class: number
}

/** Pools of pages that grow: names of maps without `_pages`. */
export const pools = ['tracked', 'limit', 'detection'] as const
export type Pool = (typeof pools)[number]

/** Numbers from 1 on that outlive revisions, so that counters, connections and caches go on when bit positions and indices change. */
export interface StableIds {
  readonly rules: ReadonlyMap<string, number>
  readonly services: ReadonlyMap<string, number>
  /** By `service/backend`. */
  readonly backends: ReadonlyMap<string, number>
  readonly detectors: ReadonlyMap<string, number>
}

/** Rows that a side may use, fixed when the programs are loaded. Same names as `struct config`. */
export interface Capacity {
  readonly prefixesIpv4: number
  readonly prefixesIpv6: number
  /** KiB for the trie of both. */
  readonly prefixPages: number
  readonly memberships: number
  readonly vectors: number
  readonly serviceRows: number
  readonly ringLines: number
  readonly ruleIds: number
  readonly serviceIds: number
  readonly backendIds: number
  readonly connections: number
}

export interface CapacityUse {
  readonly table: string
  readonly used: number
  readonly max: number
}
