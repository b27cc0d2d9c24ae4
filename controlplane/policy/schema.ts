/** Small pieces that the schemas of a policy are built from: objects that refuse unknown fields, maps by name, labels, durations. */
import { type Static, type TObjectOptions, type TProperties, type TSchema, Type } from 'typebox'

/** Patterns of names. Ours never begin with @, so that `@local` and `@services` cannot be taken. */
export const names = {
  object: '^[a-z0-9][a-z0-9._-]{0,62}$',
  interface: '^([A-Za-z0-9._@-]{1,15}|[A-Za-z0-9._@-]{0,14}\\*)$',
} as const

/** An object with these fields and no others. */
export function object<Fields extends TProperties>(fields: Fields, options: TObjectOptions = {}) {
  return Type.Object(fields, { ...options, additionalProperties: false })
}

/** An object whose keys are names that people choose. */
export function map<Value extends TSchema>(pattern: string, value: Value, description: string, example?: string) {
  return Type.Unsafe<Record<string, Static<Value>>>({
    type: 'object',
    description: example === undefined ? description : `${description}, such as ${example}`,
    patternProperties: { [pattern]: value },
    additionalProperties: false,
  })
}

export const labelsSchema = map('^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$', Type.String({ maxLength: 253 }), 'Words to find an object by')
export const commentSchema = Type.String({ maxLength: 1000, description: 'For people', examples: ['see ticket 1234'] })

/** A duration as text: `30s`, `10m`, `1h`, `7d`. */
export function intervalSchema(description: string, example: string) {
  return Type.String({ pattern: '^[1-9][0-9]{0,8}(ms|s|m|h|d)$', description, examples: [example] })
}

/** A list of prefixes or references to sets; the schema lets an empty one through, for check.ts to explain. */
export function prefixesSchema(description: string, example: string[]) {
  return Type.Array(Type.String(), { description, examples: [example] })
}

/** Ports as text, so that one field takes both `80` and `8000-8100`. */
export function portsSchema(description: string) {
  return Type.Array(Type.String(), { description, examples: [['80', '8000-8100']] })
}
