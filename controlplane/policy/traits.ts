/** What enabled rules ask of the side as a whole: packets pay for nothing that none of them asks for. */
import { State } from '../dataplane/abi.ts'
import { perBlock } from './blocks.ts'
import type { PolicyDocument } from './document.ts'
import { type OrderedRule, ruleBlocks } from './order.ts'
import { asksForTransport, wantsOf } from './wants.ts'

const questions = {
  sources: ({ rule: { match } }: OrderedRule) => match.source !== undefined || match.notSource !== undefined,
  egress: ({ rule }: OrderedRule) => rule.direction === 'egress',
  transport: ({ rule }: OrderedRule) => asksForTransport(wantsOf(rule)),
  /** Whether where a packet stands in its connection decides anything. */
  states: ({ rule }: OrderedRule) => wantsOf(rule).states?.some(state => state !== State.untracked) ?? false,
  connections: ({ rule }: OrderedRule) => rule.limit?.maxConnections !== undefined,
  sharedLimits: ({ rule }: OrderedRule) => rule.action === 'limit' && (rule.limit?.per ?? 'rule') !== 'rule',
  ends: ({ rule }: OrderedRule) => rule.expiresAt !== undefined,
} as const

export type Trait = keyof typeof questions

const names = Object.keys(questions) as Trait[]

const traitsOf = perBlock((block: readonly OrderedRule[]) => {
  const enabled = block.filter(({ rule }) => rule.enabled !== false)
  return names.filter(name => enabled.some(questions[name]))
})

export function ruleTraits(policy: PolicyDocument): ReadonlySet<Trait> {
  return new Set(traitsOf(ruleBlocks(policy)).flat())
}
