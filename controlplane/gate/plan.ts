/** What a change would bring into force, worked out without doing any of it: draft -> check -> ids -> compile. */

import { refuse } from '../errors.ts'
import { canonicalJson } from '../format/json.ts'
import { type CheckContext, checkPolicy } from '../policy/check.ts'
import { type Host, namedCgroups, namedDevices } from '../policy/classes.ts'
import { compile } from '../policy/compile.ts'
import { type Change, difference } from '../policy/difference.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { type AssignedIds, assignIds, type IdBook } from '../policy/ids.ts'
import type { Memory } from '../policy/memory.ts'
import { differenceOfTimed, prefixListOf } from '../policy/prefix-list.ts'
import { type Problem, pointer, type Warning } from '../policy/problem.ts'
import type { Capacity, CapacityUse, PrefixKey, Tables } from '../policy/tables.ts'
import { nextPickUp } from '../policy/tracking.ts'
import { type EntryEdit, isUnchanged, overlay, type PlannedEntries, planEntries } from './entries.ts'
import { type Resource, type Touched, touchedResources } from './resources.ts'

/** What is declared now. */
export interface Declared {
  /** Absent before the first revision. */
  readonly document?: PolicyDocument
  readonly entries: ReadonlyMap<string, ReadonlySet<PrefixKey>>
  readonly commentsOf: (set: string) => ReadonlyMap<PrefixKey, string>
  readonly ids: IdBook
}

/** What is asked for: the whole document, and entries that go beside it. */
export interface Draft {
  readonly document: PolicyDocument
  readonly entries: ReadonlyMap<string, EntryEdit>
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
  /** Of the compiler. */
  readonly memory: Memory
}

/** What a check has to know of a request. */
export interface Asked extends Pick<CheckContext, 'devices' | 'force' | 'requester'> {
  /** Where the body of the request stands in the policy. */
  readonly target: Resource
}

export interface Plan {
  readonly document: PolicyDocument
  readonly touched: Touched
  readonly entries: ReadonlyMap<string, PlannedEntries>
  readonly ids: AssignedIds
  readonly tables: Tables
  readonly use: readonly CapacityUse[]
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

/** @throws RequestError with all faults at once, pointing into the body of the request. */
export function planDraft(now: Declared, draft: Draft, around: Surroundings, asked: Asked): Plan {
  const { target, ...context } = asked
  const port = around.apiPort === undefined ? {} : { apiPort: around.apiPort }
  const checked = checkPolicy(draft.document, { ...context, localAddresses: around.local, ...port })
  if (checked.problems.length > 0) throw refuse(checked.problems.map(problem => relocate(problem, target)))

  const document = checked.policy
  const edits = new Map<string, EntryEdit>(draft.entries)
  for (const [set, add] of checked.entries) edits.set(set, { replace: true, add })
  for (const set of now.entries.keys()) if (!hasSet(document, set)) edits.set(set, { replace: true, add: [] })
  const entries = new Map([...edits].map(([set, edit]) => [set, planEntries(entriesOf(now, set), now.commentsOf(set), edit, Date.now())]))

  const plan = compiled(now, document, entries, around)
  if ('problems' in plan) throw refuse(plan.problems.map(problem => relocate(problem, target)))
  const touched = touchedResources(now.document, document)
  for (const [set, { change }] of entries) {
    const told = touched.changed.some(([kind, name]) => kind === 'entries' && name === set)
    if (!isUnchanged(change) && hasSet(document, set) && !told) touched.changed.push(['entries', set])
  }
  return { ...plan, touched, warnings: checked.warnings.map(warning => relocate(warning, target)) }
}

/** The same document in other surroundings: it was checked when it came in. @throws RequestError when it does not fit any more. */
export function planAgain(now: Declared & { readonly document: PolicyDocument }, around: Surroundings): Plan {
  const plan = compiled(now, now.document, new Map(), around)
  if ('problems' in plan) throw refuse(plan.problems)
  return { ...plan, touched: { changed: [], gone: [] }, warnings: [] }
}

function compiled(now: Declared, document: PolicyDocument, entries: ReadonlyMap<string, PlannedEntries>, around: Surroundings) {
  const { apiPort, capacity, local, devices, bootOffsetMs, tracking, memory } = around
  const ids = assignIds(now.ids, document, around.capacity)
  const after = new Map<string, Iterable<PrefixKey>>(now.entries)
  for (const [set, { change }] of entries) after.set(set, overlay(entriesOf(now, set), change))
  const port = apiPort === undefined ? {} : { apiPort }
  const lists = new Map([...after].map(([set, keys]) => [set, new Map([[0, prefixListOf(keys)]])]))
  const cgroups = around.cgroupIds(namedCgroups(document))
  const pickUpUntilS = nextPickUp(document, tracking, (Date.now() - bootOffsetMs) / 1000)
  const { tables, use, problems } = compile({
    policy: document,
    entries: lists,
    delta: differenceOfTimed,
    ids: ids.book,
    capacity,
    local,
    devices,
    cgroups,
    bootOffsetMs,
    pickUpUntilS,
    memory,
    ...port,
  })
  return problems.length > 0 ? { problems } : { document, entries, ids, tables, use, matters: mattersOf(document, around) }
}

/** Of the surroundings, what tables of this document depend on: where it is as before, they need not be compiled again. */
export function mattersOf(
  document: PolicyDocument,
  around: Pick<Surroundings, 'local' | 'devices' | 'cgroupIds' | 'bootOffsetMs'>,
): string {
  const cgroups = [...around.cgroupIds(namedCgroups(document))].map(([path, id]) => [path, String(id)])
  const devices = namedDevices(document, around.devices).map(({ name, ifindex }) => [name, ifindex])
  return canonicalJson([around.local, devices, cgroups, expires(document) ? around.bootOffsetMs : 0])
}

/** Whether everything is already as the plan wants it. */
export function isNothing({ touched }: Plan): boolean {
  return touched.changed.length === 0 && touched.gone.length === 0
}

/** @param use of the tables in force */
export function describePlan(plan: Plan, now: Declared, baseRevision: number, use: readonly CapacityUse[]): DryRun {
  const changes = difference(now.document ?? {}, plan.document)
  for (const [set, { change, counts }] of plan.entries) {
    if (isUnchanged(change)) continue
    changes.push({ op: 'replace', path: pointer('sets', set, 'entries'), from: { entryCount: entriesOf(now, set).size }, to: counts })
  }
  const used = new Map(use.map(({ table, used }) => [table, used]))
  const capacity = plan.use.map(({ table, used: after, max }) => ({ table, used: used.get(table) ?? 0, after, max }))
  return { baseRevision, changes, capacity, warnings: plan.warnings }
}

function entriesOf({ entries }: Declared, set: string): ReadonlySet<PrefixKey> {
  return entries.get(set) ?? new Set()
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

/** Whether the tables say when something is over. */
function expires({ rules }: PolicyDocument): boolean {
  return Object.values(rules ?? {}).some(rule => rule.expiresAt !== undefined)
}
