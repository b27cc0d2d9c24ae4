/** What is declared and in force, at hand: the store's newest revision in memory. Changed by the gate alone. */

import type { PolicyDocument } from '../policy/document.ts'
import type { IdBook } from '../policy/ids.ts'
import type { PrefixKey } from '../policy/tables.ts'
import type { CounterKind, ResourceKind, Store } from '../store/store.ts'
import { applyEntries } from './entries.ts'
import type { Declared, Plan } from './plan.ts'

/** What an empty store stands for. */
export const emptyPolicy: PolicyDocument = { defaults: { ingress: 'allow', egress: 'allow' }, interfaces: {} }

export class Registry {
  #document: PolicyDocument
  #revision: number
  #ids: IdBook
  readonly #store: Store
  /** Resource -> the revision at which its declared value last changed. */
  readonly #resources: Map<ResourceKind, Map<string, number>>
  readonly #entries: Map<string, Set<PrefixKey>>
  readonly #countedSince: Record<CounterKind, Map<number, number>>

  constructor(store: Store) {
    this.#store = store
    this.#document = store.document() ?? emptyPolicy
    this.#revision = store.revision
    this.#ids = store.ids()
    this.#resources = store.resources()
    this.#entries = store.prefixes()
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

  entriesOf(set: string): ReadonlySet<PrefixKey> {
    return this.#entries.get(set) ?? new Set()
  }

  /** Milliseconds since 1970. */
  countedSince(kind: CounterKind, id: number): number | undefined {
    return this.#countedSince[kind].get(id)
  }

  /** What a plan begins with. */
  declared(): Declared {
    const declared = { entries: this.#entries, commentsOf: (set: string) => this.#store.comments(set), ids: this.#ids }
    return this.#revision === 0 ? declared : { ...declared, document: this.#document }
  }

  /** A fresh kernel counts from zero, whatever the ids. */
  countersBeginAnew(now: number): void {
    this.#store.countersBeginAnew(now)
    for (const since of Object.values(this.#countedSince)) for (const id of since.keys()) since.set(id, now)
  }

  /** Writes the plan down as a revision, and knows it once it is durable. @throws StoreError with nothing changed. */
  commit(plan: Plan, revision: number, who: string, cause: string): void {
    const { changed, gone } = plan.touched
    const entries = new Map([...plan.entries].map(([set, { change }]) => [set, change]))
    const document = changed.some(([kind]) => kind === 'policy') ? { document: plan.document } : {}
    this.#store.commit({ revision, who, cause, changed, gone, entries, ...document, ids: plan.ids.book, counted: plan.ids.taken })
    this.#remember(plan, revision)
  }

  #remember(plan: Plan, revision: number): void {
    const now = Date.now()
    this.#revision = revision
    this.#document = plan.document
    this.#ids = plan.ids.book
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
    for (const kind of ['rules', 'services', 'backends'] as const)
      for (const id of plan.ids.taken[kind]) this.#countedSince[kind].set(id, now)
  }
}
