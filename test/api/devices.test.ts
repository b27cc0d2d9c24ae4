/** Devices: patterns, devices that come late or go, and what a driver cannot do. In a network namespace of its own. */
import { execFileSync } from 'node:child_process'
import t from 'tap'
import { enterNewNetwork } from '../../controlplane/native/namespace.ts'
import { type Box, box, unchanged } from './support.ts'

enterNewNetwork()
const ip = (...words: string[]) => execFileSync('ip', words)
const veth = (name: string) => ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`)
const policy = (interfaces: object) => ({ defaults: { ingress: 'allow', egress: 'allow' }, interfaces })
const devicesOf = async ({ get }: Box, key: string) => (await get(`/v1/interfaces/${encodeURIComponent(key)}/status`)).json()

async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise(resolve => setImmediate(resolve))
}

t.test('an exact name beats a pattern, a longer pattern a shorter', async t => {
  for (const name of ['ab0', 'ab1', 'ac0']) veth(name)
  t.teardown(() => {
    for (const name of ['ab0', 'ab1', 'ac0']) ip('link', 'del', name)
  })
  const it = await box(t)
  const answer = await it.put('/v1/policy', policy({ 'a*': { xdp: 'off' }, 'ab*': { xdp: 'generic' }, ab1: {} }))
  t.equal(answer.statusCode, 200, answer.body)
  const modes = async (key: string) =>
    (await devicesOf(it, key)).devices.map(({ name, mode, state }: Record<string, string>) => [name, mode, state])
  t.same(await modes('ab1'), [['ab1', 'native', 'attached']])
  t.same((await modes('ab*')).sort(), [
    ['ab0', 'generic', 'attached'],
    ['ab0p', 'generic', 'attached'],
    ['ab1p', 'generic', 'attached'],
  ])
  t.same((await modes('a*')).sort(), [
    ['ac0', 'off', 'attached'],
    ['ac0p', 'off', 'attached'],
  ])
  t.match(
    (await it.get('/v1/devices')).json().items.find(({ name }: { name: string }) => name === 'ab0'),
    {
      kind: 'veth',
      driver: 'veth',
      interface: 'ab*',
      status: { mode: 'generic' },
    },
  )
  await it.delete('/v1/interfaces/ab*')
  t.same((await modes('a*')).length, 5, 'the shorter pattern takes over')
  await it.put('/v1/policy', policy({}))
  t.same((await it.get('/v1/status')).json().devices, [])
})

t.test('a device that comes later is attached, one that goes is forgotten', async t => {
  const it = await box(t)
  const answer = await it.put('/v1/policy', policy({ late0: {} }))
  t.match(answer.json(), { warnings: [{ pointer: '/interfaces/late0', code: 'interface_absent' }] })
  t.match(await devicesOf(it, 'late0'), { state: 'absent', devices: [] })
  veth('late0')
  await until(async () => (await devicesOf(it, 'late0')).state === 'attached')
  t.match(await devicesOf(it, 'late0'), { devices: [{ name: 'late0', mode: 'native', linkId: Number, programId: Number }] })
  ip('link', 'set', 'late0', 'name', 'other0')
  await until(async () => (await devicesOf(it, 'late0')).state === 'absent')
  ip('link', 'set', 'other0', 'name', 'late0')
  await until(async () => (await devicesOf(it, 'late0')).state === 'attached')
  ip('link', 'del', 'late0')
  await until(async () => (await devicesOf(it, 'late0')).state === 'absent')
})

t.test('native where the driver has none is refused before anything changes', async t => {
  ip('link', 'add', 'br0', 'type', 'bridge')
  t.teardown(() => ip('link', 'del', 'br0'))
  const it = await box(t)
  await unchanged(t, it, async () => {
    const answer = await it.put('/v1/policy', policy({ br0: { xdp: 'native' } }))
    t.match(answer.json(), { status: 422, code: 'unsupported', errors: [{ pointer: '/interfaces/br0/xdp' }] })
    t.match((await it.put('/v1/interfaces/br0', { xdp: 'native' })).json(), { status: 422, errors: [{ pointer: '/xdp' }] })
  })
  t.same((await it.get('/v1/status')).json().devices, [])
  t.equal((await it.put('/v1/interfaces/br0', { xdp: 'auto' })).statusCode, 201)
  t.match(await devicesOf(it, 'br0'), { state: 'attached', devices: [{ name: 'br0' }] })
})

t.test('a write that fails leaves devices as they were', async t => {
  veth('v0')
  t.teardown(() => ip('link', 'del', 'v0'))
  const it = await box(t, { store: { maxBytes: 300_000 } })
  await it.put('/v1/interfaces/v0', { xdp: 'generic' })
  await unchanged(t, it, async () => {
    const rules = Object.fromEntries(
      Array.from({ length: 250 }, (_, at) => [`r${at}`, { direction: 'ingress', action: 'allow', match: {}, comment: 'x'.repeat(1000) }]),
    )
    const answer = await it.put('/v1/policy', { ...policy({ v0: { xdp: 'native' } }), rules })
    t.match(answer.json(), { status: 507, code: 'store_full' })
  })
  t.match(await devicesOf(it, 'v0'), { devices: [{ mode: 'generic' }] })
})
