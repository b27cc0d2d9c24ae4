/** What is allowed and yet often a mistake. */
import { perBlock } from './blocks.ts'
import { fits } from './classes.ts'
import { contradictionsOf } from './contradiction.ts'
import { defaultPriority, type PolicyDocument, type RuleValue } from './document.ts'
import { directions, type OrderedRule, orderRules, ruleBlocks } from './order.ts'
import { extentOf, overlap } from './overlap.ts'
import type { Report } from './report.ts'
import { shadowsOf } from './shadows.ts'

/** Ties are looked for pair by pair: so many pairs, and no write waits for longer than some tens of milliseconds. */
const maxTiePairs = 100_000
const maxWarnings = 100

/** Replies are let in by no rule but one that says so. */
export function warnOfDefaultDeny(policy: PolicyDocument, report: Report): void {
  const letsReplies = ({ enabled, action, enforcement, match }: RuleValue) =>
    enabled !== false && action === 'allow' && enforcement !== 'observe' && match.state?.includes('established')

  for (const direction of directions)
    if (policy.defaults[direction] === 'deny' && !orderRules(policy, direction).some(({ rule }) => letsReplies(rule)))
      report.warn(
        ['defaults', direction],
        'no_established_rule',
        `${direction}: deny also drops replies of connections that the other direction allows; allow them by a rule with state: ["established", "related"]`,
      )
}

/** Of pairs of which one is among `fresh`: of the others it was said when they came in. */
export function warnOfTies(policy: PolicyDocument, fresh: readonly string[], report: Report): void {
  if (fresh.length === 0) return
  const looked = new Set(fresh)
  let pairs = 0
  let warnings = 0

  for (const direction of directions) {
    const rules = orderRules(policy, direction)
    const priorityOf = (at: number) => rules[at]?.rule.priority ?? defaultPriority

    for (const [at, { name, rule }] of rules.entries()) {
      if (!looked.has(name) || rule.enabled === false) continue
      let first = at
      // A pair of fresh rules is met at the first of them.
      while (first > 0 && priorityOf(first - 1) === priorityOf(at)) first--
      for (let other = first; other < rules.length && priorityOf(other) === priorityOf(at); other++) {
        const there = rules[other] as OrderedRule
        if (other === at || (other < at && looked.has(there.name))) continue
        if (++pairs > maxTiePairs) return
        if (there.rule.enabled === false || there.rule.action === rule.action || !overlap(extentOf(rule), extentOf(there.rule))) continue
        const [winner, loser] = other < at ? [there.name, name] : [name, there.name]
        report.warn(
          ['rules', loser],
          'tie_overlap',
          `may match what ${winner} matches, at the same priority and with another action; ${winner} comes first by its name`,
        )
        if (++warnings === maxWarnings) return
      }
    }
  }
}

/** A rule that can match nothing does not do what its author meant. */
export function warnOfContradictions(policy: PolicyDocument, report: Report): void {
  for (const { name, field, detail } of contradictionsIn(ruleBlocks(policy)).flat().slice(0, maxWarnings))
    report.warn(['rules', name, 'match', field], 'cannot_match', `${detail}, so that the rule matches nothing`)
}

const contradictionsIn = perBlock((block: readonly OrderedRule[]) =>
  block.flatMap(({ name, rule }) => contradictionsOf(rule).map(contradiction => ({ name, ...contradiction }))),
)

/** Nor does one that comes too late. */
export function warnOfShadows(policy: PolicyDocument, report: Report): void {
  for (const direction of directions)
    for (const { rule, by, duplicate } of shadowsOf(orderRules(policy, direction))?.slice(0, maxWarnings) ?? [])
      report.warn(
        ['rules', rule],
        duplicate ? 'duplicate' : 'shadowed',
        duplicate ? `does what ${by} does, which comes first` : `matches nothing that ${by}, which comes first, does not decide`,
      )
}

/** A device may come later; until then nothing is enforced on it. */
export function warnOfAbsentDevices(policy: PolicyDocument, devices: readonly string[] | undefined, report: Report): void {
  if (devices === undefined) return
  const absent = (name: string) => !devices.some(device => fits(device, name))

  for (const name of Object.keys(policy.interfaces))
    if (absent(name))
      report.warn(['interfaces', name], 'interface_absent', `this host has no device ${name}; it is attached when it appears`)
  for (const { name, rule } of rulesOfDevices(ruleBlocks(policy)).flat())
    if (rule.interfaces?.every(absent))
      report.warn(
        ['rules', name, 'interfaces'],
        'interface_absent',
        'this host has none of these devices; the rule matches when one appears',
      )
}

const rulesOfDevices = perBlock((block: readonly OrderedRule[]) =>
  block.filter(({ rule: { enabled, interfaces } }) => enabled !== false && interfaces !== undefined),
)
