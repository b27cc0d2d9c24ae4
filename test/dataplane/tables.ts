/** Tables written by hand, for tests that do not ask the compiler. */
import { isIP } from 'node:net'
import { BaseMembership, Limit, Membership, maps, Side, SideFlag, Verdict } from '../../controlplane/dataplane/abi.ts'
import type { Cell, PrefixTree } from '../../controlplane/policy/prefix-tree.ts'
import type { PrefixKey, SidedMap, Tables } from '../../controlplane/policy/tables.ts'
import { treeOf } from '../policy/trees.ts'

/** `192.0.2.0/24` as a key. */
export function ipv4Key(text: string): PrefixKey {
  const [address = '', length = '32'] = text.split('/')

  if (isIP(address) !== 4) throw new Error(`${text} is not an IPv4 prefix`)
  return String.fromCharCode(4, ...address.split('.').map(Number), Number(length))
}

export interface Changes {
  /** Looked up for both ends of a packet. */
  prefixes?: ReadonlyMap<PrefixKey, number>
  /** Instead of them. */
  tree?: PrefixTree
  rows?: Partial<Record<SidedMap, Uint8Array>>
  /** What happens to packets that no rule decides: all of them, as there are no rules. */
  ingress?: 'allow' | 'deny'
}

function side(ingress: 'allow' | 'deny', flags: number): Uint8Array {
  const bytes = new Uint8Array(Side.size)

  Side.encode(new DataView(bytes.buffer), 0, {
    flags,
    ruleWords: [0, 0],
    defaults: [ingress === 'deny' ? Verdict.drop : Verdict.pass, Verdict.pass],
    essentials: 0,
    managementCount: 0,
    management: [],
    dimensions: [0, 0],
    timeoutsS: [],
    trackedSegments: 0,
    limitSegments: 0,
    detectionSegments: 0,
    pickUpUntilS: 0n,
  })
  return bytes
}

/** No rule, no service, and what is given. */
export function tablesWith(changes: Changes = {}): Tables {
  const empty = (name: SidedMap, rows: number): Uint8Array => new Uint8Array(maps[name].valueSize * rows)

  const flags = changes.prefixes || changes.tree ? SideFlag.prefixesIpv4 | SideFlag.prefixesIpv6 | SideFlag.sources : 0

  return {
    prefixes: changes.tree ?? treeOf(changes.prefixes ?? new Map()),
    rows: {
      sides: side(changes.ingress ?? 'allow', flags),
      memberships: new Uint8Array(Membership.size * 8),
      value_classes: empty('value_classes', 10),
      classifiers: empty('classifiers', 2),
      limits: empty('limits', 0),
      detectors: empty('detectors', 0),
      vectors: empty('vectors', 1),
      rules: empty('rules', 2 * Limit.ruleBits),
      service_ports: empty('service_ports', 3),
      service_rows: empty('service_rows', 1),
      services: empty('services', 1),
      rings: empty('rings', 1),
      ring_seconds: empty('ring_seconds', 1),
      backends: empty('backends', 1),
      pool_addresses: new Uint8Array(0),
      quic_servers: new Uint8Array(0),
      ...changes.rows,
    },
    named: [],
    segments: { tracked: 0, limit: 0, detection: 0 },
  }
}

export function emptyTables(): Tables {
  return tablesWith()
}

export const churnCapacity = {
  ruleIds: 64,
  serviceIds: 64,
  backendIds: 64,
  connections: 1024,
  vectors: 64,
  memberships: 64,
  ringLines: 64,
  serviceRows: 64,
}

const still = prefixesFrom(0, 0)
const stillTree = treeOf(still)
const moving = Array.from({ length: 7 }, (_, turn) => prefixesFrom(8, turn))
const movingTrees = moving.map(treeOf)

/** In both families: some with others around them. */
function prefixesFrom(first: number, turn: number): Map<PrefixKey, number> {
  const prefixes = new Map<PrefixKey, number>()

  for (let i = 0; i < 1500; i++) {
    const [high, low, part] = [first + (i >> 8), i & 0xff, (turn % 3) * 64]

    prefixes.set(String.fromCharCode(4, 10, high, low, part, 26 + ((i + turn) % 3) * 2), 2 + ((i + turn) % 5))
    prefixes.set(
      String.fromCharCode(6, 0x20, 1 + first, high, low, part) + '\0'.repeat(11) + String.fromCharCode(36 + (i % 3)),
      2 + ((i + turn) % 5),
    )
  }
  prefixes.set(String.fromCharCode(4, 10, first, 0, 0, 13), 2 + turn)
  prefixes.set(String.fromCharCode(6, 0x20, 1 + first) + '\0'.repeat(14) + String.fromCharCode(16), 2 + turn)
  return prefixes
}

const whole = moving.map(prefixes => new Map([...still, ...prefixes]))

export function churnPrefixes(revision: number): ReadonlyMap<PrefixKey, number> {
  return whole[revision % 7] ?? still
}

/** Tables that differ from those of the revision before in half of their prefixes and in all rows, and repeat after seven. */
export function churnTables(revision: number): Tables {
  const turn = revision % 7
  const moved = movingTrees[turn] as PrefixTree
  const cells = (family: 'ipv4' | 'ipv6'): Cell[] =>
    moved[family].map((cell, index) => (stillTree[family][index] === BaseMembership[family] ? cell : (stillTree[family][index] as Cell)))

  return tablesWith({
    tree: { ipv4: cells('ipv4'), ipv6: cells('ipv6') },
    rows: { vectors: new Uint8Array(maps.vectors.valueSize * 64).fill(turn) },
    ingress: turn % 2 === 0 ? 'allow' : 'deny',
  })
}
