/** What is allowed and yet often a mistake. */
import { defaultPriority, type PolicyDocument } from './document.ts'
import { directions, orderRules } from './order.ts'
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

export function warnOfTies(policy: PolicyDocument, report: Report): void {
  let pairs = 0
  let warnings = 0

  for (const direction of directions) {
    const rules = orderRules(policy, direction).filter(({ rule }) => rule.enabled !== false)
    const extents = new Map<string, Extent>()
    const extent = (at: number) => {
      const { name, rule } = rules[at] as (typeof rules)[number]
      return extents.get(name) ?? (extents.set(name, extentOf(rule.match)).get(name) as Extent)
    }

    for (const [at, { name, rule }] of rules.entries())
      for (let next = at + 1; next < rules.length; next++) {
        const other = rules[next] as (typeof rules)[number]

        if ((other.rule.priority ?? defaultPriority) !== (rule.priority ?? defaultPriority)) break
        if (++pairs > maxTiePairs) return
        if (other.rule.action === rule.action || !overlap(extent(at), extent(next))) continue
        report.warn(
          ['rules', other.name],
          'tie_overlap',
          `may match what ${name} matches, at the same priority and with another action; ${name} comes first by its name`,
        )
        if (++warnings === maxTieWarnings) return
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
