/** What the policy was and who changed it; the way back; several owners of one policy; and every attempt, refused ones too. */
import t from 'tap'
import { box, samplePolicy, unchanged } from './support.ts'

const rule = { direction: 'ingress', action: 'deny', match: { protocol: 'udp', destinationPorts: ['7'] } }
const names = (object: object) => Object.keys(object).sort()

t.test('revisions are listed with who, when, what and from where, page by page', async t => {
  const { put, get, send, gate } = await box(t)
  await put('/v1/policy', samplePolicy)
  await send('PUT', '/v1/rules/r', rule, {}, 'operator')
  await put('/v1/sets/blocklist/entries', ['192.0.2.7'])
  const { items, nextCursor } = (await get('/v1/policy/revisions?limit=2')).json()
  t.match(items, [
    { revision: 4, who: 'token admin', cause: 'PUT /v1/sets/blocklist/entries', origin: '127.0.0.1' },
    { revision: 3, who: 'token operator', cause: 'PUT /v1/rules/r', at: /^20/ },
  ])
  const rest = (await get(`/v1/policy/revisions?cursor=${nextCursor}`)).json()
  t.match(rest, { items: [{ revision: 2 }, { revision: 1, who: 'start', cause: 'start' }], nextCursor: null })
  t.equal((await get('/v1/policy/revisions?cursor=nonsense')).statusCode, 400)
  t.match((await get('/v1/policy/revisions/2')).json(), { revision: 2, value: samplePolicy })
  t.match((await get('/v1/policy/revisions/4')).json().value, { rules: { r: rule } })
  t.equal((await get(`/v1/policy/revisions/${gate.revision + 1}`)).statusCode, 404)
})

t.test('a diff tells what leads from one revision to another', async t => {
  const { put, get, patch } = await box(t)
  await put('/v1/policy', samplePolicy)
  await put('/v1/rules/r', rule)
  await patch('/v1/rules/r', { priority: 3 })
  t.match((await get('/v1/policy/diff?from=2&to=4')).json(), {
    from: 2,
    to: 4,
    changes: [{ op: 'add', path: '/rules/r', to: { priority: 3 } }],
  })
  t.match((await get('/v1/policy/diff')).json(), { from: 3, to: 4, changes: [{ op: 'add', path: '/rules/r/priority', to: 3 }] })
  t.match((await get('/v1/policy/diff?from=4&to=2')).json(), { changes: [{ op: 'remove', path: '/rules/r' }] })
  t.equal((await get('/v1/policy/diff?from=99')).statusCode, 404)
})

t.test('a revision is restored as a new one, in force, and entries stay', async t => {
  const it = await box(t)
  await it.put('/v1/policy', samplePolicy)
  await it.put('/v1/policy', { defaults: {}, interfaces: {}, sets: { blocklist: {} }, rules: { r: rule } })
  await it.put('/v1/sets/blocklist/entries', ['192.0.2.7'])
  const trace = async () =>
    (
      await it.post('/v1/trace', { direction: 'ingress', fields: { source: '192.0.2.7', destination: '203.0.113.1', protocol: 'udp' } })
    ).json()
  t.match(await trace(), { verdict: 'pass' })
  t.match((await it.post('/v1/policy/revisions/2/restore?dryRun=true', undefined)).json(), { baseRevision: 4 })
  const answer = await it.post('/v1/policy/revisions/2/restore', undefined)
  t.match(answer.json(), { revision: 5, previousRevision: 4, value: samplePolicy })
  t.match(await trace(), { verdict: 'drop', rule: 'block-bad', revision: 5 })
  t.match((await it.get('/v1/sets/blocklist/entries')).json().items, [{ prefix: '192.0.2.7/32' }])
  t.match((await it.post('/v1/policy/revisions/4/restore', undefined, { 'if-match': '"3"' })).json(), { status: 412, code: 'stale' })
  t.equal((await it.send('POST', '/v1/policy/revisions/2/restore', undefined, {}, 'viewer')).statusCode, 403)
})

t.test('what is past the retention is gone, and what is within is there', async t => {
  const it = await box(t, { store: { keepRevisions: 3 } })
  await it.put('/v1/policy', samplePolicy)
  for (let priority = 1; priority <= 5; priority++) await it.put('/v1/rules/r', { ...rule, priority })
  t.match(
    (await it.get('/v1/policy/revisions')).json().items.map(({ revision }: { revision: number }) => revision),
    [7, 6, 5],
  )
  await unchanged(t, it, async () => {
    for (const answer of [await it.get('/v1/policy/revisions/4'), await it.post('/v1/policy/revisions/4/restore', undefined)])
      t.match(answer.json(), { status: 410, code: 'revision_expired' })
  })
  t.match((await it.get('/v1/policy/revisions/5')).json().value.rules.r, { priority: 3 })
})

t.test('entries that come and go wash no policy away', async t => {
  const first = await box(t, { store: { keepRevisions: 3 } })
  await first.put('/v1/policy', samplePolicy)
  await first.put('/v1/rules/r', rule)
  for (let at = 1; at <= 10; at++) await first.patch('/v1/sets/blocklist/entries', { add: [`198.51.100.${at}`] })
  await first.close()
  const it = await box(t, { store: { keepRevisions: 3 }, directory: first.directory })
  for (const _ of it.store.sweep());
  t.same(
    (await it.get('/v1/policy/revisions')).json().items.map(({ revision }: { revision: number }) => revision),
    [13, 12, 11, 3, 2, 1],
    'as many of either kind',
  )
  t.match((await it.get('/v1/policy/revisions/7')).json(), { status: 410, detail: /what was declared then is revision 3/ })
  t.match((await it.get('/v1/policy/revisions/14')).json(), { status: 404 })
  t.match((await it.get('/v1/policy/revisions/12')).json(), { value: { rules: { r: rule } } })
  t.match((await it.post('/v1/policy/revisions/2/restore', undefined)).json(), { revision: 14, value: samplePolicy })
})

t.test('two owners share a policy: each replaces its own objects and no others', async t => {
  const it = await box(t)
  const owned = (owner: string, value: object) => ({ ...value, labels: { owner } })
  await it.put('/v1/policy', { ...samplePolicy, rules: { ours: rule, a1: owned('a', rule), b1: owned('b', rule) } })
  const put = (owner: string, body: object) => it.put(`/v1/policy?owner=${owner}`, { defaults: {}, interfaces: {}, ...body })

  const answer = await put('a', { rules: { a2: rule, a3: owned('a', rule) }, sets: { 'a-set': {} } })
  t.equal(answer.statusCode, 200, answer.body)
  const { rules, sets, services, defaults } = (await it.get('/v1/policy')).json()
  t.same(names(rules), ['a2', 'a3', 'b1', 'ours'])
  t.same(names(sets), ['a-set', 'blocklist'])
  t.match(rules.a2.labels, { owner: 'a' }, 'labelled where it was not')
  t.match({ services, defaults }, { services: samplePolicy.services, defaults: samplePolicy.defaults })
  const { ingress, ...rest } = defaults
  t.equal((await put('a', { defaults: { ...rest, ingress } })).statusCode, 200, 'the same in another order')
  await put('a', { rules: { a2: rule, a3: owned('a', rule) }, sets: { 'a-set': {} } })
  await unchanged(t, it, async () => {
    for (const [what, body, pointer] of [
      ["another's", { rules: { b1: rule } }, '/rules/b1'],
      ["nobody's", { rules: { ours: rule } }, '/rules/ours'],
      ["labelled as another's", { rules: { new: owned('b', rule) } }, '/rules/new'],
      ['defaults', { defaults: { ingress: 'deny' } }, '/defaults'],
    ] as const)
      t.match((await put('a', body)).json(), { status: 409, code: 'in_use', errors: [{ pointer }] }, what)
  })
  await put('a', {})
  t.same(names((await it.get('/v1/policy')).json().rules), ['b1', 'ours'], 'an empty document takes all of its own away')
})

t.test('every attempt to change something is in the audit log, with who, from where, and what became of it', async t => {
  const it = await box(t)
  await it.put('/v1/rules/r', rule)
  await it.put('/v1/rules/r', rule)
  await it.send('PUT', '/v1/rules/x', rule, {}, 'viewer')
  await it.app.inject({ method: 'DELETE', url: '/v1/rules/r' })
  await it.put('/v1/rules/x', { ...rule, match: { source: ['10.0.0.7/8'] } })
  await it.put('/v1/rules/x?dryRun=true', { ...rule, match: { source: ['10.0.0.7/8'] } })
  await it.post('/v1/trace', { direction: 'ingress', fields: {} })
  await it.get('/v1/rules/none')
  const { items } = (await it.get('/v1/audit?limit=5')).json()
  t.match(items, [
    { who: 'token admin', action: 'PUT /v1/rules/x', outcome: 'host_bits', detail: '422' },
    { who: 'nobody', action: 'DELETE /v1/rules/r', outcome: 'unauthenticated', origin: '127.0.0.1' },
    { who: 'token viewer', action: 'PUT /v1/rules/x', outcome: 'forbidden' },
    { who: 'token admin', action: 'PUT /v1/rules/r', outcome: 'done', detail: 'nothing changed' },
    { who: 'token admin', action: 'PUT /v1/rules/r', outcome: 'done', revision: 2, origin: '127.0.0.1' },
  ])
  const next = (await it.get(`/v1/audit?limit=2&cursor=${(await it.get('/v1/audit?limit=3')).json().nextCursor}`)).json()
  t.same(
    next.items.map(({ id }: { id: number }) => id),
    items.slice(3).map(({ id }: { id: number }) => id),
  )
})

t.test('attempts that are refused do not wash away those that were done', async t => {
  const it = await box(t, { store: { keepAuditRows: 10 } })
  await it.put('/v1/rules/r', rule)
  for (let at = 0; at < 200; at++) await it.app.inject({ method: 'DELETE', url: '/v1/rules/r' })
  for (let priority = 0; priority < 70; priority++) await it.patch('/v1/sets/none', {})
  await it.get('/v1/audit')
  for (const _ of it.store.sweep());
  const { items } = (await it.get('/v1/audit?limit=1000')).json()
  t.ok(items.some(({ action, revision }: { action: string; revision?: number }) => action === 'PUT /v1/rules/r' && revision === 2))
})
