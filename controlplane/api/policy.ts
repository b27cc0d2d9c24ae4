/** /v1/policy: the whole declared state, as JSON and as YAML. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { refuse } from '../errors.ts'
import { isObject } from '../format/json.ts'
import { formatYaml } from '../format/yaml.ts'
import { type PolicyDocument, policySchema } from '../policy/document.ts'
import { replaceOwned } from '../policy/owner.ts'
import { pointer } from '../policy/problem.ts'
import { names, object } from '../policy/schema.ts'
import { answers } from './answers.ts'
import { json, mergePatchJson, yaml } from './bodies.ts'
import { notAnObject, patchContent, patched } from './collection.ts'
import { sendTagged } from './conditions.ts'
import type { App, Context } from './context.ts'
import { reference } from './schemas.ts'
import { nullEntries, policyWithEntries } from './sets.ts'
import { pendingSchema, policyWriteFields, sendWritten, writeOptions, writtenSchema } from './writes.ts'

const tags = ['policy']
const value = reference('Policy', policySchema)
const owner = Type.Optional(
  Type.String({
    pattern: names.object,
    description: "Replaces only what is labelled `owner: NAME`, and labels what comes; 409 where the body names what is another's",
    examples: ['team-a'],
  }),
)
const inBothForms = { content: { [json]: { schema: value }, [yaml]: { schema: value } } }

export function policy(app: App, context: Context): void {
  const { gate } = context

  app.get(
    '/v1/policy',
    {
      schema: {
        operationId: 'getPolicy',
        tags,
        summary: 'Read the policy',
        querystring: object({
          include: Type.Optional(Type.Enum(['entries'], { description: 'Adds the entries of sets, up to 10,000 each' })),
        }),
        response: answers({ 200: { description: 'The whole declared state, as PUT takes it', ...inBothForms } }),
      },
    },
    async (request, reply) => {
      reply.header('vary', 'accept')
      if (request.query.include === 'entries') return sendPolicy(request, reply, policyWithEntries(context, gate.document))
      return sendPolicy(request, reply, gate.document, gate.registry.etagOf('policy', '') ?? 0)
    },
  )

  app.put(
    '/v1/policy',
    {
      config: { bodyTypes: [json, yaml] },
      schema: {
        operationId: 'putPolicy',
        tags,
        summary: 'Replace the policy',
        querystring: object({ ...policyWriteFields, owner }),
        body: inBothForms,
        response: answers({ 200: writtenSchema(value, 'Replaced, or the dry run'), 202: pendingSchema(value) }, [409, 412]),
      },
    },
    async (request, reply) => {
      const { owner } = request.query
      const body = request.body as PolicyDocument
      const written = await gate.change(
        newest => (owner === undefined ? body : owned(owner, newest, body)),
        writeOptions(request, ['policy', '']),
      )
      return sendWritten(reply, written, ({ document }) => document)
    },
  )

  app.patch(
    '/v1/policy',
    {
      config: { bodyTypes: [mergePatchJson, json] },
      schema: {
        operationId: 'patchPolicy',
        tags,
        summary: 'Change parts of the policy',
        querystring: object(policyWriteFields),
        body: { content: patchContent('Policy') },
        response: answers({ 200: writtenSchema(value, 'Changed, or the dry run'), 202: pendingSchema(value) }, [409, 412]),
      },
    },
    async (request, reply) => {
      const patch = request.body
      if (!isObject(patch)) throw notAnObject()
      const sets = isObject(patch.sets) ? Object.entries(patch.sets) : []
      const faults = sets.flatMap(([name, set]) => (isObject(set) ? nullEntries(set, pointer('sets', name)) : []))
      if (faults.length > 0) throw refuse(faults)
      const written = await gate.change(newest => patched('Policy', newest, patch) as PolicyDocument, writeOptions(request, ['policy', '']))
      return sendWritten(reply, written, ({ document }) => document)
    },
  )
}

function owned(owner: string, newest: PolicyDocument, wanted: PolicyDocument): PolicyDocument {
  const { document, faults } = replaceOwned(owner, newest, wanted)
  if (faults.length > 0) throw refuse(faults)
  return document
}

function sendPolicy(request: FastifyRequest, reply: FastifyReply, document: PolicyDocument, revision?: number): FastifyReply {
  const wanted = prefersYaml(request.headers.accept ?? '')
  if (wanted) reply.type(`${yaml}; charset=utf-8`)
  const body = wanted ? formatYaml(document) : document
  return revision === undefined ? reply.send(body) : sendTagged(request, reply, revision, body)
}

/** Only who asks for YAML by name gets it, and only where JSON is not wanted more. */
function prefersYaml(accept: string): boolean {
  const weights = new Map(
    accept
      .toLowerCase()
      .split(',')
      .map(part => {
        const [type = '', ...parameters] = part.split(';').map(text => text.trim())
        const weight = parameters.find(parameter => parameter.startsWith('q='))
        return [type, weight === undefined ? 1 : Number(weight.slice(2))]
      }),
  )
  const yamlWeight = weights.get(yaml) ?? 0
  return yamlWeight > 0 && yamlWeight >= (weights.get(json) ?? 0)
}
