/** What a change would bring into force, worked out without doing any of it: draft -> check -> ids -> compile. */

import { refuse } from '../errors.ts'
import { canonicalJson } from '../format/json.ts'
import { changedNames } from '../policy/changed.ts'
import { type CheckContext, checkPolicy } from '../policy/check.ts'
import { checkLimits } from '../policy/checkset.ts'
import { compile } from '../policy/compile.ts'
import { type Change, difference } from '../policy/difference.ts'
import type { PolicyDocument } from '../policy/document.ts'
import type { EntryDelta } from '../policy/entry-delta.ts'
import { type EntrySet, emptySet, entryCount, prefixKeys } from '../policy/entry-set.ts'
import { type AssignedIds, assignIds, type IdBook } from '../policy/ids.ts'
import { type Problem, pointer, type Warning } from '../policy/problem.ts'
import { newReport } from '../policy/report.ts'
import type { Capacity, CapacityUse, PrefixKey, Tables } from '../policy/tables.ts'
import { type EntryPlan, type EntryRequest, emptying, entryDeltas, planEntries } from './entries.ts'
import { type Resource, type Touched, touchedResources } from './resources.ts'

/** What is declared now. */
export interface Declared {
  /** Absent before the first revision. */
  readonly document?: PolicyDocument
  /** Without entries whose time is over. */
  readonly entries: ReadonlyMap<string, EntrySet>
  /** The entries that the kernel was told of: it may still hold some whose time is over. */
  readonly inForce: ReadonlyMap<string, EntrySet>
  /** Rules whose end was written as a duration, and that duration. */
  readonly expiresIn: ReadonlyMap<string, string>
  readonly ids: IdBook
}

/** What is asked for: the whole document, and entries that go beside it. */
export interface Draft {
  readonly document: PolicyDocument
  readonly entries: ReadonlyMap<string, EntryRequest>
}

/** What a policy is compiled against. */
export interface Surroundings {
  readonly capacity: Capacity
  readonly hint: ReadonlyMap<PrefixKey, number>
  /** Addresses of this host. */
  readonly local: readonly PrefixKey[]
  /** TCP port of the API, part of the default management. */
  readonly apiPort: number | undefined
  /** Milliseconds since 1970 at which the clock of the kernel was 0. */
  readonly bootedAt: number
}

/** What a check has to know of a request. */
export interface Asked extends Pick<CheckContext, 'devices' | 'force' | 'requester'> {
  /** Where the body of the request stands in the policy. */
  readonly target: Resource
  /** It comes from a feed, a list or a detector, and not from people. */
  readonly automatic?: boolean
}

export interface Plan {
  readonly document: PolicyDocument
  readonly touched: Touched
  /** Sets whose entries are asked to change. */
  readonly entries: ReadonlyMap<string, EntryPlan>
  /** All entries as they will be. */
  readonly wanted: ReadonlyMap<string, EntrySet>
  readonly expiresIn: ReadonlyMap<string, string>
  readonly ids: AssignedIds
  readonly tables: Tables
  readonly use: readonly CapacityUse[]
  readonly warnings: readonly Warning[]
}

/** What a dry run tells. */
export interface DryRun {
  readonly baseRevision: number
  readonly changes: readonly Change[]
  readonly capacity: readonly { table: string; used: number; after: number; max: number }[]
  readonly warnings: readonly Warning[]
}

/** In pieces. @throws RequestError with all faults at once, pointing into the body of the request. */
export function* planDraft(
  now: Declared,
  draft: Draft,
  around: Surroundings,
  asked: Asked,
  use: readonly CapacityUse[],
): Generator<void, Plan> {
  const { target, automatic, ...context } = asked
  const time = Date.now()
  const refuseAll = (problems: readonly Problem[]) => refuse(problems.map(problem => relocate(problem, target)))
  // Entries alone leave the document as it was checked when it came in.
  const isChecked = draft.document === now.document
  const checked = isChecked ? undefined : checkDocument(now, draft.document, around, { ...context, now: time })
  if (checked !== undefined && checked.problems.length > 0) throw refuseAll(checked.problems)
  yield

  const document = checked?.policy ?? draft.document
  const requests = new Map<string, EntryRequest>(draft.entries)
  for (const [set, add] of checked?.entries ?? []) requests.set(set, { replace: true, add, path: ['sets', set, 'entries'] })
  for (const set of now.entries.keys()) if (!hasSet(document, set)) requests.set(set, emptying(['sets', set]))

  const report = newReport()
  const entries = new Map<string, EntryPlan>()
  const wanted = new Map(now.entries)
  for (const [set, request] of requests) {
    const limits = hasSet(document, set) ? document.sets?.[set]?.limits : undefined
    const rules = { limits, protected: automatic ? (document.defaults.protected ?? []) : [], now: time }
    const plan = yield* planEntries(now.entries.get(set) ?? emptySet, request, rules, report)
    entries.set(set, plan)
    if (entryCount(plan.after) > 0) wanted.set(set, plan.after)
    else wanted.delete(set)
  }
  if (!isChecked)
    for (const [set, value] of Object.entries(document.sets ?? {}))
      if (value.limits && !entries.has(set) && value !== now.document?.sets?.[set])
        yield* checkLimits(value.limits, wanted.get(set) ?? emptySet, ['sets', set, 'limits'], report)
  if (report.problems.length > 0) throw refuseAll(report.problems)

  const plan = yield* compiled(now, document, wanted, around, use)
  if ('problems' in plan) throw refuseAll(plan.problems)
  const touched: Touched = isChecked ? { changed: [], gone: [] } : touchedResources(now.document, document)
  for (const [set, { before, after }] of entries) {
    const told = touched.changed.some(([kind, name]) => kind === 'entries' && name === set)
    if (before !== after && hasSet(document, set) && !told) touched.changed.push(['entries', set])
  }
  const warnings = (checked?.warnings ?? []).map(warning => relocate(warning, target))
  return { ...plan, entries, wanted, expiresIn: checked?.expiresIn ?? now.expiresIn, touched, warnings }
}

function checkDocument(now: Declared, document: PolicyDocument, around: Surroundings, context: CheckContext) {
  const port = around.apiPort === undefined ? {} : { apiPort: around.apiPort }
  const known = now.document === undefined ? {} : { known: { document: now.document, expiresIn: now.expiresIn } }
  return checkPolicy(document, { ...context, ...known, localAddresses: around.local, ...port })
}

/** The same document in other surroundings: it was checked when it came in. @throws RequestError when it does not fit any more. */
export function* planAgain(
  now: Declared & { readonly document: PolicyDocument },
  around: Surroundings,
  use: readonly CapacityUse[],
): Generator<void, Plan> {
  const plan = yield* compiled(now, now.document, now.entries, around, use)
  if ('problems' in plan) throw refuse(plan.problems)
  const nothing = { entries: new Map(), touched: { changed: [], gone: [] }, warnings: [] }
  return { ...plan, ...nothing, wanted: now.entries, expiresIn: now.expiresIn }
}

function* compiled(
  now: Declared,
  document: PolicyDocument,
  wanted: ReadonlyMap<string, EntrySet>,
  around: Surroundings,
  inUse: readonly CapacityUse[],
) {
  const { apiPort, bootedAt: _bootedAt, ...surroundings } = around
  const ids = haveIds(now, document) ? { book: now.ids, taken: noIds } : assignIds(now.ids, document, around.capacity)
  const deltas = yield* entryDeltas(now.inForce, wanted)
  const port = apiPort === undefined ? {} : { apiPort }
  const entries = entriesForCompile(wanted, deltas)
  yield
  const { tables, use, problems } = compile({ ...surroundings, policy: document, entries, ids: ids.book, ...port })
  if (problems.length > 0) return { problems: problems.map(problem => withUse(problem, inUse)) }
  return { document, ids, tables, use }
}

const noIds: AssignedIds['taken'] = { rules: [], services: [], backends: [] }

/** Whether the same rules, services and backends are declared, by name. */
function haveIds({ document: before, ids }: Declared, document: PolicyDocument): boolean {
  if (before === undefined) return false
  const rules = changedNames(before.rules ?? {}, document.rules ?? {})
  const services = changedNames(before.services ?? {}, document.services ?? {})
  return (
    rules.gone.length + services.gone.length === 0 &&
    rules.changed.every(name => ids.rules.has(name)) &&
    services.changed.every(name => sameNames(before.services?.[name]?.backends, document.services?.[name]?.backends))
  )
}

function sameNames(before: object | undefined, after: object | undefined): boolean {
  return (
    before !== undefined && after !== undefined && canonicalJson(Object.keys(before).sort()) === canonicalJson(Object.keys(after).sort())
  )
}

/** The compiler takes whole sets of keys; `deltas` is what changes. */
function entriesForCompile(
  wanted: ReadonlyMap<string, EntrySet>,
  _deltas: ReadonlyMap<string, EntryDelta>,
): ReadonlyMap<string, Iterable<PrefixKey>> {
  return new Map([...wanted].map(([name, set]) => [name, { [Symbol.iterator]: () => prefixKeys(set) }]))
}

/** The compiler knows what a table would hold, and the gate what it holds. */
function withUse(problem: Problem, use: readonly CapacityUse[]): Problem {
  if (problem.capacity === undefined) return problem
  const { table } = problem.capacity
  return { ...problem, capacity: { ...problem.capacity, used: use.find(it => it.table === table)?.used ?? 0 } }
}

/** Whether everything is already as the plan wants it. */
export function isNothing({ touched }: Plan): boolean {
  return touched.changed.length === 0 && touched.gone.length === 0
}

/** @param use of the tables in force */
export function describePlan(plan: Plan, now: Declared, baseRevision: number, use: readonly CapacityUse[]): DryRun {
  const changes = difference(now.document ?? {}, plan.document)
  for (const [set, { before, after, counts }] of plan.entries) {
    if (before === after) continue
    changes.push({ op: 'replace', path: pointer('sets', set, 'entries'), from: { entryCount: entryCount(before) }, to: counts })
  }
  const used = new Map(use.map(({ table, used }) => [table, used]))
  const capacity = plan.use.map(({ table, used: after, max }) => ({ table, used: used.get(table) ?? 0, after, max }))
  return { baseRevision, changes, capacity, warnings: plan.warnings }
}

function hasSet(document: PolicyDocument, set: string): boolean {
  return Object.hasOwn(document.sets ?? {}, set)
}

/** Where the body of a request about this resource stands in the policy. */
function rootOf([kind, name]: Resource): string {
  if (kind === 'policy') return ''
  if (kind === 'entries') return pointer('sets', name, 'entries')
  if (kind !== 'backends') return pointer(kind, name)
  const [service = '', backend = ''] = name.split('/')
  return pointer('services', service, 'backends', backend)
}

/** Pointers of an answer begin at the body of the request; what lies outside of it is named in words. */
export function relocate<Place extends Pick<Problem, 'pointer' | 'detail'>>(place: Place, target: Resource): Place {
  const root = rootOf(target)
  if (place.pointer === root || place.pointer.startsWith(`${root}/`)) return { ...place, pointer: place.pointer.slice(root.length) }
  return { ...place, pointer: '', detail: `${place.pointer} of the policy: ${place.detail}` }
}
