/** Tables written by hand, for tests that do not ask the compiler. */
import { isIP } from 'node:net'
import { Limit, maps, Membership, Side, Verdict } from '../../controlplane/dataplane/abi.ts'
import { type PrefixKey, type SidedMap, type Tables } from '../../controlplane/policy/tables.ts'

/** `192.0.2.0/24` as a key. */
export function ipv4Key (text: string): PrefixKey {
  const [address = '', length = '32'] = text.split('/')

  if (isIP(address) !== 4)
    throw new Error(`${text} is not an IPv4 prefix`)
  return String.fromCharCode(4, ...address.split('.').map(Number), Number(length))
}

export interface Changes {
  prefixes?: ReadonlyMap<PrefixKey, number>
  rows?: Partial<Record<SidedMap, Uint8Array>>
  /** What happens to packets that no rule decides: all of them, as there are no rules. */
  ingress?: 'allow' | 'deny'
}

function side (ingress: 'allow' | 'deny'): Uint8Array {
  const bytes = new Uint8Array(Side.size)

  Side.encode(new DataView(bytes.buffer), 0, {
    flags: 0, ruleWords: [0, 0], defaults: [ingress === 'deny' ? Verdict.drop : Verdict.pass, Verdict.pass], essentials: 0, managementCount: 0,
    portless: [], management: [], protocols: [],
  })
  return bytes
}

/** No rule, no service, and what is given. */
export function tablesWith (changes: Changes = {}): Tables {
  const empty = (name: SidedMap, rows: number): Uint8Array => new Uint8Array(maps[name].valueSize * rows)

  return {
    prefixes: changes.prefixes ?? new Map(),
    rows: {
      sides: side(changes.ingress ?? 'allow'),
      memberships: new Uint8Array(Membership.size * 8),
      port_classes: empty('port_classes', 4),
      vectors: empty('vectors', 1),
      rules: empty('rules', 2 * Limit.ruleBits),
      service_ports: empty('service_ports', 3),
      service_rows: empty('service_rows', 1),
      services: empty('services', 1),
      rings: empty('rings', 1),
      backends: empty('backends', 1),
      ...changes.rows,
    },
  }
}

export function emptyTables (): Tables {
  return tablesWith()
}
