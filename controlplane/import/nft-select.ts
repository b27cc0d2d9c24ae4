/** What one selector of an nftables rule asks, for each of the values that it is compared with. */
import { formatPrefix } from '../policy/prefix.ts'
import { type Ask, otherPorts } from './meet.ts'
import { type Family, prefixesOf, readPrefix, readRange } from './ranges.ts'
import { dscpOf, icmpOf, portsOf, protocolOf } from './words.ts'

export interface Selector {
  /** Of sets that may stand for values. */
  readonly type: string
  /** What every value of it goes with: the protocol of a port. */
  readonly with: Ask
  /** One ask for several values at once. */
  readonly field?: 'source' | 'destination' | 'sourcePorts' | 'destinationPorts' | 'input' | 'output' | 'state'
  /** Undefined: the value cannot be said. */
  readonly read: (text: string) => unknown
  readonly one?: (value: never) => Ask
}

const portProtocols: Readonly<Record<string, Ask>> = { tcp: { protocol: 6 }, udp: { protocol: 17 }, sctp: { protocol: 132 }, th: {} }

function address(family: Family, side: 'source' | 'destination'): Selector {
  return {
    type: family === 4 ? 'ipv4_addr' : 'ipv6_addr',
    with: { family },
    field: side,
    read: text => {
      const range = readRange(text)
      const prefix = text.includes('-') ? undefined : readPrefix(text)
      if (range?.family !== family) return undefined
      return prefix === undefined ? prefixesOf(range) : [formatPrefix(prefix)]
    },
  }
}

function port(protocol: string, side: 'sourcePorts' | 'destinationPorts'): Selector {
  return {
    type: 'inet_service',
    with: portProtocols[protocol] as Ask,
    field: side,
    read: text => {
      const ports = portsOf(text)
      return ports && [ports]
    },
  }
}

function device(side: 'input' | 'output'): Selector {
  return { type: 'ifname', with: {}, field: side, read: text => (text === '*' ? undefined : [text]) }
}

function number(type: string, read: (text: string) => unknown, one: (value: never) => Ask, more: Ask = {}): Selector {
  return { type, with: more, read, one }
}

const whole = (most: number) => (text: string) => (/^(0x[0-9a-f]+|\d+)$/i.test(text) && Number(text) <= most ? Number(text) : undefined)
const protocol = number('inet_proto', protocolOf, (value: number) => ({ protocol: value }))
const lengths = number('length', portsOf, (length: string) => ({ length }))

function icmp(family: Family, part: 'type' | 'code'): Selector {
  const more: Ask = { family, protocol: family === 4 ? 1 : 58 }
  if (part === 'type')
    return number(
      family === 4 ? 'icmp_type' : 'icmpv6_type',
      text => icmpOf(text, family),
      (value: { type: number }) => ({ icmp: value }),
      more,
    )
  return { type: 'icmp_code', with: more, read: () => undefined }
}

const families: Readonly<Record<string, Family>> = { ipv4: 4, ipv6: 6, ip: 4, ip6: 6, '0x0800': 4, '0x86dd': 6 }
const family = number(
  'family',
  text => families[text],
  (value: Family) => ({ family: value }),
)
const state: Selector = {
  type: 'ct_state',
  with: {},
  field: 'state',
  read: text => (['new', 'established', 'related', 'invalid'].includes(text) ? [text] : undefined),
}

/** By their words. */
export const selectors: Readonly<Record<string, Selector>> = {
  'ip saddr': address(4, 'source'),
  'ip daddr': address(4, 'destination'),
  'ip6 saddr': address(6, 'source'),
  'ip6 daddr': address(6, 'destination'),
  'ip protocol': { ...protocol, with: { family: 4 } },
  'ip6 nexthdr': { ...protocol, with: { family: 6 } },
  'meta l4proto': protocol,
  'ip dscp': number('dscp', dscpOf, (dscp: number) => ({ dscp }), { family: 4 }),
  'ip6 dscp': number('dscp', dscpOf, (dscp: number) => ({ dscp }), { family: 6 }),
  'ip length': { ...lengths, with: { family: 4 } },
  'meta length': lengths,
  ...Object.fromEntries(
    Object.keys(portProtocols).flatMap(name => [
      [`${name} sport`, port(name, 'sourcePorts')],
      [`${name} dport`, port(name, 'destinationPorts')],
    ]),
  ),
  'icmp type': icmp(4, 'type'),
  'icmpv6 type': icmp(6, 'type'),
  'ct state': state,
  'meta iifname': device('input'),
  'meta iif': device('input'),
  'meta oifname': device('output'),
  'meta oif': device('output'),
  'meta nfproto': family,
  'meta protocol': family,
  'ether type': family,
  'meta skuid': number(
    'uid',
    text => (text === 'root' ? 0 : whole(4_294_967_295)(text)),
    (uid: number) => ({ uid }),
  ),
  'vlan id': number('vlan', whole(4095), (vlan: number) => ({ vlan })),
}

/** Words that stand without `meta` in front. */
export const bareMeta = [
  'iif',
  'iifname',
  'oif',
  'oifname',
  'l4proto',
  'nfproto',
  'skuid',
  'length',
  'mark',
  'pkttype',
  'skgid',
  'iifgroup',
  'oifgroup',
  'rtclassid',
  'priority',
  'cpu',
  'cgroup',
  'iiftype',
  'oiftype',
  'protocol',
]

export interface Asked {
  /** One after the other, each of alternatives. */
  readonly asks: readonly (readonly Ask[])[]
  readonly not: readonly Ask[]
}

/** Undefined: a value cannot be said. */
export function askOf(selector: Selector, values: readonly string[], not: boolean): Asked | undefined {
  const read = values.map(selector.read)
  if (read.length === 0 || read.includes(undefined)) return undefined
  const { field } = selector
  const before = Object.keys(selector.with).length > 0 ? [[selector.with]] : []
  const alternatives: Ask[] =
    field === undefined ? read.map(value => (selector.one as (value: unknown) => Ask)(value)) : [{ [field]: (read as string[][]).flat() }]
  if (!not) return { asks: [...before, alternatives], not: [] }
  const [list] = field === undefined ? [] : Object.values(alternatives[0] as object)
  if (field === 'source' || field === 'destination')
    return { asks: [...before, [{ [field === 'source' ? 'notSource' : 'notDestination']: list }]], not: [] }
  if (field === 'sourcePorts' || field === 'destinationPorts') return { asks: [...before, [{ [field]: otherPorts(list) }]], not: [] }
  return { asks: before, not: alternatives }
}
