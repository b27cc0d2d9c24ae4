/** confirmWithin: in force at once, and rolled back by itself, by the daemon and without it, unless somebody confirms. */
import t from 'tap'
import type { PolicyDocument } from '../../controlplane/policy/document.ts'
import { type Box, box, samplePolicy, unchanged } from './support.ts'

const rule = { direction: 'ingress', action: 'deny', match: { protocol: 'udp', destinationPorts: ['7'] } }
const trace = async (it: Box, source = '192.0.2.1', port = 7) =>
  (
    await it.post('/v1/trace', {
      direction: 'ingress',
      fields: { source, destination: '203.0.113.1', protocol: 'udp', sourcePort: 5000, destinationPort: port },
    })
  ).json()
const entries = async (it: Box, set = 'blocklist') =>
  (await it.get(`/v1/sets/${set}/entries`)).json().items?.map(({ prefix }: { prefix: string }) => prefix)
const revisionIs = async (it: Box, revision: number) => {
  while (it.gate.revision !== revision) await new Promise(resolve => setTimeout(resolve, 2))
}
/** As the API does, for less time than it lets people ask for. */
const changeFor = (it: Box, seconds: number, edit: (newest: PolicyDocument) => object) =>
  it.gate.change(newest => edit(newest) as PolicyDocument, {
    actor: { who: 'test', role: 'admin' },
    cause: 'test',
    target: ['policy', ''],
    confirmWithinS: seconds,
  })

t.test('what is confirmed in time stays', async t => {
  const it = await box(t)
  await it.put('/v1/policy', samplePolicy)
  const answer = await it.put('/v1/rules/r?confirmWithin=60s', rule)
  t.match(answer, { statusCode: 202, headers: { 'drawgate-revision': '3', etag: '"3"' } })
  t.match(answer.json(), { revision: 3, previousRevision: 2, value: rule })
  const left = Date.parse(answer.json().deadline) - Date.now()
  t.ok(left > 50_000 && left <= 60_100, `${left} ms are left`)
  t.match(await trace(it), { verdict: 'drop', rule: 'r', revision: 3 }, 'applied at once')
  t.match((await it.get('/v1/policy/confirm')).json(), { pending: { revision: 3, base: 2, cause: 'PUT /v1/rules/r' } })
  t.match((await it.get('/v1/status')).json(), { pendingConfirm: { revision: 3 } })

  await unchanged(t, it, async () => {
    t.match((await it.delete('/v1/rules/r')).json(), { status: 409, code: 'confirm_pending', detail: /revision 3/ })
    t.match((await it.put('/v1/policy', samplePolicy)).json(), { code: 'confirm_pending' })
    t.match((await it.put('/v1/policy?dryRun=true', samplePolicy)).statusCode, 200, 'a dry run changes nothing')
    t.match((await it.post('/v1/policy/confirm', { revision: 2 })).json(), { status: 409, code: 'confirm_mismatch' })
  })
  t.equal((await it.send('POST', '/v1/policy/confirm', { revision: 3 }, {}, 'viewer')).statusCode, 403)
  t.match((await it.post('/v1/policy/confirm', { revision: 3 })).json(), { revision: 3 })
  t.same((await it.get('/v1/policy/confirm')).json(), { pending: null })
  t.equal(it.dataplane.deadlineMs, undefined, 'the kernel does not wait any more')
  t.equal((await it.delete('/v1/rules/r')).statusCode, 204)
  t.match((await it.get('/v1/audit')).json().items[1], { action: 'POST /v1/policy/confirm', outcome: 'done', revision: 3 })
})

t.test('what is not confirmed goes by itself, and the way back is a revision', async t => {
  const it = await box(t)
  await it.put('/v1/policy', samplePolicy)
  await it.put('/v1/sets/blocklist/entries', ['192.0.2.9'])
  const before = (await it.get('/v1/policy')).json()
  const told: object[] = []
  it.journal.listen({
    filter: { types: new Set(['policy']) },
    send: text => told.push(...[...text.matchAll(/data: (.*)/g)].map(([, data]) => JSON.parse(data as string))) > 0,
  })

  await trace(it)
  await changeFor(it, 2, newest => ({ ...newest, sets: {}, rules: { r: rule } }))
  t.match(await trace(it), { verdict: 'drop', rule: 'r', revision: 4 })
  t.equal((await it.get('/v1/sets/blocklist')).statusCode, 404)
  await revisionIs(it, 5)
  t.match(await trace(it), { verdict: 'pass', revision: 5 })
  t.match(await trace(it, '192.0.2.9'), { verdict: 'drop', rule: 'block-bad' })
  t.same((await it.get('/v1/policy')).json(), before)
  t.match((await it.get('/v1/policy')).headers, { etag: '"5"' })
  t.same(await entries(it), ['192.0.2.9/32'], 'and a set that was gone has its entries')
  t.match((await it.get('/v1/policy/revisions?limit=1')).json().items, [
    { revision: 5, who: 'deadline', cause: /revision 4 was not confirmed/ },
  ])
  t.match(told.at(-1), { revision: 5, who: 'deadline' })
  t.match((await it.post('/v1/policy/confirm', { revision: 4 })).json(), { code: 'confirm_mismatch' })
  await it.put('/v1/rules/r', rule)
  t.match(await trace(it), { verdict: 'drop', rule: 'r', revision: 6 }, 'and on from there')
})

t.test('DELETE rolls back now', async t => {
  const it = await box(t)
  await it.put('/v1/policy', samplePolicy)
  await it.delete('/v1/rules/block-bad?confirmWithin=1h')
  const answer = await it.delete('/v1/policy/confirm')
  t.match(answer.json(), { revision: 4 })
  t.match((await it.get('/v1/policy')).json(), samplePolicy)
  t.equal(it.dataplane.revision, 4)
  t.match((await it.delete('/v1/policy/confirm')).json(), { status: 409, code: 'confirm_mismatch' })
})

t.test('entries are written meanwhile, and stay when the policy goes back', async t => {
  const it = await box(t)
  await it.put('/v1/policy', { ...samplePolicy, sets: { blocklist: {}, other: {} } })
  await it.put('/v1/sets/blocklist/entries', ['192.0.2.1', '192.0.2.2'])
  await it.put('/v1/policy?confirmWithin=1h', {
    ...samplePolicy,
    sets: { blocklist: { entries: ['192.0.2.3'] } },
    rules: { ...samplePolicy.rules, r: rule },
  })
  t.match(await trace(it, '192.0.2.1', 9), { verdict: 'pass' })

  t.match((await it.patch('/v1/sets/blocklist/entries', { add: ['192.0.2.4'], remove: ['192.0.2.2'] })).json(), {
    revision: 5,
    entryCount: 2,
  })
  await it.patch('/v1/sets/blocklist/entries', { add: ['2001:db8::7'] })
  t.match(await trace(it, '192.0.2.4', 9), { verdict: 'drop', rule: 'block-bad', revision: 6 })
  t.match(await trace(it), { verdict: 'drop', rule: 'r' }, 'the policy that waits is in force')
  t.ok(it.dataplane.deadlineMs, 'and the kernel has something to go back to')
  t.match((await it.get('/v1/policy/confirm')).json(), { pending: { revision: 4 } }, 'it still has its number')

  await it.delete('/v1/policy/confirm')
  t.same(await entries(it), ['192.0.2.1/32', '192.0.2.4/32', '2001:db8::7/128'])
  t.same(await entries(it, 'other'), [])
  t.match(await trace(it, '192.0.2.4', 9), { verdict: 'drop', rule: 'block-bad', revision: 7 })
  t.match(await trace(it, '192.0.2.1', 9), { verdict: 'drop', rule: 'block-bad' })
  t.match(await trace(it, '192.0.2.3', 9), { verdict: 'pass' })
  t.match(await trace(it, '192.0.2.8'), { verdict: 'pass' })
})

t.test('confirmed after entries were written', async t => {
  const it = await box(t)
  await it.put('/v1/policy', samplePolicy)
  await it.put('/v1/rules/r?confirmWithin=1h', rule)
  await it.put('/v1/sets/blocklist/entries', ['192.0.2.4'])
  t.equal((await it.post('/v1/policy/confirm', { revision: 3 })).statusCode, 200)
  t.match(await trace(it, '192.0.2.4', 9), { verdict: 'drop', rule: 'block-bad', revision: 4 })
  t.equal((await it.put('/v1/rules/r', { ...rule, priority: 3 })).statusCode, 200)
  t.match(await trace(it), { verdict: 'drop', rule: 'r', revision: 5 })
})

t.test('a daemon that is started again goes on to wait', async t => {
  const first = await box(t)
  await first.put('/v1/policy', samplePolicy)
  await first.put('/v1/sets/blocklist/entries', ['192.0.2.1'])
  await first.put('/v1/policy?confirmWithin=1h', { ...samplePolicy, sets: { blocklist: { entries: ['192.0.2.3'] } } })
  await first.patch('/v1/sets/blocklist/entries', { add: ['192.0.2.4'] })
  await first.close()

  // The kernel of a test ends with its daemon, as if the host had been started again: nothing of it waits any more.
  const second = await box(t, { directory: first.directory })
  t.same((await second.get('/v1/policy/confirm')).json(), { pending: null })
  t.same(await entries(second), ['192.0.2.1/32', '192.0.2.4/32'], 'the entries that come back were kept')
  t.match((await second.get('/v1/policy/revisions?limit=1')).json().items, [{ who: 'start', cause: /revision 4 was not confirmed/ }])
  t.match(await trace(second, '192.0.2.1', 9), { verdict: 'drop', rule: 'block-bad' })
})

t.test('confirmWithin is a time from 5s to 1h', async t => {
  const it = await box(t)
  await unchanged(t, it, async () => {
    for (const time of ['4s', '61m', '0s', 'soon'])
      t.match((await it.put(`/v1/rules/r?confirmWithin=${time}`, rule)).json(), { status: 400, code: 'malformed' }, time)
    t.equal((await it.put('/v1/rules/r?confirmWithin=60s&dryRun=true', rule)).statusCode, 200)
  })
  t.equal((await it.put('/v1/rules/r?confirmWithin=5s', rule)).statusCode, 202)
})
