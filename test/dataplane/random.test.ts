/** Random policies and packets: the loaded programs against a plain reading of the policy. */
import { test } from 'tap'
import { campaign, expiries } from '../oracle/campaign.ts'
import { supportedFeatures } from '../oracle/supported.ts'
import { cannotLoad } from './box.ts'

const skip = cannotLoad()
const seed = Number(process.env.DRAWGATE_SEED ?? Date.now() % 1_000_000_007)

test('the programs treat each packet as the policy reads', { skip, timeout: 220_000 }, t => campaign(t, { seed, pairs: 50_000 }))

test('rules and entries expire while packets flow', { skip }, async t => {
  const features = supportedFeatures()
  if (features.has('expiresAt') || features.has('timedEntries')) await expiries(t, { seed })
  else t.comment('not enforced, so not drawn')
})
