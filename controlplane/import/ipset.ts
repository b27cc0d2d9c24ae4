/** The text of `ipset save`: sets and what is in them. */
import type { Entry } from '../policy/document.ts'
import { wordsOf } from './iptables.ts'
import { ImportFailure, type Notes } from './note.ts'
import { type AddressRange, joined, prefixesOf, readRange, without } from './ranges.ts'
import type { Column, ForeignSet } from './sets.ts'
import { portsOf, protocolOf } from './words.ts'

/** Types whose elements are addresses. */
const plain = new Set(['hash:ip', 'hash:net', 'bitmap:ip'])
/** Types that become rules. */
const columns: Readonly<Record<string, readonly ('address' | 'port')[]>> = {
  'hash:ip,port': ['address', 'port'],
  'hash:net,port': ['address', 'port'],
  'hash:net,net': ['address', 'address'],
  'hash:ip,port,ip': ['address', 'port', 'address'],
  'hash:ip,port,net': ['address', 'port', 'address'],
  'hash:net,port,net': ['address', 'port', 'address'],
  'bitmap:port': ['port'],
}

interface Element {
  readonly range: AddressRange
  readonly except: boolean
  readonly seconds?: number
  readonly comment?: string
}

interface Building {
  readonly type: string
  readonly line: number
  readonly text: string
  /** Of `netmask`: elements are networks of this length. */
  readonly netmask?: string
  readonly elements: Element[]
  readonly rows: Column[][]
  readonly members: string[]
  cannot?: string
}

export function readIpset(text: string, notes: Notes): Map<string, ForeignSet> {
  const sets = new Map<string, Building>()
  for (const [at, raw] of text.split('\n').entries()) {
    const line = at + 1
    if (raw.trimStart().startsWith('#')) continue
    const [command, name, ...words] = wordsOf(raw.trim(), line)
    if (command === undefined) continue
    if ((command === 'create' || command === '-N') && name !== undefined) {
      const netmask = valueAfter(words, 'netmask')
      sets.set(name, { type: words[0] ?? '', line, text: raw.trim(), elements: [], rows: [], members: [], ...(netmask && { netmask }) })
      continue
    }
    if (command !== 'add' && command !== '-A')
      throw new ImportFailure(line, `${JSON.stringify(command.slice(0, 40))} is no line of ipset save`)
    const set = sets.get(name ?? '')
    if (set === undefined) throw new ImportFailure(line, `the set ${name} has not been created above`)
    addElement(set, words, { line, text: raw.trim() }, notes)
  }
  return new Map([...sets].map(([name, set]) => [name, finished(name, set, sets, notes)]))
}

function valueAfter(words: readonly string[], word: string): string | undefined {
  const at = words.indexOf(word)
  return at < 0 ? undefined : words[at + 1]
}

function addElement(
  set: Building,
  [element = '', ...words]: readonly string[],
  { line, text }: { line: number; text: string },
  notes: Notes,
): void {
  const timeout = Number(valueAfter(words, 'timeout') ?? 0)
  const comment = valueAfter(words, 'comment')
  if (set.type === 'list:set') set.members.push(element)
  else if (plain.has(set.type)) {
    const range = readRange(set.netmask === undefined || element.includes('-') ? element : `${element}/${set.netmask}`)
    if (range === undefined) {
      notes.tell(line, text, 'passes more', `${element} is no prefix and no range of addresses`)
      return
    }
    const except = words.includes('nomatch')
    set.elements.push({ range, except, ...(timeout > 0 ? { seconds: timeout } : {}), ...(comment === undefined ? {} : { comment }) })
  } else if (columns[set.type] !== undefined) {
    if (words.includes('nomatch') || timeout > 0) set.cannot ??= `line ${line} has a timeout or nomatch, which a rule cannot say`
    const row = rowsOf(element, columns[set.type] as readonly ('address' | 'port')[])
    if (row === undefined) set.cannot ??= `line ${line}: ${element} cannot be said in a rule`
    else set.rows.push(...row)
  }
}

/** One for each prefix that a range is made of. */
function rowsOf(element: string, kinds: readonly ('address' | 'port')[]): Column[][] | undefined {
  let rows: Column[][] = [[]]
  for (const [at, word] of element.split(',').entries()) {
    const options = kinds[at] === 'port' ? portColumns(word) : addressColumns(word)
    if (options === undefined) return undefined
    rows = rows.flatMap(row => options.map(option => [...row, option]))
  }
  return rows
}

function portColumns(word: string): Column[] | undefined {
  const [name, number] = word.includes(':') ? word.split(':') : [undefined, word]
  const port = portsOf(number ?? '')
  const protocol = name === undefined ? undefined : protocolOf(name)
  if (port === undefined || (name !== undefined && (protocol === undefined || ![6, 17, 132].includes(protocol)))) return undefined
  return [{ port, ...(protocol === undefined ? {} : { protocol }) }]
}

function addressColumns(word: string): Column[] | undefined {
  const range = readRange(word)
  return range && prefixesOf(range).map(prefix => ({ prefix }))
}

function finished(name: string, set: Building, sets: ReadonlyMap<string, Building>, notes: Notes): ForeignSet {
  const { type, line, text, cannot, rows, members } = set
  const refuse = (why: string): ForeignSet => {
    notes.tell(line, text, 'passes more', `the set ${name} cannot be carried over: ${why}`)
    return { cannot: why }
  }
  if (cannot !== undefined) return refuse(cannot)
  if (plain.has(type)) return { entries: entriesOf(set.elements) }
  if (columns[type] !== undefined) return { rows }
  if (type !== 'list:set') return refuse(`a set of the type ${type} has more than addresses and ports`)
  const listed = members.map(member => sets.get(member))
  if (listed.some(member => member === undefined || !plain.has(member.type))) return refuse('it lists sets that are none of addresses')
  notes.tell(line, text, 'none', `the set ${name} holds what its members held when they were saved, and does not follow them`)
  return { entries: listed.flatMap(member => [...entriesOf((member as Building).elements)]) }
}

/** The longest prefix decides, so that `nomatch` cuts holes that later elements may fill again. */
function entriesOf(elements: readonly Element[]): readonly Entry[] {
  const timed = elements.filter(({ except, seconds, comment }) => !except && (seconds ?? comment) !== undefined)
  if (!elements.some(({ except }) => except))
    return elements.flatMap(({ range, seconds, comment }) =>
      prefixesOf(range).map(prefix =>
        timed.length === 0 || (seconds ?? comment) === undefined
          ? prefix
          : {
              prefix,
              ...(seconds === undefined ? {} : { expiresIn: `${seconds}s` }),
              ...(comment === undefined ? {} : { comment: comment.slice(0, 1000) }),
            },
      ),
    )
  const size = ({ range }: Element) => range.last - range.first
  let ranges: AddressRange[] = []
  for (const { range, except } of [...elements].sort((a, b) => (size(a) < size(b) ? 1 : size(a) > size(b) ? -1 : 0)))
    ranges = except ? without(ranges, range) : joined([...ranges, range])
  return ranges.flatMap(prefixesOf)
}
