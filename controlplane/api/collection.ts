/** The routes that interfaces, sets, rules and services have in common: list, one of them, its status. */
import { type TSchema, Type } from 'typebox'
import { type Fault, RequestError, refuse } from '../errors.ts'
import { isObject, mergePatch } from '../format/json.ts'
import type { Collection } from '../gate/resources.ts'
import { noteChanged } from '../policy/changed.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { object } from '../policy/schema.ts'
import { answers, noContent, ok, page } from './answers.ts'
import { json, mergePatchJson } from './bodies.ts'
import { sendTagged } from './conditions.ts'
import type { App, Context } from './context.ts'
import { listQuery, pageOf } from './lists.ts'
import { reference } from './schemas.ts'
import { faultsOf } from './validation.ts'
import { pendingSchema, policyWriteQuery, sendDeleted, sendWritten, writeOptions, writtenSchema } from './writes.ts'

export type ValueOf<Kind extends Collection> = NonNullable<PolicyDocument[Kind]>[string]

export interface CollectionRoutes<Kind extends Collection> {
  readonly kind: Kind
  /** What one is called in the pages of the API, and the name of its component. */
  readonly component: string
  readonly statusComponent: string
  readonly namePattern: string
  readonly status: (name: string, value: ValueOf<Kind>) => unknown
  /** Extra query parameters of GET, and what they add to the value. */
  readonly extras?: {
    readonly fields: Record<string, TSchema>
    readonly add: (name: string, value: ValueOf<Kind>, query: Record<string, unknown>) => ValueOf<Kind>
  }
  /** What a patch may not say although it merges into something valid. */
  readonly patchFaults?: (patch: Record<string, unknown>) => Fault[]
  /** Objects that refer to this one. */
  readonly users?: (document: PolicyDocument, name: string) => Fault[]
}

export function collection<Kind extends Collection>(app: App, { gate }: Context, routes: CollectionRoutes<Kind>): void {
  const { kind, component, statusComponent } = routes
  type Value = ValueOf<Kind>
  const tags = [kind]
  const one = component.toLowerCase()
  const params = object({ name: Type.String({ pattern: routes.namePattern, description: `Name of the ${one}` }) })
  const value = reference(component)
  const all = (document = gate.document) => (document[kind] ?? {}) as Record<string, Value>
  const find = (name: string, document = gate.document): Value => {
    const found = all(document)
    if (!Object.hasOwn(found, name)) throw new RequestError('not_found', `${kind}/${name} does not exist`)
    return found[name] as Value
  }
  const put = (document: PolicyDocument, name: string, it: Value): PolicyDocument => {
    const before = all(document)
    const after = { ...before, [name]: it }
    noteChanged(before, after, name)
    return { ...document, [kind]: after }
  }

  app.get(
    `/v1/${kind}`,
    {
      schema: {
        operationId: `list${component}s`,
        tags,
        summary: `List ${kind}`,
        querystring: listQuery,
        response: answers({
          200: page(
            Type.Object(
              { name: Type.String() },
              { additionalProperties: true, description: `Fields of ${component}, and \`status\` if asked for` },
            ),
            `A page of ${kind}`,
          ),
        }),
      },
    },
    async request => {
      const { items, nextCursor } = pageOf(all(), request.query)
      if (request.query.include !== 'status') return { items, nextCursor }
      return { items: items.map(item => ({ ...item, status: routes.status(item.name, find(item.name)) })), nextCursor }
    },
  )

  app.get(
    `/v1/${kind}/:name`,
    {
      schema: {
        operationId: `get${component}`,
        tags,
        summary: `Read a ${one}`,
        params,
        querystring: object(routes.extras?.fields ?? {}),
        response: answers({ 200: ok(value, `The ${one}, as PUT takes it`) }, [404]),
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const found = find(name)
      const query = request.query as Record<string, unknown>
      if (Object.keys(query).length > 0 && routes.extras) return routes.extras.add(name, found, query)
      return sendTagged(request, reply, gate.registry.etagOf(kind, name) ?? 0, found)
    },
  )

  app.get(
    `/v1/${kind}/:name/status`,
    {
      schema: {
        operationId: `get${component}Status`,
        tags,
        summary: `Read how a ${one} is doing`,
        params,
        querystring: object({}),
        response: answers({ 200: ok(reference(statusComponent), 'What moves') }, [404]),
      },
    },
    async request => routes.status(request.params.name, find(request.params.name)),
  )

  app.put(
    `/v1/${kind}/:name`,
    {
      schema: {
        operationId: `put${component}`,
        tags,
        summary: `Create or replace a ${one}`,
        params,
        querystring: policyWriteQuery,
        body: value,
        response: answers(
          { 200: writtenSchema(value, 'Replaced, or the dry run'), 201: writtenSchema(value, 'Created'), 202: pendingSchema(value) },
          [409, 412],
        ),
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const written = await gate.change(newest => put(newest, name, request.body as Value), writeOptions(request, [kind, name]))
      return sendWritten(reply, written, ({ document }) => find(name, document))
    },
  )

  app.patch(
    `/v1/${kind}/:name`,
    {
      config: { bodyTypes: [mergePatchJson, json] },
      schema: {
        operationId: `patch${component}`,
        tags,
        summary: `Change fields of a ${one}`,
        params,
        querystring: policyWriteQuery,
        body: { content: patchContent(component) },
        response: answers({ 200: writtenSchema(value, 'Changed, or the dry run'), 202: pendingSchema(value) }, [404, 409, 412]),
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const patch = request.body
      if (!isObject(patch)) throw notAnObject()
      const faults = routes.patchFaults?.(patch) ?? []
      if (faults.length > 0) throw refuse(faults)
      const options = writeOptions(request, [kind, name])
      const written = await gate.change(newest => put(newest, name, patched(component, find(name, newest), patch) as Value), options)
      return sendWritten(reply, written, ({ document }) => find(name, document))
    },
  )

  app.delete(
    `/v1/${kind}/:name`,
    {
      schema: {
        operationId: `delete${component}`,
        tags,
        summary: `Delete a ${one}`,
        params,
        querystring: policyWriteQuery,
        response: answers({ 200: ok(reference('DryRun'), 'The dry run'), 202: pendingSchema(), 204: noContent }, [404, 409, 412]),
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const result = await gate.change(
        newest => {
          find(name, newest)
          const users = routes.users?.(newest, name) ?? []
          if (users.length > 0) throw refuse(users)
          const { [name]: _gone, ...rest } = all(newest)
          return { ...newest, [kind]: rest }
        },
        writeOptions(request, [kind, name]),
      )
      return sendDeleted(reply, result)
    },
  )
}

/** RFC 7396, and then of the right shape: pointers of the result are pointers of the patch. */
export function patched(component: string, current: unknown, patch: unknown): unknown {
  const merged = mergePatch(
    component === 'Policy' ? withRulesOpen(current, patch) : component === 'Rule' ? open(current, patch) : current,
    patch,
  )
  const faults = faultsOf(component, merged)
  if (faults.length > 0) throw refuse(faults)
  return merged
}

/** A rule's end has two spellings, and the one in a patch takes the place of either. */
function open(rule: unknown, patch: unknown): unknown {
  const ends = ['expiresIn', 'expiresAt']
  if (!isObject(rule) || !isObject(patch) || !ends.some(end => patch[end] !== undefined && patch[end] !== null)) return rule
  return Object.fromEntries(Object.entries(rule).filter(([field]) => !ends.includes(field)))
}

function withRulesOpen(policy: unknown, patch: unknown): unknown {
  if (!isObject(policy) || !isObject(policy.rules) || !isObject(patch) || !isObject(patch.rules)) return policy
  const { rules } = policy
  const names = Object.keys(patch.rules).filter(name => Object.hasOwn(rules, name))
  const patches = patch.rules
  return { ...policy, rules: { ...rules, ...Object.fromEntries(names.map(name => [name, open(rules[name], patches[name])])) } }
}

export function notAnObject(): RequestError {
  return new RequestError('malformed', 'a merge patch is an object')
}

export function patchContent(component: string) {
  const schema = { type: 'object', description: `RFC 7396 merge patch of a ${component}: null removes a field`, additionalProperties: true }
  return { [mergePatchJson]: { schema }, [json]: { schema } }
}
