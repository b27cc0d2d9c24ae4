/** Whether a rule means something and is enforced. */
import { changedNames, inheritNames } from './changed.ts'
import { checkLimit } from './checklimit.ts'
import { checkDevices, checkFields } from './checkmatch.ts'
import type { Match, PolicyDocument, RuleValue } from './document.ts'
import { coversText } from './overlap.ts'
import { portProtocols, protocolName, protocolNumber } from './protocols.ts'
import { builtInSets, checkPorts, checkReferences } from './references.ts'
import { newReport, type Path, type Report } from './report.ts'
import { names } from './schema.ts'
import { expiryOf, formatTime } from './time.ts'

const devicePattern = new RegExp(names.interface)

/** What is declared already, as it was checked when it came in. */
export interface Known {
  readonly document: PolicyDocument
  /** Rules whose end was written as a duration, and that duration. */
  readonly expiresIn: ReadonlyMap<string, string>
}

export interface RulesContext {
  readonly path: Path
  readonly report: Report
  /** Names that rules may refer to. */
  readonly sets: ReadonlySet<string>
  /** Milliseconds since 1970. */
  readonly now: number
  readonly known?: Known
}

/** Of the rules, those that have to be looked at: the others are as they were, and so is all that they refer to. */
export function freshRules({ rules = {}, sets = {} }: PolicyDocument, known: Known | undefined): readonly string[] {
  if (known === undefined || changedNames(known.document.sets ?? {}, sets).gone.length > 0) return Object.keys(rules)
  return changedNames(known.document.rules ?? {}, rules).changed
}

/** In canonical spelling. Rules that `names` does not name stay the objects that they are. */
export function checkRules(
  rules: Readonly<Record<string, RuleValue>>,
  names: readonly string[],
  context: RulesContext,
): { rules: Record<string, RuleValue>; expiresIn: Map<string, string> } {
  const { known, report, sets, path } = context
  const expiresIn = new Map(known?.expiresIn)
  if (known !== undefined) for (const name of changedNames(known.document.rules ?? {}, rules).gone) expiresIn.delete(name)
  const canonical = names.map(name => {
    const rule = withEnd(name, rules[name] as RuleValue, context, expiresIn)
    return [name, checkRule(rule, [...path, name], report, sets)] as const
  })
  // To copy thousands of names takes longer than to see that a few rules are spelt as they should be.
  const few = names.length <= 100
  const changed = few ? canonical.filter(([name, rule]) => JSON.stringify(rule) !== JSON.stringify(rules[name])) : canonical
  if (changed.length === 0) return { rules, expiresIn }
  const spelt = { ...rules, ...Object.fromEntries(changed) }
  inheritNames(rules, spelt)
  return { rules: spelt, expiresIn }
}

/** `expiresIn` becomes `expiresAt`: the one that the rule has, where the rule and its duration are written as before. */
function withEnd(name: string, rule: RuleValue, { path, report, now, known }: RulesContext, expiresIn: Map<string, string>): RuleValue {
  const beforeIn = known?.expiresIn.get(name)
  const rules = known?.document.rules ?? {}
  const before = Object.hasOwn(rules, name) ? rules[name] : undefined
  expiresIn.delete(name)
  if (rule.expiresIn === undefined && rule.expiresAt === undefined) return rule
  const end = expiryOf(rule, now)
  if ('field' in end) {
    report.problem([...path, name, end.field], 'malformed', end.detail, end.hint)
    return rule
  }
  const { expiresIn: duration, ...rest } = rule
  const same = before !== undefined && equalButEnd(before, rest)
  const goesOn =
    same && beforeIn !== undefined && (duration === undefined ? formatTime(end.at) === before.expiresAt : duration === beforeIn)
  const said = goesOn ? beforeIn : duration
  if (said !== undefined) expiresIn.set(name, said)
  const expiresAt = goesOn ? (before.expiresAt as string) : formatTime(end.at)
  if (!goesOn && end.at * 1000 <= now)
    report.warn([...path, name, 'expiresAt'], 'expired', `${expiresAt} is over: the rule matches nothing`)
  return { ...rest, expiresAt }
}

/** `before` is canonical, and so has `rule` to become before both can be compared. */
function equalButEnd(before: RuleValue, rule: RuleValue): boolean {
  const report = newReport()
  const canonical = checkRule(rule, [], report, new Set(setsOf(rule.match)))
  const text = (value: RuleValue) => {
    const { expiresIn: _in, expiresAt: _at, ...rest } = value
    return sortedJson(rest)
  }
  return report.problems.length === 0 && text(canonical) === text(before)
}

/** Equal values, equal texts. */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${sortedJson(part)}`).join()}}`
}

function setsOf({ source, notSource, destination, notDestination }: Match): string[] {
  return [source, notSource, destination, notDestination]
    .flatMap(list => list ?? [])
    .filter(reference => reference.startsWith('@') && !builtInSets.includes(reference.slice(1)))
    .map(reference => reference.slice(1))
}

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
