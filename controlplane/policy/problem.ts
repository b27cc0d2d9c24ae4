/** What is wrong with a request, or doubtful: values that check.ts and its neighbours return and the API passes on. */

export type ProblemCode =
  | 'malformed'
  | 'unknown_field'
  | 'host_bits'
  | 'unknown_set'
  | 'empty_match'
  | 'cannot_match'
  | 'unsupported'
  | 'capacity_exceeded'
  | 'service_duplicate'
  | 'management_cut_off'
  | 'too_many_inline'
  | 'too_wide'
  | 'protected'
  | 'read_only'

/** `pointer` is RFC 6901 from the root of the policy document; `hint` says what to type instead. */
export interface Problem {
  readonly pointer: string
  readonly code: ProblemCode
  readonly detail: string
  readonly hint?: string
  /** Of `capacity_exceeded`: how much there is, would be and may be. */
  readonly capacity?: { readonly table: string; readonly used: number; readonly after: number; readonly max: number }
}

/** Listed in docs/errors.md. */
export const warningCodes = [
  'cannot_match',
  'shadowed',
  'duplicate',
  'tie_overlap',
  'no_established_rule',
  'interface_absent',
  'expired',
] as const
export type WarningCode = (typeof warningCodes)[number]

export interface Warning {
  readonly pointer: string
  readonly code: WarningCode
  readonly detail: string
}

/** RFC 6901: `~` and `/` inside a key are escaped. */
export function pointer(...keys: readonly (string | number)[]): string {
  return keys.map(key => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
