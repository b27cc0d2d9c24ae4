/** How large each map is, from what a side may hold. */
import { randomInt } from 'node:crypto'
import { totalmem } from 'node:os'
import type { Capacity, SidedMap } from '../policy/tables.ts'
import type { Config, MapName } from './abi.ts'
import {
  directionCount,
  eventTypeCount,
  flowEventCount,
  hookCount,
  Limit,
  reasonCount,
  serviceProtocolCount,
  trackingEventCount,
  valueTableCount,
  verdictCount,
} from './abi.ts'

/** Ten thousand rules that share nothing need about 22,000 vectors: 98 MiB for both sides, which a small host keeps for itself. */
const vectors = totalmem() >= 4 * 2 ** 30 ? 24_576 : 4096

export const defaultCapacity: Capacity = {
  prefixesIpv4: 4_194_304,
  prefixesIpv6: 4_194_304,
  prefixPages: 262_144,
  memberships: 65_536,
  vectors,
  serviceRows: 16_384,
  ringLines: 65_536,
  ruleIds: 32_768,
  serviceIds: 2048,
  backendIds: 8192,
  connections: 262_144,
}

/** Rows of one side in each sided map. */
export function sideRows(capacity: Capacity): Readonly<Record<SidedMap, number>> {
  return {
    sides: 1,
    memberships: capacity.memberships,
    value_classes: directionCount * valueTableCount,
    classifiers: directionCount,
    vectors: capacity.vectors,
    rules: directionCount * Limit.ruleBits,
    limits: Limit.limitRows,
    detectors: Limit.detectors,
    service_ports: serviceProtocolCount,
    service_rows: capacity.serviceRows,
    services: capacity.serviceIds,
    rings: capacity.ringLines,
    ring_seconds: capacity.ringLines,
    backends: capacity.backendIds,
    pool_addresses: Limit.poolAddresses,
    quic_servers: capacity.backendIds,
  }
}

/** max_entries of the maps that maps.h leaves open. */
export function mapSizes(capacity: Capacity, cpus: number): Readonly<Partial<Record<MapName, number>>> {
  const rows = sideRows(capacity)

  return {
    memberships: Limit.sides * rows.memberships,
    vectors: Limit.sides * rows.vectors,
    rule_tats: capacity.ruleIds,
    service_rows: Limit.sides * rows.service_rows,
    services: Limit.sides * rows.services,
    rings: Limit.sides * rows.rings,
    ring_seconds: Limit.sides * rows.ring_seconds,
    down_backends: Math.ceil(capacity.backendIds / 64),
    service_states: capacity.serviceIds,
    backends: Limit.sides * rows.backends,
    quic_servers: Limit.sides * rows.quic_servers,
    verdict_cache: cpus * Limit.verdictLines,
    connections: capacity.connections,
    next_hops: cpus * Limit.nextHopLines,
    rule_counts: cpus * capacity.ruleIds,
    service_counts: cpus * capacity.serviceIds,
    backend_counts: cpus * capacity.backendIds,
    tracking_counts: cpus * trackingEventCount,
    outcome_counts: cpus * hookCount * verdictCount * reasonCount,
    flow_counts: cpus * flowEventCount,
    event_counts: cpus * eventTypeCount,
    log_counts: cpus * capacity.ruleIds,
  }
}

/** skb mark of a packet that tc_ingress has sent on, for tc_egress to know it by: "draw". */
const FORWARDED_MARK = 0x64726177

export function configOf(capacity: Capacity, cpus: number, trace: boolean, secret: bigint): Config {
  return {
    cpus,
    memberships: capacity.memberships,
    vectors: capacity.vectors,
    serviceRows: capacity.serviceRows,
    ringLines: capacity.ringLines,
    ruleIds: capacity.ruleIds,
    serviceIds: capacity.serviceIds,
    backendIds: capacity.backendIds,
    trace: trace ? 1 : 0,
    forwardedMark: FORWARDED_MARK,
    checkedMark: randomInt(1, 0xffff_ffff),
    secret,
  }
}
