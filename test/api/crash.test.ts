/** The daemon is killed at random moments of random writes. */
import { test } from 'tap'
import { enterNewNetwork } from '../../controlplane/native/namespace.ts'
import { cannotLoad } from '../dataplane/box.ts'
import { crashes } from './crash.ts'

const skip = cannotLoad()
if (!skip) enterNewNetwork()

test('killed at random moments of random writes: old or new, whole, in store and kernel alike', { skip, timeout: 300_000 }, t =>
  crashes(t, { rounds: 20, seed: Number(process.env.DRAWGATE_SEED ?? Date.now() % 1_000_000_007) }),
)
