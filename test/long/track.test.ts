/** The goal of the tracking table: a million places, a hundred thousand connections, ten million strangers. */
import { test } from 'tap'
import { cannotLoad, dataplane } from '../dataplane/box.ts'
import { flood, tracking } from '../dataplane/talk.ts'

test('10 M SYNs from random sources evict none of 100 k established connections', { skip: cannotLoad(), timeout: 300_000 }, async t => {
  const box = await dataplane(t, tracking({ max: 1_000_000 }))

  flood(t, box, { connections: 100_000, syns: 10_000_000 })
})
