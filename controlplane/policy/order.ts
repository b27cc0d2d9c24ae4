/** Rules in the order in which they are asked, each direction for itself. */
import { defaultPriority, type PolicyDocument, type RuleValue } from './document.ts'

export interface OrderedRule {
  readonly name: string
  readonly rule: RuleValue
}

export const directions = ['ingress', 'egress'] as const
export type Direction = (typeof directions)[number]

const ordered = new WeakMap<object, Record<Direction, readonly OrderedRule[]>>()

/** By priority, then by name in byte order. Disabled rules keep their place. Sorted once for each object of rules. */
export function orderRules({ rules = {} }: PolicyDocument, direction: Direction): readonly OrderedRule[] {
  let both = ordered.get(rules)

  if (both === undefined) {
    const all = Object.keys(rules)
      .map((name): OrderedRule => ({ name, rule: rules[name] as RuleValue }))
      .sort((a, b) => (a.rule.priority ?? defaultPriority) - (b.rule.priority ?? defaultPriority) || (a.name < b.name ? -1 : 1))

    both = {
      ingress: all.filter(({ rule }) => rule.direction === 'ingress'),
      egress: all.filter(({ rule }) => rule.direction === 'egress'),
    }
    ordered.set(rules, both)
  }
  return both[direction]
}

/** Names are ASCII, so that the order of JavaScript is that of bytes. */
export function sortedEntries<Value>(object: Readonly<Record<string, Value>> | undefined): [string, Value][] {
  return Object.entries(object ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
}
