/** Ajv as the API uses it: all errors at once, nothing coerced and nothing dropped in bodies, and errors told as faults. */
import { Ajv2020 as Ajv, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import type { FastifySchemaCompiler } from 'fastify'
import { type Fault, type RequestError, refuse } from '../errors.ts'
import { pointer } from '../policy/problem.ts'
import { problemsOfErrors } from '../policy/shape.ts'
import { components } from './schemas.ts'

/** A body that the handler reads by itself, line by line. */
export const streamFormat = 'stream'

const shared = components()

function ajv(coerceTypes: false | 'array') {
  // `verbose` is what hints are made of: the value that was sent, and the schema beside it. Formats are for readers of the API's pages.
  return new Ajv({
    allErrors: true,
    verbose: true,
    coerceTypes,
    removeAdditional: false,
    useDefaults: false,
    strict: false,
    validateFormats: false,
    schemas: shared,
  })
}
const strict = ajv(false)
/** Parameters are text: `limit=10` is a number there, and one `label` a list. */
const coercing = ajv('array')

export const validatorCompiler: FastifySchemaCompiler<Record<string, unknown>> = ({ schema, httpPart }) => {
  if (schema.format === streamFormat) return () => true
  return (httpPart === 'querystring' || httpPart === 'params' ? coercing : strict).compile(schema)
}

/** What Fastify calls when a validator says no. */
export function schemaError(found: unknown, where: string): RequestError {
  const faults = toldAsFaults(found as ErrorObject[])
  if (where === 'body') return refuse(faults)
  const part = where === 'params' ? 'the path' : 'the query'
  return refuse(faults.map(fault => ({ ...fault, pointer: '', detail: `${fault.pointer.slice(1)} in ${part}: ${fault.detail}` })))
}

const compiled = new Map<string, ValidateFunction>()

/** Faults of a value that did not come as a body, such as one that a patch was merged into. */
export function faultsOf(component: string, value: unknown): Fault[] {
  const validate = compiled.get(component) ?? strict.compile({ $ref: `${component}#` })
  compiled.set(component, validate)
  return validate(value) ? [] : toldAsFaults(validate.errors ?? [])
}

/** Names of map keys are a matter of their own: what Ajv says of them stands at the map, and twice. */
function toldAsFaults(found: readonly ErrorObject[]): Fault[] {
  const names = found
    .filter(({ keyword }) => keyword === 'propertyNames')
    .map(({ instancePath, params }): Fault => {
      const { propertyName } = params as { propertyName: string }
      return {
        pointer: instancePath + pointer(propertyName),
        code: 'malformed',
        detail: `"${propertyName}" is not a name that can stand here`,
        hint: `names match ${patternOf(found, instancePath, propertyName)}`,
      }
    })
  return [
    ...names,
    ...problemsOfErrors(found.filter(({ keyword, propertyName }) => keyword !== 'propertyNames' && propertyName === undefined)),
  ]
}

function patternOf(found: readonly ErrorObject[], at: string, name: string): string {
  const error = found.find(
    ({ keyword, instancePath, propertyName }) => keyword === 'pattern' && instancePath === at && propertyName === name,
  )
  return (error?.params as { pattern?: string } | undefined)?.pattern ?? 'a pattern'
}
