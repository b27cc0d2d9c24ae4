/** The clock that programs know: it begins when the machine does, goes on while it sleeps, and nobody sets it. */
import { check, libc } from './libc.ts'

const CLOCK_BOOTTIME = 7

/** Milliseconds. */
export function boottime(): number {
  const time = new BigInt64Array(2)
  check(libc().clock_gettime(CLOCK_BOOTTIME, new Uint8Array(time.buffer)), 'reading CLOCK_BOOTTIME')
  return Number(time[0]) * 1000 + Number(time[1]) / 1e6
}
