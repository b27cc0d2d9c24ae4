/** Entries for tests: drafts made into sets, without the gate. */
import { addToDraft, type EntryDraft, type Note, newDraft, sortDraft } from '../../controlplane/policy/entry-draft.ts'
import { type EntryCounts, editEntries } from '../../controlplane/policy/entry-edit.ts'
import { type EntrySet, emptySet, prefixKeys } from '../../controlplane/policy/entry-set.ts'
import { prefixNumbers, readPrefix } from '../../controlplane/policy/prefix-bytes.ts'
import type { PrefixKey } from '../../controlplane/policy/tables.ts'

export function finished<Result>(work: Generator<void, Result>): Result {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

export function draftOf(entries: readonly (string | readonly [string, Partial<Note>])[]): EntryDraft {
  const draft = newDraft()
  const numbers = prefixNumbers()
  for (const [index, entry] of entries.entries()) {
    const [text, note] = typeof entry === 'string' ? [entry] : entry
    const family = readPrefix(text, numbers)
    if (typeof family !== 'number') throw new Error(family.problem.detail)
    addToDraft(draft, family, numbers, index, note && { expiresAt: 0, lifetime: 0, ...note })
  }
  return draft
}

export function edited(
  there: EntrySet,
  edit: { readonly add?: EntryDraft; readonly remove?: EntryDraft; readonly replace?: boolean },
  now = 0,
): { set: EntrySet; counts: EntryCounts } {
  const remove = finished(sortDraft(edit.remove ?? newDraft()))
  return finished(
    editEntries(
      there,
      {
        add: finished(sortDraft(edit.add ?? newDraft())),
        remove: { ipv4: remove.ipv4.prefixes, ipv6: remove.ipv6.prefixes },
        ...(edit.replace ? { replace: true } : {}),
      },
      now,
    ),
  )
}

export function keysOf(draft: EntryDraft): PrefixKey[] {
  return [...prefixKeys(edited(emptySet, { add: draft }).set)]
}
