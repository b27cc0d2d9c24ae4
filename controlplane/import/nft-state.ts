/** A rule of nftables as far as it was read, and the words that are left. */
import { type Ask, isAsk, meet } from './meet.ts'
import type { Asked } from './nft-select.ts'
import type { NftTable } from './nft-tables.ts'
import type { Word } from './nft-text.ts'
import type { Notes } from './note.ts'
import type { ForeignRule, Rate, Target } from './ruleset.ts'
import type { KnownSets } from './sets.ts'

export interface RuleContext {
  readonly table: NftTable
  readonly sets: KnownSets
  /** Of a set of this table, as KnownSets knows it. */
  readonly key: (name: string) => string
  readonly notes: Notes
  readonly nat: boolean
}

export interface State {
  readonly line: number
  readonly text: string
  readonly asks: (readonly Ask[])[]
  readonly not: Ask[]
  rate?: Rate
  cannot?: string
  /** Whether something that decides has been read. */
  readonly rules: ForeignRule[]
}

export type Rest = Word[]
export const peek = (rest: Rest) => rest[0]?.text ?? ''

export function take(rest: Rest, ...texts: readonly string[]): boolean {
  if (!texts.every((text, at) => rest[at]?.text === text)) return false
  rest.splice(0, texts.length)
  return true
}

export function addTo(state: State, { asks, not }: Asked): undefined {
  state.asks.push(...asks)
  state.not.push(...not)
}

export function finished({ line, text, asks, not, rate, cannot }: State, target: Target): ForeignRule {
  let all: Ask[] = [{}]
  let why = cannot
  for (const alternatives of asks) {
    const met = all.flatMap(one => alternatives.map(other => meet(one, other)))
    if (met.some(one => one !== 'nothing' && !isAsk(one))) why ??= 'what it asks for cannot be said in one rule'
    all = met.filter(isAsk)
  }
  if (all.some(ask => (ask.sourcePorts ?? ask.destinationPorts) !== undefined && ![6, 17, 132].includes(Number(ask.protocol))))
    why ??= 'ports are known of tcp, udp and sctp alone: name the protocol'
  return { line, text, asks: all, not, ...(rate === undefined ? {} : { rate }), target, ...(why === undefined ? {} : { cannot: why }) }
}
