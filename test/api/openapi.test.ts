/** The description of the API: up to date, clean, with examples that hold. Its answers are checked by every other test. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { examples } from '../../controlplane/api/examples.ts'
import { faultsOf } from '../../controlplane/api/validation.ts'
import { documentPath, openapiText } from '../../controlplane/openapi.ts'

interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly tags?: string[]
  readonly parameters?: { name: string; in: string; description?: string; example?: unknown; schema?: { examples?: unknown } }[]
}
interface Described {
  readonly description?: string
  readonly example?: unknown
}
interface Body {
  readonly content?: Record<string, Described>
}
const document = JSON.parse(await openapiText()) as {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}

t.test('openapi/openapi.json is what the routes say', async t => {
  t.equal(readFileSync(documentPath, 'utf8') === (await openapiText()), true, 'else: npm run abi, and commit it')
  t.match(document.openapi, /^3\.1\./)
})

t.test('every operation is named, described and has a tag of its own', t => {
  const operations = Object.values(document.paths).flatMap(path => Object.values(path))
  t.ok(operations.length > 35, `${operations.length} operations`)
  for (const { operationId, summary, tags } of operations)
    t.ok(operationId && summary && tags?.length === 1, operationId ?? 'an operation without a name')
  t.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length)
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { parameters = [] }] of Object.entries(operations)) {
      const wanted = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name)
      t.same(
        parameters.filter(parameter => parameter.in === 'path').map(({ name }) => name),
        wanted,
        `${method} ${path}`,
      )
    }
  }
  t.end()
})

t.test('every example fits its schema', t => {
  for (const [name, example] of Object.entries(examples)) {
    t.same(faultsOf(name, example), [], name)
    t.ok(name in document.components.schemas, name)
  }
  t.end()
})

/** Every object with properties, and every field of it, by its place. */
function fieldsOf(part: unknown, place: string): [string, Record<string, unknown>][] {
  if (Array.isArray(part)) return part.flatMap((one, at) => fieldsOf(one, `${place}/${at}`))
  if (typeof part !== 'object' || part === null) return []
  const { properties, ...rest } = part as Record<string, unknown>
  const fields = Object.entries((properties ?? {}) as Record<string, Record<string, unknown>>)
  const inside = Object.entries(rest).filter(([key]) => !['example', 'examples', 'enum', 'default'].includes(key))
  return [
    ...fields.flatMap(([name, field]) => [
      [`${place}/${name}`, field] as [string, Record<string, unknown>],
      ...fieldsOf(field, `${place}/${name}`),
    ]),
    ...inside.flatMap(([key, value]) => fieldsOf(value, `${place}/${key}`)),
  ]
}

t.test('every operation, parameter, body and field has its words and an example', t => {
  const lacks: string[] = []
  for (const [place, field] of fieldsOf(document, '')) {
    if (field.$ref !== undefined) continue
    if (field.description === undefined) lacks.push(`${place} a description`)
    const isLeaf =
      field.properties === undefined && !JSON.stringify(field).includes('"$ref"') && typeof field.additionalProperties !== 'object'
    if (isLeaf && field.examples === undefined) lacks.push(`${place} an example`)
    // What fillIn writes where it knows nothing better.
    if (JSON.stringify(field.examples ?? '').includes('"text"')) lacks.push(`${place} an example of its own`)
  }
  for (const [path, operations] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(operations)) {
      const {
        description,
        parameters = [],
        requestBody,
        responses = {},
      } = operation as Operation & { description?: string; requestBody?: Body; responses?: Record<string, Body> }
      if (description === undefined) lacks.push(`${method} ${path} a description`)
      for (const { name, description, example, schema } of parameters)
        if (description === undefined || (example ?? schema?.examples) === undefined) lacks.push(`${method} ${path} ${name} its words`)
      for (const { content = {} } of [...(requestBody ? [requestBody] : []), ...Object.values(responses)])
        for (const [type, { example }] of Object.entries(content))
          if (example === undefined) lacks.push(`${method} ${path} ${type} an example`)
    }
  t.same(lacks, [])
  t.end()
})

t.test('redocly finds nothing to say', t => {
  const root = fileURLToPath(new URL('../../../', import.meta.url))
  const output = execFileSync('npx', ['--no-install', 'redocly', 'lint', '--format', 'stylish', 'drawgate'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', CI: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.notMatch(output, /warning|error/i)
  t.end()
})
