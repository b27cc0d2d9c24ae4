/** What the options of an iptables rule ask of a packet, module by module. */
import type { LimitValue } from '../policy/document.ts'
import { formatPrefix } from '../policy/prefix.ts'
import { type Ask, otherPorts } from './meet.ts'
import { type Family, prefixesOf, readPrefix, readRange } from './ranges.ts'
import type { KnownSets } from './sets.ts'
import { deviceOf, dscpOf, icmpOf, portsOf, protocolOf, rateOf } from './words.ts'

/** What a rule asks as far as it was read. */
export interface Reading {
  readonly family: Family
  readonly sets: KnownSets
  readonly chain: string
  readonly asks: Ask[][]
  readonly not: Ask[]
  protocol?: number
  rate?: { limit: LimitValue; beyond: boolean }
  /** For the notes. */
  cannot?: string
  hint?: string
}

type Option = (value: string, not: boolean, reading: Reading, next: () => string) => undefined

function refuse(reading: Reading, why: string, hint?: string): undefined {
  reading.cannot ??= why
  if (hint !== undefined) reading.hint ??= hint
}

/** One ask, or all but it. */
function ask(reading: Reading, not: boolean, asked: Ask): undefined {
  if (not) reading.not.push(asked)
  else reading.asks.push([asked])
}

function end(side: 'source' | 'destination'): Option {
  return (value, not, reading) => {
    const prefix = readPrefix(value)
    if (prefix === undefined) return refuse(reading, `${value} is no prefix: names of hosts and masks with holes cannot be carried over`)
    const field = not ? (side === 'source' ? 'notSource' : 'notDestination') : side
    reading.asks.push([{ family: reading.family, [field]: [formatPrefix(prefix)] }])
  }
}

function between(side: 'source' | 'destination'): Option {
  return (value, not, reading) => {
    const range = readRange(value)
    if (range === undefined) return refuse(reading, `${value} is no range of addresses`)
    const field = not ? (side === 'source' ? 'notSource' : 'notDestination') : side
    reading.asks.push([{ family: reading.family, [field]: prefixesOf(range) }])
  }
}

type PortField = 'sourcePorts' | 'destinationPorts'

function ports(...fields: readonly PortField[]): Option {
  return (value, not, reading) => {
    const list = value.split(',').map(portsOf)
    if (list.includes(undefined)) return refuse(reading, `${value}: a port is written as a number here`)
    if (![6, 17, 132].includes(reading.protocol ?? 0)) return refuse(reading, 'ports are known of tcp, udp and sctp alone')
    const wanted = not ? otherPorts(list as string[]) : (list as string[])
    if (not) for (const field of fields) reading.asks.push([{ [field]: wanted }])
    else reading.asks.push(fields.map(field => ({ [field]: wanted })))
  }
}

const tcpFlags = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg'] as const
type Flag = (typeof tcpFlags)[number]

function flags(reading: Reading, not: boolean, mask: string, set: string): undefined {
  const read = (text: string): Flag[] => (text === 'ALL' ? [...tcpFlags] : text === 'NONE' ? [] : (text.toLowerCase().split(',') as Flag[]))
  const [looked, wanted] = [read(mask), read(set)]
  if ([...looked, ...wanted].some(flag => !tcpFlags.includes(flag))) return refuse(reading, `${mask} ${set} are no flags of TCP`)
  const unset = looked.filter(flag => !wanted.includes(flag))
  if (wanted.some(flag => !looked.includes(flag))) return refuse(reading, `${mask} ${set} matches nothing`)
  if (!not) reading.asks.push([{ tcpFlags: { ...(wanted.length > 0 ? { set: wanted } : {}), ...(unset.length > 0 ? { unset } : {}) } }])
  else reading.asks.push([...wanted.map(flag => ({ tcpFlags: { unset: [flag] } })), ...unset.map(flag => ({ tcpFlags: { set: [flag] } }))])
}

const states = ['new', 'established', 'related', 'invalid'] as const

const state: Option = (value, not, reading) => {
  const words = value.toLowerCase().split(',')
  const known = words.filter(word => states.includes(word as never)) as (typeof states)[number][]
  if (known.length < words.length) return refuse(reading, `${value}: of states, new, established, related and invalid are known`)
  ask(reading, not, { state: known })
}

const matchSet: Option = (name, not, reading, next) => {
  const sides = next().split(',')
  const found = reading.sets.asks(name, sides, reading.family)
  if ('cannot' in found) return refuse(reading, found.cannot)
  const [side] = sides
  if (not && sides.length === 1 && found.asks.length === 1) {
    const list = found.asks[0]?.[side === 'src' ? 'source' : 'destination'] ?? []
    reading.asks.push([{ [side === 'src' ? 'notSource' : 'notDestination']: list }])
  } else if (not) reading.not.push(...found.asks)
  else reading.asks.push([...found.asks])
}

function addressType(side: 'source' | 'destination'): Option {
  return (value, not, reading) => {
    const lists: Readonly<Record<string, readonly string[]>> = {
      LOCAL: ['@local', ...(reading.family === 4 ? ['127.0.0.0/8'] : ['::1/128'])],
      MULTICAST: [reading.family === 4 ? '224.0.0.0/4' : 'ff00::/8'],
    }
    const list = lists[value]
    if (list === undefined) return refuse(reading, `addresses of the type ${value} are not known by their prefix`)
    const field = not ? (side === 'source' ? 'notSource' : 'notDestination') : side
    reading.asks.push([{ [field]: [...list] }])
  }
}

const icmp: Option = (value, not, reading) => {
  if (value === 'any' || value === '255/255') return
  const message = icmpOf(value, reading.family)
  if (message === undefined) return refuse(reading, `${value} is no message of ICMP that is known here`)
  ask(reading, not, { icmp: message })
}

/** A limit in a policy is a whole number of packets a second. */
export function packetLimit(perSecond: number | undefined, burst: number): LimitValue | string {
  if (perSecond === undefined) return 'the rate is none of packets'
  if (perSecond < 1) return 'the rate is below one packet a second, the least that a limit knows'
  if (perSecond !== Math.floor(perSecond)) return 'the rate is no whole number of packets a second'
  return { packetsPerSecond: perSecond, burstPackets: burst }
}

const defaultBurst = 5

function setRate(reading: Reading, text: string, beyond: boolean): undefined {
  const limit = packetLimit(rateOf(text), reading.rate?.limit.burstPackets ?? defaultBurst)
  if (typeof limit === 'string') return refuse(reading, `${text}: ${limit}`)
  reading.rate = { limit: { ...reading.rate?.limit, ...limit }, beyond }
}

const burst: Option = (value, _not, reading) => {
  const beyond = reading.rate?.beyond ?? false
  reading.rate = { limit: { ...reading.rate?.limit, burstPackets: Number(value) }, beyond }
}

const hashMode: Option = (value, _not, reading) => {
  if (value !== 'srcip') return refuse(reading, `a rate for each ${value}: a limit counts by rule, source or source prefix`)
  reading.rate = { limit: { per: 'source', ...reading.rate?.limit }, beyond: reading.rate?.beyond ?? false }
}

const hashMask: Option = (value, _not, reading) => {
  const length = Number(value)
  const whole = reading.family === 4 ? 32 : 128
  const prefix: LimitValue = { per: 'sourcePrefix', [reading.family === 4 ? 'ipv4Prefix' : 'ipv6Prefix']: length }
  if (length !== whole) reading.rate = { limit: { ...reading.rate?.limit, ...prefix }, beyond: reading.rate?.beyond ?? false }
}

const connectionLimit: Option = (value, not, reading) => {
  if (not) return refuse(reading, 'a limit drops connections beyond a number')
  reading.rate = { limit: { per: 'source', ...reading.rate?.limit, maxConnections: Number(value) }, beyond: true }
}

const nothingAsked: Option = () => undefined
const skipValue: Option = (_value, _not, _reading) => undefined

/** Options that take one word, but for those in `bare`. */
export const options: Readonly<Record<string, Option>> = {
  '-s': end('source'),
  '-d': end('destination'),
  '-p': (value, not, reading) => {
    if (value === 'all' || value === '0') return
    const protocol = protocolOf(value)
    if (protocol === undefined) return refuse(reading, `${value} is no protocol that is known here; its number would do`)
    if (!not) reading.protocol = protocol
    ask(reading, not, { family: reading.family, protocol })
  },
  '-i': (value, not, reading) => {
    const device = deviceOf(value)
    if (device !== undefined) ask(reading, not, { input: [device] })
    else if (not) refuse(reading, 'no device is left')
  },
  '-o': (value, not, reading) => {
    const device = deviceOf(value)
    if (device !== undefined) ask(reading, not, { output: [device] })
    else if (not) refuse(reading, 'no device is left')
  },
  '-m': nothingAsked,
  '--comment': nothingAsked,
  '--sport': ports('sourcePorts'),
  '--dport': ports('destinationPorts'),
  '--sports': ports('sourcePorts'),
  '--dports': ports('destinationPorts'),
  '--ports': ports('sourcePorts', 'destinationPorts'),
  '--tcp-flags': (mask, not, reading, next) => flags(reading, not, mask, next()),
  '--icmp-type': icmp,
  '--icmpv6-type': icmp,
  '--state': state,
  '--ctstate': state,
  '--src-range': between('source'),
  '--dst-range': between('destination'),
  '--match-set': matchSet,
  '--src-type': addressType('source'),
  '--dst-type': addressType('destination'),
  '--length': (value, not, reading) => {
    const length = portsOf(value)
    if (length === undefined) return refuse(reading, `${value} is no length`)
    ask(reading, not, { length })
  },
  '--dscp': (value, not, reading) => {
    const dscp = dscpOf(value)
    if (dscp === undefined) return refuse(reading, `${value} is no code point`)
    ask(reading, not, { dscp })
  },
  '--dscp-class': (value, not, reading) => {
    const dscp = dscpOf(value)
    if (dscp === undefined) return refuse(reading, `${value} is no code point`)
    ask(reading, not, { dscp })
  },
  '--uid-owner': (value, not, reading) => {
    const uid = value === 'root' ? 0 : Number(value)
    if (!Number.isInteger(uid)) return refuse(reading, `${value}: a user is written as one number here`)
    ask(reading, not, { uid })
  },
  '--path': (value, not, reading) => ask(reading, not, { cgroup: `/${value.replace(/^\/+|\/+$/g, '')}` }),
  '--limit': (value, _not, reading) => setRate(reading, value, false),
  '--limit-burst': burst,
  '--hashlimit': (value, _not, reading) => setRate(reading, value, false),
  '--hashlimit-upto': (value, not, reading) => setRate(reading, value, not),
  '--hashlimit-above': (value, not, reading) => setRate(reading, value, !not),
  '--hashlimit-burst': burst,
  '--hashlimit-mode': hashMode,
  '--hashlimit-srcmask': hashMask,
  '--hashlimit-name': skipValue,
  '--hashlimit-htable-size': skipValue,
  '--hashlimit-htable-max': skipValue,
  '--hashlimit-htable-expire': skipValue,
  '--hashlimit-htable-gcinterval': skipValue,
  '--connlimit-above': connectionLimit,
  '--connlimit-mask': (value, not, reading, next) => {
    if (Number(value) === 0) reading.rate = { limit: { ...reading.rate?.limit, per: 'rule' }, beyond: true }
    else hashMask(value, not, reading, next)
  },
}

/** Options without a value. */
export const bare: Readonly<Record<string, (not: boolean, reading: Reading) => void>> = {
  '--syn': (not, reading) => flags(reading, not, 'FIN,SYN,RST,ACK', 'SYN'),
  '-f': (not, reading) => ask(reading, not, { fragment: 'later' }),
  '--connlimit-saddr': () => undefined,
  '--connlimit-daddr': (_not, reading) =>
    refuse(reading, 'connections for each destination: a limit counts by rule, source or source prefix'),
}

export const aliases: Readonly<Record<string, string>> = {
  '--source': '-s',
  '--src': '-s',
  '--destination': '-d',
  '--dst': '-d',
  '--protocol': '-p',
  '--in-interface': '-i',
  '--out-interface': '-o',
  '--match': '-m',
  '--jump': '-j',
  '--goto': '-g',
  '--fragment': '-f',
  '--source-port': '--sport',
  '--destination-port': '--dport',
  '--source-ports': '--sports',
  '--destination-ports': '--dports',
  '--icmp6-type': '--icmpv6-type',
  '--append': '-A',
  '--insert': '-I',
}
