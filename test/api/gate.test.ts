/** The path of an update where it is interrupted: restarts, a full disk, a full kernel, too many at once, and a network that moves. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cgroupRoot } from '../../controlplane/native/cgroups.ts'
import { enterNewNetwork } from '../../controlplane/native/namespace.ts'
import type { PolicyDocument } from '../../controlplane/policy/document.ts'
import { Store } from '../../controlplane/store/store.ts'
import { box, samplePolicy, unchanged } from './support.ts'

const rule = { direction: 'ingress', action: 'deny', match: {} }

enterNewNetwork()

t.test('a restart finds policy, entries, ETags, ids and tokens as they were', async t => {
  const first = await box(t)
  await first.put('/v1/policy', samplePolicy)
  await first.put('/v1/sets/blocklist/entries', ['192.0.2.7', { prefix: '2001:db8::/32', comment: 'net' }])
  await first.put('/v1/rules/more', rule)
  await first.delete('/v1/rules/block-bad')
  const seen = async ({ get }: typeof first) =>
    Promise.all(
      ['policy', 'sets/blocklist', 'sets/blocklist/entries', 'rules/more', 'services/web'].map(async path => {
        const answer = await get(`/v1/${path}`)
        return [path, answer.headers.etag, answer.body]
      }),
    )
  const before = await seen(first)
  const ids = [first.gate.registry.ids.rules, first.gate.registry.ids.backends]
  await first.close()

  const second = await box(t, { directory: first.directory })
  t.same(await seen(second), before)
  t.same([second.gate.registry.ids.rules, second.gate.registry.ids.backends], ids)
  t.equal(second.dataplane.revision, second.gate.revision, 'and it is in force in a fresh kernel')
  t.match((await second.post('/v1/trace', { direction: 'ingress', fields: { source: '192.0.2.1', destination: '203.0.113.1' } })).json(), {
    verdict: 'drop',
    rule: 'more',
  })
})

t.test('a policy file is read only into an empty store', async t => {
  const initial: PolicyDocument = { defaults: { ingress: 'allow', egress: 'deny' }, interfaces: {} }
  const first = await box(t, { gate: { initial } })
  t.match((await first.get('/v1/policy')).json(), initial)
  await first.patch('/v1/policy', { defaults: { egress: 'allow' } })
  await first.close()
  const second = await box(t, { directory: first.directory, gate: { initial } })
  t.match((await second.get('/v1/policy')).json(), { defaults: { egress: 'allow' } })
})

t.test('a file that is no policy stops the start with its faults', async t => {
  const initial = {
    defaults: {},
    interfaces: {},
    rules: { r: { direction: 'ingress', action: 'deny', match: { source: ['10.0.0.7/8'] } } },
  } as PolicyDocument
  await t.rejects(box(t, { gate: { initial } }), { code: 'host_bits', message: /rules\/r\/match\/source\/0/ })
})

t.test('what cannot be stored is not enforced', async t => {
  const it = await box(t, { store: { maxBytes: 400_000 } })
  const big = { ...rule, comment: 'x'.repeat(1000) }
  const rules = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`r${at}`, big]))
  let answer = await it.put('/v1/rules/r', rule)
  await it.put('/v1/policy', { ...samplePolicy, rules })
  await unchanged(t, it, async () => {
    const others = Object.fromEntries(Object.keys(rules).map(name => [name, { ...big, comment: 'y'.repeat(1000) }]))
    answer = await it.put('/v1/policy', { ...samplePolicy, rules: { ...others, more: rule } })
    t.match(answer.json(), { status: 507, code: 'store_full' })
    t.match(Number(answer.headers['retry-after']), 5)
  })
  t.equal(it.dataplane.revision, it.gate.revision, 'the kernel stands where it stood')
  t.equal((await it.get('/v1/rules/more')).statusCode, 404)
  t.match((await it.delete('/v1/rules/r7')).statusCode, /204|507/)
})

t.test('more than the kernel has room for is refused with the table that is too small', async t => {
  const it = await box(t, { capacity: { ruleIds: 4 } })
  const rules = Object.fromEntries(Array.from({ length: 4 }, (_, at) => [`r${at}`, rule]))
  await unchanged(t, it, async () => {
    t.match((await it.put('/v1/policy', { ...samplePolicy, rules })).json(), { status: 422, code: 'capacity_exceeded', detail: /rule/ })
  })
})

t.test('too many waiting writes are sent away', async t => {
  const it = await box(t, { gate: { maxWaiting: 3 } })
  const answers = await Promise.all(Array.from({ length: 8 }, (_, at) => it.put(`/v1/rules/r${at}`, rule)))
  const refused = answers.filter(answer => answer.statusCode === 503)
  t.ok(refused.length > 0)
  t.match(refused[0]?.json(), { code: 'overloaded' })
  t.ok(refused[0]?.headers['retry-after'])
  t.equal((await it.get('/v1/rules')).json().items.length, 8 - refused.length, 'those that were accepted are there')
})

t.test('counters begin when their object does, and a new name does not inherit', async t => {
  const it = await box(t)
  await it.put('/v1/rules/first', rule)
  const { countedSince } = (await it.get('/v1/rules/first/status')).json()
  await it.put('/v1/rules/first', { ...rule, priority: 3 })
  t.equal((await it.get('/v1/rules/first/status')).json().countedSince, countedSince, 'a change goes on counting')
})

t.test('a store that is damaged or from the future is refused with the way out', async t => {
  const it = await box(t)
  await it.put('/v1/policy', samplePolicy)
  await it.close()
  const path = join(it.directory, 'drawgate.db')
  for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true })
  const good = readFileSync(path)

  const newer = Buffer.from(good)
  newer.writeUInt32BE(99, 60) // user_version
  writeFileSync(path, newer)
  t.throws(() => Store.open(path), { message: /version 99.*newer drawgate/ })

  writeFileSync(path, Buffer.concat([good.subarray(0, 4096), Buffer.alloc(good.length - 4096, 0x5a)]))
  t.throws(() => Store.open(path), { message: /damaged.*move .* away and start with --policy/ })
  writeFileSync(path, 'not a database at all, but long enough to be asked about it '.repeat(50))
  t.throws(() => Store.open(path), { message: /damaged/ })
  t.throws(() => Store.open(join(path, 'drawgate.db')), { message: /cannot be opened/ })
})

t.test('old revisions are forgotten, the document that is in force never', async t => {
  const it = await box(t, { store: { keepRevisions: 3 } })
  await it.put('/v1/policy', samplePolicy)
  for (let at = 1; at <= 10; at++) await it.patch('/v1/sets/blocklist/entries', { add: [`192.0.2.${at}`] })
  await it.close()
  const again = await box(t, { directory: it.directory })
  t.match((await again.get('/v1/policy')).json(), { rules: samplePolicy.rules })
  t.equal(again.gate.revision, 12)
})

t.test('an address that this host gains is in @local with a revision of its own', async t => {
  const it = await box(t)
  await it.put('/v1/rules/mine', { direction: 'ingress', action: 'deny', match: { destination: ['@local'], protocol: 'udp' } })
  const trace = async () =>
    (
      await it.post('/v1/trace', {
        direction: 'ingress',
        fields: { source: '192.0.2.1', destination: '198.51.100.77', protocol: 'udp' },
      })
    ).json()
  t.match(await trace(), { verdict: 'pass', revision: 2 })
  execFileSync('ip', ['addr', 'add', '198.51.100.77/32', 'dev', 'lo'])
  while (it.gate.revision < 3) await new Promise(resolve => setImmediate(resolve))
  t.match(await trace(), { verdict: 'drop', rule: 'mine', revision: 3 })
  t.match(it.store.auditLog(1), [{ who: 'kernel', action: 'addresses', revision: 3 }])
  t.match((await it.get('/v1/rules/mine')).headers.etag, '"2"', 'nothing that was declared has changed')
  execFileSync('ip', ['addr', 'del', '198.51.100.77/32', 'dev', 'lo'])
  while (it.gate.revision < 4) await new Promise(resolve => setImmediate(resolve))
  t.match(await trace(), { verdict: 'pass' })
})

t.test('a device and a control group that rules name may come later, and come again as others', async t => {
  const it = await box(t)
  const changed = async (work: () => void) => {
    const { revision } = it.gate
    work()
    while (it.gate.revision === revision) await new Promise(resolve => setImmediate(resolve))
    t.match(it.store.auditLog(1), [{ who: 'kernel', action: 'surroundings' }])
  }
  const ip = (line: string) => execFileSync('ip', line.split(' '))
  const trace = async (device: string) =>
    (
      await it.post('/v1/trace', {
        interface: device,
        direction: 'egress',
        fields: { source: '192.0.2.1', destination: '192.0.2.2', protocol: 'udp' },
      })
    ).json()

  const { warnings } = (await it.put('/v1/rules/device', { direction: 'egress', action: 'deny', interfaces: ['late*'], match: {} })).json()
  t.match(warnings, [{ code: 'interface_absent', pointer: '/interfaces' }])
  await changed(() => ip('link add late0 type veth peer name far0'))
  t.match(await trace('late0'), { verdict: 'drop', rule: 'device' })
  const { revision } = it.gate
  ip('link add other0 type veth peer name far1')
  t.match(await trace('other0'), { verdict: 'pass' })
  await changed(() => ip('link del late0'))
  t.equal(it.gate.revision, revision + 1, 'a device that no rule names changes nothing')

  const root = cgroupRoot()
  if (root === undefined) return
  const cgroup = `/drawgate-test-${process.pid}`
  const make = () => mkdirSync(join(root, cgroup))
  const remove = () => rmdirSync(join(root, cgroup))
  await it.put('/v1/rules/group', { direction: 'egress', action: 'deny', match: { cgroup } })
  await changed(make)
  await changed(() => {
    remove()
    make()
  })
  await changed(remove)
})
