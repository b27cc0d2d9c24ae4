/** Compiled tables give every packet what a plain reading of the policy gives it. */
import fc from 'fast-check'
import { test } from 'tap'
import { BackendState, Limit, Side, SideFlag } from '../../controlplane/dataplane/abi.ts'
import { type Compiled, compile } from '../../controlplane/policy/compile.ts'
import type { PolicyDocument } from '../../controlplane/policy/document.ts'
import { assignIds, emptyIdBook } from '../../controlplane/policy/ids.ts'
import { checkPolicy } from '../../controlplane/policy/check.ts'
import { formatPrefix, type Prefix, parsePrefix, prefixFromKey, prefixKey } from '../../controlplane/policy/prefix.ts'
import type { Capacity, PrefixKey } from '../../controlplane/policy/tables.ts'
import { decide, type Packet, type World } from './plain.ts'
import { backendOf, sharesOf, walker } from './walk.ts'

const seed = Date.now() % 1_000_000_007
const capacity: Capacity = {
  prefixesIpv4: 2_000_000, prefixesIpv6: 2_000_000, memberships: 65536, vectors: 65536, serviceRows: 65536, ringLines: 65536,
  ruleIds: 65536, serviceIds: 4096, backendIds: 65535, connections: 1000,
}
const key = (text: string) => prefixKey(parsePrefix(text) as Prefix)
const bytes = (text: string) => (parsePrefix(text) as Prefix).bytes

/** Few prefixes, nested and side by side, so that rules and packets meet. */
const prefixes = [
  '0.0.0.0/0', '192.0.0.0/8', '192.0.2.0/24', '192.0.2.0/25', '192.0.2.64/26', '192.0.2.64/32', '192.0.2.65/32', '198.51.100.0/24', '198.51.100.7/32', '203.0.113.255/32',
  '::/0', '2001:db8::/32', '2001:db8::/64', '2001:db8::1/128', '2001:db8:0:0:8000::/65', '2001:db9::/33', 'ffff::/16',
]
const ports = ['0', '22', '79-81', '80', '443', '1024-65535', '65535', '0-65535', '8000-8100']
const some = (values: readonly string[], extra: readonly string[] = []) => fc.uniqueArray(fc.constantFrom(...values, ...extra), { minLength: 1, maxLength: 4 })
const references = some(prefixes, ['@a', '@b', '@empty', '@local', '@services'])

/** An edge of a prefix, or one beside it. */
const address = fc.tuple(fc.constantFrom(...prefixes), fc.constantFrom(-1, 0, 1, 2, 3)).map(([text, which]) => {
  const { bytes, length } = parsePrefix(text) as Prefix
  const bits = BigInt(bytes.length * 8)
  const first = bytes.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n)
  const last = first | ((1n << (bits - BigInt(length))) - 1n)
  const value = BigInt.asUintN(Number(bits), [first - 1n, first, first + 1n, last, last + 1n][which + 1] as bigint)
  return Uint8Array.from({ length: bytes.length }, (_, at) => Number(value >> BigInt(8 * (bytes.length - 1 - at)) & 0xffn))
})
const port = fc.oneof(fc.constantFrom(0, 21, 22, 23, 78, 79, 80, 81, 82, 443, 1023, 1024, 65534, 65535), fc.nat(65535))
const packet: fc.Arbitrary<Packet> = fc.record({
  direction: fc.constantFrom('ingress' as const, 'egress' as const), source: address, destination: address,
  protocol: fc.constantFrom(6, 6, 6, 17, 132, 1, 58, 47), ports: fc.option(fc.tuple(port, port), { nil: undefined }),
}).map(({ ports, ...rest }) => ports === undefined || ![6, 17, 132].includes(rest.protocol) ? rest : { ...rest, ports })

const optional = <Value> (value: fc.Arbitrary<Value>, weight = 1) => fc.option(value, { nil: undefined, freq: weight })
const defined = <Value extends object> (value: Value) => Object.fromEntries(Object.entries(value).filter(([, content]) => content !== undefined)) as Value
const rule = fc.record({
  priority: optional(fc.nat(5)), direction: fc.constantFrom('ingress', 'egress'), action: fc.constantFrom('allow', 'deny'), enabled: optional(fc.boolean()),
  match: fc.record({
    source: optional(references, 2), notSource: optional(references), destination: optional(references, 2), notDestination: optional(references),
    protocol: optional(fc.constantFrom('tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 6, 47)), sourcePorts: optional(some(ports)), destinationPorts: optional(some(ports)),
  }).map(defined),
}).map(defined)
const service = fc.record({
  address: fc.constantFrom('192.0.2.64', '192.0.2.0/24', '192.0.2.0/25', '198.51.100.7', '2001:db8::1', '2001:db8::/64'), ports: optional(some(ports), 3),
  protocol: fc.constantFrom('tcp', 'udp', 'sctp'), enabled: optional(fc.boolean()), forwarding: fc.constantFrom('nat', 'dsr-l2'),
  backends: fc.dictionary(fc.constantFrom('b1', 'b2', 'b3'), fc.record({
    address: fc.constantFrom('192.0.2.65', '203.0.113.255', '2001:db8::1'), state: optional(fc.constantFrom('active', 'disabled')), weight: optional(fc.nat(3)),
  }).map(defined)),
}).map(defined)
const named = <Value> (value: fc.Arbitrary<Value>, maxLength: number) => fc.array(value, { maxLength }).map(list =>
  Object.fromEntries(list.map((item, at) => [`n${(at * 7919) % 1000}`, item])))
const policy = fc.record({
  defaults: fc.record({
    ingress: optional(fc.constantFrom('allow', 'deny')), egress: optional(fc.constantFrom('allow', 'deny')),
    management: optional(fc.array(fc.record({ port: fc.constantFrom(22, 80, 443), protocol: fc.constantFrom('tcp', 'udp'), sources: optional(some(prefixes), 3) }).map(defined), { maxLength: 8 })),
  }).map(defined),
  interfaces: fc.constant({}), rules: fc.oneof(named(rule, 6), named(rule, 150)), services: named(service, 5),
}).map(value => value as unknown as PolicyDocument)
const world = fc.record({
  policy, local: fc.subarray(['192.0.2.64/32', '198.51.100.7/32', '2001:db8::1/128']),
  a: fc.subarray(prefixes, { maxLength: 8 }), b: fc.subarray(prefixes, { maxLength: 3 }),
}).map(({ policy, local, a, b }): World => ({
  policy, local: local.map(key), entries: new Map([['a', a.map(key)], ['b', b.map(key)]]), ids: assignIds(emptyIdBook, policy, capacity).book,
}))

function compiled (world: World, hint: ReadonlyMap<PrefixKey, number> = new Map()): Compiled {
  return compile({ ...world, capacity, hint })
}

function show (packet: Packet): string {
  const text = (address: Uint8Array) => formatPrefix({ family: address.length === 4 ? 4 : 6, bytes: address, length: address.length * 8 })
  return `${packet.direction} ${text(packet.source)} -> ${text(packet.destination)} protocol ${packet.protocol} ports ${packet.ports}`
}

function mustAgree (world: World, packets: readonly Packet[], { tables, problems }: Compiled): void {
  const walk = walker(tables)

  if (problems.length > 0)
    throw new Error(JSON.stringify(problems))
  for (const packet of packets) {
    const [expected, found] = [JSON.stringify(decide(world, packet)), JSON.stringify(walk(packet))]
    if (expected !== found)
      throw new Error(`${show(packet)}: a plain reading gives ${expected}, the tables ${found}`)
  }
}

test('tables decide as a plain reading of the policy does', async t => {
  t.comment(`seed ${seed}`)
  fc.assert(fc.property(world, fc.array(packet, { minLength: 40, maxLength: 60 }), (world, packets) => {
    mustAgree(world, packets, compiled(world))
  }), { seed, numRuns: 400 })
})

test('numbers in force are kept, and a change of policy is right with any of them', async t => {
  t.comment(`seed ${seed}`)
  fc.assert(fc.property(world, world, fc.array(packet, { minLength: 20, maxLength: 30 }), (before, after, packets) => {
    const first = compiled(before)
    const again = compiled(before, first.tables.prefixes)
    const next = compiled(after, first.tables.prefixes)

    mustAgree(after, packets, next)
    return JSON.stringify([...again.tables.prefixes]) === JSON.stringify([...first.tables.prefixes])
      && Object.entries(first.tables.rows).every(([map, rows]) => Buffer.compare(rows, again.tables.rows[map as keyof typeof again.tables.rows]) === 0)
  }), { seed, numRuns: 150 })
})

test('a set that gains a prefix rewrites that prefix alone', async t => {
  const policy: PolicyDocument = { defaults: {}, interfaces: {}, sets: { s: {}, other: {} }, rules: {
    x: { direction: 'ingress', action: 'deny', match: { source: ['@s'] } }, y: { direction: 'ingress', action: 'deny', match: { source: ['@other'] } },
  } }
  const { book: ids } = assignIds(emptyIdBook, policy, capacity)
  const many = Array.from({ length: 1000 }, (_, at) => key(`10.1.${at >> 8}.${at & 255}`))
  const build = (s: PrefixKey[], other: PrefixKey[], hint?: ReadonlyMap<PrefixKey, number>) =>
    compiled({ policy, ids, local: [], entries: new Map([['s', s], ['other', other]]) }, hint).tables
  const before = build(many, [key('10.0.0.0'), key('10.1.0.0/24')])
  const after = build([key('10.0.0.0'), ...many], [key('10.1.0.0/24')], before.prefixes)

  t.same([...after.prefixes].filter(([prefix, membership]) => before.prefixes.get(prefix) !== membership).map(([prefix]) => formatPrefix(prefixFromKey(prefix))), ['10.0.0.0/32'])
  t.equal(Buffer.compare(before.rows.memberships, after.rows.memberships), 0)
})

test('thousands of rules, past a summary word', async t => {
  const choose = <Value> (values: readonly Value[], at: number) => values[at % values.length] as Value
  const policy: PolicyDocument = { defaults: { ingress: 'deny' }, interfaces: {}, rules: Object.fromEntries(Array.from({ length: 9000 }, (_, at) => [`r${at}`, {
    priority: at, direction: 'ingress' as const, action: choose(['allow', 'deny'] as const, at),
    match: { source: [`10.${at >> 8}.${at & 255}.0/24`], destinationPorts: [String(1000 + at)] },
  }])) }
  const world: World = { policy, local: [], entries: new Map(), ids: assignIds(emptyIdBook, policy, capacity).book }
  const packets = [0, 1, 63, 64, 4095, 4096, 4097, 8191, 8192, 8999, 9000].flatMap(at => [at, at + 1].map((other): Packet =>
    ({ direction: 'ingress', source: bytes(`10.${at >> 8}.${at & 255}.9`), destination: bytes('192.0.2.1'), protocol: 6, ports: [1, 1000 + other] })))

  mustAgree(world, packets, compiled(world))
  t.pass('each decided alike')
})

test('a side says what packets must pay for, and nothing more', async t => {
  const flags = (part: Partial<PolicyDocument>, local: string[] = []) => {
    const { policy, problems, entries } = checkPolicy({ defaults: { management: [] }, interfaces: {}, ...part } as PolicyDocument)
    const { rows } = compiled({ policy, local: local.map(key), ids: assignIds(emptyIdBook, policy, capacity).book,
      entries: new Map([...entries].map(([set, list]) => [set, list.map(entry => entry.prefix)])) }).tables
    const side = Side.decode(new DataView(rows.sides.buffer), 0)

    t.same(problems, [])
    return Object.entries(SideFlag).filter(([, bit]) => side.flags & bit).map(([name]) => name)
  }
  const deny = (match: object) => ({ rules: { r: { direction: 'ingress' as const, action: 'deny' as const, match } } })

  t.same(flags({}), [])
  t.same(flags({ defaults: {} }), ['management'])
  t.same(flags({ defaults: { egress: 'deny' } }), ['sources', 'management'], 'replies are known by their source')
  t.same(flags({ defaults: { management: [{ port: 22, protocol: 'tcp', sources: ['192.0.2.0/24'] }] } }), ['prefixesIpv4', 'sources', 'management'])
  t.same(flags({}, ['192.0.2.1']), ['prefixesIpv4'])
  t.same(flags(deny({ destination: ['2001:db8::/32'] })), ['prefixesIpv6'])
  t.same(flags(deny({ source: ['2001:db8::/32'] })), ['prefixesIpv6', 'sources'])
  t.same(flags(deny({ source: ['0.0.0.0/0'] })), ['sources'], 'a family is no prefix')
  t.same(flags({ sets: { s: { entries: ['192.0.2.1'] } } }), [], 'a set that nobody names')
  const service = { address: '192.0.2.1', protocol: 'tcp', forwarding: 'dsr-l2', backends: { b: { address: '192.0.2.2' } } } as const
  t.same(flags({ services: { s: service } }), ['prefixesIpv4', 'services'])
  t.same(flags({ services: { s: { ...service, forwarding: 'nat' } } }), ['prefixesIpv4', 'sources', 'services'])
  t.same(flags({ services: { s: { ...service, enabled: false } } }), [])
})

test('rings and backends are what the document says', async t => {
  const policy: PolicyDocument = { defaults: {}, interfaces: {}, services: {
    web: { address: '198.51.100.10', ports: ['80'], protocol: 'tcp', forwarding: 'nat', backends: {
      a: { address: '10.0.0.1', port: 8080, weight: 300 }, b: { address: '10.0.0.2' }, c: { address: '10.0.0.3', state: 'disabled' }, d: { address: '10.0.0.4', weight: 0 },
    } },
    six: { address: '2001:db8::10', ports: ['80'], protocol: 'tcp', forwarding: 'dsr-l2', hash: 'source', backends: { a: { address: '2001:db8::1', port: 80 } } },
    bare: { address: '198.51.100.11', protocol: 'tcp', forwarding: 'nat' },
  } }
  const { book: ids } = assignIds(emptyIdBook, policy, capacity)
  const { tables } = compiled({ policy, ids, local: [], entries: new Map() })
  const id = (name: string) => ids.backends.get(name) as number
  const shares = sharesOf(tables, ids.services.get('web') as number)

  t.same([...shares.keys()].sort(), [id('web/a'), id('web/b')].sort(), 'neither a disabled backend nor one of weight 0')
  t.ok(Math.abs((shares.get(id('web/a')) as number) / (shares.get(id('web/b')) as number) - 3) < 0.05)
  t.equal(sharesOf(tables, ids.services.get('bare') as number).size, 0)
  t.match(backendOf(tables, id('web/a')), { address: [0x0a000001, 0, 0, 0], port: 8080, family: 0, state: BackendState.active, serviceId: ids.services.get('web') })
  t.match(backendOf(tables, id('web/b')), { port: 0, state: BackendState.active })
  t.match(backendOf(tables, id('web/c')), { state: BackendState.absent })
  t.match(backendOf(tables, id('web/d')), { state: BackendState.active }, 'its connections go on')
  t.match(backendOf(tables, id('six/a')), { address: [0x20010db8, 0, 0, 1], port: 0, family: 1 })
})

test('what does not fit is told by table, with numbers', async t => {
  const policy: PolicyDocument = { defaults: {}, interfaces: {}, rules: {
    x: { direction: 'ingress', action: 'deny', match: { source: ['192.0.2.0/24', '2001:db8::/32', '2001:db9::/32'], protocol: 'tcp' } }, y: { direction: 'egress', action: 'deny', match: {} },
  }, services: { s: { address: '192.0.2.1', ports: ['80'], protocol: 'tcp', forwarding: 'nat', backends: { a: { address: '10.0.0.1' }, b: { address: '10.0.0.2' } } } } }
  const tiny: Capacity = { prefixesIpv4: 1, prefixesIpv6: 1, memberships: 2, vectors: 1, serviceRows: 1, ringLines: 1, ruleIds: 2, serviceIds: 1, backendIds: 2, connections: 1 }
  const { book } = assignIds(emptyIdBook, policy, tiny)
  const { problems, use } = compile({ policy, entries: new Map(), local: [], ids: book, capacity: tiny, hint: new Map() })
  const full = compiled({ policy, entries: new Map(), local: [], ids: assignIds(emptyIdBook, policy, capacity).book })

  t.same(problems.map(problem => /table (\w+)/.exec(problem.detail)?.[1]), [
    'prefixes_ipv4', 'prefixes_ipv6', 'memberships', 'vectors', 'rule_ids', 'service_ids', 'backend_ids'])
  t.ok(problems.every(problem => problem.code === 'capacity_exceeded' && problem.hint))
  t.match(problems[1], { detail: 'table prefixes_ipv6 would need 2 rows and has 1' })
  t.same(full.problems, [])
  t.match(use.find(row => row.table === 'prefixes_ipv6'), { used: 2, max: 1 })
  t.match(full.use.find(row => row.table === 'ring_lines'), { used: 32 })
  const rules = Object.fromEntries(Array.from({ length: Limit.ruleBits + 1 }, (_, at) => [`r${at}`, { direction: 'egress' as const, action: 'deny' as const, match: {} }]))
  t.match(compiled({ policy: { ...policy, rules, services: {} }, entries: new Map(), local: [], ids: book }).problems, [{ detail: 'table rules_egress would need 16385 rows and has 16384' }])
})
