/** Lists of prefixes, sets and ports in a document: checked, and spelled in one way. */
import { formatPortRange, parsePortRange } from './ports.ts'
import { formatPrefix, isFailure, parsePrefix } from './prefix.ts'
import type { Path, Report } from './report.ts'

export const builtInSets: readonly string[] = ['local', 'services']

/** Canonical prefixes, and `@sets` where `sets` is given. A wrong element stays as it is: the report then forbids to use the result. */
export function checkReferences(list: readonly string[], path: Path, report: Report, sets?: ReadonlySet<string>): string[] {
  if (list.length === 0)
    report.problem(path, 'empty_match', 'an empty list would match nothing', 'leave the field out to mean any, or name a prefix')
  return list.map((text, index) =>
    sets !== undefined && text.startsWith('@')
      ? checkSetReference(text, [...path, index], report, sets)
      : checkPrefix(text, [...path, index], report),
  )
}

function checkPrefix(text: string, path: Path, report: Report): string {
  const prefix = parsePrefix(text)

  if (!isFailure(prefix)) return formatPrefix(prefix)
  report.problem(path, prefix.problem.code, prefix.problem.detail, prefix.problem.hint)
  return text
}

/** Canonical ports; both ends of a range are included. */
export function checkPorts(list: readonly string[], path: Path, report: Report): string[] {
  if (list.length === 0)
    report.problem(path, 'empty_match', 'an empty list would match nothing', 'leave the field out to mean any, or name a port')
  return list.map((text, index) => {
    const range = parsePortRange(text)

    if (range === undefined)
      report.problem([...path, index], 'malformed', `${JSON.stringify(text.slice(0, 40))} is no port and no range of ports`, portHint(text))
    return range === undefined ? text : formatPortRange(range)
  })
}

function checkSetReference(text: string, path: Path, report: Report, sets: ReadonlySet<string>): string {
  const name = text.slice(1)

  if (!sets.has(name) && !builtInSets.includes(name)) {
    const known = [...sets]
      .slice(0, 5)
      .map(set => `@${set}`)
      .concat('@local', '@services')
      .join(', ')
    report.problem(
      path,
      'unknown_set',
      `there is no set ${JSON.stringify(name.slice(0, 64))}`,
      `declare it under sets, or name one of ${known}`,
    )
  }
  return text
}

function portHint(text: string): string {
  const numbers = /^\s*0*([0-9]{1,9})\s*(?:[-:]\s*0*([0-9]{1,9})\s*)?$/.exec(text)
  const [first, last] = [Number(numbers?.[1]), Number(numbers?.[2] ?? numbers?.[1])]

  if (numbers === null || first > 65535 || last > 65535) return 'write a port from 0 to 65535 such as 443, or a range such as 8000-8100'
  return `write ${formatPortRange({ first: Math.min(first, last), last: Math.max(first, last) })}`
}
