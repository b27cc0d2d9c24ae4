/** Whether a policy of the right shape makes sense and is enforced by this dataplane; all problems at once, each with what to type instead. */
import { checkDetectors } from './checkdetector.ts'
import { checkRules, freshRules, type Known } from './checkrule.ts'
import { checkServices } from './checkservice.ts'
import { checkSet } from './checkset.ts'
import { refuseCutOff } from './cutoff.ts'
import { type Defaults, maxManagementEntries, type PolicyDocument, type SetValue } from './document.ts'
import type { EntryDraft } from './entry-draft.ts'
import { managementOf } from './management.ts'
import type { Problem, Warning } from './problem.ts'
import { builtInSets, checkReferences } from './references.ts'
import { newReport, type Path, type Report } from './report.ts'
import { names } from './schema.ts'
import { checkDetectedSets } from './source.ts'
import type { PrefixKey } from './tables.ts'
import { warnOfAbsentDevices, warnOfContradictions, warnOfDefaultDeny, warnOfShadows, warnOfTies } from './warn.ts'

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
  /** Milliseconds since 1970. */
  readonly now?: number
  /** What is declared already. */
  readonly known?: Known
}

export interface CheckedPolicy {
  /** Canonical spelling, without `sets.*.entries`: entries are stored apart. Meaningless when there are problems. */
  readonly policy: PolicyDocument
  /** Of sets that carry `entries` inline: what replaces theirs. */
  readonly entries: ReadonlyMap<string, EntryDraft>
  /** Rules whose end was written as a duration, and that duration. */
  readonly expiresIn: ReadonlyMap<string, string>
  readonly problems: Problem[]
  readonly warnings: Warning[]
}

/** The document has the shape of policySchema: the API's validator has said so. */
export function checkPolicy(document: PolicyDocument, context: CheckContext = {}): CheckedPolicy {
  const report = newReport()
  const policy: PolicyDocument = { ...document, defaults: checkDefaults(document.defaults, ['defaults'], report) }
  const inline = new Map<string, EntryDraft>()
  let expiresIn: ReadonlyMap<string, string> = new Map()
  const now = context.now ?? 0
  const { known } = context
  const fresh = freshRules(document, known)

  checkNames(document, fresh, report)
  if (document.sets !== undefined) policy.sets = checkSets(document.sets, inline, report, now)
  if (document.rules !== undefined)
    ({ rules: policy.rules, expiresIn } = checkRules(document.rules, fresh, {
      path: ['rules'],
      report,
      sets: new Set(Object.keys(document.sets ?? {})),
      now,
      ...(known === undefined ? {} : { known }),
    }))
  if (document.services !== undefined)
    policy.services = checkServices(document.services, ['services'], report, new Set(Object.keys(document.sets ?? {})))
  if (document.detectors !== undefined)
    policy.detectors = checkDetectors(document.detectors, ['detectors'], report, new Set(Object.keys(document.sets ?? {})))
  checkDetectedSets(document, report)

  if (report.problems.length === 0) {
    const sameDefaults = known !== undefined && JSON.stringify(known.document.defaults) === JSON.stringify(policy.defaults)
    if (!context.force)
      refuseCutOff(
        {
          policy,
          rules: sameDefaults ? fresh : Object.keys(policy.rules ?? {}),
          management: managementOf(policy, context.apiPort),
          localAddresses: context.localAddresses ?? [],
          requester: context.requester,
          before: known && { policy: known.document, management: managementOf(known.document, context.apiPort) },
        },
        report,
      )
    warnOfDefaultDeny(policy, report)
    warnOfContradictions(policy, report)
    warnOfShadows(policy, report)
    warnOfTies(policy, fresh, report)
    warnOfAbsentDevices(policy, context.devices, report)
  }
  return { policy, entries: inline, expiresIn, problems: report.problems, warnings: report.warnings }
}

function checkDefaults(defaults: Defaults, path: Path, report: Report): Defaults {
  if (defaults.protected !== undefined)
    defaults = { ...defaults, protected: checkReferences(defaults.protected, [...path, 'protected'], report) }
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
  inline: Map<string, EntryDraft>,
  report: Report,
  now: number,
): Record<string, SetValue> {
  const canonical: Record<string, SetValue> = {}

  for (const [name, set] of Object.entries(sets)) {
    const { value, entries } = checkSet(set, ['sets', name], report, now)

    canonical[name] = value
    if (entries !== undefined) inline.set(name, entries)
  }
  return canonical
}

/** Schemas check names too; documents that come by another way meet them here. */
function checkNames(document: PolicyDocument, rules: readonly string[], report: Report): void {
  const object = new RegExp(names.object)
  const device = new RegExp(names.interface)
  const check = (path: Path, value: object | undefined, pattern: RegExp, hint: string, names = Object.keys(value ?? {})) => {
    for (const name of names)
      if (!pattern.test(name)) report.problem([...path, name], 'malformed', `${JSON.stringify(name.slice(0, 80))} is no name`, hint)
  }
  const hint = 'write at most 63 of a-z, 0-9, point, line and underscore, with a letter or digit first'

  for (const section of ['sets', 'services', 'detectors'] as const) check([section], document[section], object, hint)
  check(['rules'], document.rules, object, hint, [...rules])
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
