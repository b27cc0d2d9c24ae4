/** What is kept from one compilation to the next changes no verdict, and spares the kernel what need not be written. */
import fc from 'fast-check'
import { test } from 'tap'
import { Limit, Vector } from '../../controlplane/dataplane/abi.ts'
import { compile } from '../../controlplane/policy/compile.ts'
import type { PolicyDocument } from '../../controlplane/policy/document.ts'
import { assignIds, emptyIdBook } from '../../controlplane/policy/ids.ts'
import { newMemory, recall } from '../../controlplane/policy/memory.ts'
import { placeRules } from '../../controlplane/policy/positions.ts'
import { differenceOfTimed, prefixListOf, type TimedLists } from '../../controlplane/policy/prefix-list.ts'
import type { PrefixKey } from '../../controlplane/policy/tables.ts'
import { Bits, VectorPool } from '../../controlplane/policy/vectors.ts'
import { decide } from './plain.ts'
import { walker } from './walk.ts'
import { capacity, cgroups, devices, packet, world } from './worlds.ts'

const seed = Date.now() % 1_000_000_007

function listsOf({ entries }: { readonly entries: ReadonlyMap<string, Iterable<PrefixKey>> }): ReadonlyMap<string, TimedLists> {
  return new Map([...entries].map(([set, keys]) => [set, new Map([[0, prefixListOf(keys)]])]))
}

test('one policy after the other, with the same memory, decides as a plain reading does', async t => {
  t.comment(`seed ${seed}`)
  fc.assert(
    fc.property(fc.array(world, { minLength: 2, maxLength: 4 }), fc.array(packet, { minLength: 20, maxLength: 30 }), (worlds, packets) => {
      const memory = newMemory()

      for (const world of worlds) {
        const { tables } = compile({ ...world, entries: listsOf(world), delta: differenceOfTimed, capacity, devices, cgroups, memory })
        const walk = walker(tables, { devices, cgroups })

        for (const packet of packets) {
          const [expected, found] = [decide(world, packet), walk(packet)]
          // Management on egress is left out where nothing could stop the replies.
          if (expected.by !== 'management' && (expected.verdict !== found.verdict || expected.rule !== found.rule)) return false
        }
      }
      return true
    }),
    { seed, numRuns: 60 },
  )
})

test('after a restart the tables come out as they stand in the kernel', async t => {
  t.comment(`seed ${seed}`)
  fc.assert(
    fc.property(fc.array(world, { minLength: 1, maxLength: 4 }), worlds => {
      const memory = newMemory()
      let last = { vectors: new Uint8Array(), rules: new Uint8Array(), memberships: new Uint8Array(), classifiers: new Uint8Array() }

      for (const world of worlds) {
        const { tables } = compile({ ...world, entries: listsOf(world), delta: differenceOfTimed, capacity, memory })
        last = Object.fromEntries(Object.entries(tables.rows).map(([map, rows]) => [map, rows.slice()])) as unknown as typeof last
      }
      const world = worlds.at(-1) as (typeof worlds)[number]
      const recalled = recall(last, world.ids)
      const { tables } = compile({ ...world, entries: listsOf(world), delta: differenceOfTimed, capacity, memory: recalled })

      return (['vectors', 'rules', 'classifiers'] as const).every(map => Buffer.compare(tables.rows[map], last[map]) === 0)
    }),
    { seed, numRuns: 60 },
  )
})

test('positions ascend, and few move', async t => {
  t.comment(`seed ${seed}`)
  const edit = fc.record({ at: fc.nat(5000), what: fc.constantFrom('insert', 'insert', 'remove', 'move') })

  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2000 }), fc.array(edit, { maxLength: 200, size: 'max' }), (count, edits) => {
      const names = Array.from({ length: count }, (_, at) => `r${at}`)
      let positions = new Map<string, number>()

      for (const [step, { at, what }] of [{ at: 0, what: 'none' }, ...edits].entries()) {
        const index = names.length === 0 ? 0 : at % names.length

        if (what === 'insert') names.splice(index, 0, `n${step}`)
        if (what === 'remove') names.splice(index, 1)
        if (what === 'move' && names.length > 0) names.splice((at * 7) % names.length, 0, ...names.splice(index, 1))
        const placed = placeRules(names, positions)

        for (let rule = 0; rule < placed.length; rule++)
          if ((placed[rule] as number) >= Limit.ruleBits || (placed[rule] as number) <= (placed[rule - 1] ?? -1)) return false
        positions = new Map(names.map((name, rule) => [name, placed[rule] as number]))
      }
      return placeRules(names, positions).every((position, rule) => position === positions.get(names[rule] as string))
    }),
    { seed, numRuns: 100 },
  )

  const movedBy = (steps: number, place: (step: number) => number) => {
    const names = Array.from({ length: 10_000 }, (_, at) => `r${at}`)
    let before = new Map(placeRules(names, new Map()).map((position, rule) => [names[rule] as string, position]))
    let moved = 0

    for (let step = 0; step < steps; step++) {
      names.splice(place(step), 0, `n${step}`)
      const placed = placeRules(names, before)
      moved += placed.filter((position, rule) => before.has(names[rule] as string) && before.get(names[rule] as string) !== position).length
      before = new Map(names.map((name, rule) => [name, placed[rule] as number]))
    }
    return moved / steps
  }
  const scattered = movedBy(200, step => (step * 7919) % 10_000)
  const crowded = movedBy(500, () => 5000)

  t.ok(scattered < 10, `${scattered} rules move for one that is put in anywhere`)
  t.ok(crowded < 1000, `${crowded} rules move for one where all are put in: half of them would without gaps`)

  const full = Array.from({ length: Limit.ruleBits }, (_, at) => `r${at}`)
  t.same(
    placeRules(full, new Map()),
    full.map((_, at) => at),
    'as many as there are bits',
  )
  t.same(placeRules([...full.slice(1), 'r0'], new Map(full.map((name, at) => [name, at]))).length, Limit.ruleBits)
})

test('a vector is kept once, and its row stays its own as long as it is asked for', async t => {
  const pool = new VectorPool()
  const rowOf = (...positions: number[]) => {
    const bits = new Bits(200)
    for (const position of positions) bits.add(position)
    return pool.classOf(bits)
  }
  const [one, two] = [rowOf(1), rowOf(1, 199)]

  t.equal(rowOf(), 0)
  t.equal(rowOf(199, 1), two)
  pool.begin()
  t.equal(rowOf(1), one)
  t.equal(pool.count, 2)
  pool.begin()
  t.equal(rowOf(7), two, 'the row that nobody asked for')
  t.equal(rowOf(1), one)
  const row = Vector.decode(new DataView(pool.rows().buffer), two * Vector.size)
  t.same([row.summary[0], row.words[0], row.words[3]], [1n, 128n, 0n], 'nothing of the old one is left')
})

test('a rule that is put among ten thousand leaves other rows alone', async t => {
  const memory = newMemory()
  const rules = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, at) => [
      `r${at}`,
      {
        priority: at,
        direction: 'ingress' as const,
        action: 'deny' as const,
        match: { source: [`10.${at >> 8}.${at & 255}.0/24`], destinationPorts: [String(at)] },
      },
    ]),
  )
  const build = (rules: NonNullable<PolicyDocument['rules']>) => {
    const policy: PolicyDocument = { defaults: {}, interfaces: {}, rules }
    const { tables } = compile({
      policy,
      entries: new Map<string, TimedLists>(),
      delta: differenceOfTimed,
      local: [],
      ids: assignIds(emptyIdBook, policy, capacity).book,
      capacity,
      memory,
    })
    return tables
  }
  const first = build(rules)
  const before = first.rows.vectors.slice()
  const after = build({ ...rules, new: { priority: 5000, direction: 'ingress', action: 'allow', match: { source: ['192.0.2.0/24'] } } })
  let written = 0

  for (let row = 0; row < after.rows.vectors.length; row += Vector.size)
    if (Buffer.compare(before.subarray(row, row + Vector.size), after.rows.vectors.subarray(row, row + Vector.size)) !== 0) written++
  // It names no port, so that each port accepts it.
  t.ok(written > 10_000, 'a rule for all ports is in the vector of each')
  const narrow = build({
    ...rules,
    new: { priority: 5000, direction: 'ingress', action: 'allow', match: { source: ['192.0.2.0/24'], destinationPorts: ['7'] } },
  })
  const again = narrow.rows.vectors.slice()
  const other = build({
    ...rules,
    new: { priority: 5000, direction: 'ingress', action: 'deny', match: { source: ['192.0.2.0/24'], destinationPorts: ['8'] } },
  })

  written = 0
  for (let row = 0; row < other.rows.vectors.length; row += Vector.size)
    if (Buffer.compare(again.subarray(row, row + Vector.size), other.rows.vectors.subarray(row, row + Vector.size)) !== 0) written++
  t.ok(written <= 4, `${written} rows for another port`)
})
