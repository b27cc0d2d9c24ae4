/** Who asks for a write, what they say with it, and what they get. */
import { RequestError } from '../errors.ts'
import type { PolicyDocument } from '../policy/document.ts'
import type { EntryCounts } from '../policy/entry-edit.ts'
import type { Warning } from '../policy/problem.ts'
import type { ResourceKind } from '../store/store.ts'
import type { Asked } from './plan.ts'
import type { Author, Registry } from './registry.ts'
import type { Resource } from './resources.ts'

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
  /** The entries are those of the list that is there; the source of the set must still name it. */
  readonly list?: string
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

/** Whether the target will be a new one. */
export function checkPreconditions(registry: Registry, { target: [kind, name], ifMatch, createOnly }: WriteOptions): boolean {
  const etag = registry.etagOf(kind, name)
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

export function authorOf({ who, origin }: Actor): Pick<Author, 'who' | 'origin'> {
  return origin === undefined ? { who } : { who, origin }
}

function label(kind: ResourceKind, name: string): string {
  return kind === 'policy' ? 'the policy' : `${kind}/${name}`
}
