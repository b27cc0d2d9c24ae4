/** How full the tables are, and which of them a policy would burst. */
import { Limit } from '../dataplane/abi.ts'
import { enabledServices } from './collections.ts'
import type { PolicyDocument } from './document.ts'
import { limitRules } from './limits.ts'
import { ringSlots } from './maglev.ts'
import type { Memberships } from './memberships.ts'
import { directions } from './order.ts'
import { familyOf } from './prefix.ts'
import { type Problem, pointer } from './problem.ts'
import type { Capacity, CapacityUse, Tables } from './tables.ts'

/** Classes are u16 wherever a row names one, and one of them says that a cgroup is not named. */
const maxClasses = 65535

export interface UseInput {
  readonly policy: PolicyDocument
  readonly tables: Tables
  readonly memberships: Memberships
  readonly vectors: number
  readonly capacity: Capacity
}

export function useOf({ policy, tables, memberships, vectors, capacity }: UseInput): CapacityUse[] {
  const counts = { rules: [0, 0], ipv4: 0 }

  for (const rule of Object.values(policy.rules ?? {}))
    counts.rules[directions.indexOf(rule.direction)] = (counts.rules[directions.indexOf(rule.direction)] as number) + 1
  for (const key of tables.prefixes.keys()) if (familyOf(key) === 4) counts.ipv4++
  const services = Object.values(policy.services ?? {})
  const use = (table: string, used: number, max: number) => ({ table, used, max })

  return [
    use('prefixes_ipv4', counts.ipv4, capacity.prefixesIpv4),
    use('prefixes_ipv6', tables.prefixes.size - counts.ipv4, capacity.prefixesIpv6),
    use('memberships', memberships.sets.filter(set => set !== undefined).length, capacity.memberships),
    use('vectors', vectors, Math.min(capacity.vectors, maxClasses)),
    use('rules_ingress', counts.rules[0] as number, Limit.ruleBits),
    use('rules_egress', counts.rules[1] as number, Limit.ruleBits),
    use('limits', limitRules(policy).length, Limit.limitRows),
    use('service_rows', tables.rows.service_rows.length / 4, capacity.serviceRows),
    use('ring_lines', tables.rows.rings.length / (Limit.ringLineSlots * 2), capacity.ringLines),
    use('rule_ids', Object.keys(policy.rules ?? {}).length, capacity.ruleIds - 1),
    use('service_ids', services.length, capacity.serviceIds - 1),
    use(
      'backend_ids',
      services.reduce((sum, service) => sum + Object.keys(service.backends ?? {}).length, 0),
      capacity.backendIds - 1,
    ),
  ]
}

/** Which section of the document fills a table. */
const sections: Readonly<Record<string, string>> = {
  prefixes_ipv4: '/sets',
  prefixes_ipv6: '/sets',
  service_rows: '/services',
  ring_lines: '/services',
  service_ids: '/services',
  backend_ids: '/services',
}

export function capacityProblems(use: readonly CapacityUse[], policy: PolicyDocument): Problem[] {
  const problems: Problem[] = use
    .filter(({ used, max }) => used > max)
    .map(({ table, used, max }) => ({
      pointer: sections[table] ?? '/rules',
      code: 'capacity_exceeded',
      detail: `table ${table} would need ${used} rows and has ${max}`,
      hint: 'name fewer, or start the daemon with a larger capacity',
    }))

  for (const [name, service] of enabledServices(policy)) {
    const backends = Object.keys(service.backends ?? {}).length

    if (ringSlots(backends) === undefined)
      problems.push({
        pointer: pointer('services', name, 'backends'),
        code: 'capacity_exceeded',
        detail: `${backends} backends are more than one ring takes`,
        hint: 'split them over several services',
      })
  }
  return problems
}
