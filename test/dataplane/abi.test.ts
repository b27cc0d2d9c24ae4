/** The agreement between C and TypeScript: abi.ts is what the objects' types give, and its codecs say the same as C. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'tap'
import * as abi from '../../controlplane/dataplane/abi.ts'
import { BtfError, readObjectTypes } from '../../controlplane/dataplane/btf.ts'
import { abiText, readObjects } from '../../controlplane/dataplane/generate-abi.ts'
import { describeLayout, differences, readLayout } from '../../controlplane/dataplane/layout.ts'
import { objectDirectory, objectFiles } from '../../controlplane/dataplane/objects.ts'

const objects = objectDirectory()

function readObject(file: string): Buffer {
  return readFileSync(join(objects, file))
}

test('abi.ts is what the objects give', async t => {
  const written = readFileSync(join(objects, '../../controlplane/dataplane/abi.ts'), 'utf8')

  t.equal(written, abiText(readObjects(objects)), 'run npm run abi and commit the result')
})

test('each object alone says the same', async t => {
  for (const file of objectFiles)
    t.same(differences(abi.description, describeLayout(readLayout(readObjectTypes(readObject(file))))), [], file)
})

test('a change of layout is told by the line that differs', async t => {
  const object = readObject('xdp.bpf.o')
  const at = object.indexOf('REASON_NO_BACKEND\0')

  object.write('REASON_NO_BACKENDS'.slice(0, 17).replace('NO_BACKEND', 'NO_BACKENT'), at)
  const [expected, actual] = differences(abi.description, describeLayout(readLayout(readObjectTypes(object))))

  t.match(expected, /^- enum reason: .*REASON_NO_BACKEND=/)
  t.match(actual, /^\+ enum reason: .*REASON_NO_BACKENT=/)
})

test('what is no object is refused in words', async t => {
  t.throws(() => readObjectTypes(new Uint8Array(10)), BtfError)
  t.throws(() => readObjectTypes(Buffer.from('#!/bin/sh\n'.repeat(20))), BtfError)
  const stripped = readObject('tc.bpf.o')

  stripped.write('.XTF\0', stripped.indexOf('.BTF\0'))
  t.throws(() => readObjectTypes(stripped), { message: /has no BTF/ })
})

test("addresses and ports marked __be stand in network order, all else in the machine's", async t => {
  const bytes = new Uint8Array(abi.ConnectionKey.size)

  abi.ConnectionKey.encode(new DataView(bytes.buffer), 0, {
    source: [0xc0000207, 0, 0, 0],
    destination: [0xc6336401, 0, 0, 0],
    sourcePort: 5000,
    destinationPort: 80,
    protocol: 6,
    family: abi.Family.ipv6,
    zone: 0x102,
  })
  t.same([...bytes.subarray(0, 4)], [192, 0, 2, 7])
  t.same([...bytes.subarray(32)], [0x13, 0x88, 0, 80, 6, 1, 2, 1])
})

test('names, numbers and counts of enums come from C', async t => {
  t.equal(abi.Reason.noBackend, abi.reasonNames.indexOf('no_backend'))
  t.equal(abi.reasonNames.length, abi.reasonCount)
  t.equal(abi.Limit.sides, 2)
  t.equal(abi.SideFlag.services, 8, 'flags are bits and have no list of names')
  t.notOk('sideFlagNames' in abi)
  t.notOk('reasons' in abi.Reason, 'the count is no reason')
})

test('what is encoded is decoded, and stays within its row', async t => {
  const word = fc.nat({ max: 0xffff_ffff })
  const half = fc.nat({ max: 0xffff })
  const byte = fc.nat({ max: 0xff })
  const words = (count: number) => fc.array(word, { minLength: count, maxLength: count })
  const rows = [
    [
      abi.Membership,
      fc.record({
        classes: fc.array(half, { minLength: 4, maxLength: 4 }),
        serviceRow: word,
        flags: byte,
        management: byte,
        exempt: byte,
        expiresS: word,
        next: word,
        admitted: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      }),
    ],
    [
      abi.Rule,
      fc.record({
        ruleId: word,
        action: fc.constantFrom(...Object.values(abi.Action)),
        flags: byte,
        limit: half,
        expiresS: word,
        logEvery: word,
      }),
    ],
    [
      abi.Backend,
      fc.record({
        address: words(4),
        serviceId: word,
        port: half,
        family: fc.constantFrom(...Object.values(abi.Family)),
        state: fc.constantFrom(...Object.values(abi.BackendState)),
      }),
    ],
    [abi.Counter, fc.record({ packets: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), bytes: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) })],
  ] as const

  for (const [codec, values] of rows) {
    fc.assert(
      fc.property(values as fc.Arbitrary<never>, value => {
        const bytes = new Uint8Array(codec.size + 16).fill(0xaa)

        bytes.fill(0, 8, 8 + codec.size)
        codec.encode(new DataView(bytes.buffer), 8, value)
        t.strictSame(codec.decode(new DataView(bytes.buffer), 8), { ...(value as object) })
        t.ok(bytes.subarray(0, 8).every(at => at === 0xaa) && bytes.subarray(8 + codec.size).every(at => at === 0xaa))
      }),
      { numRuns: 50 },
    )
  }
})
