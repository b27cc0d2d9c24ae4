/** Every way to be refused: the table, its page, and a request that provokes each code. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { type ErrorCode, errors } from '../../controlplane/errors.ts'
import { type Box, box, type Options, samplePolicy, unchanged } from './support.ts'

const rule = { direction: 'ingress', action: 'deny', match: {} }
const matching = (match: object) => ({ ...rule, match })

interface Provocation {
  readonly options?: Options
  readonly before?: (it: Box) => unknown
  readonly status?: number
  readonly ask: (it: Box) => Promise<{ statusCode: number; json(): { code: string; errors: readonly unknown[]; errorCount: number } }>
}

const provocations: Record<ErrorCode, Provocation> = {
  malformed: { ask: it => it.put('/v1/rules/r', { ...rule, action: 'maybe' }) },
  unknown_field: { ask: it => it.put('/v1/rules/r', { ...rule, sorce: [] }) },
  host_bits: { ask: it => it.put('/v1/rules/r', matching({ source: ['10.0.0.7/8'] })) },
  unknown_set: { ask: it => it.put('/v1/rules/r', matching({ source: ['@none'] })) },
  unknown_interface: {
    ask: it =>
      it.post('/v1/trace', { direction: 'ingress', interface: 'none0', fields: { source: '192.0.2.1', destination: '192.0.2.2' } }),
  },
  empty_match: { ask: it => it.put('/v1/rules/r', matching({ source: [] })) },
  cannot_match: { ask: it => it.put('/v1/rules/r', matching({ protocol: 'icmp', destinationPorts: ['80'] })) },
  unsupported: { ask: it => it.put('/v1/services/other', { ...samplePolicy.services.web, forwarding: 'dsr-gue' }) },
  capacity_exceeded: {
    options: { capacity: { ruleIds: 2 } },
    before: it => it.put('/v1/rules/a', rule),
    ask: it => it.put('/v1/rules/r', rule),
  },
  service_duplicate: { ask: it => it.put('/v1/services/twin', samplePolicy.services.web) },
  management_cut_off: { ask: it => it.put('/v1/rules/r', matching({ protocol: 'tcp', destinationPorts: ['22'] })) },
  too_many_inline: { ask: it => it.put('/v1/sets/s', { entries: Array(10_001).fill('192.0.2.7') }) },
  too_wide: { ask: it => it.put('/v1/sets/s', { limits: { shortestIpv4: 8 }, entries: ['0.0.0.0/0'] }) },
  protected: {
    before: it => it.patch('/v1/policy', { defaults: { protected: ['192.0.2.0/28'] } }),
    ask: it => it.asDetector('blocklist', ['192.0.2.7']),
  },
  unauthenticated: { ask: it => it.app.inject({ url: '/v1/policy' }) },
  forbidden: { ask: it => it.send('PUT', '/v1/rules/r', rule, {}, 'viewer') },
  not_found: { ask: it => it.get('/v1/rules/none') },
  method_not_allowed: { ask: it => it.delete('/v1/policy') },
  in_use: { ask: it => it.delete('/v1/sets/blocklist') },
  confirm_pending: {
    before: it => it.put('/v1/rules/waits?confirmWithin=1h', { ...rule, action: 'allow' }),
    ask: it => it.put('/v1/rules/r', rule),
  },
  confirm_mismatch: { ask: it => it.post('/v1/policy/confirm', { revision: 2 }) },
  revision_expired: {
    options: { store: { keepRevisions: 1 } },
    ask: it => it.get('/v1/policy/revisions/1'),
  },
  exists: { ask: it => it.put('/v1/rules/block-bad', rule, { 'if-none-match': '*' }) },
  stale: { ask: it => it.put('/v1/rules/block-bad', rule, { 'if-match': '"1"' }) },
  too_large: { ask: it => it.send('PUT', '/v1/policy', Buffer.alloc(65 * 1024 * 1024, 0x20), { 'content-type': 'application/json' }) },
  unsupported_media_type: { ask: it => it.send('PUT', '/v1/rules/r', '<rule/>', { 'content-type': 'application/xml' }) },
  rate_limited: {
    options: { app: { rateLimit: { requests: 3, seconds: 60 } } },
    before: async it => {
      for (let at = 0; at < 3; at++) await it.get('/healthz')
    },
    ask: it => it.get('/v1/policy'),
  },
  overloaded: {
    options: { gate: { maxWaiting: 1 } },
    ask: async it => {
      const answers = await Promise.all(Array.from({ length: 8 }, (_, at) => it.put(`/v1/rules/r${at}`, rule)))
      return answers.find(answer => answer.statusCode !== 201) as (typeof answers)[0]
    },
  },
  unavailable: { before: it => it.dataplane.close(), ask: it => it.put('/v1/rules/r', rule) },
  store_full: {
    options: { store: { maxBytes: 200_000 } },
    ask: it =>
      it.put('/v1/policy', {
        ...samplePolicy,
        rules: Object.fromEntries(
          Array.from({ length: 250 }, (_, at) => [`r${at}`, { ...rule, action: 'allow', comment: 'x'.repeat(1000) }]),
        ),
      }),
  },
}

for (const [code, { options = {}, before, ask }] of Object.entries(provocations)) {
  t.test(`${code} is told as it is, and nothing has changed`, async t => {
    const it = await box(t, options)
    await it.put('/v1/policy', samplePolicy)
    await before?.(it)
    const provoke = async () => {
      const answer = await ask(it)
      const { status, title } = errors[code as ErrorCode]
      t.match(answer, { statusCode: status, headers: { 'content-type': 'application/problem+json; charset=utf-8' } })
      const body = answer.json()
      t.match(
        body,
        {
          type: `urn:drawgate:error:${code}`,
          code,
          status,
          title,
          detail: /./,
          hint: /./,
          errors: [{ pointer: String, code: String, detail: /./ }],
        },
        JSON.stringify(body),
      )
      t.equal(body.errorCount, body.errors.length)
      if (status === 503 || status === 507 || status === 429) t.match(answer, { headers: { 'retry-after': /^\d+$/ } })
    }
    // The one leaves no request to look with, of the other some are accepted.
    if (code === 'rate_limited' || code === 'overloaded') await provoke()
    else await unchanged(t, it, provoke)
  })
}

t.test('docs/errors.md has a row for each code, and none more', t => {
  const page = readFileSync(fileURLToPath(new URL('../../../docs/errors.md', import.meta.url)), 'utf8')
  const rows = page.split('\n').filter(line => /^\| `[a-z_]+` \|/.test(line))
  t.same(
    rows,
    Object.entries(errors).map(([code, { status, meaning, cure }]) => `| \`${code}\` | ${status} | ${meaning} | ${cure} |`),
  )
  t.end()
})

t.test('routes that are none, and methods that are none there', async t => {
  const it = await box(t)
  for (const [method, url, status, allow] of [
    ['GET', '/v1', 404],
    ['GET', '/v1/policies', 404],
    ['POST', '/v1/nothing', 404],
    ['GET', '/v1/rules/a/b', 404],
    ['POST', '/v1/policy', 405, 'GET, HEAD, PATCH, PUT'],
    ['DELETE', '/v1/policy', 405, 'GET, HEAD, PATCH, PUT'],
    ['POST', '/v1/rules', 405, 'GET, HEAD'],
    ['POST', '/v1/rules/r', 405, 'DELETE, GET, HEAD, PATCH, PUT'],
    ['PUT', '/v1/rules/r/status', 405, 'GET, HEAD'],
    ['GET', '/v1/trace', 405, 'POST'],
    ['PUT', '/v1/tokens', 405, 'GET, HEAD, POST'],
    ['OPTIONS', '/v1/policy', 405, 'GET, HEAD, PATCH, PUT'],
    ['PUT', '/healthz', 405, 'GET, HEAD'],
  ] as const) {
    const answer = await it.app.inject({ method, url, headers: { authorization: `Bearer ${it.secrets.admin}` } })
    t.equal(answer.statusCode, status, `${method} ${url}`)
    t.match(answer.json(), { code: status === 404 ? 'not_found' : 'method_not_allowed' })
    t.equal(answer.headers.allow, allow)
  }
})

t.test('nothing that a client sends is a failure of ours', async t => {
  const it = await box(t)
  await it.put('/v1/policy', samplePolicy)
  const odd: unknown[] = [
    null,
    true,
    0,
    -1,
    1e308,
    '',
    'x',
    [],
    {},
    [[]],
    { a: 1 },
    { constructor: 1 },
    { toString: 1 },
    { match: null },
    { rules: [] },
    { rules: { constructor: {} } },
    { defaults: { management: [null] } },
    { backends: { constructor: null } },
  ]
  const paths = [
    '/v1/policy',
    '/v1/rules/block-bad',
    '/v1/rules/constructor',
    '/v1/sets/blocklist',
    '/v1/sets/blocklist/entries',
    '/v1/services/web',
    '/v1/services/web/backends/b1',
    '/v1/services/web/backends/constructor',
    '/v1/services/constructor/backends/b1',
    '/v1/interfaces/eth9',
    '/v1/trace',
    '/v1/tokens',
  ]
  for (const url of paths) {
    for (const method of ['PUT', 'PATCH', 'POST', 'DELETE'] as const) {
      for (const body of odd) {
        const answer = await it.app.inject({
          method,
          url: `${url}?dryRun=true`,
          payload: JSON.stringify(body),
          headers: { authorization: `Bearer ${it.secrets.admin}`, 'content-type': 'application/json' },
        })
        if (answer.statusCode >= 500) t.fail(`${method} ${url} ${JSON.stringify(body)}: ${answer.body}`)
      }
    }
  }
  t.equal(it.gate.revision, 2)
})
