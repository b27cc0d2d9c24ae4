/** Sets of the original that rules may name, and what naming them asks. */
import type { Entry, SetValue } from '../policy/document.ts'
import { type Ask, type Inexact, isAsk, meet } from './meet.ts'
import type { Family } from './ranges.ts'

/** One thing that an element of a set of several columns asks: an address, a port, a protocol and a port. */
export type Column = { readonly prefix: string } | { readonly port: string; readonly protocol?: number }

export interface ForeignSet {
  /** Of addresses alone: it becomes a set of the policy. */
  readonly entries?: readonly Entry[]
  /** Of several columns: it becomes rules, one for each element. */
  readonly rows?: readonly (readonly Column[])[]
  /** Why neither. */
  readonly cannot?: string
}

/** More elements of several columns would be more rules than people read. */
const maxRows = 256

export class KnownSets {
  readonly #sets: ReadonlyMap<string, ForeignSet>
  readonly #name: (name: string) => string
  /** Sets that some rule names and that nobody has declared. */
  readonly missing = new Set<string>()

  constructor(sets: ReadonlyMap<string, ForeignSet>, name: (name: string) => string) {
    this.#sets = sets
    this.#name = name
  }

  /** `sides`: `src` or `dst` for each column. Each of the answers alone is enough. */
  asks(name: string, sides: readonly string[], family: Family | undefined): { readonly asks: readonly Ask[] } | Inexact {
    const set = this.#sets.get(name)
    if (set?.cannot !== undefined) return { cannot: `the set ${name} cannot be carried over: ${set.cannot}` }
    if (set?.rows === undefined) {
      if (set === undefined) this.missing.add(name)
      if (sides.length !== 1) return { cannot: `the set ${name} is asked for ${sides.join(' and ')}, and is not one of several columns` }
      const list = [`@${this.#name(name)}`]
      return { asks: [{ ...(family && { family }), [sides[0] === 'src' ? 'source' : 'destination']: list }] }
    }
    if (set.rows.length > maxRows)
      return { cannot: `the set ${name} has ${set.rows.length} elements of several columns, more than ${maxRows} rules` }
    if (set.rows.length === 0) return { cannot: `the set ${name} is empty: who fills it has to write rules` }
    return { asks: set.rows.map(row => rowAsk(row, sides)).filter(ask => ask !== undefined) }
  }

  values(): Record<string, SetValue> {
    const values: Record<string, SetValue> = {}
    for (const [name, { entries }] of this.#sets)
      if (entries !== undefined) values[this.#name(name)] = { description: `of the set ${name}`, entries: [...entries] }
    for (const name of this.missing) values[this.#name(name)] = { description: `of the set ${name}, which was not in the file` }
    return values
  }
}

function rowAsk(row: readonly Column[], sides: readonly string[]): Ask | undefined {
  let ask: Ask = {}
  for (const [at, column] of row.entries()) {
    const source = sides[at] === 'src'
    const one: Ask =
      'prefix' in column
        ? { [source ? 'source' : 'destination']: [column.prefix] }
        : {
            [source ? 'sourcePorts' : 'destinationPorts']: [column.port],
            ...(column.protocol === undefined ? {} : { protocol: column.protocol }),
          }
    const met = meet(ask, one)
    if (!isAsk(met)) return undefined
    ask = met
  }
  return ask
}
