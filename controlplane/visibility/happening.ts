/** What happens and is told: one word for each kind, and what somebody may ask for of it. */
import { covers } from '../policy/prefix.ts'
import type { PrefixKey } from '../policy/tables.ts'

/** `connection` can be asked for, and is not told yet. */
export const happeningTypes = ['drop', 'match', 'connection', 'detection', 'health', 'policy', 'attach', 'lost'] as const
export type HappeningType = (typeof happeningTypes)[number]

export interface Happening {
  readonly type: HappeningType
  /** Milliseconds since 1970. */
  readonly time: number
  readonly rule?: string
  readonly reason?: string
  /** The address that a packet came from. */
  readonly source?: PrefixKey
  /** Of `lost`: what may be missing. */
  readonly missing?: readonly HappeningType[]
  /** All that is told beside the time. Made when somebody wants it. */
  readonly data: () => object
}

/** Of the fields that are given, each must hold. */
export interface Filter {
  readonly types: ReadonlySet<HappeningType>
  readonly rule?: string
  readonly reasons?: ReadonlySet<string>
  readonly source?: PrefixKey
}

export function isWanted(happening: Happening, { types, rule, reasons, source }: Filter): boolean {
  const { type, missing } = happening
  if (type === 'lost') return missing === undefined || types.has('lost') || missing.some(one => types.has(one))
  return (
    types.has(type) &&
    (rule === undefined || happening.rule === rule) &&
    (reasons === undefined || (happening.reason !== undefined && reasons.has(happening.reason))) &&
    (source === undefined || (happening.source !== undefined && covers(source, happening.source)))
  )
}
