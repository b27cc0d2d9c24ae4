/** Whether a rule means something and is enforced. */
import { checkLimit } from './checklimit.ts'
import { checkDevices, checkFields } from './checkmatch.ts'
import type { Match, RuleValue } from './document.ts'
import { coversText } from './overlap.ts'
import { portProtocols, protocolName, protocolNumber } from './protocols.ts'
import { checkPorts, checkReferences } from './references.ts'
import type { Path, Report } from './report.ts'
import { names } from './schema.ts'

const devicePattern = new RegExp(names.interface)

/** The rule in canonical spelling. `sets`: names that it may refer to. */
export function checkRule(rule: RuleValue, path: Path, report: Report, sets: ReadonlySet<string>): RuleValue {
  checkLimit(rule, path, report)
  if (rule.interfaces !== undefined) checkDevices(rule.interfaces, devicePattern, [...path, 'interfaces'], report)

  const before = report.problems.length
  const match = checkFields(canonicalMatch(rule.match, [...path, 'match'], report, sets), rule.direction, [...path, 'match'], report)

  if (report.problems.length === before) checkMeaning(match, [...path, 'match'], report)
  return { ...rule, match }
}

function canonicalMatch(match: Match, path: Path, report: Report, sets: ReadonlySet<string>): Match {
  const canonical = { ...match }

  for (const field of ['source', 'notSource', 'destination', 'notDestination'] as const) {
    const list = match[field]

    if (list !== undefined) canonical[field] = checkReferences(list, [...path, field], report, sets)
  }
  for (const field of ['sourcePorts', 'destinationPorts'] as const) {
    const list = match[field]

    if (list !== undefined) canonical[field] = checkPorts(list, [...path, field], report)
  }
  return canonical
}

/** A rule that no packet can match is a slip, and a deny of that kind an open gate. */
function checkMeaning(match: Match, path: Path, report: Report): void {
  const { protocol } = match

  for (const field of ['sourcePorts', 'destinationPorts'] as const)
    if (match[field] !== undefined && protocol !== undefined && !portProtocols.includes(protocolNumber(protocol)))
      report.problem(
        [...path, field],
        'cannot_match',
        `packets of protocol ${protocolName(protocol)} carry no ports`,
        `leave ${field} out, or write protocol tcp, udp or sctp`,
      )

  const source = families(match.source)
  const destination = families(match.destination)

  for (const [field, list] of [
    ['source', source],
    ['destination', destination],
  ] as const) {
    if (protocol === 'icmp' && list === '6')
      report.problem([...path, 'protocol'], 'cannot_match', `${field} names IPv6 alone, where protocol icmp is not spoken`, 'write icmpv6')
    if (protocol === 'icmpv6' && list === '4')
      report.problem([...path, 'protocol'], 'cannot_match', `${field} names IPv4 alone, where protocol icmpv6 is not spoken`, 'write icmp')
  }
  if ((source === '4' && destination === '6') || (source === '6' && destination === '4'))
    report.problem(
      [...path, 'destination'],
      'cannot_match',
      `no packet goes from IPv${source} to IPv${destination}`,
      `name IPv${source} prefixes here, or write a rule for each family`,
    )

  for (const [yes, no] of [
    ['source', 'notSource'],
    ['destination', 'notDestination'],
  ] as const) {
    const without = match[no]
    const wanted = match[yes] ?? ['0.0.0.0/0', '::/0']

    if (without !== undefined && wanted.every(reference => without.includes(reference) || excluded(reference, without)))
      report.problem([...path, no], 'cannot_match', `${no} takes away all of ${yes}`, `name less in ${no}, or more in ${yes}`)
  }
}

/** Which family a list is confined to, if to one: what a set holds may change. */
function families(list: readonly string[] | undefined): '4' | '6' | 'both' {
  if (list === undefined || list.some(reference => reference.startsWith('@'))) return 'both'
  const ipv6 = list.filter(reference => reference.includes(':')).length
  return ipv6 === 0 ? '4' : ipv6 === list.length ? '6' : 'both'
}

function excluded(reference: string, without: readonly string[]): boolean {
  return !reference.startsWith('@') && without.some(other => !other.startsWith('@') && coversText(other, reference))
}
