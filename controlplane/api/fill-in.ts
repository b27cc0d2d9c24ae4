/** Completes the document of the API: what each operation does, what each field means, and an example of everything. */
import { entriesAsText, fieldWords, operationWords, textBodies, textExamples } from './words.ts'

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const methods = ['get', 'put', 'post', 'patch', 'delete']

/** What is said already stays as it is. */
export function fillIn<Document extends object>(document: Document): Document {
  const whole = document as Json
  const schemas = ((whole.components as Json | undefined)?.schemas ?? {}) as Record<string, Json>
  for (const [name, schema] of Object.entries(schemas)) completeSchema(schema, name, '')
  for (const path of Object.values((whole.paths ?? {}) as Record<string, Json>))
    for (const method of methods) if (isObject(path[method])) completeOperation(path[method], schemas)
  return document
}

function completeOperation(operation: Json, schemas: Record<string, Json>): void {
  const id = String(operation.operationId)
  const words = operationWords.find(([pattern]) => pattern.test(id))?.[1]
  if (words !== undefined) operation.description ??= words
  for (const parameter of (operation.parameters ?? []) as Json[]) {
    const schema = parameter.schema as Json
    if (schema.examples === undefined && parameter.example === undefined)
      parameter.example = exampleOf(schema, schemas, String(parameter.name))
  }
  const bodies = [operation.requestBody, ...Object.values((operation.responses ?? {}) as Json)]
  for (const body of bodies)
    for (const [type, content] of Object.entries(((body as Json | undefined)?.content ?? {}) as Record<string, Json>)) {
      const { schema } = content
      if (!isObject(schema)) continue
      completeSchema(schema, '', '')
      if (schema.type === 'string' && schema.examples === undefined)
        content.example ??= body === operation.requestBody ? entriesAsText : textBodies[type]
      else if (content.example === undefined && content.examples === undefined) content.example = exampleOf(schema, schemas, '')
    }
}

/** `within`: the field or component that it stands in. */
function completeSchema(schema: Json, name: string, within: string): void {
  for (const [field, value] of Object.entries((schema.properties ?? {}) as Record<string, Json>)) {
    const words = fieldWords[`${name}.${field}`] ?? fieldWords[field]
    // What is referred to says it itself.
    if (value.$ref === undefined && words !== undefined) value.description ??= words
    completeSchema(value, field, name)
    if (value.$ref === undefined && value.examples === undefined && isPlain(value)) value.examples = [exampleOf(value, {}, field)]
  }
  for (const part of ['items', 'additionalProperties'])
    if (isObject(schema[part])) completeSchema(schema[part], part === 'items' ? name : name || within, within)
  for (const part of ['anyOf', 'oneOf', 'allOf']) for (const one of (schema[part] ?? []) as Json[]) completeSchema(one, name, within)
}

/** Nothing within it is said elsewhere. */
function isPlain(schema: Json): boolean {
  return !JSON.stringify(schema).includes('"$ref"') && schema.properties === undefined && !isObject(schema.additionalProperties)
}

/** Of the schema's own examples where it has any. */
export function exampleOf(schema: Json, schemas: Record<string, Json>, name: string): unknown {
  if (typeof schema.$ref === 'string') {
    const component = schemas[schema.$ref.split('/').at(-1) as string]
    return component === undefined ? {} : exampleOf(component, schemas, name)
  }
  const { examples, anyOf, properties, items, additionalProperties } = schema
  if (Array.isArray(examples) && examples.length > 0) return examples[0]
  if (schema.const !== undefined) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (Array.isArray(anyOf)) return exampleOf((anyOf.find(one => one.type !== 'null') ?? anyOf[0]) as Json, schemas, name)
  switch (schema.type) {
    case 'object': {
      const fields = Object.entries((properties ?? {}) as Record<string, Json>).map(([field, value]) => [
        field,
        exampleOf(value, schemas, field),
      ])
      if (fields.length > 0 || !isObject(additionalProperties)) return Object.fromEntries(fields)
      return {
        [name === 'labels' ? 'owner' : (textExamples[name.replace(/s$/, '')] ?? 'web')]: exampleOf(additionalProperties, schemas, 'value'),
      }
    }
    case 'array':
      return isObject(items) ? [exampleOf(items, schemas, name.replace(/s$/, ''))] : []
    case 'integer':
    case 'number':
      return schema.default ?? schema.minimum ?? 1
    case 'boolean':
      return false
    case 'null':
      return null
    default:
      return schema.format === 'date-time' || /(At|since|Since)$/.test(name) ? '2030-01-01T00:00:00Z' : (textExamples[name] ?? 'text')
  }
}
