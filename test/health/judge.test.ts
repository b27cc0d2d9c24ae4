/** What results of checks make of a backend. */
import { test } from 'tap'
import { type Judged, judge, nextCheckMs, riseOf, unknown } from '../../controlplane/health/judge.ts'

const patience = { rise: 2, fall: 3 }

/** `+` a success, `-` a failure; one a second. */
function after(results: string, from: Judged = unknown(0), at = 0): Judged {
  return [...results].reduce((judged, result, n) => judge(judged, result === '+' ? undefined : 'refused', at + n * 1000, patience), from)
}

test('rise and fall, and counters that reset', async t => {
  t.equal(after('').health, 'unknown')
  t.equal(after('+').health, 'up', 'the first success is believed')
  t.equal(after('--').health, 'unknown')
  t.match(after('---'), { health: 'down', since: 2000, lastError: 'refused' })
  t.equal(after('+--+--').health, 'up', 'a success forgets failures')
  t.equal(after('+---').health, 'down')
  t.equal(after('---+').health, 'down')
  t.equal(after('---+-+').health, 'down', 'a failure forgets successes')
  t.match(after('---++'), { health: 'up', since: 4000 })
})

test('a backend that flaps has to show more and more', async t => {
  let judged = after('+---')
  t.equal(riseOf(judged, 4000, patience), 2)
  judged = after('++---', judged, 10_000)
  t.equal(riseOf(judged, 20_000, patience), 4)
  t.equal(after('+++', judged, 20_000).health, 'down')
  t.equal(after('++++', judged, 20_000).health, 'up')
  t.equal(riseOf(judged, 15 * 60_000, patience), 2, 'until it has been calm for ten minutes')
})

test('the next check: jitter, and backoff while it is down', async t => {
  const up = after('+')
  const down = after('---')
  t.equal(nextCheckMs(up, 0, 1000, 0.5), 1000)
  t.equal(nextCheckMs(up, 2, 1000, 0), 900)
  t.equal(nextCheckMs(down, 1, 1000, 1), 1100)
  t.equal(nextCheckMs(down, 3, 1000, 0.5), 4000)
  t.equal(nextCheckMs(down, 50, 1000, 0.5), 8000)
  t.equal(nextCheckMs(down, 0, 1000, 0.5), 1000, 'the first success is followed up soon')
})
