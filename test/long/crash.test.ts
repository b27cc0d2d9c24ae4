/** 300 kills of the test of the same name under test/api; DRAWGATE_SEED and DRAWGATE_ROUNDS choose others. */
import { test } from 'tap'
import { enterNewNetwork } from '../../controlplane/native/namespace.ts'
import { crashes } from '../api/crash.ts'
import { cannotLoad } from '../dataplane/box.ts'

const skip = cannotLoad()
const seed = Number(process.env.DRAWGATE_SEED ?? Date.now() % 1_000_000_007)
const rounds = Number(process.env.DRAWGATE_ROUNDS ?? 300)
if (!skip) enterNewNetwork()

test('killed at random moments of random writes', { skip, timeout: 7_200_000 }, t => crashes(t, { rounds, seed }))
