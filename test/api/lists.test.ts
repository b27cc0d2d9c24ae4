/** Sets that are filled from elsewhere: a real server over https, real files, and the sets of a real gate. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openLookup } from '../../controlplane/lists/fetch.ts'
import { waitAfterStart } from '../../controlplane/lists/schedule.ts'
import { closedTo } from '../../controlplane/policy/source.ts'
import { until } from '../lab/host.ts'
import { type Handler, listServer, makeListNetwork, textOf } from './list-server.ts'
import { type Box, box, type Options, unchanged } from './support.ts'

makeListNetwork()

const lines = (count: number) => Array.from({ length: count }, (_, at) => `198.18.${at >> 8}.${at & 255}`).join('\n')

async function served(t: Test, first: Handler, options: Options = {}) {
  const server = await listServer(t, first)
  const it = await box(t, { ...options, lists: { ca: [server.ca], ...options.lists } })
  return { server, it }
}

const status = async (it: Box, set = 's') => (await it.get(`/v1/sets/${set}/status`)).json()
const entriesOf = async (it: Box, set = 's') =>
  (await it.get(`/v1/sets/${set}/entries`)).json().items.map(({ prefix }: { prefix: string }) => prefix)
const refresh = async (it: Box, query = '') => (await it.post(`/v1/sets/s/refresh${query}`, undefined)).json()
/** The list has been asked for that often, and what came of it is known. */
const attempted = (it: Box, test: (source: Record<string, unknown>) => boolean) =>
  until('the list was asked for', async () => {
    const { source } = await status(it)
    return source.lastAttempt !== undefined && test(source)
  })

t.test('a list fills its set at once, and is asked for again only if it has changed', async t => {
  const { server, it } = await served(t, textOf('# bad\n; worse\n192.0.2.0/24 ; SBL1\n\n2001:db8::/32 # six\n198.51.100.7\n'))
  const created = await it.put('/v1/sets/s', { source: { url: server.url, every: '1h' } })
  t.equal(created.statusCode, 201)
  await attempted(it, ({ lastSuccess }) => lastSuccess !== undefined)
  t.same(await entriesOf(it), ['192.0.2.0/24', '198.51.100.7/32', '2001:db8::/32'])
  const first = await status(it)
  t.match(first, { entryCount: 3, ipv4: 2, ipv6: 1, source: { failures: 0, entryCount: 3, etag: /^"/ } })
  const wait = Date.parse(first.source.next) - Date.parse(first.source.lastSuccess)
  t.ok(wait >= 3_600_000 && wait <= 1.11 * 3_600_000, `next after ${wait} ms`)

  const before = it.gate.revision
  t.match(await refresh(it), { outcome: 'unchanged', revision: before })
  t.match(server.asked.at(-1)?.headers, { 'if-none-match': first.source.etag, authorization: undefined, cookie: undefined })
  t.equal(it.gate.revision, before, '304 makes no revision')

  server.answer(textOf('192.0.2.0/24\n203.0.113.0/24\n'))
  t.match(await refresh(it), { outcome: 'changed', revision: before + 1 })
  t.same(await entriesOf(it), ['192.0.2.0/24', '203.0.113.0/24'])
  t.match((await it.get('/v1/audit')).json().items, [{ who: 'token admin', action: 'POST /v1/sets/s/refresh', outcome: 'done' }])
  t.ok((await it.get('/v1/audit')).json().items.some(({ who }: { who: string }) => who === 'lists'))

  const metrics = (await it.get('/metrics')).body
  t.match(metrics, /drawgate_list_age_seconds\{set="s"\} [0-9]/)
  t.match(metrics, 'drawgate_list_failures{set="s"} 0')
  t.match(metrics, 'drawgate_list_refreshes_total{set="s",outcome="changed"} 2')
})

t.test('JSON is taken as uploads take it', async t => {
  const { server, it } = await served(t, (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('["192.0.2.0/24", {"prefix": "2001:db8::1", "comment": "x"}]'),
  )
  await it.put('/v1/sets/s', { source: { url: server.url } })
  await attempted(it, ({ lastSuccess }) => lastSuccess !== undefined)
  t.same(await entriesOf(it), ['192.0.2.0/24', '2001:db8::1/128'])
  server.answer((_request, response) => response.end('\n ["192.0.2.0/24", "10.0.0.7/8"]'))
  t.match(await refresh(it), { outcome: 'kept', source: { error: { detail: /^entry 1: 10.0.0.7\/8 has bits set/, hint: /10.0.0.0\/8/ } } })
})

t.test('a set keeps what it has where its list cannot be trusted', async t => {
  const limits = { silenceMs: 200, totalMs: 700, maxBytes: 100_000 }
  const { server, it } = await served(t, textOf(lines(20)), { lists: { limits } })
  await it.put('/v1/sets/s', { source: { url: server.url, maxGrowPercent: 100 } })
  await attempted(it, ({ lastSuccess }) => lastSuccess !== undefined)
  const before = await entriesOf(it)
  const revision = it.gate.revision
  const redirect =
    (location: string): Handler =>
    (_request, response) =>
      response.writeHead(302, { location }).end()
  const cases: [string, Handler, RegExp][] = [
    ['an error', (_request, response) => response.writeHead(503).end('sorry'), /answers 503/],
    ['a page in place of the list', (_request, response) => response.end('<html>\nlog in'), /^line 1: /],
    ['a wrong line', textOf(`${lines(20)}\n10.0.0.7/8\n`), /^line 21: 10.0.0.7\/8 has bits set past/],
    ['two prefixes in a line', textOf('192.0.2.1;192.0.2.2'), /^line 1: /],
    ['what is not UTF-8', (_request, response) => response.end(Buffer.from([0x31, 0xff, 0x0a])), /line 1 is not UTF-8/],
    ['an empty list', textOf('# nothing today\n'), /the list is empty/],
    ['a list that shrank', textOf(lines(9)), /shrank from 20 to 9 entries, by 55 %, and 50 % are taken/],
    ['a list that grew', textOf(lines(41)), /grew from 20 to 41 entries, by 105 %, and 100 % are taken/],
    ['a list that is too long', (_request, response) => response.end('#'.repeat(80).concat('\n').repeat(2000)), /longer than 100000 bytes/],
    ['a length that is too long', (_request, response) => response.writeHead(200, { 'content-length': 200_000 }).write('#'), /longer than/],
    ['silence', () => undefined, /not a byte within 0.2 s/],
    ['silence in the midst', (_request, response) => response.write('192.0.2.1\n'), /not a byte within 0.2 s/],
    [
      'a list that trickles',
      (_request, response) => {
        const drip = setInterval(() => response.write('#\n'), 50)
        response.on('close', () => clearInterval(drip))
      },
      /not there within 0.7 s/,
    ],
    [
      'a list that breaks off',
      (_request, response) => {
        response.writeHead(200, { 'content-length': 500 }).write(`${lines(20)}\n`, () => response.socket?.destroy())
      },
      /broke off/,
    ],
    [
      'compression nobody asked for',
      (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(),
      /Content-Encoding gzip/,
    ],
    ['a redirect to loopback', redirect(`https://127.0.0.1:${server.port}/`), /redirects to .*127.0.0.1 is loopback/],
    ['one written otherwise', redirect(`https://0x7f.1:${server.port}/`), /127.0.0.1 is loopback/],
    ['one to localhost', redirect('https://localhost/'), /localhost is loopback/],
    ['one to link-local', redirect('https://169.254.169.254/'), /169.254.169.254 is link-local/],
    ['one to IPv6 loopback', redirect('https://[::1]/'), /loopback/],
    ['one in clear text', redirect('http://192.0.2.1/'), /http: is not how|http:\/\/ is not how/],
    ['one to itself', redirect(server.url), /more than 5 times/],
  ]
  for (const [what, handler, why] of cases) {
    server.answer(handler)
    const answer = await refresh(it)
    t.equal(answer.outcome, 'kept', what)
    t.match(answer.source.error?.detail, why, what)
  }
  t.same(await entriesOf(it), before)
  t.equal(it.gate.revision, revision)
  const { source } = await status(it)
  t.equal(source.failures, cases.length)
  t.ok(Date.parse(source.next) > Date.now())
  t.match((await it.get('/v1/audit')).json().items[0], { action: 'POST /v1/sets/s/refresh', outcome: 'unavailable', detail: /5 times/ })
  t.match((await it.get('/metrics')).body, `drawgate_list_failures{set="s"} ${cases.length}`)

  server.answer(textOf(lines(9)))
  t.match(await it.send('POST', '/v1/sets/s/refresh?force=true', undefined, {}, 'operator'), { statusCode: 403 })
  t.match(await refresh(it, '?force=true'), { outcome: 'changed', source: { failures: 0, entryCount: 9 } })
  t.equal((await status(it)).source.error, undefined)
  server.answer(textOf('192.0.2.1\n192.0.2.2\n192.0.2.3\n192.0.2.4\n'))
  t.match(await refresh(it), { outcome: 'kept' }, 'what was accepted is what counts from then on')
})

t.test('who is not trusted is not believed', async t => {
  const { server, it } = await served(t, textOf('192.0.2.0/24'), { lists: { ca: [] } })
  await it.put('/v1/sets/s', { source: { url: server.url } })
  await attempted(it, ({ failures }) => failures === 1)
  t.match((await status(it)).source.error.detail, /certificate/)
  t.same(await entriesOf(it), [])
})

t.test('a redirect carries nothing but the question, and etags go to who said them', async t => {
  const { server, it } = await served(t, (request, response) => {
    if (request.url === '/list.txt') response.writeHead(301, { location: '/elsewhere' }).end()
    else textOf('192.0.2.0/24', '"b"')(request, response)
  })
  await it.put('/v1/sets/s', { source: { url: server.url } })
  await attempted(it, ({ lastSuccess }) => lastSuccess !== undefined)
  t.match(await refresh(it), { outcome: 'unchanged' })
  t.equal(server.asked.at(-1)?.headers['if-none-match'], '"b"')
  const other = await listServer(t, textOf('192.0.2.0/24', '"c"'))
  server.answer((_request, response) => response.writeHead(302, { location: other.url }).end())
  await refresh(it)
  t.equal(other.asked.length, 0, 'its certificate is another')
})

t.test('what a source may be', async t => {
  const it = await box(t)
  const cases: [unknown, string, RegExp][] = [
    [{}, '/source', /neither url nor file/],
    [{ url: 'https://lists.example/', file: 'x' }, '/source/file', /both/],
    [{ url: 'http://lists.example/' }, '/source/url', /is not how a list is fetched/],
    [{ url: 'file:///etc/passwd' }, '/source/url', /is not how/],
    [{ url: 'lists.example' }, '/source/url', /is no URL/],
    [{ url: 'https://me:secret@lists.example/' }, '/source/url', /a name or a password/],
    [{ url: 'https://127.0.0.1/' }, '/source/url', /loopback/],
    [{ url: 'https://2130706433/' }, '/source/url', /loopback/],
    [{ url: 'https://[fe80::1]/' }, '/source/url', /link-local/],
    [{ url: 'https://[::ffff:127.0.0.1]/' }, '/source/url', /IPv4|no address/],
    [{ url: 'https://x.localhost/' }, '/source/url', /loopback/],
    [{ url: 'https://lists.example/', every: 'often' }, '/source/every', /form/],
    [{ url: 'https://lists.example/', maxShrinkPercent: -1 }, '/source/maxShrinkPercent', /-1/],
    [{ file: '/etc/passwd' }, '/source/file', /reads no lists from files/],
    [{ file: '' }, '/source/file', /is no path/],
  ]
  await unchanged(t, it, async () => {
    for (const [source, pointer, why] of cases) {
      const answer = await it.put('/v1/sets/s', { source })
      t.ok(answer.statusCode === 400 || answer.statusCode === 422, JSON.stringify(source))
      const fault = answer.json().errors[0]
      t.equal(fault.pointer, pointer, JSON.stringify(source))
      t.match(fault.detail, why)
      t.ok(fault.hint, JSON.stringify(source))
    }
  })
  const source = { url: 'https://192.0.2.9/', every: '1h' }
  for (const [method, url, body] of [
    ['PUT', '/v1/sets/s', { source }],
    ['PUT', '/v1/policy', { defaults: {}, interfaces: {}, sets: { s: { source } } }],
    ['PATCH', '/v1/policy', { sets: { s: { source } } }],
  ] as const)
    t.match(await it.send(method, url, body, {}, 'operator'), { statusCode: 403 }, `${method} ${url} needs admin`)
  await it.put('/v1/sets/s', { source })
  t.match(await it.send('PATCH', '/v1/sets/s', { source: null }, {}, 'operator'), { statusCode: 403 }, 'to take it away, too')
  t.match(await it.send('PATCH', '/v1/sets/s', { comment: 'by all' }, {}, 'operator'), { statusCode: 200 }, 'not what is beside it')
  for (const answer of [
    await it.put('/v1/sets/s/entries', ['192.0.2.7']),
    await it.patch('/v1/sets/s/entries', { add: ['192.0.2.7'] }),
    await it.delete('/v1/sets/s/entries'),
  ])
    t.match(answer.json(), { status: 409, code: 'read_only', hint: /another set/ })
  const detector = { type: 'portScan', threshold: 10, set: 's' }
  t.match((await it.patch('/v1/policy', { detectors: { d: detector } })).json(), {
    errors: [{ pointer: '/detectors/d/set', code: 'read_only' }],
  })
  t.equal((await it.post('/v1/sets/none/refresh', undefined)).statusCode, 404)
  await it.put('/v1/sets/plain', {})
  t.match((await it.post('/v1/sets/plain/refresh', undefined)).json(), { code: 'not_found', detail: /no source/ })
})

t.test('limits of the set and protected prefixes hold for lists', async t => {
  const { server, it } = await served(t, textOf('192.0.2.0/24\n10.0.0.0/8\n'))
  await it.patch('/v1/policy', { defaults: { protected: ['198.51.100.0/28'] } })
  await it.put('/v1/sets/s', { limits: { shortestIpv4: 16, maxEntries: 2 }, source: { url: server.url } })
  await attempted(it, ({ failures }) => failures === 1)
  t.match((await status(it)).source.error, { detail: /^line 2: 10.0.0.0\/8 is wider than \/16/ })
  server.answer(textOf('192.0.2.0/24\n\n198.51.100.7\n'))
  t.match(await refresh(it), { source: { error: { detail: /^line 3: 198.51.100.7\/32 meets 198.51.100.0\/28/ } } })
  server.answer(textOf(lines(3)))
  t.match(await refresh(it), { source: { error: { detail: /would hold 3 entries and takes 2/ } } })
  await it.patch('/v1/sets/s', { limits: { maxEntries: 3 } })
  await attempted(it, ({ lastSuccess }) => lastSuccess !== undefined)
  t.equal((await status(it)).entryCount, 3, 'other limits are tried at once')
})

t.test('it is asked for by its interval, and sooner where it failed', async t => {
  let answers = 0
  const { server, it } = await served(t, (request, response) => {
    answers++
    textOf(`192.0.2.${answers}`, `"${answers}"`)(request, response)
  })
  await it.put('/v1/sets/s', { source: { url: server.url, every: '1s' } })
  // Long enough for a failure on the way, after which it waits for a quarter of a minute.
  await until('it was fetched three times', async () => answers >= 3, 60_000)
  await until('the third is in force', async () => Number((await entriesOf(it))[0]?.match(/\.(\d+)\//)?.[1]) >= 3)
  await it.patch('/v1/sets/s', { source: { every: '1d' } })
  server.answer((_request, response) => response.writeHead(500).end())
  await refresh(it)
  const { next, failures } = (await status(it)).source
  const wait = Date.parse(next) - Date.now()
  t.ok(wait > 0 && wait <= 15_000 * 2 ** (failures - 1) * 1.1, `${wait} ms after ${failures}`)
  await it.put('/v1/sets/s', {})
  t.equal((await status(it)).source, undefined)
  t.equal((await status(it)).entryCount, 1, 'without a source entries stay')
})

t.test('a restart keeps the entries and goes on with the schedule', async t => {
  const { server, it } = await served(t, textOf(lines(5)))
  await it.put('/v1/sets/s', { source: { url: server.url } })
  await attempted(it, ({ lastSuccess }) => lastSuccess !== undefined)
  const before = await status(it)
  const asked = server.asked.length
  await it.close()
  const again = await box(t, { directory: it.directory, lists: { ca: [server.ca] } })
  const after = await status(again)
  t.equal(after.entryCount, 5)
  t.match(after.source, { lastSuccess: before.source.lastSuccess, etag: before.source.etag })
  t.equal(server.asked.length, asked, 'it is not its time yet')
  server.answer(textOf(lines(1)))
  t.match((await refresh(again)).source.error.detail, /shrank from 5 to 1/, 'what it was like before is known')
  server.answer(textOf(lines(5)))
  t.match(await refresh(again), { outcome: 'unchanged' })
  t.same(server.asked.at(-1)?.headers['if-none-match'], before.source.etag)
  const source = { url: 'https://lists.example/', every: '1h' }
  const state = { source: source.url, failures: 0 }
  const now = 1_000_000_000
  t.equal(waitAfterStart({ ...state, lastAttempt: now + 1 }, source, now), 0, 'a clock that was set back')
  t.equal(waitAfterStart({ ...state, lastAttempt: now - 3_600_000 * 1.2 }, source, now), 0, 'it is past its time')
  t.ok(waitAfterStart({ ...state, lastAttempt: now - 1000 }, source, now) > 3_590_000, 'it has just been')
})

t.test('while a change waits for its confirmation nothing is fetched', async t => {
  const { server, it } = await served(t, textOf(lines(5)))
  t.equal((await it.put('/v1/sets/s?confirmWithin=1h', { source: { url: server.url } })).statusCode, 202)
  t.match((await it.post('/v1/sets/s/refresh', undefined)).json(), { code: 'confirm_pending' })
  t.same((await status(it)).source, { failures: 0 })
  t.equal(server.asked.length, 0)
  await it.post('/v1/policy/confirm', { revision: it.gate.revision })
  await attempted(it, ({ lastSuccess }) => lastSuccess !== undefined)
  t.equal((await status(it)).entryCount, 5)
})

t.test('what happens to a list is told', async t => {
  const { server, it } = await served(t, textOf(lines(5)))
  let told = ''
  it.journal.listen({
    filter: { types: new Set(['policy']) },
    send: text => {
      told += text
      return true
    },
  })
  await it.put('/v1/sets/s', { source: { url: server.url } })
  await until('the list is in force', () => told.includes('"cause":"refresh of sets/s"'))
  server.answer((_request, response) => response.writeHead(500).end())
  await refresh(it)
  await refresh(it)
  server.answer(textOf(lines(5)))
  await refresh(it)
  await until('it is well again', () => told.includes('"list":"taken"'))
  t.equal(told.split('"list":"kept"').length, 2, 'what goes wrong again is not told again')
})

t.test('a file is read below its directory and nowhere else', async t => {
  const home = mkdtempSync(join(tmpdir(), 'drawgate-files-'))
  t.teardown(() => rmSync(home, { recursive: true }))
  const directory = join(home, 'lists')
  mkdirSync(directory)
  writeFileSync(join(directory, 'bad.txt'), '192.0.2.0/24\n')
  writeFileSync(join(home, 'secret'), '203.0.113.0/24\n')
  symlinkSync('../secret', join(directory, 'link'))
  symlinkSync('bad.txt', join(directory, 'good-link'))
  const it = await box(t, { gate: { listsDir: directory }, lists: { directory } })
  for (const file of ['../secret', join(home, 'secret'), 'link', directory, `${directory}-other/x`, 'none/../../secret'])
    t.match((await it.put('/v1/sets/s', { source: { file } })).json(), {
      code: 'unsupported',
      errors: [{ pointer: '/source/file', detail: /is not below/, hint: /put the file below/ }],
    })
  await it.put('/v1/sets/s', { source: { file: 'bad.txt', every: '1s' } })
  await attempted(it, ({ lastSuccess }) => lastSuccess !== undefined)
  t.same(await entriesOf(it), ['192.0.2.0/24'])
  t.match(await refresh(it), { outcome: 'unchanged' })
  writeFileSync(join(directory, 'bad.txt'), '192.0.2.0/24\n198.51.100.0/24\n')
  await until('the change was noticed', async () => (await entriesOf(it)).length === 2)
  rmSync(join(directory, 'bad.txt'))
  symlinkSync('../secret', join(directory, 'bad.txt'))
  t.match(await refresh(it), { outcome: 'kept', source: { error: { detail: /is not below/ } } })
  rmSync(join(directory, 'bad.txt'))
  t.match(await refresh(it), { outcome: 'kept', source: { error: { detail: /ENOENT/ } } })
  mkdirSync(join(directory, 'bad.txt'))
  t.match(await refresh(it), { outcome: 'kept', source: { error: { detail: /is no file/ } } })
  t.equal((await entriesOf(it)).length, 2)
  await it.put('/v1/sets/s', { source: { file: join(directory, 'good-link') } })
  await until('a link that stays inside is read', async () => (await status(it)).source.failures === 1)
})

t.test('addresses that a list is never fetched from', async t => {
  for (const address of ['127.0.0.1', '127.9.9.9', '0.0.0.0', '169.254.0.1', '224.0.0.1', '255.255.255.255'])
    t.ok(closedTo(address), address)
  for (const address of [
    '::1',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:192.0.2.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ])
    t.ok(closedTo(address), address)
  for (const address of ['192.0.2.1', '10.0.0.1', '2001:db8::1', 'fd00::1', '64:ff9b::c000:201', '2002:c000:201::'])
    t.equal(closedTo(address), undefined, address)
  const looked = await new Promise(resolve => openLookup('localhost', { all: true }, error => resolve(error?.message)))
  t.match(looked, /localhost is (127.0.0.1|::1), loopback/)
})
