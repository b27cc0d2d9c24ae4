/** Sets that are filled from elsewhere: each list fetched when its time has come, judged, and put in place of the entries before. */
import { setMaxListeners } from 'node:events'
import { type ErrorCode, RequestError } from '../errors.ts'
import type { Log } from '../gate/attachments.ts'
import type { Actor, Gate } from '../gate/gate.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { draftCount } from '../policy/entry-draft.ts'
import { placeOf, type SourceValue } from '../policy/source.ts'
import type { Store } from '../store/store.ts'
import type { Happening } from '../visibility/happening.ts'
import { fetchList } from './fetch.ts'
import { openList } from './file.ts'
import { refuseOdd } from './judge.ts'
import { type ReadList, readList, unavailable } from './read.ts'
import { afterFailure, afterSuccess, waitAfterStart } from './schedule.ts'
import { type ListState, type ListStatus, newState, stateOf, statusOf } from './state.ts'
import { Unavailable } from './unavailable.ts'

export interface ListsOptions {
  readonly gate: Gate
  readonly store: Pick<Store, 'listStates' | 'setListState' | 'audit'>
  readonly log: Log
  readonly tell?: (happening: Happening) => void
  /** Where lists may be files. */
  readonly directory?: string
  /** Certificates that are trusted; absent: those that node trusts. */
  readonly ca?: readonly string[]
  readonly limits?: Partial<Limits>
}

interface Limits {
  readonly totalMs: number
  readonly silenceMs: number
  readonly maxBytes: number
}

/** A client that waits for a refresh gives up after two minutes. */
const defaultLimits: Limits = { totalMs: 100_000, silenceMs: 15_000, maxBytes: 256 * 1024 * 1024 }
const atOnce = 4
/** A timer takes 24 days at most. */
const longestWaitMs = 2 ** 31 - 1

export type Outcome = 'changed' | 'unchanged' | 'kept'

interface List {
  readonly set: string
  source: SourceValue
  /** Source and limits as they were said. */
  said: string
  state: ListState
  /** By `performance.now()`: the wall clock may be set. */
  due: number
  running?: Promise<Outcome>
  /** What is wanted has changed since it began to run. */
  again?: boolean
}

interface Asked {
  readonly actor: Actor
  readonly cause: string
  readonly force?: boolean
}

/** How often lists were asked for, by set and outcome. */
export type Tally = ReadonlyMap<string, Readonly<Record<Outcome, number>>>

export class Lists {
  readonly #options: ListsOptions
  readonly #limits: Limits
  readonly #lists = new Map<string, List>()
  readonly #tally = new Map<string, Record<Outcome, number>>()
  readonly #stop = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined
  #following = false
  /** What the lists are those of. */
  #followed: PolicyDocument['sets']
  readonly #running = new Set<Promise<Outcome>>()

  constructor(options: ListsOptions) {
    this.#options = options
    this.#limits = { ...defaultLimits, ...options.limits }
    setMaxListeners(0, this.#stop.signal)
    this.#follow()
  }

  /** To be called with each change of the policy, and when what waited was confirmed. */
  policyChanged(): void {
    if (this.#following || this.#stop.signal.aborted) return
    this.#following = true
    // Whoever tells of a change is still in the midst of it.
    setImmediate(() => {
      this.#following = false
      if (this.#stop.signal.aborted) return
      try {
        this.#follow()
      } catch (error) {
        this.#options.log.error(error, 'lists go on as they were')
      }
    })
  }

  /** Undefined: the set has no source. */
  status(set: string): ListStatus | undefined {
    const source = this.#options.gate.document.sets?.[set]?.source
    if (!source) return undefined
    const list = this.#lists.get(set)
    return list
      ? statusOf(list.state, list.running === undefined ? Date.now() + list.due - performance.now() : undefined)
      : statusOf(newState(placeOf(source)))
  }

  tally(): Tally {
    return this.#tally
  }

  /** Now. @throws RequestError where that cannot be. */
  async refresh(set: string, asked: Asked): Promise<Outcome> {
    const { pending } = this.#options.gate
    if (pending)
      throw new RequestError('confirm_pending', `sets/${set} is refreshed when revision ${pending.revision} is confirmed or rolled back`)
    this.#follow()
    for (let list = this.#lists.get(set); list; list = this.#lists.get(set)) {
      if (!list.running) return this.#run(list, asked)
      await list.running
    }
    throw new RequestError('not_found', `sets/${set} has no source`, { hint: 'it is filled by writing its entries' })
  }

  /** Waits for what has begun to end. */
  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#stop.abort(new Error('the daemon is stopping'))
    await Promise.all(this.#running)
  }

  /** Lists are those of the policy in force; while that waits for its confirmation nothing is fetched. */
  #follow(): void {
    const { gate } = this.#options
    const { sets = {} } = gate.document
    if (!gate.pending && sets !== this.#followed) this.#hold(sets)
    this.#next()
  }

  #hold(sets: NonNullable<PolicyDocument['sets']>): void {
    const { store, log } = this.#options
    this.#followed = sets
    for (const [set, list] of this.#lists)
      if (!Object.hasOwn(sets, set) || !sets[set]?.source || placeOf(sets[set].source) !== placeOf(list.source)) this.#lists.delete(set)
    const stored = store.listStates()
    for (const [set, { source, limits }] of Object.entries(sets)) {
      if (!source) continue
      const known = this.#lists.get(set)
      const said = JSON.stringify([source, limits])
      if (known?.said === said) continue
      // What failed may go well with other limits.
      if (known) Object.assign(known, { source, said, due: performance.now(), again: known.running !== undefined })
      else {
        const state = stateOf(stored.get(set), placeOf(source))
        const due = performance.now() + (state ? waitAfterStart(state, source, Date.now()) : 0)
        this.#lists.set(set, { set, source, said, state: state ?? newState(placeOf(source)), due })
      }
    }
    for (const set of this.#tally.keys()) if (!this.#lists.has(set)) this.#tally.delete(set)
    try {
      for (const set of stored.keys()) if (!this.#lists.has(set)) store.setListState(set, undefined)
    } catch (error) {
      log.error(error, 'lists that are gone are left in the store')
    }
  }

  #next(): void {
    clearTimeout(this.#timer)
    if (this.#stop.signal.aborted || this.#options.gate.pending) return
    const now = performance.now()
    const lists = [...this.#lists.values()]
    const waiting = lists.filter(({ running }) => running === undefined).sort((left, right) => left.due - right.due)
    const free = Math.max(0, atOnce - this.#running.size)
    const [due, later] = [waiting.filter(({ due }) => due <= now).slice(0, free), waiting.find(({ due }) => due > now)]
    for (const list of due) void this.#run(list, { actor: { who: 'lists', role: 'admin' }, cause: `refresh of sets/${list.set}` })
    if (later) this.#timer = setTimeout(() => this.#next(), Math.min(later.due - now, longestWaitMs)).unref()
  }

  #run(list: List, asked: Asked): Promise<Outcome> {
    const running = this.#attempt(list, asked).finally(() => {
      this.#running.delete(running)
      delete list.running
      if (list.again) list.due = performance.now()
      list.again = false
      this.#next()
    })
    this.#running.add(running)
    list.running = running
    return running
  }

  async #attempt(list: List, asked: Asked): Promise<Outcome> {
    const began = Date.now()
    const { before, outcome } = await this.#take(list, asked, began).then(
      ({ state, outcome }) => {
        const before = list.state
        list.state = state
        list.due = performance.now() + afterSuccess(list.source)
        return { before, outcome }
      },
      (error: unknown) => {
        const before = list.state
        const { message, hint } = error as Unavailable
        list.state = {
          ...before,
          lastAttempt: began,
          failures: before.failures + 1,
          error: { detail: message, ...(hint === undefined ? {} : { hint }) },
        }
        list.due = performance.now() + afterFailure(list.source, list.state.failures)
        return { before, outcome: 'kept' as const }
      },
    )
    // Another list may have taken its place meanwhile, or none.
    if (this.#lists.get(list.set) !== list || this.#stop.signal.aborted) return outcome
    const tally = this.#tally.get(list.set) ?? { changed: 0, unchanged: 0, kept: 0 }
    tally[outcome]++
    this.#tally.set(list.set, tally)
    this.#remember(list, before, asked)
    return outcome
  }

  /** Kept and told; what goes wrong again and again is told once. */
  #remember({ set, state }: List, before: ListState, { actor, cause }: Asked): void {
    const { store, log, tell } = this.#options
    try {
      store.setListState(set, JSON.stringify(state))
      if (state.error?.detail === before.error?.detail) return
      if (state.error) {
        log.warn({ set, error: state.error.detail }, 'a list was not taken; its set keeps what it has')
        store.audit({ who: actor.who, action: cause, refused: codeOfFailure, detail: state.error.detail.slice(0, 500) })
      }
      const data = state.error ? { set, list: 'kept', error: state.error.detail } : { set, list: 'taken' }
      tell?.({ type: 'policy', time: Date.now(), data: () => data })
    } catch (error) {
      log.error(error, `how the list of sets/${set} stands is not in the store`)
    }
  }

  /** @throws Unavailable, with nothing changed. */
  async #take({ set, source, state }: List, asked: Asked, began: number): Promise<{ state: ListState; outcome: Outcome }> {
    const { gate } = this.#options
    const place = placeOf(source)
    const good = { source: place, lastAttempt: began, lastSuccess: began, failures: 0 }
    // Only what fills the set now makes "not modified" an answer.
    const isOurs = state.entriesAt !== undefined && state.entriesAt === gate.registry.etagOf('entries', set) && !asked.force
    const found = await this.#read(source, isOurs ? state : undefined)
    if (!found) {
      const { error: _over, ...kept } = state
      return { state: { ...kept, ...good }, outcome: 'unchanged' }
    }
    const { list, about } = found
    const listed = draftCount(list.draft)
    if (!asked.force) refuseOdd(source, state.listed, listed)
    const written = await gate
      .changeEntries(
        set,
        { replace: true, add: list.draft, path: ['sets', set, 'entries'] },
        { actor: { ...asked.actor, kind: 'list' }, cause: asked.cause, target: ['entries', set], list: place },
      )
      .catch((error: unknown) => {
        throw error instanceof RequestError ? unavailable(error, list.isJson) : error
      })
    const isSame = 'baseRevision' in written || written.revision === written.previousRevision
    const entryCount = 'counts' in written ? written.counts?.entryCount : undefined
    const entriesAt = 'etag' in written ? written.etag : undefined
    const now: ListState = {
      ...good,
      ...about,
      listed,
      ...(entryCount === undefined ? {} : { entryCount }),
      ...(entriesAt === undefined ? {} : { entriesAt }),
      ...(isSame && state.lastChange !== undefined ? { lastChange: state.lastChange } : isSame ? {} : { lastChange: began }),
    }
    return { state: now, outcome: isSame ? 'unchanged' : 'changed' }
  }

  /** Undefined: it is what it was. */
  async #read(
    { url, file }: SourceValue,
    known: ListState | undefined,
  ): Promise<{ list: ReadList; about: Partial<ListState> } | undefined> {
    const { gate, directory, ca } = this.#options
    const { maxBytes, silenceMs, totalMs } = this.#limits
    const maxEntries = 2 * (gate.capacity.prefixesIpv4 + gate.capacity.prefixesIpv6)
    if (url === undefined) {
      const found = await openList(file ?? '', { directory, known: known?.etag, maxBytes })
      if (found.isSame) return undefined
      return { list: await readList(found.body, { isJson: found.isJson, maxEntries, maxBytes }), about: { etag: found.etag } }
    }
    const late = AbortSignal.timeout(totalMs)
    const signal = AbortSignal.any([this.#stop.signal, late])
    try {
      const { origin, etag, lastModified } = known ?? {}
      const validators =
        origin === undefined ? {} : { known: { origin, ...(etag ? { etag } : {}), ...(lastModified ? { lastModified } : {}) } }
      const found = await fetchList(url, { signal, silenceMs, maxBytes, ...validators, ...(ca ? { ca } : {}) })
      if (found.isSame) return undefined
      return { list: await readList(found.body, { isJson: found.isJson, maxEntries, maxBytes }), about: found.validators }
    } catch (error) {
      if (late.aborted) throw new Unavailable(`the list was not there within ${totalMs / 1000} s`)
      throw error
    }
  }
}

/** The set is not what the list would make of it, and the list is not what it should be. */
const codeOfFailure: ErrorCode = 'unavailable'
