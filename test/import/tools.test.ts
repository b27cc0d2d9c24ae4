/** What firewalld and fail2ban have loaded, as they wrote it: imported, and real packets fare alike. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { type Test, test } from 'tap'
import { type Imported, importIptables, importNft, type Source } from '../../controlplane/import/import.ts'
import { drawgate } from '../cli/terminal.ts'
import { until } from '../lab/host.ts'
import { Referee } from './agree.ts'
import { cannotAsk, command, Original } from './original.ts'
import { type Drawn, drawn, frameOf } from './packets.ts'

const seed = Number(process.env.DRAWGATE_SEED ?? Date.now() % 1_000_000_007)
const packets = 600

function fixture(name: string): Source {
  return { name, text: readFileSync(join(import.meta.dirname, '../../../test/import/fixtures', name), 'utf8') }
}

let original: Original | undefined

/** A table of nftables, for as long as a test runs. */
function table(name: string, { text }: Source) {
  return { load: () => command('nft', ['-f', '-'], text), unload: () => command('nft', ['delete', 'table', 'inet', name]) }
}

/** With some that are let through and some that are not, else it would say nothing. */
async function fareAlike(
  t: Test,
  { load, unload }: { load: () => unknown; unload: () => unknown },
  imported: Imported,
  routed: (packet: Drawn) => boolean,
): Promise<void> {
  const checked = await drawgate(['check', '-'], { stdin: JSON.stringify(imported.policy) })
  t.equal(checked.code, 0, checked.err)
  const frames = fc.sample(drawn, { seed, numRuns: packets }).map((packet, turn) => {
    const away = routed(packet)
    return { frame: frameOf({ ...packet, routed: away }, turn % 3 === 0 ? 'ip6' : 'ip', turn), routed: away }
  })
  const referee = new Referee()
  original ??= new Original()
  await until('its addresses can be used', () => command('ip', ['-6', 'address', 'show', 'tentative']) === '')
  load()
  t.teardown(unload)
  t.equal(await referee.difference(original, imported, frames), undefined, 'packets fare alike')
  referee.close()
  t.comment(`seed ${seed}: ${referee.pairs} packets, ${referee.passed} passed`)
  t.equal(referee.exact, 1, 'no note allows a difference')
  t.ok(referee.passed > packets / 100 && referee.passed < packets - packets / 100, 'some pass, and some do not')
}

test('firewalld: zones by device and by source, services, ports and rich rules', { skip: cannotAsk('nft') }, async t => {
  const source = fixture('firewalld.nft')
  const { notes, policy } = importNft(source)
  const about = notes.filter(({ line, effect }) => line > 0 && /passes|drops/.test(effect)).map(({ text }) => text)
  t.same(about, ['ct status dnat accept', 'ct status dnat accept', 'oifname "in0" accept'])
  // No packet here is translated, and none is for another host.
  const imported = { policy, notes: notes.filter(({ text }) => !about.includes(text)) }
  await fareAlike(t, table('firewalld', source), imported, () => false)
})

test('fail2ban: sets of nftables', { skip: cannotAsk('nft') }, async t => {
  const source = fixture('fail2ban.nft')
  await fareAlike(t, table('f2b-table', source), importNft(source), ({ routed }) => routed)
})

test('fail2ban: chains of iptables, and sets of ipset', { skip: cannotAsk('iptables-restore', 'ip6tables-restore', 'ipset') }, async t => {
  const [v4, v6, sets] = [fixture('fail2ban.v4'), fixture('fail2ban.v6'), fixture('fail2ban.ipset')]
  const load = () => {
    command('ipset', ['restore'], sets.text)
    command('iptables-restore', [], v4.text)
    command('ip6tables-restore', [], v6.text)
  }
  const unload = () => undefined
  await fareAlike(t, { load, unload }, importIptables([v4, v6], sets), ({ routed }) => routed)
})
