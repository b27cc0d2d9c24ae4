/** Entries for tests: drafts made into sets, without the gate. */
import { atOnce } from '../../controlplane/policy/at-once.ts'
import { entryDelta } from '../../controlplane/policy/entry-delta.ts'
import { addToDraft, type EntryDraft, type Note, newDraft, sortDraft } from '../../controlplane/policy/entry-draft.ts'
import { type EntryCounts, editEntries } from '../../controlplane/policy/entry-edit.ts'
import { type EntrySet, emptySet, pageOfEntries } from '../../controlplane/policy/entry-set.ts'
import { prefixKey } from '../../controlplane/policy/prefix.ts'
import { prefixNumbers, readPrefix } from '../../controlplane/policy/prefix-bytes.ts'
import type { PrefixList } from '../../controlplane/policy/prefix-list.ts'
import type { PrefixKey } from '../../controlplane/policy/tables.ts'

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
  const remove = atOnce(sortDraft(edit.remove ?? newDraft()))
  return atOnce(
    editEntries(
      there,
      {
        add: atOnce(sortDraft(edit.add ?? newDraft())),
        remove: { ipv4: remove.ipv4.prefixes, ipv6: remove.ipv6.prefixes },
        ...(edit.replace ? { replace: true } : {}),
      },
      now,
    ),
  )
}

/** As a compiler is given them: prefixes by the second at which they end, 0 for those that never do. */
export function listsOfDraft(draft: EntryDraft): ReadonlyMap<number, PrefixList> {
  const { set } = edited(emptySet, { add: draft })
  return new Map([...atOnce(entryDelta(emptySet, set))].map(([end, { added }]) => [end, added]))
}

/** The same without their ends. */
export function keysOfDraft(draft: EntryDraft): PrefixKey[] {
  return pageOfEntries(edited(emptySet, { add: draft }).set, Number.POSITIVE_INFINITY).map(({ prefix }) => prefixKey(prefix))
}
