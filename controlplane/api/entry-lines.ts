/** Prefixes as text, one a line, read as they arrive: a list of millions never stands in memory as text. */
import type { Readable } from 'node:stream'
import { type Fault, maxFaults, RequestError, refuse } from '../errors.ts'
import type { WantedEntry } from '../gate/entries.ts'
import { isFailure, parsePrefix, prefixKey } from '../policy/prefix.ts'

/** Ten million lines of IPv4. */
export const maxTextBytes = 256 * 1024 * 1024
const maxLineBytes = 4096

/** @throws RequestError with the lines that are no prefixes; a line's pointer is its number from 0 on. */
export async function readPrefixLines(body: unknown): Promise<WantedEntry[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const entries: WantedEntry[] = []
  const faults: Fault[] = []
  let bytes = 0
  let line = 0
  let rest = ''

  const take = (text: string) => {
    const prefix = text.split('#', 1)[0]?.trim()
    if (prefix) {
      const parsed = parsePrefix(prefix)
      if (!isFailure(parsed)) entries.push({ prefix: prefixKey(parsed) })
      else faults.push({ pointer: `/${line}`, ...parsed.problem, detail: `line ${line + 1}: ${parsed.problem.detail}` })
    }
    line++
  }
  const decode = (chunk?: Buffer) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined })
    } catch {
      throw new RequestError('malformed', `line ${line + 1} is not UTF-8`)
    }
  }

  if (body === undefined || body === null) return entries
  for await (const chunk of body as Readable) {
    bytes += (chunk as Buffer).length
    if (bytes > maxTextBytes) throw new RequestError('too_large', `the text is longer than ${maxTextBytes} bytes`)
    const lines = (rest + decode(chunk as Buffer)).split('\n')
    rest = lines.pop() ?? ''
    lines.forEach(take)
    if (rest.length > maxLineBytes) throw new RequestError('malformed', `line ${line + 1} is longer than ${maxLineBytes} characters`)
    if (faults.length >= maxFaults) throw refuse(faults)
  }
  rest += decode()
  if (rest !== '') take(rest)
  if (faults.length > 0) throw refuse(faults)
  return entries
}
