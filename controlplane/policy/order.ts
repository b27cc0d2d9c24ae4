/** Rules in the order in which they are asked, each direction for itself. */
import { type Blocks, cut } from './blocks.ts'
import { changedNames } from './changed.ts'
import { defaultPriority, type PolicyDocument, type RuleValue } from './document.ts'

export interface OrderedRule {
  readonly name: string
  readonly rule: RuleValue
}

export const directions = ['ingress', 'egress'] as const
export type Direction = (typeof directions)[number]

type Rules = NonNullable<PolicyDocument['rules']>

/** Of one direction. */
interface Order {
  readonly list: readonly OrderedRule[]
  readonly blocks: Blocks<OrderedRule>
}

type Ordered = Readonly<Record<Direction, Order>>

/** The rules that were ordered last: those of the next document are mostly the same. */
let last: { readonly rules: Rules; readonly order: Ordered } = {
  rules: {},
  order: { ingress: { list: [], blocks: [] }, egress: { list: [], blocks: [] } },
}

/** By priority, then by name in byte order; a rule's index is its bit in every vector. Disabled rules keep their place. */
export function orderRules(policy: PolicyDocument, direction: Direction): readonly OrderedRule[] {
  return orderOf(policy)[direction].list
}

/** The same rules of both directions in blocks, which are the same objects for as long as their rules are. */
export function ruleBlocks(policy: PolicyDocument): Blocks<OrderedRule> {
  const order = orderOf(policy)
  return directions.flatMap(direction => order[direction].blocks)
}

function orderOf({ rules = {} }: PolicyDocument): Ordered {
  if (last.rules !== rules) last = { rules, order: orderAfter(last.rules, last.order, rules) }
  return last.order
}

function orderAfter(before: Rules, order: Ordered, rules: Rules): Ordered {
  const { changed, gone } = changedNames(before, rules)
  const stale = new Set([...changed, ...gone])
  const fresh = changed.map(name => ({ name, rule: rules[name] as RuleValue })).sort(comesBefore)
  const merge = (direction: Direction): Order => {
    const { list: earlier, blocks } = order[direction]
    const list = merged(
      earlier.filter(({ name }) => !stale.has(name)),
      fresh.filter(({ rule }) => rule.direction === direction),
    )
    return { list, blocks: cut(list, blocks) }
  }
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
