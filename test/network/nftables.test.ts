/** Real packets through nftables, which none of us wrote: it decides as a plain reading of the policy does, and as the programs do. */
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { type Test, test } from 'tap'
import { cannotLoad, ifindex, makeNetwork } from '../dataplane/box.ts'
import { describe } from '../lab/packet.ts'
import { shrunk } from '../oracle/campaign.ts'
import { build, type Shape } from '../oracle/frame.ts'
import { type Draft, drafts, type Feature, poolOf, shapes } from '../oracle/generate.ts'
import { Judge, worldOf } from '../oracle/judge.ts'
import { NftDevice, nftFeatures } from '../oracle/nft.ts'
import { reader } from '../oracle/plain.ts'
import { supportedFeatures } from '../oracle/supported.ts'

const seed = Number(process.env.DRAWGATE_SEED ?? Date.now() % 1_000_000_007)
const sizes = [
  { pool: 8, rules: { min: 0, max: 4 }, packets: 250, policies: 8, narrow: false },
  { pool: 12, rules: { min: 5, max: 30 }, packets: 400, policies: 6, narrow: false },
  { pool: 30, rules: { min: 60, max: 200 }, packets: 800, policies: 3, narrow: true },
]

function cannotRun(): string | false {
  if (cannotLoad()) return cannotLoad()
  try {
    execFileSync('nft', ['--version'])
    return false
  } catch {
    return 'needs the command nft'
  }
}

let made: { ingress: NftDevice; egress: NftDevice } | undefined

function devices(): { ingress: NftDevice; egress: NftDevice } {
  if (made !== undefined) return made
  makeNetwork()
  const device = (name: string, direction: 'ingress' | 'egress') => {
    execFileSync('ip', ['link', 'add', `${name}0`, 'type', 'veth', 'peer', 'name', `${name}1`])
    // Whatever the host itself would send there is none of our packets.
    for (const end of [`${name}0`, `${name}1`]) {
      execFileSync('sysctl', ['-qw', `net.ipv6.conf.${end}.disable_ipv6=1`])
      execFileSync('ip', ['link', 'set', end, 'up'])
    }
    return new NftDevice(`${name}1`, ifindex(`${name}0`), direction)
  }
  made = { ingress: device('nftin', 'ingress'), egress: device('nftout', 'egress') }
  return made
}

/** Packets of which both speak: nftables sees tags apart from the frame, and takes an authentication header for the transport. */
const common = (shape: Shape): Shape => ({ ...shape, tags: [], extras: shape.extras.filter(extra => extra !== 'authentication') })

class Referee {
  pairs = 0
  readonly by = new Map<string, number>()
  readonly #devices = devices()

  /** Undefined, or the first packet that nftables treats in another way than the policy reads. */
  difference(draft: Draft, packets: readonly Shape[]): string | undefined {
    const world = worldOf(draft, true)
    const read = reader(world)

    for (const direction of ['ingress', 'egress'] as const) {
      const built = packets.filter(shape => shape.direction === direction).map(build)
      this.#devices[direction].enforce(world)
      const answers = this.#devices[direction].run(built.map(({ frame }) => frame))

      for (const [at, { packet, frame }] of built.entries()) {
        const { verdict, by, rule } = read(packet)
        const expected = { passed: verdict === 'allow', by: rule ?? by }
        const answer = answers[at]
        this.pairs++
        this.by.set(by, (this.by.get(by) ?? 0) + 1)
        if (answer?.passed !== expected.passed || answer.by !== expected.by)
          return [
            `${direction}: ${describe(frame, { ethernet: true })}`,
            `nftables: ${JSON.stringify(answer)}, a plain reading: ${JSON.stringify(expected)}`,
            `frame ${Buffer.from(frame).toString('hex')}`,
            `local ${world.local.join(' ')}, policy ${JSON.stringify(world.policy, undefined, 1)}`,
          ].join('\n')
      }
    }
    return undefined
  }
}

/** Undefined, or how it failed, shrunk. */
async function failureOf(referee: Referee, known: readonly Feature[], judge?: Judge): Promise<string | undefined> {
  const surroundings = { features: new Set(known), devices: [], cgroups: ['/'], uids: [0], expiries: [0] }

  for (const [round, { pool: prefixes, rules, packets, policies, narrow }] of sizes.entries()) {
    const pool = poolOf(seed + round, prefixes)
    const result = await shrunk(
      fc.tuple(
        fc.noBias(fc.array(shapes(pool).map(common), { minLength: 1, maxLength: 2 * packets, size: 'max' })),
        fc.noBias(drafts(pool, surroundings, rules, narrow)),
      ),
      { seed: seed + round, numRuns: policies },
      async ([packets, draft]) => {
        const found = referee.difference(draft, packets)
        if (found !== undefined) throw new Error(found)
        await judge?.compare(draft, packets)
      },
    )

    if (result.failed) return `round ${round}, shrunk ${result.numShrinks} times: ${String(result.errorInstance)}`
  }
  return undefined
}

async function mustAgree(t: Test, known: readonly Feature[], judge?: Judge): Promise<void> {
  const referee = new Referee()
  const failure = await failureOf(referee, known, judge)

  t.comment(`seed ${seed}: ${referee.pairs} packets; decided by ${[...referee.by].map(([stage, times]) => `${stage} ${times}`).join(', ')}`)
  t.comment(`fields: ${known.join(', ')}`)
  t.equal(failure, undefined, 'one verdict, by the same rule')
}

test('nftables decides as a plain reading of the policy does', { skip: cannotRun() }, t => mustAgree(t, nftFeatures))

test('nftables and the programs decide alike', { skip: cannotRun() }, async t => {
  const judge = await Judge.open({ uid: 0 })
  const enforced = supportedFeatures()

  t.teardown(() => judge.close())
  await mustAgree(
    t,
    nftFeatures.filter(feature => enforced.has(feature)),
    judge,
  )
})
