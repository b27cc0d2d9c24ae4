/** The clock that the kernel tells expiry by: it runs on while the host sleeps, and nobody sets it. */
import { libc } from './libc.ts'

const CLOCK_MONOTONIC_COARSE = 6
const CLOCK_BOOTTIME = 7

/** Milliseconds since the host has booted. */
export function bootTimeMs(): number {
  const time = new BigInt64Array(2)

  libc().clock_gettime(CLOCK_BOOTTIME, new Uint8Array(time.buffer))
  return Number(time[0]) * 1000 + Number(time[1]) / 1e6
}

/** What to add to CLOCK_BOOTTIME for milliseconds since 1970, as the wall clock stands now. */
export function bootOffsetMs(): number {
  return Date.now() - bootTimeMs()
}

/** Nanoseconds of the clock that programs read as bpf_ktime_get_coarse_ns: never ahead of them. */
export function coarseNs(): bigint {
  const time = new BigInt64Array(2)

  libc().clock_gettime(CLOCK_MONOTONIC_COARSE, new Uint8Array(time.buffer))
  return (time[0] as bigint) * 1_000_000_000n + (time[1] as bigint)
}
