/** Whether a policy would lock its operators out: rules that deny what management lets in, and a requester's own way in. */
import type { ManagementEntry, PolicyDocument, RuleValue } from './document.ts'
import { everywhere } from './management.ts'
import { coversText, keyOf } from './overlap.ts'
import { mergedRanges } from './ports.ts'
import { covers, formatKey } from './prefix.ts'
import { protocolNumber } from './protocols.ts'
import type { Path, Report } from './report.ts'
import type { PrefixKey } from './tables.ts'

export interface CutOffInput {
  readonly policy: PolicyDocument
  readonly management: readonly Required<ManagementEntry>[]
  readonly localAddresses: readonly PrefixKey[]
  readonly requester?: { readonly address: PrefixKey; readonly port: number } | undefined
}

/** Management comes before the rules, so such a rule would do nothing that its author meant. */
export function refuseCutOff(input: CutOffInput, report: Report): void {
  for (const [name, rule] of Object.entries(input.policy.rules ?? {})) {
    const inside = rule.enabled !== false && rule.direction === 'ingress' && rule.action !== 'allow' && entriesAround(rule, input)

    if (inside)
      report.problem(
        ['rules', name],
        'management_cut_off',
        `rule ${name} denies nothing but management (${inside.join(', ')}), which no rule can close`,
        'narrow sources under defaults.management, or send force=true as admin to store the rule without effect',
      )
  }
  refuseOwnCutOff(input, ['defaults', 'management'], report)
}

/** The entries that together hold every packet of the rule, as text; false: it has others too. */
function entriesAround(rule: RuleValue, input: CutOffInput): string[] | false {
  const { protocol, destinationPorts, source } = rule.match

  if (protocol === undefined || destinationPorts === undefined || !staysLocal(rule, input)) return false
  const sources = source?.flatMap(contents) ?? everywhere
  const around: string[] = []

  for (const { first, last } of mergedRanges(destinationPorts))
    for (let port = first; port <= last; port++) {
      const entry = input.management.find(
        candidate =>
          candidate.port === port &&
          protocolNumber(candidate.protocol) === protocolNumber(protocol) &&
          sources.every(inner => candidate.sources.some(outer => coversText(outer, inner))),
      )

      if (entry === undefined) return false
      around.push(`${entry.protocol} ${entry.port}`)
    }
  return around
}

/** A rule that names no destination means this host too; one that names others has work of its own. */
function staysLocal({ match: { destination } }: RuleValue, { localAddresses }: CutOffInput): boolean {
  const local = new Set(localAddresses)

  return (
    destination === undefined ||
    destination.every(reference => reference === '@local' || (!reference.startsWith('@') && local.has(keyOf(reference))))
  )
}

/** A set may hold anything tomorrow. */
function contents(reference: string): readonly string[] {
  return reference.startsWith('@') ? everywhere : [reference]
}

function refuseOwnCutOff({ policy, management, requester }: CutOffInput, path: Path, report: Report): void {
  if (requester === undefined || policy.defaults.ingress !== 'deny') return
  const way = management.some(
    ({ port, protocol, sources }) =>
      protocol === 'tcp' && port === requester.port && sources.some(source => covers(keyOf(source), requester.address)),
  )

  if (!way)
    report.problem(
      path,
      'management_cut_off',
      `under ingress: deny your own connection, from ${formatKey(requester.address)} to tcp ${requester.port}, is in no management entry`,
      `add {"port": ${requester.port}, "protocol": "tcp", "sources": ["${formatKey(requester.address)}"]}, or send force=true as admin`,
    )
}
