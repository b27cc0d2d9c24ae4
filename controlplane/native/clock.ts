/** The clock that expiry is measured by in the kernel: CLOCK_BOOTTIME, which goes on while the host sleeps. */
import { readFileSync } from 'node:fs'
import { check, libc } from './libc.ts'

const CLOCK_BOOTTIME = 7

/** Seconds since the boot, to a hundredth. */
export function bootSeconds(): number {
  return Number(readFileSync('/proc/uptime', 'utf8').split(' ', 1)[0])
}

/** What Date.now() is ahead of it, in milliseconds. */
export function bootOffset(): number {
  return Date.now() - bootSeconds() * 1000
}

/** To the nanosecond. */
export function bootTimeNs(): bigint {
  const time = new BigInt64Array(2)

  check(libc().clockGettime(CLOCK_BOOTTIME, new Uint8Array(time.buffer)), 'reading the clock')
  return (time[0] ?? 0n) * 1_000_000_000n + (time[1] ?? 0n)
}
