/** The index of prefixes against its plain definition, after changes of any kind and in any order. */
import fc from 'fast-check'
import { test } from 'tap'
import { formatPrefix, prefixFromKey, prefixKey } from '../../controlplane/policy/prefix.ts'
import { type CollectionChange, PrefixIndex } from '../../controlplane/policy/prefix-index.ts'
import { changeList, contains, differenceOfLists, keysOf, mergeLists, prefixListOf } from '../../controlplane/policy/prefix-list.ts'
import { bucketEntries, type Cell } from '../../controlplane/policy/prefix-tree.ts'
import type { PrefixKey } from '../../controlplane/policy/tables.ts'
import { membershipIn } from './trees.ts'
import { bytes, key } from './worlds.ts'

const seed = Date.now() % 1_000_000_007

/** Prefixes that nest and crowd: few bytes of the address vary, and few values of each. */
const prefix = fc
  .tuple(fc.constantFrom(4, 6), fc.array(fc.constantFrom(0, 1, 2, 127, 128, 255), { minLength: 16, maxLength: 16 }), fc.nat(128), fc.nat(3))
  .map(([family, picked, bits, shape]) => {
    const size = family === 4 ? 4 : 16
    const length = shape === 0 ? Math.min(8 * size, bits & ~7) : shape === 1 ? 8 * size : bits % (8 * size + 1)
    const start = family === 4 ? [10, 1] : [32, 1, 13, 184, 0, 0, 0, 0]
    const free = shape === 2 ? 0 : start.length
    const whole = Uint8Array.from({ length: size }, (_, at) => (at < free ? (start[at] as number) : (picked[at] as number)))

    return prefixKey({ family: family as 4 | 6, bytes: cut(whole, length), length })
  })

function cut(address: Uint8Array, length: number): Uint8Array {
  return address.map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, length - 8 * at))))
}

type Held = ReadonlyMap<number, ReadonlySet<PrefixKey>>
const collections = [0, 1, 2, 3, 4, 5]
/** Collections that end. */
const ends: Readonly<Record<number, number>> = { 3: 100, 4: 100, 5: 50 }
const contents = fc
  .tuple(...collections.map(() => fc.oneof(fc.constant([]), fc.array(prefix, { maxLength: 12 }), fc.array(prefix, { maxLength: 90 }))))
  .map((lists): Held => new Map(lists.map((list, collection) => [collection, new Set(list)])))

function changesOf(before: Held, after: Held): CollectionChange[] {
  return collections.map(collection => ({
    collection,
    end: ends[collection] ?? 0,
    ...differenceOfLists(prefixListOf(before.get(collection) ?? []), prefixListOf(after.get(collection) ?? [])),
  }))
}

/** Who holds the address, asked of each collection and each length. */
function holders(held: Held, address: Uint8Array): number[] {
  const family = address.length === 4 ? 4 : 6
  const around = Array.from({ length: address.length * 8 + 1 }, (_, length) => prefixKey({ family, bytes: cut(address, length), length }))

  return collections.filter(collection => around.some(prefix => held.get(collection)?.has(prefix)))
}

/** The first and last address of every prefix, and those beside them. */
function borders(held: Held): Uint8Array[] {
  const all = new Set([...held.values()].flatMap(prefixes => [...prefixes]))

  return [...all].flatMap(prefix => {
    const { bytes, length } = prefixFromKey(prefix)
    const bits = bytes.length * 8
    const first = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
    const last = first | ((1n << BigInt(bits - length)) - 1n)

    return [first - 1n, first, last, last + 1n].map(value =>
      Uint8Array.from({ length: bytes.length }, (_, at) => Number((BigInt.asUintN(bits, value) >> BigInt(bits - 8 - 8 * at)) & 255n)),
    )
  })
}

/** At the borders of `asked`, which are those of all that is held. */
function mustAnswer(index: PrefixIndex, asked: Held, held = asked): void {
  for (const address of [...borders(asked), bytes('198.51.100.1'), bytes('2001:db9::1')]) {
    const membership = membershipIn(index.tree, address)
    const found = index.pool.members(index.memberships[membership] as number).join()
    const where = () => formatPrefix({ family: address.length === 4 ? 4 : 6, bytes: address, length: address.length * 8 })

    if (found !== holders(held, address).join()) throw new Error(`${where()}: held by ${holders(held, address)}, found ${found}`)
  }
}

/** A trie with sets in the place of memberships, whose numbers depend on history. */
function outline(index: PrefixIndex): string {
  const name = (membership: number) => index.pool.members(index.memberships[membership] as number).join()
  const draw = (cell: Cell, stride: number): unknown => {
    if (typeof cell === 'number') return name(cell)
    if (cell.kind === 'branch') return cell.cells.map(inner => draw(inner, stride))
    if (cell.kind === 'skip') return [...cell.address, cell.length, name(cell.otherwise), draw(cell.below, stride)]
    return [name(cell.otherwise), ...[...cell.entries].map((number, at) => (at % stride === stride - 1 ? name(number) : number))]
  }
  const distinct = (cells: readonly Cell[], stride: number) =>
    cells.flatMap((cell, at) => (cell === cells[at - 1] ? [] : [[at, draw(cell, stride)]]))

  return JSON.stringify([distinct(index.tree.ipv4, 3), distinct(index.tree.ipv6, 6)])
}

/** What the kernel relies on; and the memberships are those that something leads to. */
function mustBeWellFormed(index: PrefixIndex): void {
  const used = new Set([0, 1])
  const walk = (cell: Cell, family: 4 | 6, level: number): void => {
    const stride = family === 4 ? 3 : 6

    if (typeof cell === 'number') {
      used.add(cell)
      return
    }
    if (level >= (family === 4 ? 32 : 128)) throw new Error(`a ${cell.kind} below the last bit`)
    if (cell.kind === 'branch') {
      if (cell.cells.length !== 256) throw new Error(`${cell.cells.length} cells`)
      for (const inner of cell.cells) walk(inner, family, level + 8)
      return
    }
    used.add(cell.otherwise)
    if (cell.kind === 'skip') {
      if (family === 4 || cell.length % 8 !== 0 || cell.length <= level) throw new Error(`a skip to ${cell.length} at ${level}`)
      if ((cell.below.kind as string) === 'skip') throw new Error('a skip leads to a skip')
      walk(cell.below, family, cell.length)
      return
    }
    const count = cell.entries.length / stride
    if (count < 1 || count > (family === 4 ? bucketEntries.ipv4 : bucketEntries.ipv6)) throw new Error(`${count} entries`)
    for (let at = 0; at < count; at++) {
      const length = cell.entries[at * stride + stride - 2] as number
      if (length <= level || length > (at === 0 ? 128 : (cell.entries[(at - 1) * stride + stride - 2] as number)))
        throw new Error(`length ${length} at ${level}`)
      used.add(cell.entries[at * stride + stride - 1] as number)
    }
  }

  for (const cell of new Set(index.tree.ipv4)) walk(cell, 4, 16)
  for (const cell of new Set(index.tree.ipv6)) walk(cell, 6, 16)
  for (const start of [...used])
    for (let next = index.afterwards(start); next !== undefined; next = index.afterwards(next.next)) used.add(next.next)
  for (const [membership, set] of index.memberships.entries())
    if ((set !== undefined) !== used.has(membership))
      throw new Error(`membership ${membership} is ${set === undefined ? 'missing' : 'unused'}`)
  if (index.needed !== used.size) throw new Error(`${used.size} memberships are used, and ${index.needed} said to be`)
}

/** A membership is followed by what is left of it, end after end. */
function mustEnd(index: PrefixIndex): void {
  for (const [membership, set] of index.memberships.entries()) {
    if (set === undefined) continue
    const members = index.pool.members(set)
    const end = Math.min(...members.map(member => ends[member] ?? Number.POSITIVE_INFINITY))
    const next = index.afterwards(membership)
    const left = next && index.pool.members(index.memberships[next.next] as number).join()

    if (!Number.isFinite(end) ? next !== undefined : next?.end !== end || left !== members.filter(member => ends[member] !== end).join())
      throw new Error(`{${members}} is followed by {${left}} at ${next?.end}`)
  }
}

test('every address is held by whom the plain definition says, after any changes', async t => {
  t.comment(`seed ${seed}`)
  fc.assert(
    fc.property(fc.array(contents, { minLength: 1, maxLength: 5 }), states => {
      let index = PrefixIndex.empty()
      let held: Held = new Map()

      for (const state of states) {
        const next = index.change(changesOf(held, state))
        mustAnswer(next, state)
        mustAnswer(index, held) // it goes on to be what it was
        mustBeWellFormed(next)
        mustEnd(next)
        index = next
        held = state
      }
      const fresh = PrefixIndex.empty().change(changesOf(new Map(), held))

      if (outline(index) !== outline(fresh)) throw new Error('the trie depends on how it came about')
      if (JSON.stringify(index.counts) !== JSON.stringify(fresh.counts)) throw new Error('so do the counts')
    }),
    { seed, numRuns: 150 },
  )
})

/** Numbers that look random and are the same for a seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed | 1

  return sides => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % sides
  }
}

const crowds: Readonly<Record<string, (roll: (sides: number) => number) => PrefixKey>> = {
  'hosts of one /16': roll => key(`10.1.${roll(256)}.${roll(256)}`),
  'prefixes of one /16': roll => {
    const length = 17 + roll(16)
    return prefixKey({ family: 4, bytes: cut(Uint8Array.of(10, 1, roll(256), roll(256)), length), length })
  },
  'hosts of one /24': roll => key(`10.1.2.${roll(256)}`),
  'hosts of one /64': roll => key(`2001:db8::${roll(65536).toString(16)}:${roll(8).toString(16)}`),
  'hosts of few /64': roll => key(`2001:db8:0:${roll(4)}::${roll(65536).toString(16)}`),
  'prefixes around one host': roll => {
    const family = roll(2) === 0 ? 4 : 6
    const whole = bytes(family === 4 ? '10.1.2.3' : '2001:db8:1:2:3:4:5:6')
    const length = roll(whole.length * 8 + 1)
    return prefixKey({ family, bytes: cut(whole, length), length })
  },
  'far and wide': roll => prefixKey({ family: 4, bytes: Uint8Array.of(roll(256), roll(256), roll(256), roll(256)), length: 32 }),
}

for (const [name, draw] of Object.entries(crowds))
  test(`a crowd comes, is covered, uncovered and goes: ${name}`, async t => {
    t.comment(`seed ${seed}`)
    const roll = dice(seed)
    const set = (count: number) => new Set(Array.from({ length: count }, () => draw(roll)))
    const around = new Set(['10.0.0.0/8', '2001:db8::/32', '10.1.0.0/16', '2001:db8::/33', '0.0.0.0/0'].map(key))
    const nobody = new Set<PrefixKey>()
    const all = set(3000)
    const some = new Set([...all].filter(() => roll(3) === 0))
    const few = new Set([...all].slice(0, 20))
    const states: (readonly [ReadonlySet<PrefixKey>, ReadonlySet<PrefixKey>, ReadonlySet<PrefixKey>])[] = [
      [all, nobody, nobody],
      [all, some, nobody],
      [all, some, around],
      [new Set([...all, ...around]), some, nobody],
      [all, some, nobody],
      [some, few, around],
      [few, nobody, nobody],
      [nobody, nobody, nobody],
    ]
    const built: string[] = []
    let index = PrefixIndex.empty()
    let held: Held = new Map()

    for (const [a, b, ending] of states) {
      const next: Held = new Map([
        [0, a],
        [1, b],
        [3, ending],
      ])
      index = index.change(changesOf(held, next))
      held = next
      mustAnswer(
        index,
        new Map([...held].map(([collection, prefixes]) => [collection, new Set([...prefixes].filter(() => roll(8) > 0))])),
        held,
      )
      mustBeWellFormed(index)
      mustEnd(index)
      t.equal(outline(index), outline(PrefixIndex.empty().change(changesOf(new Map(), held))))
      built.push(outline(index))
    }
    t.equal(built[4], built[1], 'what was covered is back')
    t.equal(outline(index), outline(PrefixIndex.empty()))
    t.equal(index.needed, 2)
  })

/** Objects of a trie. */
function objectsOf(index: PrefixIndex): Set<object> {
  const found = new Set<object>()
  const walk = (cell: Cell): void => {
    if (typeof cell === 'number' || found.has(cell)) return
    found.add(cell)
    if (cell.kind === 'branch') for (const inner of cell.cells) walk(inner)
    if (cell.kind === 'skip') walk(cell.below)
  }

  for (const cell of [...index.tree.ipv4, ...index.tree.ipv6]) walk(cell)
  return found
}

test('one more host makes new objects along its path, and shares all others', async t => {
  t.comment(`seed ${seed}`)
  const roll = dice(seed)
  const draws = Object.values(crowds).filter(draw => draw !== crowds['prefixes around one host'])
  const crowded = new Set(draws.flatMap(draw => Array.from({ length: 4000 }, () => draw(roll))))
  const changeOf = (added: Iterable<PrefixKey>, removed: Iterable<PrefixKey> = []) => [
    { collection: 0, added: prefixListOf(added), removed: prefixListOf(removed) },
  ]
  const index = PrefixIndex.empty().change(changeOf(crowded))
  const before = objectsOf(index)
  let most = 0

  for (const draw of draws)
    for (let round = 0; round < 30; round++) {
      const host = draw(roll)
      const next = crowded.has(host) ? index.change(changeOf([], [host])) : index.change(changeOf([host]))
      const fresh = [...objectsOf(next)].filter(object => !before.has(object)).length

      most = Math.max(most, fresh)
      if (next.memberships !== index.memberships) throw new Error('another list of memberships')
      if (next.tree.ipv4 !== index.tree.ipv4 && next.tree.ipv6 !== index.tree.ipv6) throw new Error('the other family has changed')
    }
  t.comment(`${before.size} objects, at most ${most} of them new`)
  t.ok(before.size > 2000)
  t.ok(most <= 16, 'no more than the levels of an address')
  t.equal(index.change(changeOf([...crowded].slice(0, 9), [])).tree, index.tree, 'what is there already changes nothing')
})

test('a membership keeps its number while anything uses it, and the number is used again', async t => {
  const change = (collection: number, added: string[], removed: string[] = []) => ({
    collection,
    added: prefixListOf(added.map(key)),
    removed: prefixListOf(removed.map(key)),
  })
  const numberAt = (index: PrefixIndex, address: string) => membershipIn(index.tree, bytes(address))
  const first = PrefixIndex.empty().change([change(1, ['192.0.2.0/24']), change(2, ['198.51.100.0/24'])])
  const [one, two] = [numberAt(first, '192.0.2.1'), numberAt(first, '198.51.100.1')]
  const second = first.change([change(1, ['203.0.113.0/24'], ['192.0.2.0/24'])])
  const third = second.change([change(1, [], ['203.0.113.0/24'])])
  const fourth = third.change([change(3, ['2001:db8::/32'])])

  t.equal(numberAt(second, '203.0.113.1'), one)
  t.equal(numberAt(second, '198.51.100.1'), two)
  t.equal(numberAt(third, '203.0.113.1'), 0)
  t.equal(third.memberships[one], undefined)
  t.equal(numberAt(fourth, '2001:db8::1'), one)
  t.equal(numberAt(fourth, '198.51.100.1'), two)
  t.same([first.needed, third.needed, fourth.needed], [4, 3, 4])

  const everywhere = fourth.change([change(9, ['0.0.0.0/0', '::/0'])])
  t.equal(everywhere.tree, fourth.tree, 'what holds everything changes what memberships mean, and no cell')
  t.same(everywhere.pool.members(everywhere.memberships[two] as number), [2, 9])
  t.same(everywhere.pool.members(everywhere.memberships[0] as number), [9])
  t.same(everywhere.counts, { ipv4: 1, ipv6: 1 })
})

test('sets that nobody needs are left behind, and no cell is touched for it', async t => {
  const nothing = prefixListOf([])
  const single = (at: number) => ({
    collection: at,
    added: prefixListOf([prefixKey({ family: 4, bytes: Uint8Array.of(10, at >> 16, (at >> 8) & 255, at & 255), length: 32 })]),
    removed: nothing,
  })
  const gone = Array.from({ length: 66_000 }, (_, at) => single(at))
  const full = PrefixIndex.empty().change(gone.slice(0, 33_000))
  const other = full.change([
    ...gone.slice(33_000),
    ...gone.slice(100, 33_000).map(({ added, ...rest }) => ({ ...rest, added: nothing, removed: added })),
  ])
  const next = other.change([{ collection: 7, added: prefixListOf([key('2001:db8::1')]), removed: nothing }])
  const membersAt = (index: PrefixIndex, address: string) =>
    index.pool.members(index.memberships[membershipIn(index.tree, bytes(address))] as number)

  t.ok(other.pool.size > 65_536)
  t.ok(next.pool.size < 34_000)
  t.equal(next.tree.ipv4, other.tree.ipv4)
  t.same(next.counts, { ipv4: 33_100, ipv6: 1 })
  t.same(membersAt(next, '10.0.0.99'), [99])
  t.same(membersAt(next, '10.0.0.100'), [])
  t.same(membersAt(next, '10.1.1.200'), [65_992])
  t.same(membersAt(next, '2001:db8::1'), [7])
  t.same(membersAt(other, '10.1.1.200'), [65_992], 'the one before is what it was')
  mustBeWellFormed(next)
})

test('lists of prefixes are what sets of keys are', async t => {
  t.comment(`seed ${seed}`)
  const keys = fc.array(prefix, { maxLength: 40 })
  const sorted = (set: Iterable<PrefixKey>) => [...new Set(set)].sort().join('|')

  fc.assert(
    fc.property(keys, keys, prefix, (left, right, other) => {
      const [a, b] = [prefixListOf(left), prefixListOf(right)]
      const { added, removed } = differenceOfLists(a, b)

      return (
        [...keysOf(a)].join('|') === sorted(left) &&
        [...keysOf(mergeLists(a, b))].join('|') === sorted([...left, ...right]) &&
        [...keysOf(added)].join('|') === sorted(right.filter(key => !left.includes(key))) &&
        [...keysOf(removed)].join('|') === sorted(left.filter(key => !right.includes(key))) &&
        [...keysOf(changeList(a, { added, removed }))].join('|') === sorted(right) &&
        left.every(key => contains(a, key)) &&
        contains(a, other) === left.includes(other)
      )
    }),
    { seed, numRuns: 300 },
  )
})
