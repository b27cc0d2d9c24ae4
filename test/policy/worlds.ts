/** Random policies and packets that meet: few prefixes, nested and side by side, and addresses at their edges. */
import fc from 'fast-check'
import type { PolicyDocument } from '../../controlplane/policy/document.ts'
import { assignIds, emptyIdBook } from '../../controlplane/policy/ids.ts'
import { type Prefix, parsePrefix, prefixKey } from '../../controlplane/policy/prefix.ts'
import type { Capacity } from '../../controlplane/policy/tables.ts'
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
export const packet: fc.Arbitrary<Packet> = fc
  .record({
    direction: fc.constantFrom('ingress' as const, 'egress' as const),
    source: address,
    destination: address,
    protocol: fc.constantFrom(6, 6, 6, 17, 132, 1, 58, 47),
    ports: fc.option(fc.tuple(port, port), { nil: undefined }),
  })
  .map(({ ports, ...rest }) => (ports === undefined || ![6, 17, 132].includes(rest.protocol) ? rest : { ...rest, ports }))

const optional = <Value>(value: fc.Arbitrary<Value>, weight = 1) => fc.option(value, { nil: undefined, freq: weight })
const defined = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, content]) => content !== undefined)) as Value
const rule = fc
  .record({
    priority: optional(fc.nat(5)),
    direction: fc.constantFrom('ingress', 'egress'),
    action: fc.constantFrom('allow', 'deny'),
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
      })
      .map(defined),
  })
  .map(defined)
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
  fc.array(value, { maxLength }).map(list => Object.fromEntries(list.map((item, at) => [`n${(at * 7919) % 1000}`, item])))
const policy = fc
  .record({
    defaults: fc
      .record({
        ingress: optional(fc.constantFrom('allow', 'deny')),
        egress: optional(fc.constantFrom('allow', 'deny')),
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
