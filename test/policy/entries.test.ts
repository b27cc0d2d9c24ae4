/** Entries of sets against a plain reading: a Map for an edit, parsePrefix for bytes, a loop for what contains an address. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'tap'
import { atOnce } from '../../controlplane/policy/at-once.ts'
import { checkPolicy } from '../../controlplane/policy/check.ts'
import type { PolicyDocument, RuleValue } from '../../controlplane/policy/document.ts'
import { entryDelta } from '../../controlplane/policy/entry-delta.ts'
import {
  chunksOf,
  type EntrySet,
  emptySet,
  entriesAround,
  entryCount,
  findEntry,
  pageOfEntries,
  soonestEnd,
  sweep,
} from '../../controlplane/policy/entry-set.ts'
import { covers, formatPrefix, isFailure, type Prefix, parsePrefix, prefixKey } from '../../controlplane/policy/prefix.ts'
import { prefixNumbers, prefixOfNumbers, readPlainPrefix } from '../../controlplane/policy/prefix-bytes.ts'
import type { PrefixList } from '../../controlplane/policy/prefix-list.ts'
import { parseInterval, parseTime } from '../../controlplane/policy/time.ts'
import { decodeChunk, encodeChunk } from '../../controlplane/store/chunks.ts'
import { draftOf, edited } from './drafts.ts'

const prefix = (text: string) => parsePrefix(text) as Prefix
const textsOf = (set: EntrySet) => pageOfEntries(set, 1e9).map(entry => formatPrefix(entry.prefix))

/** Few addresses, so that entries meet; some far apart, so that chunks fall anywhere. */
const someIpv4 = fc
  .tuple(fc.constantFrom(0, 10, 192, 255), fc.nat(3), fc.nat(255), fc.integer({ min: 8, max: 32 }))
  .map(([a, b, c, length]) => {
    const bits = ((a << 24) | (b << 16) | (c << 8) | c) & (length === 32 ? -1 : ~(0xffffffff >>> length))
    return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}/${length}`
  })
const someIpv6 = fc
  .tuple(fc.nat(3), fc.nat(255), fc.constantFrom(64, 128))
  .map(([a, b, length]) => (length === 64 ? `2001:db8:${a}:${b.toString(16)}::/64` : `2001:db8:${a}::${(b + 1).toString(16)}/128`))
const somePrefix = fc.oneof(someIpv4, someIpv6).map(text => formatPrefix(prefix(text)))

test('bytes are read as parsePrefix reads text, or left to it', async t => {
  const digits = fc.stringMatching(/^[0-9a-fA-F:./]{0,24}$/)
  const spelt = fc
    .tuple(somePrefix, fc.constantFrom('', '0', '/', '/8', ':', '.1'))
    .map(([text, more]) => text.slice(0, -more.length || undefined) + more)
  let plain = 0
  fc.assert(
    fc.property(fc.oneof(somePrefix, spelt, digits, fc.ipV4(), fc.ipV6()), text => {
      const numbers = prefixNumbers()
      const bytes = Buffer.from(`!${text}!`)
      const family = readPlainPrefix(bytes, 1, bytes.length - 1, numbers)
      if (family === 0) return true
      plain++
      const expected = parsePrefix(text)
      return !isFailure(expected) && prefixKey(expected) === prefixKey(prefixOfNumbers(family, numbers, 0, numbers[4] as number))
    }),
    { numRuns: 20_000 },
  )
  t.ok(plain > 5000, `${plain} were read from bytes`)
  for (const text of ['0.0.0.0/0', '::/0', '::1', '1::', '255.255.255.255', '2001:db8::7:8/128', '1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8'])
    t.not(readPlainPrefix(Buffer.from(text), 0, text.length, prefixNumbers()), 0, text)
  for (const text of [
    '010.0.0.1',
    '10.0.0.7/8',
    '::ffff:192.0.2.1',
    '::ffff:c000:201',
    'fe80::1%eth0',
    '1.2.3.4/',
    '1.2.3.4/08',
    ':::',
    '1::2::3',
    '1:',
    '',
  ])
    t.equal(readPlainPrefix(Buffer.from(text), 0, text.length, prefixNumbers()), 0, text)
})

interface Plain {
  addedAt: number
  expiresAt: number
  comment: string | null
}

const someEntry = fc.tuple(
  somePrefix,
  fc.record({
    expiresAt: fc.constantFrom(0, 50, 500, 900),
    comment: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
    replace: fc.boolean(),
  }),
)

test('an edit does what a plain reading of it says, and shares what it leaves alone', async () => {
  const step = fc.record({
    add: fc.array(someEntry, { maxLength: 60 }),
    remove: fc.array(somePrefix, { maxLength: 30 }),
    replace: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), steps => {
      let set = emptySet
      const model = new Map<string, Plain>()
      for (const [at, { add, remove, replace }] of steps.entries()) {
        const now = (100 + at) * 1000
        const before = set
        const first = new Map<string, (typeof add)[number][1]>() // one mention each: what repeats has a test of its own
        for (const [text, note] of add) if (!first.has(text)) first.set(text, note)
        const counts = { added: 0, updated: 0, removed: 0, missing: 0 }
        const wanted = replace ? [] : [...new Set(remove)]
        for (const text of wanted) {
          if (!model.has(text)) counts.missing++
          else if (!first.has(text)) {
            model.delete(text)
            counts.removed++
          }
        }
        if (replace)
          for (const text of [...model.keys()])
            if (!first.has(text)) {
              model.delete(text)
              counts.removed++
            }
        for (const [text, { expiresAt, comment, replace: forced }] of first) {
          const there = model.get(text)
          const over = (end: number) => end !== 0 && end * 1000 <= now
          if (there === undefined) {
            if (over(expiresAt)) continue
            model.set(text, { addedAt: now, expiresAt, comment: comment ?? null })
            counts.added++
            continue
          }
          const longer = there.expiresAt !== 0 && (expiresAt === 0 || expiresAt > there.expiresAt)
          const end = replace || forced || longer || wanted.includes(text) ? expiresAt : there.expiresAt
          const said = replace ? (comment ?? null) : (comment ?? there.comment)
          if (over(end)) {
            model.delete(text)
            counts.removed++
          } else {
            if (end !== there.expiresAt || said !== there.comment) counts.updated++
            model.set(text, { ...there, expiresAt: end, comment: said })
          }
        }
        const done = edited(
          set,
          {
            add: draftOf(
              [...first].map(([text, { comment, ...note }]) => [text, { ...note, ...(comment === undefined ? {} : { comment }) }] as const),
            ),
            remove: draftOf(wanted),
            replace,
          },
          now,
        )
        set = done.set
        assert.deepEqual(done.counts, { ...counts, entryCount: model.size })
        if (counts.added + counts.updated + counts.removed === 0) assert.equal(set, before, 'nothing changed, and it is the same object')
        const found = pageOfEntries(set, 1e9).map(({ prefix: it, ...rest }) => [formatPrefix(it), rest] as const)
        assert.deepEqual(new Map(found), model)
        assert.deepEqual(
          found.map(([text]) => prefixKey(prefix(text))),
          found.map(([text]) => prefixKey(prefix(text))).sort(),
        )
        const delta = atOnce(entryDelta(before, set))
        assert.deepEqual(applied(before, delta), applied(set, new Map()), 'the difference leads from one to the other')
      }
    }),
    { numRuns: 60 },
  )
})

/** end/prefix of what a kernel would hold. */
function applied(set: EntrySet, delta: ReadonlyMap<number, { added: PrefixList; removed: PrefixList }>): string[] {
  const held = new Set(pageOfEntries(set, 1e9).map(entry => `${entry.expiresAt} ${formatPrefix(entry.prefix)}`))
  const texts = (end: number, { ipv4, ipv6 }: PrefixList) =>
    [ipv4, ipv6].flatMap(list =>
      Array.from(
        list.lengths,
        (length, at) => `${end} ${formatPrefix(prefixOfNumbers(list.family, list.words, at * (list.family === 4 ? 1 : 4), length))}`,
      ),
    )
  for (const [end, { removed }] of delta)
    for (const text of texts(end, removed)) if (!held.delete(text)) throw new Error(`${text} was not there to be removed`)
  for (const [end, { added }] of delta)
    for (const text of texts(end, added)) {
      if (held.has(text)) throw new Error(`${text} was there already`)
      held.add(text)
    }
  return [...held].sort()
}

test('a large set: one edit touches one chunk, and every way to look finds the same', async t => {
  const texts = Array.from({ length: 50_000 }, (_, at) => `10.${at >> 8}.${at & 255}.1`)
  const shuffled = texts.map(text => [Math.imul(text.length * 31 + Number(text.split('.')[2]), 0x9e3779b1), text] as const).sort()
  const { set } = edited(emptySet, { add: draftOf(shuffled.map(([, text]) => text)) }, 1000)
  t.equal(entryCount(set), 50_000)
  t.same(
    textsOf(set),
    texts.map(text => `${text}/32`),
    'sorted',
  )
  const after = edited(set, { add: draftOf(['10.9.9.0/24']), remove: draftOf(['10.100.0.1']) }, 2000)
  const shared = new Set(chunksOf(set))
  t.equal(chunksOf(after.set).filter(chunk => !shared.has(chunk)).length, 2)
  t.same(atOnce(entryDelta(set, after.set)).get(0)?.added.ipv4.count, 1)
  t.match(findEntry(after.set, prefix('10.9.9.0/24')), { addedAt: 2000 })
  t.equal(findEntry(after.set, prefix('10.100.0.1')), undefined)
  t.same(
    entriesAround(after.set, prefix('10.9.9.1')).map(entry => formatPrefix(entry.prefix)),
    ['10.9.9.0/24', '10.9.9.1/32'],
  )
  t.ok(covers(prefixKey(prefix('10.9.9.0/24')), prefixKey(prefix('10.9.9.1'))))
  const pages: string[] = []
  let last: string | undefined
  for (;;) {
    const page = pageOfEntries(after.set, 777, last)
    if (page.length === 0) break
    pages.push(...page.map(entry => formatPrefix(entry.prefix)))
    last = prefixKey((page.at(-1) as (typeof page)[0]).prefix)
  }
  t.same(pages, textsOf(after.set))
})

test('entries that repeat keep comment and time', async t => {
  const one = (...entries: Parameters<typeof draftOf>[0]) => pageOfEntries(edited(emptySet, { add: draftOf(entries) }, 0).set, 9)
  t.match(one(['192.0.2.7', { comment: 'known' }], '192.0.2.7'), [{ comment: 'known', expiresAt: 0 }])
  t.match(one(['192.0.2.7', { comment: 'a' }], ['192.0.2.7', { comment: 'b' }]), [{ comment: 'b' }])
  t.match(one(['192.0.2.7', { expiresAt: 50 }], '192.0.2.7'), [{ expiresAt: 0 }], 'for ever beats timed')
  t.match(one('192.0.2.7', ['192.0.2.7', { expiresAt: 50 }]), [{ expiresAt: 0 }])
  t.match(one(['192.0.2.7', { expiresAt: 70 }], ['192.0.2.7', { expiresAt: 50, comment: 'x' }]), [{ expiresAt: 70, comment: 'x' }])
  t.match(one(['192.0.2.7', { expiresAt: 70 }], ['192.0.2.7', { expiresAt: 50, replace: true }]), [{ expiresAt: 50 }])
})

test('the same duration written again restarts nothing', async t => {
  const timed = (lifetime: number, now: number) => draftOf([['192.0.2.7', { lifetime, expiresAt: now + lifetime }]])
  const { set } = edited(emptySet, { add: timed(600, 100), replace: true }, 100_000)
  const again = edited(set, { add: timed(600, 300), replace: true }, 300_000)
  t.equal(again.set, set)
  t.match(pageOfEntries(edited(set, { add: timed(300, 300), replace: true }, 300_000).set, 9), [{ expiresAt: 600 }], 'another duration')
  t.match(pageOfEntries(edited(set, { add: timed(600, 300) }, 300_000).set, 9), [{ expiresAt: 900 }], 'added, it is prolonged')
  t.equal(edited(set, { add: draftOf([['192.0.2.7', { expiresAt: 700 }]]), replace: true }, 300_000).set, set, 'as it is read')
})

test('what is over goes, at its second', async t => {
  const { set } = edited(emptySet, { add: draftOf([['192.0.2.7', { expiresAt: 50 }], ['2001:db8::7', { expiresAt: 60 }], '192.0.2.8']) }, 0)
  t.equal(soonestEnd(set), 50)
  t.equal(sweep(set, 49_999), set)
  const later = sweep(set, 50_000)
  t.same(textsOf(later), ['192.0.2.8/32', '2001:db8::7/128'])
  t.equal(soonestEnd(later), 60)
  t.equal(soonestEnd(sweep(later, 60_000)), undefined)
  t.match(edited(emptySet, { add: draftOf([['192.0.2.7', { expiresAt: 50 }]]) }, 50_000).counts, { added: 0, entryCount: 0 })
})

test('chunks come back from their bytes', async t => {
  const { set } = edited(
    emptySet,
    { add: draftOf([['192.0.2.7', { expiresAt: 50, lifetime: 10 }], ['2001:db8::/32', { comment: 'nötig "so"' }], '0.0.0.0/0']) },
    1_700_000_000_123,
  )
  for (const chunk of chunksOf(set)) t.same(decodeChunk(encodeChunk(chunk)), chunk)
  const [chunk] = chunksOf(set)
  t.throws(() => decodeChunk(encodeChunk(chunk as NonNullable<typeof chunk>).subarray(0, 20)), RangeError)
})

test('times and durations', async t => {
  t.same(['1ms', '1s', '1500ms', '10m', '1h', '7d', '0s', '1w', 's', '1.5h', ''].map(parseInterval), [
    1,
    1,
    2,
    600,
    3600,
    604_800,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  t.same(
    [
      '1970-01-01T00:00:10Z',
      '1970-01-01T00:00:10.001Z',
      '1970-01-01t02:00:10+02:00',
      '2030-02-30T00:00:00Z',
      '2030-01-01',
      '2030-01-01T24:00:01Z',
    ].map(parseTime),
    [10, 11, 10, undefined, undefined, undefined],
  )
})

test('a rule with an end', async t => {
  const base = { direction: 'ingress', action: 'deny', match: { source: ['192.0.2.7'] } } as const
  const check = (rule: object, now: number, known?: ReturnType<typeof checkPolicy>) =>
    checkPolicy({ defaults: {}, interfaces: {}, rules: { r: rule as RuleValue } } as PolicyDocument, {
      now,
      ...(known ? { known: { document: known.policy, expiresIn: known.expiresIn } } : {}),
    })
  const end = (checked: ReturnType<typeof checkPolicy>) => checked.policy.rules?.r?.expiresAt
  const first = check({ ...base, expiresIn: '1h' }, 1_000_500)
  t.same(first.problems, [])
  t.equal(end(first), '1970-01-01T01:16:41Z', 'rounded up to the second')
  t.notOk('expiresIn' in (first.policy.rules?.r ?? {}))
  const again = check({ ...base, expiresIn: '1h' }, 2_000_000, first)
  t.equal(end(again), end(first), 'the same document restarts nothing')
  t.equal(
    end(check({ ...base, match: { source: ['192.0.2.7/32'] }, expiresIn: '1h' }, 2_000_000, again)),
    end(first),
    'nor another spelling',
  )
  const read = check(again.policy.rules?.r as object, 2_000_000, again)
  t.equal(end(read), end(first), 'what GET gives is taken')
  t.equal(end(check({ ...base, expiresIn: '1h' }, 9_000_000, read)), end(first), 'also when it is over')
  t.equal(end(check({ ...base, expiresIn: '2h' }, 2_000_000, first)), '1970-01-01T02:33:20Z')
  t.equal(end(check({ ...base, action: 'allow', expiresIn: '1h' }, 2_000_000, first)), '1970-01-01T01:33:20Z', 'another rule begins anew')
  t.match(check({ ...base, expiresAt: '1970-01-01T00:00:01Z' }, 2_000_000).warnings, [{ code: 'expired', pointer: '/rules/r/expiresAt' }])
  for (const [rule, pointer] of [
    [{ ...base, expiresIn: '1h', expiresAt: '2030-01-01T00:00:00Z' }, '/rules/r/expiresIn'],
    [{ ...base, expiresAt: 'tomorrow' }, '/rules/r/expiresAt'],
    [{ ...base, expiresIn: '999999999d' }, '/rules/r/expiresIn'],
  ] as const)
    t.match(check(rule, 0).problems, [{ code: 'malformed', pointer }])
})
