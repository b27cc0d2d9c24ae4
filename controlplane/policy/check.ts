/** Whether a policy of the right shape makes sense and is enforced by this dataplane; all problems at once, each with what to type instead. */
import { checkDetectors } from './checkdetector.ts'
import { checkRule } from './checkrule.ts'
import { checkServices } from './checkservice.ts'
import { checkSet, type InlineEntry } from './checkset.ts'
import { refuseCutOff } from './cutoff.ts'
import { type Defaults, maxManagementEntries, type PolicyDocument, type RuleValue, type SetValue } from './document.ts'
import { managementOf } from './management.ts'
import type { Problem, Warning } from './problem.ts'
import { builtInSets, checkReferences } from './references.ts'
import { newReport, type Path, type Report, refuseFields } from './report.ts'
import { names } from './schema.ts'
import type { PrefixKey } from './tables.ts'
import { warnOfAbsentDevices, warnOfContradictions, warnOfDefaultDeny, warnOfShadows, warnOfTies } from './warn.ts'

export type { InlineEntry } from './checkset.ts'

export interface CheckContext {
  /** TCP port of the API: part of the default management. */
  readonly apiPort?: number
  /** Addresses of this host. */
  readonly localAddresses?: readonly PrefixKey[]
  /** Devices of this host by name; absent: nothing is said about absent ones. */
  readonly devices?: readonly string[]
  /** Lets `management_cut_off` pass. */
  readonly force?: boolean
  /** Where the request comes from, over TCP: its way in may not be cut off. */
  readonly requester?: { readonly address: PrefixKey; readonly port: number }
}

export interface CheckedPolicy {
  /** Canonical spelling, without `sets.*.entries`: entries are stored apart. Meaningless when there are problems. */
  readonly policy: PolicyDocument
  /** Of sets that carry `entries` inline: what replaces theirs, sorted, without repetition. */
  readonly entries: ReadonlyMap<string, readonly InlineEntry[]>
  readonly problems: Problem[]
  readonly warnings: Warning[]
}

/** The document has the shape of policySchema: the API's validator has said so. */
export function checkPolicy(document: PolicyDocument, context: CheckContext = {}): CheckedPolicy {
  const report = newReport()
  const policy: PolicyDocument = { ...document, defaults: checkDefaults(document.defaults, ['defaults'], report) }
  const inline = new Map<string, readonly InlineEntry[]>()

  checkNames(document, report)
  if (document.sets !== undefined) policy.sets = checkSets(document.sets, inline, report)
  if (document.rules !== undefined) policy.rules = checkRules(document.rules, new Set(Object.keys(document.sets ?? {})), report)
  if (document.services !== undefined) policy.services = checkServices(document.services, ['services'], report)
  if (document.detectors !== undefined)
    policy.detectors = checkDetectors(document.detectors, ['detectors'], report, new Set(Object.keys(document.sets ?? {})))

  if (report.problems.length === 0) {
    if (!context.force)
      refuseCutOff(
        {
          policy,
          management: managementOf(policy, context.apiPort),
          localAddresses: context.localAddresses ?? [],
          requester: context.requester,
        },
        report,
      )
    warnOfDefaultDeny(policy, report)
    warnOfContradictions(policy, report)
    warnOfShadows(policy, report)
    warnOfTies(policy, report)
    warnOfAbsentDevices(policy, context.devices, report)
  }
  return { policy, entries: inline, problems: report.problems, warnings: report.warnings }
}

function checkDefaults(defaults: Defaults, path: Path, report: Report): Defaults {
  refuseFields(defaults, { protected: 'leave it out: no feed, list or detector writes into a set yet' }, path, report)
  if (defaults.management === undefined) return defaults
  if (defaults.management.length > maxManagementEntries)
    report.problem(
      [...path, 'management'],
      'capacity_exceeded',
      `${defaults.management.length} ways in are more than ${maxManagementEntries}`,
      'join entries of the same port by naming several sources',
    )
  const management = defaults.management.map((entry, index) =>
    entry.sources === undefined
      ? entry
      : { ...entry, sources: checkReferences(entry.sources, [...path, 'management', index, 'sources'], report) },
  )
  return { ...defaults, management }
}

function checkSets(
  sets: Readonly<Record<string, SetValue>>,
  inline: Map<string, readonly InlineEntry[]>,
  report: Report,
): Record<string, SetValue> {
  const canonical: Record<string, SetValue> = {}

  for (const [name, set] of Object.entries(sets)) {
    const { value, entries } = checkSet(set, ['sets', name], report)

    canonical[name] = value
    if (entries !== undefined) inline.set(name, entries)
  }
  return canonical
}

function checkRules(rules: Readonly<Record<string, RuleValue>>, sets: ReadonlySet<string>, report: Report): Record<string, RuleValue> {
  return Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, checkRule(rule, ['rules', name], report, sets)]))
}

/** Schemas check names too; documents that come by another way meet them here. */
function checkNames(document: PolicyDocument, report: Report): void {
  const object = new RegExp(names.object)
  const device = new RegExp(names.interface)
  const check = (path: Path, value: object | undefined, pattern: RegExp, hint: string) => {
    for (const name of Object.keys(value ?? {}))
      if (!pattern.test(name)) report.problem([...path, name], 'malformed', `${JSON.stringify(name.slice(0, 80))} is no name`, hint)
  }
  const hint = 'write at most 63 of a-z, 0-9, point, line and underscore, with a letter or digit first'

  for (const section of ['sets', 'rules', 'services', 'detectors'] as const) check([section], document[section], object, hint)
  for (const [name, service] of Object.entries(document.services ?? {}))
    check(['services', name, 'backends'], service.backends, object, hint)
  for (const name of builtInSets)
    if (document.sets?.[name] !== undefined)
      report.problem(
        ['sets', name],
        'malformed',
        `@${name} is built in, and no other set can have its name`,
        `write another name, such as ${name}-1`,
      )
  check(['interfaces'], document.interfaces, device, 'write a device such as eth0, at most 15 characters, or a pattern such as veth*')
}
