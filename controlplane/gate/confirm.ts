/** A revision that waits for its confirmation: until when, and what comes back if none arrives. */
import { readFileSync } from 'node:fs'
import { RequestError } from '../errors.ts'
import { bootOffsetMs, bootTimeMs } from '../native/clock.ts'
import type { Compiled } from '../policy/compile.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { type EntrySet, sweep } from '../policy/entry-set.ts'
import { idBookToJson } from '../policy/ids.ts'
import { type Memory, newMemory } from '../policy/memory.ts'
import type { PendingRecord } from '../store/store.ts'
import type { EntryRequest } from './entries.ts'
import { type Declared, mattersOf, type Plan, planDraft, type Surroundings } from './plan.ts'
import type { Author } from './registry.ts'
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

export function newPending(
  revision: number,
  { who, cause }: Author,
  seconds: number,
  base: { readonly revision: number; readonly fallback: Fallback },
): Pending {
  const sinceMs = bootTimeMs()
  const { fallback } = base
  const ids = idBookToJson(fallback.declared.ids)
  return {
    record: { revision, base: base.revision, deadlineMs: sinceMs + seconds * 1000, bootId: bootId(), who, cause, sinceMs, ids },
    fallback,
  }
}

export function shownPending({ record: { revision, base, who, cause, deadlineMs } }: Pending): PendingConfirm {
  return { revision, base, who, cause, deadline: Math.round(deadlineMs + bootOffsetMs()) }
}

/** A write of the policy has to wait. */
export function stillPending(pending: Pending): RequestError {
  const { revision, deadline } = shownPending(pending)
  return new RequestError('confirm_pending', `revision ${revision} waits for its confirmation until ${new Date(deadline).toISOString()}`)
}

/** @throws RequestError where nothing waits, or another revision than this one. */
export function whatWaits(pending: Pending | undefined, revision = pending?.record.revision): Pending {
  if (pending && pending.record.revision === revision) return pending
  const what = pending ? `revision ${pending.record.revision} waits for its confirmation` : 'no revision waits for its confirmation'
  throw new RequestError('confirm_mismatch', revision === undefined ? what : `${what}, not ${revision}`)
}

/** Over TCP: @throws RequestError for a connection that was there before. */
export function refuseOlder({ sinceMs, revision }: Pending['record'], { connectedMs }: { readonly connectedMs?: number }): void {
  if (connectedMs === undefined || connectedMs >= sinceMs) return
  throw new RequestError(
    'confirm_mismatch',
    `this connection is older than revision ${revision}: it does not show that new ones get through`,
    {
      hint: 'confirm on a new connection',
    },
  )
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

/** Entries that were the same on both sides, and are still, stay one object: it is stored once. */
export function sharing(
  fallback: Fallback,
  before: Fallback,
  now: ReadonlyMap<string, EntrySet>,
  wanted: ReadonlyMap<string, EntrySet>,
): Fallback {
  const entries = new Map(fallback.declared.entries)
  for (const name of entries.keys()) {
    const after = wanted.get(name)
    if (after && before.declared.entries.get(name) === now.get(name)) entries.set(name, after)
  }
  return { ...fallback, declared: { ...fallback.declared, entries } }
}
