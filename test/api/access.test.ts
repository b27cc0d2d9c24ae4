/** Who may call: tokens and roles, Host and Origin, the rate limit, and what needs nothing. */
import t from 'tap'
import { type Box, box, samplePolicy, unchanged } from './support.ts'

const rule = { direction: 'ingress', action: 'deny', match: {} }
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })

t.test('without a credential only health and static pages', async t => {
  const it = await box(t)
  const status = async (url: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE' = 'GET') => (await it.app.inject({ method, url })).statusCode
  for (const url of ['/healthz', '/readyz', '/docs/', '/docs/static/swagger-ui-bundle.js', '/docs/json'])
    t.equal(await status(url), 200, url)
  for (const url of ['/v1/policy', '/v1/status', '/v1/devices', '/metrics', '/v1/openapi.json', '/v1/tokens', '/v1/nothing', '/'])
    t.equal(await status(url), 401, url)
  for (const method of ['POST', 'PUT', 'DELETE'] as const) t.equal(await status('/v1/policy', method), 401, method)
  const answer = await it.app.inject({ url: '/v1/policy' })
  t.match(answer.json(), { code: 'unauthenticated' })
  t.match(answer.headers, { 'www-authenticate': /^Bearer/, 'content-type': /problem/ })
})

t.test('pages come from this host alone', async t => {
  const it = await box(t)
  const page = await it.app.inject({ url: '/docs/' })
  t.notMatch(page.body, /(src|href)="(https?:)?\/\//)
  t.match(page.headers, { 'content-security-policy': /^default-src 'self'/ })
  t.notMatch(page.headers['content-security-policy'], /https?:|upgrade|validator/)
})

t.test('a token is made once, shown once, and hashed at rest', async t => {
  const it = await box(t)
  const made = await it.post('/v1/tokens', { name: 'deploy', role: 'operator' })
  t.equal(made.statusCode, 201)
  t.equal(made.headers['cache-control'], 'no-store')
  const { secret } = made.json()
  t.match(secret, /^drawgate_[A-Za-z0-9_-]{43}$/)
  t.notMatch((await it.get('/v1/tokens')).body, secret)
  t.notMatch(JSON.stringify(it.store.tokens()), secret)
  t.match(
    (await it.get('/v1/tokens')).json().items.map(({ name }: { name: string }) => name),
    ['admin', 'deploy', 'operator', 'viewer'],
  )
  t.match((await it.post('/v1/tokens', { name: 'deploy', role: 'viewer' })).json(), { status: 409, code: 'exists' })
  t.equal((await it.app.inject({ url: '/v1/policy', headers: bearer(secret) })).statusCode, 200)
  t.equal((await it.delete('/v1/tokens/deploy')).statusCode, 204)
  t.equal((await it.app.inject({ url: '/v1/policy', headers: bearer(secret) })).statusCode, 401)
  t.equal((await it.delete('/v1/tokens/deploy')).statusCode, 404)
})

t.test('a token that cannot be', async t => {
  const it = await box(t)
  await it.put('/v1/sets/s', {})
  const bad: [object, object][] = [
    [{ role: 'viewer' }, { status: 400 }],
    [
      { name: 'Bad', role: 'viewer' },
      { status: 400, errors: [{ pointer: '/name' }] },
    ],
    [
      { name: 'a', role: 'root' },
      { status: 400, errors: [{ pointer: '/role' }] },
    ],
    [
      { name: 'a', role: 'viewer', secret: 'x' },
      { status: 400, errors: [{ pointer: '/secret', code: 'unknown_field' }] },
    ],
    [
      { name: 'a', role: 'operator', sets: ['s', 'none'] },
      { status: 422, errors: [{ pointer: '/sets/1', code: 'unknown_set' }] },
    ],
    [
      { name: 'a', role: 'viewer', expiresAt: '2020-01-01T00:00:00Z' },
      { status: 400, errors: [{ pointer: '/expiresAt' }] },
    ],
    [
      { name: 'a', role: 'viewer', expiresAt: '2030-01-01' },
      { status: 400, errors: [{ pointer: '/expiresAt' }] },
    ],
    [
      { name: 'a', role: 'viewer', expiresAt: '2030-13-01T00:00:00Z' },
      { status: 400, errors: [{ pointer: '/expiresAt' }] },
    ],
  ]
  for (const [body, wanted] of bad) t.match((await it.post('/v1/tokens', body)).json(), wanted, JSON.stringify(body))
  t.equal((await it.get('/v1/tokens')).json().items.length, 3)
})

t.test('a token that has expired is none', async t => {
  const it = await box(t)
  const { secret } = it.access.tokens.create({ name: 'old', role: 'admin', expiresAt: Date.now() - 1 }, 'test')
  t.match((await it.app.inject({ url: '/v1/policy', headers: bearer(secret) })).json(), { status: 401, detail: /expired/ })
})

t.test('wrong credentials', async t => {
  const it = await box(t)
  for (const authorization of [
    'Bearer',
    'Bearer x',
    `Bearer ${it.secrets.admin}x`,
    `Basic ${it.secrets.admin}`,
    it.secrets.admin,
    `Bearer ${it.secrets.admin.slice(0, -1)}`,
    'Bearer \u00ff',
  ]) {
    t.equal((await it.app.inject({ url: '/v1/policy', headers: { authorization } })).statusCode, 401, authorization)
  }
})

t.test('roles: viewers read and trace, operators write, admins do all', async t => {
  const it = await box(t)
  const trace = { direction: 'ingress', fields: { source: '192.0.2.1', destination: '192.0.2.2' } }
  const as = async (role: 'viewer' | 'operator' | 'admin', method: string, url: string, body?: unknown) =>
    (await it.send(method, url, body, {}, role)).statusCode
  t.equal(await as('viewer', 'GET', '/v1/policy'), 200)
  t.equal(await as('viewer', 'HEAD', '/v1/policy'), 200)
  t.equal(await as('viewer', 'GET', '/metrics'), 200)
  t.equal(await as('viewer', 'POST', '/v1/trace', trace), 200)
  await unchanged(t, it, async () => {
    for (const [method, path, body] of [
      ['PUT', '/v1/policy', samplePolicy],
      ['PATCH', '/v1/policy', {}],
      ['PUT', '/v1/rules/r', rule],
      ['DELETE', '/v1/rules/r', undefined],
      ['PUT', '/v1/rules/r?dryRun=true', rule],
      ['PUT', '/v1/sets/s/entries', []],
      ['GET', '/v1/tokens', undefined],
      ['POST', '/v1/tokens', { name: 'x', role: 'admin' }],
    ] as const)
      t.equal(await as('viewer', method, path, body), 403, `${method} ${path}`)
  })
  t.equal(await as('operator', 'PUT', '/v1/rules/r', rule), 201)
  t.equal(await as('operator', 'GET', '/v1/tokens'), 403)
  t.equal(await as('operator', 'POST', '/v1/tokens', { name: 'x', role: 'admin' }), 403)
  t.equal(await as('operator', 'DELETE', '/v1/tokens/admin'), 403)
  t.equal(await as('admin', 'GET', '/v1/tokens'), 200)
})

t.test('a token with sets writes their entries and nothing else', async t => {
  const it: Box = await box(t)
  await it.put('/v1/policy', { ...samplePolicy, sets: { blocklist: {}, other: {} } })
  const { secret } = (await it.post('/v1/tokens', { name: 'feed', role: 'operator', sets: ['blocklist'] })).json()
  const as = async (method: string, url: string, body?: unknown) => (await it.send(method, url, body, bearer(secret))).statusCode
  t.equal(await as('PATCH', '/v1/sets/blocklist/entries', { add: ['192.0.2.7'] }), 200)
  t.equal(await as('PUT', '/v1/sets/blocklist/entries', ['192.0.2.7', '192.0.2.8']), 200)
  t.equal(await as('GET', '/v1/sets/blocklist/entries'), 200)
  await unchanged(t, it, async () => {
    for (const [method, path, body] of [
      ['PATCH', '/v1/sets/other/entries', { add: ['192.0.2.7'] }],
      ['PUT', '/v1/sets/blocklist', {}],
      ['DELETE', '/v1/sets/blocklist', undefined],
      ['PUT', '/v1/rules/r', rule],
      ['PUT', '/v1/policy', samplePolicy],
    ] as const)
      t.equal(await as(method, path, body), 403, `${method} ${path}`)
  })
  t.equal(await as('DELETE', '/v1/sets/blocklist/entries'), 204)
})

t.test('Host is one of ours, and Origin is this page', async t => {
  const it = await box(t, { app: { hosts: ['gate.example'] } })
  const status = async (headers: Record<string, string>) => (await it.app.inject({ url: '/healthz', headers })).statusCode
  for (const host of ['localhost', 'localhost:8080', '127.0.0.1:1', '[::1]:8080', 'gate.example', 'GATE.example:80'])
    t.equal(await status({ host }), 200, host)
  for (const host of ['evil.example', '192.0.2.1', 'localhost.evil.example', 'localhost:80:80']) t.equal(await status({ host }), 403, host)
  t.equal(await status({ host: 'localhost:8080', origin: 'http://localhost:8080' }), 200)
  for (const origin of ['http://evil.example', 'http://localhost:9090', 'https://localhost:8080', 'null'])
    t.equal(await status({ host: 'localhost:8080', origin }), 403, origin)
})

t.test('the rate limit stands in front of the credential', async t => {
  const it = await box(t, { app: { rateLimit: { requests: 3, seconds: 60 } } })
  const guess = () => it.app.inject({ url: '/v1/policy', headers: bearer('guess') })
  t.same([(await guess()).statusCode, (await guess()).statusCode, (await guess()).statusCode], [401, 401, 401])
  const fourth = await guess()
  t.match(fourth.json(), { status: 429, code: 'rate_limited' })
  t.match(Number(fourth.headers['retry-after']), 60)
  t.equal((await it.get('/v1/policy')).statusCode, 429, 'a right token has to wait too')
  t.equal((await it.app.inject({ url: '/v1/nothing' })).statusCode, 429, 'and so do paths that are none')
})

t.test('who did what is in the audit log', async t => {
  const it = await box(t)
  await it.send('PUT', '/v1/rules/r', rule, {}, 'operator')
  await it.post('/v1/tokens', { name: 'x', role: 'viewer' })
  t.match(it.store.auditLog(), [
    { who: 'token admin', action: 'token.create', detail: 'x (viewer)' },
    { who: 'token operator', action: 'PUT /v1/rules/r', revision: 2 },
  ])
})
