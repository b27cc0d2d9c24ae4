/** Prefixes as text, one a line. */
import { type Fault, RequestError } from '../errors.ts'
import { addToDraft, type EntryDraft } from '../policy/entry-draft.ts'
import { prefixNumbers, readPlainPrefix, readPrefix } from '../policy/prefix-bytes.ts'
import type { BodyReader } from './entry-body.ts'

const maxLineBytes = 4096
const newline = 0x0a
const hash = 0x23

/** A line's pointer is its number from 0 on. `semicolons` that follow a blank or nothing begin a comment, too. */
export function lineReader(draft: EntryDraft, { semicolons = false } = {}): BodyReader {
  const comment = semicolons ? /#|(?:^|\s);/ : '#'
  const numbers = prefixNumbers()
  const faults: Fault[] = []
  let line = 0
  let rest: Buffer = Buffer.alloc(0)

  const takeLine = (bytes: Uint8Array, start: number, end: number) => {
    let last = start
    while (last < end && !isBlank(bytes[last] as number) && bytes[last] !== hash) last++
    const family = last > start && isPlainRest(bytes, last, end) ? readPlainPrefix(bytes, start, last, numbers) : 0
    if (family !== 0) addToDraft(draft, family, numbers, line)
    else if (end > start) takeText(textOf(bytes.subarray(start, end), line))
    line++
  }
  const takeText = (text: string) => {
    const prefix = text.split(comment, 1)[0]?.trim()
    if (!prefix) return
    const family = readPrefix(prefix, numbers)
    if (typeof family === 'number') addToDraft(draft, family, numbers, line)
    else faults.push({ pointer: `/${line}`, ...family.problem, detail: `line ${line + 1}: ${family.problem.detail}` })
  }

  return {
    faults,
    drafts: [draft],
    take(piece) {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
      let start = 0
      for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
        takeLine(bytes, start, end)
        start = end + 1
      }
      rest = Buffer.from(bytes.subarray(start))
      if (rest.length > maxLineBytes) throw new RequestError('malformed', `line ${line + 1} is longer than ${maxLineBytes} bytes`)
    },
    end() {
      if (rest.length > 0) takeLine(rest, 0, rest.length)
    },
  }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d
}

/** Blanks, and then perhaps a comment of ASCII: what else there may be is looked at as text. */
function isPlainRest(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at < end && isBlank(bytes[at] as number)) at++
  if (at < end && bytes[at] !== hash) return false
  for (; at < end; at++) if ((bytes[at] as number) > 0x7e) return false
  return true
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function textOf(bytes: Uint8Array, line: number): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new RequestError('malformed', `line ${line + 1} is not UTF-8`)
  }
}
