/** A revision that waits for its confirmation: until when, and what comes back if none arrives. */
import { readFileSync } from 'node:fs'
import type { Compiled } from '../policy/compile.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { type EntrySet, sweep } from '../policy/entry-set.ts'
import { type Memory, newMemory } from '../policy/memory.ts'
import type { PendingRecord } from '../store/store.ts'
import type { EntryRequest } from './entries.ts'
import { type Declared, mattersOf, type Plan, planDraft, type Surroundings } from './plan.ts'
import { touchedResources } from './resources.ts'

/** What people see of it. */
export interface PendingConfirm {
  readonly revision: number
  /** Whose policy comes back. */
  readonly base: number
  /** Milliseconds since 1970, as the wall clock stands now. */
  readonly deadline: number
  readonly who: string
  readonly cause: string
}

/** What comes back. Its entries follow what is written meanwhile. */
export interface Fallback {
  readonly declared: Declared & { readonly document: PolicyDocument }
  /** What the other side holds; undefined after a restart. */
  readonly compiled: Compiled<EntrySet> | undefined
  /** Of its own, since two policies are compiled in turn. */
  readonly memory: Memory
}

export interface Pending {
  readonly record: Omit<PendingRecord, 'emptied'>
  readonly fallback: Fallback
}

let boot: string | undefined

/** Another one after each boot: CLOCK_BOOTTIME has begun anew. */
export function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return boot
}

export function fallbackOf(declared: Fallback['declared'], compiled?: Compiled<EntrySet>): Fallback {
  return { declared, compiled, memory: newMemory() }
}

/** What comes back once the same entries are written there, too. In pieces. @throws RequestError where it does not fit. */
export function* planBeside(
  { declared, compiled, memory }: Fallback,
  requests: ReadonlyMap<string, EntryRequest>,
  around: Surroundings,
): Generator<void, Fallback> {
  const now = { ...declared, entries: swept(declared.entries) }
  const { document } = declared
  const entries = new Map([...requests].filter(([set]) => Object.hasOwn(document.sets ?? {}, set)))
  const plan = yield* planDraft(now, { document, entries }, { ...around, compiled, memory }, { target: ['policy', ''], devices: [] })
  return { declared: { ...now, entries: plan.wanted }, compiled: plan.compiled, memory }
}

/** The way back from what is declared now. */
export function planBack(now: Declared, { declared }: Fallback, compiled: Compiled<EntrySet>, around: Surroundings): Plan {
  const { document, ids, expiresIn } = declared
  const wanted = swept(declared.entries)
  const touched = touchedResources(now.document, document)
  for (const name of Object.keys(document.sets ?? {}))
    if (now.entries.get(name) !== wanted.get(name) && !touched.changed.some(([kind, it]) => kind === 'entries' && it === name))
      touched.changed.push(['entries', name])
  return {
    document,
    touched,
    wanted,
    expiresIn,
    compiled,
    entries: new Map(),
    ids: { book: ids, taken: { rules: [], services: [], backends: [] } },
    matters: mattersOf(document, around),
    warnings: [],
  }
}

function swept(entries: ReadonlyMap<string, EntrySet>): ReadonlyMap<string, EntrySet> {
  const now = Date.now()
  const kept = [...entries].map(([name, set]): [string, EntrySet] => [name, sweep(set, now)])
  return new Map(kept.filter(([, { ipv4, ipv6 }]) => ipv4.count + ipv6.count > 0))
}
