/** Whether a policy would lock its operators out: rules that deny what management lets in, and a requester's own way in. */

import { sortedJson } from './checkrule.ts'
import type { ManagementEntry, PolicyDocument, RuleValue } from './document.ts'
import { everywhere } from './management.ts'
import { directions } from './order.ts'
import { coversText, keyOf } from './overlap.ts'
import { mergedRanges } from './ports.ts'
import { covers, formatKey } from './prefix.ts'
import { protocolNumber } from './protocols.ts'
import type { Path, Report } from './report.ts'
import type { PrefixKey } from './tables.ts'

interface Requester {
  readonly address: PrefixKey
  readonly port: number
}

const loopback = ['127.0.0.0/8', '::1/128'].map(keyOf)

export interface CutOffInput {
  readonly policy: PolicyDocument
  /** Names of those to look at: the others were looked at before. */
  readonly rules: readonly string[]
  readonly management: readonly Required<ManagementEntry>[]
  readonly localAddresses: readonly PrefixKey[]
  readonly requester?: Requester | undefined
  /** What was declared until now. */
  readonly before?: Pick<CutOffInput, 'policy' | 'management'> | undefined
}

/** Management comes before the rules, so such a rule would do nothing that its author meant. */
export function refuseCutOff(input: CutOffInput, report: Report): void {
  for (const name of input.rules) {
    const rule = input.policy.rules?.[name] as RuleValue
    const inside =
      rule.enabled !== false &&
      rule.direction === 'ingress' &&
      rule.action !== 'allow' &&
      rule.enforcement !== 'observe' &&
      entriesAround(rule, input)

    if (inside && !wasStoredSo(name, input))
      report.problem(
        ['rules', name],
        'management_cut_off',
        `rule ${name} denies nothing but management (${inside.join(', ')}), which no rule can close`,
        'narrow sources under defaults.management, or send force=true as admin to store the rule without effect',
      )
  }
  refuseOwnCutOff(input, ['defaults', 'management'], report)
}

/** Somebody has forced it in: it goes on doing nothing, whatever else is written beside it. */
function wasStoredSo(name: string, { policy, before }: CutOffInput): boolean {
  const text = (rule: RuleValue | undefined) => rule && sortedJson({ ...rule, comment: '', labels: {}, priority: 0 })
  const sameManagement = before && sortedJson(before.policy.defaults.management) === sortedJson(policy.defaults.management)

  return sameManagement === true && text(ruleOf(before?.policy, name)) === text(ruleOf(policy, name))
}

function ruleOf(policy: PolicyDocument | undefined, name: string): RuleValue | undefined {
  const rules = policy?.rules ?? {}
  return Object.hasOwn(rules, name) ? rules[name] : undefined
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

function refuseOwnCutOff(input: CutOffInput, path: Path, report: Report): void {
  const { policy, management, requester } = input
  if (requester === undefined) return
  // From one of our own addresses to another the way is lo as well.
  if ([...loopback, ...input.localAddresses].some(prefix => covers(prefix, requester.address))) {
    refuseLoopbackCutOff(input, requester, report)
    return
  }
  const direction = directions.find(direction => policy.defaults[direction] === 'deny')

  if (direction !== undefined && !letsIn(management, requester) && !comesByOtherRules(input, requester))
    report.problem(
      path,
      'management_cut_off',
      `under ${direction}: deny your own connection, from ${formatKey(requester.address)} to tcp ${requester.port}, is in no management entry`,
      `add {"port": ${requester.port}, "protocol": "tcp", "sources": ["${formatKey(requester.address)}"]}, or send force=true as admin`,
    )
}

function letsIn(management: CutOffInput['management'], requester: Requester): boolean {
  return management.some(
    ({ port, protocol, sources }) =>
      protocol === 'tcp' && port === requester.port && sources.some(source => covers(keyOf(source), requester.address)),
  )
}

/** Management never let this requester in, a rule does, or no device of ours is on the way; and nothing of that changes. */
function comesByOtherRules({ policy, before }: CutOffInput, requester: Requester): boolean {
  if (before === undefined || letsIn(before.management, requester)) return false
  if (directions.some(direction => policy.defaults[direction] === 'deny' && before.policy.defaults[direction] !== 'deny')) return false
  if (sortedJson(policy.interfaces) !== sortedJson(before.policy.interfaces)) return false
  const names = new Set([...Object.keys(policy.rules ?? {}), ...Object.keys(before.policy.rules ?? {})])
  for (const name of names) {
    const [old, now] = [ruleOf(before.policy, name), ruleOf(policy, name)]
    if (old === now || ![old, now].some(rule => rule && maySpeakOf(rule, requester))) continue
    if (old === undefined || now === undefined || sortedJson(old) !== sortedJson(now)) return false
  }
  return true
}

/** Whether some packet of the requester's connection may meet the rule. */
function maySpeakOf({ direction, match }: RuleValue, { address, port }: Requester): boolean {
  const isIngress = direction === 'ingress'
  const ports = isIngress ? match.destinationPorts : match.sourcePorts
  const references = isIngress ? match.source : match.destination

  return (
    (match.protocol === undefined || protocolNumber(match.protocol) === protocolNumber('tcp')) &&
    (ports === undefined || mergedRanges(ports).some(({ first, last }) => first <= port && port <= last)) &&
    (references === undefined || references.some(reference => reference.startsWith('@') || covers(keyOf(reference), address)))
  )
}

/**
 * On `lo` both ends of a connection are ours, so that each of its packets passes both directions and management lets half of them
 * through: only a rule lets in the other half.
 */
function refuseLoopbackCutOff({ policy }: CutOffInput, { address, port }: Requester, report: Report): void {
  const key = keyFor('lo', policy)
  if (key === undefined) return
  const closed = directions.find(
    direction =>
      policy.defaults[direction] === 'deny' &&
      !(direction === 'egress' && policy.interfaces[key]?.egress === 'off') &&
      !Object.values(policy.rules ?? {}).some(rule => rule.direction === direction && letsLoopbackPass(rule, address)),
  )

  if (closed !== undefined)
    report.problem(
      ['interfaces', key],
      'management_cut_off',
      `${closed}: deny on lo drops your own connection, from ${formatKey(address)} to tcp ${port}`,
      `leave lo out of interfaces, allow ${formatKey(address)} by a rule in each direction that denies, or send force=true as admin`,
    )
}

/** Every packet between us and us, for ever: nothing but addresses, the protocol and the device may narrow the rule. */
function letsLoopbackPass({ enabled, action, match, interfaces, enforcement, expiresAt }: RuleValue, address: PrefixKey): boolean {
  const { protocol, source, destination, ...others } = match
  const holds = (references: readonly string[] | undefined) =>
    references === undefined || references.some(reference => !reference.startsWith('@') && covers(keyOf(reference), address))

  return (
    enabled !== false &&
    action === 'allow' &&
    enforcement !== 'observe' &&
    expiresAt === undefined &&
    (interfaces ?? ['lo']).some(name => name === 'lo' || (name.endsWith('*') && 'lo'.startsWith(name.slice(0, -1)))) &&
    Object.keys(others).length === 0 &&
    (protocol === undefined || protocolNumber(protocol) === protocolNumber('tcp')) &&
    holds(source) &&
    holds(destination)
  )
}

/** The name or pattern of `interfaces` that decides for a device. */
function keyFor(device: string, { interfaces }: PolicyDocument): string | undefined {
  if (Object.hasOwn(interfaces, device)) return device
  return Object.keys(interfaces)
    .filter(key => key.endsWith('*') && device.startsWith(key.slice(0, -1)))
    .sort((left, right) => right.length - left.length)[0]
}
