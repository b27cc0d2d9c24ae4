/** TLS and client certificates, signed by authorities that openssl made: who comes in, as whom, and who reads why not. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { join } from 'node:path'
import t from 'tap'
import { alternativeNames } from '../../controlplane/api/certificates.ts'
import { enterNewNetwork } from '../../controlplane/native/namespace.ts'
import { serve } from '../../controlplane/serve.ts'
import { drawgate } from '../cli/terminal.ts'
import { Authority, ask, places, type Question } from './places.ts'

enterNewNetwork()
execFileSync('ip', ['link', 'set', 'lo', 'up'])

const text = (path: string) => readFileSync(path, 'utf8')
const allow = { direction: 'ingress', action: 'allow', match: {} }

t.test('a client certificate is somebody with a role', async t => {
  const { directory, ...options } = places(t)
  const ours = new Authority(directory, 'ours')
  const theirs = new Authority(directory, 'theirs')
  const own = ours.sign('gate', '/CN=gate', 'IP:127.0.0.1,DNS:gate.example', { usage: 'serverAuth' })
  const daemon = await serve({
    ...options,
    listen: '0.0.0.0:0',
    tls: { ...own, clientCa: `${ours.path}.pem` },
    hosts: ['127.0.0.1'],
  })
  t.teardown(() => daemon.close())
  const unix = { socketPath: options.socket }
  const make = (body: object) => ask(unix, 'POST', '/v1/tokens', { body })
  const made = await make({ name: 'deploy', role: 'operator', certificate: 'cn:deploy' })
  t.match(made, { status: 201, body: /"certificate":"cn:deploy"/ })
  t.notMatch(made.body, /secret/, 'the certificate is the secret')
  const ca = text(`${ours.path}.pem`)
  const as = (pair?: { cert: string; key: string }): Question => (pair ? { ca, cert: text(pair.cert), key: text(pair.key) } : { ca })
  const tls = (method: string, path: string, question: Question) => ask({ port: daemon.port }, method, path, question)
  const deploy = as(ours.sign('deploy', '/O=Example/CN=deploy', ''))

  t.match(await tls('PUT', '/v1/rules/r', { ...deploy, body: allow }), { status: 201 })
  t.match(
    (await ask(unix, 'GET', '/v1/audit?limit=1')).body,
    /"who":"token deploy \(O=Example, CN=deploy\)","action":"PUT \/v1\/rules\/r","origin":"127.0.0.1"/,
  )
  t.match(await tls('GET', '/v1/tokens', deploy), {
    status: 403,
    body: /token deploy \(O=Example, CN=deploy\) is operator, and this needs admin/,
  })
  t.match(await tls('GET', '/v1/policy', { ...deploy, maxVersion: 'TLSv1.2' }), { status: 200 })
  await t.rejects(tls('GET', '/v1/policy', { ...deploy, maxVersion: 'TLSv1.1' }), 'TLS 1.1 is over')

  const refused = async (question: Question, detail: RegExp) =>
    t.match(await tls('GET', '/v1/policy', question), { status: 401, body: detail, headers: { 'content-type': /problem/ } })
  await refused(as(), /no bearer token was sent/)
  await refused(as(theirs.sign('forged', '/CN=deploy', '')), /certificate of CN=deploy is not accepted/)
  await refused(as(ours.sign('old', '/CN=deploy', '', { days: -1 })), /not accepted: CERT_HAS_EXPIRED/)
  await refused(as(ours.sign('server', '/CN=deploy', '', { usage: 'serverAuth' })), /not accepted: INVALID_PURPOSE/)
  const stranger = ours.sign('stranger', '/CN=stranger', 'URI:spiffe://example.org/stranger,DNS:Stranger.Example')
  await refused(as(stranger), /is nobody's.*drawgate token create NAME --role viewer --certificate 'cn:stranger'/)

  await make({ name: 'by-uri', role: 'viewer', certificate: 'uri:spiffe://example.org/stranger' })
  t.match(await tls('GET', '/v1/policy', as(stranger)), { status: 200 })
  t.match(await tls('PUT', '/v1/rules/r', { ...as(stranger), body: allow }), { status: 403 })
  await ask(unix, 'DELETE', '/v1/tokens/by-uri')
  await refused(as(stranger), /nobody's/)
  const print = execFileSync('openssl', ['x509', '-in', stranger.cert, '-noout', '-fingerprint', '-sha256'], { encoding: 'utf8' })
  const fingerprint = `sha256:${print.trim().split('=')[1]}`
  t.match(await make({ name: 'by-print', role: 'admin', certificate: fingerprint }), { status: 201 })
  t.match(await make({ name: 'again', role: 'viewer', certificate: fingerprint.toLowerCase() }), {
    status: 409,
    body: /token by-print is for sha256/,
  })
  t.match(await tls('GET', '/v1/tokens', as(stranger)), { status: 200 })
  t.match(await make({ name: 'bad', role: 'viewer', certificate: 'deploy' }), { status: 400, body: /\/certificate/ })

  const { secret } = JSON.parse((await make({ name: 'borne', role: 'viewer' })).body)
  const bearer = { headers: { authorization: `Bearer ${secret}` } }
  t.match(await tls('GET', '/v1/policy', { ca, ...bearer }), { status: 200 }, 'a token needs no certificate')
  t.match(await tls('PUT', '/v1/rules/r', { ...deploy, ...bearer, body: allow }), { status: 403 }, 'and is what counts beside one')
  t.match(await tls('GET', '/v1/policy', { ca, headers: { authorization: `Bearer ${secret}`, host: 'gate.example' } }), { status: 403 })
})

t.test('certificates are read again while connections go on', async t => {
  const { directory, ...options } = places(t)
  const first = new Authority(directory, 'first')
  const second = new Authority(directory, 'second')
  const files = { cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem'), clientCa: join(directory, 'clients.pem') }
  const put = (authority: Authority) => {
    const pair = authority.sign(`gate-${authority.name}`, '/CN=gate', 'IP:127.0.0.1', { usage: 'serverAuth' })
    copyFileSync(pair.cert, files.cert)
    copyFileSync(pair.key, files.key)
    copyFileSync(`${authority.path}.pem`, files.clientCa)
  }
  put(first)
  const daemon = await serve({ ...options, listen: '127.0.0.1:0', tls: files })
  t.teardown(() => daemon.close())
  await ask({ socketPath: options.socket }, 'POST', '/v1/tokens', { body: { name: 'me', role: 'viewer', certificate: 'cn:me' } })
  const by = (authority: Authority) => {
    const pair = authority.sign(`me-${authority.name}`, '/CN=me', '')
    return { ca: text(`${authority.path}.pem`), cert: text(pair.cert), key: text(pair.key) }
  }
  const old = by(first)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  const get = (question: Question) => ask({ port: daemon.port }, 'GET', '/v1/policy', question)
  t.match(await get({ ...old, agent }), { status: 200 })
  const [socket] = Object.values(agent.freeSockets)[0] ?? []

  copyFileSync(`${second.path}.pem`, files.cert)
  t.throws(() => daemon.reload(), { message: /--tls-key .* does not open --tls-cert/ })
  t.match(await get(old), { status: 200 }, 'what was there stays')
  put(second)
  daemon.reload()
  t.match(await get(by(second)), { status: 200 })
  await t.rejects(get(old), { code: /CERT|SIGNATURE|ISSUER/ }, 'new connections get the new certificate')
  t.match(await get({ ...old, ca: text(`${second.path}.pem`) }), { status: 401 }, 'and the new authority is the one that counts')
  t.match(await get({ ...old, agent }), { status: 200 })
  t.equal(Object.values(agent.freeSockets)[0]?.[0], socket, 'on the connection that was there')
})

t.test('the command line over TLS', async t => {
  const { directory, ...options } = places(t)
  const ours = new Authority(directory, 'ours')
  const own = ours.sign('gate', '/CN=gate', 'IP:127.0.0.1', { usage: 'serverAuth' })
  const daemon = await serve({ ...options, listen: '127.0.0.1:0', tls: { ...own, clientCa: `${ours.path}.pem` } })
  t.teardown(() => daemon.close())
  const me = ours.sign('me', '/CN=me', '')
  t.match(await drawgate(['token', 'create', 'me', '--role', 'viewer', '--certificate', 'cn:me', '--socket', options.socket]), {
    code: 0,
    out: 'token me (viewer) is for cn:me\n',
  })
  t.match(await drawgate(['token', 'list', '--socket', options.socket]), { out: /\nme +viewer +.*cn:me/ })
  const url = ['--url', `https://127.0.0.1:${daemon.port}`]
  const pair = ['--cert', me.cert, '--key', me.key]
  const ca = ['--ca', `${ours.path}.pem`]
  t.match(await drawgate(['status', ...url, ...ca, ...pair]), { code: 0, out: /inSync +yes/ })
  t.match(await drawgate(['get', 'rules', ...url, ...ca, ...pair]), { code: 0 })
  t.match(await drawgate(['status', ...url, ...pair]), { code: 3, err: /is not trusted.*\n.*--ca FILE/ })
  t.match(await drawgate(['status', ...url, ...ca]), { code: 5 })
  t.match(await drawgate(['status', ...url, ...ca, '--cert', me.cert]), { code: 2, err: /needs its key/ })
  t.match(await drawgate(['status', ...url, '--ca', '/nonexistent']), { code: 2, err: /--ca \/nonexistent cannot be read/ })
})

t.test('TLS that cannot be is said at start', async t => {
  const { directory, ...options } = places(t)
  const ours = new Authority(directory, 'ours')
  const own = ours.sign('gate', '/CN=gate', 'IP:127.0.0.1')
  const old = ours.sign('old', '/CN=gate', 'IP:127.0.0.1', { days: -1 })
  const listen = '127.0.0.1:0'
  for (const [change, message] of [
    [{ tls: own }, /add it, or leave TLS out/],
    [{ listen, tls: { ...own, cert: '/nonexistent' } }, /--tls-cert \/nonexistent cannot be read/],
    [{ listen, tls: { ...own, key: `${ours.path}.key` } }, /does not open --tls-cert .*give the key it was made with/],
    [{ listen, tls: { ...own, cert: own.key } }, /holds no certificate/],
    [{ listen, tls: { ...own, clientCa: own.key } }, /--client-ca .* holds no certificate/],
    [{ listen, tls: old }, /ended on .*renewed/],
    [{ listen: '0.0.0.0:8443' }, /not on loopback.*--tls-cert FILE --tls-key FILE/],
  ] as const)
    await t.rejects(serve({ ...options, ...change }), { message }, JSON.stringify(change))
})

t.test('names of certificates that try to look like two', t => {
  t.same(alternativeNames('DNS:a.example, URI:spiffe://b/c, IP Address:127.0.0.1'), ['dns:a.example', 'uri:spiffe://b/c'])
  t.same(alternativeNames('DNS:"a.example, URI:spiffe://admin"'), ['dns:a.example, URI:spiffe://admin'])
  t.same(alternativeNames('email:"x\\", DNS:admin"'), ['email:x", DNS:admin'])
  t.same(alternativeNames(''), [])
  t.end()
})
