/** Random policies and packets that meet: few prefixes, nested and side by side, and addresses at their edges. */
import fc from 'fast-check'
import type { PolicyDocument } from '../../controlplane/policy/document.ts'
import { assignIds, emptyIdBook } from '../../controlplane/policy/ids.ts'
import { type Prefix, parsePrefix, prefixKey } from '../../controlplane/policy/prefix.ts'
import type { Capacity } from '../../controlplane/policy/tables.ts'
import { tcpFlagNames } from '../../controlplane/policy/wants.ts'
import type { Packet, World } from './plain.ts'

export const capacity: Capacity = {
  prefixesIpv4: 2_000_000,
  prefixesIpv6: 2_000_000,
  prefixPages: 262_144,
  memberships: 65536,
  vectors: 65536,
  serviceRows: 65536,
  ringLines: 65536,
  ruleIds: 65536,
  serviceIds: 4096,
  backendIds: 65535,
  connections: 1000,
}
export const key = (text: string) => prefixKey(parsePrefix(text) as Prefix)
export const bytes = (text: string) => (parsePrefix(text) as Prefix).bytes

/** Few prefixes, nested and side by side, so that rules and packets meet. */
export const prefixes = [
  '0.0.0.0/0',
  '192.0.0.0/8',
  '192.0.2.0/24',
  '192.0.2.0/25',
  '192.0.2.64/26',
  '192.0.2.64/32',
  '192.0.2.65/32',
  '198.51.100.0/24',
  '198.51.100.7/32',
  '203.0.113.255/32',
  '::/0',
  '2001:db8::/32',
  '2001:db8::/64',
  '2001:db8::1/128',
  '2001:db8:0:0:8000::/65',
  '2001:db9::/33',
  'ffff::/16',
]
const ports = ['0', '22', '79-81', '80', '443', '1024-65535', '65535', '0-65535', '8000-8100']
export const some = (values: readonly string[], extra: readonly string[] = []) =>
  fc.uniqueArray(fc.constantFrom(...values, ...extra), { minLength: 1, maxLength: 4 })
const references = some(prefixes, ['@a', '@b', '@empty', '@local', '@services'])

/** An edge of a prefix, or one beside it. */
const address = fc.tuple(fc.constantFrom(...prefixes), fc.constantFrom(-1, 0, 1, 2, 3)).map(([text, which]) => {
  const { bytes, length } = parsePrefix(text) as Prefix
  const bits = BigInt(bytes.length * 8)
  const first = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  const last = first | ((1n << (bits - BigInt(length))) - 1n)
  const value = BigInt.asUintN(Number(bits), [first - 1n, first, first + 1n, last, last + 1n][which + 1] as bigint)
  return Uint8Array.from({ length: bytes.length }, (_, at) => Number((value >> BigInt(8 * (bytes.length - 1 - at))) & 0xffn))
})
const port = fc.oneof(fc.constantFrom(0, 21, 22, 23, 78, 79, 80, 81, 82, 443, 1023, 1024, 65534, 65535), fc.nat(65535))
/** What this host has of all that rules may name: `/gone` is nowhere, and nobody names what `/a/b/c` is. */
export const devices = ['eth0', 'eth1', 'veth7', 'lo'].map((name, at) => ({ name, ifindex: at + 1 }))
export const cgroups = new Map(['/', '/a', '/a/b', '/ab'].map((path, at) => [path, BigInt(at + 100)]))

/** `odds` to one that it is there; of `freq` fast-check leaves one out. */
const optional = <Value>(value: fc.Arbitrary<Value>, odds = 1) => fc.option(value, { nil: undefined, freq: odds + 1 })
const defined = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, content]) => content !== undefined)) as Value
const flags = fc.subarray(tcpFlagNames.slice(), { maxLength: 3 })
const type = fc.constantFrom(0, 3, 8, 128, 255)
const code = fc.constantFrom(0, 1, 255)
const length = fc.constantFrom(0, 20, 63, 64, 65, 1500, 65534, 65535)

export const packet: fc.Arbitrary<Packet> = fc
  .record({
    direction: fc.constantFrom('ingress' as const, 'egress' as const),
    source: address,
    destination: address,
    protocol: fc.constantFrom(6, 6, 6, 17, 132, 1, 58, 47),
    ports: optional(fc.tuple(port, port), 5),
    icmp: fc.record({ type, code }),
    tcpFlags: flags,
    fragment: fc.constantFrom('none' as const, 'none' as const, 'first' as const, 'later' as const),
    vlan: optional(fc.constantFrom(0, 99, 100, 4095)),
    dscp: fc.constantFrom(0, 45, 46, 63),
    length,
    state: optional(fc.constantFrom('new' as const, 'established' as const, 'related' as const, 'invalid' as const), 3),
    device: optional(fc.constantFrom(...devices.map(({ name }) => name)), 3),
    cgroup: optional(fc.constantFrom('/', '/a', '/a/b', '/a/b/c', '/ab', '/other'), 3),
    uid: optional(fc.constantFrom(0, 1000, 4_294_967_295)),
  })
  .map(({ ports, icmp, tcpFlags, cgroup, uid, ...rest }) => {
    const { protocol, fragment, direction, source } = rest
    const headers = fragment !== 'later'

    return defined({
      ...rest,
      ports: headers && [6, 17, 132].includes(protocol) ? (ports ?? [0, 0]) : undefined,
      icmp: headers && protocol === (source.length === 4 ? 1 : 58) ? icmp : undefined,
      tcpFlags: headers && protocol === 6 ? tcpFlags : undefined,
      cgroup: direction === 'egress' ? cgroup : undefined,
      uid: direction === 'egress' ? uid : undefined,
    }) as Packet
  })
  // ICMP of the other family is no ICMP to a person, and a number like any other to the programs.
  .filter(({ protocol, source }) => protocol !== (source.length === 4 ? 58 : 1))

const rule = fc
  .record({
    priority: optional(fc.nat(5)),
    direction: fc.constantFrom('ingress', 'egress'),
    action: fc.constantFrom('allow', 'allow', 'deny', 'deny', 'reject', 'limit'),
    enforcement: optional(fc.constantFrom('enforce', 'observe')),
    interfaces: optional(fc.uniqueArray(fc.constantFrom('eth0', 'eth*', 'veth*', '*', 'nothere'), { minLength: 1, maxLength: 2 })),
    limit: fc.record({ packetsPerSecond: fc.constant(1), within: fc.constantFrom('continue', 'allow') }),
    enabled: optional(fc.boolean()),
    match: fc
      .record({
        source: optional(references, 2),
        notSource: optional(references),
        destination: optional(references, 2),
        notDestination: optional(references),
        protocol: optional(fc.constantFrom('tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 6, 47)),
        sourcePorts: optional(some(ports)),
        destinationPorts: optional(some(ports)),
        icmp: optional(fc.record({ type, code: optional(code) }).map(defined)),
        tcpFlags: optional(fc.record({ set: optional(flags), unset: optional(flags) }).map(defined)),
        state: optional(fc.subarray(['new', 'established', 'related', 'invalid'], { minLength: 1 })),
        fragment: optional(fc.constantFrom('none', 'first', 'later', 'any')),
        vlan: optional(fc.constantFrom(0, 100, 4095)),
        dscp: optional(fc.constantFrom(0, 46)),
        length: optional(fc.constantFrom('0-63', '64', '64-1500', '65535', '0-65535')),
        cgroup: optional(fc.constantFrom('/', '/a', '/a/b', '/ab', '/gone')),
        uid: optional(fc.constantFrom(0, 4_294_967_295)),
      })
      // Each field narrows: with all of them no rule would match.
      .map(match => Object.entries(defined(match)))
      .chain(fields => fc.subarray(fields, { maxLength: Math.min(4, fields.length) }).map(Object.fromEntries)),
  })
  .map(({ limit, ...value }) => defined(value.action === 'limit' ? { ...value, limit } : value))
const service = fc
  .record({
    address: fc.constantFrom('192.0.2.64', '192.0.2.0/24', '192.0.2.0/25', '198.51.100.7', '2001:db8::1', '2001:db8::/64'),
    ports: optional(some(ports), 3),
    protocol: fc.constantFrom('tcp', 'udp', 'sctp'),
    enabled: optional(fc.boolean()),
    forwarding: fc.constantFrom('nat', 'dsr-l2'),
    backends: fc.dictionary(
      fc.constantFrom('b1', 'b2', 'b3'),
      fc
        .record({
          address: fc.constantFrom('192.0.2.65', '203.0.113.255', '2001:db8::1'),
          state: optional(fc.constantFrom('active', 'disabled')),
          weight: optional(fc.nat(3)),
        })
        .map(defined),
    ),
  })
  .map(defined)
const named = <Value>(value: fc.Arbitrary<Value>, maxLength: number) =>
  fc.array(value, { maxLength, size: 'max' }).map(list => Object.fromEntries(list.map((item, at) => [`n${(at * 7919) % 1000}`, item])))
const policy = fc
  .record({
    defaults: fc
      .record({
        ingress: optional(fc.constantFrom('allow', 'deny')),
        egress: optional(fc.constantFrom('allow', 'deny')),
        // They are no matter of tables.
        essentials: fc.constant(false),
        management: optional(
          fc.array(
            fc
              .record({ port: fc.constantFrom(22, 80, 443), protocol: fc.constantFrom('tcp', 'udp'), sources: optional(some(prefixes), 3) })
              .map(defined),
            { maxLength: 8 },
          ),
        ),
      })
      .map(defined),
    interfaces: fc.constant({}),
    rules: fc.oneof(named(rule, 6), named(rule, 150)),
    services: named(service, 5),
  })
  .map(value => value as unknown as PolicyDocument)
export const world = fc
  .record({
    policy,
    local: fc.subarray(['192.0.2.64/32', '198.51.100.7/32', '2001:db8::1/128']),
    a: fc.subarray(prefixes, { maxLength: 8 }),
    b: fc.subarray(prefixes, { maxLength: 3 }),
  })
  .map(
    ({ policy, local, a, b }): World => ({
      policy,
      local: local.map(key),
      entries: new Map([
        ['a', a.map(key)],
        ['b', b.map(key)],
      ]),
      ids: assignIds(emptyIdBook, policy, capacity).book,
    }),
  )
