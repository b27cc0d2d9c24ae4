/** /v1/tokens: who may call over TCP. */
import { type Static, Type } from 'typebox'
import { refuse } from '../errors.ts'
import { names, object } from '../policy/schema.ts'
import type { StoredToken } from '../store/store.ts'
import { answers, page } from './answers.ts'
import { certificateName, certificatePattern } from './certificates.ts'
import type { App, Context } from './context.ts'

const tags = ['tokens']
const config = { access: 'admin' } as const
const fields = {
  name: Type.String({ pattern: names.object, description: 'Name of the token, as the audit log shows it', examples: ['deploy'] }),
  role: Type.Enum(['viewer', 'operator', 'admin'], {
    description: 'viewer reads and traces, operator writes, admin does all',
    examples: ['operator'],
  }),
  sets: Type.Optional(
    Type.Array(Type.String({ pattern: names.object }), {
      minItems: 1,
      uniqueItems: true,
      description: 'Only the entries of these sets may be written',
      examples: [['blocklist']],
    }),
  ),
  certificate: Type.Optional(
    Type.String({
      pattern: certificatePattern,
      description:
        'Whose client certificate stands for the secret, of which there is then none: `sha256:` and its fingerprint, or a name that it has as `uri:`, `dns:`, `email:` or `cn:`',
      examples: ['uri:spiffe://example.org/deploy'],
    }),
  ),
  expiresAt: Type.Optional(Type.String({ description: 'RFC 3339', examples: ['2030-01-01T00:00:00Z'] })),
}
const requestSchema = object(fields, { description: 'A token to be made' })
const tokenSchema = object({ ...fields, createdAt: Type.String({ format: 'date-time' }) }, { description: 'A token, without its secret' })
const createdSchema = object(
  {
    ...fields,
    createdAt: Type.String({ format: 'date-time' }),
    secret: Type.Optional(Type.String({ description: 'Shown this once; absent with `certificate`' })),
  },
  { description: 'The token with its secret, which is shown this once' },
)

export function tokens(app: App, { gate, access }: Context): void {
  app.get(
    '/v1/tokens',
    {
      config,
      schema: {
        operationId: 'listTokens',
        tags,
        summary: 'List the tokens',
        querystring: object({}),
        response: answers({ 200: page(tokenSchema, 'All tokens') }),
      },
    },
    async () => ({ items: access.tokens.list().map(shownToken), nextCursor: null }),
  )

  app.post(
    '/v1/tokens',
    {
      config,
      schema: {
        operationId: 'createToken',
        tags,
        summary: 'Create a token',
        querystring: object({}),
        body: requestSchema,
        response: answers({ 201: createdSchema }, [409]),
      },
    },
    async (request, reply) => {
      const { name, role, sets, expiresAt, certificate } = request.body as Static<typeof requestSchema>
      const known = gate.document.sets ?? {}
      const unknown = (sets ?? []).flatMap((set, at) =>
        Object.hasOwn(known, set)
          ? []
          : [
              {
                pointer: `/sets/${at}`,
                code: 'unknown_set' as const,
                detail: `the policy has no set ${set}`,
              },
            ],
      )
      if (unknown.length > 0) throw refuse(unknown)
      const created = access.tokens.create(
        {
          name,
          role,
          ...(sets === undefined ? {} : { sets }),
          ...(certificate === undefined ? {} : { certificate: certificateName(certificate) }),
          ...(expiresAt === undefined ? {} : { expiresAt: timeOf(expiresAt) }),
        },
        request.actor?.who ?? '',
      )
      await access.credentialMade()
      reply.header('cache-control', 'no-store')
      const secret = certificate === undefined ? { secret: created.secret } : {}
      return reply.code(201).send({ ...shownToken(created.token), ...secret })
    },
  )

  app.delete(
    '/v1/tokens/:name',
    {
      config,
      schema: {
        operationId: 'deleteToken',
        tags,
        summary: 'Delete a token',
        params: object({ name: fields.name }),
        querystring: object({}),
        response: answers({ 204: { type: 'null', description: 'Gone; requests that carry it are refused from now on' } }, [404]),
      },
    },
    async (request, reply) => {
      access.tokens.remove(request.params.name, request.actor?.who ?? '')
      return reply.code(204).send()
    },
  )
}

function shownToken({ name, role, sets, certificate, expiresAt, createdAt }: StoredToken) {
  return {
    name,
    role,
    ...(sets === null ? {} : { sets }),
    ...(certificate === null ? {} : { certificate }),
    ...(expiresAt === null ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
    createdAt: new Date(createdAt).toISOString(),
  }
}

/** RFC 3339 with its offset: a time without one would mean another instant on another host. */
function timeOf(text: string): number {
  const at = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  const fault = (detail: string) => refuse([{ pointer: '/expiresAt', code: 'malformed', detail, hint: 'such as 2030-01-01T00:00:00Z' }])
  if (Number.isNaN(at)) throw fault(`${text} is not an RFC 3339 time`)
  if (at <= Date.now()) throw fault(`${text} is over`)
  return at
}
