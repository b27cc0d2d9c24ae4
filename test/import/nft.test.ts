/** Rules at random, loaded by nft, and imported as they were written and as nft prints them: real packets fare alike. */
import fc from 'fast-check'
import { test } from 'tap'
import { importNft } from '../../controlplane/import/import.ts'
import { shrunk } from '../oracle/campaign.ts'
import { Referee } from './agree.ts'
import { nftRulesets } from './nft-rules.ts'
import { cannotAsk, command, Original } from './original.ts'
import { drawn, type Family, frameOf } from './packets.ts'

const seed = Number(process.env.DRAWGATE_SEED ?? Date.now() % 1_000_000_007)
const rounds = Number(process.env.DRAWGATE_ROUNDS ?? 25)
const families: readonly Family[] = ['ip', 'ip', 'ip6']

/** Without the rules that nft refuses, as those that ask for two protocols at once. */
function load(source: string): string {
  const before = 'table inet t { }\ndelete table inet t\n'
  try {
    command('nft', ['-f', '-'], `${before}${source}`)
    return source
  } catch (error) {
    const wrong = new Set([...String((error as Error).message).matchAll(/^\/dev\/stdin:(\d+):/gm)].map(([, line]) => Number(line) - 3))
    const rest = source.split('\n').filter((_line, at) => !wrong.has(at))
    if (rest.length === source.split('\n').length) throw error
    return load(rest.join('\n'))
  }
}

test('what is carried over of nftables decides as nftables does', { skip: cannotAsk('nft') }, async t => {
  const original = new Original()
  const referee = new Referee()
  let turn = 0
  const result = await shrunk(
    fc.tuple(nftRulesets, fc.array(drawn, { minLength: 60, maxLength: 60 }), fc.boolean()),
    { seed, numRuns: rounds },
    async ([source, packets, printed]) => {
      const loaded = load(source)
      const text = printed ? command('nft', ['list', 'table', 'inet', 't']) : loaded
      const frames = packets.map(packet => ({ frame: frameOf(packet, families[turn % 3] as Family, turn++), routed: packet.routed }))
      const found = await referee.difference(original, importNft({ name: 'rules', text }), frames)
      if (found !== undefined) throw new Error(`${text}\n${found}`)
    },
  )
  referee.close()
  t.comment(`seed ${seed}: ${referee.pairs} packets, ${referee.passed} passed; ${referee.exact} of ${rounds} rulesets carried whole`)
  t.equal(result.failed ? String(result.errorInstance) : undefined, undefined, 'packets fare alike')
  if (!result.failed) t.ok(referee.exact > rounds / 3, 'most rules are carried whole')
})
