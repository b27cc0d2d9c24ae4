/** /v1/openapi.json and /docs: the API about itself, from this host alone. */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { answers } from './answers.ts'
import type { App } from './context.ts'
import { fillIn } from './fill-in.ts'
import { components } from './schemas.ts'

const info = {
  title: 'Drawgate',
  version: '1',
  summary: 'XDP/TC firewall and L4 load balancer',
  description:
    'A **policy** is what people declare, a revision is a policy in force. Every write answers after the kernel enforces it, and is all or nothing. ' +
    'Errors are `application/problem+json`; all errors of a request come at once.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
}
const tags = [
  { name: 'policy', description: 'The whole declared state' },
  { name: 'interfaces', description: 'Devices that the dataplane stands on' },
  { name: 'sets', description: 'Named sets of prefixes' },
  { name: 'rules', description: 'Which packets pass' },
  { name: 'services', description: 'Addresses that are balanced over backends' },
  { name: 'seeing', description: 'What happens to packets' },
  { name: 'host', description: 'The gate itself' },
  { name: 'tokens', description: 'Who may call over TCP' },
]

/** Nothing is fetched from elsewhere; the pages set styles on their elements. */
const pagePolicy =
  "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'"

/** Before the routes, which it listens for. */
export async function describe(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info,
      servers: [{ url: '/', description: 'This gate' }],
      tags,
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: '`drawgate token create` makes one. On the unix socket none is needed' },
        },
      },
      security: [{ token: [] }],
    },
    transformObject: found => ('openapiObject' in found ? fillIn(found.openapiObject) : found.swaggerObject),
    refResolver: { buildLocalReference: ({ $id }, _base, _fragment, index) => (typeof $id === 'string' ? $id : `schema${index}`) },
  })
  for (const component of components()) app.addSchema(component)
}

export async function documents(app: App): Promise<void> {
  app.get(
    '/v1/openapi.json',
    {
      schema: {
        operationId: 'getOpenapi',
        tags: ['host'],
        summary: 'Read this document',
        response: answers({ 200: { type: 'object', additionalProperties: true, description: 'OpenAPI 3.1' } }),
      },
    },
    async () => app.swagger(),
  )

  await app.register(async pages => {
    pages.addHook('onRoute', route => {
      route.config = { ...route.config, access: 'everybody' }
    })
    await pages.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: pagePolicy,
      uiConfig: { docExpansion: 'list', deepLinking: true, validatorUrl: null },
    })
  })
}
