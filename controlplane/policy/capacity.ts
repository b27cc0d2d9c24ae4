/** How full the tables are, and which of them a policy would burst. */
import { Limit, PoolAddress } from '../dataplane/abi.ts'
import { admissionOf } from './admission.ts'
import { enabledServices } from './collections.ts'
import type { PolicyDocument } from './document.ts'
import { limitRules } from './limits.ts'
import { ringSlots } from './maglev.ts'
import { orderRules } from './order.ts'
import type { PrefixIndex } from './prefix-index.ts'
import { type Problem, pointer } from './problem.ts'
import type { Capacity, CapacityUse, Tables } from './tables.ts'

/** Classes are u16 wherever a row names one, and one of them says that a cgroup is not named. */
const maxClasses = 65535

export interface UseInput {
  readonly policy: PolicyDocument
  readonly rows: Tables['rows']
  readonly vectors: number
  readonly capacity: Capacity
}

/** What changes with entries of sets. */
export function prefixUse({ counts, memberships, needed }: PrefixIndex, capacity: Capacity): CapacityUse[] {
  // Numbers that nobody has count where they alone make the table too large.
  const isTooLong = memberships.length > capacity.memberships && needed <= capacity.memberships
  const numbers = isTooLong ? memberships.length : needed

  return [
    { table: 'prefixes_ipv4', used: counts.ipv4, max: capacity.prefixesIpv4 },
    { table: 'prefixes_ipv6', used: counts.ipv6, max: capacity.prefixesIpv6 },
    { table: 'memberships', used: numbers, max: capacity.memberships },
  ]
}

/** What does not. */
export function useOf({ policy, rows, vectors, capacity }: UseInput): CapacityUse[] {
  const [ingress, egress] = [orderRules(policy, 'ingress').length, orderRules(policy, 'egress').length]
  const services = Object.values(policy.services ?? {})
  const use = (table: string, used: number, max: number) => ({ table, used, max })

  return [
    use('vectors', vectors, Math.min(capacity.vectors, maxClasses)),
    use('rules_ingress', ingress, Limit.ruleBits),
    use('rules_egress', egress, Limit.ruleBits),
    use('limits', limitRules(policy).length, Limit.limitRows),
    use('service_rows', rows.service_rows.length / 4, capacity.serviceRows),
    use('ring_lines', rows.rings.length / (Limit.ringLineSlots * 4), capacity.ringLines),
    use('pool_addresses', rows.pool_addresses.length / PoolAddress.size, Limit.poolAddresses),
    use('source_lists', admissionOf(enabledServices(policy)).lists.length, Limit.sourceLists),
    use('rule_ids', ingress + egress, capacity.ruleIds - 1),
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
  pool_addresses: '/services',
  source_lists: '/services',
  service_ids: '/services',
  backend_ids: '/services',
}

export function capacityProblems(use: readonly CapacityUse[], policy: Pick<PolicyDocument, 'services'>): Problem[] {
  const problems: Problem[] = use
    .filter(({ used, max }) => used > max)
    .map(({ table, used, max }) => ({
      pointer: sections[table] ?? '/rules',
      code: 'capacity_exceeded',
      detail: `table ${table} would need ${used} rows and has ${max}`,
      hint: 'name fewer, or start the daemon with a larger capacity',
      // What is in use now is known to who asks.
      capacity: { table, used: 0, after: used, max },
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
