/** The command line against the daemon and the kernel, in one lab whose daemon lives through these tests in their order. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { t as tap, test } from 'tap'
import { Layout } from '../../controlplane/dataplane/abi.ts'
import type { Output } from '../lab/host.ts'
import { cannotBuildLabs, Lab } from '../lab/lab.ts'
import { drawgate as drawgateHere, type Ended } from './terminal.ts'

const skip = cannotBuildLabs()
const lab = skip ? undefined : await Lab.create({ clients: 1, backends: 1 })
tap.teardown(() => lab?.close())
await lab?.gate.serve({ listen: '127.0.0.1:8080' })

const policy = `
defaults: { ingress: allow, egress: allow, management: [] }
interfaces: { c0: {} }
sets: { known: { entries: [203.0.113.0/24] } }
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

function theLab(): Lab {
  if (lab === undefined) throw new Error('tests that need the lab are skipped without it')
  return lab
}

/** In this process: the socket is a file, which namespaces do not hide. */
function drawgate(...words: string[]): Promise<Ended> {
  return drawgateHere([...words, '--socket', theLab().gate.socket])
}

/** As a process of its own, inside the gate. */
function command(...words: string[]): Promise<Output> {
  const { gate } = theLab()
  return gate.try([...gate.drawgate, ...words])
}

function write(text: string): string {
  const path = `${theLab().directory}/policy.yaml`
  writeFileSync(path, text)
  return path
}

test('a policy that cannot be is refused by its lines and changes nothing', { skip }, async t => {
  const before = (await drawgate('get')).out
  const file = write(policy.replace('203.0.113.0/24', '10.0.0.7/8').replace('address: 10.2.0.2', 'address: 10.2.0.256'))
  const refused = await drawgate('apply', '-f', file)
  t.match(refused, { code: 1, out: /^$/ })
  t.match(refused.err, /policy.yaml:4 {2}\/sets\/known\/entries\/0\n +10.0.0.7\/8 has bits set past \/8\n +→ write 10.0.0.0\/8/)
  t.match(refused.err, /policy.yaml:13 {2}\/services\/web\/backends\/b0\/address\n/)
  const problem = JSON.parse((await drawgate('apply', '-f', file, '--json')).err)
  t.match(problem, { errorCount: 2, errors: [{ pointer: String, code: String, detail: String }] })
  t.match(await drawgate('apply', '-f', write('defaults: {}\ninterfacez: {}\n')), { code: 1, err: /policy.yaml:2 {2}\/interfacez\n/ })
  t.match(await drawgate('apply', '-f', write('a: [')), { code: 1, err: /not YAML/ })
  t.equal((await drawgate('get')).out, before)
})

test('a policy goes in by file and comes out as it went in', { skip }, async t => {
  const file = write(policy)
  t.match(await drawgate('apply', '-f', file, '--dry-run'), {
    code: 0,
    out: /\n\+ \/services\/web .*\n[\s\S]*not made: revision \d+ stays in force/,
  })
  t.match(await drawgate('get', 'rules'), { code: 0, err: 'no rules\n' }, 'a dry run changes nothing')
  t.match(await drawgate('apply', '-f', file), {
    code: 0,
    out: /\n\+ \/rules\/no-http-alt [\s\S]*\nrevision \d+ is in force \(before: \d+\)\n$/,
  })
  const unchanged = { code: 0, out: /^nothing changed: revision \d+ is in force\n$/ }
  t.match(await drawgate('apply', '-f', file), unchanged)
  t.match(await drawgate('apply', '-f', write((await drawgate('get')).out)), unchanged)
  t.match(await drawgate('apply', '-f', write((await drawgate('get', '--json', '--entries')).out)), unchanged, 'JSON is YAML too')
})

test('lists and objects show what is declared and how it stands', { skip }, async t => {
  t.match(await drawgate('get', 'services'), { out: /\nweb +198.51.100.10 +tcp +80 +nat +b0 +0 +0\n/ })
  t.match(await drawgate('get', 'services', 'web/b0', '--status'), { out: /\nshare: 1\n/ })
  t.match(await drawgate('get', 'sets'), { out: /\nknown +1 +1 +0 / })
  t.match(await drawgate('get', 'interfaces'), { out: /\nc0 +auto +auto +attached +c0 \((native|generic), (tcx|clsact)\)\n/ })
  t.match(await drawgate('get', 'devices'), { out: /\nc0 +\d+ +veth +veth +1500 +yes +attached .*10\.1\.0\.1/ })
  t.match(await drawgate('get', 'rules', 'absent'), { code: 4 })
  t.match(await drawgate('status'), { out: /revision +\d+\n[\s\S]*inSync +yes\n[\s\S]*\nc0 +attached[\s\S]*\nservice_ids +1 / })
  t.match(JSON.parse((await drawgate('status', '--json')).out), { revision: Number, inSync: true })
})

test('block drops what a client sends, unblock lets it in again', { skip }, async t => {
  const client = theLab().client()
  const url = `http://${theLab().backend().ipv4}/`
  const curl = async () => (await client.try(['curl', '-s', '--connect-timeout', '1', url])).stdout
  t.equal(await curl(), 'b0\n')
  t.match(await drawgate('block', '192.0.2.99', '--for', '10m'), { code: 0 })
  t.match(await drawgate('unblock', '192.0.2.99'), { code: 0 })

  t.match(await drawgate('block', client.ipv4), { code: 0, out: new RegExp(`^${client.ipv4} is blocked \\(revision \\d+\\)\n$`) })
  t.equal(await curl(), '')
  t.match(await drawgate('get', 'rules'), { out: /\n +0 +blocked +ingress +deny +source @blocked +[1-9]/ })
  t.match(await drawgate('block', '2001:db8::/32', '--comment', 'ticket 1'), { code: 0 })
  t.equal((await drawgate('get', 'sets', 'blocked', '--entries')).out, `${client.ipv4}/32\n2001:db8::/32  # ticket 1\n`)
  t.match(await drawgate('block', client.ipv4), { code: 0, out: /was blocked already/ })
  t.match(await drawgate('block', '10.0.0.7/8'), { code: 1, err: /write 10.0.0.0\/8/ })

  t.match(await drawgate('unblock', '2001:db8::7'), { code: 4, err: /drawgate unblock 2001:db8::\/32/ })
  t.match(await drawgate('unblock', client.ipv4), { code: 0 })
  t.equal(await curl(), 'b0\n')
  t.match(await drawgate('unblock', client.ipv4), { code: 4, err: /is not blocked/ })
})

test('trace asks the loaded program', { skip }, async t => {
  const to = (port: string) => ['--source', '192.0.2.7', '--destination', '203.0.113.1', '--protocol', 'tcp', '--destination-port', port]
  const traced = await drawgate('trace', ...to('8080'), '--interface', 'c0')
  t.match(traced, { code: 0, out: /^DROP {2}reason rule, rule no-http-alt, revision \d/ })
  t.match(traced.out, /\n {2}├─ parse .*\n[\s\S]*\n {2}└─ firewall +rule +no-http-alt\n$/)
  t.match(await drawgate('trace', ...to('8081')), { code: 0, out: /^PASS {2}reason default/ })
  t.match(await drawgate('trace', ...to('8081'), '--expect', 'drop'), { code: 1, err: /the verdict is pass, not drop/ })
  const json = JSON.parse((await drawgate('trace', ...to('8080'), '--json')).out) as { packet: string }
  t.match(json, { verdict: 'drop', rule: 'no-http-alt' })
  const bytes = Buffer.from(json.packet, 'base64').toString('hex')
  t.match(
    JSON.parse((await drawgate('trace', '--packet', bytes, '--json')).out),
    { verdict: 'drop', rule: 'no-http-alt' },
    'the same as bytes',
  )
  t.match(await drawgate('trace', ...to('8080'), '--icmp', '8'), { code: 1, err: /\n {2}--icmp\n/ })
  t.match(await drawgate('trace', ...to('8080'), '--interface', 'c9'), {
    code: 1,
    err: /\n {2}--interface\n {4}this host has no device c9/,
  })
})

test('tokens open the API on TCP as far as their role goes', { skip }, async t => {
  const remote = (...words: string[]) => command(...words, '--url', 'http://127.0.0.1:8080')
  t.match(await remote('status'), { status: 3 }, 'nobody is listened to where nobody could come in')
  const secret = (await drawgate('token', 'create', 'reader', '--role', 'viewer', '--expires-in', '1h')).out.trim()
  t.match(await remote('status', '--token', secret), { status: 0 })
  t.match(await remote('status'), { status: 5, stderr: /\(401 unauthenticated\)/ })
  t.match(await remote('apply', '-f', write(policy), '--token', secret), { status: 5, stderr: /\(403 forbidden\)/ })
  t.match(await drawgate('token', 'list'), { out: /\nreader +viewer +- +\d{4}-/ })
  t.match(await drawgate('token', 'create', 'reader'), { code: 1, err: /\(409 exists\)/ })
  t.match(await drawgate('token', 'revoke', 'reader'), { code: 0 })
  t.match(await remote('status', '--token', secret), { status: 5 })
  t.match(await drawgate('token', 'revoke', 'reader'), { code: 4 })
})

test('a daemon that cannot start says why', { skip }, async t => {
  const { directory, gate } = theLab()
  const places = ['--socket', `${directory}/other.sock`, '--pin-dir', `${directory}/bpf/other`]
  const taken = await command('serve', ...places, '--state-dir', gate.stateDir)
  t.match(taken, { status: 1, stderr: /^drawgate: the daemon did not start: .*\n$/ }, 'the state directory is taken')
  const fresh = [...places, '--state-dir', `${directory}/other`]
  t.match(await command('serve', ...fresh, '--listen', '192.0.2.1:80'), { status: 1, stderr: /not on loopback/ })
  t.match(await command('serve', ...fresh, '--policy', write('rules: 5')), { status: 1, stderr: /policy.yaml: / })
})

test('the kernel goes on without the daemon until detach', { skip }, async t => {
  const { gate } = theLab()
  await gate.daemon.stop()
  t.equal(await gate.daemon.ended, 0, 'SIGTERM ends it well')
  t.match(await drawgate('get'), { code: 3, err: /no daemon at .*api.sock\n.*drawgate serve --socket/ })
  const link = () => gate.exec(['ip', '-details', 'link', 'show', 'c0'])
  t.match(await link(), /prog\/xdp/)
  t.ok(existsSync(`${gate.pinDir}/v${Layout.version}/xdp_ingress`))

  t.match(await command('mode', '--pin-dir', gate.pinDir), { status: 0, stdout: /^enforce\n/ })
  t.match(await command('mode', 'pass', '--for', '10m', '--pin-dir', gate.pinDir), { status: 0, stdout: /^pass until \d{4}-/ })
  t.match(await command('mode', '--pin-dir', gate.pinDir), { status: 0, stdout: /^pass until \d{4}-/ })
  t.match(await command('mode', 'open', '--pin-dir', gate.pinDir), { status: 2, stderr: /no mode open/ })
  t.match(await command('mode', 'pass', '--pin-dir', '/sys/fs/bpf/nowhere'), { status: 1, stderr: /nothing of drawgate is pinned/ })
  t.match(await command('detach', '--pin-dir', gate.pinDir), { status: 0, stdout: /^removed xdp_ingress from c0\n/ })
  t.notMatch(await link(), /prog\/xdp/)
  t.notOk(existsSync(`${gate.pinDir}/v${Layout.version}/xdp_ingress`))
  t.match(await command('detach', '--pin-dir', gate.pinDir), { status: 0, stdout: /^nothing of drawgate at/ })
  t.same(JSON.parse((await command('detach', '--json', '--pin-dir', gate.pinDir)).stdout), { removed: [] })
})

test('everything that serve needs may come from the environment', { skip }, async t => {
  const { directory, gate } = theLab()
  const environment = {
    DRAWGATE_SOCKET: `${directory}/third.sock`,
    DRAWGATE_STATE_DIR: `${directory}/third`,
    DRAWGATE_PIN_DIR: `${directory}/bpf/third`,
    DRAWGATE_POLICY: write(policy),
    DRAWGATE_LISTEN: '',
  }
  const [program = '', ...words] = [...gate.enter, ...gate.drawgate, 'serve']
  const daemon = spawn(program, words, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => daemon.kill('SIGKILL'))
  let log = ''
  for await (const part of daemon.stdout.iterator({ destroyOnReturn: false })) {
    log += String(part)
    if (log.includes('"ready"')) break
  }
  const rules = await gate.exec(['env', `DRAWGATE_SOCKET=${directory}/third.sock`, ...gate.drawgate, 'get', 'rules'])
  t.match(rules, /no-http-alt/, 'the policy was read into the empty store')
  daemon.stdout.resume()
  daemon.kill('SIGINT')
  t.same(await once(daemon, 'exit'), [0, null])
})
