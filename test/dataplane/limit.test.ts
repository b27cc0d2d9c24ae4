/** Rates: who shares them, what passes under twice the rate, and what a change of policy keeps. */
import { test } from 'tap'
import type { RuleValue } from '../../controlplane/policy/document.ts'
import { ether } from '../lab/packet.ts'
import { type Box, cannotLoad, dataplane, hooks } from './box.ts'

const skip = cannotLoad()

type Limit = NonNullable<RuleValue['limit']>

/** The same limit for both directions, so that one test serves all hooks. */
function limited(limit: Limit, more: Partial<RuleValue> = {}) {
  const rule = { priority: 1, action: 'limit', match: {}, limit, ...more } as const

  return {
    rules: {
      'l-in': { ...rule, direction: 'ingress' as const },
      'l-out': { ...rule, direction: 'egress' as const },
    },
  }
}

const from = (source: string, bytes = 0) =>
  (source.includes(':') ? ether().ip6(source, '2001:db8:2::1') : ether().ip4(source, '198.51.100.1')).udp(5000, 53, {
    payload: new Uint8Array(bytes),
  })

/** How many of `count` packets pass. */
function passing(box: Box, count: number, source: string, hook: (typeof hooks)[number], bytes = 0): number {
  return Array.from({ length: count }, () => box.run(from(source, bytes), hook)).filter(({ action }) => action === 'pass').length
}

test('a burst passes, the next packet is beyond the rate and is told so', { skip }, async t => {
  // One packet a second: no test is fast enough to wait for the next, and none so slow that it comes by itself.
  const box = await dataplane(t, limited({ packetsPerSecond: 1, burstPackets: 600, per: 'source' }))

  for (const hook of hooks) {
    const name = hook === 'tc_egress' ? 'l-out' : 'l-in'
    const host = hook === 'xdp_ingress' ? 7 : hook === 'tc_ingress' ? 8 : 9

    for (const source of [`192.0.2.${host}`, `2001:db8:1::${host}`]) {
      t.ok(passing(box, 700, source, hook) < 650, `${hook}: ${source} has spent its burst`)
      t.match(box.run(from(source), hook), { action: 'drop', verdict: 'drop', reason: 'limit', rule: name })
    }
    t.match(box.run(from(`192.0.2.${host + 10}`), hook), { action: 'pass', reason: 'default', rule: name }, 'another source has its own')
  }
})
