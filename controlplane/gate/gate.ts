/** The path of a policy update, from a change that somebody wants to packets that obey it. Everything that alters what is enforced goes through here. */

import { type Dataplane, NativeError } from '../dataplane/dataplane.ts'
import { RequestError, refuse } from '../errors.ts'
import { canonicalJson } from '../format/json.ts'
import { cgroupIds } from '../native/cgroups.ts'
import { bootOffsetMs, bootTimeMs } from '../native/clock.ts'
import type { NetworkWatch } from '../native/netlink.ts'
import type { Compiled } from '../policy/compile.ts'
import type { PolicyDocument } from '../policy/document.ts'
import type { EntryCounts } from '../policy/entry-edit.ts'
import type { EntrySet } from '../policy/entry-set.ts'
import { type Memory, newMemory, recall } from '../policy/memory.ts'
import { prefixKey } from '../policy/prefix.ts'
import { pointer, type Warning } from '../policy/problem.ts'
import type { Capacity, CapacityUse, PrefixKey, Tables } from '../policy/tables.ts'
import { type ResourceKind, type Store, StoreError } from '../store/store.ts'
import type { Happening } from '../visibility/happening.ts'
import { Attachments, type Log } from './attachments.ts'
import {
  bootId,
  type Fallback,
  fallbackOf,
  newPending,
  type Pending,
  type PendingConfirm,
  planBack,
  planBeside,
  refuseOlder,
  sharing,
  shownPending,
  stillPending,
  whatWaits,
} from './confirm.ts'
import type { EntryRequest } from './entries.ts'
import { inPieces } from './pieces.ts'
import {
  type Asked,
  type Draft,
  type DryRun,
  describePlan,
  isNothing,
  mattersOf,
  type Plan,
  planAgain,
  planDraft,
  relocate,
  type Surroundings,
} from './plan.ts'
import { type Aside, type Author, emptyPolicy, Registry } from './registry.ts'
import type { Resource } from './resources.ts'

export type { DryRun } from './plan.ts'
export type Role = 'viewer' | 'operator' | 'admin'

/** Who asks for a change. */
export interface Actor {
  readonly who: string
  /** Where the request comes from, for the audit. */
  readonly origin?: string
  /** When its connection was opened, over TCP: CLOCK_BOOTTIME, in milliseconds. */
  readonly connectedMs?: number
  readonly role: Role
  /** Present: may write the entries of these sets and nothing else. */
  readonly sets?: readonly string[]
  /** Absent: people, or programs in their name. Of others some prefixes are protected. */
  readonly kind?: 'feed' | 'list' | 'detector'
  /** Where the request comes from, over TCP. */
  readonly requester?: NonNullable<Asked['requester']>
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
  /** Seconds until the change is rolled back, if nobody confirms it. */
  readonly confirmWithinS?: number
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
  /** Milliseconds since 1970: rolled back then, if nobody confirms. */
  readonly deadline?: number
}

export interface GateOptions {
  readonly store: Store
  readonly dataplane: Dataplane
  readonly network: NetworkWatch
  readonly log: Log
  /** TCP port of the API, part of the default management. */
  readonly apiPort?: number
  /** Called for what others may want to know: revisions and devices. */
  readonly tell?: (happening: Happening) => void
  /** What an empty store begins with. */
  readonly initial?: PolicyDocument
  /** Writes that may wait for their turn. */
  readonly maxWaiting?: number
}

/** Control groups and the clock are looked at so often, where rules name them. */
const lookEveryMs = 1000
const clockSlackMs = 500

/** Who acts when the daemon is started. */
const start = 'start'

export class Gate {
  readonly #options: GateOptions
  readonly #attachments: Attachments
  /** What is declared, and what it is called in the kernel. */
  readonly registry: Registry
  #local: readonly PrefixKey[]
  /** What is in force; undefined: nobody knows yet. */
  #compiled: Compiled<EntrySet> | undefined
  #tail: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #changePending = false
  /** Of what is around the gate, what the tables in force depend on. */
  #matters = ''
  #bootOffsetMs = bootOffsetMs()
  #memory: Memory
  #pending: Pending | undefined
  #deadline: ReturnType<typeof setTimeout> | undefined
  /** Why the kernel does not hold what the store holds; undefined: it does. */
  #trouble: string | undefined
  #stopWatching: () => void = () => undefined
  #expiry: ReturnType<typeof setTimeout> | undefined
  #sweeping: Promise<void> | undefined

  private constructor(options: GateOptions) {
    const { store, dataplane, network, log, tell } = options
    this.#options = options
    this.#attachments = new Attachments(dataplane, () => network.devices(), log, tell)
    this.registry = new Registry(store)
    this.#local = localAddresses(network)
    this.#memory = dataplane.revision > 0 ? recall(dataplane.rowsInForce(), this.registry.ids) : newMemory()
  }

  /** Brings the stored policy into force, over whatever the kernel holds. @throws when it cannot; the kernel then goes on as before. */
  static async open(options: GateOptions): Promise<Gate> {
    const gate = new Gate(options)
    await gate.#inTurn(() => gate.#start())
    const stopNetwork = options.network.onChange(() => gate.#surroundingsChanged())
    const timer = setInterval(() => gate.#look(), lookEveryMs).unref()
    gate.#stopWatching = () => {
      stopNetwork()
      clearInterval(timer)
    }
    return gate
  }

  get revision(): number {
    return this.registry.revision
  }
  get document(): PolicyDocument {
    return this.registry.document
  }
  get capacity(): Capacity {
    return this.#options.dataplane.capacity
  }
  /** Of the tables in force. */
  get use(): readonly CapacityUse[] {
    return [...(this.#compiled?.use ?? []), this.#options.dataplane.prefixPages]
  }
  /** Undefined: the kernel enforces the newest revision. */
  get trouble(): string | undefined {
    return this.#trouble
  }

  /** The revision that waits for its confirmation. */
  get pending(): PendingConfirm | undefined {
    return this.#pending && shownPending(this.#pending)
  }

  /** What waits stays. */
  confirm(revision: number, actor: Actor): Promise<void> {
    return this.#inTurn(async () => {
      const { record } = whatWaits(this.#pending, revision)
      refuseOlder(record, actor)
      const { dataplane } = this.#options
      dataplane.keep()
      if (dataplane.revision !== this.registry.revision) {
        await this.#goBack()
        whatWaits(this.#pending, revision)
      }
      try {
        this.registry.confirm({ ...authorOf(actor), action: 'POST /v1/policy/confirm', revision })
      } catch (error) {
        dataplane.armFallback(record.deadlineMs)
        throw error
      }
      this.#forgetPending()
      this.#options.tell?.({ type: 'policy', time: Date.now(), data: () => ({ revision, who: actor.who, confirmed: true }) })
    })
  }

  /** What waits goes now. */
  rollBack(actor: Actor): Promise<number> {
    return this.#inTurn(async () => {
      const { record } = whatWaits(this.#pending)
      await this.#goBack({ ...authorOf(actor), cause: `DELETE /v1/policy/confirm: revision ${record.revision} is rolled back` })
      return this.registry.revision
    })
  }

  /** Devices that are attached, or should be; with `key` those that this entry of `interfaces` decides for. */
  attached(key?: string) {
    return this.#attachments.status(this.registry.document.interfaces, key)
  }

  /** Changes the declared policy. `edit` gets the newest document, must leave it alone and return the one that is wanted. */
  change(edit: (newest: PolicyDocument) => PolicyDocument, options: WriteOptions): Promise<Written | DryRun> {
    return this.#inTurn(() => this.#write(newest => ({ document: edit(newest), entries: new Map() }), options))
  }

  /** Changes the entries of a set. */
  changeEntries(set: string, request: EntryRequest, options: WriteOptions): Promise<Written | DryRun> {
    return this.#inTurn(() =>
      this.#write(newest => {
        if (!Object.hasOwn(newest.sets ?? {}, set)) throw new RequestError('not_found', `sets/${set} does not exist`)
        return { document: newest, entries: new Map([[set, request]]) }
      }, options),
    )
  }

  /** Waits for writes that have begun. The kernel goes on enforcing. */
  async close(): Promise<void> {
    this.#stopWatching()
    await this.#tail
    clearTimeout(this.#expiry)
    clearTimeout(this.#deadline)
    await this.#sweeping
  }

  async #write(edit: (newest: PolicyDocument) => Draft, options: WriteOptions): Promise<Written | DryRun> {
    const created = this.#checkPreconditions(options)
    const draft = edit(this.registry.document)
    if (this.#pending && draft.entries.size === 0 && !options.dryRun) throw stillPending(this.#pending)
    const plan = await this.#plan(draft, options)
    if (options.dryRun) return describePlan(plan, this.registry.declared(), this.registry.revision, this.use)

    const previousRevision = this.registry.revision
    const [counts] = [...draft.entries.keys()].flatMap(set => plan.entries.get(set)?.counts ?? [])
    if (!isNothing(plan) || this.#trouble !== undefined) {
      const before = this.registry.document.interfaces
      await this.#tryNative(before, plan, options)
      try {
        await this.#enforce(plan, { ...authorOf(options.actor), cause: options.cause }, options, draft.entries)
      } catch (error) {
        await this.#attachments.reconcile(before)
        throw error
      }
    }
    await this.#attachments.reconcile(this.registry.document.interfaces)
    const etag = this.registry.etagOf(...options.target)
    return {
      revision: this.registry.revision,
      previousRevision,
      warnings: plan.warnings,
      document: this.registry.document,
      created,
      ...(etag === undefined ? {} : { etag }),
      ...(counts === undefined ? {} : { counts }),
      ...(options.confirmWithinS === undefined || !this.pending ? {} : { deadline: this.pending.deadline }),
    }
  }

  /** Whether the target will be a new one. */
  #checkPreconditions({ target: [kind, name], ifMatch, createOnly }: WriteOptions): boolean {
    const etag = this.registry.etagOf(kind, name)
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

  #plan(draft: Draft, { actor, force, target }: WriteOptions): Promise<Plan> {
    const around = this.#surroundings()
    const asked = {
      target,
      devices: around.devices.map(device => device.name),
      ...(force === undefined ? {} : { force }),
      ...(actor.requester === undefined ? {} : { requester: actor.requester }),
      ...(actor.kind === undefined ? {} : { automatic: true }),
    }
    return inPieces(planDraft(this.registry.declared(), draft, around, asked))
  }

  #surroundings(): Surroundings {
    const { dataplane, apiPort, network } = this.#options
    const { capacity, tracking } = dataplane
    const offset = bootOffsetMs()
    // Both clocks are read one after the other: what differs by less is no change.
    if (Math.abs(offset - this.#bootOffsetMs) > clockSlackMs) this.#bootOffsetMs = offset
    return {
      capacity,
      tracking,
      local: this.#local,
      apiPort,
      devices: network.devices(),
      cgroupIds,
      bootOffsetMs: this.#bootOffsetMs,
      compiled: this.#compiled,
      memory: this.#memory,
    }
  }

  /** Stage -> clear counters of new ids -> store -> flip. Nothing has changed when this throws, unless `trouble` says so. */
  async #enforce(
    plan: Plan,
    author: Author,
    { confirmWithinS }: Pick<WriteOptions, 'confirmWithinS'> = {},
    entries: Draft['entries'] = new Map(),
  ): Promise<void> {
    if (this.#pending) return this.#enforceBeside(this.#pending, plan, author, entries)
    const revision = this.#nextRevision()
    const declared = { ...this.registry.declared(), document: this.registry.document }
    const base = { revision: this.registry.revision, fallback: fallbackOf(declared, this.#compiled) }
    const pending = confirmWithinS === undefined ? undefined : newPending(revision, author, confirmWithinS, base)
    await this.#stage(plan.compiled.tables)
    await this.#keepAndFlip(plan, revision, author, pending, pending?.record.deadlineMs)
    // Connections that are opened from now on meet it.
    if (pending) this.#pending = { ...pending, record: { ...pending.record, sinceMs: bootTimeMs() } }
    this.#waitForDeadline()
  }

  async #keepAndFlip(plan: Plan, revision: number, author: Author, pending?: Pending, deadlineMs?: number): Promise<void> {
    this.#options.dataplane.clearCounters(plan.ids.taken)
    await this.#store(plan, revision, author, pending)
    // From here on the change stands, whatever happens: a restart would bring it into force.
    this.#compiled = plan.compiled
    this.#flip(revision, deadlineMs)
    this.#follow(plan, revision, author)
  }

  /** While another revision waits for its confirmation, what comes back has to follow: both sides are written, one after the other. */
  async #enforceBeside(pending: Pending, plan: Plan, author: Author, entries: Draft['entries']): Promise<void> {
    const { dataplane } = this.#options
    // The plan first, since what it shares with the compiler's memory lasts until the next one.
    const fallback = await this.#planBeside(pending, entries)
    const beside = { ...pending, fallback: sharing(fallback, pending.fallback, this.registry.declared().entries, plan.wanted) }
    dataplane.keep()
    if (dataplane.revision !== this.registry.revision) {
      await this.#goBack()
      throw new RequestError('unavailable', 'the policy was rolled back at this moment, as nobody had confirmed it', { retryAfter: 1 })
    }
    try {
      const revision = this.#nextRevision()
      await this.#stage(plan.compiled.tables)
      await this.#keepAndFlip(plan, revision, author, beside)
      this.#pending = beside
    } finally {
      // Nothing was changed: what comes back is as it was.
      if (this.#pending === pending) this.#pending = { ...pending, fallback: await this.#planBeside(pending, new Map()) }
      await this.#arm()
    }
  }

  #planBeside({ fallback }: Pending, entries: Draft['entries']): Promise<Fallback> {
    return inPieces(planBeside(fallback, entries, this.#surroundings()))
  }

  /** The other side becomes what comes back. */
  async #arm(): Promise<void> {
    const { dataplane, log } = this.#options
    const { record, fallback } = this.#pending as Pending
    try {
      if (fallback.compiled) await this.#stage(fallback.compiled.tables)
      dataplane.armFallback(record.deadlineMs)
    } catch (error) {
      log.error(error, `revision ${record.revision} is not rolled back by the kernel, but by this daemon alone`)
    }
  }

  /** A timer stands still while the host sleeps: `#look` looks, too. */
  #waitForDeadline(): void {
    clearTimeout(this.#deadline)
    if (!this.#pending) return
    const wait = Math.max(0, this.#pending.record.deadlineMs - bootTimeMs())
    this.#deadline = setTimeout(() => this.#deadlineOver(), wait + 1).unref()
  }

  #deadlineOver(): void {
    const isOver = this.#pending && bootTimeMs() >= this.#pending.record.deadlineMs
    if (!isOver) this.#waitForDeadline()
    else
      this.#inTurn(async () => undefined, Number.POSITIVE_INFINITY).catch((error: unknown) => {
        this.#options.log.error(error, 'the policy could not be rolled back')
      })
  }

  #forgetPending(): void {
    this.#pending = undefined
    clearTimeout(this.#deadline)
  }

  /** To what there was before the revision that waits; the kernel may have gone there already. */
  async #goBack(
    author: Author = { who: 'deadline', cause: `revision ${this.#pending?.record.revision} was not confirmed in time` },
  ): Promise<void> {
    const { dataplane } = this.#options
    const { fallback } = this.#pending as Pending
    const before = this.registry.document.interfaces
    const isArmed = dataplane.deadlineMs !== undefined || dataplane.revision === this.registry.revision + 1
    if (isArmed) {
      dataplane.fallBack()
      if (!fallback.compiled) this.#memory = recall(dataplane.rowsInForce(), fallback.declared.ids)
    }
    const around = this.#surroundings()
    const compiled =
      (isArmed && fallback.compiled) || (await inPieces(planBeside({ ...fallback, memory: this.#memory }, new Map(), around))).compiled
    const plan = planBack(this.registry.declared(), fallback, compiled as Compiled<EntrySet>, around)
    if (isArmed) {
      const differs = !fallback.compiled && dataplane.differs(plan.compiled.tables)
      await this.#store(plan, dataplane.revision, author)
      this.#forgetPending()
      this.#follow(plan, dataplane.revision, author)
      if (differs) await this.#enforce(await this.#planAgain(), { who: start, cause: 'restart' })
    } else {
      const pending = this.#pending
      this.#pending = undefined
      try {
        await this.#enforce(plan, author)
      } catch (error) {
        this.#pending = pending
        throw error
      }
      this.#forgetPending()
    }
    this.#options.log.warn({ revision: this.registry.revision }, author.cause)
    if (author.who !== start && before !== this.registry.document.interfaces)
      await this.#attachments.reconcile(this.registry.document.interfaces)
  }

  /** What is in force is known, and told. */
  #follow(plan: Plan, revision: number, { who, cause }: Author): void {
    this.#compiled = plan.compiled
    this.#matters = plan.matters
    this.#sweepStore()
    this.#waitForExpiry()
    this.#options.tell?.({ type: 'policy', time: Date.now(), data: () => ({ revision, who, cause }) })
  }

  async #stage(tables: Tables): Promise<void> {
    try {
      await this.#options.dataplane.stage(tables)
    } catch (error) {
      if (error instanceof NativeError && error.code === 'capacity') throw new RequestError('capacity_exceeded', error.message)
      this.#options.log.error(error, 'the kernel did not take the tables')
      throw new RequestError('unavailable', `the kernel did not take the tables: ${(error as Error).message}`)
    }
  }

  async #store(plan: Plan, revision: number, author: Author, pending?: Pending): Promise<void> {
    const aside: Aside | null = pending ? { record: pending.record, entries: pending.fallback.declared.entries } : null
    try {
      await inPieces(this.registry.stage(plan, aside))
      this.registry.commit(plan, revision, author, { bootOffsetMs: this.#bootOffsetMs, matters: this.#made(plan) }, aside)
    } catch (error) {
      this.registry.discard(plan)
      if (!(error instanceof StoreError)) throw error
      this.#options.log.error(error, 'the store did not take the change')
      throw new RequestError(error.full ? 'store_full' : 'unavailable', error.message)
    }
  }

  #flip(revision: number, deadlineMs?: number): void {
    try {
      this.#options.dataplane.commit(revision, deadlineMs)
      this.#trouble = undefined
    } catch (error) {
      this.#trouble = `revision ${revision} is stored and not in force: ${(error as Error).message}`
      this.#options.log.error(error, this.#trouble)
      throw new RequestError('unavailable', this.#trouble)
    }
  }

  /** Numbers are left out where the store and the kernel have gone apart. */
  #nextRevision(): number {
    const { dataplane, store } = this.#options
    const next = Math.max(store.revision, dataplane.revision) + 1
    return fits(next, dataplane.revision) ? next : next + 1
  }

  async #tryNative(before: PolicyDocument['interfaces'], plan: Plan, { target }: WriteOptions): Promise<void> {
    const refused = await this.#attachments.tryNative(before, plan.document.interfaces)
    if (refused.size === 0) return
    throw refuse(
      [...refused].map(([device, why]) =>
        relocate(
          {
            pointer: pointer('interfaces', device, 'xdp'),
            code: 'unsupported',
            detail: `${device} cannot run XDP in its driver: ${why}`,
            hint: 'use "auto" or "generic"',
          },
          target,
        ),
      ),
    )
  }

  async #start(): Promise<void> {
    const { store, dataplane, initial, log } = this.#options
    if (dataplane.revision === 0) this.registry.countersBeginAnew(Date.now())
    if (store.revision === 0) {
      if (initial === undefined && dataplane.revision > 0) {
        throw new Error(
          `the kernel enforces revision ${dataplane.revision} and the store is empty: start with --policy FILE, or run drawgate detach first`,
        )
      }
      const plan = await this.#plan(
        { document: initial ?? emptyPolicy, entries: new Map() },
        { actor: { who: start, role: 'admin' }, cause: 'start', target: ['policy', ''] },
      )
      await this.#enforce(plan, { who: start, cause: initial === undefined ? 'start' : 'start with --policy' })
    } else {
      await this.#resumePending()
      await this.#resume()
    }
    await dataplane.takeOver()
    await this.#attachments.reconcile(this.registry.document.interfaces)
    log.info({ revision: this.registry.revision }, 'policy is in force')
  }

  /** The kernel may hold what the store holds, an older revision (killed before the flip), or nothing (rebooted). */
  async #resume(): Promise<void> {
    const { dataplane, store } = this.#options
    const then = store.surroundings()
    // The same clock, read again: ends of rules come out as they are.
    if (then !== undefined) this.#bootOffsetMs = then.bootOffsetMs
    const plan = await this.#planAgain()
    const isSame = then?.revision === dataplane.revision && then.matters === this.#made(plan)
    this.#compiled = plan.compiled
    this.#matters = plan.matters
    const neverInForce = store.revision > dataplane.revision && fits(store.revision, dataplane.revision)
    if (neverInForce) {
      await this.#stage(plan.compiled.tables)
      this.#flip(store.revision)
    } else if (store.revision !== dataplane.revision || (!isSame && dataplane.differs(plan.compiled.tables))) {
      await this.#enforce(plan, { who: start, cause: 'restart' })
    }
    this.#waitForExpiry()
  }

  /** What waited for its confirmation when the daemon ended: it goes on to wait, or the kernel has gone back, or it has to. */
  async #resumePending(): Promise<void> {
    const { dataplane, store } = this.#options
    const record = store.pending()
    if (!record) return
    const fallback = fallbackOf(this.registry.fallback(record))
    const isInTime = record.bootId === bootId() && bootTimeMs() < record.deadlineMs && dataplane.revision === store.revision
    this.#pending = { record, fallback }
    if (!isInTime) {
      const cause = record.bootId === bootId() ? 'was not confirmed in time' : 'was not confirmed before the host was started again'
      return this.#goBack({ who: start, cause: `revision ${record.revision} ${cause}` })
    }
    // Killed while entries were written to both sides: the one that comes back is whole again.
    if (dataplane.deadlineMs === undefined) {
      this.#pending = { record, fallback: await this.#planBeside(this.#pending, new Map()) }
      await this.#arm()
    }
    this.#waitForDeadline()
  }

  /** What tables are made of beside the document: where it is as it was, they are in force, however the compiler would number them now. */
  #made({ matters }: Plan): string {
    return `${this.#options.dataplane.sources} ${matters}`
  }

  /** The newest document over what is around it now. */
  #planAgain(): Promise<Plan> {
    return inPieces(planAgain({ ...this.registry.declared(), document: this.registry.document }, this.#surroundings()))
  }

  /** The kernel has stopped to honour an entry by itself when its time was over; this takes it out of the store. */
  #waitForExpiry(): void {
    clearTimeout(this.#expiry)
    const soonest = this.registry.soonestEnd()
    if (soonest === undefined) return
    // What ends within the same second goes together; a timer takes 24 days at most.
    const wait = Math.min(Math.max(soonest * 1000 - Date.now(), 1000), 2 ** 31 - 1)
    this.#expiry = setTimeout(() => this.#purge(), wait).unref()
  }

  #purge(): void {
    const work = this.#inTurn(async () => {
      for (const [set, expired] of this.registry.purge())
        this.#options.tell?.({ type: 'policy', time: Date.now(), data: () => ({ set, expired }) })
    }, Number.POSITIVE_INFINITY)
    work
      .catch((error: unknown) => this.#options.log.error(error, 'entries whose time is over could not be taken out of the store'))
      .finally(() => this.#waitForExpiry())
  }

  /** Nobody waits for it. */
  #sweepStore(): void {
    this.#sweeping ??= inPieces(this.registry.sweepStore())
      .catch((error: unknown) => this.#options.log.error(error, 'rows that nobody needs are left in the store'))
      .finally(() => {
        this.#sweeping = undefined
      })
  }

  /** A unit that starts has a new control group, and nobody tells of it; nor of a clock that was set. */
  #look(): void {
    if (this.#pending && bootTimeMs() >= this.#pending.record.deadlineMs) this.#deadlineOver()
    if (this.#mattersNow() !== this.#matters) this.#surroundingsChanged()
  }

  #mattersNow(): string {
    return mattersOf(this.registry.document, this.#surroundings())
  }

  /** Devices come and go in bursts; one pass after the burst sees them all. */
  #surroundingsChanged(): void {
    if (this.#changePending) return
    this.#changePending = true
    const work = this.#inTurn(async () => {
      this.#changePending = false
      const local = localAddresses(this.#options.network)
      const cause = canonicalJson(local) === canonicalJson(this.#local) ? 'surroundings' : 'addresses'
      // The same addresses stay the same object, which is what the compiler goes by.
      if (cause === 'addresses') this.#local = local
      if (this.#trouble !== undefined || this.#mattersNow() !== this.#matters) {
        const plan = await this.#planAgain()
        if (this.#trouble !== undefined || this.#options.dataplane.differs(plan.compiled.tables))
          await this.#enforce(plan, { who: 'kernel', cause })
        else this.#matters = plan.matters
      }
      await this.#attachments.reconcile(this.registry.document.interfaces)
    }, Number.POSITIVE_INFINITY)
    work.catch((error: unknown) => {
      this.#trouble = `the network changed and the policy could not follow: ${(error as Error).message}`
      this.#options.log.error(error, this.#trouble)
    })
  }

  /** Whoever writes next meets what packets meet. */
  async #backInTime(): Promise<void> {
    if (this.#pending && bootTimeMs() >= this.#pending.record.deadlineMs) await this.#goBack()
  }

  /** One writer at a time, in the order of asking. */
  #inTurn<Result>(work: () => Promise<Result>, maxWaiting = this.#options.maxWaiting ?? 256): Promise<Result> {
    if (this.#waiting >= maxWaiting)
      throw new RequestError('overloaded', `${this.#waiting} writes are waiting for their turn`, { retryAfter: 1 })
    this.#waiting++
    const result = this.#tail
      .then(() => this.#backInTime())
      .then(work)
      .finally(() => {
        this.#waiting--
      })
    this.#tail = result.catch(() => undefined)
    return result
  }
}

/** Fresh maps take any; else the lowest bit must name the side that is not in force. */
function fits(revision: number, inForce: number): boolean {
  return inForce === 0 || (revision - inForce) % 2 === 1
}

function authorOf({ who, origin }: Actor): Pick<Author, 'who' | 'origin'> {
  return origin === undefined ? { who } : { who, origin }
}

function localAddresses(network: GateOptions['network']): PrefixKey[] {
  const keys = network.addresses().map(({ address }) =>
    prefixKey({
      family: address.length === 4 ? 4 : 6,
      bytes: address,
      length: address.length * 8,
    }),
  )
  return [...new Set(keys)].sort()
}

function label(kind: ResourceKind, name: string): string {
  return kind === 'policy' ? 'the policy' : `${kind}/${name}`
}
