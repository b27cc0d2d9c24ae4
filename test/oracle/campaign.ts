/** Random policies times random packets until so many pairs are judged: the same for the suite and for the long run. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import type { Test } from 'tap'
import { drafts, type Feature, features, poolOf, type Surroundings, shapes } from './generate.ts'
import { Judge, type Sender } from './judge.ts'
import { supportedFeatures } from './supported.ts'

export interface Campaign {
  readonly seed: number
  readonly pairs: number
}

/** How policies of a round are drawn: prefixes of each family in the pool, rules, packets for each policy. */
interface Size {
  readonly pool: number
  readonly rules: { readonly min: number; readonly max: number }
  readonly packets: number
  readonly policies: number
  readonly narrow: boolean
}

const sizes: readonly Size[] = [
  { pool: 10, rules: { min: 0, max: 6 }, packets: 400, policies: 5, narrow: false },
  { pool: 16, rules: { min: 7, max: 64 }, packets: 600, policies: 4, narrow: false },
  { pool: 12, rules: { min: 1, max: 12 }, packets: 400, policies: 5, narrow: false },
  { pool: 40, rules: { min: 65, max: 300 }, packets: 1500, policies: 2, narrow: true },
  { pool: 8, rules: { min: 1, max: 3 }, packets: 300, policies: 5, narrow: false },
  { pool: 120, rules: { min: 1000, max: 2000 }, packets: 4000, policies: 1, narrow: true },
]
/** A round and the shrinking of its failure; what that has come to by then is told. */
const roundMs = 60_000
/**
 * What the kernel says of the packets of a test run: root's, in the group of this process. The devices are those of box.ts; tc_ingress
 * lets by what comes in where XDP stands.
 */
const sender: Sender = {
  uid: 0,
  ...(ownGroup() === undefined ? {} : { cgroup: ownGroup() as string }),
  devices: { xdp_ingress: ['lo', 'in0', 'out0'], tc_ingress: ['lo', 'in0p', 'out0p'], tc_egress: ['lo', 'in0', 'out0', 'in0p'] },
}
/** Features that no rule or entry names. */
const wholePolicy: readonly Feature[] = ['services', 'local', 'essentials', 'management']

export async function campaign(t: Test, { seed, pairs }: Campaign): Promise<void> {
  t.comment(`seed ${seed}`)
  const judge = await Judge.open(sender)
  t.teardown(() => judge.close())
  const surroundings = surroundingsHere()
  const since = performance.now()
  let failure: string | undefined

  for (let round = 0; judge.tally.pairs < pairs && failure === undefined; round++)
    failure = await oneRound(judge, ofRound(surroundings, round), sizes[round % sizes.length] as Size, seed + round)

  const { pairs: judged, uncertain, policies, hooks, by, depths, named } = judge.tally
  const list = (counts: ReadonlyMap<string, number>) => [...counts].map(([what, times]) => `${what} ${times}`).join(', ')
  const enforced = features.filter(feature => surroundings.features.has(feature))

  t.comment(
    `${judged} pairs of ${policies} policies in ${Math.round((performance.now() - since) / 100) / 10} s; ${uncertain} more were uncertain`,
  )
  t.comment(`hooks: ${list(hooks)}`)
  t.comment(`decided by: ${list(by)}`)
  t.comment(`rules of the policy before the one that decided, at least: ${list(depths)}`)
  t.comment(`rules that name: ${list(named)}`)
  t.comment(`not enforced, so not drawn: ${features.filter(feature => !enforced.includes(feature)).join(', ') || 'nothing'}`)
  t.equal(failure, undefined, `seed ${seed}: ${judged} pairs are treated as the policy reads`)
  if (failure !== undefined) return
  for (const feature of enforced.filter(feature => !wholePolicy.includes(feature))) t.ok(named.get(feature), `${feature} was named`)
}

/** Rules and entries expire while packets flow; those of the moment in between are left out, since the kernel counts in seconds. */
export async function expiries(t: Test, { seed }: { seed: number }): Promise<void> {
  const judge = await Judge.open(sender)
  t.teardown(() => judge.close())
  // A whole second, as documents are kept: what is written within one is over at its end, and in the kernel less than one later.
  const over = Math.ceil(Date.now() / 1000 + 3) * 1000
  const pool = poolOf(seed, 10)
  const [draft] = fc.sample(drafts(pool, { ...surroundingsHere(), expiries: [over] }, { min: 40, max: 64 }, false), { seed, numRuns: 1 })
  if (draft === undefined) throw new Error('nothing was drawn')
  const world = await judge.enforce(draft)

  t.comment(`seed ${seed}`)
  for (let round = 0; Date.now() < over + 3000; round++) {
    const packets = fc.sample(shapes(pool), { seed: seed + round, numRuns: 200 })
    try {
      judge.check(world, packets)
    } catch (error) {
      const when = Date.now() < over ? 'before' : 'after'
      t.fail(`${when} it was over: ${String(error)}\npolicy: ${JSON.stringify(world.policy, undefined, 1)}`)
      return
    }
  }
  t.comment(`${judge.tally.pairs} pairs, ${judge.tally.uncertain} about the moment itself`)
  t.ok(judge.tally.pairs > 0)
}

/** State in a third of the rounds, each size in its turn: where a rule asks for it, few packets are certain. */
function ofRound(surroundings: Surroundings, round: number): Surroundings {
  const asksState = (round + Math.floor(round / sizes.length)) % 3 === 0
  return { ...surroundings, features: new Set([...surroundings.features].filter(feature => feature !== 'state' || asksState)) }
}

/** Undefined, or why it failed, shrunk. */
async function oneRound(judge: Judge, surroundings: Surroundings, size: Size, seed: number): Promise<string | undefined> {
  const pool = poolOf(seed, size.pool)
  const draft = fc.noBias(drafts(pool, surroundings, size.rules, size.narrow))
  // Long lists that may yet shrink to one packet, and do so first: the policy then shrinks faster.
  const packets = fc.noBias(fc.array(shapes(pool), { minLength: 1, maxLength: 2 * size.packets, size: 'max' }))
  const both = fc.tuple(packets, draft)
  const result = await shrunk(both, { seed, numRuns: size.policies }, ([packets, draft]) => judge.compare(draft, packets))

  if (!result.failed || result.counterexample === null) return undefined
  const [[few, failing]] = result.counterexample
  return `of seed ${seed}, shrunk ${result.numShrinks} times: ${String(result.errorInstance)}\nonce more: ${await judge.explain(failing, few)}`
}

/** fast-check with an end to its shrinking, where a policy is still being put in force: that is waited for. */
export async function shrunk<Value>(
  values: fc.Arbitrary<Value>,
  options: { readonly seed: number; readonly numRuns: number },
  check: (value: Value) => Promise<void>,
): Promise<fc.RunDetails<[Value]>> {
  let running = Promise.resolve()
  const property = fc.asyncProperty(values, value => {
    running = check(value)
    return running
  })
  const result = await fc.check(property, { ...options, interruptAfterTimeLimit: roundMs })

  await running.catch(() => {})
  return result as fc.RunDetails<[Value]>
}

function surroundingsHere(): Surroundings {
  const own = sender.cgroup ?? '/'
  const parents = own.split('/').map((_, at, names) => names.slice(0, at + 1).join('/') || '/')
  const hour = 3_600_000

  return {
    features: supportedFeatures(),
    devices: [...new Set(Object.values(sender.devices ?? {}).flat())],
    cgroups: [...new Set([...parents, own === '/' ? '/absent' : `${own}/absent`])],
    uids: [0, 0, 1, 1000],
    expiries: [Date.now() - hour, Date.now() + hour],
  }
}

function ownGroup(): string | undefined {
  return /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1]
}
