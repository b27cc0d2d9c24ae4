/** Tables of an nftables file with what is declared in them; rules are words still. */

import { elementsOf, NftReader, textOf, type Word } from './nft-text.ts'
import { ImportFailure, type Notes } from './note.ts'

export interface NftSet {
  readonly line: number
  readonly text: string
  /** Of the columns, as `ipv4_addr`; of a map, those of its key. */
  types: readonly string[]
  readonly elements: (readonly Word[])[]
  /** Filled by rules, or by somebody else, while packets go on. */
  dynamic: boolean
}

export interface NftChain {
  readonly name: string
  /** As the rules stand, each the words of one. */
  readonly rules: (readonly Word[])[]
  /** `type filter hook input priority filter` */
  base?: readonly Word[]
  policy?: string
}

export interface NftTable {
  readonly family: string
  readonly name: string
  readonly chains: Map<string, NftChain>
  readonly sets: Map<string, NftSet>
}

const families = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev']
const objects = ['counter', 'quota', 'limit', 'ct', 'flowtable', 'secmark', 'synproxy', 'tunnel']

export function readTables(text: string, notes: Notes): NftTable[] {
  if (/^\s*\{/.test(text)) throw new ImportFailure(1, 'this is JSON; give the text of "nft list ruleset" without -j')
  const reader = new NftReader(text)
  const tables = new Map<string, NftTable>()
  const tableOf = (words: readonly string[]): [NftTable, string[]] => {
    const [family, name = '', ...rest] = families.includes(words[0] ?? '') ? words : ['ip', ...words]
    const table = tables.get(`${family} ${name}`) ?? { family: family as string, name, chains: new Map(), sets: new Map() }
    tables.set(`${family} ${name}`, table)
    return [table, rest]
  }
  while (!reader.ended) {
    const { words, block } = reader.head(head => ['table', 'chain', 'set', 'map', ...objects].includes(objectOf(head)))
    const [first] = words
    if (first === undefined) throw new ImportFailure(reader.line, 'a brace closes that was not opened')
    readCommand(reader, words, block, tableOf, notes)
  }
  return [...tables.values()]
}

const verbs = ['add', 'create', 'insert', 'replace']

function objectOf(words: readonly Word[]): string {
  const [first, second] = words
  return (verbs.includes(first?.text ?? '') ? second?.text : first?.text) ?? ''
}

type TableOf = (words: readonly string[]) => [NftTable, string[]]

function readCommand(reader: NftReader, words: readonly Word[], block: boolean, tableOf: TableOf, notes: Notes): undefined {
  const { text: verb, line } = words[0] as Word
  const tell = (detail: string) => notes.tell(line, textOf(words), 'passes more', detail)
  if (verb === 'define' || verb === 'redefine') return reader.define(words[1]?.text ?? '', words.slice(3))
  if (verb === 'include') return tell('files that this one includes are not read: give them one by one, or the text of "nft list ruleset"')
  if (['flush', 'delete', 'destroy', 'undefine', 'reset', 'list'].includes(verb)) return
  const rest = verbs.includes(verb) ? words.slice(1) : words
  const texts = rest.slice(1).map(({ text }) => text)
  const [kind] = rest
  switch (kind?.text) {
    case 'table':
      if (block) return readTable(reader, tableOf(texts)[0], notes)
      tableOf(texts)
      return
    case 'chain': {
      const [table, [name = '']] = tableOf(texts)
      if (block) readChain(reader, chainOf(table, name))
      else chainOf(table, name)
      return
    }
    case 'set':
    case 'map': {
      const [table, [name = '']] = tableOf(texts)
      const set = setOf(table, name, words)
      if (block) readSet(reader, set)
      return
    }
    case 'element': {
      const [table, [name = '']] = tableOf(texts)
      const list = rest.slice(rest.findIndex(({ text }) => text === '{'))
      setOf(table, name, words).elements.push(...elementsOf(list))
      return
    }
    case 'rule': {
      const named = tableOf(texts)
      const [table, [name = '']] = named
      const rule = rest.slice(1 + texts.length - named[1].length + 1)
      const { rules } = chainOf(table, name)
      if (verb === 'insert') rules.unshift(rule)
      else rules.push(rule)
      return
    }
    default:
      if (block) skipBlock(reader)
      if (!objects.includes(kind?.text ?? '')) tell(`${verb} is no command that is known here`)
  }
}

function chainOf({ chains }: NftTable, name: string): NftChain {
  const chain = chains.get(name) ?? { name, rules: [] }
  chains.set(name, chain)
  return chain
}

function setOf({ sets }: NftTable, name: string, words: readonly Word[]): NftSet {
  const set = sets.get(name) ?? { line: words[0]?.line ?? 0, text: textOf(words), types: [], elements: [], dynamic: false }
  sets.set(name, set)
  return set
}

function readTable(reader: NftReader, table: NftTable, notes: Notes): undefined {
  while (!reader.closes()) {
    if (reader.ended) throw new ImportFailure(reader.line, `the table ${table.name} is not closed`)
    const { words, block } = reader.head(head => ['chain', 'set', 'map', ...objects].includes(head[0]?.text ?? ''))
    const [kind, name] = words
    if (kind?.text === 'chain' && block) readChain(reader, chainOf(table, name?.text ?? ''))
    else if ((kind?.text === 'set' || kind?.text === 'map') && block) readSet(reader, setOf(table, name?.text ?? '', words))
    else if (block) skipBlock(reader)
    else if (kind?.text === 'flags' && words.some(({ text }) => text === 'dormant'))
      notes.tell(kind.line, textOf(words), 'drops more', 'the table sleeps, and its rules are carried over all the same')
  }
}

function readChain(reader: NftReader, chain: NftChain): undefined {
  while (!reader.closes()) {
    if (reader.ended) throw new ImportFailure(reader.line, `the chain ${chain.name} is not closed`)
    const { words } = reader.head(() => false)
    const [first, second] = words
    if (first?.text === 'type' && words.some(({ text }) => text === 'hook')) chain.base = words
    else if (first?.text === 'policy') chain.policy = second?.text ?? 'accept'
    else if (words.length > 0 && first?.text !== 'comment' && first?.text !== 'flags') chain.rules.push(words)
  }
}

function readSet(reader: NftReader, set: NftSet): undefined {
  while (!reader.closes()) {
    if (reader.ended) throw new ImportFailure(reader.line, 'a set is not closed')
    const { words } = reader.head(() => false)
    const [first, ...rest] = words
    const texts = rest.map(({ text }) => text)
    if (first?.text === 'type' || first?.text === 'typeof') set.types = typesOf(texts, first.text === 'typeof')
    else if (first?.text === 'flags') set.dynamic = texts.some(text => text === 'dynamic')
    else if (first?.text === 'elements') set.elements.push(...elementsOf(rest.slice(1)))
  }
}

const typesByField: Readonly<Record<string, string>> = {
  'ip saddr': 'ipv4_addr',
  'ip daddr': 'ipv4_addr',
  'ip6 saddr': 'ipv6_addr',
  'ip6 daddr': 'ipv6_addr',
  'tcp dport': 'inet_service',
  'tcp sport': 'inet_service',
  'udp dport': 'inet_service',
  'udp sport': 'inet_service',
  'th dport': 'inet_service',
  'th sport': 'inet_service',
  'ip protocol': 'inet_proto',
  'ip6 nexthdr': 'inet_proto',
  'meta l4proto': 'inet_proto',
  iifname: 'ifname',
  oifname: 'ifname',
  iif: 'ifname',
  oif: 'ifname',
  'meta iifname': 'ifname',
  'meta oifname': 'ifname',
}

function typesOf(words: readonly string[], byField: boolean): string[] {
  const key = words.includes(':') ? words.slice(0, words.indexOf(':')) : words
  const columns = key.join(' ').split(' . ')
  return columns.map(column => (byField ? (typesByField[column] ?? column) : column === 'iface_index' ? 'ifname' : column))
}

function skipBlock(reader: NftReader): undefined {
  while (!reader.closes()) {
    if (reader.ended) throw new ImportFailure(reader.line, 'a block is not closed')
    if (reader.head(() => true).block) skipBlock(reader)
  }
}
