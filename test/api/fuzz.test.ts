/** The contract under fire; test/long goes on for longer. */
import t from 'tap'
import { cannotLoad } from '../dataplane/box.ts'
import { fuzz } from './fuzz.ts'

const seed = Number(process.env.DRAWGATE_SEED ?? Date.now() % 1_000_000_007)

t.test('2,000 requests, valid, mutated and hostile', { skip: cannotLoad() }, t => fuzz(t, { count: 2000, seed }))
