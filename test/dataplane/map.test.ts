/** What stands in maps: the tries that both sides share, arrays in memory, batches that fail midway. */
import fc from 'fast-check'
import { test } from 'tap'
import { Dataplane, NativeError } from '../../controlplane/dataplane/dataplane.ts'
import { MappedArray, TrieMap } from '../../controlplane/dataplane/map.ts'
import {
  baseMembership,
  decodePrefix,
  encodePrefix,
  lengthOf,
  planPrefixes,
  prefixesOf,
  type Side,
  sideAnswers,
  truncateKey,
  type Words,
} from '../../controlplane/dataplane/prefixes.ts'
import { checked, libbpf } from '../../controlplane/native/libbpf.ts'
import { Descriptor } from '../../controlplane/native/libc.ts'
import { BpfMap, MapType } from '../../controlplane/native/map.ts'
import type { PrefixKey } from '../../controlplane/policy/tables.ts'
import { emptyTables, ipv4Key, tablesWith } from './tables.ts'

const skip = process.getuid?.() === 0 ? false : 'needs root to make BPF maps'

/** Four bits of address and lengths from 0 to 4, in both families: small enough for every address to be looked at. */
const lengths = [0, 1, 2, 3, 4]
const universe: PrefixKey[] = [4, 6].flatMap(family =>
  lengths.flatMap(length =>
    Array.from(
      { length: 2 ** length },
      (_, bits) =>
        String.fromCharCode(family, (bits << (8 - length)) & 0xff) + '\0'.repeat(family === 4 ? 3 : 15) + String.fromCharCode(length),
    ),
  ),
)
const addresses = universe.filter(key => lengthOf(key) === 4)

/** The plain reading: the longest prefix that contains the address. */
function match(entries: ReadonlyMap<PrefixKey, number>, address: PrefixKey): number {
  for (let length = 4; length >= 0; length--) {
    const value = entries.get(truncateKey(address, length))

    if (value !== undefined) return value
  }
  return baseMembership(address)
}

function side(mirror: ReadonlyMap<PrefixKey, Words>, which: Side): Map<PrefixKey, number> {
  return new Map([...mirror].map(([key, words]) => [key, words[which]]))
}

function verdicts(entries: ReadonlyMap<PrefixKey, number>): number[] {
  return addresses.map(address => match(entries, address))
}

const wantedPrefixes = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...universe), fc.integer({ min: 0, max: 5 })), { selector: ([key]) => key, maxLength: 20 })
  .map(entries => new Map(entries))

test('either side of the trie answers as its own prefixes would, at every step of every write', async t => {
  fc.assert(
    fc.property(fc.array(wantedPrefixes, { minLength: 1, maxLength: 6 }), fc.boolean(), (policies, shuffle) => {
      const mirror = new Map<PrefixKey, Words>()
      let inForce = new Map<PrefixKey, number>()
      let force: Side = 0

      for (const wanted of policies) {
        const idle: Side = force === 0 ? 1 : 0
        const plan = planPrefixes(mirror, wanted, idle)
        const expected = verdicts(inForce).join()
        const apply = (step: () => void): void => {
          step()
          if (verdicts(side(mirror, force)).join() !== expected) throw new Error('the side in force has changed')
        }
        const updates = shuffle ? [...plan.updates].reverse() : plan.updates

        for (const key of plan.deletes)
          apply(() => {
            mirror.delete(key)
          })
        for (const [key, words] of updates)
          apply(() => {
            mirror.set(key, words)
          })
        if (verdicts(side(mirror, idle)).join() !== verdicts(wanted).join()) throw new Error('the staged side is not what was wanted')
        if (!sideAnswers(mirror, wanted, idle) || !sideAnswers(mirror, inForce, force)) throw new Error('sideAnswers disagrees')
        if (verdicts(prefixesOf(mirror, idle)).join() !== verdicts(wanted).join()) throw new Error('prefixesOf has lost a prefix')
        if ([...mirror.keys()].some(key => !wanted.has(key) && !inForce.has(key))) throw new Error('a prefix stays that neither side needs')
        const again = planPrefixes(mirror, wanted, idle)

        if (again.deletes.length + again.updates.length > 0) throw new Error('the same plan twice writes twice')
        inForce = wanted
        force = idle
      }
    }),
    { numRuns: 1000 },
  )
  t.pass('1000 runs')
})

test('sideAnswers says no exactly where an address is answered differently', async t => {
  fc.assert(
    fc.property(wantedPrefixes, wantedPrefixes, (held, asked) => {
      const mirror = new Map<PrefixKey, Words>()

      for (const [key, words] of planPrefixes(mirror, held, 1).updates) mirror.set(key, words)
      const equal = verdicts(held).join() === verdicts(asked).join()

      /* A prefix hidden behind longer ones may differ without being seen by any address. */
      if (sideAnswers(mirror, asked, 1) && !equal) throw new Error('a difference was overlooked')
      if (!sideAnswers(mirror, held, 1)) throw new Error('equal tables were said to differ')
    }),
    { numRuns: 1000 },
  )
  t.pass('1000 runs')
})

test('a prefix key and the bytes of a trie key are one and the same', async t => {
  fc.assert(
    fc.property(fc.constantFrom(4, 6), fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat({ max: 128 }), (family, bytes, bits) => {
      const length = family === 4 ? bits % 33 : bits
      const key = truncateKey(String.fromCharCode(family, ...bytes.subarray(0, family === 4 ? 4 : 16), 255), length)
      const size = family === 4 ? 8 : 20
      const encoded = new Uint8Array(size + 3)

      encodePrefix(key, encoded, 3)
      return decodePrefix(encoded, 3, size) === key && new DataView(encoded.buffer).getUint32(3, true) === length
    }),
  )
  const encoded = new Uint8Array(8)

  encodePrefix(ipv4Key('192.0.2.0/24'), encoded, 0)
  t.same([...encoded], [24, 0, 0, 0, 192, 0, 2, 0], 'address in network order')
})

function createMap(type: number, keySize: number, valueSize: number, entries: number, flags: number): BpfMap {
  const fd = checked(
    libbpf().mapCreate(type, 'test', keySize, valueSize, entries, { sz: 48, map_flags: flags }),
    'creating a map for a test',
  )

  return new BpfMap(new Descriptor(fd, 'a map of a test'))
}

test('rows are written where they differ and nowhere else', { skip }, async t => {
  const map = createMap(MapType.array, 4, 4, 4096, 1 << 10)
  const array = new MappedArray(map)
  const values = new Uint8Array(4 * 2048).map((_, i) => i)

  t.equal(array.stride, 8, 'values of 4 bytes stand 8 apart')
  t.equal(array.write(2048, values), 2048 * 8)
  t.equal(array.write(2048, values), 0, 'nothing differs')
  t.ok(array.holds(2048, values))
  values[5] = 99
  t.notOk(array.holds(2048, values))
  t.equal(array.write(2048, values), 4096, 'one piece')
  t.equal(array.view(2049).getUint8(1), 99)
  t.equal(array.view(2047).getUint32(0, true), 0, 'the other side is left alone')
  t.same([...(map.lookup(Uint8Array.of(1, 8, 0, 0)) ?? [])], [...values.subarray(4, 8)], 'the kernel reads the same')
  t.throws(() => array.write(4095, new Uint8Array(8)), { code: 'layout' }, 'past the end')
  t.throws(() => array.write(0, new Uint8Array(3)), { code: 'layout' }, 'no whole row')
  const forgotten = array.bytes(0, 1)

  array.close()
  array.close()
  map.close()
  t.throws(() => array.bytes(0, 1), { code: 'closed' })
  t.throws(() => map.lookup(new Uint8Array(4)), { code: 'closed' })
  t.equal(forgotten[0], 0, 'a forgotten view of a closed map reads zeros and crashes nothing')
})

test('keys and values that are too short never reach the kernel', { skip }, async t => {
  const map = createMap(MapType.hash, 4, 8, 8, 0)

  t.throws(() => map.lookup(new Uint8Array(3)), { code: 'layout' })
  t.throws(() => map.update(new Uint8Array(4), new Uint8Array(7)), { code: 'layout' })
  await t.rejects(map.updateBatch(new Uint8Array(8), new Uint8Array(8), 2), { code: 'layout' })
  t.equal(map.lookup(new Uint8Array(4)), undefined, 'a miss is no error')
  t.equal(map.delete(new Uint8Array(4)), false)
  map.close()
})

test('a batch that the kernel refuses midway has applied its first part, and the mirror knows', { skip }, async t => {
  const map = createMap(MapType.lpmTrie, 8, 8, 9, 1)
  const trie = new TrieMap(map, new Map())
  const updates = Array.from({ length: 20 }, (_, i) => [ipv4Key(`192.0.2.${i}/32`), [i, i + 1]] as const)

  await t.rejects(trie.apply({ deletes: [], updates }), { code: 'refused', errno: 28 })
  t.equal(trie.mirror.size, 9)
  t.same(new TrieMap(map, new Map()).mirror, trie.mirror, 'the kernel holds what the mirror says')
  await trie.apply({ deletes: updates.slice(0, 5).map(([key]) => key), updates: updates.slice(12, 16) })
  t.same(new TrieMap(map, new Map()).mirror, trie.mirror)
  t.same(trie.mirror.get(ipv4Key('192.0.2.15/32')), [15, 16])
  map.close()
})

test('ten thousand prefixes, half of either family, are staged', { skip }, async t => {
  const dataplane = await Dataplane.open({ capacity: { ruleIds: 64, connections: 1024 } })
  const prefixes = new Map<PrefixKey, number>()

  t.teardown(() => dataplane.close())
  for (let i = 0; i < 5000; i++) {
    prefixes.set(String.fromCharCode(4, 10, i >> 8, i & 0xff, 0, 24), 2 + (i % 3))
    prefixes.set(String.fromCharCode(6, 0x20, 1, 0xd, 0xb8, i >> 8, i & 0xff) + '\0'.repeat(10) + String.fromCharCode(48), 2 + (i % 3))
  }
  await dataplane.stage(emptyTables())
  dataplane.commit(1)
  await dataplane.stage(tablesWith({ prefixes }))
  dataplane.commit(2)
  t.same(new Map(dataplane.prefixesInForce()), prefixes)
  t.match(dataplane.use().slice(0, 2), [
    { table: 'prefixes_ipv4', used: 5000 },
    { table: 'prefixes_ipv6', used: 5000 },
  ])
})

test('tables that do not fit are refused before anything is written', { skip }, async t => {
  const dataplane = await Dataplane.open({ capacity: { prefixesIpv4: 4, vectors: 8, memberships: 8, ruleIds: 64, connections: 1024 } })
  const prefixes = new Map(Array.from({ length: 5 }, (_, i) => [ipv4Key(`192.0.2.${i}/32`), 2]))

  t.teardown(() => dataplane.close())
  await dataplane.stage(emptyTables())
  dataplane.commit(1)
  await t.rejects(dataplane.stage(tablesWith({ prefixes })), { code: 'capacity', message: /prefixes_ipv4: 5 of 4/ })
  await t.rejects(dataplane.stage(tablesWith({ rows: { vectors: new Uint8Array(2080 * 9) } })), {
    code: 'capacity',
    message: /vectors: 9 of 8/,
  })
  t.throws(() => dataplane.commit(2), { code: 'order' }, 'nothing is staged')
  t.notOk(dataplane.differs(emptyTables()))
  t.equal(dataplane.revision, 1)
})

test('revisions only go forward, to the side that was staged', { skip }, async t => {
  const dataplane = await Dataplane.open({ capacity: { ruleIds: 64, connections: 1024 } })

  t.teardown(() => dataplane.close())
  t.throws(() => dataplane.commit(1), NativeError)
  await dataplane.stage(emptyTables())
  t.throws(() => dataplane.commit(0), { code: 'order' })
  dataplane.commit(40)
  t.equal(dataplane.revision, 40, 'fresh maps take the revision of the store')
  await dataplane.stage(emptyTables())
  t.throws(() => dataplane.commit(40), { code: 'order' })
  t.throws(() => dataplane.commit(42), { code: 'order' }, 'the other parity would be the side in force')
  const staging = dataplane.stage(emptyTables())

  await t.rejects(dataplane.stage(emptyTables()), { code: 'order' }, 'one at a time')
  await staging
  dataplane.commit(41)
  t.equal(dataplane.revision, 41)
})
