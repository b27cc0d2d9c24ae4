/** What results of checks make of a backend: pure. */

export interface Judged {
  readonly health: 'up' | 'down' | 'unknown'
  /** Milliseconds since 1970: when it became so. */
  readonly since: number
  readonly lastError?: string
  /** Results in a row that speak against `health`. */
  readonly against: number
  /** When it went down lately. */
  readonly deaths: readonly number[]
}

export interface Patience {
  readonly rise: number
  readonly fall: number
}

/** A backend that goes down again within this time has to show more and more successes before it is believed. */
const flapMs = 10 * 60_000
const maxDamping = 32
const maxBackoff = 8

export function unknown(now: number): Judged {
  return { health: 'unknown', since: now, against: 0, deaths: [] }
}

/** What an earlier process has left in the kernel: it has to rise like any other. */
export function down(now: number): Judged {
  return { health: 'down', since: now, against: 0, deaths: [] }
}

/** `error`: why the check has failed; undefined: it has not. One result on the side of what holds forgets those against it. */
export function judge(judged: Judged, error: string | undefined, now: number, patience: Patience): Judged {
  const told = error === undefined ? judged : { ...judged, lastError: error }
  const isGood = error === undefined
  // The first success is believed: a backend that was just declared serves at once.
  if (judged.health === 'unknown' && isGood) return { ...told, health: 'up', since: now, against: 0 }
  if (judged.health !== 'unknown' && isGood === (judged.health === 'up')) return { ...told, against: 0 }
  const against = judged.against + 1
  if (judged.health === 'down') {
    if (against < riseOf(judged, now, patience)) return { ...told, against }
    return { ...told, health: 'up', since: now, against: 0 }
  }
  if (against < patience.fall) return { ...told, against }
  return { ...told, health: 'down', since: now, against: 0, deaths: [...recent(judged, now), now] }
}

/** Successes that a backend needs to come back: twice as many for each earlier death of the last ten minutes. */
export function riseOf(judged: Judged, now: number, { rise }: Patience): number {
  return rise * Math.min(2 ** Math.max(recent(judged, now).length - 1, 0), maxDamping)
}

/** Until the next check, with jitter so that checks do not come in step. What is down and stays so is asked less and less often. */
export function nextCheckMs(judged: Judged, failures: number, intervalMs: number, random: number): number {
  const backoff = judged.health === 'down' ? Math.min(2 ** Math.max(failures - 1, 0), maxBackoff) : 1
  return intervalMs * backoff * (0.9 + 0.2 * random)
}

function recent({ deaths }: Judged, now: number): readonly number[] {
  return deaths.filter(time => now - time < flapMs)
}
