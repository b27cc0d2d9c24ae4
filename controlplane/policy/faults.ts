/** What a general validator says of a value, in our words: for queries, paths, and bodies that are no policy. */
import { type Problem, pointer } from './problem.ts'

/** An error of Ajv, which is all that is asked of it. */
export interface SchemaError {
  readonly keyword: string
  readonly instancePath: string
  readonly schemaPath: string
  readonly message?: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Maps whose keys are names that people choose: what is additional there is a name of the wrong form. */
const namedMaps = /^(\/(interfaces|sets|rules|services|detectors)|.*\/(labels|backends))$/

/** One problem for each fault; of alternatives only the one whose type fits, or that there is none. */
export function problemsOfErrors (errors: readonly SchemaError[]): Problem[] {
  const open = new Set(errors.filter(error => error.keyword === 'anyOf').map(error => error.instancePath))
  const unfit = (error: SchemaError) => error.keyword === 'type' || error.keyword === 'enum'
  const fits = (path: string) => errors.some(error => error.instancePath.startsWith(`${path}/`)
    || (error.instancePath === path && error.keyword !== 'anyOf' && !unfit(error)))

  return errors
    .filter(error => !open.has(error.instancePath) || (fits(error.instancePath) ? error.keyword !== 'anyOf' && !unfit(error) : error.keyword === 'anyOf'))
    .map(error => problemOf(error, errors))
}

function problemOf (error: SchemaError, errors: readonly SchemaError[]): Problem {
  const { keyword, instancePath, params } = error
  const at = instancePath === '' ? 'the document' : instancePath.slice(instancePath.lastIndexOf('/') + 1)
  const problem = (detail: string, hint: string): Problem => ({ pointer: instancePath, code: 'malformed', detail, hint })

  switch (keyword) {
    case 'additionalProperties':
      return additional(instancePath, at, String(params['additionalProperty']))
    case 'required':
      return problem(`${at} lacks ${params['missingProperty']}`, `add ${params['missingProperty']}`)
    case 'enum':
      return problem(`${at} is none of the values that it can have`, `write ${alternatives(error)}`)
    case 'type':
      return problem(`${at} is not of the right type`, `write a value of type ${params['type']}`)
    case 'anyOf':
      return problem(`${at} fits none of its forms`, `write ${errors.filter(other => other.instancePath === instancePath && other !== error).map(alternatives).join(', or ')}`)
    case 'minimum':
    case 'maximum':
      return problem(`${at} is out of range`, `write a number ${params['comparison']} ${params['limit']}`)
    case 'pattern':
      return problem(`${at} is not of the form that it needs`, `write a text that matches ${params['pattern']}`)
    default:
      return problem(`${at} ${error.message ?? 'is wrong'}`, 'see the API\'s pages under /docs')
  }
}

function additional (path: string, at: string, key: string): Problem {
  return namedMaps.test(path)
    ? { pointer: path + pointer(key), code: 'malformed', detail: `${JSON.stringify(key.slice(0, 80))} is no name`, hint: 'write a name as /docs tells, such as web-1' }
    : { pointer: path + pointer(key), code: 'unknown_field', detail: `${at} has no field ${JSON.stringify(key.slice(0, 80))}`, hint: 'leave it out, or see its name under /docs' }
}

function alternatives ({ keyword, params }: SchemaError): string {
  const values = params['allowedValues']

  return Array.isArray(values) ? values.join(', ') : keyword === 'type' ? `a value of type ${params['type']}` : 'another value'
}
