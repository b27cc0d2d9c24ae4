/** Interfaces, sets, rules, services and backends, one by one: what holds for all of them, and what is special. */
import t from 'tap'
import { type Box, box, samplePolicy, unchanged } from './support.ts'

const rule = { direction: 'ingress', action: 'deny', match: { source: ['192.0.2.0/24'] } }
const service = {
  address: '198.51.100.20',
  ports: ['443'],
  protocol: 'tcp',
  forwarding: 'nat',
  backends: { a: { address: '10.0.0.1' }, b: { address: '10.0.0.2', weight: 300 } },
}

const kinds = [
  {
    path: '/v1/interfaces',
    name: 'absent0',
    url: 'absent0',
    value: { xdp: 'generic' },
    other: { xdp: 'off' },
    patch: { egress: 'off' },
    bad: { xdp: 'fast' },
    badAt: '/xdp',
  },
  {
    path: '/v1/interfaces',
    name: 'eth@a*',
    url: 'eth%40a%2A',
    value: { xdp: 'auto' },
    other: {},
    patch: { comment: 'x' },
    bad: { comment: 7 },
    badAt: '/comment',
  },
  {
    path: '/v1/sets',
    name: 'friends',
    url: 'friends',
    value: { description: 'us' },
    other: { description: 'them' },
    patch: { comment: 'x' },
    bad: { description: 1 },
    badAt: '/description',
  },
  {
    path: '/v1/rules',
    name: 'r-1',
    url: 'r-1',
    value: rule,
    other: { ...rule, priority: 5 },
    patch: { priority: 7 },
    bad: { ...rule, priority: -1 },
    badAt: '/priority',
  },
  {
    path: '/v1/rules',
    name: 'constructor',
    url: 'constructor',
    value: rule,
    other: { ...rule, priority: 5 },
    patch: { priority: 7 },
    bad: { ...rule, match: { dscp: 64 } },
    badAt: '/match/dscp',
  },
  {
    path: '/v1/services',
    name: 'web.2',
    url: 'web%2E2',
    value: service,
    other: { ...service, hash: 'source' },
    patch: { enabled: false },
    bad: { ...service, ports: '80' },
    badAt: '/ports',
  },
  {
    path: '/v1/services/web/backends',
    name: 'b2',
    url: 'b2',
    value: { address: '10.0.0.12' },
    other: { address: '10.0.0.12', weight: 1 },
    patch: { port: 81 },
    bad: { address: '10.0.0.12', port: 0 },
    badAt: '/port',
  },
]

for (const { path, name, url, value, other, patch, bad, badAt } of kinds) {
  t.test(`${path}/${name} comes, changes and goes`, async t => {
    const it = await box(t)
    await it.put('/v1/policy', samplePolicy)
    const at = `${path}/${url}`

    t.equal((await it.get(at)).statusCode, 404)
    t.match((await it.patch(at, patch)).json(), { status: 404, code: 'not_found' })
    t.match((await it.delete(at)).json(), { status: 404, code: 'not_found' })
    t.match((await it.put(at, value, { 'if-match': '*' })).json(), { status: 412, code: 'stale' })

    const created = await it.put(at, value, { 'if-none-match': '*' })
    t.equal(created.statusCode, 201, created.body)
    t.match(created.json(), { revision: 3, previousRevision: 2, value })
    t.equal(created.headers.etag, '"3"')
    t.equal(created.headers['drawgate-revision'], '3')
    t.match((await it.put(at, value, { 'if-none-match': '*' })).json(), { status: 412, code: 'exists' })

    const same = await it.put(at, value)
    t.equal(same.statusCode, 200)
    t.match(same.json(), { revision: 3, previousRevision: 3 })

    const read = await it.get(at)
    t.same(read.json(), created.json().value)
    t.equal(read.headers.etag, '"3"')
    t.equal((await it.get(at, { 'if-none-match': '"3"' })).statusCode, 304)

    await unchanged(t, it, async () => {
      t.match((await it.put(at, bad)).json(), { status: 400, code: 'malformed', errors: [{ pointer: badAt }] })
      t.match((await it.put(at, { ...value, colour: 'red' })).json(), {
        status: 400,
        code: 'unknown_field',
        errors: [{ pointer: '/colour' }],
      })
      t.match((await it.patch(at, { colour: 'red' })).json(), { status: 400, errors: [{ pointer: '/colour' }] })
      t.match((await it.put(at, other, { 'if-match': '"2"' })).json(), { status: 412, code: 'stale' })
      t.match((await it.delete(at, { 'if-match': '"2"' })).json(), { status: 412, code: 'stale' })
      t.match((await it.put(at, [])).json(), { status: 400 })
      t.match((await it.send('PUT', at)).json(), { status: 400, code: 'malformed' })
      t.match((await it.put(`${at}?dryRun=true`, other)).json(), { baseRevision: 3 })
      t.match((await it.delete(`${at}?dryRun=true`)).json(), { baseRevision: 3, changes: [{ op: 'remove' }] })
    })

    t.match((await it.put(at, other, { 'if-match': '"3"' })).json(), { revision: 4, value: other })
    const patched = await it.patch(at, patch, { 'content-type': 'application/merge-patch+json' })
    t.match(patched.json(), { revision: 5, value: { ...other, ...patch } })
    const gone = await it.delete(at, { 'if-match': '"5"' })
    t.equal(gone.statusCode, 204)
    t.equal(gone.headers['drawgate-revision'], '6')
    t.equal((await it.get(at)).statusCode, 404)
  })
}

t.test('a name that cannot be is a bad path', async t => {
  const it = await box(t)
  await unchanged(t, it, async () => {
    for (const path of [
      'rules/Bad',
      'rules/-a',
      `rules/${'a'.repeat(64)}`,
      'rules/a%2Fb',
      'sets/%40local',
      'sets/__proto__',
      'interfaces/a%2Ab',
      'interfaces/__proto__',
      'interfaces/a%20b',
      'interfaces/a-name-that-is-long',
    ]) {
      const answer = await it.put(`/v1/${path}`, path.startsWith('rules') ? rule : {})
      t.match(answer.json(), { status: 400, code: 'malformed', detail: /name in the path/ }, path)
    }
    t.equal((await it.get('/v1/rules/%zz')).statusCode, 400)
    t.equal((await it.get('/v1/rules/%00')).statusCode, 400)
    t.equal((await it.get(`/v1/rules/${'a'.repeat(5000)}`)).statusCode, 400)
  })
})

t.test('pointers begin at the body, and what lies elsewhere is named', async t => {
  const it = await box(t)
  await it.put('/v1/policy', samplePolicy)
  await unchanged(t, it, async () => {
    t.match((await it.put('/v1/rules/r', { ...rule, match: { source: ['10.0.0.7/8'] } })).json(), {
      errors: [{ pointer: '/match/source/0', code: 'host_bits' }],
    })
    t.match((await it.put('/v1/services/web/backends/b2', { address: '10.0.0.1/33' })).json(), { errors: [{ pointer: '/address' }] })
    const twin = (await it.put('/v1/services/aaa', { ...samplePolicy.services.web })).json()
    t.match(twin, { status: 422, code: 'service_duplicate' })
  })
})

t.test('lists go page by page in the order of names', async t => {
  const it = await box(t)
  const rules = Object.fromEntries(
    ['c', 'a', 'e', 'b', 'd'].map(name => [name, { ...rule, labels: { team: name < 'c' ? 'edge' : 'core', id: name } }]),
  )
  await it.put('/v1/policy', { ...samplePolicy, rules })
  const names = (answer: { json(): { items: { name: string }[] } }) => answer.json().items.map(({ name }) => name)

  t.same(names(await it.get('/v1/rules')), ['a', 'b', 'c', 'd', 'e'])
  const first = await it.get('/v1/rules?limit=2')
  t.same(names(first), ['a', 'b'])
  const second = await it.get(`/v1/rules?limit=2&cursor=${first.json().nextCursor}`)
  t.same(names(second), ['c', 'd'])
  await it.delete('/v1/rules/d')
  const third = await it.get(`/v1/rules?limit=2&cursor=${second.json().nextCursor}`)
  t.same([names(third), third.json().nextCursor], [['e'], null], 'the cursor outlives its item')

  t.same(names(await it.get('/v1/rules?label=team=core')), ['c', 'e'])
  t.same(names(await it.get('/v1/rules?label=team=edge&label=id=b')), ['b'])
  t.same(names(await it.get('/v1/rules?label=constructor=x')), [])
  t.match((await it.get('/v1/rules?include=status&limit=1')).json(), {
    items: [{ name: 'a', direction: 'ingress', status: { packets: 0 } }],
  })

  for (const query of [
    'limit=0',
    'limit=1001',
    'limit=2x',
    'limit=1&limit=2',
    'cursor=%20',
    'cursor=!!',
    'label=x',
    'include=all',
    'colour=red',
    '__proto__=1',
  ]) {
    t.equal((await it.get(`/v1/rules?${query}`)).statusCode, 400, query)
  }
})

t.test('status moves, and has no ETag', async t => {
  const it = await box(t)
  await it.put('/v1/policy', { ...samplePolicy, interfaces: { absent0: {} }, services: { ...samplePolicy.services, two: service } })
  await it.put('/v1/sets/blocklist/entries', ['192.0.2.7', '192.0.2.8', '2001:db8::7'])
  const status = async (path: string) => {
    const answer = await it.get(`/v1/${path}/status`)
    t.equal(answer.headers.etag, undefined)
    return answer.json()
  }
  t.same(await status('sets/blocklist'), { entryCount: 3, ipv4: 2, ipv6: 1 })
  t.match(await status('interfaces/absent0'), { state: 'absent', devices: [] })
  t.match(await status('rules/block-bad'), { packets: 0, bytes: 0, countedSince: /^\d{4}-/ })
  t.match(await status('services/two'), {
    packets: 0,
    bytes: 0,
    ringSize: Number,
    backends: { a: { health: 'unknown', packets: 0, share: 0.25 }, b: { share: 0.75 } },
  })
  await it.patch('/v1/services/two/backends/b', { state: 'disabled' })
  t.match(await status('services/two'), { backends: { a: { share: 1 }, b: { share: 0 } } })
  t.equal((await it.get('/v1/rules/none/status')).statusCode, 404)
  t.equal((await it.get('/v1/services/two/status?x=1')).statusCode, 400)
})

t.test('a set that rules refer to stays, and its users are told', async t => {
  const it = await box(t)
  await it.put('/v1/policy', samplePolicy)
  await it.put('/v1/sets/blocklist/entries', ['192.0.2.7'])
  await unchanged(t, it, async () => {
    t.match((await it.delete('/v1/sets/blocklist')).json(), {
      status: 409,
      code: 'in_use',
      errors: [{ pointer: '/rules/block-bad/match/source/0', detail: /block-bad/ }],
    })
  })
  await it.delete('/v1/rules/block-bad')
  const detectors = (value: object | null) => it.patch('/v1/policy', { detectors: { scans: value } })
  await detectors({ type: 'portScan', threshold: 10, exempt: ['@blocklist'], set: 'blocklist' })
  t.match((await it.delete('/v1/sets/blocklist')).json(), {
    status: 409,
    errors: [{ pointer: '/detectors/scans/exempt/0' }, { pointer: '/detectors/scans/set', detail: /scans/ }],
  })
  await detectors(null)
  t.equal((await it.delete('/v1/sets/blocklist')).statusCode, 204)
  t.equal((await it.get('/v1/sets/blocklist/entries')).statusCode, 404)
  await it.put('/v1/sets/blocklist', {})
  t.same((await it.get('/v1/sets/blocklist/entries')).json().items, [], 'a new set of that name is empty')
})

t.test('entries of a set inline: taken, shown on demand, refused beyond 10,000', async t => {
  const it = await box(t)
  t.same((await it.put('/v1/sets/s', { entries: ['192.0.2.7'] })).json().value, {})
  t.match((await it.get('/v1/sets/s?include=entries')).json(), { entries: [{ prefix: '192.0.2.7/32' }] })
  t.match((await it.patch('/v1/sets/s', { entries: ['192.0.2.8'] })).json(), { revision: 3 })
  const many = Array.from({ length: 10_001 }, (_, at) => `10.0.${at >> 8}.${at & 255}`)
  await unchanged(t, it, async () => {
    t.match((await it.put('/v1/sets/s', { entries: many })).json(), {
      status: 422,
      code: 'too_many_inline',
      errors: [{ pointer: '/entries' }],
    })
    t.match((await it.put('/v1/sets/s', { entries: null })).json(), { status: 400, errors: [{ pointer: '/entries' }] })
    t.match((await it.patch('/v1/sets/s', { entries: null })).json(), { status: 400, errors: [{ pointer: '/entries' }] })
    t.match((await it.put('/v1/sets/s', { entries: ['192.0.2.7', '10.0.0.1/8', '::ffff:192.0.2.1'] })).json(), {
      errors: [{ pointer: '/entries/1' }, { pointer: '/entries/2' }],
    })
  })
  await it.put('/v1/sets/s/entries', many)
  t.match((await it.get('/v1/sets/s?include=entries')).json(), { status: 422, code: 'too_many_inline' })
})

t.test('writes that come together are done one after the other, and none is lost', async t => {
  const it: Box = await box(t)
  const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => it.put(`/v1/rules/r${at}`, rule)))
  t.same(
    answers.map(answer => answer.json().revision).sort((a, b) => a - b),
    Array.from({ length: 20 }, (_, at) => at + 2),
  )
  t.equal((await it.get('/v1/rules')).json().items.length, 20)
  t.equal(it.dataplane.revision, 21)
})

t.test('a type of body that a route does not take', async t => {
  const it = await box(t)
  await unchanged(t, it, async () => {
    for (const type of [
      'text/plain',
      'application/yaml',
      'application/xml',
      'application/merge-patch+json',
      'application/json; charset=utf-16',
    ]) {
      t.match(
        (await it.send('PUT', '/v1/rules/r', JSON.stringify(rule), { 'content-type': type })).json(),
        { status: 415, code: 'unsupported_media_type' },
        type,
      )
    }
    t.match(
      (
        await it.app.inject({
          method: 'PUT',
          url: '/v1/rules/r',
          payload: Buffer.from(JSON.stringify(rule)),
          headers: { authorization: `Bearer ${it.secrets.admin}` },
        })
      ).json(),
      { status: 415 },
    )
    const patch = await it.send('PATCH', '/v1/rules/r', 'x', { 'content-type': 'text/plain' })
    t.equal(patch.statusCode, 415)
    t.match(patch.headers, { 'accept-patch': /merge-patch/ })
  })
  t.equal(
    (await it.send('PUT', '/v1/rules/r', JSON.stringify(rule), { 'content-type': 'application/json; charset=UTF-8' })).statusCode,
    201,
  )
})
