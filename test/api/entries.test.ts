/** /v1/sets/{name}/entries: by the page, by the line, one by one, and in force. */
import { Readable } from 'node:stream'
import t from 'tap'
import { type Box, box, samplePolicy, unchanged } from './support.ts'

const path = '/v1/sets/blocklist/entries'
const text = { 'content-type': 'text/plain' }
async function withSet(t: Parameters<typeof box>[0]): Promise<Box> {
  const it = await box(t)
  await it.put('/v1/policy', samplePolicy)
  return it
}
const prefixes = async ({ get }: Box) => (await get(path)).json().items.map(({ prefix }: { prefix: string }) => prefix)

t.test('a list replaces what was there; what stays keeps its date', async t => {
  const it = await withSet(t)
  const answer = await it.put(path, ['2001:db8::/32', '192.0.2.7', { prefix: '192.0.2.0/24', comment: 'net' }, '192.0.2.7/32'])
  t.equal(answer.statusCode, 200)
  t.match(answer.json(), { added: 3, updated: 0, removed: 0, missing: 0, entryCount: 3, revision: 3, previousRevision: 2, warnings: [] })
  t.equal(answer.headers.etag, '"3"')
  const before = (await it.get(path)).json()
  t.match(before, {
    items: [{ prefix: '192.0.2.0/24', comment: 'net', addedAt: /Z$/ }, { prefix: '192.0.2.7/32' }, { prefix: '2001:db8::/32' }],
    nextCursor: null,
  })

  t.match(
    (await it.put(path, before.items)).json(),
    { revision: 3, added: 0, updated: 0, removed: 0 },
    'what GET gives is taken, and is the same',
  )
  t.match((await it.put(path, ['192.0.2.0/24', '203.0.113.1'])).json(), { revision: 4, added: 1, updated: 1, removed: 2, entryCount: 2 })
  const after = (await it.get(path)).json()
  t.same(after.items[0], { prefix: '192.0.2.0/24', addedAt: before.items[0].addedAt })
})

t.test('add and remove', async t => {
  const it = await withSet(t)
  await it.put(path, ['192.0.2.7', '192.0.2.8'])
  const answer = await it.patch(path, {
    add: ['192.0.2.9', { prefix: '192.0.2.7', comment: 'known' }, '192.0.2.8'],
    remove: ['192.0.2.8', '203.0.113.1'],
  })
  t.match(answer.json(), { added: 1, updated: 1, removed: 0, missing: 1, entryCount: 3, revision: 4 }, 'what is removed and added stays')
  t.match((await it.patch(path, { remove: ['192.0.2.8', '192.0.2.8'] })).json(), {
    added: 0,
    removed: 1,
    missing: 0,
    entryCount: 2,
    revision: 5,
  })
  t.match((await it.patch(path, { add: ['192.0.2.7'] })).json(), { updated: 0, revision: 5 }, 'adding without a comment keeps the comment')
  t.match((await it.get(`${path}?contains=192.0.2.7`)).json(), { items: [{ comment: 'known' }] })
})

t.test('what is in the kernel is what the API says', async t => {
  const it = await withSet(t)
  const drops = async (source: string) =>
    (
      await it.post('/v1/trace', {
        direction: 'ingress',
        fields: { source, destination: '203.0.113.1', protocol: 'udp', destinationPort: 53 },
      })
    ).json()
  t.match(await drops('192.0.2.7'), { verdict: 'pass' })
  await it.patch(path, { add: ['192.0.2.7', '192.0.2.128/25'] })
  t.match(await drops('192.0.2.7'), { verdict: 'drop', reason: 'rule', rule: 'block-bad' })
  t.match(await drops('192.0.2.6'), { verdict: 'pass' })
  t.match(await drops('192.0.2.200'), { verdict: 'drop' })
  await it.delete(path)
  t.match(await drops('192.0.2.7'), { verdict: 'pass' })
})

t.test('a text of prefixes, one a line', async t => {
  const it = await withSet(t)
  const answer = await it.send('PUT', path, '# a list\r\n192.0.2.0/24   # by hand\r\n\r\n  2001:db8::7\r\n192.0.2.0/24', text)
  t.match(answer.json(), { added: 2, entryCount: 2 })
  t.same(await prefixes(it), ['192.0.2.0/24', '2001:db8::7/128'])
  await unchanged(t, it, async () => {
    t.match((await it.send('PUT', path, '192.0.2.0/24\n\n10.0.0.7/8\nhello\n', text)).json(), {
      status: 400,
      errors: [
        { pointer: '/2', code: 'host_bits', detail: /line 3/ },
        { pointer: '/3', code: 'malformed', detail: /line 4/ },
      ],
    })
    t.match((await it.send('PUT', path, '# nothing\n', text)).json(), { status: 422, code: 'empty_match', hint: /allowEmpty/ })
    t.match((await it.send('PUT', path, '', text)).json(), { status: 422, code: 'empty_match' })
    t.match((await it.send('PUT', path, Buffer.from([0x31, 0xff, 0x0a]), text)).json(), { status: 400, detail: /UTF-8/ })
    t.match((await it.send('PUT', path, 'x'.repeat(10_000), text)).json(), { status: 400 })
    t.match((await it.send('PATCH', path, '192.0.2.1', text)).json(), { status: 415 })
  })
  t.same(await prefixes(it), ['192.0.2.0/24', '2001:db8::7/128'])
  t.match((await it.send('PUT', `${path}?allowEmpty=true`, '', text)).json(), { removed: 2, entryCount: 0 })
})

t.test('a text that comes in pieces is cut at its lines', async t => {
  const it = await withSet(t)
  const pieces = ['192.0.', '2.7\n192.0.2', '.8', '\n# caf\u00c3'.slice(0, 3), '\n192.0.2.9']
  const answer = await it.app.inject({
    method: 'PUT',
    url: path,
    payload: Readable.from(pieces.map(piece => Buffer.from(piece))),
    headers: { ...text, authorization: `Bearer ${it.secrets.admin}` },
  })
  t.match(answer.json(), { added: 3 })
})

t.test('ten thousand lines, page by page', async t => {
  const it = await withSet(t)
  const lines = Array.from({ length: 10_000 }, (_, at) => `10.${at >> 8}.${at & 255}.1`)
  t.match((await it.send('PUT', path, lines.join('\n'), text)).json(), { added: 10_000 })
  const seen: string[] = []
  let cursor = ''
  do {
    const page = (await it.get(`${path}?limit=3000${cursor}`)).json()
    seen.push(...page.items.map(({ prefix }: { prefix: string }) => prefix))
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
  } while (cursor)
  t.equal(new Set(seen).size, 10_000)
  t.same(seen[300], '10.1.44.1/32', 'in the order of addresses')
})

t.test('which entries contain an address or a prefix', async t => {
  const it = await withSet(t)
  await it.put(path, ['192.0.2.0/24', '192.0.2.7', '192.0.2.0/28', '0.0.0.0/0', '::/0', '2001:db8::/32', '2001:db8::7'])
  const containing = async (what: string) =>
    (await it.get(`${path}?contains=${encodeURIComponent(what)}`)).json().items.map(({ prefix }: { prefix: string }) => prefix)
  t.same(await containing('192.0.2.7'), ['0.0.0.0/0', '192.0.2.0/24', '192.0.2.0/28', '192.0.2.7/32'])
  t.same(await containing('192.0.2.0/26'), ['0.0.0.0/0', '192.0.2.0/24'])
  t.same(await containing('2001:db8::7'), ['::/0', '2001:db8::/32', '2001:db8::7/128'])
  const page = (await it.get(`${path}?contains=192.0.2.7&limit=3`)).json()
  t.equal(page.items.length, 3)
  t.match((await it.get(`${path}?contains=192.0.2.7&limit=3&cursor=${page.nextCursor}`)).json(), {
    items: [{ prefix: '192.0.2.7/32' }],
    nextCursor: null,
  })
  t.match((await it.get(`${path}?contains=192.0.2.7/8`)).json(), { status: 422, code: 'host_bits' })
  t.match((await it.get(`${path}?contains=here`)).json(), { status: 400, code: 'malformed' })
})

t.test('bad bodies change nothing', async t => {
  const it = await withSet(t)
  await it.put(path, ['192.0.2.7'])
  const bad: [string, unknown, object][] = [
    ['PUT', {}, { status: 400 }],
    ['PUT', [7], { status: 400, errors: [{ pointer: '/0' }] }],
    ['PUT', [{ prefix: '192.0.2.7', colour: 1 }], { status: 400 }],
    [
      'PUT',
      ['192.0.2.7', '10.0.0.1/8', '1.2.3', '::ffff:1.2.3.4', 'fe80::1%eth0', '010.0.0.1'],
      {
        status: 400,
        errors: [{ pointer: '/1', code: 'host_bits' }, { pointer: '/2' }, { pointer: '/3' }, { pointer: '/4' }, { pointer: '/5' }],
      },
    ],
    ['PUT', [{ prefix: '192.0.2.7', expiresIn: 'soon' }], { status: 400, errors: [{ pointer: '/0/expiresIn', code: 'malformed' }] }],
    ['PUT', [], { status: 422, code: 'empty_match', hint: /allowEmpty/ }],
    ['PATCH', {}, { status: 400 }],
    ['PATCH', { add: 'x' }, { status: 400, errors: [{ pointer: '/add' }] }],
    ['PATCH', { add: ['x'], remove: ['10.0.0.1/8'] }, { status: 400, errors: [{ pointer: '/add/0' }, { pointer: '/remove/0' }] }],
    ['PATCH', { drop: [] }, { status: 400, errors: [{ pointer: '/drop' }] }],
  ]
  await unchanged(t, it, async () => {
    for (const [method, body, wanted] of bad)
      t.match((await it.send(method, path, body)).json(), wanted, `${method} ${JSON.stringify(body)}`)
    t.equal((await it.put('/v1/sets/none/entries', ['192.0.2.1'])).statusCode, 404)
    t.equal((await it.get('/v1/sets/none/entries')).statusCode, 404)
    t.equal((await it.delete('/v1/sets/none/entries')).statusCode, 404)
    t.match((await it.put(path, ['192.0.2.1'], { 'if-match': '"1"' })).json(), { status: 412, code: 'stale' })
    t.match((await it.put(`${path}?confirmWithin=60s`, [])).json(), { status: 400, code: 'unknown_field' })
    t.match((await it.patch(`${path}?dryRun=true`, { add: ['192.0.2.9'] })).json(), {
      baseRevision: 3,
      changes: [{ path: '/sets/blocklist/entries', to: { entryCount: 2 } }],
    })
  })
  t.same(await prefixes(it), ['192.0.2.7/32'])
  t.equal((await it.get(path)).headers.etag, '"3"')
})

t.test('an ETag guards the entries', async t => {
  const it = await withSet(t)
  t.equal((await it.put(path, ['192.0.2.7'], { 'if-match': '"2"' })).statusCode, 200)
  t.equal((await it.patch(path, { add: ['192.0.2.8'] }, { 'if-match': '"2"' })).statusCode, 412)
  t.equal((await it.get(path, { 'if-none-match': '"3"' })).statusCode, 304)
  const gone = await it.delete(path, { 'if-match': '"3"' })
  t.equal(gone.statusCode, 204)
  t.equal((await it.get(path)).headers.etag, '"4"')
})

t.test('more entries than the kernel has room for are refused before anything changes', async t => {
  const it = await withSet(t)
  const lines = Array.from({ length: 20_001 }, (_, at) => `10.${at >> 8}.${at & 255}.1`).join('\n')
  await unchanged(t, it, async () => {
    t.match((await it.send('PUT', path, lines, text)).json(), {
      status: 422,
      code: 'capacity_exceeded',
      errors: [{ capacity: { table: 'prefixes_ipv4', used: Number, after: Number, max: 20_000 } }],
    })
  })
  t.same(await prefixes(it), [])
})
