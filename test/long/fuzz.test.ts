/** The contract under fire. */
import t from 'tap'
import { fuzz } from '../api/fuzz.ts'
import { cannotLoad } from '../dataplane/box.ts'

const seed = Number(process.env.DRAWGATE_SEED ?? Date.now() % 1_000_000_007)

t.test('20,000 requests, valid, mutated and hostile', { skip: cannotLoad() }, t => fuzz(t, { count: 20_000, seed }))
