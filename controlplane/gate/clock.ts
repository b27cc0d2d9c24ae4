/** Wall clock to the clock of the kernel: people say when something ends by the one, programs look at the other. */
import { boottime } from '../native/clock.ts'

/** Reading two clocks takes a moment, and the wall clock is slewed: what differs by less is no step of it. */
const toleratedMs = 500

let known: number | undefined

/** Milliseconds since 1970 at which CLOCK_BOOTTIME was 0. Stays the same until somebody sets the wall clock. */
export function bootedAt(): number {
  const now = Date.now() - boottime()
  if (known === undefined || Math.abs(now - known) > toleratedMs) known = now
  return known
}

/** CLOCK_BOOTTIME at that time, in seconds, rounded up. */
export function bootSeconds(epochMs: number): number {
  return Math.max(0, Math.ceil((epochMs - bootedAt()) / 1000))
}
