/** The daemon is killed while a change waits for its confirmation, and the kernel knows what to do. */
import { test } from 'tap'
import { enterNewNetwork } from '../../controlplane/native/namespace.ts'
import { cannotLoad } from '../dataplane/box.ts'
import { ask, kill, marked, marksInKernel, newPlace, startDaemon } from './crash.ts'

const skip = cannotLoad()
if (!skip) enterNewNetwork()

test('killed and never started again, the kernel goes back by itself; a start writes it down', { skip, timeout: 120_000 }, async t => {
  const place = newPlace(t)
  const first = await startDaemon(t, place)
  await ask(place, 'PUT', '/v1/policy', marked(1))
  await ask(place, 'PATCH', '/v1/sets/listed/entries', { add: ['192.0.2.0/24'] })
  const { body: waits } = await ask(place, 'PUT', '/v1/policy?confirmWithin=8s', marked(2))
  await ask(place, 'PATCH', '/v1/sets/listed/entries', { add: ['198.51.100.0/24'] })
  await kill(first)
  t.same(await marksInKernel(place, [1, 2]), { ingress: [2], egress: [2] }, 'before the deadline')
  const wait = Date.parse(waits.deadline) - Date.now()
  t.ok(wait > 0, `${wait} ms are left`)
  let there = { ingress: [2], egress: [2] }
  while (there.ingress[0] === 2) there = await marksInKernel(place, [1, 2])
  t.same(there, { ingress: [1], egress: [1] }, 'after the deadline, with nobody there')
  t.ok(Date.now() >= Date.parse(waits.deadline) - 50)

  await startDaemon(t, place)
  t.match((await ask(place, 'GET', '/v1/policy')).body, { sets: { listed: { description: 'mark 1' } } })
  t.match((await ask(place, 'GET', '/v1/policy/confirm')).body, { pending: null })
  t.match((await ask(place, 'GET', '/v1/policy/revisions?limit=1')).body.items, [
    { who: 'start', cause: `revision ${waits.revision} was not confirmed in time` },
  ])
  t.match((await ask(place, 'GET', '/v1/status')).body, { inSync: true })
  t.match((await ask(place, 'GET', '/v1/sets/listed/entries')).body.items, [{ prefix: '192.0.2.0/24' }, { prefix: '198.51.100.0/24' }])
})

test('killed and started again in time, it goes on to wait, and can be confirmed', { skip, timeout: 120_000 }, async t => {
  const place = newPlace(t)
  const first = await startDaemon(t, place)
  await ask(place, 'PUT', '/v1/policy', marked(1))
  const { body: waits } = await ask(place, 'PUT', '/v1/policy?confirmWithin=1h', marked(2))
  await kill(first)
  const second = await startDaemon(t, place)
  t.match((await ask(place, 'GET', '/v1/policy/confirm')).body, {
    pending: { revision: waits.revision, deadline: waits.deadline.slice(0, 15) },
  })
  await ask(place, 'PATCH', '/v1/sets/listed/entries', { add: ['198.51.100.0/24'] })
  t.match(await ask(place, 'DELETE', '/v1/policy/confirm'), { status: 200 })
  t.same((await ask(place, 'GET', '/v1/policy')).body.sets.listed.description, 'mark 1')
  t.match((await ask(place, 'GET', '/v1/sets/listed/entries')).body.items, [{ prefix: '198.51.100.0/24' }])
  const { body: again } = await ask(place, 'PUT', '/v1/policy?confirmWithin=1h', marked(3))
  await kill(second)
  await startDaemon(t, place)
  t.match(await ask(place, 'POST', '/v1/policy/confirm', { revision: again.revision }), { status: 200 })
  t.match(await ask(place, 'PUT', '/v1/policy', marked(4)), { status: 200 })
})

test('killed when entries were stored and not yet in force, it goes on to wait', { skip, timeout: 120_000 }, async t => {
  const place = newPlace(t)
  const first = await startDaemon(t, place, 4)
  await ask(place, 'PUT', '/v1/policy', marked(1))
  const { body: waits } = await ask(place, 'PUT', '/v1/policy?confirmWithin=1h', marked(2))
  await t.rejects(ask(place, 'PATCH', '/v1/sets/listed/entries', { add: ['198.51.100.0/24'] }))
  await kill(first)
  t.same(await marksInKernel(place, [1, 2]), { ingress: [2], egress: [2] })

  const second = await startDaemon(t, place)
  t.match((await ask(place, 'GET', '/v1/policy/confirm')).body, { pending: { revision: waits.revision } })
  t.match((await ask(place, 'GET', '/v1/policy')).body, { sets: { listed: { description: 'mark 2' } } })
  t.match((await ask(place, 'GET', '/v1/sets/listed/entries')).body.items, [{ prefix: '198.51.100.0/24' }])
  t.match((await ask(place, 'GET', '/v1/status')).body, { inSync: true })
  t.same(await marksInKernel(place, [1, 2]), { ingress: [2], egress: [2] })

  await kill(second)
  await startDaemon(t, place)
  t.match(await ask(place, 'DELETE', '/v1/policy/confirm'), { status: 200 })
  t.same(await marksInKernel(place, [1, 2]), { ingress: [1], egress: [1] }, 'what comes back was whole')
  t.match((await ask(place, 'GET', '/v1/sets/listed/entries')).body.items, [{ prefix: '198.51.100.0/24' }])
})
