/** Rules at random, loaded by iptables-restore and imported as text: real packets fare alike. */
import fc from 'fast-check'
import { type Test, test } from 'tap'
import { importIptables } from '../../controlplane/import/import.ts'
import { shrunk } from '../oracle/campaign.ts'
import { Referee } from './agree.ts'
import { cannotAsk, command, Original } from './original.ts'
import { drawn, type Family, frameOf } from './packets.ts'
import { rulesets } from './rules.ts'

const seed = Number(process.env.DRAWGATE_SEED ?? Date.now() % 1_000_000_007)
const rounds = Number(process.env.DRAWGATE_ROUNDS ?? 25)
const skip = cannotAsk('nft', 'iptables-restore', 'ip6tables-restore', 'ipset')

const ipset = `create blocked-ip hash:net family inet
add blocked-ip 198.51.100.0/24
add blocked-ip 198.51.100.128/25 nomatch
add blocked-ip 192.0.2.9
create pairs-ip hash:net,port family inet
add pairs-ip 192.0.2.0/24,tcp:22
add pairs-ip 203.0.113.0/24,udp:53
add pairs-ip 198.51.100.0/24,tcp:80-443
create blocked-ip6 hash:net family inet6
add blocked-ip6 2001:db8:2::/48
add blocked-ip6 2001:db8:1::9
create pairs-ip6 hash:net,port family inet6
add pairs-ip6 2001:db8:1::/64,tcp:22
`
let original: Original | undefined
let turn = 0

function prepared(): Original {
  if (original === undefined) {
    original = new Original()
    command('ipset', ['restore'], ipset)
  }
  return original
}

async function mustAgree(t: Test, family: Family): Promise<void> {
  const there = prepared()
  const referee = new Referee()
  const restore = family === 'ip' ? 'iptables-restore' : 'ip6tables-restore'
  const result = await shrunk(
    fc.tuple(rulesets(family), fc.array(drawn, { minLength: 60, maxLength: 60 })),
    { seed, numRuns: rounds },
    async ([text, packets]) => {
      command(restore, ['-w'], text)
      const frames = packets.map(packet => ({ frame: frameOf(packet, family, turn++), routed: packet.routed }))
      const imported = importIptables([{ name: 'rules', text }], { name: 'sets', text: ipset })
      const found = await referee.difference(there, imported, frames)
      if (found !== undefined) throw new Error(`${text}\n${found}`)
    },
  )
  referee.close()
  command(restore, ['-w'], '*raw\n:PREROUTING ACCEPT\nCOMMIT\n*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\nCOMMIT\n')
  t.comment(`seed ${seed}: ${referee.pairs} packets, ${referee.passed} passed; ${referee.exact} of ${rounds} rulesets carried whole`)
  t.equal(result.failed ? String(result.errorInstance) : undefined, undefined, 'packets fare alike')
  if (!result.failed) t.ok(referee.exact > rounds / 3, 'most rules are carried whole')
}

test('what is carried over of iptables decides as iptables does', { skip }, t => mustAgree(t, 'ip'))
test('what is carried over of ip6tables decides as ip6tables does', { skip }, t => mustAgree(t, 'ip6'))
