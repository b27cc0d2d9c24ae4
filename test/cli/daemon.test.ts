/** The command line against the daemon and the kernel, in a network of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { type Test, test } from 'tap'
import type { Gate } from '../lab/gate.ts'
import type { Output } from '../lab/host.ts'
import { cannotBuildLabs, Lab } from '../lab/lab.ts'

const skip = cannotBuildLabs()

const policy = `
defaults: { ingress: allow, egress: allow, management: [] }
interfaces: { c0: {} }
rules:
  no-http-alt: { direction: ingress, action: deny, match: { protocol: tcp, destinationPorts: ["8080"] } }
services:
  web:
    address: 198.51.100.10
    ports: ["80"]
    protocol: tcp
    forwarding: nat
    backends: { b0: { address: 10.2.0.2 } }
`

async function gateOf(
  t: Test,
  options: Parameters<Gate['serve']>[0] = {},
): Promise<{ lab: Lab; gate: Gate; drawgate: (...words: string[]) => Promise<Output> }> {
  const lab = await Lab.create({ clients: 1, backends: 1 })
  t.teardown(() => lab.close())
  await lab.gate.serve(options)
  const drawgate = (...words: string[]) => lab.gate.try([...lab.gate.drawgate, ...words, '--socket', lab.gate.socket])
  return { lab, gate: lab.gate, drawgate }
}

function write(gate: Gate, text: string): string {
  const path = `${gate.directory}/policy.yaml`
  writeFileSync(path, text)
  return path
}

test('a policy goes in by file and comes out as it went in', { skip }, async t => {
  const { gate, drawgate } = await gateOf(t)
  const file = write(gate, policy)
  t.match(await drawgate('apply', '-f', file, '--dry-run'), {
    status: 0,
    stdout: /\n\+ \/services\/web .*\n.*not made: revision 1 stays in force/,
  })
  t.match(await drawgate('get', 'rules'), { status: 0, stderr: 'no rules\n' }, 'a dry run changes nothing')
  t.match(await drawgate('apply', '-f', file), { status: 0, stdout: /\nrevision 2 is in force \(before: 1\)\n$/ })
  t.match(await drawgate('apply', '-f', file), { status: 0, stdout: 'nothing changed: revision 2 is in force\n' })

  const { stdout } = await drawgate('get')
  t.match(await drawgate('apply', '-f', write(gate, stdout)), { status: 0, stdout: 'nothing changed: revision 2 is in force\n' })
  const json = (await drawgate('get', '--json', '--entries')).stdout
  t.match(
    await drawgate('apply', '-f', write(gate, json)),
    { status: 0, stdout: 'nothing changed: revision 2 is in force\n' },
    'JSON is YAML too',
  )

  t.match(await drawgate('get', 'services'), { stdout: /\nweb +198.51.100.10 +tcp +80 +nat +b0 +0 +0\n/ })
  t.match(await drawgate('get', 'services', 'web/b0', '--status'), { stdout: /\nshare: 1\n/ })
  t.match(await drawgate('get', 'interfaces'), { stdout: /\nc0 +auto +auto +attached +c0 \((native|generic), (tcx|clsact)\)\n/ })
  t.match(await drawgate('get', 'devices'), { stdout: /\nc0 +\d+ +veth +veth +1500 +yes +attached .*10\.1\.0\.1/ })
  t.match(await drawgate('status'), { stdout: /revision +2\n[\s\S]*inSync +yes\n[\s\S]*\nservice_ids +1 / })
  t.match(JSON.parse((await drawgate('status', '--json')).stdout), { revision: 2, revisionInForce: 2, inSync: true })
})

test('a policy that cannot be is refused by its lines and changes nothing', { skip }, async t => {
  const { gate, drawgate } = await gateOf(t)
  const file = write(
    gate,
    `${policy}sets: { s: { entries: [10.0.0.7/8] } }\n`.replace('dsr-l2', 'nat').replace('["8080"]', '["8080", "90-80"]'),
  )
  const refused = await drawgate('apply', '-f', file)
  t.match(refused, {
    status: 1,
    stdout: '',
    stderr: /policy.yaml:\d+ {2}\/sets\/s\/entries\/0\n +10.0.0.7\/8 has bits set past \/8\n +→ write 10.0.0.0\/8/,
  })
  t.match(refused.stderr, /policy.yaml:5 {2}\/rules\/no-http-alt\/match\/destinationPorts\/1\n/)
  const json = JSON.parse((await drawgate('apply', '-f', file, '--json')).stderr)
  t.match(json, { status: 422, errorCount: 2 })
  t.match(await drawgate('apply', '-f', write(gate, 'defaults: {}\ninterfacez: {}\n')), {
    status: 1,
    stderr: /policy.yaml:2 {2}\/interfacez\n/,
  })
  t.match(await drawgate('apply', '-f', write(gate, 'a: [')), { status: 1, stderr: /not YAML/ })
  t.match(await drawgate('status'), { stdout: /revision +1\n/ })
})

test('block drops what a client sends, unblock lets it in again', { skip }, async t => {
  const { lab, gate, drawgate } = await gateOf(t)
  await drawgate('apply', '-f', write(gate, policy))
  const client = lab.client()
  const curl = async () => (await client.try(['curl', '-s', '--connect-timeout', '1', `http://${lab.backend().ipv4}/`])).stdout
  t.equal(await curl(), 'b0\n')
  t.match(await drawgate('block', client.ipv4, '--for', '10m'), { status: 1, stderr: /\(422 unsupported\)/ })
  t.equal((await drawgate('get', 'sets', 'blocked')).status, 4, 'nothing was made')

  t.match(await drawgate('block', client.ipv4), { status: 0, stdout: `${client.ipv4} is blocked (revision 3)\n` })
  t.equal(await curl(), '')
  t.match(await drawgate('get', 'rules'), { stdout: /\n +0 +blocked +ingress +deny +source @blocked +[1-9]/ })
  t.match(await drawgate('block', '2001:db8::/32', '--comment', 'ticket 1'), { status: 0 })
  t.equal((await drawgate('get', 'sets', 'blocked', '--entries')).stdout, `${client.ipv4}/32\n2001:db8::/32  # ticket 1\n`)
  t.match(await drawgate('block', client.ipv4), { status: 0, stdout: /was blocked already/ })
  t.match(await drawgate('block', '10.0.0.7/8'), { status: 1, stderr: /write 10.0.0.0\/8/ })

  t.match(await drawgate('unblock', '2001:db8::7'), { status: 4, stderr: /drawgate unblock 2001:db8::\/32/ })
  t.match(await drawgate('unblock', client.ipv4), { status: 0 })
  t.equal(await curl(), 'b0\n')
  t.match(await drawgate('unblock', client.ipv4), { status: 4, stderr: /is not blocked/ })
})

test('trace asks the loaded program', { skip }, async t => {
  const { gate, drawgate } = await gateOf(t)
  await drawgate('apply', '-f', write(gate, policy))
  const to = (port: string) => ['--source', '192.0.2.7', '--destination', '203.0.113.1', '--protocol', 'tcp', '--destination-port', port]
  const traced = await drawgate('trace', ...to('8080'), '--interface', 'c0')
  t.match(traced, { status: 0, stdout: /^DROP {2}reason rule, rule no-http-alt, revision 2/ })
  t.match(traced.stdout, /\n {2}├─ parse .*\n[\s\S]*\n {2}└─ firewall +rule +no-http-alt\n$/)
  t.match(await drawgate('trace', ...to('8081')), { status: 0, stdout: /^PASS {2}reason default/ })
  t.match(await drawgate('trace', ...to('8081'), '--expect', 'drop'), { status: 1, stderr: /the verdict is pass, not drop/ })
  const json = JSON.parse((await drawgate('trace', ...to('8080'), '--json')).stdout) as { verdict: string; packet: string }
  t.match(json, { verdict: 'drop', rule: 'no-http-alt' })
  const again = JSON.parse((await drawgate('trace', '--packet', Buffer.from(json.packet, 'base64').toString('hex'), '--json')).stdout)
  t.match(again, { verdict: 'drop', rule: 'no-http-alt' }, 'the same packet as bytes')
  t.match(await drawgate('trace', ...to('8080'), '--icmp', '8'), { status: 1, stderr: /\n {2}--icmp\n/ })
  t.match(await drawgate('trace', ...to('8080'), '--interface', 'c9'), {
    status: 1,
    stderr: /\n {2}--interface\n {4}this host has no device c9/,
  })
})

test('tokens open the API on TCP as far as their role goes', { skip }, async t => {
  const { gate, drawgate } = await gateOf(t, { listen: '127.0.0.1:8080' })
  const remote = (...words: string[]) => gate.try([...gate.drawgate, ...words, '--url', 'http://127.0.0.1:8080'])
  t.match(await remote('status'), { status: 5, stderr: /\(401 unauthenticated\)/ })
  const secret = (await drawgate('token', 'create', 'reader', '--role', 'viewer', '--expires-in', '1h')).stdout.trim()
  t.match(await remote('status', '--token', secret), { status: 0 })
  t.match(await remote('apply', '-f', write(gate, policy), '--token', secret), { status: 5, stderr: /\(403 forbidden\)/ })
  t.match(await drawgate('token', 'list'), { stdout: /\nreader +viewer +- +\d{4}-/ })
  t.match(await drawgate('token', 'create', 'reader'), { status: 1, stderr: /\(409 exists\)/ })
  t.match(await drawgate('token', 'revoke', 'reader'), { status: 0 })
  t.match(await remote('status', '--token', secret), { status: 5 })
  t.match(await drawgate('token', 'revoke', 'reader'), { status: 4 })
})

test('the kernel goes on without the daemon until detach', { skip }, async t => {
  const { gate, drawgate } = await gateOf(t)
  await drawgate('apply', '-f', write(gate, policy))
  await gate.daemon.stop()
  t.equal(await gate.daemon.ended, 0, 'SIGTERM ends it well')
  t.match(await drawgate('get'), { status: 3, stderr: /no daemon at .*api.sock\n.*drawgate serve --socket/ })
  t.ok(existsSync(`${gate.pinDir}/v1/xdp_ingress`))
  const link = () => gate.exec(['ip', '-details', 'link', 'show', 'c0'])
  t.match(await link(), /prog\/xdp/)

  const detached = await gate.try([...gate.drawgate, 'detach', '--pin-dir', gate.pinDir])
  t.match(detached, { status: 0, stdout: /^removed xdp_ingress from c0\n/ })
  t.notMatch(await link(), /prog\/xdp/)
  t.notOk(existsSync(`${gate.pinDir}/v1/xdp_ingress`))
  t.match(await gate.try([...gate.drawgate, 'detach', '--pin-dir', gate.pinDir]), { status: 0, stdout: /^nothing of drawgate at/ })
  t.same(JSON.parse(await gate.exec([...gate.drawgate, 'detach', '--json', '--pin-dir', gate.pinDir])), { removed: [] })
})

test('a daemon that cannot start says why', { skip }, async t => {
  const { gate } = await gateOf(t)
  const serve = (...words: string[]) => gate.try([...gate.drawgate, 'serve', ...words])
  const places = ['--socket', `${gate.directory}/b.sock`, '--pin-dir', `${gate.directory}/bpf/b`]
  t.match(
    await serve(...places, '--state-dir', gate.stateDir),
    { status: 1, stderr: /^drawgate: the daemon did not start: .*\n$/ },
    'the state directory is taken',
  )
  const fresh = [...places, '--state-dir', `${gate.directory}/b`]
  t.match(await serve(...fresh, '--listen', '192.0.2.1:80'), { status: 1, stderr: /not on loopback/ })
  t.match(await serve(...fresh, '--policy', write(gate, 'rules: 5')), { status: 1, stderr: /policy.yaml: / })
  t.match(await serve('--bogus'), { status: 2 })
})

test('everything that serve needs may come from the environment', { skip }, async t => {
  const lab = await Lab.create({ clients: 1, backends: 0 })
  t.teardown(() => lab.close())
  const { gate } = lab
  const environment = {
    DRAWGATE_SOCKET: gate.socket,
    DRAWGATE_STATE_DIR: gate.stateDir,
    DRAWGATE_PIN_DIR: gate.pinDir,
    DRAWGATE_POLICY: write(gate, policy),
    DRAWGATE_LISTEN: '',
  }
  const [command = '', ...words] = [...gate.enter, ...gate.drawgate, 'serve']
  const daemon = spawn(command, words, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => daemon.kill('SIGKILL'))
  let log = ''
  for await (const part of daemon.stdout) {
    log += String(part)
    if (log.includes('"ready"')) break
  }
  const client = await gate.exec(['env', `DRAWGATE_SOCKET=${gate.socket}`, ...gate.drawgate, 'get', 'rules'])
  t.match(client, /no-http-alt/, 'the policy was read into the empty store')
  daemon.kill('SIGINT')
  t.same(await once(daemon, 'exit'), [0, null])
})
