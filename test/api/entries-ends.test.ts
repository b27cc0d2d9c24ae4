import t from 'tap'
import { emptySet, entryCount, pageOfEntries } from '../../controlplane/policy/entry-set.ts'
import { Store } from '../../controlplane/store/store.ts'
import { type Box, box, samplePolicy, unchanged } from './support.ts'

const path = '/v1/sets/blocklist/entries'
const text = { 'content-type': 'text/plain' }

async function withSet(t: Parameters<typeof box>[0], options: Parameters<typeof box>[1] = {}): Promise<Box> {
  const it = await box(t, options)
  await it.put('/v1/policy', samplePolicy)
  return it
}
const listed = async ({ get }: Box, query = '') => (await get(path + query)).json().items.map(({ prefix }: { prefix: string }) => prefix)
const count = async ({ get }: Box) => (await get('/v1/sets/blocklist/status')).json().entryCount
/** Asks again and again, and lets everything else have its turn in between. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 10))
}
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()

t.test('entries with an end: never shortened by the way, read back, and gone when it is over', async t => {
  const it = await withSet(t)
  t.match(
    (
      await it.patch(path, {
        add: [{ prefix: '192.0.2.1', expiresIn: '1h' }, '192.0.2.2', { prefix: '192.0.2.3', expiresAt: inSeconds(3600) }],
      })
    ).json(),
    { added: 3 },
  )
  const before = (await it.get(path)).json().items
  t.match(before, [
    { prefix: '192.0.2.1/32', expiresAt: /:\d\dZ$/ },
    { prefix: '192.0.2.2/32', expiresAt: undefined },
    { prefix: '192.0.2.3/32' },
  ])
  t.match((await it.put(path, before)).json(), { added: 0, updated: 0, removed: 0, revision: 3 }, 'what GET gives is taken')
  const add = async (entry: object) => (await it.patch(path, { add: [entry] })).json()
  t.match(await add({ prefix: '192.0.2.1', expiresIn: '1m' }), { updated: 0, revision: 3 }, 'shorter')
  t.match(await add({ prefix: '192.0.2.2', expiresIn: '1m' }), { updated: 0 }, 'permanent beats timed')
  t.match(await add({ prefix: '192.0.2.1', expiresIn: '2h' }), { updated: 1 }, 'longer')
  t.match(await add({ prefix: '192.0.2.1', expiresIn: '1m', replace: true }), { updated: 1 })
  t.match(await add({ prefix: '192.0.2.3' }), { updated: 1 })
  t.match((await it.get(`${path}?contains=192.0.2.3`)).json(), { items: [{ prefix: '192.0.2.3/32', expiresAt: undefined }] })
  const { revision } = it.gate
  t.match(await add({ prefix: '192.0.2.9', expiresAt: inSeconds(-5) }), { added: 0, revision }, 'over before it began')

  const verdict = async () =>
    (
      await it.post('/v1/trace', { direction: 'ingress', fields: { source: '192.0.2.4', destination: '203.0.113.1', protocol: 'udp' } })
    ).json().verdict
  t.equal(await verdict(), 'pass')
  t.match(await add({ prefix: '192.0.2.4', expiresAt: inSeconds(2) }), { added: 1, entryCount: 4 })
  t.equal(await verdict(), 'drop')
  const [entry] = pageOfEntries(it.gate.registry.entriesOf('blocklist'), 9).slice(-1)
  const wait = (entry?.expiresAt ?? 0) * 1000
  const etag = (await it.get(path)).headers.etag
  await until(() => Date.now() >= wait + 1100) // seconds of the kernel begin at some other moment of ours
  t.equal(await verdict(), 'pass', 'the kernel has seen to it by itself')
  t.same(await listed(it), ['192.0.2.1/32', '192.0.2.2/32', '192.0.2.3/32'])
  t.equal(await count(it), 3)
  t.equal((await it.get(path)).headers.etag, etag, 'no revision')
  const stored = () => {
    const store = Store.open(it.store.path)
    try {
      return entryCount(store.entries().get('blocklist') ?? emptySet)
    } finally {
      store.close()
    }
  }
  await until(() => stored() === 3)
  t.match(await add({ prefix: '192.0.2.4' }), { added: 1, entryCount: 4, revision: revision + 2 }, 'as if it had never been there')
  t.equal(it.gate.trouble, undefined)
})

t.test('an end in a document: applied again it restarts nothing, and a restart of the daemon neither', async t => {
  const it = await withSet(t)
  const document = { ...samplePolicy, sets: { blocklist: { entries: [{ prefix: '192.0.2.1', expiresIn: '10m' }, '192.0.2.2'] } } }
  await it.put('/v1/policy', document)
  const before = (await it.get(path)).json().items
  const { revision } = it.gate
  t.match((await it.put('/v1/policy', document)).json(), { revision })
  t.match((await it.put('/v1/sets/blocklist', document.sets.blocklist)).json(), { revision })
  t.same((await it.get(path)).json().items, before)
  const rule = { ...samplePolicy.rules['block-bad'], expiresIn: '1h' }
  const written = (await it.put('/v1/rules/block-bad', rule)).json().value
  t.match(written, { expiresAt: /^20\d\d-.*Z$/, expiresIn: undefined })
  t.match((await it.put('/v1/rules/block-bad', rule)).json(), { revision: revision + 1, value: written })
  t.match((await it.put('/v1/rules/block-bad', written)).json(), { revision: revision + 1 })
  t.match((await it.get('/v1/rules/block-bad/status')).json(), { expired: false })
  await it.close()
  const again = await box(t, { directory: it.directory })
  t.match((await again.put('/v1/rules/block-bad', rule)).json(), { revision: revision + 1, value: written })
  t.match((await again.put('/v1/sets/blocklist', document.sets.blocklist)).json(), { revision: revision + 1 })
  const longer = (await again.patch('/v1/rules/block-bad', { expiresIn: '2h' })).json()
  t.ok(Date.parse(longer.value?.expiresAt) - Date.parse(written.expiresAt) >= 3600_000, 'longer by a patch that names the duration alone')
  t.match((await again.patch('/v1/policy', { rules: { 'block-bad': { expiresIn: '3h' } } })).json(), { revision: longer.revision + 1 })
  t.match((await again.patch('/v1/rules/block-bad', { expiresIn: '3h', expiresAt: '2099-01-01T00:00:00Z' })).json(), { status: 400 })
  const over = { ...rule, expiresIn: undefined, expiresAt: '2020-01-01T00:00:00Z' }
  t.match((await again.put('/v1/rules/old', over)).json(), { warnings: [{ code: 'expired', pointer: '/expiresAt' }] })
  t.match((await again.get('/v1/rules/old/status')).json(), { expired: true })
  t.match((await again.put('/v1/rules/r', { ...rule, expiresIn: 'soon' })).json(), { status: 400, errors: [{ pointer: '/expiresIn' }] })
})

t.test('limits of a set hold for every way of writing', async t => {
  const it = await withSet(t)
  await it.put('/v1/sets/blocklist', { limits: { maxEntries: 3, shortestIpv4: 8, shortestIpv6: 32 } })
  await it.put(path, ['192.0.2.1', '10.0.0.0/8', '2001:db8::/32'])
  const full = {
    status: 422,
    errors: [{ pointer: '', code: 'capacity_exceeded', capacity: { table: 'entries', used: 3, after: 4, max: 3 } }],
  }
  await unchanged(t, it, async () => {
    t.match((await it.patch(path, { add: ['192.0.2.2'] })).json(), { ...full, errors: [{ ...full.errors[0], pointer: '/add' }] })
    t.match((await it.patch(`${path}?dryRun=true`, { add: ['192.0.2.2'] })).json(), { status: 422 })
    t.match((await it.put(path, ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'])).json(), full)
    t.match((await it.send('PUT', path, '192.0.2.1\n\n::/0\n', text)).json(), {
      status: 422,
      errors: [{ pointer: '/2', code: 'too_wide' }],
    })
    t.match((await it.patch(path, { remove: ['192.0.2.1'], add: ['192.0.2.7', '0.0.0.0/7'] })).json(), {
      errors: [{ pointer: '/add/1', code: 'too_wide' }],
    })
    t.match((await it.patch('/v1/sets/blocklist', { entries: ['0.0.0.0/0'] })).json(), {
      errors: [{ pointer: '/entries/0', code: 'too_wide' }],
    })
    t.match((await it.patch('/v1/sets/blocklist', { limits: { maxEntries: 2 } })).json(), {
      errors: [{ pointer: '/limits/maxEntries', code: 'capacity_exceeded', capacity: { used: 3, max: 2 } }],
    })
    t.match((await it.patch('/v1/sets/blocklist', { limits: { shortestIpv4: 9 } })).json(), {
      errors: [{ pointer: '/limits/shortestIpv4', code: 'too_wide', detail: /10\.0\.0\.0\/8/ }],
    })
  })
  t.match((await it.patch(path, { remove: ['192.0.2.1'], add: ['192.0.2.7'] })).json(), { added: 1, removed: 1 })
})

t.test('protected prefixes are out of reach of detectors, and not of people', async t => {
  const it = await withSet(t)
  await it.patch('/v1/policy', { defaults: { protected: ['192.0.2.0/28', '2001:db8::/32'] } })
  const code = async (prefixes: string[]) => {
    const answer = (await it.asDetector('blocklist', prefixes)).json()
    return 'errors' in answer ? answer.errors.map(({ pointer }) => pointer) : 'taken'
  }
  t.same(await code(['198.51.100.1', '192.0.2.7', '192.0.2.16', '192.0.0.0/16', '2001:db8:7::1', '2001:db9::1']), ['/3', '/1', '/4'])
  t.match((await it.asDetector('blocklist', ['192.0.2.7'])).json(), { status: 422, code: 'protected' })
  t.equal(await code(['192.0.2.16', '2001:db9::1']), 'taken')
  t.match((await it.patch(path, { add: ['192.0.2.7'] })).json(), { added: 1 })
})

t.test('entry writes say nothing of interfaces', async t => {
  const it = await withSet(t)
  t.match((await it.patch('/v1/policy', { interfaces: { absent0: {} } })).json(), { warnings: [{ code: 'interface_absent' }] })
  t.match((await it.patch(path, { add: ['192.0.2.7'] })).json(), { warnings: [] })
})
