/** The policies and packets that are measured. A case is a policy in force; under it, packets with what varies in them. */

import type { PolicyDocument } from '../controlplane/policy/document.ts'
import type { Capacity, PrefixKey } from '../controlplane/policy/tables.ts'
import { ether, type TcpFlag } from '../test/lab/packet.ts'
import type { BenchPacket } from './meter.ts'
import { randomPrefixes } from './prefixes.ts'

export interface BenchCase {
  readonly name: string
  readonly policy: Partial<PolicyDocument>
  /** In force while packets are measured, after the other: what changes opens windows. */
  readonly after?: Partial<PolicyDocument>
  readonly entries?: ReadonlyMap<string, PrefixKey[]>
  readonly capacity?: Partial<Capacity>
  /** It waits for its confirmation. */
  readonly waits?: boolean
  readonly packets: readonly BenchPacket[]
}

type Rules = NonNullable<PolicyDocument['rules']>
type Services = NonNullable<PolicyDocument['services']>

const payload = new Uint8Array(32)
const plain = ether().ip4('192.0.2.7', '203.0.113.9').udp(5000, 9999, { payload }).bytes()
const plain6 = ether().ip6('2001:db8:1::7', '2001:db8:9::9').udp(5000, 9999, { payload }).bytes()
const any = { mask: 0xffff_ffff }

/** The last rule matches the packet; no other does. */
function contiguous(count: number): Rules {
  const rules: Rules = {}

  for (let i = 0; i < count - 1; i++)
    rules[`r${i}`] = {
      priority: i + 1,
      direction: 'ingress',
      action: 'deny',
      match: { destination: [`10.${(i >> 8) & 255}.${i & 255}.0/24`] },
    }
  rules.last = { priority: 1_000_000, direction: 'ingress', action: 'deny', match: { destination: ['203.0.113.0/24'] } }
  return rules
}

/** "From S to port x", "from T to port y" in turn: vectors that pass each summary and share no bit but the last. */
function interleaved(count: number): Rules {
  const rules: Rules = {}

  for (let i = 0; i < count - 1; i++)
    rules[`r${i}`] = {
      priority: i + 1,
      direction: 'ingress',
      action: 'deny',
      match:
        i % 2
          ? { destination: ['203.0.113.0/24'], destinationPorts: ['1'] }
          : { destination: ['198.51.100.0/24'], destinationPorts: ['9999'] },
    }
  rules.last = {
    priority: 1_000_000,
    direction: 'ingress',
    action: 'deny',
    match: { destination: ['203.0.113.0/24'], destinationPorts: ['9999'] },
  }
  return rules
}

function service(forwarding: Services[string]['forwarding'], count = 4, six = false): Services {
  const backends: Services[string]['backends'] = {}

  for (let i = 0; i < count; i++)
    backends[`b${i}`] = { address: six ? `fd00::${11 + i}` : `10.0.0.${11 + i}`, ...(forwarding === 'nat' ? { port: 8080 } : {}) }
  return { web: { address: '198.51.100.10', ports: ['80'], protocol: 'tcp', forwarding, backends } }
}

/** Each address of 198.18.0.0/22 is a service; the four neighbours serve as backends of all. */
function manyServices(count: number, backends: number): Services {
  const all: Services = {}

  for (let i = 0; i < count; i++)
    all[`s${i}`] = {
      address: `198.18.${i >> 8}.${i & 255}`,
      ports: ['80'],
      protocol: 'tcp',
      forwarding: 'dsr-l2',
      backends: Object.fromEntries(Array.from({ length: backends }, (_, b) => [`b${b}`, { address: `10.0.0.${11 + (b % 4)}` }])),
    }
  return all
}

function drained(services: Services): Services {
  const { web } = services

  return { web: { ...web, backends: { ...web?.backends, b0: { ...web?.backends?.b0, state: 'draining' } } } } as Services
}

const toMany = ether().ip4('192.0.2.7', '198.18.0.0').tcp(5000, 80, { payload }).bytes()
const opening = ether()
  .ip4('192.0.2.7', '198.51.100.10')
  .tcp(5000, 80, { flags: ['syn'], payload })
  .bytes()
const established = ether()
  .ip4('192.0.2.7', '198.51.100.10')
  .tcp(5000, 80, { flags: ['ack'], payload })
  .bytes()
const toService = ether().ip4('192.0.2.7', '198.51.100.10').tcp(5000, 80, { payload }).bytes()
const noService = ether().ip4('192.0.2.7', '198.51.100.10').tcp(5000, 81, { payload }).bytes()
/** A connection from SYN to data, by family. */
function connectionOf(family: 'ip4' | 'ip6'): Connection {
  const [client, host] = family === 'ip4' ? ['192.0.2.7', '198.51.100.20'] : ['2001:db8:1::7', '2001:db8:9::9']
  const there = (flags: TcpFlag[]) => ether()[family](client, host).tcp(5000, 80, { flags, payload }).bytes()
  const back = (flags: TcpFlag[]) => ether()[family](host, client).tcp(80, 5000, { flags, payload }).bytes()
  return {
    handshake: [
      { hook: 'xdp_ingress', bytes: there(['syn']) },
      { hook: 'tc_egress', bytes: back(['syn', 'ack']) },
      { hook: 'xdp_ingress', bytes: there(['ack']) },
    ],
    opening: there(['syn']),
    data: there(['ack', 'psh']),
    dataBack: back(['ack', 'psh']),
  }
}

const connection = connectionOf('ip4')
const connection6 = connectionOf('ip6')

interface Connection {
  readonly handshake: NonNullable<BenchPacket['before']>
  readonly opening: Uint8Array
  readonly data: Uint8Array
  readonly dataBack: Uint8Array
}

const manyVectors = { vectors: 16_384, memberships: 16_384 }

export function* cases(): Generator<BenchCase> {
  yield {
    name: 'no rules, no service',
    policy: {},
    packets: [
      { name: 'one packet', bytes: plain },
      { name: 'random sources', bytes: plain, vary: any },
      { name: 'IPv6, one packet', bytes: plain6 },
      { name: 'tc_ingress, one packet', bytes: plain, hook: 'tc_ingress' },
      { name: 'tc_egress, one packet', bytes: plain, hook: 'tc_egress' },
    ],
  }
  for (const count of [10, 64, 1000, 10_000]) {
    yield {
      name: `${count.toLocaleString('en')} rules`,
      policy: { rules: contiguous(count) },
      capacity: manyVectors,
      packets: [
        { name: 'the last matches', bytes: plain },
        { name: 'the last matches, random sources', bytes: plain, vary: any },
        ...(count === 10 ? [{ name: 'tc_ingress', bytes: plain, hook: 'tc_ingress' as const }] : []),
      ],
    }
  }
  yield {
    name: 'waiting for its confirmation, 10 rules',
    policy: { rules: contiguous(10) },
    waits: true,
    packets: [{ name: 'the last matches', bytes: plain }],
  }
  for (const count of [1000, 10_000]) {
    yield {
      name: `${count.toLocaleString('en')} interleaved rules`,
      policy: { rules: interleaved(count) },
      packets: [
        { name: 'the last matches', bytes: plain },
        { name: 'the last matches, random sources', bytes: plain, vary: any },
      ],
    }
  }
  for (const count of [1000, 10_000, 100_000, 1_000_000]) {
    yield {
      name: `a set of ${count.toLocaleString('en')} prefixes, deny`,
      entries: new Map([['s', randomPrefixes(count)]]),
      policy: { sets: { s: {} }, rules: { no: { direction: 'ingress', action: 'deny', match: { source: ['@s'] } } } },
      packets: [
        { name: 'one packet, miss', bytes: plain },
        { name: 'random sources', bytes: plain, vary: any },
      ],
    }
  }
  for (const per of ['rule', 'source'] as const) {
    yield {
      name: `a limit per ${per}`,
      policy: { rules: { l: { direction: 'ingress', action: 'limit', match: {}, limit: { packetsPerSecond: 1_000_000, per } } } },
      packets: [
        { name: 'one source', bytes: plain },
        { name: 'a thousand sources', bytes: plain, vary: { mask: 0xffff_ffff, flows: 1024 } },
        { name: 'a million sources', bytes: plain, vary: { mask: 0xffff_ffff, flows: 1_048_576 } },
      ],
    }
  }
  for (const pickUp of [false, true]) {
    const { handshake: before, opening, data, dataBack } = connection

    yield {
      name: `tracking${pickUp ? ', picked up in mid-stream' : ''}`,
      policy: {
        defaults: { ingress: 'deny', egress: 'allow', management: [], connections: { max: 1_000_000, pickUp } },
        rules: {
          old: { priority: 1, direction: 'ingress', action: 'allow', match: { state: ['established', 'related'] } },
          new: { priority: 2, direction: 'ingress', action: 'allow', match: { state: ['new'], protocol: 'tcp', destinationPorts: ['80'] } },
        },
      },
      packets: pickUp
        ? [{ name: '512 k random connections', bytes: data, vary: { mask: 0xffff_ffff, ports: true, flows: 524_288 } }]
        : [
            { name: 'one established connection', bytes: data, before },
            { name: 'IPv6, one established connection', bytes: connection6.data, before: connection6.handshake },
            { name: 'tc_ingress, one established connection', bytes: data, hook: 'tc_ingress', before },
            { name: 'tc_egress, one established connection', bytes: dataBack, hook: 'tc_egress', before },
            { name: 'data of no connection', bytes: data, vary: any },
            { name: 'flood of SYNs, every packet a new connection', bytes: opening, vary: { mask: 0xffff_ffff, ports: true } },
          ],
    }
  }
  yield {
    name: '10,000 rules and a set of 1,000,000 prefixes',
    entries: new Map([['s', randomPrefixes(1_000_000)]]),
    capacity: manyVectors,
    policy: {
      sets: { s: {} },
      rules: { ...contiguous(10_000), no: { priority: 2_000_000, direction: 'ingress', action: 'deny', match: { source: ['@s'] } } },
    },
    packets: [
      { name: 'one packet', bytes: plain },
      { name: 'random sources', bytes: plain, vary: any },
    ],
  }
  yield {
    name: 'dsr-l2, 4 backends',
    policy: { services: service('dsr-l2') },
    packets: [
      { name: 'no service', bytes: noService },
      { name: 'one hot flow', bytes: toService },
      { name: '512 k random flows', bytes: toService, vary: { mask: 0xffff_ffff, ports: true, flows: 524_288 } },
      { name: 'flood, every packet a new flow', bytes: toService, vary: { mask: 0xffff_ffff, ports: true } },
    ],
  }
  for (const [forwarding, six] of [
    ['dsr-ipip', false],
    ['dsr-ipip', true],
    ['dsr-gue', false],
  ] as const) {
    yield {
      name: `${forwarding}${six ? ' over IPv6' : ''}, 4 backends`,
      policy: { services: service(forwarding, 4, six) },
      packets: [
        { name: 'one hot flow', bytes: toService },
        ...(six || forwarding === 'dsr-gue'
          ? []
          : [
              { name: '512 k random flows', bytes: toService, vary: { mask: 0xffff_ffff, ports: true, flows: 524_288 } },
              { name: 'flood of SYNs, every packet a new flow', bytes: toService, vary: { mask: 0xffff_ffff, ports: true } },
            ]),
      ],
    }
  }
  yield {
    name: 'dsr-l2, a quarter of the slots in a window',
    policy: { services: service('dsr-l2') },
    after: { services: drained(service('dsr-l2')) },
    packets: [
      { name: 'flood of SYNs', bytes: opening, vary: { mask: 0xffff_ffff, ports: true } },
      { name: 'one hot flow', bytes: established },
      { name: '512 k random established flows', bytes: established, vary: { mask: 0xffff_ffff, ports: true, flows: 524_288 } },
    ],
  }
  for (const count of [1, 1024]) {
    yield {
      name: `${count} services with 100 backends each`,
      capacity: { serviceIds: 2048, serviceRows: 16_384, backendIds: 131_072, ringLines: count * 2048 },
      policy: { services: manyServices(count, 100) },
      packets: [
        { name: 'one hot flow', bytes: toMany },
        ...(count > 1
          ? [{ name: '512 k flows over all', bytes: toMany, vary: { mask: 1023, ports: true, flows: 524_288, destination: true as const } }]
          : [{ name: '512 k flows', bytes: toMany, vary: { mask: 0, ports: true, flows: 524_288 } }]),
      ],
    }
  }
  yield {
    name: 'nat, 4 backends',
    policy: { services: service('nat') },
    packets: [
      { name: 'one hot flow', bytes: established },
      { name: '64 k established flows', bytes: established, vary: { mask: 0xffff_ffff, ports: true, flows: 65_536 } },
      { name: 'flood, every packet a new flow', bytes: toService, vary: { mask: 0xffff_ffff, ports: true } },
    ],
  }
}
