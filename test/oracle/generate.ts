/**
 * Random policies and packets that meet. Both draw from one pool of few prefixes (nested, side by side), port ranges (adjacent,
 * overlapping) and lengths; packets take the edges of what is in it and their neighbours. As neither is made from the other, a policy
 * shrinks without changing the packets.
 */
import fc from 'fast-check'
import type { Defaults, PolicyDocument, RuleValue, ServiceValue } from '../../controlplane/policy/document.ts'
import { addressBytes, addressText, type TcpFlag, tcpFlagBits } from '../lab/packet.ts'
import type { Extra, Shape, Transport } from './frame.ts'

/** Fields of rules, and actions, that may be left out of what is generated. */
export const features = [
  'notSource',
  'notDestination',
  'icmp',
  'tcpFlags',
  'state',
  'fragment',
  'vlan',
  'dscp',
  'length',
  'cgroup',
  'uid',
  'interfaces',
  'observe',
  'expiresAt',
  'reject',
  'limit',
  'timedEntries',
  'services',
  'local',
  'essentials',
  'management',
] as const
export type Feature = (typeof features)[number]

/** What a policy is made of that is not in it: the sender's own control group, devices of the lab. */
export interface Surroundings {
  readonly features: ReadonlySet<Feature>
  readonly devices: readonly string[]
  readonly cgroups: readonly string[]
  readonly uids: readonly number[]
  /** Milliseconds of the epoch at which rules and entries may expire. */
  readonly expiries: readonly number[]
}

/** Without names, so that rules can be left out one by one. */
export interface Draft {
  readonly defaults: Defaults
  readonly rules: readonly RuleValue[]
  readonly sets: Readonly<Record<(typeof setNames)[number], readonly SetEntry[]>>
  readonly services: readonly ServiceValue[]
  readonly local: readonly string[]
}

interface SetEntry {
  readonly prefix: string
  readonly expiresAt?: string
}

const setNames = ['a', 'b', 'c', 'empty'] as const

export interface Pool {
  readonly prefixes: readonly string[]
  readonly hosts: readonly string[]
  readonly ranges: readonly string[]
  readonly lengths: readonly string[]
  /** Edges of all prefixes with their neighbours, by family. */
  readonly addresses: { readonly ipv4: readonly Uint8Array[]; readonly ipv6: readonly Uint8Array[] }
  readonly ports: readonly number[]
  readonly sizes: readonly number[]
}

/** `size`: prefixes of each family. */
export function poolOf(seed: number, size: number): Pool {
  const [drawn] = fc.sample(drawnPool(size), { seed, numRuns: 1 })
  if (drawn === undefined) throw new Error('nothing was drawn')
  const { prefixes, ranges, lengths } = drawn
  const edges = prefixes.flatMap(edgesOf)
  const ends = (texts: readonly string[], max: number) => {
    const values = texts.flatMap(text => text.split('-').map(Number)).flatMap(end => [end - 1, end, end + 1])
    return [...new Set(values.filter(value => value >= 0 && value <= max))]
  }

  return {
    prefixes,
    hosts: [...new Set(edges.map(addressText))],
    ranges,
    lengths,
    addresses: { ipv4: edges.filter(({ length }) => length === 4), ipv6: edges.filter(({ length }) => length === 16) },
    // The ways in, and DHCP's.
    ports: [...ends(ranges, 65535), 22, 67, 68, 546, 547],
    sizes: ends(lengths, 1500),
  }
}

const ipv4Lengths = [0, 1, 7, 8, 9, 15, 16, 17, 23, 24, 25, 26, 30, 31, 32, 32]
const ipv6Lengths = [0, 1, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 96, 120, 127, 128, 128]

function drawnPool(size: number) {
  const trunks = (bytes: number) =>
    fc.array(fc.uint8Array({ minLength: bytes, maxLength: bytes }), { minLength: 1, maxLength: 1 + Math.floor(size / 8), size: 'max' })
  const family = (bytes: number, lengths: readonly number[]) =>
    trunks(bytes).chain(trunks =>
      fc.array(
        // A prefix of a trunk, perhaps with the bit before its end turned, so that it lies beside one.
        fc
          .tuple(fc.constantFrom(...trunks), fc.constantFrom(...lengths), fc.nat(3))
          .map(([trunk, length, turn]) => cut(turn === 0 && length > 0 ? turned(trunk, length - 1) : trunk, length)),
        { minLength: size, maxLength: size, size: 'max' },
      ),
    )
  const range = fc.tuple(
    fc.constantFrom(0, 1, 21, 53, 79, 80, 81, 1023, 1024, 8000, 8001, 65534, 65535),
    fc.constantFrom(0, 0, 0, 1, 2, 100, 65535),
  )

  return fc.record({
    prefixes: fc
      .tuple(family(4, ipv4Lengths), family(16, ipv6Lengths))
      .map(lists => [...new Set(lists.flat().filter(text => !text.startsWith('::ffff:')))]),
    ranges: fc
      .array(range, { minLength: 12, maxLength: 16, size: 'max' })
      .map(list => [...new Set(list.map(([first, width]) => rangeText(first, Math.min(65535, first + width))))]),
    lengths: fc
      .array(fc.tuple(fc.integer({ min: 28, max: 140 }), fc.constantFrom(0, 1, 30, 2000)), { minLength: 4, maxLength: 6, size: 'max' })
      .map(list => [...new Set(list.map(([first, width]) => rangeText(first, first + width)))]),
  })
}

function rangeText(first: number, last: number): string {
  return first === last ? String(first) : `${first}-${last}`
}

function turned(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (0x80 >> (bit & 7)) : byte))
}

function cut(bytes: Uint8Array, length: number): string {
  return `${addressText(bytes.map((byte, at) => byte & ~(0xff >> Math.min(8, Math.max(0, length - at * 8)))))}/${length}`
}

/** First and last address of a prefix, and the two on either side of each. */
function edgesOf(text: string): Uint8Array[] {
  const [address = '', length] = text.split('/')
  const bytes = addressBytes(address)
  const bits = bytes.length * 8
  const first = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  const last = first | ((1n << BigInt(bits - Number(length))) - 1n)

  return [first - 1n, first, first + 1n, last - 1n, last, last + 1n].map(value =>
    Uint8Array.from(bytes, (_, at) => Number((BigInt.asUintN(bits, value) >> BigInt(8 * (bytes.length - 1 - at))) & 0xffn)),
  )
}

/** `narrow`: rules that leave most packets to those behind them, for policies of many. */
export function drafts(pool: Pool, surroundings: Surroundings, count: { min: number; max: number }, narrow: boolean): fc.Arbitrary<Draft> {
  const has = (feature: Feature) => surroundings.features.has(feature)
  const entry = fc
    .tuple(fc.constantFrom(...pool.prefixes), fc.option(fc.constantFrom(...surroundings.expiries), { nil: undefined }))
    .map(
      ([prefix, expiresAt]): SetEntry =>
        expiresAt === undefined || !has('timedEntries') ? { prefix } : { prefix, expiresAt: new Date(expiresAt).toISOString() },
    )
  const entries = (maxLength: number) => fc.uniqueArray(entry, { maxLength, selector: ({ prefix }) => prefix, size: 'max' })

  return fc.record({
    defaults: defaultsOf(pool, has),
    rules: fc.array(rules(pool, surroundings, narrow), { minLength: count.min, maxLength: count.max, size: 'max' }),
    sets: fc.record({ a: entries(8), b: entries(3), c: entries(30), empty: fc.constant([]) }),
    services: has('services') ? fc.array(services(pool), { maxLength: 3 }) : fc.constant([]),
    local: has('local') ? fc.uniqueArray(fc.constantFrom(...pool.hosts), { maxLength: 6 }) : fc.constant([]),
  })
}

/** Names that are not in the order of the rules, so that ties go by name. */
export function documentOf(draft: Draft): PolicyDocument {
  return {
    defaults: draft.defaults,
    interfaces: {},
    sets: Object.fromEntries(
      Object.entries(draft.sets).map(([name, entries]) => [
        name,
        { entries: entries.map(entry => (entry.expiresAt === undefined ? entry.prefix : entry)) },
      ]),
    ),
    rules: Object.fromEntries(draft.rules.map((rule, at) => [`r${(at * 7919) % 10_007}`, rule])),
    services: Object.fromEntries(draft.services.map((service, at) => [`s${at}`, service])),
  } as PolicyDocument
}

type Has = (feature: Feature) => boolean

/** A field that is there `share` times in a hundred. */
const maybe = <Value>(value: fc.Arbitrary<Value>, share: number): fc.Arbitrary<Value | undefined> =>
  share <= 0
    ? fc.constant(undefined)
    : fc.oneof({ arbitrary: fc.constant(undefined), weight: 100 - share }, { arbitrary: value, weight: share })
const defined = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, content]) => content !== undefined))
const few = <Value>(values: readonly Value[], maxLength = 3) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength })

function defaultsOf(pool: Pool, has: Has): fc.Arbitrary<Defaults> {
  const verdict = fc.constantFrom('allow' as const, 'deny' as const)
  const way = fc
    .record({
      port: fc.constantFrom(...pool.ports.filter(port => port > 0)),
      protocol: fc.constantFrom('tcp', 'udp', 'sctp'),
      sources: maybe(few(pool.prefixes), 60),
    })
    .map(defined)

  return fc
    .record({
      ingress: verdict,
      egress: verdict,
      essentials: has('essentials') ? fc.constantFrom(true, false, undefined) : fc.constant(false),
      management: has('management') ? fc.oneof(fc.array(way, { maxLength: 4 }), fc.constant(undefined)) : fc.constant([]),
    })
    .map(defined) as fc.Arbitrary<Defaults>
}

function rules(pool: Pool, surroundings: Surroundings, narrow: boolean): fc.Arbitrary<RuleValue> {
  const has = (feature: Feature) => surroundings.features.has(feature)
  const share = (feature: Feature, percent: number) => (has(feature) ? percent : 0)
  const sets = ['@a', '@b', '@c', '@empty', ...(has('local') ? ['@local'] : []), ...(has('services') ? ['@services'] : [])]
  const references = fc.uniqueArray(
    fc.oneof({ arbitrary: fc.constantFrom(...pool.prefixes), weight: 4 }, { arbitrary: fc.constantFrom(...sets), weight: 1 }),
    {
      minLength: 1,
      maxLength: narrow ? 2 : 4,
    },
  )
  const addresses = narrow ? 90 : 45
  const ports = narrow ? 60 : 30
  const match = fc
    .record({
      ends: fc.record({
        source: maybe(references, addresses),
        notSource: maybe(references, share('notSource', 12)),
        destination: maybe(references, addresses),
        notDestination: maybe(references, share('notDestination', 12)),
      }),
      kind: kinds(pool, has, ports),
      rest: fc.record({
        state: maybe(few(['new', 'established', 'related', 'invalid']), share('state', 10)),
        fragment: maybe(fc.constantFrom('none', 'first', 'later', 'any'), share('fragment', 12)),
        vlan: maybe(fc.constantFrom(...vlans), share('vlan', 10)),
        dscp: maybe(fc.constantFrom(...dscps), share('dscp', 10)),
        length: maybe(fc.constantFrom(...pool.lengths), share('length', 12)),
      }),
    })
    .map(({ ends, kind, rest }) => ({ ...defined(ends), ...defined(kind), ...defined(rest) }))
  const sender = fc
    .record({
      cgroup: maybe(fc.constantFrom(...surroundings.cgroups), share('cgroup', 15)),
      uid: maybe(fc.constantFrom(...surroundings.uids), share('uid', 15)),
    })
    .map(defined)

  return fc
    .record({
      fixed: fc.record({
        direction: fc.constantFrom('ingress', 'ingress', 'egress'),
        priority: maybe(fc.nat(narrow ? 300 : 4), 80),
        enabled: maybe(fc.boolean(), 8),
        enforcement: maybe(fc.constantFrom('observe', 'enforce'), share('observe', 16)),
        interfaces: maybe(few(interfaceNames(surroundings.devices)), share('interfaces', 12)),
        expiresAt: maybe(
          fc.constantFrom(...surroundings.expiries).map(at => new Date(at).toISOString()),
          share('expiresAt', 12),
        ),
      }),
      action: actions(has),
      match,
      sender,
    })
    .map(({ fixed, action, match, sender }) => ({
      ...defined(fixed),
      ...action,
      match: fixed.direction === 'egress' ? { ...match, ...sender } : match,
    })) as fc.Arbitrary<RuleValue>
}

/** What a limit answers has to be known beforehand: nobody ever reaches this one. */
const boundless = { packetsPerSecond: 1_000_000_000, burstPackets: 1_000_000_000 }

function actions(has: Has): fc.Arbitrary<object> {
  const limit = fc
    .record({ per: maybe(fc.constantFrom('rule', 'source', 'sourcePrefix'), 60), within: maybe(fc.constantFrom('continue', 'allow'), 60) })
    .map(fields => ({ action: 'limit', limit: { ...boundless, ...defined(fields) } }))

  return fc.oneof(
    { arbitrary: fc.constant({ action: 'allow' }), weight: 4 },
    { arbitrary: fc.constant({ action: 'deny' }), weight: 4 },
    ...(has('reject') ? [{ arbitrary: fc.constant({ action: 'reject' }), weight: 1 }] : []),
    ...(has('limit') ? [{ arbitrary: limit, weight: 1 }] : []),
  )
}

/** Fields that hang together: protocol, ports, flags, messages. `share`: how often a protocol with ports names some. */
function kinds(pool: Pool, has: Has, share: number): fc.Arbitrary<object> {
  const ports = (percent: number) => ({
    sourcePorts: maybe(few(pool.ranges, 2), Math.floor(percent / 2)),
    destinationPorts: maybe(few(pool.ranges), percent),
  })
  const flags = fc
    .record({
      set: maybe(few<TcpFlag>(['syn', 'ack', 'fin', 'rst'], 2), 70),
      unset: maybe(few<TcpFlag>(['ack', 'rst', 'psh', 'urg', 'ece'], 2), 50),
    })
    .map(defined)
  const message = fc.record({ type: fc.constantFrom(...messageTypes), code: maybe(fc.nat(4), 40) }).map(defined)
  const kind = (weight: number, fields: Record<string, fc.Arbitrary<unknown>>) => ({
    weight,
    arbitrary: fc.record(fields) as fc.Arbitrary<object>,
  })

  return fc.oneof(
    kind(5, {}),
    kind(3, ports(100)),
    kind(8, { protocol: fc.constantFrom('tcp', 'tcp', 'udp', 'sctp', 6, 17, 132), ...ports(share) }),
    kind(1, { protocol: fc.constantFrom(...protocols) }),
    kind(2, { protocol: fc.constantFrom('icmp', 'icmpv6', 1, 58), ...(has('icmp') ? { icmp: maybe(message, 80) } : {}) }),
    ...(has('icmp') ? [kind(1, { icmp: message })] : []),
    ...(has('tcpFlags')
      ? [kind(3, { protocol: maybe(fc.constantFrom('tcp', 6), 70), tcpFlags: flags, ...ports(Math.floor(share / 2)) })]
      : []),
  )
}

function services(pool: Pool): fc.Arbitrary<ServiceValue> {
  // Without backends: what goes on to a service is dropped there, with a reason of its own.
  return fc
    .record({
      address: fc.oneof(fc.constantFrom(...pool.hosts), fc.constantFrom(...pool.prefixes)),
      ports: maybe(few(pool.ranges), 70),
      protocol: fc.constantFrom('tcp', 'udp', 'sctp'),
      enabled: maybe(fc.boolean(), 20),
      forwarding: fc.constant('dsr-l2'),
      backends: fc.constant({}),
    })
    .map(defined) as unknown as fc.Arbitrary<ServiceValue>
}

function interfaceNames(devices: readonly string[]): string[] {
  return [
    ...new Set([...devices, ...devices.map(name => `${name.slice(0, 2)}*`), ...devices.map(name => `${name}*`), '*', 'absent0', 'absent*']),
  ]
}

const vlans = [0, 1, 100, 4095]
const dscps = [0, 1, 46, 63]
/** Of ICMP and ICMPv6: echo, unreachable, too big, neighbour discovery and what stands beside it. */
const messageTypes = [0, 1, 2, 3, 8, 11, 127, 128, 129, 132, 133, 135, 136, 137, 138]
const protocols = [2, 4, 41, 47, 50, 89, 255]
const extras: readonly Extra[] = ['hopByHop', 'destinationOptions', 'routing', 'authentication', 'wholeFragment']

/** Packets about the edges of a pool. */
export function shapes(pool: Pool): fc.Arbitrary<Shape> {
  const ends = (addresses: readonly Uint8Array[]) =>
    addresses.length === 0 ? [] : [fc.record({ source: fc.constantFrom(...addresses), destination: fc.constantFrom(...addresses) })]
  const port = fc.constantFrom(...pool.ports)
  const ports = fc.tuple(port, port)
  const flags = fc.oneof(
    { arbitrary: fc.constant<TcpFlag[]>(['syn']), weight: 5 },
    { arbitrary: fc.constantFrom<TcpFlag[][]>(['ack'], ['ack', 'psh'], ['syn', 'ack'], ['rst'], ['fin', 'ack'], []), weight: 3 },
    { arbitrary: fc.subarray(Object.keys(tcpFlagBits) as TcpFlag[]), weight: 2 },
  )
  const transport = fc.oneof(
    { arbitrary: fc.record({ kind: fc.constant('tcp' as const), ports, flags }), weight: 6 },
    { arbitrary: fc.record({ kind: fc.constantFrom('udp' as const, 'udp' as const, 'sctp' as const), ports }), weight: 6 },
    { arbitrary: fc.record({ kind: fc.constant('icmp' as const), type: fc.constantFrom(...messageTypes), code: fc.nat(4) }), weight: 3 },
    { arbitrary: fc.record({ kind: fc.constant('other' as const), protocol: fc.constantFrom(...protocols) }), weight: 1 },
  ) as fc.Arbitrary<Transport>

  return fc
    .record({
      direction: fc.constantFrom('ingress' as const, 'ingress' as const, 'egress' as const),
      ends: fc.oneof(...ends(pool.addresses.ipv4), ...ends(pool.addresses.ipv6)),
      transport,
      fragment: fc.constantFrom(
        'none' as const,
        'none' as const,
        'none' as const,
        'none' as const,
        'none' as const,
        'first' as const,
        'later' as const,
      ),
      tags: fc.oneof(
        { arbitrary: fc.constant([]), weight: 4 },
        { arbitrary: fc.array(fc.constantFrom(...vlans), { minLength: 1, maxLength: 2 }), weight: 1 },
      ),
      dscp: fc.constantFrom(0, 0, 0, ...dscps, 45, 47),
      ecn: fc.constantFrom(0, 0, 1, 2, 3),
      hopLimit: fc.constantFrom(64, 255, 255, 254, 1),
      length: fc.constantFrom(0, 0, ...pool.sizes),
      id: fc.nat(0x7fff),
      extras: fc.oneof({ arbitrary: fc.constant([]), weight: 4 }, { arbitrary: fc.subarray([...extras], { maxLength: 3 }), weight: 1 }),
      padded: fc.boolean(),
    })
    .map(({ ends, ...rest }): Shape => ({ ...rest, ...ends }))
}
