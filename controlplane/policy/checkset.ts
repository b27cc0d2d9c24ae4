/** Whether a set and the entries that it carries inline are well formed. */
import { type Entry, maxInlineEntries, type SetValue } from './document.ts'
import { isFailure, parsePrefix, prefixKey } from './prefix.ts'
import { type Path, type Report, refuseFields } from './report.ts'
import type { PrefixKey } from './tables.ts'

/** An entry as it is stored. */
export interface InlineEntry {
  readonly prefix: PrefixKey
  readonly comment?: string
}

const expiryFields = {
  expiresIn: 'leave it out, and remove the entry when it is over',
  expiresAt: 'leave it out, and remove the entry when it is over',
} as const

/** `entries` are sorted and without repetition, a later mention standing for an earlier one; undefined: the set carries none. */
export function checkSet(set: SetValue, path: Path, report: Report): { value: SetValue; entries: InlineEntry[] | undefined } {
  const { entries, ...value } = set

  refuseFields(
    value,
    {
      limits: 'leave it out',
      source: 'leave it out, and upload the entries',
    },
    path,
    report,
  )
  if (entries === undefined) return { value, entries: undefined }
  if (entries.length > maxInlineEntries) {
    report.problem(
      [...path, 'entries'],
      'too_many_inline',
      `${entries.length} entries are more than the ${maxInlineEntries} that a set may carry inline`,
      'leave entries out, and upload them to /v1/sets/{name}/entries',
    )
    return { value, entries: undefined }
  }
  return { value, entries: checkEntries(entries, [...path, 'entries'], report) }
}

/** Also for bodies of `/v1/sets/{name}/entries`, which have no limit here. */
export function checkEntries(entries: readonly Entry[], path: Path, report: Report): InlineEntry[] {
  const checked = new Map<PrefixKey, InlineEntry>()

  for (const [index, entry] of entries.entries()) {
    const text = typeof entry === 'string' ? entry : entry.prefix
    const prefix = parsePrefix(text)

    if (typeof entry !== 'string') refuseFields(entry, expiryFields, [...path, index], report)
    if (isFailure(prefix)) {
      report.problem(
        typeof entry === 'string' ? [...path, index] : [...path, index, 'prefix'],
        prefix.problem.code,
        prefix.problem.detail,
        prefix.problem.hint,
      )
      continue
    }
    const key = prefixKey(prefix)
    checked.set(key, typeof entry === 'string' || entry.comment === undefined ? { prefix: key } : { prefix: key, comment: entry.comment })
  }
  return [...checked.values()].sort((a, b) => (a.prefix < b.prefix ? -1 : 1))
}
