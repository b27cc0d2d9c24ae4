/** A network namespace of one's own, for tests: devices made there are nobody else's, and go with the process. */
import { check, libc } from './libc.ts'

const CLONE_NEWNET = 0x4000_0000

/** Moves the calling thread (the one that runs JavaScript) and what it starts from now on into a new, empty network. */
export function enterNewNetwork(): void {
  check(libc().unshare(CLONE_NEWNET), 'entering a network namespace of our own')
}
