/** One rule of nftables: its words read from left to right, into what it asks and what becomes of the packet. */
import type { Ask } from './meet.ts'
import { readEffect, readRate, readTarget } from './nft-effect.ts'
import { askAll, type Columns, concatenated, readSelector, valuesOf } from './nft-match.ts'
import type { Selector } from './nft-select.ts'
import { readSpecial } from './nft-special.ts'
import { addTo, finished, type Rest, type RuleContext, type State, take } from './nft-state.ts'
import { textOf, type Word } from './nft-text.ts'
import type { ForeignRule } from './ruleset.ts'

/** Several where a map decides by what the packet has. */
export function readNftRule(words: readonly Word[], context: RuleContext): ForeignRule[] {
  const state: State = { line: words[0]?.line ?? 0, text: textOf(words), asks: [], not: [], rules: [] }
  const rest = [...words]
  while (rest.length > 0) {
    const before = rest.length
    readTerm(rest, state, context)
    if (rest.length === before) throw new Error(`stuck at ${rest[0]?.text}`)
  }
  if (state.rules.length > 0) return state.rules
  if (state.cannot === undefined) return []
  return [finished(state, { kind: 'none' })]
}

function readTerm(rest: Rest, state: State, context: RuleContext): undefined {
  const effect = readEffect(rest, state, context)
  if (effect) return
  const target = readTarget(rest)
  if (target !== undefined) {
    if (context.nat && target.kind !== 'none') return
    if (target.kind === 'reject') addTo(state, { asks: [askedByAnswer(target.answer)], not: [] })
    state.rules.push(finished(state, target))
    return
  }
  if (take(rest, 'limit', 'rate')) return readRate(rest, state)
  if (take(rest, 'ct', 'count', 'over')) {
    state.rate = { limit: { maxConnections: Number(rest.shift()?.text), per: 'rule' }, beyond: true }
    return
  }
  readMatch(rest, state, context)
}

/** What can be answered in this way alone meets the rule, although its words do not ask for it. */
function askedByAnswer(answer: string): readonly Ask[] {
  if (answer === 'tcp-reset') return [{ protocol: 6 }]
  if (answer.startsWith('icmp ')) return [{ family: 4 }]
  return answer.startsWith('icmpv6 ') ? [{ family: 6 }] : [{}]
}

function readMatch(rest: Rest, state: State, context: RuleContext): undefined {
  const columns: (readonly [string, Selector])[] = []
  for (;;) {
    const found = readSelector(rest)
    if (found === undefined) return readSpecial(rest, state)
    columns.push(found)
    if (!take(rest, '.')) break
  }
  const not = take(rest, '!=')
  if (!not) take(rest, '==')
  if (take(rest, 'vmap')) return readMap(rest, columns, state, context)
  const values = valuesOf(rest)
  const asked = askAll(columns, values, not, context)
  if ('cannot' in asked) state.cannot ??= asked.cannot
  else addTo(state, asked)
}

/** Each element of the map is a rule: their keys exclude each other. */
function readMap(rest: Rest, columns: Columns, state: State, context: RuleContext): undefined {
  const values = valuesOf(rest)
  const name = values[0]?.[0]?.text ?? ''
  const set = name.startsWith('@') ? context.table.sets.get(name.slice(1)) : undefined
  const elements = name.startsWith('@') ? (set?.elements ?? []) : values
  if (set?.dynamic || (name.startsWith('@') && set === undefined)) {
    state.cannot ??= `the map ${name.slice(1)} changes while packets go on, or is not in this table`
    state.rules.push(finished(state, { kind: 'drop' }))
    return
  }
  for (const element of elements) {
    const colon = element.findIndex(({ text, quoted }) => text === ':' && !quoted)
    const [key, verdict] = [element.slice(0, colon), element.slice(colon + 1)]
    const target = readTarget(verdict)
    const own: State = { ...state, asks: [...state.asks], not: [...state.not] }
    const asked =
      target === undefined
        ? { cannot: `${textOf(element)} is no verdict` }
        : columns.length > 1
          ? concatenated(columns, [key], false)
          : askAll(columns, [key], false, context)
    if ('cannot' in asked) own.cannot ??= asked.cannot
    else addTo(own, asked)
    if (!context.nat) state.rules.push(finished(own, target ?? { kind: 'drop' }))
  }
}
