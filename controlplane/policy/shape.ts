/** What Ajv says of a document's shape, told in our words: one problem for each fault, with what to type instead. */
import { type Problem, pointer } from './problem.ts'

/** The keywords of our schemas that a hint can be made of. */
interface Keywords {
  readonly type?: string
  readonly examples?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Keywords>>
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Keywords[]
  readonly minimum?: number
  readonly maximum?: number
}

/** Ajv's. The last two are there with its option `verbose`, and make the hints better. */
export interface SchemaError {
  readonly keyword: string
  readonly instancePath: string
  readonly message?: string
  readonly params: object
  readonly data?: unknown
  readonly parentSchema?: unknown
}

/** Of alternatives, only what is wrong with the one that was meant is told, or that none fits. Names are left to `propertyNames`. */
export function problemsOfErrors(errors: readonly SchemaError[]): Problem[] {
  const unions = new Set<string>()
  const meant = new Set<string>() // values of a kind that could stand there, with a fault in them

  for (const error of errors)
    if (error.keyword === 'anyOf') unions.add(error.instancePath)
    else if (!isOfKind(error)) markMeant(error.instancePath, meant)
    else if (error.instancePath !== '') markMeant(error.instancePath.slice(0, error.instancePath.lastIndexOf('/')), meant)
  const told = errors.filter(
    error =>
      !unions.has(error.instancePath) ||
      (meant.has(error.instancePath) ? error.keyword !== 'anyOf' && !isOfKind(error) : error.keyword === 'anyOf'),
  )
  return told.map(problemOf)
}

/** The value and all around it. */
function markMeant(path: string, meant: Set<string>): void {
  for (let end = path.length; end >= 0 && !meant.has(path.slice(0, end)); end = path.lastIndexOf('/', end - 1))
    meant.add(path.slice(0, end))
}

function isOfKind({ keyword }: SchemaError): boolean {
  return keyword === 'type' || keyword === 'enum'
}

function problemOf(error: SchemaError): Problem {
  const { instancePath, data } = error
  const params = error.params as Readonly<Record<string, string | number | readonly string[]>>
  const schema = (error.parentSchema ?? {}) as Keywords
  const at = nameOf(instancePath)
  const problem = (detail: string, hint: string): Problem => ({ pointer: instancePath, code: 'malformed', detail, hint })

  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(instancePath, String(params.additionalProperty), Object.keys(schema.properties ?? {}))
    case 'required':
      return problem(
        `${at} lacks ${params.missingProperty}`,
        `add ${params.missingProperty}: ${wanted(schema.properties?.[String(params.missingProperty)] ?? {})}`,
      )
    case 'enum': {
      const values = params.allowedValues as readonly string[]
      return problem(`${at} is ${brief(data)}`, `write ${near(String(data), values) ?? oneOf(values)}`)
    }
    case 'type':
    case 'anyOf': {
      const kind = schema.type === undefined && schema.anyOf === undefined ? { type: String(params.type) } : schema
      return problem(`${at} is ${brief(data)} and must be ${wanted(kind)}`, hintFor(kind, data))
    }
    case 'minimum':
    case 'maximum':
      return problem(
        `${at} is ${brief(data)}`,
        `write ${schema.type === undefined ? `a number ${params.comparison} ${params.limit}` : wanted(schema)}`,
      )
    case 'pattern':
      return problem(
        `${at} is ${brief(data)}, which has not the form that it needs`,
        `write ${example(schema) ?? `a text that matches ${params.pattern}`}`,
      )
    default:
      return problem(`${at} ${error.message ?? 'is wrong'}`, `write ${example(schema) ?? wanted(schema)}`)
  }
}

function unknownField(path: string, field: string, known: readonly string[]): Problem {
  const meant = near(field, known)
  const fields = known.length === 0 ? 'leave it out' : `leave it out; the fields are ${known.join(', ')}`

  return {
    pointer: path + pointer(field),
    code: 'unknown_field',
    detail: `${nameOf(path)} has no field ${brief(field)}`,
    hint: meant === undefined ? fields : `write ${meant}`,
  }
}

function wanted(schema: Keywords): string {
  const { minimum, maximum } = schema

  if (schema.anyOf !== undefined) return schema.anyOf.map(wanted).join(', or ')
  if (schema.enum !== undefined) return oneOf(schema.enum)
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

function hintFor(schema: Keywords, value: unknown): string {
  const types = [schema, ...(schema.anyOf ?? [])].map(option => option.type ?? (option.enum === undefined ? '' : 'string'))

  if (typeof value === 'string' && types.some(type => type === 'integer' || type === 'number') && /^[0-9]+$/.test(value))
    return `write ${value} without quotes`
  if (typeof value === 'number' && types.includes('string')) return `write "${value}" in quotes`
  if (types.includes('array') && (typeof value === 'string' || typeof value === 'number'))
    return `write [${JSON.stringify(String(value).slice(0, 60))}]`
  if (value === null) return 'leave it out'
  return `write ${schema.anyOf === undefined ? (example(schema) ?? wanted(schema)) : wanted(schema)}`
}

function example(schema: Keywords): string | undefined {
  return schema.examples?.[0] === undefined ? undefined : JSON.stringify(schema.examples[0])
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}

/** `destinationPorts[0]`: an index alone says nothing. */
function nameOf(path: string): string {
  const [before, last] = path
    .split('/')
    .slice(-2)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~').slice(0, 80))

  if (last === undefined) return 'the document'
  return /^[0-9]+$/.test(last) && before !== '' ? `${before}[${last}]` : last
}

/** Values come from outside and go into messages. */
function brief(value: unknown): string {
  if (value === undefined) return 'wrong'
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, 60) : value)
  return typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'an object') : text
}

/** The one of `words` that was probably meant: at most two slips away. */
function near(word: string, words: readonly string[]): string | undefined {
  if (word.length > 40) return undefined
  const ranked = words.map(candidate => ({ candidate, slips: distance(word, candidate) })).sort((a, b) => a.slips - b.slips)
  const best = ranked[0]

  return best !== undefined && best.slips <= 2 && best.slips < best.candidate.length / 2 ? best.candidate : undefined
}

/** Levenshtein's, row by row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)

  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++)
      next.push(Math.min((next[j] as number) + 1, (row[j + 1] as number) + 1, (row[j] as number) + (letter === b[j] ? 0 : 1)))
    row = next
  }
  return row[b.length] as number
}
