/** Numbers that outlive a change: ring slots, stable ids; and what a change is called. */
import fc from 'fast-check'
import { test } from 'tap'
import { difference } from '../../controlplane/policy/difference.ts'
import type { PolicyDocument } from '../../controlplane/policy/document.ts'
import { assignIds, emptyIdBook, type IdBook, idBookFromJson, idBookToJson } from '../../controlplane/policy/ids.ts'
import { fillRing, ringSlots, type WeightedBackend } from '../../controlplane/policy/maglev.ts'

const seed = Date.now() % 1_000_000_007
const backends = (count: number, weight: (at: number) => number = () => 100) =>
  Array.from({ length: count }, (_, at) => ({ name: `b${at}`, weight: weight(at) }))
const owners = (list: readonly WeightedBackend[], slots: number) => Array.from(fillRing(list, slots), index => list[index]?.name ?? '')

function shares(ring: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()

  for (const owner of ring) counts.set(owner, (counts.get(owner) ?? 0) + 1)
  return counts
}

function policyOf(rules: readonly string[], services: Readonly<Record<string, readonly string[]>> = {}): PolicyDocument {
  return {
    defaults: {},
    interfaces: {},
    rules: Object.fromEntries(rules.map(name => [name, { direction: 'ingress', action: 'deny', match: {} }])),
    services: Object.fromEntries(
      Object.entries(services).map(([name, names]) => [
        name,
        {
          address: '192.0.2.1',
          protocol: 'tcp',
          forwarding: 'nat',
          backends: Object.fromEntries(names.map(backend => [backend, { address: '10.0.0.1' }])),
        },
      ]),
    ),
  }
}

test('equal backends own equal shares', async t => {
  for (const count of [1, 2, 3, 7, 100]) {
    const counts = [...shares(owners(backends(count), ringSlots(count) as number)).values()]
    t.equal(counts.length, count)
    t.ok(Math.max(...counts) - Math.min(...counts) <= 1, `${count}: ${Math.min(...counts)} to ${Math.max(...counts)}`)
  }
})

test('shares follow weights to a slot or two, and the lightest has one', async t => {
  t.comment(`seed ${seed}`)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 10 }), weights => {
      const list = backends(weights.length, at => weights[at] as number)
      const sum = weights.reduce((total, weight) => total + weight)
      const heaviest = Math.max(...weights)
      const counts = shares(owners(list, 2048))
      // Each of the others has one turn ahead of its weight, which the heaviest pays for.
      return list.every(({ name, weight }) => {
        const apart = Math.abs((counts.get(name) ?? 0) - (2048 * weight) / sum)
        return counts.has(name) && apart <= (weight === heaviest ? weights.length : 2 + weights.length / 4)
      })
    }),
    { seed, numRuns: 200 },
  )
})

test('the order in which backends are written does not matter', async t => {
  t.comment(`seed ${seed}`)
  fc.assert(
    fc.property(
      fc.shuffledSubarray(
        backends(40, at => at + 1),
        { minLength: 2 },
      ),
      list => JSON.stringify(owners(list, 8192)) === JSON.stringify(owners([...list].reverse(), 8192)),
    ),
    { seed, numRuns: 30 },
  )
})

test('a backend that leaves takes little with it', async t => {
  const slots = ringSlots(100) as number
  const all = backends(100)
  const before = owners(all, slots)

  for (const gone of [0, 17, 99]) {
    const after = owners(
      all.filter((_, at) => at !== gone),
      slots,
    )
    const moved = before.filter((owner, slot) => owner !== after[slot]).length
    t.ok(moved <= (3 * slots) / 100, `${moved} slots of ${slots} moved, ${Math.round(slots / 100)} had to`)
  }
  const heavier = owners(
    all.map((backend, at) => (at === 5 ? { ...backend, weight: 90 } : backend)),
    slots,
  )
  t.ok(before.filter((owner, slot) => owner !== heavier[slot]).length <= (3 * slots) / 100, 'a change of weight too')
})

test('ids stay, and freed ones rest', async t => {
  const capacity = { ruleIds: 6, serviceIds: 4, backendIds: 5 }
  const step = (book: IdBook, rules: string[]) => assignIds(book, policyOf(rules), capacity)
  const first = step(emptyIdBook, ['b', 'a'])

  t.same(
    [...first.book.rules],
    [
      ['a', 1],
      ['b', 2],
    ],
  )
  t.same(first.taken.rules, [1, 2])
  const second = step(first.book, ['b', 'c'])
  t.same(
    [...second.book.rules],
    [
      ['b', 2],
      ['c', 3],
    ],
    'the 1 of a is not given away at once',
  )
  t.same(second.taken.rules, [3])
  const third = step(second.book, ['b', 'c', 'a', 'd'])
  t.same(
    [...third.book.rules],
    [
      ['b', 2],
      ['c', 3],
      ['a', 4],
      ['d', 5],
    ],
  )
  const fourth = step(third.book, ['b', 'c', 'a', 'd', 'e'])
  t.same(fourth.book.rules.get('e'), 1, 'only when the search has come round')
  t.equal(step(fourth.book, ['b', 'c', 'a', 'd', 'e', 'f']).book.rules.has('f'), false, 'no number is left')
  t.same(step(fourth.book, ['b', 'c', 'a', 'd', 'e']).taken.rules, [])
  t.same(idBookFromJson(idBookToJson(fourth.book)), fourth.book)

  const services = assignIds(emptyIdBook, policyOf([], { web: ['b1', 'b2'], dns: ['b1'] }), capacity)
  t.same(
    [...services.book.services],
    [
      ['dns', 1],
      ['web', 2],
    ],
  )
  t.same(
    [...services.book.backends],
    [
      ['dns/b1', 1],
      ['web/b1', 2],
      ['web/b2', 3],
    ],
  )
})

test('no two names ever share an id, and an id keeps its name', async t => {
  t.comment(`seed ${seed}`)
  const names = fc.uniqueArray(fc.constantFrom(...'abcdefghijkl'), { maxLength: 9 })
  fc.assert(
    fc.property(fc.array(names, { maxLength: 30 }), writes => {
      let book = emptyIdBook
      return writes.every(rules => {
        const next = assignIds(book, policyOf(rules), { ruleIds: 10, serviceIds: 2, backendIds: 2 })
        const ids = [...next.book.rules.values()]
        const kept = rules.every(name => !book.rules.has(name) || book.rules.get(name) === next.book.rules.get(name))
        const news = rules.filter(name => !book.rules.has(name)).map(name => next.book.rules.get(name))
        const fits = new Set(ids).size === rules.length && ids.every(id => id > 0 && id < 10)
        const told = JSON.stringify([...news].sort()) === JSON.stringify([...next.taken.rules].sort())
        book = next.book
        return kept && fits && told
      })
    }),
    { seed, numRuns: 300 },
  )
})

test('changes are told by pointer', async t => {
  t.same(difference({ a: 1, b: { c: [1, 2], d: 1 }, e: 1 }, { a: 1, b: { c: [1, 3], d: 1, 'x/y~': null }, f: {} }), [
    { op: 'replace', path: '/b/c', from: [1, 2], to: [1, 3] },
    { op: 'add', path: '/b/x~1y~0', to: null },
    { op: 'remove', path: '/e', from: 1 },
    { op: 'add', path: '/f', to: {} },
  ])
  t.same(difference({ a: [{ b: 1, c: 2 }] }, { a: [{ c: 2, b: 1 }] }), [], 'the order of keys is none of content')
  t.same(difference({}, []), [{ op: 'replace', path: '', from: {}, to: [] }])
})
