/** Whether the limit of a rule says what may pass, and to whom it is shared out. */
import type { LimitValue, RuleValue } from './document.ts'
import type { Path, Report } from './report.ts'

/** `path` of the rule. */
export function checkLimit({ action, limit }: RuleValue, path: Path, report: Report): void {
  if (action === 'limit' && limit === undefined)
    report.problem([...path, 'limit'], 'malformed', 'action limit does not say what the limit is', 'add limit: {"packetsPerSecond": 1000}')
  if (limit === undefined) return
  if (action !== 'limit')
    report.problem([...path, 'limit'], 'malformed', `action ${action} knows no limit`, 'leave limit out, or write action limit')
  checkRates(limit, [...path, 'limit'], report)
}

function checkRates(limit: LimitValue, path: Path, report: Report): void {
  if ((limit.packetsPerSecond ?? limit.bitsPerSecond ?? limit.maxConnections) === undefined)
    report.problem(path, 'malformed', 'the limit limits nothing', 'add packetsPerSecond, bitsPerSecond or maxConnections')
  for (const [burst, rate] of [
    ['burstPackets', 'packetsPerSecond'],
    ['burstBits', 'bitsPerSecond'],
  ] as const)
    if (limit[burst] !== undefined && limit[rate] === undefined)
      report.problem(
        [...path, burst],
        'malformed',
        `${burst} is a burst above a rate, and there is no ${rate}`,
        `add ${rate}, or leave ${burst} out`,
      )
  for (const field of ['ipv4Prefix', 'ipv6Prefix'] as const)
    if (limit[field] !== undefined && limit.per !== 'sourcePrefix')
      report.problem(
        [...path, field],
        'malformed',
        `${field} is the length of prefixes that share a limit, and the limit is not per sourcePrefix`,
        `write per: "sourcePrefix", or leave ${field} out`,
      )
}
