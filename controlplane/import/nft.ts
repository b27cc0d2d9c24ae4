/** The text of nftables, as `nft list ruleset` prints it and nft -f takes it. */
import type { Entry } from '../policy/document.ts'
import { readNftRule } from './nft-rule.ts'
import { type NftChain, type NftSet, type NftTable, readTables } from './nft-tables.ts'
import { textOf, type Word } from './nft-text.ts'
import type { Notes } from './note.ts'
import { type Family, prefixesOf, readRange } from './ranges.ts'
import type { BaseChain, Chain, Hook } from './ruleset.ts'
import type { ForeignSet, KnownSets } from './sets.ts'

const families: Readonly<Record<string, Family>> = { ip: 4, ip6: 6 }
const hooks: Readonly<Record<string, Hook>> = {
  prerouting: 'prerouting',
  input: 'input',
  forward: 'forward',
  output: 'output',
  postrouting: 'postrouting',
  ingress: 'prerouting',
  egress: 'postrouting',
}
const priorities: Readonly<Record<string, number>> = { raw: -300, mangle: -150, dstnat: -100, filter: 0, security: 50, srcnat: 100 }
/** The device's own hooks stand outside of all others. */
const outside: Readonly<Record<string, number>> = { ingress: -1_000_000, egress: 1_000_000 }

export interface NftFile {
  readonly tables: readonly NftTable[]
  readonly sets: ReadonlyMap<string, ForeignSet>
}

const keyOf = ({ family, name }: NftTable, set: string) => `${family} ${name} ${set}`

export function readNftSets(text: string, notes: Notes): NftFile {
  const tables = readTables(text, notes)
  const sets = new Map<string, ForeignSet>()
  for (const table of tables)
    for (const [name, set] of table.sets) if (isPlain(set)) sets.set(keyOf(table, name), foreign(name, set, notes))
  return { tables, sets }
}

function isPlain({ types }: NftSet): boolean {
  return types.length === 1 && (types[0] === 'ipv4_addr' || types[0] === 'ipv6_addr')
}

function foreign(name: string, { line, text, elements, dynamic }: NftSet, notes: Notes): ForeignSet {
  if (dynamic)
    notes.tell(
      line,
      text,
      'passes more',
      `rules of the original put addresses into ${name}; here somebody else has to`,
      'a detector with "set" does, or drawgate block',
    )
  return { entries: elements.flatMap(element => entriesOf(element, notes)) }
}

function entriesOf(element: readonly Word[], notes: Notes): Entry[] {
  const [{ text = '', line = 0 } = {}, ...rest] = element
  const range = readRange(text)
  if (range === undefined) {
    notes.tell(line, textOf(element), 'passes more', `${text} is no prefix and no range of addresses`)
    return []
  }
  const valueAfter = (word: string) => rest[rest.findIndex(({ text }) => text === word) + 1]?.text
  const has = (word: string) => rest.some(({ text }) => text === word)
  const seconds = has('expires') ? secondsOf(valueAfter('expires')) : has('timeout') ? secondsOf(valueAfter('timeout')) : undefined
  const comment = has('comment') ? valueAfter('comment') : undefined
  return prefixesOf(range).map(prefix =>
    seconds === undefined && comment === undefined
      ? prefix
      : { prefix, ...(seconds === undefined ? {} : { expiresIn: `${seconds}s` }), ...(comment === undefined ? {} : { comment }) },
  )
}

/** `1d2h3m4s500ms` */
function secondsOf(text = ''): number | undefined {
  const units: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1, ms: 0.001 }
  const sum = [...text.matchAll(/(\d+)(ms|[wdhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit as string] as number),
    0,
  )
  return sum > 0 ? Math.max(1, Math.ceil(sum)) : undefined
}

export function readNft({ tables }: NftFile, sets: KnownSets, notes: Notes): BaseChain[] {
  return tables.flatMap(table => {
    if (table.family === 'arp' || table.family === 'bridge') {
      for (const chain of table.chains.values())
        for (const rule of chain.rules)
          notes.tell(
            rule[0]?.line ?? 0,
            textOf(rule),
            'passes more',
            `the table is of the family ${table.family}, which Drawgate does not judge`,
          )
      return []
    }
    const natChains = new Set(
      [...table.chains.values()].filter(({ base }) => base?.[1]?.text === 'nat').flatMap(chain => called(chain, table)),
    )
    const chains = new Map<string, Chain>()
    for (const chain of table.chains.values()) {
      const context = { table, sets, key: (name: string) => keyOf(table, name), notes, nat: natChains.has(chain) }
      chains.set(chain.name, { name: chain.name, rules: chain.rules.flatMap(words => readNftRule(words, context)) })
    }
    return [...table.chains.values()].flatMap(chain => baseOf(chain, table, chains))
  })
}

/** The chain and those that it leads to. */
function called(chain: NftChain, table: NftTable): NftChain[] {
  const met = new Set([chain])
  for (const one of met)
    for (const rule of one.rules)
      for (const [at, { text }] of rule.entries()) {
        const next = text === 'jump' || text === 'goto' ? table.chains.get(rule[at + 1]?.text ?? '') : undefined
        if (next !== undefined) met.add(next)
      }
  return [...met]
}

function baseOf({ name, base, policy }: NftChain, table: NftTable, chains: ReadonlyMap<string, Chain>): BaseChain[] {
  const texts = base?.map(({ text }) => text) ?? []
  const after = (word: string) => texts[texts.indexOf(word) + 1] ?? ''
  const hook = texts.includes('hook') ? hooks[after('hook')] : undefined
  if (hook === undefined || texts[1] === 'nat') return []
  const family = families[table.family]
  const devices = texts.includes('device')
    ? [after('device')]
    : texts.includes('devices')
      ? texts.slice(texts.indexOf('{') + 1, texts.indexOf('}')).filter(text => text !== ',')
      : undefined
  return [
    {
      ...(chains.get(name) as Chain),
      hook,
      priority: priorityOf(texts.slice(texts.indexOf('priority') + 1)) + (outside[after('hook')] ?? 0),
      policy: policy === 'drop' ? 'drop' : 'accept',
      line: base?.[0]?.line ?? 0,
      ...(family === undefined ? {} : { family }),
      ...(devices === undefined ? {} : { devices }),
      chains,
    },
  ]
}

/** `filter`, `-150`, `filter - 1`, `mangle + 5` */
function priorityOf([first = '0', sign, more]: readonly string[]): number {
  const start = priorities[first] ?? Number(first)
  const signed = /^([+-])(\d+)?$/.exec(sign ?? '')
  const step = signed === null ? 0 : Number(`${signed[1]}${signed[2] ?? more ?? 0}`)
  return (Number.isFinite(start) ? start : 0) + (Number.isFinite(step) ? step : 0)
}
