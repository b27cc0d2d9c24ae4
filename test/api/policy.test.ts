/** /v1/policy: what is declared is enforced and read back, or refused whole with every fault at its place. */
import t from 'tap'
import { box, samplePolicy, unchanged } from './support.ts'

t.test('what is put is read back, spelt canonically, with the ETag of its revision', async t => {
  const { put, get, dataplane } = await box(t)
  const answer = await put('/v1/policy', {
    ...samplePolicy,
    rules: { r: { direction: 'ingress', action: 'deny', match: { source: ['192.0.2.7', '2001:DB8:0::/32'] } } },
  })
  t.equal(answer.statusCode, 200)
  t.match(answer.json(), { revision: 2, previousRevision: 1, warnings: [] })
  t.equal(answer.headers['drawgate-revision'], '2')
  t.equal(dataplane.revision, 2, 'in force when the answer is sent')

  const read = await get('/v1/policy')
  t.equal(read.headers.etag, '"2"')
  t.same(read.json().rules.r.match.source, ['192.0.2.7/32', '2001:db8::/32'])
  t.same(read.json(), answer.json().value)
})

t.test('what GET returns is what PUT takes, and the same again is no new revision', async t => {
  const { put, get } = await box(t)
  await put('/v1/policy', samplePolicy)
  const again = await put('/v1/policy', (await get('/v1/policy')).json())
  t.match(again.json(), { revision: 2, previousRevision: 2 })
  t.equal((await get('/v1/policy')).headers.etag, '"2"')
})

t.test('YAML goes both ways', async t => {
  const { send, get } = await box(t)
  const yaml = await send(
    'PUT',
    '/v1/policy',
    `
defaults: { ingress: deny, egress: allow }
interfaces: {}
rules:
  web:   # a comment
    direction: ingress
    action: allow
    match: { destinationPorts: ["80", "8000-8100"], protocol: tcp }
`,
    { 'content-type': 'application/yaml' },
  )
  t.equal(yaml.statusCode, 200, yaml.body)
  const read = await get('/v1/policy', { accept: 'application/yaml' })
  t.match(read.headers, { 'content-type': 'application/yaml; charset=utf-8', etag: '"2"', vary: /accept/ })
  const back = await send('PUT', '/v1/policy', read.body, { 'content-type': 'application/yaml' })
  t.match(back.json(), { revision: 2 }, 'read back, it is the same')
  t.match((await get('/v1/policy', { accept: 'application/json, application/yaml;q=0.5' })).headers, { 'content-type': /json/ })
})

t.test('bad YAML is told with its line', async t => {
  const it = await box(t)
  const bad = {
    'a key twice': 'defaults: {}\ninterfaces: {}\ninterfaces: {}\n',
    __proto__: 'defaults: {}\ninterfaces: {}\n__proto__: {}\n',
    'not closed': 'defaults: {\n',
    'two documents': 'defaults: {}\n---\ninterfaces: {}\n',
    'a tag': 'defaults: !!js/function x\ninterfaces: {}\n',
    'a list as key': 'defaults: {}\ninterfaces: {}\n? [a]\n: 1\n',
    'a circle': 'defaults: &a { b: *a }\ninterfaces: {}\n',
    'a growing text': `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghij'[at]}`).join(',')}]`).join('\n')}\n`,
    'nested deep': `defaults: ${'['.repeat(100)}${']'.repeat(100)}`,
    'nested too deep': `defaults: ${'['.repeat(20_000)}`,
  }
  await unchanged(t, it, async () => {
    for (const [name, text] of Object.entries(bad)) {
      const answer = await it.send('PUT', '/v1/policy', text, { 'content-type': 'application/yaml' })
      t.match(answer.json(), { status: 400, code: /malformed|unknown_field/ }, name)
      if (name === 'two documents') t.match(answer.json(), { detail: /second document.*line 2/, hint: 'write one document' })
      if (name.startsWith('nested')) t.match(answer.json(), { detail: 'nested more than 64 deep', errorCount: 1 }, name)
    }
  })
})

t.test('all faults of a document come at once, each at its pointer with a hint', async t => {
  const it = await box(t)
  await unchanged(t, it, async () => {
    const shape = await it.put('/v1/policy', { defaults: { ingress: 'maybe' }, rules: { Bad: {} }, colour: 1 })
    t.equal(shape.statusCode, 400)
    t.equal(shape.headers['content-type'], 'application/problem+json; charset=utf-8')
    const pointers = shape.json().errors.map(({ pointer }: { pointer: string }) => pointer)
    for (const pointer of ['' /* lacks interfaces */, '/defaults/ingress', '/rules/Bad', '/colour'])
      t.ok(pointers.includes(pointer), pointer)
    t.equal(shape.json().errorCount, pointers.length)

    const meaning = await it.put('/v1/policy', {
      ...samplePolicy,
      rules: {
        'a.b': { direction: 'ingress', action: 'deny', match: { source: ['10.0.0.7/8', '@nope'], notSource: [] } },
        other: { direction: 'ingress', action: 'deny', match: { uid: 5 } },
      },
    })
    t.equal(meaning.statusCode, 422)
    t.match(
      meaning.json().errors.sort((a: { pointer: string }, b: { pointer: string }) => (a.pointer < b.pointer ? -1 : 1)),
      [
        { pointer: '/rules/a.b/match/notSource', code: 'empty_match' },
        { pointer: '/rules/a.b/match/source/0', code: 'host_bits', hint: /10\.0\.0\.0\/8.*10\.0\.0\.7\/32/ },
        { pointer: '/rules/a.b/match/source/1', code: 'unknown_set' },
        { pointer: '/rules/other/match/uid', code: 'cannot_match' },
      ],
    )
  })
})

t.test('hints name the field, the value and what was probably meant', async t => {
  const it = await box(t)
  const rule = { direction: 'ingress', action: 'deny', match: {} }
  await unchanged(t, it, async () => {
    for (const [body, error] of [
      [
        { ...rule, match: { protocol: 'tcp', destinationPorts: [80] } },
        { detail: /destinationPorts\[0\] is 80/, hint: 'write "80" in quotes' },
      ],
      [
        { ...rule, action: 'alow' },
        { pointer: '/action', hint: 'write allow' },
      ],
      [
        { ...rule, match: { sorce: ['192.0.2.1'] } },
        { pointer: '/match/sorce', hint: 'write source' },
      ],
      [
        { ...rule, priority: '7' },
        { pointer: '/priority', detail: 'priority is "7"', hint: 'write 7 without quotes' },
      ],
    ] as const)
      t.match((await it.put('/v1/rules/r', body)).json(), { status: 400, errors: [error] }, JSON.stringify(body))
  })
})

t.test('the first hundred faults are told, and how many there are', async t => {
  const { put } = await box(t)
  const rules = Object.fromEntries(
    Array.from({ length: 150 }, (_, at) => [`r${at}`, { direction: 'ingress', action: 'deny', match: { source: ['10.0.0.7/8'] } }]),
  )
  const { errors, errorCount } = (await put('/v1/policy', { ...samplePolicy, rules })).json()
  t.equal(errors.length, 100)
  t.equal(errorCount, 150)
})

t.test('JSON that JSON.parse would swallow is refused', async t => {
  const it = await box(t)
  const bad: [string, string, string][] = [
    ['{"defaults":{},"interfaces":{},"interfaces":{}}', 'malformed', '/interfaces'],
    ['{"defaults":{},"interfaces":{},"rules":{"a":{"match":{},"match":{}}}}', 'malformed', '/rules/a/match'],
    [
      '{"defaults":{},"interfaces":{},"sets":{"s":{"entries":[{"prefix":"a"},{"prefix":"a","pr\\u0065fix":"b"}]}}}',
      'malformed',
      '/sets/s/entries/1/prefix',
    ],
    ['{"__proto__":{},"defaults":{},"interfaces":{}}', 'unknown_field', '/__proto__'],
    ['{"\\u005f_proto__":{},"defaults":{},"interfaces":{}}', 'unknown_field', '/__proto__'],
    ['{"defaults":{},"interfaces":{},"a/b~c":1}', 'unknown_field', '/a~1b~0c'],
    ['{"defaults":{},"interfaces":{},"sets":{"s":{"comment":"\\ud800"}}}', 'malformed', '/sets/s/comment'],
    [`${'['.repeat(1000)}${']'.repeat(1000)}`, 'malformed', ''],
    ['{"defaults":', 'malformed', ''],
    ['', 'malformed', ''],
    ['null', 'malformed', ''],
    ['[]', 'malformed', ''],
    ['7', 'malformed', ''],
  ]
  await unchanged(t, it, async () => {
    for (const [body, code, pointer] of bad) {
      const answer = await it.send('PUT', '/v1/policy', body, { 'content-type': 'application/json' })
      t.match(answer.json(), { status: 400, code }, body.slice(0, 60))
      if (pointer) t.match(answer.json().errors, [{ pointer, code }], body.slice(0, 60))
    }
    const binary = await it.send('PUT', '/v1/policy', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), { 'content-type': 'application/json' })
    t.match(binary.json(), { status: 400, code: 'malformed', detail: /UTF-8/ })
  })
})

t.test('a merge patch changes what it names, removes what is null, and merges into the newest', async t => {
  const { put, patch, get } = await box(t)
  await put('/v1/policy', samplePolicy)
  const answer = await patch(
    '/v1/policy',
    { defaults: { ingress: 'deny' }, services: { web: null } },
    { 'content-type': 'application/merge-patch+json' },
  )
  t.equal(answer.statusCode, 200, answer.body)
  const { defaults, services, rules } = (await get('/v1/policy')).json()
  t.match(defaults, { ingress: 'deny', egress: 'allow' })
  t.same(services, {})
  t.same(rules, samplePolicy.rules)
})

t.test('a patch that makes nonsense is refused where it does', async t => {
  const it = await box(t)
  await it.put('/v1/policy', samplePolicy)
  await unchanged(t, it, async () => {
    t.match((await it.patch('/v1/policy', { rules: { 'block-bad': { action: 'maybe' } } })).json(), {
      status: 400,
      errors: [{ pointer: '/rules/block-bad/action' }],
    })
    t.match((await it.patch('/v1/policy', { interfaces: null })).json(), { status: 400, errors: [{ pointer: '', detail: /interfaces/ }] })
    t.match((await it.patch('/v1/policy', { sets: { blocklist: null } })).json(), { status: 422, errors: [{ code: 'unknown_set' }] })
    t.match((await it.patch('/v1/policy', { sets: { blocklist: { entries: null } } })).json(), {
      status: 400,
      errors: [{ pointer: '/sets/blocklist/entries' }],
    })
    t.match((await it.patch('/v1/policy', [1])).json(), { status: 400, code: 'malformed' })
  })
})

t.test('If-Match and If-None-Match', async t => {
  const it = await box(t)
  const { put, get } = it
  await put('/v1/policy', samplePolicy)
  await unchanged(t, it, async () => {
    t.match((await put('/v1/policy', samplePolicy, { 'if-match': '"1"' })).json(), { status: 412, code: 'stale', hint: /"2"/ })
    t.match((await put('/v1/policy', samplePolicy, { 'if-match': 'W/"2"' })).json(), { status: 412, code: 'stale' })
    t.match((await put('/v1/policy', samplePolicy, { 'if-match': '2' })).json(), { status: 400, code: 'malformed' })
    t.match((await put('/v1/policy', samplePolicy, { 'if-none-match': '*' })).json(), { status: 412, code: 'exists' })
    t.match((await put('/v1/policy', samplePolicy, { 'if-none-match': '"2"' })).json(), { status: 400, code: 'malformed' })
  })
  t.equal((await get('/v1/policy', { 'if-none-match': '"1", "2"' })).statusCode, 304)
  t.equal((await get('/v1/policy', { 'if-none-match': '"1"' })).statusCode, 200)
  t.equal((await put('/v1/policy', { ...samplePolicy, rules: {} }, { 'if-match': '"1", "2"' })).statusCode, 200)
  t.equal((await put('/v1/policy', samplePolicy, { 'if-match': '*' })).statusCode, 200)
})

t.test('an ETag changes with its own value alone', async t => {
  const { put, get, patch } = await box(t)
  await put('/v1/policy', samplePolicy)
  const etags = async () =>
    Object.fromEntries(
      await Promise.all(
        ['policy', 'sets/blocklist', 'sets/blocklist/entries', 'rules/block-bad', 'services/web', 'services/web/backends/b1'].map(
          async path => [path, (await get(`/v1/${path}`)).headers.etag],
        ),
      ),
    )
  const all = {
    policy: '"2"',
    'sets/blocklist': '"2"',
    'sets/blocklist/entries': '"2"',
    'rules/block-bad': '"2"',
    'services/web': '"2"',
    'services/web/backends/b1': '"2"',
  }
  t.same(await etags(), all)
  await patch('/v1/sets/blocklist/entries', { add: ['192.0.2.7'] })
  t.same(await etags(), { ...all, 'sets/blocklist/entries': '"3"' }, 'entries do not count for the policy')
  await patch('/v1/services/web/backends/b1', { weight: 50 })
  t.same(await etags(), {
    ...all,
    'sets/blocklist/entries': '"3"',
    policy: '"4"',
    'services/web': '"4"',
    'services/web/backends/b1': '"4"',
  })
})

t.test('a dry run tells changes and capacity, and changes nothing', async t => {
  const it = await box(t)
  await it.put('/v1/policy', samplePolicy)
  await unchanged(t, it, async () => {
    const answer = await it.put('/v1/policy?dryRun=true', {
      ...samplePolicy,
      services: {},
      rules: { ...samplePolicy.rules, more: { direction: 'egress', action: 'deny', match: {} } },
    })
    t.equal(answer.statusCode, 200)
    const { baseRevision, changes, capacity } = answer.json()
    t.equal(baseRevision, 2)
    t.match(changes, [
      { op: 'add', path: '/rules/more', to: { direction: 'egress' } },
      { op: 'remove', path: '/services/web', from: { address: '198.51.100.10' } },
    ])
    t.match(
      capacity.find(({ table }: { table: string }) => table === 'rule_ids'),
      { used: 1, after: 2, max: 255 },
    )
    t.match((await it.put('/v1/policy?dryRun=true', { ...samplePolicy, rules: { r: {} } })).json(), { status: 400 })
    t.match((await it.put('/v1/policy?dryRun=maybe', samplePolicy)).json(), { status: 400, code: 'malformed', detail: /dryRun/ })
  })
})

t.test('inline entries replace, absent ones keep, and ?include=entries shows them', async t => {
  const { put, get } = await box(t)
  const policy = (set: object) => ({ ...samplePolicy, sets: { blocklist: set } })
  await put('/v1/policy', policy({ entries: ['192.0.2.7', { prefix: '2001:db8::/32', comment: 'c' }] }))
  t.same((await get('/v1/policy')).json().sets, { blocklist: {} })
  const shown = async () => (await get('/v1/policy?include=entries')).json().sets.blocklist.entries
  t.match(await shown(), [{ prefix: '192.0.2.7/32' }, { prefix: '2001:db8::/32', comment: 'c' }])
  await put('/v1/policy', policy({ description: 'kept' }))
  t.match(await shown(), [{ prefix: '192.0.2.7/32' }, { prefix: '2001:db8::/32' }])
  const whole = (await get('/v1/policy?include=entries')).json()
  t.match((await put('/v1/policy', whole)).json(), { revision: 3 }, 'what GET shows is taken, and is the same')
  await put('/v1/policy', policy({ entries: [] }))
  t.same(await shown(), [])
})

t.test('what is no parameter is refused', async t => {
  const it = await box(t)
  await unchanged(t, it, async () => {
    t.match((await it.put('/v1/policy?colour=red', samplePolicy)).json(), { status: 400, code: 'unknown_field' })
  })
})

t.test('a management entry is not cut off, unless an admin insists', async t => {
  const it = await box(t)
  const cut = {
    ...samplePolicy,
    rules: { all: { direction: 'ingress', action: 'deny', match: { protocol: 'tcp', destinationPorts: ['22'] } } },
  }
  await unchanged(t, it, async () => {
    t.match((await it.put('/v1/policy', cut)).json(), { status: 422, code: 'management_cut_off', errors: [{ pointer: /^\/rules\/all/ }] })
    t.match((await it.send('PUT', '/v1/policy?force=true', cut, {}, 'operator')).json(), { status: 403, code: 'forbidden' })
  })
  t.equal((await it.put('/v1/policy?force=true', cut)).statusCode, 200)
})
