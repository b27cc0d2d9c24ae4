/** What is allowed and yet often a mistake. */
import { defaultPriority, type PolicyDocument } from './document.ts'
import { directions, type OrderedRule, orderRules } from './order.ts'
import { type Extent, extentOf, overlap } from './overlap.ts'
import type { Report } from './report.ts'

/** Ties are looked for pair by pair: so many pairs, and no write waits for longer than some tens of milliseconds. */
const maxTiePairs = 500_000
const maxTieWarnings = 100

/** Connections are not tracked by rules yet, so no rule lets replies in by itself. */
export function warnOfDefaultDeny(policy: PolicyDocument, report: Report): void {
  for (const direction of directions)
    if (policy.defaults[direction] === 'deny')
      report.warn(
        ['defaults', direction],
        'no_established_rule',
        `${direction}: deny also drops replies of connections that the other direction allows; allow them by a rule`,
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
    const extents = new Map<number, Extent>()
    const extent = (at: number) => {
      const known = extents.get(at) ?? extentOf((rules[at] as OrderedRule).rule.match)
      extents.set(at, known)
      return known
    }

    for (const [at, { name, rule }] of rules.entries()) {
      if (!looked.has(name) || rule.enabled === false) continue
      let first = at
      // A pair of fresh rules is met at the first of them.
      while (first > 0 && priorityOf(first - 1) === priorityOf(at)) first--
      for (let other = first; other < rules.length && priorityOf(other) === priorityOf(at); other++) {
        const there = rules[other] as OrderedRule
        if (other === at || (other < at && looked.has(there.name))) continue
        if (++pairs > maxTiePairs) return
        if (there.rule.enabled === false || there.rule.action === rule.action || !overlap(extent(at), extent(other))) continue
        const [winner, loser] = other < at ? [there.name, name] : [name, there.name]
        report.warn(
          ['rules', loser],
          'tie_overlap',
          `may match what ${winner} matches, at the same priority and with another action; ${winner} comes first by its name`,
        )
        if (++warnings === maxTieWarnings) return
      }
    }
  }
}

/** A device may come later; until then nothing is enforced on it. */
export function warnOfAbsentDevices(policy: PolicyDocument, devices: readonly string[] | undefined, report: Report): void {
  for (const name of Object.keys(policy.interfaces)) {
    const fits = (device: string) => (name.endsWith('*') ? device.startsWith(name.slice(0, -1)) : device === name)

    if (devices !== undefined && !devices.some(fits))
      report.warn(['interfaces', name], 'interface_absent', `this host has no device ${name}; it is attached when it appears`)
  }
}
