/** What is declared and in force, at hand: the store's newest revision in memory. Changed by the gate alone. */

import type { PolicyDocument } from '../policy/document.ts'
import { chunksOf, type EntrySet, emptySet, entryCount, soonestEnd, sweep } from '../policy/entry-set.ts'
import { type IdBook, idBookFromJson } from '../policy/ids.ts'
import type { AuditRecord, CounterKind, PendingRecord, ResourceKind, Store, StoredSurroundings } from '../store/store.ts'
import type { Declared, Plan } from './plan.ts'

/** Names of sets that are kept for what may come back begin with it, and no other does. */
const asideMark = '~'

/** Of a revision that waits for its confirmation: what is written down of it, and the entries that come back if none arrives. */
export interface Aside {
  readonly record: Omit<PendingRecord, 'emptied'>
  readonly entries: ReadonlyMap<string, EntrySet>
}

export interface Author {
  readonly who: string
  readonly origin?: string
  readonly cause: string
}

/** What an empty store stands for. */
export const emptyPolicy: PolicyDocument = { defaults: { ingress: 'allow', egress: 'allow' }, interfaces: {} }

export class Registry {
  #document: PolicyDocument
  #revision: number
  #ids: IdBook
  readonly #store: Store
  /** Resource -> the revision at which its declared value last changed. */
  readonly #resources: Map<ResourceKind, Map<string, number>>
  /** Of sets that have any. */
  #entries: Map<string, EntrySet>
  /** As the store has them: those whose time is over are still there. */
  #stored: ReadonlyMap<string, EntrySet>
  /** Sets whose entries may come back as they are here, by their marked names. */
  #aside: ReadonlyMap<string, EntrySet>
  #expiresIn: ReadonlyMap<string, string>
  readonly #countedSince: Record<CounterKind, Map<number, number>>

  constructor(store: Store) {
    this.#store = store
    this.#document = store.document() ?? emptyPolicy
    this.#revision = store.revision
    this.#ids = store.ids()
    this.#resources = store.resources()
    const all = [...store.entries()]
    this.#entries = new Map(all.filter(([name]) => !name.startsWith(asideMark)))
    this.#aside = new Map(all.filter(([name]) => name.startsWith(asideMark)))
    this.#stored = new Map(this.#entries)
    this.#expiresIn = store.expiresIn()
    this.#countedSince = store.countedSince()
  }

  get document(): PolicyDocument {
    return this.#document
  }
  /** 0: nothing was ever declared. */
  get revision(): number {
    return this.#revision
  }
  get ids(): IdBook {
    return this.#ids
  }

  etagOf(kind: ResourceKind, name: string): number | undefined {
    return this.#resources.get(kind)?.get(name)
  }

  /** Without those whose time is over. */
  entriesOf(set: string): EntrySet {
    this.#sweep()
    return this.#entries.get(set) ?? emptySet
  }

  /** When the first entry ends, in seconds since 1970; undefined: none does. */
  soonestEnd(): number | undefined {
    const ends = [...this.#entries.values()].flatMap(set => soonestEnd(set) ?? [])
    return ends.length === 0 ? undefined : Math.min(...ends)
  }

  /** Takes entries whose time is over out of the store too. Answers how many went from each set. */
  purge(): ReadonlyMap<string, number> {
    this.#sweep()
    const over = new Map<string, EntrySet>()
    for (const [name, stored] of this.#stored) {
      const now = this.#entries.get(name) ?? emptySet
      if (now !== stored) over.set(name, now)
    }
    const gone = new Map([...over].map(([name, now]) => [name, entryCount(this.#stored.get(name) ?? emptySet) - entryCount(now)]))
    if (over.size > 0) this.#store.purge(over)
    this.#stored = new Map(this.#entries)
    return gone
  }

  #sweep(): void {
    const now = Date.now()
    for (const [name, set] of this.#entries) {
      const swept = sweep(set, now)
      if (swept === set) continue
      if (entryCount(swept) > 0) this.#entries.set(name, swept)
      else this.#entries.delete(name)
    }
  }

  /** Milliseconds since 1970. */
  countedSince(kind: CounterKind, id: number): number | undefined {
    return this.#countedSince[kind].get(id)
  }

  /** What a plan begins with. */
  declared(): Declared {
    this.#sweep()
    const declared = { entries: new Map(this.#entries), expiresIn: this.#expiresIn, ids: this.#ids }
    return this.#revision === 0 ? declared : { ...declared, document: this.#document }
  }

  /** What a revision that waits for its confirmation would go back to, as the store has it. */
  fallback({ base, ids, emptied }: PendingRecord): Declared & { readonly document: PolicyDocument } {
    const document = this.#store.documentAt(base)
    if (document === undefined) throw new Error(`the store has lost revision ${base}, which revision ${this.#revision} may go back to`)
    const entries = new Map(this.#entries)
    for (const name of emptied) entries.delete(name)
    for (const [name, set] of this.#aside) entries.set(name.slice(asideMark.length), set)
    for (const name of [...entries.keys()]) if (!Object.hasOwn(document.sets ?? {}, name)) entries.delete(name)
    return { document, entries, expiresIn: this.#store.expiresIn(base), ids: idBookFromJson(ids) }
  }

  /** A fresh kernel counts from zero, whatever the ids. */
  countersBeginAnew(now: number): void {
    this.#store.countersBeginAnew(now)
    for (const since of Object.values(this.#countedSince)) for (const id of since.keys()) since.set(id, now)
  }

  /** Writes down what is long, so that `commit` is short. In pieces; `commit` or `discard` follows. @throws StoreError with nothing changed. */
  *stage(plan: Plan, aside: Aside | null): Generator<void, void> {
    const kept = aside ? [...asideOf(aside, plan.wanted).values()] : []
    yield* this.#store.stageEntries([...[...plan.entries.values()].map(({ after }) => after), ...kept])
  }

  /** Rows that nobody needs any more go. In pieces. */
  sweepStore(): Generator<void, void> {
    return this.#store.sweep()
  }

  discard(plan: Plan): void {
    this.#store.discard([...plan.entries.values()].flatMap(({ after }) => chunksOf(after)))
  }

  /** Writes the plan down as a revision, and knows it once it is durable. @throws StoreError with nothing changed. */
  commit(plan: Plan, revision: number, author: Author, around: Omit<StoredSurroundings, 'revision'>, aside: Aside | null): void {
    const { changed, gone } = plan.touched
    const entries = new Map<string, EntrySet | undefined>()
    for (const name of new Set([...this.#stored.keys(), ...plan.wanted.keys()]))
      if (this.#stored.get(name) !== plan.wanted.get(name)) entries.set(name, plan.wanted.get(name))
    const kept = asideOf(aside, plan.wanted)
    for (const name of new Set([...this.#aside.keys(), ...kept.keys()]))
      if (this.#aside.get(name) !== kept.get(name)) entries.set(name, kept.get(name))
    const emptied = aside ? [...plan.wanted.keys()].filter(name => !aside.entries.has(name)) : []
    this.#store.commit({
      revision,
      ...author,
      pending: aside && { ...aside.record, emptied },
      changed,
      gone,
      entries,
      document: plan.document,
      expiresIn: plan.expiresIn,
      surroundings: { revision, ...around },
      ...(plan.ids.book === this.#ids && this.#revision > 0 ? {} : { ids: plan.ids.book }),
      counted: plan.ids.taken,
    })
    this.#aside = kept
    this.#remember(plan, revision)
  }

  /** What waited stays. */
  confirm(record: AuditRecord): void {
    this.#store.confirm(new Map([...this.#aside.keys()].map(name => [name, undefined])), record)
    this.#aside = new Map()
  }

  #remember(plan: Plan, revision: number): void {
    const now = Date.now()
    this.#revision = revision
    this.#document = plan.document
    this.#ids = plan.ids.book
    this.#expiresIn = plan.expiresIn
    for (const [kind, name] of plan.touched.gone) this.#resources.get(kind)?.delete(name)
    for (const [kind, name] of plan.touched.changed) {
      const names = this.#resources.get(kind) ?? new Map<string, number>()
      this.#resources.set(kind, names.set(name, revision))
    }
    this.#entries = new Map(plan.wanted)
    this.#stored = plan.wanted
    for (const kind of ['rules', 'services', 'backends'] as const)
      for (const id of plan.ids.taken[kind]) this.#countedSince[kind].set(id, now)
  }
}

/** Of entries that may come back, those that are others now. */
function asideOf(aside: Aside | null, wanted: ReadonlyMap<string, EntrySet>): Map<string, EntrySet> {
  if (aside === null) return new Map()
  return new Map([...aside.entries].filter(([name, set]) => wanted.get(name) !== set).map(([name, set]) => [asideMark + name, set]))
}
