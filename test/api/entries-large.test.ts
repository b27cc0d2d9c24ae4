import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { type Box, box, samplePolicy, unchanged } from './support.ts'

const path = '/v1/sets/blocklist/entries'
const text = { 'content-type': 'text/plain' }
const json = { 'content-type': 'application/json' }
const large = { prefixesIpv4: 60_000 }
const addresses = (count: number, first = 10) =>
  Array.from({ length: count }, (_, at) => `${first + (at >> 16)}.${(at >> 8) & 255}.${at & 255}.1`)

async function withSet(t: Parameters<typeof box>[0], options: Parameters<typeof box>[1] = {}): Promise<Box> {
  const it = await box(t, options)
  await it.put('/v1/policy', samplePolicy)
  return it
}
const listed = async ({ get }: Box, query = '') => (await get(path + query)).json().items.map(({ prefix }: { prefix: string }) => prefix)
const count = async ({ get }: Box) => (await get('/v1/sets/blocklist/status')).json().entryCount

t.test('fifty thousand entries, as text and as JSON, are in force; one more touches little', async t => {
  const it = await withSet(t, { capacity: large })
  const lines = addresses(50_000)
  t.match((await it.send('PUT', path, lines.join('\n'), text)).json(), { added: 50_000, entryCount: 50_000 })
  t.match(
    (await it.send('PUT', path, JSON.stringify(lines, null, 1), json)).json(),
    { added: 0, updated: 0, removed: 0, revision: 3 },
    'the same',
  )
  t.match((await it.patch(path, { add: ['192.0.2.7'], remove: [lines[7]] })).json(), {
    added: 1,
    removed: 1,
    entryCount: 50_000,
    revision: 4,
  })
  t.match((await it.get('/v1/sets/blocklist/status')).json(), { entryCount: 50_000, ipv4: 50_000, ipv6: 0 })
  const verdict = async (source: string) =>
    (
      await it.post('/v1/trace', {
        direction: 'ingress',
        fields: { source, destination: '203.0.113.1', protocol: 'udp', destinationPort: 53 },
      })
    ).json()
  t.match(await verdict('192.0.2.7'), { verdict: 'drop', rule: 'block-bad' })
  t.match(await verdict(lines[49_999] as string), { verdict: 'drop' })
  t.match(await verdict(lines[7] as string), { verdict: 'pass' })
  t.match(await verdict('10.0.6.2'), { verdict: 'pass' })
  await it.close()
  const again = await box(t, { directory: it.directory, capacity: large })
  t.equal(await count(again), 50_000)
  t.equal(again.gate.revision, 4)
})

t.test('reads are answered while a list is on its way and being written', async t => {
  const it = await withSet(t, { capacity: large })
  await it.put(path, ['192.0.2.7'])
  const body = new PassThrough()
  const upload = it.app.inject({
    method: 'PUT',
    url: path,
    payload: body,
    headers: { ...text, authorization: `Bearer ${it.secrets.admin}` },
  })
  const lines = addresses(50_000)
  body.write(lines.slice(0, 25_000).join('\n'))
  t.same(await listed(it), ['192.0.2.7/32'])
  t.match((await it.put('/v1/rules/more', samplePolicy.rules['block-bad'])).json(), { revision: 4 }, 'other writes do not wait for it')
  body.end(`\n${lines.slice(25_000).join('\n')}`)
  let done = false
  const answer = upload.then(response => {
    done = true
    return response
  })
  let reads = 0
  while (!done) {
    const seen = await count(it)
    if (seen !== 1 && seen !== 50_000) t.fail(`${seen} entries are neither the old list nor the new one`)
    reads++
    // An injected request never leaves this turn of the event loop by itself.
    await setImmediate()
  }
  t.match((await answer).json(), { added: 50_000, removed: 1 })
  t.ok(reads > 3, `${reads} reads were answered meanwhile`)
})

t.test('an upload that is cut off changes nothing and blocks nobody', async t => {
  const it = await withSet(t, { capacity: large })
  const server = createServer(it.app.routing).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  const head = [
    `PUT ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${it.secrets.admin}`,
    'Content-Type: text/plain',
    'Content-Length: 9000000',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${addresses(20_000).join('\n')}`)
  const [asked] = await once(server, 'request')
  socket.destroy()
  await new Promise(resolve => asked.once('close', resolve))
  t.match((await it.patch(path, { add: ['192.0.2.7'] })).json(), { added: 1, entryCount: 1 })

  const refused = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const asking = request(
      { port, method: 'PUT', path, headers: { ...text, authorization: `Bearer ${it.secrets.admin}`, host: 'localhost' } },
      answer => {
        let body = ''
        answer.setEncoding('utf8').on('data', piece => {
          body += piece
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
      },
    ).on('error', reject)
    for (let piece = 0; piece < 100; piece++) asking.write('hello\n'.repeat(20_000))
    asking.end()
  })
  t.match(refused, { status: 400, body: /line 1: / }, 'who is still sending reads why it was refused')
  t.equal(await count(it), 1)
})

t.test('bodies that are no list of entries', async t => {
  const it = await withSet(t)
  await it.put(path, ['192.0.2.7'])
  const put = (body: string | Buffer, headers: Record<string, string> = json) => it.send('PUT', path, body, headers)
  const patch = (body: string) => it.send('PATCH', path, body, json)
  await unchanged(t, it, async () => {
    for (const [body, detail] of [
      ['', /ends too early/],
      ['["192.0.2.7"', /ends too early/],
      ['["192.0.2.7",]', /value is wanted at byte 13/],
      ['["192.0.2.7" "192.0.2.8"]', /comma/],
      ['["192.0.2.7"]]', /something follows/],
      ['"192.0.2.7"', /not a list/],
      ['[192.0.2.7]', /not JSON/],
      [`["${'x'.repeat(20_000)}"]`, /no address|longer than/],
      [`["${'x'.repeat(200_000)}`, /longer than/],
      ['[{"prefix":"192.0.2.7","prefix":"192.0.2.8"}]', /twice/],
      ['[{"prefix":"192.0.2.7","prefix" :"192.0.2.8"}]', /twice/],
      ['[{"prefix":"192.0.2.7","__proto__":"x"}]', /__proto__/],
      ['[["192.0.2.7"]]', /must be/],
      ['[null]', /entry 0 is null/],
    ] as const)
      t.match((await put(body)).json(), { status: 400, detail }, body.slice(0, 60))
    t.match((await put(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]))).json(), { status: 400, detail: /UTF-8/ })
    for (const [body, pointer] of [
      ['[]', ''],
      ['{"add":["192.0.2.7"],"add":[]}', '/add'],
      ['{"remove":[{"prefix":"192.0.2.7"}]}', '/remove/0'],
      ['{"add":["192.0.2.7"]', ''],
      ['{"add" ["192.0.2.7"]}', ''],
      ['{"add":["192.0.2.7"] "remove":[]}', ''],
      ['{add:[]}', ''],
    ] as const)
      t.match((await patch(body)).json(), { status: 400, errors: [{ pointer }] }, body)
    t.match((await put('["192.0.2.8"]', { ...json, 'content-encoding': 'gzip' })).json(), { status: 415, detail: /Content-Encoding/ })
    t.match((await put('[]')).json(), { status: 422, code: 'empty_match' })
  })
  t.match((await put(' [ "192.0.2.8" , {"prefix":"2001:db8:0::/48"} ] \n', { ...json, 'content-encoding': 'identity' })).json(), {
    entryCount: 2,
  })
  t.match((await patch('{ "remove" : [ ] , "add" : [ "\\u0031.2.3.4" ] }')).json(), { added: 1 })
  t.match((await it.send('PUT', `${path}?allowEmpty=true`, '[]', json)).json(), { removed: 3, entryCount: 0 })
})

t.test('more entries than could find room are not even read', async t => {
  const it = await withSet(t)
  await unchanged(t, it, async () => {
    t.match((await it.send('PUT', path, addresses(100_000).join('\n'), text)).json(), { status: 422, code: 'capacity_exceeded' })
  })
})
