/** What stands in maps: arrays in memory, and the sides that they hold. */
import { test } from 'tap'
import { Dataplane, NativeError } from '../../controlplane/dataplane/dataplane.ts'
import { MappedArray } from '../../controlplane/dataplane/map.ts'
import { checked, libbpf } from '../../controlplane/native/libbpf.ts'
import { Descriptor } from '../../controlplane/native/libc.ts'
import { BpfMap, MapType } from '../../controlplane/native/map.ts'
import { emptyTables, tablesWith } from './tables.ts'

const skip = process.getuid?.() === 0 ? false : 'needs root to make BPF maps'

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

test('tables that do not fit are refused before anything is written', { skip }, async t => {
  const dataplane = await Dataplane.open({ capacity: { vectors: 8, memberships: 8, ruleIds: 64, connections: 1024 } })

  t.teardown(() => dataplane.close())
  await dataplane.stage(emptyTables())
  dataplane.commit(1)
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
