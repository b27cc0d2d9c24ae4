/** What is generated from the commands, and the typed client: up to date, and it works. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'tap'
import { manual, manualPath } from '../../controlplane/cli/manual.ts'
import { buildProgram } from '../../controlplane/cli/program.ts'
import { flat, treeOf } from '../../controlplane/cli/tree.ts'
import { drawgate as client } from '../../controlplane/client/client.ts'
import { drawgate, missing, standin } from './terminal.ts'

const commands = flat(treeOf(buildProgram(process)))

test('docs/drawgate.1 is what the commands say, and roff', async t => {
  t.equal(readFileSync(manualPath, 'utf8') === manual(), true, 'else: npm run abi, and commit it')
  for (const { path, below, options } of commands) {
    if (below.length > 0) continue
    t.match(manual(), `.SS drawgate ${path.join(' ')}`.replaceAll('-', '\\-'))
    for (const { option } of options) t.match(manual(), `.B ${option.flags.replaceAll('-', '\\-')}`)
  }
})

/** What bash would offer behind this line. */
async function offered(line: string): Promise<string[]> {
  const { out } = await drawgate(['completion', 'bash'])
  const words = line.split(' ')
  const script = `${out}\nCOMP_WORDS=(${words.map(word => `'${word}'`).join(' ')})\nCOMP_CWORD=${words.length - 1}\n_drawgate\nprintf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' })
    .split('\n')
    .filter(word => word !== '')
}

test('bash completes commands, options, and what options may be', async t => {
  t.same(await offered('drawgate im'), ['import'])
  t.same(await offered('drawgate token cr'), ['create'])
  t.same(await offered('drawgate import '), ['iptables-save', 'nft', 'ipset', 'keepalived', ...(await offered('drawgate import --'))])
  t.same(await offered('drawgate get --output '), ['table', 'json', 'yaml'])
  t.same(await offered('drawgate get -o j'), ['json'])
  t.same(await offered('drawgate get r'), ['rules'])
  t.same(await offered('drawgate token create --role v'), ['viewer'])
  t.same(await offered('drawgate apply --dry'), ['--dry-run'])
  t.same(await offered('drawgate apply -f package.jso'), ['package.json'])
})

test('each shell is told of every command and every option', async t => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, out } = await drawgate(['completion', shell])
    t.equal(code, 0)
    for (const { path, options } of commands) {
      if (path.length > 0) t.ok(out.includes(path.at(-1) as string), `${shell}: ${path.join(' ')}`)
      for (const { names } of options)
        t.ok(out.includes(shell === 'fish' ? ` -l ${names[0]?.slice(2)}` : (names[0] as string)), `${shell}: ${names[0]}`)
    }
  }
  t.match(await drawgate(['completion', 'tcsh']), { code: 2 })
})

test('the typed client speaks over the socket and over TCP', async t => {
  const answer = { mode: 'enforce' }
  for (const tcp of [false, true]) {
    const { at, asked } = await standin(
      t,
      ({ method, url }) => (method === 'GET' && url === '/v1/mode' ? [200, answer] : method === 'DELETE' ? [204] : missing),
      tcp,
    )
    const api = client(tcp ? { url: at[1] as string, token: 'secret' } : { socketPath: at[1] as string })
    t.match((await api.GET('/v1/mode')).data, answer)
    const gone = await api.GET('/v1/rules/{name}', { params: { path: { name: 'a/b?c' } } })
    t.match([gone.response.status, gone.error], [404, { code: 'not_found' }])
    t.equal((await api.DELETE('/v1/tokens/{name}', { params: { path: { name: 'old' } } })).response.status, 204)
    await api.PATCH('/v1/sets/{name}/entries', { params: { path: { name: 's' }, query: { dryRun: true } }, body: { add: ['192.0.2.7'] } })
    await api.GET('/v1/rules', { params: { query: { label: ['a=1', 'b=2'] } } })
    t.match(
      asked.map(({ method, url, body }) => `${method} ${url} ${body}`.trim()),
      [
        'GET /v1/mode',
        'GET /v1/rules/a%2Fb%3Fc',
        'DELETE /v1/tokens/old',
        'PATCH /v1/sets/s/entries?dryRun=true {"add":["192.0.2.7"]}',
        'GET /v1/rules?label=a%3D1&label=b%3D2',
      ],
    )
    t.equal(asked[0]?.headers.authorization, tcp ? 'Bearer secret' : undefined)
  }
  await t.rejects(client({ socketPath: '/tmp/drawgate-cli-absent/api.sock' }).GET('/v1/mode'), { code: 'ENOENT' })
})

test('the types of the client are what openapi.json says, and the package exports them', async t => {
  execFileSync('node', ['scripts/generate-client.js', '--check'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const name = 'drawgate'
  const { drawgate: exported } = (await import(name)) as { drawgate: unknown }
  t.type(exported, 'function')
  t.match(readFileSync('dist/controlplane/client/client.d.ts', 'utf8'), /export declare function drawgate\(target: Target\): Drawgate/)
})
