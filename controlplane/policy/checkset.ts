/** Whether a set and the entries that it carries inline are well formed, and whether it may hold them. */

import { type Entry, maxInlineEntries, type SetValue } from './document.ts'
import { addToDraft, type EntryDraft, type Note, newDraft, type SortedColumns, type SortedDraft } from './entry-draft.ts'
import { type EntrySet, entryCount, listOfOne, lowerBound } from './entry-set.ts'
import { formatPrefix, isFailure, type Prefix, parsePrefix } from './prefix.ts'
import { numbersOf, prefixNumbers, prefixOfNumbers } from './prefix-bytes.ts'
import { comparePrefixes, wordsOf } from './prefix-list.ts'
import type { Path, Report } from './report.ts'
import { checkSource } from './source.ts'
import { expiryOf } from './time.ts'

/** `entries`: undefined where the set carries none. `now` in milliseconds. */
export function checkSet(set: SetValue, path: Path, report: Report, now: number): { value: SetValue; entries: EntryDraft | undefined } {
  if (set.source !== undefined) checkSource(set.source, [...path, 'source'], report)
  if (set.entries === undefined) return { value: set, entries: undefined }
  const { entries, ...value } = set

  if (entries.length > maxInlineEntries) {
    report.problem(
      [...path, 'entries'],
      'too_many_inline',
      `${entries.length} entries are more than the ${maxInlineEntries} that a set may carry inline`,
      'leave entries out, and upload them to /v1/sets/{name}/entries',
    )
    return { value, entries: undefined }
  }
  const draft = newDraft()
  for (const [index, entry] of entries.entries()) checkEntry(entry, index, [...path, 'entries', index], report, draft, now)
  return { value, entries: draft }
}

const numbers = prefixNumbers()

/** Puts the entry into the draft, or says why not. */
export function checkEntry(entry: Entry, index: number, path: Path, report: Report, draft: EntryDraft, now: number): void {
  const text = typeof entry === 'string' ? entry : entry.prefix
  const prefix = parsePrefix(text)
  const note = typeof entry === 'string' ? undefined : noteOf(entry, path, report, now)

  if (isFailure(prefix)) {
    const { code, detail, hint } = prefix.problem
    report.problem(typeof entry === 'string' ? path : [...path, 'prefix'], code, detail, hint)
    return
  }
  numbersOf(prefix, numbers)
  addToDraft(draft, prefix.family, numbers, index, note)
}

/** Undefined: nothing is said but the prefix. */
export function noteOf(entry: Exclude<Entry, string>, path: Path, report: Report, now: number): Note | undefined {
  const { comment, replace, expiresIn, expiresAt } = entry
  const timed = expiresIn !== undefined || expiresAt !== undefined
  const end = timed ? expiryOf(entry, now) : { at: 0, lifetime: 0 }

  if ('field' in end) {
    report.problem([...path, end.field], 'malformed', end.detail, end.hint)
    return undefined
  }
  if (comment === undefined && !replace && !timed) return undefined
  return { expiresAt: end.at, lifetime: end.lifetime, ...(comment === undefined ? {} : { comment }), ...(replace ? { replace } : {}) }
}

/** Entries that the set does not take, whatever else it holds. `path` of the list that they stand in. */
export function* checkShortest(limits: SetValue['limits'], add: SortedDraft, path: Path, report: Report): Generator<void, void> {
  for (const { prefixes, places } of [add.ipv4, add.ipv6]) {
    const shortest = (prefixes.family === 4 ? limits?.shortestIpv4 : limits?.shortestIpv6) ?? 0
    if (shortest === 0) continue
    for (let at = 0; at < prefixes.count; at++) {
      if (at % 65_536 === 0) yield
      if ((prefixes.lengths[at] as number) >= shortest) continue
      report.problem(
        [...path, places[at] as number],
        'too_wide',
        `${textAt(prefixes, at)} is wider than /${shortest}, the widest that this set takes`,
        `write prefixes from /${shortest} on, or change limits of the set`,
      )
    }
  }
}

export function checkCount(limits: SetValue['limits'], used: number, after: number, path: Path, report: Report): void {
  const max = limits?.maxEntries
  if (max === undefined || after <= max) return
  report.problem(
    path,
    'capacity_exceeded',
    `the set would hold ${after} entries and takes ${max}`,
    'remove entries, or raise limits.maxEntries',
    {
      table: 'entries',
      used,
      after,
      max,
    },
  )
}

/** New limits have to hold for what is there. `path` of the limits. */
export function* checkLimits(limits: SetValue['limits'], set: EntrySet, path: Path, report: Report): Generator<void, void> {
  const count = entryCount(set)
  checkCount(limits, count, count, [...path, 'maxEntries'], report)
  for (const { family, chunks } of [set.ipv4, set.ipv6]) {
    const field = family === 4 ? 'shortestIpv4' : 'shortestIpv6'
    const shortest = limits?.[field] ?? 0
    if (shortest === 0) continue
    for (const { prefixes } of chunks) {
      yield
      const at = prefixes.lengths.findIndex(length => length < shortest)
      if (at < 0) continue
      report.problem(
        [...path, field],
        'too_wide',
        `the set holds ${textAt(prefixes, at)}, which is wider than /${shortest}`,
        'remove it first',
      )
      break
    }
  }
}

/** What feeds, lists and detectors may not add: prefixes that lie in a protected one, or around it. */
export function checkProtected(protectedPrefixes: readonly string[], add: SortedDraft, path: Path, report: Report): void {
  for (const text of protectedPrefixes) {
    const guarded = parsePrefix(text) as Prefix
    const columns = guarded.family === 4 ? add.ipv4 : add.ipv6
    for (const at of [...around(columns, guarded), ...inside(columns, guarded)])
      report.problem(
        [...path, columns.places[at] as number],
        'protected',
        `${textAt(columns.prefixes, at)} meets ${text}, which is protected`,
        'leave it out, or change protected under defaults',
      )
  }
}

function* around({ prefixes }: SortedColumns, { family, bytes, length }: Prefix): Generator<number> {
  for (let shorter = 0; shorter < length; shorter++) {
    const kept = bytes.map((byte, at) => byte & (0xff << Math.min(8, Math.max(0, 8 * (at + 1) - shorter))))
    const key = listOfOne({ family, bytes: kept, length: shorter })
    const at = lowerBound(prefixes, key, 0)
    if (at < prefixes.count && comparePrefixes(prefixes, at, key, 0) === 0) yield at
  }
}

function* inside({ prefixes }: SortedColumns, guarded: Prefix): Generator<number> {
  const { family, bytes, length } = guarded
  const last = bytes.map((byte, at) => byte | (0xff >> Math.min(8, Math.max(0, length - at * 8))))
  const end = listOfOne({ family, bytes: last, length: bytes.length * 8 })
  for (let at = lowerBound(prefixes, listOfOne(guarded), 0); at < prefixes.count && comparePrefixes(prefixes, at, end, 0) <= 0; at++)
    yield at
}

function textAt(prefixes: SortedColumns['prefixes'], at: number): string {
  const { family, words, lengths } = prefixes
  return formatPrefix(prefixOfNumbers(family, words, at * wordsOf(family), lengths[at] as number))
}
