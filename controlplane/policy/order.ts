/** Rules in the order in which they are asked, each direction for itself. */
import { defaultPriority, type PolicyDocument, type RuleValue } from './document.ts'

export interface OrderedRule {
  readonly name: string
  readonly rule: RuleValue
}

export const directions = ['ingress', 'egress'] as const
export type Direction = (typeof directions)[number]

/** By priority, then by name in byte order; a rule's index is its bit in every vector. Disabled rules keep their place. */
export function orderRules(policy: PolicyDocument, direction: Direction): OrderedRule[] {
  const rules = Object.entries(policy.rules ?? {}).filter(([, rule]) => rule.direction === direction)

  return rules
    .map(([name, rule]) => ({ name, rule }))
    .sort((a, b) => (a.rule.priority ?? defaultPriority) - (b.rule.priority ?? defaultPriority) || (a.name < b.name ? -1 : 1))
}

/** Names are ASCII, so that the order of JavaScript is that of bytes. */
export function sortedEntries<Value>(object: Readonly<Record<string, Value>> | undefined): [string, Value][] {
  return Object.entries(object ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
}
