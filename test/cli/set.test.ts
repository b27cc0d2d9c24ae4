/** `drawgate set` against a real gate over TCP: large files up and down, single entries, and what goes wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { barText } from '../../controlplane/cli/progress.ts'
import { box } from '../api/support.ts'
import { until } from '../lab/host.ts'
import { drawgate, type TerminalOptions } from './terminal.ts'

async function gate(t: Test) {
  const directory = mkdtempSync(join(tmpdir(), 'drawgate-set-'))
  const it = await box(t, { gate: { listsDir: directory }, lists: { directory } })
  t.teardown(() => rmSync(directory, { recursive: true }))
  await it.app.listen({ host: '127.0.0.1', port: 0 })
  const at = ['--url', `http://127.0.0.1:${(it.app.server.address() as AddressInfo).port}`, '--token', it.secrets.admin]
  const file = (name: string, text: string) => {
    writeFileSync(join(directory, name), text)
    return join(directory, name)
  }
  return { it, file, set: (words: string[], options?: TerminalOptions) => drawgate(['set', ...words, ...at], options) }
}

const many = (count: number) => Array.from({ length: count }, (_, at) => `198.18.${at >> 8}.${at & 255}`).join('\n')

t.test('a set goes up from a file and comes down again', async t => {
  const { file, set } = await gate(t)
  const list = file('list', `# ours\n${many(12_000)}\n`)
  t.match(await set(['upload', 'big', list]), { code: 4, err: /there is no set big\n.*--create/ })
  t.match(await set(['upload', 'big', list, '--create']), {
    code: 0,
    out: '12000 added, 0 updated, 0 removed: 12000 entries (revision 3)\n',
    err: '',
  })
  const down = await set(['download', 'big'])
  t.match({ code: down.code, err: down.err }, { code: 0, err: '' })
  t.equal(down.out, `${many(12_000)}\n`.replaceAll('\n', '/32\n'))
  t.match(await set(['upload', 'big', '-'], { stdin: down.out }), { code: 0, out: /^0 added, 0 updated, 0 removed: 12000 entries/ })

  await set(['add', 'big', '192.0.2.0/24', '2001:db8::1', '--for', '1h', '--comment', 'ticket 1'])
  const json = (await set(['download', 'big', '--json'])).out
  t.equal(JSON.parse(json).length, 12_002)
  t.match(await set(['upload', 'copy', file('copy.json', json), '--create', '--json']), { code: 0, out: /"added": 12002/, err: '' })
  t.same(
    JSON.parse((await set(['download', 'copy', '--json'])).out).map(ended),
    JSON.parse(json).map(ended),
    'ends and comments came along',
  )
})

const ended = ({ prefix, expiresAt, comment }: Record<string, unknown>) => ({ prefix, expiresAt, comment })

t.test('a bar for people alone', async t => {
  const { file, set } = await gate(t)
  const list = file('list', many(5000))
  const shown = await set(['upload', 'big', list, '--create'], { tty: true })
  t.match(shown, { code: 0, err: /\r\S+\[#+-*\] 0\.\d of 0\.\d MiB, [45],\d+ lines/ })
  t.ok(shown.err.endsWith('\r\u001b[K'), 'and it is gone in the end')
  t.equal((await set(['upload', 'big', list])).err, '')
  t.equal((await set(['upload', 'big', list, '--json'], { tty: true })).err, '')
  const half = barText({ bytes: 2 ** 20, lines: 1234, total: 2 ** 21, width: 60 })
  t.equal(half, `[${'#'.repeat(14)}${'-'.repeat(15)}] 1.0 of 2.0 MiB, 1,234 lines`)
  t.equal(barText({ bytes: 2 ** 20, lines: 7, total: undefined, width: 60 }), '1.0 MiB, 7 lines')
  t.ok(barText({ bytes: 2 ** 20, lines: 7, total: 2 ** 30, width: 20 }).length < 20)
})

t.test('single entries', async t => {
  const { it, set } = await gate(t)
  await it.put('/v1/sets/s', { entries: ['192.0.2.0/24'] })
  t.match(await set(['add', 's', '198.51.100.7', '192.0.2.0/24']), { code: 0, out: /^1 added, 0 updated, 0 removed: 2 entries/ })
  t.match(await set(['contains', 's', '192.0.2.9']), { code: 0, out: '192.0.2.0/24\n' })
  t.match(await set(['contains', 's', '203.0.113.1']), { code: 4, out: '', err: /203.0.113.1 is not in s/ })
  t.match(await set(['remove', 's', '192.0.2.9']), { code: 4, err: /none of them is an entry of s\n.*drawgate set contains s 192.0.2.9/ })
  t.match(await set(['remove', 's', '192.0.2.9', '192.0.2.0/24']), {
    code: 0,
    out: /^0 added, 0 updated, 1 removed, 1 not there: 1 entries/,
  })
})

t.test('what is wrong is told by its place, and changes nothing', async t => {
  const { it, file, set } = await gate(t)
  await it.put('/v1/sets/s', { entries: ['192.0.2.0/24'] })
  const revision = it.gate.revision
  const bad = file('bad', '192.0.2.1\n10.0.0.7/8\nnonsense\n')
  t.match(await set(['upload', 's', bad]), { code: 1, out: '', err: /bad:2\n +line 2: 10.0.0.7\/8 has bits set[\s\S]*bad:3\n/ })
  t.match(await set(['upload', 's', '-'], { stdin: '["192.0.2.1", "10.0.0.7/8"]' }), { code: 1, err: /standard input \/1\n/ })
  t.match(await set(['upload', 's', file('empty', '# none\n')]), { code: 1, err: /holds no prefix[\s\S]*allowEmpty/ })
  t.match(await set(['upload', 's', '/absent']), { code: 2, err: /\/absent cannot be read/ })
  t.match(await set(['upload', 's', '/tmp']), { code: 2, err: /directory/ })
  t.match(await set(['upload', 's']), { code: 2 })
  t.match(await set(['upload', 'Ä', bad]), { code: 1, err: /name in the path/ })
  t.match(await set(['add', 's', '192.0.2.300']), { code: 1, err: /192.0.2.300\n/ })
  t.match(await set(['add', 's', '192.0.2.3', '--for', 'soon']), { code: 1 })
  t.match(await set(['contains', 's', 'x']), { code: 1, err: /contains in the query/ })
  t.match(await set(['contains', 'none', '192.0.2.1']), { code: 4 })
  t.match(await set(['bogus']), { code: 2 })
  t.match(await set(['upload', 's', file('dry', '192.0.2.9'), '--dry-run']), { code: 0, out: /"baseRevision"/ })
  t.equal(it.gate.revision, revision)
  t.match(await set(['upload', 's', file('empty', ''), '--allow-empty']), { code: 0, out: /1 removed: 0 entries/ })
  t.equal((await set(['download', 's'])).out, '')
  t.equal((await set(['download', 's', '--json'])).out, '[]\n')
})

t.test('a list is fetched when one says so', async t => {
  const { it, file, set } = await gate(t)
  const list = file('list', many(10))
  await it.put('/v1/sets/s', { source: { file: list } })
  await until('it was read', async () => (await it.get('/v1/sets/s/status')).json().entryCount === 10)
  t.match(await set(['refresh', 's']), { code: 0, out: 's is as it was: 10 entries (revision 3)\n' })
  file('list', many(2))
  t.match(await set(['refresh', 's']), {
    code: 1,
    out: '',
    err: /s keeps what it has: the list shrank from 10 to 2 entries[\s\S]*drawgate set refresh NAME --force/,
  })
  t.match(await set(['refresh', 's', '--force']), { code: 0, out: 's has changed: 2 entries (revision 4)\n' })
  t.match(await set(['add', 's', '192.0.2.1']), { code: 1, err: /come from .*list[\s\S]*notSource/ })
  t.match(await set(['refresh', 'none']), { code: 4 })
})
