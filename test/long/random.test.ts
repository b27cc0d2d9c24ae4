/** A million pairs of the test of the same name under test/dataplane; DRAWGATE_PAIRS and DRAWGATE_SEED choose others. */
import { test } from 'tap'
import { cannotLoad } from '../dataplane/box.ts'
import { campaign } from '../oracle/campaign.ts'

const seed = Number(process.env.DRAWGATE_SEED ?? Date.now() % 1_000_000_007)
const pairs = Number(process.env.DRAWGATE_PAIRS ?? 1_000_000)

test('the programs treat each packet as the policy reads', { skip: cannotLoad(), timeout: 3_600_000 }, t => campaign(t, { seed, pairs }))
