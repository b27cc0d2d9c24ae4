/** Rules in the order in which they are asked, each direction for itself. */
import { changedNames } from './changed.ts'
import { defaultPriority, type PolicyDocument, type RuleValue } from './document.ts'

export interface OrderedRule {
  readonly name: string
  readonly rule: RuleValue
}

export const directions = ['ingress', 'egress'] as const
export type Direction = (typeof directions)[number]

type Rules = NonNullable<PolicyDocument['rules']>
type Ordered = Readonly<Record<Direction, readonly OrderedRule[]>>

/** The rules that were ordered last: those of the next document are mostly the same. */
let last: { readonly rules: Rules; readonly order: Ordered } = { rules: {}, order: { ingress: [], egress: [] } }

/** By priority, then by name in byte order; a rule's index is its bit in every vector. Disabled rules keep their place. */
export function orderRules({ rules = {} }: PolicyDocument, direction: Direction): readonly OrderedRule[] {
  if (last.rules !== rules) last = { rules, order: orderAfter(last.rules, last.order, rules) }
  return last.order[direction]
}

function orderAfter(before: Rules, order: Ordered, rules: Rules): Ordered {
  const { changed, gone } = changedNames(before, rules)
  const stale = new Set([...changed, ...gone])
  const fresh = changed.map(name => ({ name, rule: rules[name] as RuleValue })).sort(comesBefore)
  const merge = (direction: Direction) =>
    merged(
      order[direction].filter(({ name }) => !stale.has(name)),
      fresh.filter(({ rule }) => rule.direction === direction),
    )
  return { ingress: merge('ingress'), egress: merge('egress') }
}

function merged(kept: readonly OrderedRule[], fresh: readonly OrderedRule[]): readonly OrderedRule[] {
  if (fresh.length === 0) return kept
  const all: OrderedRule[] = []
  let next = 0
  for (const rule of kept) {
    while (next < fresh.length && comesBefore(fresh[next] as OrderedRule, rule) < 0) all.push(fresh[next++] as OrderedRule)
    all.push(rule)
  }
  while (next < fresh.length) all.push(fresh[next++] as OrderedRule)
  return all
}

function comesBefore(a: OrderedRule, b: OrderedRule): number {
  return (a.rule.priority ?? defaultPriority) - (b.rule.priority ?? defaultPriority) || (a.name < b.name ? -1 : 1)
}

/** Names are ASCII, so that the order of JavaScript is that of bytes. */
export function sortedEntries<Value>(object: Readonly<Record<string, Value>> | undefined): [string, Value][] {
  return Object.entries(object ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
}
