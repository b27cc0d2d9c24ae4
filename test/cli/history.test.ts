/** What the policy would become, was, becomes again and stays, from the command line, against a real gate. */
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { box, samplePolicy } from '../api/support.ts'
import { cannotLoad } from '../dataplane/box.ts'
import { drawgate } from './terminal.ts'

const skip = cannotLoad()

async function gate(t: Test) {
  const it = await box(t)
  const server = createServer(it.app.routing).on('connection', peer => it.access.admit(peer, 'uid 0'))
  const socket = join(it.directory, 'api.sock')
  await new Promise<void>(resolve => server.listen(socket, resolve))
  t.teardown(() => server.close())
  const write = (policy: object) => {
    const path = join(it.directory, 'policy.json')
    writeFileSync(path, JSON.stringify(policy))
    return path
  }
  return { ...it, write, cli: (...words: string[]) => drawgate([...words, '--socket', socket]) }
}

const without = { ...samplePolicy, rules: {} }

test('diff ends as diff(1) does: 0 the same, 1 different, 2 trouble', { skip }, async t => {
  const { cli, write } = await gate(t)
  await cli('apply', '-f', write(samplePolicy))
  t.same(await cli('diff', '-f', write(samplePolicy)), { code: 0, out: '', err: '' })
  t.match(await cli('diff', '-f', write(without)), { code: 1, out: '- /rules/block-bad\n', err: /^$/ })
  t.match(await cli('diff', '-f', write({ ...samplePolicy, colour: 1 })), { code: 2, err: /colour/ })
  t.match(await cli('diff', '-f', '/nonexistent'), { code: 2 })
  t.match(await cli('diff', '-f', write(without), '3'), { code: 2, err: /compared with what is in force/ })
  t.match(JSON.parse((await cli('diff', '-f', write(without), '--json')).out), { changes: [{ op: 'remove', path: '/rules/block-bad' }] })
  await cli('apply', '-f', write(without))
  t.match(await cli('diff'), { code: 1, out: /^- \/rules\/block-bad\n/ }, 'what the newest has changed')
  t.match(await cli('diff', '3', '2'), { code: 1, out: /^\+ \/rules\/block-bad / })
  t.match(await cli('diff', '3', '3'), { code: 0 })
  t.match(await cli('diff', 'x'), { code: 2, err: /x is no revision/ })
  t.match(await drawgate(['diff', '--socket', '/nonexistent/api.sock']), { code: 2, err: /no daemon/ })
})

test('revisions lists them, restore brings one back', { skip }, async t => {
  const { cli, write, gate: it } = await gate(t)
  await cli('apply', '-f', write(samplePolicy))
  await cli('apply', '-f', write(without))
  t.match(await cli('revisions'), {
    code: 0,
    out: /^.*REVISION +AT +WHO +FROM +WHAT.*\n +3 +20.* +uid 0 +unix socket +PUT \/v1\/policy\n +2 /,
  })
  t.match(await cli('revisions', '--limit', '1', '--json').then(({ out }) => JSON.parse(out)), { items: [{ revision: 3 }] })
  t.match(await cli('restore', '2', '--dry-run'), { code: 0, out: /^\+ \/rules\/block-bad .*\nrevision 3 stays in force \(dry run\)\n$/ })
  t.match(await cli('restore', '2'), { code: 0, out: /revision 4 is in force \(before: 3\)\n$/ })
  t.match(it.document, { rules: samplePolicy.rules })
  t.match(await cli('restore', '99'), { code: 4 })
})

test('apply --confirm-within waits for confirm, and goes back on demand', { skip }, async t => {
  const { cli, write, gate: it } = await gate(t)
  await cli('apply', '-f', write(samplePolicy))
  t.match(await cli('confirm'), { code: 0, out: 'nothing waits for a confirmation\n' })
  t.match(await cli('apply', '-f', write(without), '--confirm-within', '60s'), {
    code: 0,
    out: /revision 3 is in force.*\nit goes back at 20.*\n {2}→ drawgate confirm 3\n$/,
  })
  t.match(await cli('confirm'), { code: 0, out: /^revision 3 \(PUT \/v1\/policy, uid 0\) goes back to 2 at 20/ })
  t.match(await cli('apply', '-f', write(samplePolicy)), { code: 1, err: /409 confirm_pending/ })
  t.match(await cli('confirm', '2'), { code: 1, err: /409 confirm_mismatch/ })
  t.match(await cli('confirm', '3'), { code: 0, out: 'revision 3 stays\n' })
  t.same(it.pending, undefined)
  await cli('restore', '2', '--confirm-within', '1h')
  t.match(await cli('confirm', '--roll-back'), { code: 0, out: 'rolled back: revision 5 is in force\n' })
  t.match(it.document, { rules: {} })
  t.match(await cli('apply', '-f', write(samplePolicy), '--confirm-within', '1s'), { code: 1, err: /400 malformed/ })
})
