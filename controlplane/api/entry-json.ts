/** Entries as JSON: a flat list of them, or an object of such lists. Read with the strictness of json.ts, and never whole. */
import { type Fault, RequestError } from '../errors.ts'
import { parseJson } from '../format/json.ts'
import { checkEntry } from '../policy/checkset.ts'
import type { Entry } from '../policy/document.ts'
import { addToDraft, type EntryDraft, newDraft } from '../policy/entry-draft.ts'
import { prefixNumbers, readPlainPrefix } from '../policy/prefix-bytes.ts'
import { newReport } from '../policy/report.ts'
import type { BodyReader } from './entry-body.ts'
import { faultsOf } from './validation.ts'

export interface EntryList {
  readonly draft: EntryDraft
  /** Prefixes alone are taken. */
  readonly plain?: boolean
}

/** Of one value of a list: a comment has at most 1,000 characters. */
const maxValueBytes = 16 * 1024

type State = 'begin' | 'key' | 'firstKey' | 'colon' | 'list' | 'firstValue' | 'value' | 'comma' | 'nextList' | 'end'

/** By name; '' alone: the body is the list itself. `now` in milliseconds. */
export function jsonReader(lists: ReadonlyMap<string, EntryList>, now: number): BodyReader {
  const numbers = prefixNumbers()
  const report = newReport()
  const faults: Fault[] = []
  const whole = lists.get('')
  const seen = new Set<string>()
  let state: State = 'begin'
  let list: EntryList = whole ?? { draft: newDraft() }
  let root = ''
  let index = 0
  let offset = 0
  let rest: Buffer = Buffer.alloc(0)

  const broken = (what: string, at: number) => new RequestError('malformed', `not JSON: ${what} at byte ${offset + at}`)
  const takeValue = (bytes: Uint8Array, start: number, end: number) => {
    const at = index++
    if (bytes[start] === quote) {
      const family = readPlainPrefix(bytes, start + 1, end - 1, numbers)
      if (family !== 0) return addToDraft(list.draft, family, numbers, at)
    }
    const text = textOf(bytes.subarray(start, end), broken, start)
    const plain = list.plain ? undefined : plainEntry(text)
    const parsed = plain === undefined ? parseJson(text) : { value: plain }
    const place = `${root}/${at}`
    const shape =
      plain !== undefined ? [] : 'faults' in parsed ? parsed.faults : faultsOf(list.plain ? 'PlainEntry' : 'Entry', parsed.value)
    if (shape.length > 0)
      return void faults.push(
        ...shape.map(fault => ({ ...fault, pointer: place + fault.pointer, detail: fault.detail.replace('the document', `entry ${at}`) })),
      )
    checkEntry((parsed as { value: Entry }).value, at, [], report, list.draft, now)
    for (const problem of report.problems.splice(0)) faults.push({ ...problem, pointer: place + problem.pointer })
  }
  const takeKey = (bytes: Uint8Array, start: number, end: number) => {
    const parsed = parseJson(textOf(bytes.subarray(start, end), broken, start))
    if ('faults' in parsed) throw broken('no name of a field', start)
    const key = parsed.value as string
    root = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (seen.has(key))
      throw one({ pointer: root, code: 'malformed', detail: `"${key}" occurs twice in one object`, hint: 'keep one of the two' })
    seen.add(key)
    const known = lists.get(key)
    if (known === undefined)
      throw one({
        pointer: root,
        code: 'unknown_field',
        detail: `there is no field ${JSON.stringify(key.slice(0, 60))}`,
        hint: `the fields are ${[...lists.keys()].join(', ')}`,
      })
    list = known
    index = 0
  }

  /** Answers up to where it came; what follows is needed whole, together with what comes next. */
  const scan = (bytes: Uint8Array, last: boolean): number => {
    let at = 0
    while (at < bytes.length) {
      const byte = bytes[at] as number
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
        at++
        continue
      }
      switch (state) {
        case 'begin':
          if (whole && byte !== openList) throw notA('list', '')
          if (!whole && byte !== openObject) throw notA('object', '')
          state = whole ? 'firstValue' : 'firstKey'
          at++
          break
        case 'firstKey':
        case 'key': {
          if (byte === closeObject && state === 'firstKey') {
            state = 'end'
            at++
            break
          }
          if (byte !== quote) throw broken('a name is wanted', at)
          const end = endOfText(bytes, at)
          if (end < 0) return at
          takeKey(bytes, at, end)
          at = end
          state = 'colon'
          break
        }
        case 'colon':
          if (byte !== 0x3a) throw broken('a colon is wanted', at)
          state = 'list'
          at++
          break
        case 'list':
          if (byte !== openList) throw notA('list', root)
          state = 'firstValue'
          at++
          break
        case 'firstValue':
        case 'value': {
          if (byte === closeList && state === 'firstValue') {
            state = whole ? 'end' : 'nextList'
            at++
            break
          }
          const end = endOfValue(bytes, at, last)
          if (end < 0) return at
          if (end === at) throw broken('a value is wanted', at)
          takeValue(bytes, at, end)
          at = end
          state = 'comma'
          break
        }
        case 'comma':
          if (byte !== comma && byte !== closeList) throw broken('a comma or the end of the list is wanted', at)
          state = byte === comma ? 'value' : whole ? 'end' : 'nextList'
          at++
          break
        case 'nextList':
          if (byte !== comma && byte !== closeObject) throw broken('a comma or the end of the object is wanted', at)
          state = byte === comma ? 'key' : 'end'
          at++
          break
        case 'end':
          throw broken('something follows the end', at)
      }
    }
    return at
  }

  return {
    faults,
    drafts: [...lists.values()].map(({ draft }) => draft),
    take(piece) {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
      const done = scan(bytes, false)
      offset += done
      rest = Buffer.from(bytes.subarray(done))
      if (rest.length > maxValueBytes)
        throw new RequestError('malformed', `the value at byte ${offset} is longer than ${maxValueBytes} bytes`)
    },
    end() {
      if (scan(rest, true) < rest.length || state !== 'end') throw new RequestError('malformed', 'not JSON: the body ends too early')
      if (!whole && seen.size === 0)
        throw one({ pointer: '', code: 'malformed', detail: 'the object is empty', hint: `name ${[...lists.keys()].join(' or ')}` })
    },
  }
}

const fields = new Set(['prefix', 'comment', 'expiresIn', 'expiresAt', 'addedAt'])

/** An entry that is written without anything unusual. Undefined: json.ts and the schema have to look at it. */
function plainEntry(text: string): Entry | undefined {
  if (text[0] !== '{' || text.includes('\\')) return undefined
  // Without escapes there are four quotes to a field: more of them, and a field occurs twice.
  const quotes = text.split('"').length - 1
  let value: Record<string, unknown>
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const names = Object.keys(value)
  const known = names.every(name => fields.has(name) && typeof value[name] === 'string')
  if (!known || 4 * names.length !== quotes || value.prefix === undefined || String(value.comment ?? '').length > 1000) return undefined
  return value as Entry
}

const quote = 0x22
const backslash = 0x5c
const openList = 0x5b
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d
const comma = 0x2c

/** Behind the closing quote; -1: it is not there yet. */
function endOfText(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === backslash) at++
    else if (bytes[at] === quote) return at + 1
  }
  return -1
}

/** Behind the value; -1: it may go on. */
function endOfValue(bytes: Uint8Array, start: number, last: boolean): number {
  if (bytes[start] === quote) return endOfText(bytes, start)
  let depth = 0
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === quote) {
      const end = endOfText(bytes, at)
      if (end < 0) return -1
      at = end - 1
    } else if (byte === openObject || byte === openList) {
      depth++
    } else if (byte === closeObject || byte === closeList) {
      if (depth === 0) return at
      if (--depth === 0) return at + 1
    } else if (byte === comma && depth === 0) {
      return at
    }
  }
  return last ? bytes.length : -1
}

function notA(what: 'list' | 'object', pointer: string): RequestError {
  const hint = what === 'list' ? 'write ["192.0.2.7"]' : 'write {"add": ["192.0.2.7"]}'
  return one({
    pointer,
    code: 'malformed',
    detail: `${pointer === '' ? 'the body' : pointer.slice(1)} is not ${what === 'list' ? 'a list' : 'an object'}`,
    hint,
  })
}

function one(fault: Fault): RequestError {
  const { code, detail, hint } = fault
  return new RequestError(code, fault.pointer === '' ? detail : `${fault.pointer}: ${detail}`, {
    faults: [fault],
    ...(hint === undefined ? {} : { hint }),
  })
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function textOf(bytes: Uint8Array, broken: (what: string, at: number) => RequestError, at: number): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw broken('no UTF-8', at)
  }
}
