/** Whether a document has the shape of its schema; every fault at once, each at its pointer and with what to type instead. */
import type { TSchema } from 'typebox'
import { type Problem, type ProblemCode, pointer } from './problem.ts'

export { problemsOfErrors } from './faults.ts'

/** The keywords that our schemas use. */
interface Schema {
  readonly type?: string
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly pattern?: string
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

/** Problems of `value` against a schema of document.ts; none: it is of the schema's static type. Objects take no unknown fields. */
export function checkShape (schema: TSchema, value: unknown): Problem[] {
  const problems: Problem[] = []

  walk(schema as Schema, value, '', problems)
  return problems
}

function walk (schema: Schema, value: unknown, at: string, problems: Problem[]): void {
  const fault = (detail: string, hint: string, code: ProblemCode = 'malformed') => { problems.push({ pointer: at, code, detail, hint }) }

  if (schema.anyOf !== undefined) {
    const branch = schema.anyOf.find(option => isOfType(option, value)) // branches differ by type
    if (branch === undefined)
      fault(`${name(at)} is ${typeName(value)} and must be ${schema.anyOf.map(wanted).join(', or ')}`, hintFor(schema, value))
    else
      walk(branch.enum && schema.anyOf.length > 1 ? { ...branch, examples: schema.examples ?? [] } : branch, value, at, problems)
    return
  }
  if (!isOfType(schema, value))
    return fault(`${name(at)} is ${typeName(value)} and must be ${wanted(schema)}`, hintFor(schema, value))
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return fault(`${name(at)} is ${brief(value)}`, `write ${near(String(value), schema.enum.map(String)) ?? oneOf(schema.enum)}`)
  if (typeof value === 'string') {
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value))
      fault(`${name(at)} is ${brief(value)}, which is not of the form that it needs`, `write ${example(schema) ?? `a text that matches ${schema.pattern}`}`)
    if (schema.maxLength !== undefined && value.length > schema.maxLength)
      fault(`${name(at)} has ${value.length} characters`, `write at most ${schema.maxLength}`)
  } else if (typeof value === 'number') {
    if ((schema.minimum !== undefined && value < schema.minimum) || (schema.maximum !== undefined && value > schema.maximum))
      fault(`${name(at)} is ${value}`, `write ${wanted(schema)}`)
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      walk(schema.items ?? {}, item, at + pointer(index), problems)
  } else if (typeof value === 'object' && value !== null) {
    walkObject(schema, value as Record<string, unknown>, at, problems)
  }
}

function walkObject (schema: Schema, value: Readonly<Record<string, unknown>>, at: string, problems: Problem[]): void {
  const [pattern, ofEach] = Object.entries(schema.patternProperties ?? {})[0] ?? []
  const fields = schema.properties ?? {}

  for (const field of schema.required ?? [])
    if (!Object.hasOwn(value, field))
      problems.push({ pointer: at, code: 'malformed', detail: `${name(at)} lacks ${field}`, hint: `add ${field}: ${wanted(fields[field] as Schema)}` })
  for (const [key, content] of Object.entries(value)) {
    const here = at + pointer(key)

    if (pattern !== undefined && ofEach !== undefined) {
      if (new RegExp(pattern, 'u').test(key))
        walk(ofEach, content, here, problems)
      else
        problems.push({ pointer: here, code: 'malformed', detail: `${brief(key)} is no name`, hint: `write a name that matches ${pattern}` })
    } else if (Object.hasOwn(fields, key)) {
      walk(fields[key] as Schema, content, here, problems)
    } else {
      const known = Object.keys(fields)
      const meant = near(key, known)
      problems.push({
        pointer: here, code: 'unknown_field', detail: `${name(at)} has no field ${brief(key)}`,
        hint: meant === undefined ? `leave it out; the fields are ${known.join(', ')}` : `write ${meant}`,
      })
    }
  }
}

function isOfType (schema: Schema, value: unknown): boolean {
  switch (schema.type ?? (schema.enum === undefined ? 'any' : typeof schema.enum[0])) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'array':
      return Array.isArray(value)
    case 'string':
      return typeof value === 'string'
    case 'boolean':
      return typeof value === 'boolean'
    case 'integer':
      return Number.isSafeInteger(value)
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
    default:
      return true
  }
}

function wanted (schema: Schema): string {
  const { minimum, maximum } = schema

  if (schema.anyOf !== undefined)
    return schema.anyOf.map(wanted).join(', or ')
  if (schema.enum !== undefined)
    return oneOf(schema.enum)
  switch (schema.type) {
    case 'integer':
    case 'number': {
      const noun = schema.type === 'integer' ? 'a whole number' : 'a number'
      return minimum === undefined ? noun : maximum === undefined ? `${noun} from ${minimum} on` : `${noun} from ${minimum} to ${maximum}`
    }
    case 'string':
      return 'a text'
    case 'boolean':
      return 'true or false'
    case 'array':
      return 'a list'
    case 'object':
      return 'an object'
    default:
      return 'a value'
  }
}

function hintFor (schema: Schema, value: unknown): string {
  const types = [schema, ...schema.anyOf ?? []].map(option => option.type ?? (option.enum === undefined ? '' : 'string'))

  if (typeof value === 'string' && types.some(type => type === 'integer' || type === 'number') && /^[0-9]+$/.test(value))
    return `write ${value} without quotes`
  if (typeof value === 'number' && types.includes('string'))
    return `write "${value}" in quotes`
  if (types.includes('array') && (typeof value === 'string' || typeof value === 'number'))
    return `write [${JSON.stringify(String(value).slice(0, 60))}]`
  if (value === null)
    return 'leave it out'
  return `write ${example(schema) ?? wanted(schema)}`
}

function example (schema: Schema): string | undefined {
  return schema.examples?.[0] === undefined ? undefined : JSON.stringify(schema.examples[0])
}

function oneOf (values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}

function name (at: string): string {
  return at === '' ? 'the document' : at.slice(at.lastIndexOf('/') + 1).replaceAll('~1', '/').replaceAll('~0', '~').slice(0, 80)
}

function typeName (value: unknown): string {
  if (value === null)
    return 'null'
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : typeof value === 'string' ? `the text ${brief(value)}` : String(value)
}

function brief (value: unknown): string {
  return JSON.stringify(typeof value === 'string' ? value.slice(0, 60) : value)
}

/** The one of `words` that was probably meant: at most two slips away. */
function near (word: string, words: readonly string[]): string | undefined {
  if (word.length > 40)
    return undefined
  const ranked = words.map(candidate => ({ candidate, slips: distance(word, candidate) })).sort((a, b) => a.slips - b.slips)
  const best = ranked[0]

  return best !== undefined && best.slips <= 2 && best.slips < best.candidate.length / 2 ? best.candidate : undefined
}

/** Levenshtein's, row by row. */
function distance (a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)

  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++)
      next.push(Math.min((next[j] as number) + 1, (row[j + 1] as number) + 1, (row[j] as number) + (letter === b[j] ? 0 : 1)))
    row = next
  }
  return row[b.length] as number
}
