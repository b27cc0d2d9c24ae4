/** The path of a policy update, from a change that somebody wants to packets that obey it. Everything that alters what is enforced goes through here. */
import { Attachments, type Log } from './attachments.ts'
import { type Dataplane, NativeError } from './dataplane/dataplane.ts'
import { applyEntries, type EntryCounts, type EntryEdit, isNothing, overlay, type PlannedEntries, planEntries } from './entries.ts'
import { RequestError, refuse } from './errors.ts'
import { canonicalJson } from './json.ts'
import type { NetworkWatch } from './native/netlink.ts'
import { type CheckContext, checkPolicy } from './policy/check.ts'
import { compile } from './policy/compile.ts'
import { type Change, difference } from './policy/difference.ts'
import type { PolicyDocument } from './policy/document.ts'
import { type AssignedIds, assignIds, type IdBook } from './policy/ids.ts'
import { prefixKey } from './policy/prefix.ts'
import { type Problem, pointer, type Warning } from './policy/problem.ts'
import type { CapacityUse, PrefixKey, Tables } from './policy/tables.ts'
import { type Resource, type Touched, touchedResources } from './resources.ts'
import { type CounterKind, type EntryChange, type ResourceKind, type Store, StoreError } from './store/store.ts'

export type Role = 'viewer' | 'operator' | 'admin'

/** Who asks for a change. */
export interface Actor {
  readonly who: string
  readonly role: Role
  /** Present: may write the entries of these sets and nothing else. */
  readonly sets?: readonly string[]
  /** Where the request comes from, over TCP. */
  readonly requester?: NonNullable<CheckContext['requester']>
}

export interface WriteOptions {
  readonly actor: Actor
  /** For the audit: what was asked for, such as `PUT /v1/rules/block-bad`. */
  readonly cause: string
  /** The resource that preconditions speak of, and that pointers begin at. */
  readonly target: Resource
  /** Revisions that the target may have; `*`: any, but it must exist. */
  readonly ifMatch?: readonly string[] | '*'
  /** The target must not exist. */
  readonly createOnly?: boolean
  readonly dryRun?: boolean
  readonly force?: boolean
}

/** A change that is in force. */
export interface Written {
  readonly revision: number
  readonly previousRevision: number
  readonly warnings: readonly Warning[]
  readonly document: PolicyDocument
  /** The target did not exist before. */
  readonly created: boolean
  /** Of the target; absent where it is gone. */
  readonly etag?: number
  readonly counts?: EntryCounts
}

/** What a change would do. */
export interface DryRun {
  readonly baseRevision: number
  readonly changes: readonly Change[]
  readonly capacity: readonly { table: string, used: number, after: number, max: number }[]
  readonly warnings: readonly Warning[]
}

export interface GateOptions {
  readonly store: Store
  readonly dataplane: Dataplane
  readonly network: NetworkWatch
  readonly log: Log
  /** TCP port of the API, part of the default management. */
  readonly apiPort?: number
  /** What an empty store begins with. */
  readonly initial?: PolicyDocument
  /** Writes that may wait for their turn. */
  readonly maxWaiting?: number
}

/** What a draft would bring into force. */
interface Plan {
  readonly document: PolicyDocument
  readonly touched: Touched
  readonly entries: ReadonlyMap<string, PlannedEntries>
  readonly ids: AssignedIds
  readonly tables: Tables
  readonly use: readonly CapacityUse[]
  readonly warnings: readonly Warning[]
}

/** What is asked for: the whole document, and entries that go beside it. */
interface Draft {
  readonly document: PolicyDocument
  readonly entries: ReadonlyMap<string, EntryEdit>
}

const emptyPolicy: PolicyDocument = { defaults: { ingress: 'allow', egress: 'allow' }, interfaces: {} }
const start: Actor = { who: 'start', role: 'admin' }

export class Gate {
  readonly #options: GateOptions
  readonly #attachments: Attachments
  #document: PolicyDocument
  #revision: number
  #ids: IdBook
  /** Resource -> the revision at which its declared value last changed. */
  readonly #resources: Map<ResourceKind, Map<string, number>>
  readonly #entries: Map<string, Set<PrefixKey>>
  readonly #countedSince: Record<CounterKind, Map<number, number>>
  #local: readonly PrefixKey[]
  #use: readonly CapacityUse[] = []
  #tail: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #networkPending = false
  /** Why the kernel does not hold what the store holds; undefined: it does. */
  #trouble: string | undefined
  #stopWatching: () => void = () => undefined

  private constructor (options: GateOptions) {
    const { store, dataplane, network, log } = options
    this.#options = options
    this.#attachments = new Attachments(dataplane, () => network.devices(), log)
    this.#document = store.document() ?? emptyPolicy
    this.#revision = store.revision
    this.#ids = store.ids()
    this.#resources = store.resources()
    this.#entries = store.prefixes()
    this.#countedSince = store.countedSince()
    this.#local = localAddresses(network)
  }

  /** Brings the stored policy into force, over whatever the kernel holds. @throws when it cannot; the kernel then goes on as before. */
  static async open (options: GateOptions): Promise<Gate> {
    const gate = new Gate(options)
    await gate.#inTurn(() => gate.#start())
    gate.#stopWatching = options.network.onChange(() => gate.#networkChanged())
    return gate
  }

  get revision (): number { return this.#revision }
  get document (): PolicyDocument { return this.#document }
  get ids (): IdBook { return this.#ids }
  get use (): readonly CapacityUse[] { return this.#use }
  /** Undefined: the kernel enforces the newest revision. */
  get trouble (): string | undefined { return this.#trouble }

  etagOf (kind: ResourceKind, name: string): number | undefined {
    return this.#resources.get(kind)?.get(name)
  }

  entriesOf (set: string): ReadonlySet<PrefixKey> {
    return this.#entries.get(set) ?? new Set()
  }

  countedSince (kind: CounterKind, id: number): number | undefined {
    return this.#countedSince[kind].get(id)
  }

  /** Devices that are attached, or should be; with `key` those that this entry of `interfaces` decides for. */
  attached (key?: string) {
    return this.#attachments.status(this.#document.interfaces, key)
  }

  /** Changes the declared policy. `edit` gets the newest document, must leave it alone and return the one that is wanted. */
  change (edit: (newest: PolicyDocument) => PolicyDocument, options: WriteOptions): Promise<Written | DryRun> {
    return this.#inTurn(() => this.#write(newest => ({ document: edit(newest), entries: new Map() }), options))
  }

  /** Changes the entries of a set that exists. */
  changeEntries (set: string, edit: EntryEdit, options: WriteOptions): Promise<Written | DryRun> {
    return this.#inTurn(() => this.#write(newest => ({ document: newest, entries: new Map([[set, edit]]) }), options))
  }

  /** Waits for writes that have begun. The kernel goes on enforcing. */
  async close (): Promise<void> {
    this.#stopWatching()
    await this.#tail
  }

  async #write (edit: (newest: PolicyDocument) => Draft, options: WriteOptions): Promise<Written | DryRun> {
    const created = this.#checkPreconditions(options)
    const draft = edit(this.#document)
    const plan = this.#plan(draft, options)
    if (options.dryRun) return this.#describe(plan)

    const previousRevision = this.#revision
    const [counts] = [...draft.entries.keys()].flatMap(set => plan.entries.get(set)?.counts ?? [])
    if (!this.#isNothing(plan)) {
      const before = this.#document.interfaces
      await this.#tryNative(before, plan, options)
      try {
        await this.#enforce(plan, options)
      } catch (error) {
        await this.#attachments.reconcile(before)
        throw error
      }
    }
    await this.#attachments.reconcile(this.#document.interfaces)
    const etag = this.etagOf(...options.target)
    return {
      revision: this.#revision, previousRevision, warnings: plan.warnings, document: this.#document, created,
      ...(etag === undefined ? {} : { etag }), ...(counts === undefined ? {} : { counts }),
    }
  }

  /** Whether the target will be a new one. */
  #checkPreconditions ({ target: [kind, name], ifMatch, createOnly }: WriteOptions): boolean {
    const etag = this.etagOf(kind, name)
    if (createOnly && etag !== undefined) throw new RequestError('exists', `${label(kind, name)} exists, at revision ${etag}`)
    if (ifMatch === undefined) return etag === undefined
    if (etag === undefined) throw new RequestError('stale', `${label(kind, name)} does not exist`)
    if (ifMatch !== '*' && !ifMatch.includes(String(etag))) {
      throw new RequestError('stale', `${label(kind, name)} is at revision ${etag}, not ${ifMatch.join(' or ')}`, {
        hint: `read it again, repeat the change and send If-Match: "${etag}"`,
      })
    }
    return false
  }

  /** Draft -> check -> ids -> compile. Pure but for reading what is in force. @throws RequestError with all faults at once. */
  #plan (draft: Draft, options: WriteOptions): Plan {
    const { dataplane, network, store, apiPort } = this.#options
    const { actor, force, target } = options
    const checked = checkPolicy(draft.document, {
      localAddresses: this.#local,
      devices: network.devices().map(device => device.name),
      ...(apiPort === undefined ? {} : { apiPort }),
      ...(force === undefined ? {} : { force }),
      ...(actor.requester === undefined ? {} : { requester: actor.requester }),
    })
    if (checked.problems.length > 0) throw refuse(checked.problems.map(problem => relocate(problem, target)))

    const document = checked.policy
    const edits = new Map<string, EntryEdit>(draft.entries)
    for (const [set, add] of checked.entries) edits.set(set, { replace: true, add })
    for (const set of this.#entries.keys()) if (!Object.hasOwn(document.sets ?? {}, set)) edits.set(set, { replace: true, add: [] })
    const entries = this.#planEntries(edits)

    const ids = assignIds(this.#ids, document, dataplane.capacity)
    const compiled = compile({
      policy: document,
      entries: this.#entriesAfter(entries),
      local: this.#local,
      ids: ids.book,
      capacity: dataplane.capacity,
      hint: dataplane.prefixesInForce(),
      ...(apiPort === undefined ? {} : { apiPort }),
    })
    if (compiled.problems.length > 0) throw refuse(compiled.problems.map(problem => relocate(problem, target)))

    const touched = touchedResources(store.revision === 0 ? undefined : this.#document, document)
    for (const [set, { change }] of entries) {
      if (!isNothing(change) && Object.hasOwn(document.sets ?? {}, set) && !includes(touched.changed, 'entries', set)) touched.changed.push(['entries', set])
    }
    const warnings = checked.warnings.map(warning => ({ ...warning, pointer: relocate(warning, target).pointer }))
    return { document, touched, entries, ids, tables: compiled.tables, use: compiled.use, warnings }
  }

  #planEntries (edits: ReadonlyMap<string, EntryEdit>): Map<string, PlannedEntries> {
    const planned = new Map<string, PlannedEntries>()
    for (const [set, edit] of edits) planned.set(set, planEntries(this.entriesOf(set), this.#options.store.comments(set), edit, Date.now()))
    return planned
  }

  #entriesAfter (planned: ReadonlyMap<string, PlannedEntries>): Map<string, Iterable<PrefixKey>> {
    const after = new Map<string, Iterable<PrefixKey>>(this.#entries)
    for (const [set, { change }] of planned) after.set(set, overlay(this.entriesOf(set), change))
    return after
  }

  #isNothing (plan: Plan): boolean {
    return plan.touched.changed.length === 0 && plan.touched.gone.length === 0 && this.#trouble === undefined
  }

  /** Stage -> clear counters of new ids -> store -> flip. Nothing has changed when this throws, unless `trouble` says so. */
  async #enforce (plan: Plan, { actor, cause }: Pick<WriteOptions, 'actor' | 'cause'>): Promise<void> {
    const { dataplane, store } = this.#options
    const revision = this.#nextRevision()
    await this.#stage(plan.tables)
    dataplane.clearCounters(plan.ids.taken)
    const changes = new Map<string, EntryChange>([...plan.entries].map(([set, { change }]) => [set, change]))
    const documentChanged = plan.touched.changed.some(([kind]) => kind === 'policy')
    this.#store(() => store.commit({
      revision,
      ...(documentChanged ? { document: plan.document } : {}),
      who: actor.who,
      cause,
      changed: plan.touched.changed,
      gone: plan.touched.gone,
      entries: changes,
      ids: plan.ids.book,
      counted: plan.ids.taken,
    }))
    // From here on the change is acknowledged, whatever happens: a restart would bring it into force.
    this.#remember(plan, revision)
    this.#flip(revision)
  }

  async #stage (tables: Tables): Promise<void> {
    try {
      await this.#options.dataplane.stage(tables)
    } catch (error) {
      if (error instanceof NativeError && error.code === 'capacity') throw new RequestError('capacity_exceeded', error.message)
      this.#options.log.error(error, 'the kernel did not take the tables')
      throw new RequestError('unavailable', `the kernel did not take the tables: ${(error as Error).message}`)
    }
  }

  #store (work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      this.#options.log.error(error, 'the store did not take the change')
      throw new RequestError(error.full ? 'store_full' : 'unavailable', error.message)
    }
  }

  #flip (revision: number): void {
    try {
      this.#options.dataplane.commit(revision)
      this.#trouble = undefined
    } catch (error) {
      this.#trouble = `revision ${revision} is stored and not in force: ${(error as Error).message}`
      this.#options.log.error(error, this.#trouble)
      throw new RequestError('unavailable', this.#trouble)
    }
  }

  #remember (plan: Plan, revision: number): void {
    const now = Date.now()
    this.#revision = revision
    this.#document = plan.document
    this.#ids = plan.ids.book
    this.#use = plan.use
    for (const [kind, name] of plan.touched.gone) this.#resources.get(kind)?.delete(name)
    for (const [kind, name] of plan.touched.changed) {
      const names = this.#resources.get(kind) ?? new Map<string, number>()
      this.#resources.set(kind, names.set(name, revision))
    }
    for (const [set, { change }] of plan.entries) {
      const there = this.#entries.get(set) ?? new Set<PrefixKey>()
      applyEntries(there, change)
      if (Object.hasOwn(plan.document.sets ?? {}, set)) this.#entries.set(set, there)
      else this.#entries.delete(set)
    }
    for (const kind of ['rules', 'services', 'backends'] as const) for (const id of plan.ids.taken[kind]) this.#countedSince[kind].set(id, now)
  }

  /** Numbers are left out where the store and the kernel have gone apart. */
  #nextRevision (): number {
    const { dataplane, store } = this.#options
    const next = Math.max(store.revision, dataplane.revision) + 1
    return fits(next, dataplane.revision) ? next : next + 1
  }

  async #tryNative (before: PolicyDocument['interfaces'], plan: Plan, { target }: WriteOptions): Promise<void> {
    const refused = await this.#attachments.tryNative(before, plan.document.interfaces)
    if (refused.size === 0) return
    throw refuse([...refused].map(([device, why]) => relocate({
      pointer: pointer('interfaces', device, 'xdp'),
      code: 'unsupported',
      detail: `${device} cannot run XDP in its driver: ${why}`,
      hint: 'use "auto" or "generic"',
    }, target)))
  }

  #describe (plan: Plan): DryRun {
    const changes = difference(this.#document, plan.document)
    for (const [set, { change, counts }] of plan.entries) {
      if (isNothing(change)) continue
      const path = pointer('sets', set, 'entries')
      changes.push({ op: 'replace', path, from: { entryCount: this.entriesOf(set).size }, to: counts })
    }
    const used = new Map(this.#use.map(({ table, used }) => [table, used]))
    const capacity = plan.use.map(({ table, used: after, max }) => ({ table, used: used.get(table) ?? 0, after, max }))
    return { baseRevision: this.#revision, changes, capacity, warnings: plan.warnings }
  }

  async #start (): Promise<void> {
    const { store, dataplane, initial, log } = this.#options
    if (dataplane.revision === 0) {
      store.countersBeginAnew(Date.now())
      for (const ids of Object.values(this.#countedSince)) for (const id of ids.keys()) ids.set(id, Date.now())
    }
    if (store.revision === 0) {
      if (initial === undefined && dataplane.revision > 0) {
        throw new Error(`the kernel enforces revision ${dataplane.revision} and the store is empty: start with --policy FILE, or run drawgate detach first`)
      }
      const plan = this.#plan({ document: initial ?? emptyPolicy, entries: new Map() }, { actor: start, cause: 'start', target: ['policy', ''] })
      await this.#enforce(plan, { actor: start, cause: initial === undefined ? 'start' : 'start with --policy' })
    } else {
      await this.#resume()
    }
    await dataplane.takeOver()
    await this.#attachments.reconcile(this.#document.interfaces)
    log.info({ revision: this.#revision }, 'policy is in force')
  }

  /** The kernel may hold what the store holds, an older revision (killed before the flip), or nothing (rebooted). */
  async #resume (): Promise<void> {
    const { dataplane, store } = this.#options
    const plan = this.#replan()
    this.#use = plan.use
    const neverInForce = store.revision > dataplane.revision && fits(store.revision, dataplane.revision)
    if (neverInForce) {
      await this.#stage(plan.tables)
      this.#flip(store.revision)
    } else if (store.revision !== dataplane.revision || dataplane.differs(plan.tables)) {
      await this.#enforce(plan, { actor: start, cause: 'restart' })
    }
  }

  /** The same document over other surroundings: it was checked when it came in. */
  #replan (): Plan {
    const { dataplane, apiPort } = this.#options
    const document = this.#document
    const ids = assignIds(this.#ids, document, dataplane.capacity)
    const { tables, use, problems } = compile({
      policy: document,
      entries: this.#entries,
      local: this.#local,
      ids: ids.book,
      capacity: dataplane.capacity,
      hint: dataplane.prefixesInForce(),
      ...(apiPort === undefined ? {} : { apiPort }),
    })
    if (problems.length > 0) throw refuse(problems)
    return { document, touched: { changed: [], gone: [] }, entries: new Map(), ids, tables, use, warnings: [] }
  }

  /** Devices come and go in bursts; one pass after the burst sees them all. */
  #networkChanged (): void {
    if (this.#networkPending) return
    this.#networkPending = true
    const work = this.#inTurn(async () => {
      this.#networkPending = false
      const local = localAddresses(this.#options.network)
      if (this.#trouble !== undefined || canonicalJson(local) !== canonicalJson(this.#local)) {
        this.#local = local
        const plan = this.#replan()
        if (this.#trouble !== undefined || this.#options.dataplane.differs(plan.tables)) await this.#enforce(plan, { actor: { who: 'kernel', role: 'admin' }, cause: 'addresses' })
      }
      await this.#attachments.reconcile(this.#document.interfaces)
    }, Number.POSITIVE_INFINITY)
    work.catch((error: unknown) => {
      this.#trouble = `the network changed and the policy could not follow: ${(error as Error).message}`
      this.#options.log.error(error, this.#trouble)
    })
  }

  /** One writer at a time, in the order of asking. */
  #inTurn<Result> (work: () => Promise<Result>, maxWaiting = this.#options.maxWaiting ?? 256): Promise<Result> {
    if (this.#waiting >= maxWaiting) throw new RequestError('overloaded', `${this.#waiting} writes are waiting for their turn`, { retryAfter: 1 })
    this.#waiting++
    const result = this.#tail.then(work).finally(() => { this.#waiting-- })
    this.#tail = result.catch(() => undefined)
    return result
  }
}

/** Fresh maps take any; else the lowest bit must name the side that is not in force. */
function fits (revision: number, inForce: number): boolean {
  return inForce === 0 || (revision - inForce) % 2 === 1
}

function localAddresses (network: GateOptions['network']): PrefixKey[] {
  const keys = network.addresses().map(({ address }) => prefixKey({
    family: address.length === 4 ? 4 : 6, bytes: address, length: address.length * 8,
  }))
  return [...new Set(keys)].sort()
}

function includes (resources: readonly Resource[], kind: ResourceKind, name: string): boolean {
  return resources.some(resource => resource[0] === kind && resource[1] === name)
}

function label (kind: ResourceKind, name: string): string {
  return kind === 'policy' ? 'the policy' : `${kind}/${name}`
}

/** Where the body of a request about this resource stands in the policy. */
export function rootOf ([kind, name]: Resource): string {
  if (kind === 'policy') return ''
  if (kind === 'entries') return pointer('sets', name, 'entries')
  if (kind !== 'backends') return pointer(kind, name)
  const [service = '', backend = ''] = name.split('/')
  return pointer('services', service, 'backends', backend)
}

/** Pointers of an answer begin at the body of the request; what lies outside of it is named in words. */
function relocate<Place extends Pick<Problem, 'pointer'> & { detail: string }> (problem: Place, target: Resource): Place {
  const root = rootOf(target)
  if (problem.pointer === root || problem.pointer.startsWith(`${root}/`)) return { ...problem, pointer: problem.pointer.slice(root.length) }
  return { ...problem, pointer: '', detail: `${problem.pointer} of the policy: ${problem.detail}` }
}

