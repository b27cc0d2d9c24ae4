/** Prefixes in the kernel: the loaded programs against a plain reading, whatever is changed, restarted or killed in between. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Test, test } from 'tap'
import { baseMembershipCount, Limit } from '../../controlplane/dataplane/abi.ts'
import { Dataplane, type DataplaneOptions } from '../../controlplane/dataplane/dataplane.ts'
import type { Branch, Cell, PrefixTree } from '../../controlplane/policy/prefix-tree.ts'
import type { PrefixKey } from '../../controlplane/policy/tables.ts'
import { ether } from '../lab/packet.ts'
import { treeOf } from '../policy/trees.ts'
import { churnCapacity, churnPrefixes, churnTables, emptyTables, tablesWith } from './tables.ts'

const skip = process.getuid?.() === 0 ? false : 'needs root to load BPF programs'
const small = { ...churnCapacity, memberships: 2048 }
let pinDirs = 0

function pinDirectory(t: Test): string {
  const pinDir = `/sys/fs/bpf/drawgate_prefix_${process.pid}_${pinDirs++}`

  t.teardown(() => Dataplane.detachAll(pinDir))
  return pinDir
}

async function open(t: Test, options: DataplaneOptions = {}): Promise<Dataplane> {
  const dataplane = await Dataplane.open({ capacity: small, ...options })

  t.teardown(() => dataplane.close())
  return dataplane
}

async function put(dataplane: Dataplane, tree: PrefixTree): Promise<void> {
  await dataplane.stage(tablesWith({ tree }))
  dataplane.commit(dataplane.revision + 1)
}

/** Numbers from a seed. */
function random(seed: number): (below: number) => number {
  let state = BigInt(seed)

  return below => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffff_ffff_ffff_ffffn
    return Number((state >> 24n) % BigInt(below))
  }
}

type Prefixes = Map<PrefixKey, number>
type Address = readonly number[]

function keyOf(address: Address, length: number): PrefixKey {
  const masked = address.map((byte, at) => byte & ~(0xff >> Math.min(8, Math.max(0, length - at * 8))))

  return String.fromCharCode(address.length === 4 ? 4 : 6, ...masked, length)
}

/** The longest prefix that contains the address, found by trying each length. */
function plain(prefixes: ReadonlyMap<PrefixKey, number>, address: Address): number {
  for (let length = address.length * 8; length > 0; length--) {
    const membership = prefixes.get(keyOf(address, length))

    if (membership !== undefined) return membership
  }
  return address.length === 4 ? 0 : 1
}

/** First and last address of each prefix, and those before and behind. */
function borders(keys: Iterable<PrefixKey>): Address[] {
  return [...keys].flatMap(key => {
    const bytes = Array.from(key.slice(1, -1), char => char.charCodeAt(0))
    const length = key.charCodeAt(key.length - 1)
    const first = bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)
    const last = first + (1n << BigInt(bytes.length * 8 - length)) - 1n

    return [first, last, first - 1n, last + 1n].map(number =>
      bytes.map((_, at) => Number((number >> BigInt(8 * (bytes.length - 1 - at))) & 0xffn)),
    )
  })
}

const frames = {
  4: ether().ip4('192.0.2.1', '192.0.2.2').udp(1, 2).bytes(),
  16: ether().ip6('2001:db8::1', '2001:db8::2').udp(1, 2).bytes(),
}

/** Memberships of two addresses as the program finds them, and the revision under which it did. */
function lookUp(dataplane: Dataplane, source: Address, destination: Address): { revision: number; found: readonly number[] } {
  const packet = frames[source.length as 4 | 16].slice()

  packet.set(source, source.length === 4 ? 26 : 22)
  packet.set(destination, source.length === 4 ? 30 : 38)
  const { steps, revision } = dataplane.trace({ hook: 'xdp_ingress', packet })

  return { revision, found: steps.find(({ stage }) => stage === 'prefixes')?.detail ?? [] }
}

function mustAgree(dataplane: Dataplane, prefixes: ReadonlyMap<PrefixKey, number>, addresses: readonly Address[]): void {
  for (const size of [4, 16]) {
    const own = addresses.filter(address => address.length === size)

    for (let at = 0; at < own.length; at += 2) {
      const pair = [own[at] as Address, own[Math.min(at + 1, own.length - 1)] as Address] as const
      const { found } = lookUp(dataplane, ...pair)
      const expected = pair.map(address => plain(prefixes, address))

      if (found.join() !== expected.join()) throw new Error(`${pair.join(' and ')}: ${found} instead of ${expected}`)
    }
  }
}

function pages(dataplane: Dataplane): number {
  return dataplane.use().find(({ table }) => table === 'prefix_pages')?.used ?? Number.NaN
}

function some<Value>(values: readonly Value[], count: number, pick: (below: number) => number): Value[] {
  return values.length <= count ? [...values] : Array.from({ length: count }, () => values[pick(values.length)] as Value)
}

/** Where random prefixes come from: bytes that they begin with, and lengths. */
interface World {
  readonly name: string
  readonly bytes: 4 | 16
  readonly begin: readonly number[]
  /** How many values each byte behind takes: few make nests. */
  readonly values: number
  readonly lengths: readonly [number, number]
}
const worlds: World[] = [
  { name: 'all of IPv4', bytes: 4, begin: [], values: 256, lengths: [1, 32] },
  { name: 'nests of IPv4', bytes: 4, begin: [10], values: 3, lengths: [1, 32] },
  { name: 'one /16', bytes: 4, begin: [10, 1], values: 256, lengths: [17, 32] },
  { name: 'one /24', bytes: 4, begin: [10, 2, 3], values: 256, lengths: [22, 32] },
  { name: 'all of IPv6', bytes: 16, begin: [], values: 256, lengths: [1, 128] },
  { name: 'nests of IPv6', bytes: 16, begin: [0x20, 1], values: 2, lengths: [1, 128] },
  { name: 'one /32 of IPv6', bytes: 16, begin: [0x20, 1, 0xd, 0xb8], values: 256, lengths: [33, 64] },
  { name: 'one /64 of IPv6', bytes: 16, begin: [0x20, 1, 0xd, 0xb8, 0, 1, 0, 2], values: 256, lengths: [65, 128] },
  { name: 'hosts of one /112', bytes: 16, begin: [0x20, 1, 0xd, 0xb9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], values: 256, lengths: [128, 128] },
]

function randomKey({ bytes, begin, values, lengths: [least, most] }: World, pick: (below: number) => number): PrefixKey {
  const address = Array.from({ length: bytes }, (_, at) => begin[at] ?? pick(values) * Math.floor(255 / Math.max(1, values - 1)))

  return keyOf(address, least + pick(most - least + 1))
}

test('any change on any side is read as it is written', { skip, timeout: 120_000 }, async t => {
  const dataplane = await open(t)

  for (const world of worlds) {
    const seed = Date.now() % 1e9
    const pick = random(seed)
    const prefixes: Prefixes = new Map()

    t.comment(`${world.name}: seed ${seed}`)
    for (const size of [1, 7, 8, 9, 31, 32, 33, 200, 2000, 300, 20, 0]) {
      while (prefixes.size > size) prefixes.delete([...prefixes.keys()][pick(prefixes.size)] as PrefixKey)
      for (let tries = 0; prefixes.size < size && tries < 3 * size; tries++)
        prefixes.set(randomKey(world, pick), baseMembershipCount + pick(500))
      for (const key of some([...prefixes.keys()], size >> 3, pick)) prefixes.set(key, baseMembershipCount + pick(500))
      await put(dataplane, treeOf(prefixes))
      mustAgree(dataplane, prefixes, borders(some([...prefixes.keys()], 150, pick)))
      mustAgree(dataplane, prefixes, borders([randomKey(world, pick), keyOf(new Array(world.bytes).fill(0), 8)]))
    }
    await put(dataplane, treeOf(new Map()))
    await put(dataplane, treeOf(new Map()))
    t.equal(pages(dataplane), 0, `${world.name}: nothing is left behind`)
  }
})

test('a prefix of each length in one chain', { skip }, async t => {
  const dataplane = await open(t)
  const prefixes: Prefixes = new Map()

  for (const address of [
    [10, 20, 30, 40],
    [0x20, 1, 0xd, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  ])
    for (let length = 1; length <= address.length * 8; length++) prefixes.set(keyOf(address, length), 100 + length)
  await put(dataplane, treeOf(prefixes))
  mustAgree(dataplane, prefixes, borders(prefixes.keys()))
  t.pass()
})

test('what both sides have in common is there once', { skip }, async t => {
  const dataplane = await open(t)
  const pick = random(7)
  const prefixes: Prefixes = new Map()

  for (let at = 0; at < 6000; at++) prefixes.set(randomKey(worlds[at % 2 ? 6 : 2] as World, pick), 2 + pick(500))
  const tree = treeOf(prefixes)

  await put(dataplane, tree)
  await put(dataplane, { ...tree })
  const before = pages(dataplane)

  // One cell of the root becomes another: the branch that it led to stays where it is, seen from the other side through a skip.
  const index = 0x2001
  const skipping = tree.ipv6[index] as Cell

  t.match(skipping, { kind: 'skip', length: 32 })
  if (typeof skipping === 'number' || skipping.kind !== 'skip') return
  const cells = (byte: number, cell: Cell): Cell[] => Array.from({ length: 256 }, (_, at) => (at === byte ? cell : 1))
  const inner: Branch = { kind: 'branch', cells: cells(0xb8, skipping.below) }
  const outer: Branch = { kind: 'branch', cells: cells(0x0d, inner).with(0x0e, 77) }
  const nested = { ...tree, ipv6: tree.ipv6.with(index, outer) }

  await put(dataplane, nested)
  t.ok(pages(dataplane) <= before + 3, `${pages(dataplane)} pages after ${before}`)
  const longer = new Map(prefixes).set(keyOf([0x20, 1, 0x0e, ...new Array(13).fill(0)], 24), 77)

  mustAgree(dataplane, longer, borders(some([...longer.keys()], 500, pick)))
  await put(dataplane, tree)
  t.ok(pages(dataplane) <= before + 3)
  mustAgree(dataplane, prefixes, borders(some([...prefixes.keys()], 500, pick)))

  // And one entry costs its own bucket.
  await put(dataplane, { ...tree, ipv4: tree.ipv4.with(0xc000, treeOf(new Map([[keyOf([192, 0, 2, 0], 24), 5]])).ipv4[0xc000] as Cell) })
  t.ok(pages(dataplane) <= before + 4)
})

test('the pool grows by segments while the event loop turns, and nothing is lost', { skip, timeout: 120_000 }, async t => {
  const dataplane = await open(t)
  const pick = random(3)
  const prefixes: Prefixes = new Map()

  while (prefixes.size < 250_000) prefixes.set(randomKey({ ...(worlds[0] as World), lengths: [17, 32] }, pick), 2 + pick(500))
  const tree = treeOf(prefixes)

  await put(dataplane, emptyTables().prefixes)
  let longest = 0
  let last = performance.now()
  const watch = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 1)

  await put(dataplane, tree)
  clearInterval(watch)
  t.comment(`${pages(dataplane)} pages, event loop held for at most ${longest.toFixed(1)} ms`)
  t.ok(pages(dataplane) > Limit.pagesPerSegment)
  mustAgree(dataplane, prefixes, borders(some([...prefixes.keys()], 1000, pick)))
  await put(dataplane, treeOf(new Map()))
  await put(dataplane, treeOf(new Map()))
  t.equal(pages(dataplane), 0)
  await put(dataplane, tree)
  mustAgree(dataplane, prefixes, borders(some([...prefixes.keys()], 1000, pick)))
})

test('prefixes that do not fit are refused with numbers, and what is in force stays', { skip }, async t => {
  const dataplane = await open(t, { capacity: { ...small, prefixPages: 8 } })
  const pick = random(5)
  const prefixes: Prefixes = new Map()
  const many: Prefixes = new Map()

  while (prefixes.size < 60) prefixes.set(randomKey(worlds[0] as World, pick), 2 + pick(500))
  while (many.size < 400) many.set(randomKey(worlds[0] as World, pick), 2 + pick(500))
  await put(dataplane, treeOf(prefixes))
  for (let tries = 0; tries < 3; tries++)
    await t.rejects(dataplane.stage(tablesWith({ prefixes: many })), { code: 'capacity', message: /prefix_pages: \d\d of 8\)/ })
  t.throws(() => dataplane.commit(2), { code: 'order' }, 'nothing is staged')
  t.notOk(dataplane.differs(tablesWith({ prefixes })))
  mustAgree(dataplane, prefixes, borders(prefixes.keys()))
  const before = pages(dataplane)

  prefixes.delete([...prefixes.keys()][0] as PrefixKey)
  await put(dataplane, treeOf(prefixes))
  mustAgree(dataplane, prefixes, borders(prefixes.keys()))
  await put(dataplane, treeOf(prefixes))
  t.ok(pages(dataplane) <= 8 && pages(dataplane) >= before - 1)
})

/** Prefixes of all worlds. */
function mixed(seed: number, count: number): Prefixes {
  const pick = random(seed)

  return new Map(Array.from({ length: count }, (_, at) => [randomKey(worlds[at % worlds.length] as World, pick), 2 + pick(500)]))
}

test('a restart finds its prefixes, and writes beside them', { skip }, async t => {
  const pinDir = pinDirectory(t)
  const [one, two, three] = [mixed(1, 3000), mixed(2, 3000), mixed(3, 3000)]
  const first = await open(t, { pinDir })

  await put(first, treeOf(one))
  await first.takeOver()
  await first.stage(tablesWith({ prefixes: two }))
  first.close()

  const second = await open(t, { pinDir })

  t.ok(second.differs(tablesWith({ prefixes: two })), 'it was staged and never in force')
  const again = treeOf(one)

  t.notOk(second.differs(tablesWith({ tree: again })))
  mustAgree(second, one, borders(one.keys()).slice(0, 400))
  const used = pages(second)

  await put(second, { ...again })
  t.equal(pages(second), used, 'what an earlier process has written is not written again')
  mustAgree(second, one, borders(one.keys()).slice(0, 400))
  second.close()

  const third = await open(t, { pinDir })

  await put(third, treeOf(three))
  mustAgree(third, three, borders(three.keys()).slice(0, 400))
  await put(third, treeOf(two))
  mustAgree(third, two, borders(two.keys()).slice(0, 400))
  await put(third, treeOf(new Map()))
  await put(third, treeOf(new Map()))
  t.equal(pages(third), 0, 'what was found can be let go')
})

test('segments of tables that were made anew are not taken for those that replace them', { skip }, async t => {
  const pinDir = pinDirectory(t)
  const prefixes = mixed(4, 2000)
  const first = await open(t, { pinDir })

  await put(first, treeOf(prefixes))
  await first.takeOver()
  first.close()
  const second = await open(t, { pinDir, capacity: { ...small, vectors: 128 } })

  t.equal(second.revision, 0)
  await put(second, treeOf(new Map()))
  await second.takeOver()
  second.close()
  const third = await open(t, { pinDir, capacity: { ...small, vectors: 128 } })

  t.notOk(third.differs(tablesWith({ prefixes: new Map() })))
  await put(third, treeOf(prefixes))
  mustAgree(third, prefixes, borders(prefixes.keys()).slice(0, 400))
})

test('while a control plane changes the tables without end, and is killed, each packet meets one revision', {
  skip,
  timeout: 60_000,
}, async t => {
  const pinDir = pinDirectory(t)
  const script = fileURLToPath(new URL('churn.js', import.meta.url))
  const pick = random(Date.now() % 1e9)
  const keys = [...new Set([0, 1, 2, 3, 4, 5, 6].flatMap(turn => [...churnPrefixes(turn).keys()]))]
  const addresses = borders(some(keys, 400, pick)).filter(address => address.length === 4)
  const addresses6 = borders(some(keys, 400, pick)).filter(address => address.length === 16)
  const revisions = new Set<number>()

  for (let round = 0; round < 3; round++) {
    const child = spawn(process.execPath, [script, pinDir], { stdio: ['ignore', 'pipe', 'inherit'] })

    t.teardown(() => child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    const reader = await open(t, { pinDir, capacity: churnCapacity, trace: true })

    for (const enough = revisions.size + 20; revisions.size < enough; ) {
      const from = revisions.size % 2 ? addresses : addresses6
      const pair = [from[pick(from.length)] as Address, from[pick(from.length)] as Address] as const
      const { revision, found } = lookUp(reader, ...pair)
      const expected = pair.map(address => plain(churnPrefixes(revision), address))

      revisions.add(revision)
      if (found.join() !== expected.join()) throw new Error(`revision ${revision}: ${pair.join(' and ')}: ${found} instead of ${expected}`)
    }
    child.kill('SIGKILL')
    await once(child, 'exit')
    reader.close()
  }
  const last = await open(t, { pinDir, capacity: churnCapacity })

  t.notOk(last.differs(churnTables(last.revision)))
  await put(last, treeOf(new Map()))
  await put(last, treeOf(new Map()))
  t.equal(pages(last), 0)
})
