/** /v1/services, and the backends of each. */
import { type Static, Type } from 'typebox'
import { RequestError } from '../errors.ts'
import { isObject } from '../format/json.ts'
import { type BackendValue, backendSchema, type PolicyDocument, type ServiceValue } from '../policy/document.ts'
import { ringSlots } from '../policy/maglev.ts'
import { names, object } from '../policy/schema.ts'
import { defaultWeight } from '../policy/service.ts'
import { answers, noContent, ok } from './answers.ts'
import { json, mergePatchJson } from './bodies.ts'
import { collection, notAnObject, patchContent, patched } from './collection.ts'
import { sendTagged } from './conditions.ts'
import type { App, Context } from './context.ts'
import { counted } from './counted.ts'
import { reference } from './schemas.ts'
import { pendingSchema, policyWriteQuery, sendDeleted, sendWritten, writeOptions, writtenSchema } from './writes.ts'

export function services(app: App, context: Context): void {
  collection(app, context, {
    kind: 'services',
    component: 'Service',
    statusComponent: 'ServiceStatus',
    namePattern: names.object,
    status: (name, service) => statusOf(context, name, service),
  })
}

function statusOf(context: Context, name: string, service: ServiceValue) {
  const backends = Object.entries(service.backends ?? {})
  const sum = backends.reduce((total, [, backend]) => total + weightOf(backend), 0)
  return {
    ...counted(context, 'services', name),
    ringSize: sum === 0 || service.enabled === false ? 0 : (ringSlots(backends.length) ?? 0),
    backends: Object.fromEntries(
      backends.map(([backend, value]) => [
        backend,
        {
          health: 'unknown',
          ...counted(context, 'backends', `${name}/${backend}`),
          share: sum === 0 ? 0 : weightOf(value) / sum,
        },
      ]),
    ),
  }
}

function weightOf({ state = 'active', weight = defaultWeight }: BackendValue): number {
  return state === 'active' ? weight : 0
}

const params = object({
  name: Type.String({ pattern: names.object, description: 'Name of the service' }),
  backend: Type.String({ pattern: names.object, description: 'Name of the backend' }),
})
type Place = Static<typeof params>
const tags = ['services']
const value = reference('Backend', backendSchema)
const path = '/v1/services/:name/backends/:backend'

export function backends(app: App, { gate }: Context): void {
  app.get(
    path,
    {
      schema: {
        operationId: 'getBackend',
        tags,
        summary: 'Read a backend',
        params,
        querystring: object({}),
        response: answers({ 200: ok(value, 'The backend, as PUT takes it') }, [404]),
      },
    },
    async (request, reply) => {
      const found = find(gate.document, request.params)
      return sendTagged(request, reply, gate.registry.etagOf('backends', keyOf(request.params)) ?? 0, found)
    },
  )

  app.put(
    path,
    {
      schema: {
        operationId: 'putBackend',
        tags,
        summary: 'Create or replace a backend',
        params,
        querystring: policyWriteQuery,
        body: value,
        response: answers(
          { 200: writtenSchema(value, 'Replaced, or the dry run'), 201: writtenSchema(value, 'Created'), 202: pendingSchema(value) },
          [404, 409, 412],
        ),
      },
    },
    async (request, reply) => {
      const written = await gate.change(
        newest => put(newest, request.params, request.body),
        writeOptions(request, ['backends', keyOf(request.params)]),
      )
      return sendWritten(reply, written, ({ document }) => find(document, request.params))
    },
  )

  app.patch(
    path,
    {
      config: { bodyTypes: [mergePatchJson, json] },
      schema: {
        operationId: 'patchBackend',
        tags,
        summary: 'Change fields of a backend',
        params,
        querystring: policyWriteQuery,
        body: { content: patchContent('Backend') },
        response: answers({ 200: writtenSchema(value, 'Changed, or the dry run'), 202: pendingSchema(value) }, [404, 409, 412]),
      },
    },
    async (request, reply) => {
      const patch = request.body
      if (!isObject(patch)) throw notAnObject()
      const edit = (newest: PolicyDocument) =>
        put(newest, request.params, patched('Backend', find(newest, request.params), patch) as BackendValue)
      const written = await gate.change(edit, writeOptions(request, ['backends', keyOf(request.params)]))
      return sendWritten(reply, written, ({ document }) => find(document, request.params))
    },
  )

  app.delete(
    path,
    {
      schema: {
        operationId: 'deleteBackend',
        tags,
        summary: 'Delete a backend',
        params,
        querystring: policyWriteQuery,
        response: answers({ 200: ok(reference('DryRun'), 'The dry run'), 202: pendingSchema(), 204: noContent }, [404, 409, 412]),
      },
    },
    async (request, reply) => {
      const edit = (newest: PolicyDocument) => {
        find(newest, request.params)
        const { [request.params.backend]: _gone, ...rest } = serviceOf(newest, request.params).backends ?? {}
        return withBackends(newest, request.params, rest)
      }
      return sendDeleted(reply, await gate.change(edit, writeOptions(request, ['backends', keyOf(request.params)])))
    },
  )
}

function keyOf({ name, backend }: Place): string {
  return `${name}/${backend}`
}

function serviceOf({ services = {} }: PolicyDocument, { name }: Place): ServiceValue {
  const service = Object.hasOwn(services, name) ? services[name] : undefined
  if (service === undefined) throw new RequestError('not_found', `services/${name} does not exist`)
  return service
}

function find(document: PolicyDocument, place: Place): BackendValue {
  const { backends = {} } = serviceOf(document, place)
  const backend = Object.hasOwn(backends, place.backend) ? backends[place.backend] : undefined
  if (backend === undefined) throw new RequestError('not_found', `services/${place.name} has no backend ${place.backend}`)
  return backend
}

function put(document: PolicyDocument, place: Place, backend: BackendValue): PolicyDocument {
  return withBackends(document, place, { ...serviceOf(document, place).backends, [place.backend]: backend })
}

function withBackends(document: PolicyDocument, place: Place, backends: Record<string, BackendValue>): PolicyDocument {
  return { ...document, services: { ...document.services, [place.name]: { ...serviceOf(document, place), backends } } }
}
