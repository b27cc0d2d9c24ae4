/** Whether the fields of a match that are no addresses and no ports are well written. */
import type { Match, RuleValue } from './document.ts'
import { formatPortRange, parsePortRange } from './ports.ts'
import type { Path, Report } from './report.ts'

/** Canonical spelling. `path` of the match. */
export function checkFields(match: Match, direction: RuleValue['direction'], path: Path, report: Report): Match {
  const canonical = { ...match }

  if (match.length !== undefined) canonical.length = checkLength(match.length, [...path, 'length'], report)
  if (match.state !== undefined) canonical.state = checkStates(match.state, [...path, 'state'], report)
  if (match.tcpFlags !== undefined && (match.tcpFlags.set ?? []).length + (match.tcpFlags.unset ?? []).length === 0)
    report.problem([...path, 'tcpFlags'], 'empty_match', 'no flag is named', 'leave tcpFlags out to mean any, or write {"set": ["syn"]}')
  if (match.cgroup !== undefined) checkCgroup(match.cgroup, [...path, 'cgroup'], report)
  for (const field of ['cgroup', 'uid'] as const)
    if (match[field] !== undefined && direction === 'ingress')
      report.problem(
        [...path, field],
        'cannot_match',
        `who sends a packet is known on egress alone, and ${field} speaks of the sender`,
        `leave ${field} out, or write direction egress`,
      )
  return canonical
}

function checkLength(text: string, path: Path, report: Report): string {
  const range = parsePortRange(text)

  if (range !== undefined) return formatPortRange(range)
  report.problem(
    path,
    'malformed',
    `${JSON.stringify(text.slice(0, 40))} is no length and no range of lengths`,
    'write bytes from 0 to 65535 such as 1500, or a range such as 64-1500',
  )
  return text
}

function checkStates(states: NonNullable<Match['state']>, path: Path, report: Report): NonNullable<Match['state']> {
  if (states.length === 0)
    report.problem(path, 'empty_match', 'an empty list would match nothing', 'leave state out to mean any, or name a state')
  return [...new Set(states)]
}

/** As `/proc/self/cgroup` writes it. */
function checkCgroup(text: string, path: Path, report: Report): void {
  const parts = text.split('/').slice(1)
  const isPath = text.startsWith('/') && parts.every(part => part !== '' && part !== '.' && part !== '..')

  if ((text === '/' || isPath) && !text.includes('\0')) return
  const tidy = text.split('/').filter(part => part !== '' && part !== '.' && part !== '..')

  report.problem(
    path,
    'malformed',
    `${JSON.stringify(text.slice(0, 80))} is no path of a control group`,
    `write ${JSON.stringify(`/${tidy.join('/')}`)}, as /proc/PID/cgroup says it behind 0::`,
  )
}

/** Devices as `interfaces` of the policy names them. */
export function checkDevices(list: readonly string[], pattern: RegExp, path: Path, report: Report): void {
  if (list.length === 0)
    report.problem(path, 'empty_match', 'an empty list would match nothing', 'leave interfaces out to mean all, or name a device')
  for (const [index, name] of list.entries())
    if (!pattern.test(name))
      report.problem(
        [...path, index],
        'malformed',
        `${JSON.stringify(name.slice(0, 80))} is no name of a device`,
        'write a device such as eth0, at most 15 characters, or a pattern such as veth*',
      )
}
