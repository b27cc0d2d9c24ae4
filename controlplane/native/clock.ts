/** The clock that expiry is measured by in the kernel: CLOCK_BOOTTIME, which goes on while the host sleeps. */
import { readFileSync } from 'node:fs'

/** Seconds since the boot, to a hundredth. */
export function bootSeconds(): number {
  return Number(readFileSync('/proc/uptime', 'utf8').split(' ', 1)[0])
}

/** What Date.now() is ahead of it, in milliseconds. */
export function bootOffset(): number {
  return Date.now() - bootSeconds() * 1000
}
