/** /v1/mode: who may set it, how it ends, and what outlives a daemon. */
import t from 'tap'
import { bootTimeMs } from '../../controlplane/native/clock.ts'
import { box } from './support.ts'

t.test('it is read by viewers, set by admins, audited, and no revision', async t => {
  const it = await box(t)
  const revision = it.gate.revision
  t.match((await it.get('/v1/mode')).json(), { mode: 'enforce', reason: String, since: String })

  const refused = await it.send('PUT', '/v1/mode', { mode: 'pass', reason: 'x' }, {}, 'operator')
  t.match(refused, { statusCode: 403 })
  const set = await it.put('/v1/mode', { mode: 'observe', expiresIn: '15m', reason: 'new rules' })
  t.match(set, { statusCode: 200 })
  t.match(set.json(), { mode: 'observe', reason: 'new rules', setBy: 'token admin' })
  t.ok(Math.abs(Date.parse(set.json().expiresAt) - Date.now() - 900_000) < 5000)
  t.same((await it.send('GET', '/v1/mode', undefined, {}, 'viewer')).json(), set.json())
  t.equal((await it.get('/v1/status')).json().mode, 'observe')
  t.match((await it.get('/metrics')).body, /drawgate_mode\{mode="observe"\} 1\n/)
  t.equal(it.gate.revision, revision)
  t.match(it.store.auditLog(1)[0], { who: 'token admin', action: 'mode observe: new rules' })
})

t.test('what cannot be is refused and changes nothing', async t => {
  const it = await box(t)
  for (const [body, status] of [
    [{ mode: 'off', reason: 'x' }, 400],
    [{ mode: 'pass' }, 400],
    [{ mode: 'pass', reason: '' }, 400],
    [{ mode: 'pass', reason: 'x', expiresIn: '15 minutes' }, 400],
    [{ mode: 'pass', reason: 'x', until: 'tomorrow' }, 400],
    [{ mode: 'enforce', reason: 'x', expiresIn: '15m' }, 400],
  ] as const) {
    const answer = await it.put('/v1/mode', body)
    t.equal(answer.statusCode, status, answer.body)
  }
  t.equal((await it.get('/v1/mode')).json().mode, 'enforce')
})

t.test('a time that is over ends it', async t => {
  const it = await box(t)
  await it.put('/v1/mode', { mode: 'pass', expiresIn: '1h', reason: 'x' })
  it.dataplane.mode.set({ mode: 'pass', expiresS: Math.floor(bootTimeMs() / 1000) })
  t.match((await it.get('/v1/mode')).json(), { mode: 'enforce', reason: 'the time of pass is over' })
})

t.test('it outlives a boot, and a change in the kernel is taken over', async t => {
  const first = await box(t)
  await first.put('/v1/mode', { mode: 'lockdown', reason: 'attack' })
  await first.close()
  const second = await box(t, { directory: first.directory })
  t.match((await second.get('/v1/mode')).json(), { mode: 'lockdown', reason: 'attack' }, 'fresh tables, as after a boot')
  t.equal(second.dataplane.mode.get().mode, 'lockdown')
  second.dataplane.mode.set({ mode: 'pass', expiresS: 0 })
  t.match((await second.get('/v1/mode')).json(), { mode: 'pass', setBy: 'command line' })
})
