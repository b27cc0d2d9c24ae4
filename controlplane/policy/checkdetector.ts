/** Whether a detector notices something, and may do what it is asked to. */
import { Limit } from '../dataplane/abi.ts'
import { defaultWindow } from './detectors.ts'
import type { DetectorValue } from './document.ts'
import { checkReferences } from './references.ts'
import type { Path, Report } from './report.ts'
import { parseInterval } from './time.ts'

/** Seconds. The kernel counts windows in its own ticks and 32 bits. */
const longestWindow = 86_400

/** Canonical spelling. `sets`: names that detectors may refer to. */
export function checkDetectors(
  detectors: Readonly<Record<string, DetectorValue>>,
  path: Path,
  report: Report,
  sets: ReadonlySet<string>,
): Record<string, DetectorValue> {
  const count = Object.keys(detectors).length

  if (count > Limit.detectors)
    report.problem(
      path,
      'capacity_exceeded',
      `${count} detectors are more than ${Limit.detectors}`,
      'leave some out: each of them looks at every packet that comes in',
    )
  return Object.fromEntries(
    Object.entries(detectors).map(([name, detector]) => [name, checkDetector(detector, [...path, name], report, sets)]),
  )
}

function checkDetector(detector: DetectorValue, path: Path, report: Report, sets: ReadonlySet<string>): DetectorValue {
  const { set, exempt } = detector

  if (set !== undefined && !sets.has(set.replace(/^@/, '')))
    report.problem(
      [...path, 'set'],
      'unknown_set',
      `there is no set ${JSON.stringify(set.slice(0, 64))}`,
      `declare it under sets${sets.size > 0 ? `, or write ${[...sets].slice(0, 5).join(' or ')}` : ''}`,
    )
  if (set === undefined && detector.enforcement === 'enforce')
    report.problem(
      [...path, 'enforcement'],
      'malformed',
      'enforcement enforce puts addresses into a set, and no set is named',
      'add set, or write enforcement observe',
    )
  if (set === undefined && detector.expiresIn !== undefined)
    report.problem(
      [...path, 'expiresIn'],
      'malformed',
      'expiresIn is the life of an entry of a set, and no set is named',
      'add set, or leave expiresIn out',
    )
  if (detector.type === 'sweep' && detector.per === 'destination')
    report.problem(
      [...path, 'per'],
      'cannot_match',
      'a sweep is many destinations, and each of them would be counted by itself',
      'write per source or sourcePrefix',
    )
  if ((parseInterval(detector.window ?? defaultWindow) ?? 0) > longestWindow)
    report.problem([...path, 'window'], 'malformed', `a window of ${detector.window} is longer than a day`, 'write 24h or less')
  return {
    ...detector,
    ...(set !== undefined && { set: set.replace(/^@/, '') }),
    ...(exempt !== undefined && { exempt: checkReferences(exempt, [...path, 'exempt'], report, sets) }),
  }
}
