/** Rings: shares as the weights say, and as few moves as can be. */
import { test } from 'tap'
import { fillRing, fillSeconds, ringSlots, type WeightedBackend } from '../../controlplane/policy/maglev.ts'

const random = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}
const equal = (count: number) => Array.from({ length: count }, (_, at) => ({ name: `b${at}`, weight: 100 }))
const weighted = (count: number, seed: number) => {
  const draw = random(seed)
  return Array.from({ length: count }, (_, at) => ({ name: `web-${at}-${seed}`, weight: 10 + Math.floor(draw() * 91) }))
}
const slotsFor = (backends: readonly unknown[]) => ringSlots(backends.length) as number
const named = (backends: readonly WeightedBackend[], ring: Uint16Array) => Array.from(ring, at => (backends[at] as WeightedBackend).name)

function counts(ring: Iterable<number>, backends: number): number[] {
  const owned = new Array<number>(backends).fill(0)
  for (const index of ring) owned[index] = (owned[index] as number) + 1
  return owned
}

test('at least 100 slots each, a power of two', async t => {
  for (const count of [1, 10, 11, 100, 163, 164, 1000, 10_000]) {
    const slots = ringSlots(count) as number
    t.ok(slots >= 100 * count && Number.isInteger(Math.log2(slots)), `${count}: ${slots}`)
  }
  t.equal(ringSlots(30_000), undefined)
})

test('shares are those of the weights within 2 % or one slot', async t => {
  for (const backends of [equal(1), equal(2), equal(7), equal(100), weighted(2, 1), weighted(9, 2), weighted(33, 3), weighted(100, 4)]) {
    const slots = slotsFor(backends)
    const sum = backends.reduce((total, { weight }) => total + weight, 0)
    const owned = counts(fillRing(backends, slots), backends.length)
    for (const [at, { weight }] of backends.entries()) {
      const due = (slots * weight) / sum
      if (Math.abs((owned[at] as number) - due) > Math.max(0.02 * due, 1)) t.fail(`${owned[at]} slots of ${slots}, and ${due} are due`)
    }
  }
  t.pass()
})

test('the same on every node, in whatever order backends come', async t => {
  const backends = weighted(40, 5)
  const turned = [...backends].reverse()
  const [ring, other] = [backends, turned].map(list => fillRing(list, slotsFor(list)))
  t.same(named(backends, ring as Uint16Array), named(turned, other as Uint16Array))
  const seconds = [fillSeconds(backends, ring as Uint16Array), fillSeconds(turned, other as Uint16Array)]
  t.same(named(backends, seconds[0] as Uint16Array), named(turned, seconds[1] as Uint16Array))
})

test('a death moves its own slots and leaves the others within 5 % of each other', async t => {
  for (const backends of [equal(2), equal(3), equal(10), equal(30), equal(100), weighted(10, 6), weighted(100, 7)]) {
    const slots = slotsFor(backends)
    const ring = fillRing(backends, slots)
    const seconds = fillSeconds(backends, ring)
    const owned = counts(ring, backends.length)
    t.ok(
      seconds.every((second, slot) => second !== ring[slot]),
      'another takes each slot',
    )
    for (let dead = 0; dead < backends.length; dead++) {
      const after = counts(
        ring.map((index, slot) => (index === dead ? (seconds[slot] as number) : index)),
        backends.length,
      )
      for (let at = 0; at < backends.length; at++) {
        const due = ((owned[at] as number) * slots) / (slots - (owned[dead] as number))
        if (at !== dead && Math.abs((after[at] as number) - due) > Math.max(0.05 * due, 1)) t.fail(`${after[at]} slots, and ${due} are due`)
      }
    }
  }
  t.pass()
})

test('a change of configuration moves at most three times the minimum', async t => {
  const backends = equal(100)
  const slots = slotsFor(backends)
  const before = named(backends, fillRing(backends, slots))
  const cases: [string, WeightedBackend[], number][] = [
    ['one less', backends.slice(1), 1 / 100],
    ['one more', [...backends, { name: 'new', weight: 100 }], 1 / 101],
    ['one twice as heavy', [{ name: 'b0', weight: 200 }, ...backends.slice(1)], 2 / 101 - 1 / 100],
    ['one half as heavy', [{ name: 'b0', weight: 50 }, ...backends.slice(1)], 1 / 100 - 1 / 199],
    ['ten less', backends.slice(10), 10 / 100],
  ]
  for (const [what, list, share] of cases) {
    const after = named(list, fillRing(list, slots))
    const moved = after.filter((name, slot) => name !== before[slot]).length
    t.ok(moved <= 3 * share * slots, `${what}: ${(moved / share / slots).toFixed(2)} times the minimum`)
  }
})

test('a ring for 1,000 backends takes at most 50 ms', async t => {
  const backends = equal(1000)
  const times = Array.from({ length: 5 }, () => {
    const since = performance.now()
    fillSeconds(backends, fillRing(backends, slotsFor(backends)))
    return performance.now() - since
  })
  t.ok(Math.min(...times) <= 50, `${Math.min(...times).toFixed(1)} ms`)
})
