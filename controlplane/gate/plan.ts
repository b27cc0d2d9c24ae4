/** What a change would bring into force, worked out without doing any of it: draft -> check -> ids -> compile. */

import { refuse } from '../errors.ts'
import { canonicalJson } from '../format/json.ts'
import { changedNames } from '../policy/changed.ts'
import { type CheckContext, checkPolicy } from '../policy/check.ts'
import { checkLimits } from '../policy/checkset.ts'
import { type Host, namedCgroups, namedDevices } from '../policy/classes.ts'
import { type Compiled, compiling } from '../policy/compile.ts'
import { type Change, difference } from '../policy/difference.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { entryDelta } from '../policy/entry-delta.ts'
import { type EntrySet, emptySet, entryCount } from '../policy/entry-set.ts'
import { type AssignedIds, assignIds, type IdBook } from '../policy/ids.ts'
import type { Memory } from '../policy/memory.ts'
import { type Problem, pointer, type Warning } from '../policy/problem.ts'
import { newReport } from '../policy/report.ts'
import type { Capacity, CapacityUse, PrefixKey } from '../policy/tables.ts'
import { nextPickUp } from '../policy/tracking.ts'
import { type EntryPlan, type EntryRequest, emptying, planEntries } from './entries.ts'
import { type Resource, type Touched, touchedResources } from './resources.ts'

/** What is declared now. */
export interface Declared {
  /** Absent before the first revision. */
  readonly document?: PolicyDocument
  /** Without entries whose time is over. */
  readonly entries: ReadonlyMap<string, EntrySet>
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
  /** Addresses of this host. */
  readonly local: readonly PrefixKey[]
  /** TCP port of the API, part of the default management. */
  readonly apiPort: number | undefined
  readonly devices: Host['devices']
  /** Ids of the control groups that are there. */
  readonly cgroupIds: (paths: readonly string[]) => ReadonlyMap<string, bigint>
  /** Date.now() - CLOCK_BOOTTIME. */
  readonly bootOffsetMs: number
  /** Of the side in force: whether it tracks connections, and until when it picks them up in mid-stream. */
  readonly tracking: { readonly isOn: boolean; readonly pickUpUntilS: bigint }
  /** What is in force; absent: nothing is, or nobody knows. */
  readonly compiled: Compiled<EntrySet> | undefined
  /** Of the compiler. */
  readonly memory: Memory
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
  readonly compiled: Compiled<EntrySet>
  /** Of the surroundings, what the tables depend on. */
  readonly matters: string
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
export function* planDraft(now: Declared, draft: Draft, around: Surroundings, asked: Asked): Generator<void, Plan> {
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

  const plan = yield* compiled(now, document, wanted, around)
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
export function* planAgain(now: Declared & { readonly document: PolicyDocument }, around: Surroundings): Generator<void, Plan> {
  const plan = yield* compiled(now, now.document, now.entries, around)
  if ('problems' in plan) throw refuse(plan.problems)
  const nothing = { entries: new Map(), touched: { changed: [], gone: [] }, warnings: [] }
  return { ...plan, ...nothing, wanted: now.entries, expiresIn: now.expiresIn }
}

function* compiled(now: Declared, document: PolicyDocument, wanted: ReadonlyMap<string, EntrySet>, around: Surroundings) {
  const { apiPort, capacity, local, devices, bootOffsetMs, tracking, memory, compiled: before } = around
  const ids = haveIds(now, document) ? { book: now.ids, taken: noIds } : assignIds(now.ids, document, capacity)
  const port = apiPort === undefined ? {} : { apiPort }
  const compiled = yield* compiling<EntrySet>(
    {
      policy: document,
      entries: wanted,
      delta: (from = emptySet, to = emptySet) => entryDelta(from, to),
      ids: ids.book,
      capacity,
      local,
      devices,
      cgroups: around.cgroupIds(namedCgroups(document)),
      bootOffsetMs,
      pickUpUntilS: nextPickUp(document, tracking, (Date.now() - bootOffsetMs) / 1000),
      memory,
      ...port,
    },
    before,
  )
  if (compiled.problems.length > 0) return { problems: compiled.problems.map(problem => withUse(problem, before?.use ?? [])) }
  return { document, ids, compiled, matters: mattersOf(document, around) }
}

const noIds: AssignedIds['taken'] = { rules: [], services: [], backends: [] }

/** Whether the same rules, services, backends and detectors are declared, by name. */
function haveIds({ document: before, ids }: Declared, document: PolicyDocument): boolean {
  if (before === undefined) return false
  const rules = changedNames(before.rules ?? {}, document.rules ?? {})
  const services = changedNames(before.services ?? {}, document.services ?? {})
  const detectors = changedNames(before.detectors ?? {}, document.detectors ?? {})
  return (
    rules.gone.length + services.gone.length + detectors.gone.length === 0 &&
    rules.changed.every(name => ids.rules.has(name)) &&
    detectors.changed.every(name => ids.detectors.has(name)) &&
    services.changed.every(name => sameNames(before.services?.[name]?.backends, document.services?.[name]?.backends))
  )
}

function sameNames(before: object | undefined, after: object | undefined): boolean {
  return (
    before !== undefined && after !== undefined && canonicalJson(Object.keys(before).sort()) === canonicalJson(Object.keys(after).sort())
  )
}

/** The compiler knows what a table would hold, and the gate what it holds. */
function withUse(problem: Problem, use: readonly CapacityUse[]): Problem {
  if (problem.capacity === undefined) return problem
  const { table } = problem.capacity
  return { ...problem, capacity: { ...problem.capacity, used: use.find(it => it.table === table)?.used ?? 0 } }
}

/** Of the surroundings, what tables of this document depend on: where it is as before, they need not be compiled again. */
export function mattersOf(
  document: PolicyDocument,
  around: Pick<Surroundings, 'local' | 'devices' | 'cgroupIds' | 'bootOffsetMs'>,
): string {
  const cgroups = [...around.cgroupIds(namedCgroups(document))].map(([path, id]) => [path, String(id)])
  const devices = namedDevices(document, around.devices).map(({ name, ifindex }) => [name, ifindex])
  return canonicalJson([around.local, devices, cgroups, around.bootOffsetMs])
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
  const capacity = plan.compiled.use.map(({ table, used: after, max }) => ({ table, used: used.get(table) ?? 0, after, max }))
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
