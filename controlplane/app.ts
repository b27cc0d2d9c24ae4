/** The HTTP side: what every request passes, in order, and then the routes. */
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { Access, type AccessOptions } from './api/access.ts'
import { audit } from './api/audit.ts'
import { bodyLimit, readBodies } from './api/bodies.ts'
import { confirm } from './api/confirm.ts'
import type { App, Context } from './api/context.ts'
import { describe, documents } from './api/documents.ts'
import { entries } from './api/entries.ts'
import { events } from './api/events.ts'
import { sendFailure, tellFailures } from './api/failures.ts'
import { devices, interfaces } from './api/interfaces.ts'
import { metrics } from './api/metrics.ts'
import { mode } from './api/mode.ts'
import { policy } from './api/policy.ts'
import { revisions } from './api/revisions.ts'
import { rules } from './api/rules.ts'
import { backends, services } from './api/services.ts'
import { sets } from './api/sets.ts'
import { status } from './api/status.ts'
import { TokenBook } from './api/token-book.ts'
import { tokens } from './api/tokens.ts'
import { trace } from './api/trace.ts'
import { schemaError, validatorCompiler } from './api/validation.ts'

export interface AppOptions extends Omit<Context, 'access'>, Omit<AccessOptions, 'tokens'> {
  readonly log?: FastifyBaseLogger
}

/** Ready for `inject` and for `app.routing` behind any listener. `access.admit` is for connections that need no token. */
export async function buildApp(options: AppOptions): Promise<{ app: App; access: Access }> {
  const { log, gate, store, dataplane, network, journal, modes } = options
  const access = new Access({ ...options, tokens: new TokenBook(store) })
  const context: Context = { gate, store, dataplane, network, journal, access, modes }
  const app = Fastify({
    ...(log === undefined ? {} : { loggerInstance: log }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    requestTimeout: 300_000,
    routerOptions: { maxParamLength: 256 },
    schemaErrorFormatter: schemaError,
    frameworkErrors: (error, request, reply) => sendFailure(error, request, reply),
  }) as unknown as App
  app.setValidatorCompiler(validatorCompiler)
  // Answers are described by schemas, not made by them: what a schema forgets is still sent.
  app.setSerializerCompiler(() => value => JSON.stringify(value))

  await describe(app)
  await access.install(app)
  tellFailures(app)
  readBodies(app)
  for (const routes of [
    audit,
    policy,
    revisions,
    confirm,
    interfaces,
    sets,
    entries,
    rules,
    services,
    backends,
    devices,
    trace,
    events,
    status,
    mode,
    metrics,
    tokens,
  ])
    routes(app, context)
  await documents(app)
  await app.ready()
  return { app, access }
}
