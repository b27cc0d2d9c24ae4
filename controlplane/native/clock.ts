/** The clock that the dataplane tells times by: it runs from boot on, through suspends, and nobody sets it. */
import { check, libc } from './libc.ts'

const CLOCK_BOOTTIME = 7

export function bootTimeNs(): bigint {
  const time = new BigInt64Array(2)

  check(libc().clockGettime(CLOCK_BOOTTIME, new Uint8Array(time.buffer)), 'reading the clock')
  return (time[0] ?? 0n) * 1_000_000_000n + (time[1] ?? 0n)
}
