/** The ways in that stand before all rules. */
import type { ManagementEntry, PolicyDocument } from './document.ts'

export const everywhere: string[] = ['0.0.0.0/0', '::/0']

/** What is enforced: the entries of the policy, or, where it says nothing, ssh and the API from everywhere. */
export function managementOf(policy: PolicyDocument, apiPort?: number): Required<ManagementEntry>[] {
  const ports = apiPort === undefined || apiPort === 22 ? [22] : [22, apiPort]
  const entries: ManagementEntry[] = policy.defaults.management ?? ports.map(port => ({ port, protocol: 'tcp' }))

  return entries.map(entry => ({ ...entry, sources: entry.sources ?? everywhere }))
}
