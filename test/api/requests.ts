/** Requests at random, made from the OpenAPI document: as it says, with one thing wrong, and hostile. */
import fc from 'fast-check'

type Json = Record<string, unknown>

export interface Request {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
  readonly body?: string | Buffer
}

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Json }[]
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Json }> }
}

/** The same few, so that requests meet what others have made. */
const names = fc.constantFrom('a', 'b', 'web', 'blocklist', 'eth0')
const hostileNames = fc.constantFrom('__proto__', 'constructor', '..', 'a/b', '\u0000', 'ä', '%', 'A', ' ', 'x'.repeat(300), '@local', '*')
const hostileValues = fc.constantFrom<unknown>(
  null,
  [],
  {},
  '',
  0,
  -1,
  1e308,
  2 ** 53,
  true,
  '0',
  '10.0.0.7/8',
  '::ffff:1.2.3.4',
  'fe80::1%eth0',
  '999.1.1.1',
  '\u0000',
  'x'.repeat(5000),
  '\ud800',
  [[[[]]]],
  { a: { b: {} } },
  '1e9',
  '00:00',
  '@nobody',
  '-',
  '1-0',
  '65536',
  Array.from({ length: 200 }, () => 'x'),
)
const hostileBodies = fc.constantFrom<string | Buffer>(
  '',
  '{',
  'null',
  '[]',
  '"x"',
  '{"a":1,"a":2}',
  '{"__proto__":{"x":1}}',
  '['.repeat(5000),
  `{"a":${'{"b":'.repeat(70)}1${'}'.repeat(71)}`,
  '\ufeff{}',
  Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
  'a: &x [*x]',
  'a: 1\na: 2',
  '%YAML 9.9\n---\n',
  '- - - -',
  'x'.repeat(100_000),
  '192.0.2.0/24\n# only\n\u0000',
  '{"add":[{"prefix":"192.0.2.0/24","expiresIn":"99999999d"}]}',
)
const texts = fc.constantFrom(
  'a',
  '192.0.2.7',
  '192.0.2.0/24',
  '2001:db8::/32',
  '@blocklist',
  '@local',
  '80',
  '8000-8100',
  '10m',
  '1h',
  '2040-01-01T00:00:00Z',
  'x',
)

export function requests(document: Json): fc.Arbitrary<Request> {
  const schemas = (document.components as { schemas: Record<string, Json> }).schemas
  const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
  // What does not end is asked elsewhere.
  const asked = operations.filter(({ operation }) => operation.operationId !== 'getEvents')
  return fc.constantFrom(...asked).chain(({ method, path, operation }) => {
    const parameters = operation.parameters ?? []
    const name = fc.oneof({ weight: 9, arbitrary: names }, { weight: 1, arbitrary: hostileNames })
    const filled = fc.array(name, { minLength: 2, maxLength: 2 }).map(words => {
      let at = 0
      return path.replace(/\{[^}]+\}/g, () => encodeURIComponent(words[at++] as string))
    })
    return fc
      .record({
        path: filled,
        query: queryOf(
          parameters.filter(one => one.in === 'query'),
          schemas,
        ),
        headers,
        body: bodyOf(operation, schemas),
      })
      .map(({ path, query, headers, body }) => ({
        method,
        url: query === '' ? path : `${path}?${query}`,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': body.type }) },
        ...(body === undefined ? {} : { body: body.content }),
      }))
  })
}

const headers: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Record<string, string>>(
      { 'if-match': '"1"' },
      { 'if-match': '*' },
      { 'if-match': 'W/"1"' },
      { 'if-match': 'x' },
      { 'if-none-match': '*' },
      { 'if-none-match': '"1"' },
      { 'if-match': '"99999999999999999999"' },
      { accept: 'application/yaml' },
      { accept: 'image/png' },
      { 'content-encoding': 'gzip' },
      { origin: 'https://example.org' },
      { 'x-request-id': 'x'.repeat(900) },
    ),
  },
)

function queryOf(
  parameters: readonly { readonly name: string; readonly schema: Json }[],
  schemas: Record<string, Json>,
): fc.Arbitrary<string> {
  const one = fc.oneof(
    ...parameters.map(({ name, schema }) =>
      fc
        .oneof({ weight: 3, arbitrary: valueAs(schema, schemas) }, { weight: 1, arbitrary: hostileValues })
        .map(value => [name, String(value)] as const),
    ),
    fc.constantFrom(['unknown', '1'] as const, ['limit', 'NaN'] as const, ['__proto__', 'x'] as const),
  )
  const pairs = fc
    .array(one, { maxLength: 2 })
    .map(all => all.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value.replace(/\p{Cs}/gu, '?'))}`).join('&'))
  // Whether a write is tried or done decides what the next requests meet.
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant('') },
    { weight: 3, arbitrary: pairs },
    { weight: 1, arbitrary: fc.constantFrom('%', '=&=', 'a=%zz', '?'.repeat(50)) },
  )
}

function bodyOf(
  { requestBody }: Operation,
  schemas: Record<string, Json>,
): fc.Arbitrary<{ type: string; content: string | Buffer } | undefined> {
  if (requestBody === undefined)
    return fc.oneof(
      { weight: 9, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constant({ type: 'application/json', content: '{}' }) },
    )
  const types = Object.entries(requestBody.content)
  return fc.constantFrom(...types).chain(([type, { schema }]) => {
    if (type === 'text/plain')
      return fc
        .oneof(
          fc.array(texts, { maxLength: 4 }).map(lines => lines.join('\n')),
          hostileBodies,
        )
        .map(content => ({ type, content }))
    const valid = valueAs(schema, schemas)
    const json = (value: unknown) => ({ type, content: JSON.stringify(value) ?? 'null' })
    return fc.oneof(
      { weight: 6, arbitrary: valid.map(json) },
      {
        weight: 4,
        arbitrary: fc
          .tuple(valid, fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 4 }), hostileValues)
          .map(([value, way, wrong]) => json(mutated(value, way, wrong))),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(hostileBodies, fc.constantFrom(type, type, 'application/yaml', 'text/html', 'application/json; charset=latin1', ''))
          .map(([content, type]) => ({ type, content })),
      },
    )
  })
}

/** Follows the way into the value, and puts something else there, or beside it. */
function mutated(value: unknown, [step = 0, ...way]: readonly number[], wrong: unknown): unknown {
  if (typeof value !== 'object' || value === null) return wrong
  const keys = Object.keys(value)
  const key = keys[step % (keys.length + 1)]
  if (Array.isArray(value))
    return key === undefined
      ? [...value, wrong]
      : value.with(Number(key), way.length === 0 ? wrong : mutated(value[Number(key)], way, wrong))
  if (key === undefined) return { ...value, surprise: wrong }
  if (way.length === 0 && step % 5 === 0) return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
  return { ...value, [key]: way.length === 0 ? wrong : mutated((value as Json)[key], way, wrong) }
}

/** As the schema says. */
function valueAs(schema: Json, schemas: Record<string, Json>, depth = 0): fc.Arbitrary<unknown> {
  if (typeof schema.$ref === 'string') return valueAs(schemas[schema.$ref.split('/').at(-1) as string] as Json, schemas, depth)
  const { examples, anyOf, properties = {}, required = [], items, additionalProperties, minimum = 0, maximum = 1_000_000 } = schema
  const sample =
    Array.isArray(examples) && examples.length > 0 ? [{ weight: 2, arbitrary: fc.constantFrom(...(examples as unknown[])) }] : []
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]))
  if (Array.isArray(anyOf)) return fc.oneof(...(anyOf as Json[]).map(one => valueAs(one, schemas, depth)))
  switch (schema.type) {
    case 'object': {
      const fields = Object.fromEntries(
        Object.entries(properties as Record<string, Json>).map(([name, value]) => [name, valueAs(value, schemas, depth + 1)]),
      )
      const own = fc.record(fields, { requiredKeys: required as string[] })
      // Few fields at a time: of all of them, one is always wrong beside another.
      const some = fc.tuple(own, fc.array(fc.nat({ max: 30 }), { maxLength: 3 })).map(([all, kept]) => {
        const names = Object.keys(all)
        const chosen = new Set([...(required as string[]), ...kept.map(at => names[at % names.length])])
        return Object.fromEntries(Object.entries(all).filter(([key]) => chosen.has(key)))
      })
      if (typeof additionalProperties !== 'object' || additionalProperties === null)
        return fc.oneof(...sample, { weight: 3, arbitrary: some })
      return fc.dictionary(names, valueAs(additionalProperties as Json, schemas, depth + 1), { maxKeys: 2 })
    }
    case 'array':
      return fc.array(valueAs((items ?? {}) as Json, schemas, depth + 1), { maxLength: 3 })
    case 'integer':
      return fc.oneof(
        ...sample,
        { weight: 1, arbitrary: fc.constantFrom(Number(minimum), Number(maximum)) },
        { weight: 1, arbitrary: fc.integer({ min: Number(minimum), max: Math.min(Number(maximum), 70_000) }) },
      )
    case 'number':
      return fc.oneof(...sample, { weight: 1, arbitrary: fc.integer({ min: 0, max: 200 }) })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.oneof(...sample, { weight: 1, arbitrary: texts })
  }
}
