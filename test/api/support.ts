/** A gate with its API for one test: its own store, its own dataplane, no device attached, and requests by inject(). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 as Ajv } from 'ajv/dist/2020.js'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import type { Test } from 'tap'
import { TokenBook } from '../../controlplane/api/token-book.ts'
import { type AppOptions, buildApp } from '../../controlplane/app.ts'
import { Dataplane } from '../../controlplane/dataplane/dataplane.ts'
import { problemBody, RequestError } from '../../controlplane/errors.ts'
import { Gate, type GateOptions, type Role } from '../../controlplane/gate/gate.ts'
import { ModeBook } from '../../controlplane/gate/mode.ts'
import { HealthChecks } from '../../controlplane/health/health.ts'
import { NetworkWatch } from '../../controlplane/native/netlink.ts'
import type { Capacity } from '../../controlplane/policy/tables.ts'
import { Store, type StoreOptions } from '../../controlplane/store/store.ts'
import { Journal } from '../../controlplane/visibility/journal.ts'
import { draftOf } from '../policy/drafts.ts'

const problemHeaders = { 'content-type': 'application/problem+json; charset=utf-8' }

/** Small, so that a test loads in a moment. */
export const capacity: Partial<Capacity> = {
  prefixesIpv4: 20_000,
  prefixesIpv6: 20_000,
  memberships: 4096,
  vectors: 256,
  serviceRows: 1024,
  ringLines: 1024,
  ruleIds: 256,
  serviceIds: 64,
  backendIds: 256,
  connections: 1024,
}

export interface Options {
  readonly store?: StoreOptions
  readonly gate?: Partial<GateOptions>
  readonly app?: Partial<AppOptions>
  /** Of an earlier box, to start again on what it left. */
  readonly directory?: string
  readonly capacity?: Partial<Capacity>
}

interface TestContext {
  teardown(work: () => unknown): void
}

export async function box(t: TestContext, options: Options = {}) {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'drawgate-api-'))
  const store = Store.open(join(directory, 'drawgate.db'), options.store)

  const dataplane = await Dataplane.open({ capacity: { ...capacity, ...options.capacity } })
  const network = NetworkWatch.open()
  const log = pino({ level: process.env.LOG ?? 'silent' })
  const free = () => {
    network.close()
    dataplane.close()
    store.close()
  }
  const journal = new Journal()
  let health: HealthChecks | undefined
  const tell: GateOptions['tell'] = happening => {
    journal.tell(happening)
    if (happening.type === 'policy') health?.policyChanged()
  }
  const gate = await Gate.open({ store, dataplane, network, log, tell, ...options.gate }).catch((error: unknown) => {
    free()
    rmSync(directory, { recursive: true, force: true })
    throw error
  })
  health = new HealthChecks({ gate, dataplane, journal })
  const secrets = { viewer: '', operator: '', admin: '' }
  const book = new TokenBook(store)
  for (const role of ['viewer', 'operator', 'admin'] as const) {
    if (book.list().some(token => token.name === role)) book.remove(role, 'test')
    secrets[role] = book.create({ name: role, role }, 'test').secret
  }
  const { app, access } = await buildApp({
    modes: new ModeBook(dataplane.mode, store, dataplane.resumed),
    store,
    dataplane,
    gate,
    network,
    journal,
    health,
    log,
    rateLimit: { requests: 100_000, seconds: 60 },
    ...options.app,
  })
  let open = true
  const close = async () => {
    if (!open) return
    open = false
    health?.close()
    await app.close()
    await gate.close()
    free()
  }
  t.teardown(async () => {
    await close()
    rmSync(directory, { recursive: true, force: true })
  })

  const check = contract(app.swagger())
  /** As an admin, unless told otherwise; an object goes as JSON. Every answer is held against the OpenAPI document. */
  const send = async (
    method: string,
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
    role: Role = 'admin',
  ): Promise<LightMyRequestResponse> => {
    const type = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? {} : { 'content-type': 'application/json' }
    const payload = body === undefined ? {} : { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }
    const response = await app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${secrets[role]}`, ...type, ...headers },
      ...payload,
    } as InjectOptions)
    check(method, url, response)
    return response
  }
  /** As a detector would write. */
  const asDetector = async (set: string, prefixes: string[]) => {
    const refused = await gate
      .changeEntries(
        set,
        { add: draftOf(prefixes), path: ['sets', set, 'entries'] },
        {
          actor: { who: 'detector scans', role: 'operator', kind: 'detector' },
          cause: 'scans',
          target: ['entries', set],
        },
      )
      .catch((error: unknown) => error)
    if (refused instanceof RequestError) return { statusCode: refused.status, headers: problemHeaders, json: () => problemBody(refused) }
    return { statusCode: 200, headers: {}, json: () => refused as never }
  }
  return {
    asDetector,
    app,
    gate,
    store,
    dataplane,
    network,
    journal,
    access,
    directory,
    secrets,
    close,
    send,
    get: (url: string, headers?: Record<string, string>) => send('GET', url, undefined, headers),
    put: (url: string, body: unknown, headers?: Record<string, string>) => send('PUT', url, body, headers),
    patch: (url: string, body: unknown, headers?: Record<string, string>) => send('PATCH', url, body, headers),
    post: (url: string, body: unknown, headers?: Record<string, string>) => send('POST', url, body, headers),
    delete: (url: string, headers?: Record<string, string>) => send('DELETE', url, undefined, headers),
  }
}

export type Box = Awaited<ReturnType<typeof box>>

/** The policy of api.md, as small as it can be with one of each. */
export const samplePolicy = {
  defaults: {
    ingress: 'allow',
    egress: 'allow',
    essentials: true,
    management: [{ port: 22, protocol: 'tcp', sources: ['0.0.0.0/0', '::/0'] }],
  },
  interfaces: {},
  sets: { blocklist: { description: 'by hand' } },
  rules: { 'block-bad': { priority: 10, direction: 'ingress', action: 'deny', match: { source: ['@blocklist'], protocol: 'udp' } } },
  services: {
    web: {
      address: '198.51.100.10',
      ports: ['80'],
      protocol: 'tcp',
      forwarding: 'nat',
      backends: { b1: { address: '10.0.0.11', port: 8080, weight: 100 } },
    },
  },
}

/** Says when an answer is not what the OpenAPI document promises. */
function contract(document: object): (method: string, url: string, response: LightMyRequestResponse) => void {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema({ ...document, $id: 'openapi' })
  const paths = Object.entries(
    (document as { paths: Record<string, Record<string, { responses: Record<string, { content?: object }> }>> }).paths,
  )
  return (method, url, response) => {
    const [path = ''] = url.split('?')
    const [template, operations] = paths.find(([template]) => new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path)) ?? []
    const responses = operations?.[method.toLowerCase()]?.responses
    if (template === undefined || responses === undefined || response.statusCode === 304) return
    const status = [String(response.statusCode), `${Math.floor(response.statusCode / 100)}XX`].find(status => status in responses)
    if (status === undefined) throw new Error(`${method} ${template} answers ${response.statusCode}, which openapi.json does not know`)
    const type = String(response.headers['content-type'] ?? '').split(';')[0] as string
    if (response.body === '' || !type.includes('json')) return
    const place = ['paths', template, method.toLowerCase(), 'responses', status, 'content', type, 'schema']
    const validate = ajv.compile({
      $ref: `openapi#${place.map(key => `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`,
    })
    if (!validate(response.json()))
      throw new Error(
        `${method} ${template} ${status} is not as in openapi.json: ${ajv.errorsText(validate.errors)}\n${response.body.slice(0, 2000)}`,
      )
  }
}

/** Does `work`, and says whether the policy, its ETag and its revision are what they were. */
export async function unchanged(t: Test, { get, gate }: Box, work: () => Promise<unknown>): Promise<void> {
  const state = async () => {
    const policy = await get('/v1/policy')
    return { body: policy.body, etag: policy.headers.etag, revision: gate.revision }
  }
  const before = await state()
  await work()
  t.same(await state(), before, 'nothing has changed')
}
