/** Steps of a write: the kernel's other side is filled, the store takes it, a number names it. */
import { type Dataplane, NativeError } from '../dataplane/dataplane.ts'
import { RequestError, refuse } from '../errors.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { pointer } from '../policy/problem.ts'
import type { Tables } from '../policy/tables.ts'
import { type Store, StoreError } from '../store/store.ts'
import type { Attachments, Log } from './attachments.ts'
import type { Pending } from './confirm.ts'
import { inPieces } from './pieces.ts'
import { type Plan, relocate } from './plan.ts'
import type { Aside, Author, Registry } from './registry.ts'
import type { Resource } from './resources.ts'

interface Places {
  readonly dataplane: Dataplane
  readonly store: Store
  readonly log: Log
}

export interface Step {
  readonly plan: Plan
  readonly revision: number
  readonly author: Author
  /** What the tables depend on beside the document. */
  readonly around: Parameters<Registry['commit']>[3]
  /** What waits for its confirmation once this is done. */
  readonly pending: Pending | undefined
}

export async function stage({ dataplane, log }: Places, tables: Tables): Promise<void> {
  try {
    await dataplane.stage(tables)
  } catch (error) {
    if (error instanceof NativeError && error.code === 'capacity') throw new RequestError('capacity_exceeded', error.message)
    log.error(error, 'the kernel did not take the tables')
    throw new RequestError('unavailable', `the kernel did not take the tables: ${(error as Error).message}`)
  }
}

/** In the store, or nowhere. */
export async function keep(registry: Registry, log: Log, { plan, revision, author, around, pending }: Step): Promise<void> {
  const aside: Aside | null = pending ? { record: pending.record, entries: pending.fallback.declared.entries } : null
  try {
    await inPieces(registry.stage(plan, aside))
    registry.commit(plan, revision, author, around, aside)
  } catch (error) {
    registry.discard(plan)
    if (!(error instanceof StoreError)) throw error
    log.error(error, 'the store did not take the change')
    throw new RequestError(error.full ? 'store_full' : 'unavailable', error.message)
  }
}

/** Numbers are left out where the store and the kernel have gone apart. */
export function nextRevision({ dataplane, store }: Places): number {
  const next = Math.max(store.revision, dataplane.revision) + 1
  return fits(next, dataplane.revision) ? next : next + 1
}

/** Fresh maps take any; else the lowest bit must name the side that is not in force. */
export function fits(revision: number, inForce: number): boolean {
  return inForce === 0 || (revision - inForce) % 2 === 1
}

/** @throws RequestError for devices that were asked to run XDP in their driver, which cannot. */
export async function refuseNative(
  attachments: Attachments,
  before: PolicyDocument['interfaces'],
  { document }: Plan,
  target: Resource,
): Promise<void> {
  const refused = await attachments.tryNative(before, document.interfaces)
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
