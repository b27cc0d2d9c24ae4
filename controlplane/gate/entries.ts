/** How the entries of a set change: what a request asks for against what is there and what the set takes. */
import { checkCount, checkProtected, checkShortest } from '../policy/checkset.ts'
import type { SetValue } from '../policy/document.ts'
import { type EntryDraft, newDraft, sortDraft } from '../policy/entry-draft.ts'
import { type EntryCounts, editEntries } from '../policy/entry-edit.ts'
import { type EntrySet, entryCount } from '../policy/entry-set.ts'
import type { Path, Report } from '../policy/report.ts'

/** Changes of a set's entries as somebody asks for them. */
export interface EntryRequest {
  readonly add: EntryDraft
  /** Before `add`. */
  readonly remove?: EntryDraft
  /** Entries that `add` does not name go. */
  readonly replace?: boolean
  /** Where the list `add` stands in the policy; faults point there. */
  readonly path: Path
}

export interface EntryPlan {
  readonly before: EntrySet
  readonly after: EntrySet
  readonly counts: EntryCounts
}

/** Empties a set. */
export function emptying(path: Path): EntryRequest {
  return { replace: true, add: newDraft(), path }
}

export interface EntryRules {
  readonly limits: SetValue['limits']
  /** What may not be added. */
  readonly protected: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Faults go to the report; the plan is then not to be used. */
export function* planEntries(before: EntrySet, asked: EntryRequest, rules: EntryRules, report: Report): Generator<void, EntryPlan> {
  const add = yield* sortDraft(asked.add)
  const remove = asked.remove && (yield* sortDraft(asked.remove))
  checkProtected(rules.protected, add, asked.path, report)
  yield* checkShortest(rules.limits, add, asked.path, report)
  const { set: after, counts } = yield* editEntries(
    before,
    {
      add,
      ...(remove ? { remove: { ipv4: remove.ipv4.prefixes, ipv6: remove.ipv6.prefixes } } : {}),
      ...(asked.replace ? { replace: true } : {}),
    },
    rules.now,
  )
  if (after !== before) checkCount(rules.limits, entryCount(before), counts.entryCount, asked.path, report)
  return { before, after, counts }
}
