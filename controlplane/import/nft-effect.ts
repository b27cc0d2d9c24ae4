/** What a rule of nftables does: what decides nothing, what decides, and rates. */
import type { LimitValue } from '../policy/document.ts'
import { packetLimit } from './iptables-match.ts'
import { peek, type Rest, type RuleContext, type State, take } from './nft-state.ts'
import type { Target } from './ruleset.ts'

const loud = 'not logged: give the rule that decides a "log", and read GET /v1/events'
const numberedWords = ['packets', 'bytes', 'prefix', 'level', 'group', 'snaplen', 'queue-threshold', 'flags', 'name']

/** Words that decide nothing. */
export function readEffect(rest: Rest, state: State, { notes, nat }: RuleContext): boolean {
  const tell = (detail: string) => notes.tell(state.line, state.text, 'none', detail)
  if (take(rest, 'counter')) {
    while (['packets', 'bytes', 'name'].includes(peek(rest))) rest.splice(0, 2)
    if (rest[0]?.quoted) rest.shift()
    return true
  }
  if (take(rest, 'log')) {
    while (numberedWords.includes(peek(rest))) rest.splice(0, 2)
    tell(loud)
    return true
  }
  if (take(rest, 'comment')) {
    rest.shift()
    return true
  }
  if (nat && ['dnat', 'snat', 'masquerade', 'redirect'].includes(peek(rest))) {
    rest.length = 0
    tell('addresses are not translated, and rules see packets as they arrive; the kernel goes on translating while its own rule is there')
    return true
  }
  const sets = ['meta', 'ct'].includes(peek(rest)) && rest[2]?.text === 'set'
  const writes = ['ip', 'ip6', 'tcp', 'udp', 'ether', 'vlan'].includes(peek(rest)) && rest[2]?.text === 'set'
  if (
    sets ||
    writes ||
    ['notrack', 'flow', 'dup', 'add', 'update', 'delete', 'set', 'meter', 'quota', 'tcp option', 'synproxy'].includes(peek(rest))
  ) {
    const what = rest
      .slice(0, 3)
      .map(({ text }) => text)
      .join(' ')
    // Where a limit stands in the element, the statement is a match as well.
    if (rest.some(({ text }) => text === 'limit' || text === 'over' || text === 'count'))
      state.cannot ??= `${what}: a rate for each element is not known; a limit counts by rule, source or source prefix`
    else tell(`${what} changes the packet or what is known of it, and decides nothing: Drawgate does not`)
    const end = rest.findIndex(
      ({ text, quoted }, at) =>
        at > 2 && !quoted && ['accept', 'drop', 'return', 'jump', 'goto', 'reject', 'counter', 'log'].includes(text),
    )
    rest.splice(0, end < 0 ? rest.length : end)
    return true
  }
  return false
}

export function readTarget(rest: Rest): Target | undefined {
  const [{ text = '', quoted = false } = {}] = rest
  if (quoted) return undefined
  if (text === 'accept' || text === 'drop' || text === 'return') {
    rest.shift()
    return { kind: text }
  }
  if (text === 'continue') {
    rest.shift()
    return { kind: 'none' }
  }
  if (text === 'jump' || text === 'goto') {
    rest.shift()
    return { kind: text, chain: rest.shift()?.text ?? '' }
  }
  if (text !== 'reject') return undefined
  rest.shift()
  if (!take(rest, 'with')) return { kind: 'reject', answer: 'port-unreachable' }
  if (take(rest, 'tcp', 'reset')) return { kind: 'reject', answer: 'tcp-reset' }
  const family = rest.shift()?.text ?? ''
  take(rest, 'type')
  return { kind: 'reject', answer: `${family} ${rest.shift()?.text ?? ''}` }
}

const bytes: Readonly<Record<string, number>> = { bytes: 1, kbytes: 1024, mbytes: 1_048_576 }
const seconds: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 }

/** `limit rate [over] 10/second [burst 5 packets]`, `limit rate 10 mbytes/second [burst 5 kbytes]` */
export function readRate(rest: Rest, state: State): undefined {
  const beyond = take(rest, 'over')
  const first = rest.shift()?.text ?? ''
  const said = first.includes('/') ? first : `${first} ${rest.shift()?.text ?? ''}`
  const parts = /^(\d+)(?: ([kmg]?bytes))?\/([a-z]+)$/.exec(said)
  const burst = take(rest, 'burst') ? { count: Number(rest.shift()?.text), unit: rest.shift()?.text ?? 'packets' } : undefined
  if (parts === null) {
    state.cannot ??= `a rate of ${said} is not known`
    return
  }
  const [, count, unit, per = ''] = parts
  const perSecond = Number(count) / (seconds[per] ?? Number.NaN)
  if (unit === undefined) {
    const limit = packetLimit(perSecond, burst?.count ?? 5)
    if (typeof limit === 'string') state.cannot ??= `${said}: ${limit}`
    else state.rate = { limit, beyond }
    return
  }
  const bits = Math.floor(perSecond * 8 * (bytes[unit] ?? Number.NaN))
  const limit: LimitValue = { bitsPerSecond: bits, burstBits: bits + 8 * (burst?.count ?? 0) * (bytes[burst?.unit ?? ''] ?? 0) }
  if (Number.isFinite(bits) && bits >= 1) state.rate = { limit, beyond }
  else state.cannot ??= `a rate of ${said} is not known`
}
