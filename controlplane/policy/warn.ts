/** What is allowed and yet often a mistake. */
import { fits } from './classes.ts'
import { contradictionsOf } from './contradiction.ts'
import { defaultPriority, type PolicyDocument, type RuleValue } from './document.ts'
import { directions, orderRules } from './order.ts'
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

export function warnOfTies(policy: PolicyDocument, report: Report): void {
  let pairs = 0
  let warnings = 0

  for (const direction of directions) {
    const rules = orderRules(policy, direction).filter(({ rule }) => rule.enabled !== false)

    for (const [at, { name, rule }] of rules.entries()) {
      for (let next = at + 1; next < rules.length; next++) {
        const other = rules[next] as (typeof rules)[number]

        if ((other.rule.priority ?? defaultPriority) !== (rule.priority ?? defaultPriority)) break
        if (++pairs > maxTiePairs) return
        if (other.rule.action === rule.action || !overlap(extentOf(rule), extentOf(other.rule))) continue
        report.warn(
          ['rules', other.name],
          'tie_overlap',
          `may match what ${name} matches, at the same priority and with another action; ${name} comes first by its name`,
        )
        if (++warnings === maxWarnings) return
      }
    }
  }
}

/** A rule that can match nothing does not do what its author meant. */
export function warnOfContradictions(policy: PolicyDocument, report: Report): void {
  let warnings = 0

  for (const [name, rule] of Object.entries(policy.rules ?? {}))
    for (const { field, detail } of contradictionsOf(rule)) {
      if (++warnings > maxWarnings) return
      report.warn(['rules', name, 'match', field], 'cannot_match', `${detail}, so that the rule matches nothing`)
    }
}

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
  for (const [name, { interfaces, enabled }] of Object.entries(policy.rules ?? {}))
    if (enabled !== false && interfaces?.every(absent))
      report.warn(
        ['rules', name, 'interfaces'],
        'interface_absent',
        'this host has none of these devices; the rule matches when one appears',
      )
}
