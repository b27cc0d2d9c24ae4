/** The path of a policy update, from a change that somebody wants to packets that obey it. Everything that alters what is enforced goes through here. */

import type { Dataplane } from '../dataplane/dataplane.ts'
import { RequestError } from '../errors.ts'
import { bootTimeMs } from '../native/clock.ts'
import type { NetworkWatch } from '../native/netlink.ts'
import type { Compiled } from '../policy/compile.ts'
import type { PolicyDocument } from '../policy/document.ts'
import type { EntrySet } from '../policy/entry-set.ts'
import { type Memory, newMemory, recall } from '../policy/memory.ts'
import type { Capacity, CapacityUse } from '../policy/tables.ts'
import type { Store } from '../store/store.ts'
import type { Happening } from '../visibility/happening.ts'
import { Around } from './around.ts'
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
import { Expiry } from './expiry.ts'
import { inPieces } from './pieces.ts'
import { type Draft, type DryRun, describePlan, isNothing, mattersOf, type Plan, planAgain, planDraft, type Surroundings } from './plan.ts'
import { type Author, emptyPolicy, Registry } from './registry.ts'
import { checkSources } from './sources.ts'
import { fits, keep, nextRevision, refuseNative, stage } from './steps.ts'
import { Turns } from './turns.ts'
import { type Actor, authorOf, checkPreconditions, type WriteOptions, type Written } from './write.ts'

export type { DryRun } from './plan.ts'
export type { Actor, Role, WriteOptions, Written } from './write.ts'

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
  /** Where lists may be files. */
  readonly listsDir?: string
  /** Writes that may wait for their turn. */
  readonly maxWaiting?: number
}

/** Control groups and the clock are looked at so often, where rules name them. */
const lookEveryMs = 1000

/** Who acts when the daemon is started. */
const start = 'start'

export class Gate {
  readonly #options: GateOptions
  readonly #attachments: Attachments
  readonly #turns: Turns
  readonly #around: Around
  readonly #expiry: Expiry
  /** What is declared, and what it is called in the kernel. */
  readonly registry: Registry
  /** What is in force; undefined: nobody knows yet. */
  #compiled: Compiled<EntrySet> | undefined
  #changePending = false
  /** Of what is around the gate, what the tables in force depend on. */
  #matters = ''
  #memory: Memory
  #pending: Pending | undefined
  #deadline: ReturnType<typeof setTimeout> | undefined
  /** Why the kernel does not hold what the store holds; undefined: it does. */
  #trouble: string | undefined
  #stopWatching: () => void = () => undefined

  private constructor(options: GateOptions) {
    const { store, dataplane, network, log, tell } = options
    this.#options = options
    this.#attachments = new Attachments(dataplane, () => network.devices(), log, tell)
    this.registry = new Registry(store)
    this.#turns = new Turns(() => this.#backInTime(), options.maxWaiting)
    this.#around = new Around(options)
    this.#expiry = new Expiry({ registry: this.registry, turns: this.#turns, log, tell })
    dataplane.setAddresses(network.addresses())
    this.#memory = dataplane.revision > 0 ? recall(dataplane.rowsInForce(), this.registry.ids) : newMemory()
  }

  /** Brings the stored policy into force, over whatever the kernel holds. @throws when it cannot; the kernel then goes on as before. */
  static async open(options: GateOptions): Promise<Gate> {
    const gate = new Gate(options)
    await gate.#turns.take(() => gate.#start())
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
    return this.#turns.take(async () => {
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
    return this.#turns.take(async () => {
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
    return this.#turns.take(() => this.#write(newest => ({ document: edit(newest), entries: new Map() }), options))
  }

  /** Changes the entries of a set. */
  changeEntries(set: string, request: EntryRequest, options: WriteOptions): Promise<Written | DryRun> {
    return this.#turns.take(() =>
      this.#write(newest => {
        if (!Object.hasOwn(newest.sets ?? {}, set)) throw new RequestError('not_found', `sets/${set} does not exist`)
        return { document: newest, entries: new Map([[set, request]]) }
      }, options),
    )
  }

  /** Waits for writes that have begun. The kernel goes on enforcing. */
  async close(): Promise<void> {
    this.#stopWatching()
    await this.#turns.over()
    clearTimeout(this.#deadline)
    await this.#expiry.close()
  }

  async #write(edit: (newest: PolicyDocument) => Draft, options: WriteOptions): Promise<Written | DryRun> {
    const created = checkPreconditions(this.registry, options)
    const draft = edit(this.registry.document)
    checkSources(this.registry.document, draft, options, this.#options.listsDir)
    if (this.#pending && draft.entries.size === 0 && !options.dryRun) throw stillPending(this.#pending)
    const plan = await this.#plan(draft, options)
    if (options.dryRun) return describePlan(plan, this.registry.declared(), this.registry.revision, this.use)

    const previousRevision = this.registry.revision
    const [counts] = [...draft.entries.keys()].flatMap(set => plan.entries.get(set)?.counts ?? [])
    if (!isNothing(plan) || this.#trouble !== undefined) {
      const before = this.registry.document.interfaces
      await refuseNative(this.#attachments, before, plan, options.target)
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
    return this.#around.now(this.#compiled, this.#memory)
  }

  /** Stage -> clear counters of new ids -> store -> flip. Nothing has changed when this throws, unless `trouble` says so. */
  async #enforce(
    plan: Plan,
    author: Author,
    { confirmWithinS }: Pick<WriteOptions, 'confirmWithinS'> = {},
    entries: Draft['entries'] = new Map(),
  ): Promise<void> {
    if (this.#pending) return this.#enforceBeside(this.#pending, plan, author, entries)
    const revision = nextRevision(this.#options)
    const declared = { ...this.registry.declared(), document: this.registry.document }
    const base = { revision: this.registry.revision, fallback: fallbackOf(declared, this.#compiled) }
    const pending = confirmWithinS === undefined ? undefined : newPending(revision, author, confirmWithinS, base)
    await stage(this.#options, plan.compiled.tables)
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
      const revision = nextRevision(this.#options)
      await stage(this.#options, plan.compiled.tables)
      await this.#keepAndFlip(plan, revision, author, beside)
      this.#pending = beside
    } finally {
      // Nothing was changed: what comes back is as it was.
      await (this.#pending === pending ? this.#armAgain(pending) : this.#arm())
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
      if (fallback.compiled) await stage(this.#options, fallback.compiled.tables)
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
      this.#turns
        .takeAnyway(async () => undefined)
        .catch((error: unknown) => {
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
    this.#expiry.sweepStore()
    this.#expiry.wait()
    this.#options.tell?.({ type: 'policy', time: Date.now(), data: () => ({ revision, who, cause }) })
  }

  #store(plan: Plan, revision: number, author: Author, pending?: Pending): Promise<void> {
    const around = { bootOffsetMs: this.#around.bootOffsetMs, matters: this.#made(plan) }
    return keep(this.registry, this.#options.log, { plan, revision, author, around, pending })
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
    if (then !== undefined) this.#around.resume(then.bootOffsetMs)
    const plan = await this.#planAgain()
    const isSame = then?.revision === dataplane.revision && then.matters === this.#made(plan)
    this.#compiled = plan.compiled
    this.#matters = plan.matters
    const neverInForce = store.revision > dataplane.revision && fits(store.revision, dataplane.revision)
    if (neverInForce) {
      await stage(this.#options, plan.compiled.tables)
      this.#flip(store.revision)
      if (this.#pending) await this.#armAgain(this.#pending)
    } else if (store.revision !== dataplane.revision || (!isSame && dataplane.differs(plan.compiled.tables))) {
      await this.#enforce(plan, { who: start, cause: 'restart' })
    }
    this.#expiry.wait()
  }

  /** What waited for its confirmation when the daemon ended: it goes on to wait, or the kernel has gone back, or it has to. */
  async #resumePending(): Promise<void> {
    const { dataplane, store } = this.#options
    const record = store.pending()
    if (!record) return
    const fallback = fallbackOf(this.registry.fallback(record))
    // Killed before entries were in force that the store had taken, it is behind, and no later than that.
    const isThere = dataplane.revision === store.revision || (record.revision <= dataplane.revision && dataplane.revision < store.revision)
    const isInTime = record.bootId === bootId() && bootTimeMs() < record.deadlineMs && isThere
    this.#pending = { record, fallback }
    if (!isInTime) {
      const cause = record.bootId === bootId() ? 'was not confirmed in time' : 'was not confirmed before the host was started again'
      return this.#goBack({ who: start, cause: `revision ${record.revision} ${cause}` })
    }
    if (dataplane.deadlineMs === undefined && dataplane.revision === store.revision) await this.#armAgain(this.#pending)
    this.#waitForDeadline()
  }

  /** Killed while entries were written to both sides: the one that comes back is whole again. */
  async #armAgain(pending: Pending): Promise<void> {
    this.#pending = { ...pending, fallback: await this.#planBeside(pending, new Map()) }
    await this.#arm()
  }

  /** What tables are made of beside the document: where it is as it was, they are in force, however the compiler would number them now. */
  #made({ matters }: Plan): string {
    return `${this.#options.dataplane.sources} ${matters}`
  }

  /** The newest document over what is around it now. */
  #planAgain(): Promise<Plan> {
    return inPieces(planAgain({ ...this.registry.declared(), document: this.registry.document }, this.#surroundings()))
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
    const work = this.#turns.takeAnyway(async () => {
      this.#changePending = false
      const cause = this.#around.readdress() ? 'addresses' : 'surroundings'
      this.#options.dataplane.setAddresses(this.#options.network.addresses())
      if (this.#trouble !== undefined || this.#mattersNow() !== this.#matters) {
        const plan = await this.#planAgain()
        if (this.#trouble !== undefined || this.#options.dataplane.differs(plan.compiled.tables))
          await this.#enforce(plan, { who: 'kernel', cause })
        else this.#matters = plan.matters
      }
      await this.#attachments.reconcile(this.registry.document.interfaces)
    })
    work.catch((error: unknown) => {
      this.#trouble = `the network changed and the policy could not follow: ${(error as Error).message}`
      this.#options.log.error(error, this.#trouble)
    })
  }

  /** Whoever writes next meets what packets meet. */
  async #backInTime(): Promise<void> {
    if (this.#pending && bootTimeMs() >= this.#pending.record.deadlineMs) await this.#goBack()
  }
}
