/** How long until a list is asked for next, in milliseconds: by its interval, sooner where it failed, and not at the same moment as everybody else. */
import { type SourceValue, sourceDefaults } from '../policy/source.ts'
import { parseInterval } from '../policy/time.ts'
import type { ListState } from './state.ts'

const firstRetryMs = 15_000
/** A share of the interval. */
const jitter = 0.1

export function intervalMs({ every = sourceDefaults.every }: SourceValue): number {
  return (parseInterval(every) ?? 3600) * 1000
}

export function afterSuccess(source: SourceValue): number {
  return spread(intervalMs(source))
}

/** Twice as long with each failure, and never longer than the interval. */
export function afterFailure(source: SourceValue, failures: number): number {
  return spread(Math.min(intervalMs(source), firstRetryMs * 2 ** Math.min(failures - 1, 30)))
}

/** As if the daemon had never been away; a clock that was set back is no reason to wait. `now` in milliseconds since 1970. */
export function waitAfterStart(state: ListState, source: SourceValue, now: number): number {
  const { lastAttempt, failures } = state
  if (lastAttempt === undefined || lastAttempt > now) return 0
  return Math.max(0, lastAttempt - now + (failures > 0 ? afterFailure(source, failures) : afterSuccess(source)))
}

function spread(ms: number): number {
  return ms * (1 + jitter * Math.random())
}
