/** What the routes stand on, and the types that they share. */

import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify'
import type { Dataplane } from '../dataplane/dataplane.ts'
import type { Actor, Gate, Role } from '../gate/gate.ts'
import type { ModeBook } from '../gate/mode.ts'
import type { NetworkWatch } from '../native/netlink.ts'
import type { Store } from '../store/store.ts'
import type { Journal } from '../visibility/journal.ts'
import type { Access } from './access.ts'

export interface Context {
  readonly gate: Gate
  readonly store: Store
  readonly dataplane: Dataplane
  readonly network: NetworkWatch
  readonly journal: Journal
  readonly access: Access
  readonly modes: ModeBook
}

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by access.ts before anything else sees the request. */
    actor: Actor | null
    /** For the audit: the code of the refusal, and whether all was as wanted already. */
    refusedWith: string | null
    changedNothing: boolean
  }
  interface FastifyContextConfig {
    /** Who may call the route: the least role, or everybody. Absent: viewer for GET, operator for the rest. */
    access?: Role | 'everybody' | 'set writer'
    /** A question that is not a GET: no matter of the audit. */
    changesNothing?: boolean
    /** Types of body that the route takes; absent: JSON. */
    bodyTypes?: readonly string[]
  }
}
