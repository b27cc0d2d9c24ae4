/** One rule of nftables: its words read from left to right, into what it asks and what becomes of the packet. */
import type { LimitValue } from '../policy/document.ts'
import { packetLimit } from './iptables-match.ts'
import { type Ask, isAsk, meet } from './meet.ts'
import { type Asked, askOf, bareMeta, type Selector, selectors } from './nft-select.ts'
import type { NftTable } from './nft-tables.ts'
import { elementsOf, textOf, type Word } from './nft-text.ts'
import type { Notes } from './note.ts'
import type { ForeignRule, Rate, Target } from './ruleset.ts'
import type { KnownSets } from './sets.ts'

export interface RuleContext {
  readonly table: NftTable
  readonly sets: KnownSets
  /** Of a set of this table, as KnownSets knows it. */
  readonly key: (name: string) => string
  readonly notes: Notes
  readonly nat: boolean
}

interface State {
  readonly line: number
  readonly text: string
  readonly asks: (readonly Ask[])[]
  readonly not: Ask[]
  rate?: Rate
  cannot?: string
  /** Whether something that decides has been read. */
  readonly rules: ForeignRule[]
}

/** Several where a map decides by what the packet has. */
export function readNftRule(words: readonly Word[], context: RuleContext): ForeignRule[] {
  const state: State = { line: words[0]?.line ?? 0, text: textOf(words), asks: [], not: [], rules: [] }
  const rest = [...words]
  while (rest.length > 0) {
    const before = rest.length
    readTerm(rest, state, context)
    if (rest.length === before) throw new Error(`stuck at ${rest[0]?.text}`)
  }
  if (state.rules.length > 0) return state.rules
  if (state.cannot === undefined) return []
  return [finished(state, { kind: 'none' })]
}

type Rest = Word[]
const peek = (rest: Rest) => rest[0]?.text ?? ''

function take(rest: Rest, ...texts: readonly string[]): boolean {
  if (!texts.every((text, at) => rest[at]?.text === text)) return false
  rest.splice(0, texts.length)
  return true
}

function readTerm(rest: Rest, state: State, context: RuleContext): undefined {
  const effect = readEffect(rest, state, context)
  if (effect) return
  const target = readTarget(rest)
  if (target !== undefined) {
    if (context.nat && target.kind !== 'none') return
    state.rules.push(finished(state, target))
    return
  }
  if (take(rest, 'limit', 'rate')) return readRate(rest, state)
  if (take(rest, 'ct', 'count', 'over')) {
    state.rate = { limit: { maxConnections: Number(rest.shift()?.text), per: 'rule' }, beyond: true }
    return
  }
  readMatch(rest, state, context)
}

const loud = 'not logged: give the rule that decides a "log", and read GET /v1/events'
const numberedWords = ['packets', 'bytes', 'prefix', 'level', 'group', 'snaplen', 'queue-threshold', 'flags', 'name']

/** Words that decide nothing. */
function readEffect(rest: Rest, state: State, { notes, nat }: RuleContext): boolean {
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

function readTarget(rest: Rest): Target | undefined {
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
function readRate(rest: Rest, state: State): undefined {
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

function readMatch(rest: Rest, state: State, context: RuleContext): undefined {
  const columns: (readonly [string, Selector])[] = []
  for (;;) {
    const found = readSelector(rest)
    if (found === undefined) return special(rest, state)
    columns.push(found)
    if (!take(rest, '.')) break
  }
  const not = take(rest, '!=')
  if (!not) take(rest, '==')
  if (take(rest, 'vmap')) return readMap(rest, columns, state, context)
  const values = valuesOf(rest)
  const asked = askAll(columns, values, not, context)
  if ('cannot' in asked) state.cannot ??= asked.cannot
  else addTo(state, asked)
}

function readSelector(rest: Rest): readonly [string, Selector] | undefined {
  const [first, second] = rest
  const name = bareMeta.includes(first?.text ?? '') ? `meta ${first?.text}` : `${first?.text} ${second?.text}`
  const selector = selectors[name]
  if (selector === undefined) return undefined
  rest.splice(0, bareMeta.includes(first?.text ?? '') ? 1 : 2)
  return [name, selector]
}

/** One value, several between commas, a list in braces, or a set. */
function valuesOf(rest: Rest): Word[][] {
  if (peek(rest) === '{' && !rest[0]?.quoted) {
    let depth = 0
    const end = rest.findIndex(({ text, quoted }) => !quoted && ((text === '{' && ++depth === 0) || (text === '}' && --depth === 0)))
    return elementsOf(rest.splice(0, end + 1))
  }
  const values: Word[][] = []
  do {
    const value: Word[] = []
    do value.push(...rest.splice(0, 1))
    while (peek(rest) === '.' && value.push(...rest.splice(0, 1)))
    values.push(value)
  } while (take(rest, ','))
  return values
}

type Columns = readonly (readonly [string, Selector])[]

/** `values` may be the name of a set. */
function askAll(columns: Columns, values: readonly (readonly Word[])[], not: boolean, context: RuleContext): Asked | { cannot: string } {
  const named =
    values.length === 1 && values[0]?.length === 1 && values[0][0]?.text.startsWith('@') ? values[0][0].text.slice(1) : undefined
  const set = named === undefined ? undefined : context.table.sets.get(named)
  if (named !== undefined && set === undefined) return { cannot: `there is no set ${named} in this table` }
  const [first] = columns
  if (first === undefined) return { cannot: 'nothing is compared' }
  const [name, selector] = first
  if (columns.length > 1) return concatenated(columns, set?.elements ?? values, not)
  if (named !== undefined && (selector.type === 'ipv4_addr' || selector.type === 'ipv6_addr')) {
    const side = selector.field === 'source' ? 'src' : 'dst'
    const found = context.sets.asks(context.key(named), [side], selector.type === 'ipv4_addr' ? 4 : 6)
    if ('cannot' in found) return found
    const list = Object.values(found.asks[0] ?? {}).find(Array.isArray) as string[]
    return askOf({ ...selector, read: text => [text] }, list, not) ?? { cannot: `${name} @${named}` }
  }
  if (set?.dynamic) return { cannot: `the set ${named} changes while packets go on, and is none of addresses` }
  const texts = (set?.elements ?? values).map(element => element[0]?.text ?? '')
  return askOf(selector, texts, not) ?? { cannot: `${name} ${texts.slice(0, 5).join(', ')} is nothing that a rule can ask for` }
}

function concatenated(columns: Columns, elements: readonly (readonly Word[])[], not: boolean): Asked | { cannot: string } {
  const asks: Ask[] = []
  if (elements.length > 256) return { cannot: `${elements.length} combinations are more than 256 rules` }
  for (const element of elements) {
    const ask = rowOf(columns, element)
    if (ask === undefined) return { cannot: `${textOf(element)} is nothing that a rule can ask for` }
    asks.push(ask)
  }
  if (asks.length === 0) return { cannot: 'the set is empty' }
  return not ? { asks: [], not: asks } : { asks: [asks], not: [] }
}

function rowOf(columns: Columns, element: readonly Word[]): Ask | undefined {
  const texts = element.map(({ text }) => text)
  let ask: Ask = {}
  for (const [at, [, selector]] of columns.entries()) {
    const asked = askOf(selector, [texts[2 * at] ?? ''], false)
    for (const one of asked?.asks.flat() ?? []) {
      const met = meet(ask, one)
      if (!isAsk(met)) return undefined
      ask = met
    }
    if (asked === undefined) return undefined
  }
  return ask
}

/** Each element of the map is a rule: their keys exclude each other. */
function readMap(rest: Rest, columns: Columns, state: State, context: RuleContext): undefined {
  const values = valuesOf(rest)
  const name = values[0]?.[0]?.text ?? ''
  const set = name.startsWith('@') ? context.table.sets.get(name.slice(1)) : undefined
  const elements = name.startsWith('@') ? (set?.elements ?? []) : values
  if (set?.dynamic || (name.startsWith('@') && set === undefined)) {
    state.cannot ??= `the map ${name.slice(1)} changes while packets go on, or is not in this table`
    state.rules.push(finished(state, { kind: 'drop' }))
    return
  }
  for (const element of elements) {
    const colon = element.findIndex(({ text, quoted }) => text === ':' && !quoted)
    const [key, verdict] = [element.slice(0, colon), element.slice(colon + 1)]
    const target = readTarget(verdict)
    const own: State = { ...state, asks: [...state.asks], not: [...state.not] }
    const asked =
      target === undefined
        ? { cannot: `${textOf(element)} is no verdict` }
        : columns.length > 1
          ? concatenated(columns, [key], false)
          : askAll(columns, [key], false, context)
    if ('cannot' in asked) own.cannot ??= asked.cannot
    else addTo(own, asked)
    if (!context.nat) state.rules.push(finished(own, target ?? { kind: 'drop' }))
  }
}

function addTo(state: State, { asks, not }: Asked): undefined {
  state.asks.push(...asks)
  state.not.push(...not)
}

const flagNames = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'] as const
type Flag = (typeof flagNames)[number]

/** What is no selector with values: flags by masks, addresses by their kind, fragments. What is not known ends the rule's reading. */
function special(rest: Rest, state: State): undefined {
  const text = textOf(rest)
  const end = rest.findIndex(
    ({ text, quoted }, at) =>
      at > 0 &&
      !quoted &&
      [
        'accept',
        'drop',
        'return',
        'jump',
        'goto',
        'reject',
        'counter',
        'log',
        'continue',
        'limit',
        'ct',
        'ip',
        'ip6',
        'meta',
        'comment',
      ].includes(text),
  )
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

function finished({ line, text, asks, not, rate, cannot }: State, target: Target): ForeignRule {
  let all: Ask[] = [{}]
  let why = cannot
  for (const alternatives of asks) {
    const met = all.flatMap(one => alternatives.map(other => meet(one, other)))
    if (met.some(one => one !== 'nothing' && !isAsk(one))) why ??= 'what it asks for cannot be said in one rule'
    all = met.filter(isAsk)
  }
  if (all.some(ask => (ask.sourcePorts ?? ask.destinationPorts) !== undefined && ![6, 17, 132].includes(Number(ask.protocol))))
    why ??= 'ports are known of tcp, udp and sctp alone: name the protocol'
  return { line, text, asks: all, not, ...(rate === undefined ? {} : { rate }), target, ...(why === undefined ? {} : { cannot: why }) }
}
