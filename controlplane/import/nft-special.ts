/** What of a rule of nftables is no selector with values: flags by masks, addresses by their kind, fragments. */
import type { Ask } from './meet.ts'
import type { Asked } from './nft-select.ts'
import { addTo, type Rest, type State } from './nft-state.ts'
import { textOf } from './nft-text.ts'

const flagNames = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'] as const
type Flag = (typeof flagNames)[number]

/** What the next term may begin with. */
const starts = [
  ...['accept', 'drop', 'return', 'jump', 'goto', 'reject', 'counter', 'log', 'continue', 'limit', 'comment'],
  ...['ct', 'ip', 'ip6', 'meta', 'tcp', 'udp', 'th', 'sctp', 'icmp', 'icmpv6', 'ether', 'vlan', 'fib', 'iif', 'iifname', 'oif', 'oifname'],
]

/** Up to the next word that begins something; what is not known is told. */
export function readSpecial(rest: Rest, state: State): undefined {
  const text = textOf(rest)
  const end = rest.findIndex(({ text, quoted }, at) => at > 0 && !quoted && starts.includes(text))
  const words = rest.splice(0, end < 0 ? rest.length : end)
  const said = textOf(words)
  const flags = flagsOf(said)
  const local = /^fib (saddr|daddr) type (!= )?(local|multicast)$/.exec(said)
  const fragment = /^ip frag-off & 0x1fff (!=|==) 0(x0)?$/.exec(said)
  if (flags !== undefined) addTo(state, flags)
  else if (local !== null) {
    const list = local[3] === 'local' ? ['@local', '127.0.0.0/8', '::1/128'] : ['224.0.0.0/4', 'ff00::/8']
    const side = local[1] === 'saddr' ? (local[2] ? 'notSource' : 'source') : local[2] ? 'notDestination' : 'destination'
    state.asks.push([{ [side]: list }])
  } else if (fragment !== null) {
    const later: Ask = { family: 4, fragment: 'later' }
    if (fragment[1] === '!=') state.asks.push([later])
    else addTo(state, { asks: [[{ family: 4 }]], not: [later] })
  } else state.cannot ??= `${said === '' ? text : said} is nothing that a rule can ask for`
}

/** `tcp flags & (fin | syn) == syn`, `tcp flags syn / fin,syn`, `tcp flags != syn / fin,syn`, `tcp flags syn` */
function flagsOf(said: string): Asked | undefined {
  const list = (text: string) => text.split(/[\s,|()]+/).filter(word => word !== '') as Flag[]
  const masked = /^tcp flags & (?:\( ?)?([a-z|, ]+?)(?: ?\))? (==|!=) (?:\( ?)?([a-z|, ]+?|0x0|0)(?: ?\))?$/.exec(said)
  const slashed = /^tcp flags (?:(==|!=) )?([a-z, ]+|0x0|0) \/ ([a-z, ]+)$/.exec(said)
  const any = /^tcp flags ([a-z, ]+)$/.exec(said)
  const tcp: Ask = { protocol: 6 }
  if (any !== null) {
    const flags = list(any[1] as string)
    return flags.every(flag => flagNames.includes(flag))
      ? { asks: [[tcp], flags.map(flag => ({ tcpFlags: { set: [flag] } }))], not: [] }
      : undefined
  }
  const [mask, operator, wanted] =
    masked !== null ? [masked[1], masked[2], masked[3]] : slashed !== null ? [slashed[3], slashed[1] ?? '==', slashed[2]] : []
  if (mask === undefined || wanted === undefined) return undefined
  const looked = list(mask)
  const set = wanted.startsWith('0') ? [] : list(wanted)
  if (![...looked, ...set].every(flag => flagNames.includes(flag)) || set.some(flag => !looked.includes(flag))) return undefined
  const unset = looked.filter(flag => !set.includes(flag))
  if (operator === '==')
    return { asks: [[tcp], [{ tcpFlags: { ...(set.length > 0 ? { set } : {}), ...(unset.length > 0 ? { unset } : {}) } }]], not: [] }
  return {
    asks: [[tcp], [...set.map(flag => ({ tcpFlags: { unset: [flag] } })), ...unset.map(flag => ({ tcpFlags: { set: [flag] } }))]],
    not: [],
  }
}
