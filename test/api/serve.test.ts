/** serve(): real sockets, a real store, pins in the kernel, and what is left when it is gone. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import t from 'tap'
import { Dataplane } from '../../controlplane/dataplane/dataplane.ts'
import { enterNewNetwork } from '../../controlplane/native/namespace.ts'
import { type ServeOptions, serve } from '../../controlplane/serve.ts'
import { samplePolicy } from './support.ts'

enterNewNetwork()
execFileSync('ip', ['link', 'set', 'lo', 'up'])

interface Answer {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly body: string
}

function places(t: { teardown(work: () => unknown): void }): ServeOptions {
  const directory = mkdtempSync(join(tmpdir(), 'drawgate-serve-'))
  const pinDir = join('/sys/fs/bpf', basename(directory))
  t.teardown(async () => {
    await Dataplane.detachAll(pinDir)
    rmSync(directory, { recursive: true, force: true })
  })
  return {
    socket: join(directory, 'run/api.sock'),
    stateDir: join(directory, 'state'),
    pinDir,
    log: pino({ level: process.env.LOG ?? 'silent' }),
  }
}

function ask(
  target: { socketPath: string } | { port: number },
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  agent: Agent | false = false,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const asked = request(
      {
        ...target,
        host: '127.0.0.1',
        method,
        path,
        agent,
        headers: {
          ...(payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
          ...headers,
        },
      },
      answer => {
        let body = ''
        answer
          .setEncoding('utf8')
          .on('data', piece => {
            body += piece
          })
          .on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }))
      },
    ).on('error', reject)
    asked.end(payload)
  })
}

t.test('the unix socket is admin, TCP needs a token, and both stop', async t => {
  const options = places(t)
  const daemon = await serve({ ...options, listen: '127.0.0.1:0' })
  const unix = { socketPath: options.socket }
  const tcp = { port: daemon.port }
  t.equal(statSync(options.socket).mode & 0o777, 0o660)

  t.match(await ask(unix, 'GET', '/readyz'), { status: 200 })
  t.match(await ask(tcp, 'GET', '/readyz'), { status: 200 })
  t.match(await ask(unix, 'PUT', '/v1/policy', samplePolicy), { status: 200, headers: { 'drawgate-revision': '2' } })
  t.match(await ask(tcp, 'GET', '/v1/policy'), { status: 401 })
  const { secret } = JSON.parse((await ask(unix, 'POST', '/v1/tokens', { name: 'me', role: 'operator' })).body)
  const bearer = { authorization: `Bearer ${secret}` }
  t.match(await ask(tcp, 'GET', '/v1/policy', undefined, bearer), { status: 200 })
  t.match(await ask(tcp, 'PATCH', '/v1/policy', { defaults: { egress: 'deny' } }, bearer), { status: 200 })
  t.match(await ask(tcp, 'GET', '/v1/policy', undefined, { ...bearer, host: 'evil.example' }), { status: 403 })

  const closed = (interfaces: object) => ({ defaults: { ingress: 'deny', management: [] }, interfaces })
  const cutOff = await ask(tcp, 'PUT', '/v1/policy', closed({ lo: {} }), bearer)
  t.match(JSON.parse(cutOff.body), { status: 422, code: 'management_cut_off', errors: [{ pointer: '/interfaces/lo' }] })
  t.match(await ask(unix, 'PUT', '/v1/policy?dryRun=true', closed({ lo: {} })), { status: 200 }, 'the socket is no packet')
  t.match(await ask(tcp, 'PUT', '/v1/policy', closed({ eth0: {} }), bearer), { status: 200 })

  const garbage = await new Promise<string>(resolve => {
    let text = ''
    const socket = connect(daemon.port, '127.0.0.1', () => socket.write('GARBAGE\r\n\r\n'))
    socket
      .on('data', piece => {
        text += piece
      })
      .on('close', () => resolve(text))
  })
  t.match(garbage, /^HTTP\/1\.1 400 .*application\/problem\+json.*"code":"malformed"/s)

  await t.rejects(serve({ ...options, stateDir: `${options.stateDir}2`, pinDir: `${options.pinDir}2` }), {
    message: /another daemon listens/,
  })
  await Dataplane.detachAll(`${options.pinDir}2`)
  await daemon.close()
  t.notOk(existsSync(options.socket))
  await t.rejects(ask(tcp, 'GET', '/healthz'))
})

t.test('over TCP a change is confirmed on a connection that is newer than it', async t => {
  const options = places(t)
  const daemon = await serve({ ...options, listen: '127.0.0.1:0' })
  t.teardown(() => daemon.close())
  const unix = { socketPath: options.socket }
  const { secret } = JSON.parse((await ask(unix, 'POST', '/v1/tokens', { name: 'me', role: 'operator' })).body)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  const tcp = (method: string, path: string, body: unknown, through: Agent | false) =>
    ask({ port: daemon.port }, method, path, body, { authorization: `Bearer ${secret}` }, through)
  t.match(await tcp('PUT', '/v1/policy?confirmWithin=60s', samplePolicy, agent), { status: 202 })
  t.match(JSON.parse((await tcp('POST', '/v1/policy/confirm', { revision: 2 }, agent)).body), {
    status: 409,
    code: 'confirm_mismatch',
    hint: 'confirm on a new connection',
  })
  t.match(await tcp('POST', '/v1/policy/confirm', { revision: 2 }, false), { status: 200 })
  t.match(await tcp('PATCH', '/v1/policy?confirmWithin=60s', { defaults: { egress: 'deny' } }, agent), { status: 202 })
  t.match(await ask(unix, 'POST', '/v1/policy/confirm', { revision: 3 }), { status: 200 }, 'the socket needs no network')
})

t.test('a restart in place changes nothing that is enforced', async t => {
  const options = places(t)
  const first = await serve(options)
  await ask({ socketPath: options.socket }, 'PUT', '/v1/policy', samplePolicy)
  await first.close()
  const second = await serve(options)
  t.teardown(() => second.close())
  t.equal(second.gate.revision, 2, 'no new revision')
  t.match(await ask({ socketPath: options.socket }, 'GET', '/v1/policy'), { status: 200, headers: { etag: '"2"' } })
})

t.test('killed at any moment, it comes back with what it acknowledged', async t => {
  const options = places(t)
  const script = fileURLToPath(new URL('./serve-child.js', import.meta.url))
  let acknowledged = 0
  for (let round = 0; round < 3; round++) {
    const child = spawn(
      process.execPath,
      [script, JSON.stringify({ socket: options.socket, stateDir: options.stateDir, pinDir: options.pinDir })],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await new Promise(resolve => child.stdout.once('data', resolve))
    const exited = new Promise(resolve => child.once('exit', resolve))
    const writes = Array.from({ length: 50 }, (_, at) =>
      ask({ socketPath: options.socket }, 'PUT', `/v1/rules/r${round}-${at}`, { direction: 'ingress', action: 'allow', match: {} }),
    )
    for (const [at, write] of writes.entries()) {
      write.then(
        answer => {
          if (answer.status === 201) acknowledged++
          if (at === 10 + round * 7) child.kill('SIGKILL')
        },
        () => undefined,
      )
    }
    await exited
    await Promise.allSettled(writes)
  }
  const daemon = await serve(options)
  t.teardown(() => daemon.close())
  const rules = Object.keys(daemon.gate.document.rules ?? {}).length
  t.ok(rules >= acknowledged && rules <= acknowledged + 3, `${acknowledged} were acknowledged, ${rules} are there`)
  t.equal(daemon.gate.trouble, undefined)
})

t.test('without the store the kernel is not opened by accident', async t => {
  const options = places(t)
  const first = await serve(options)
  await ask({ socketPath: options.socket }, 'PUT', '/v1/policy', samplePolicy)
  await first.close()
  rmSync(options.stateDir, { recursive: true })
  await t.rejects(serve(options), { message: /the kernel enforces revision 2 and the store is empty.*--policy FILE.*drawgate detach/ })
  const file = join(options.stateDir, '../policy.yaml')
  writeFileSync(file, 'defaults: { ingress: allow }\ninterfaces: {}\n')
  const again = await serve({ ...options, policy: file })
  t.equal(again.gate.revision, 3)
  await again.close()
})

t.test('what cannot be served is said before anything is touched', async t => {
  const options = places(t)
  for (const [change, message] of [
    [{ listen: '0.0.0.0:8080' }, /not on loopback.*TLS/],
    [{ listen: '192.0.2.1:80' }, /not on loopback/],
    [{ listen: '[::]:80' }, /not on loopback/],
    [{ listen: '8080' }, /HOST:PORT/],
    [{ listen: '127.0.0.1:99999' }, /HOST:PORT/],
    [{ policy: '/nonexistent.yaml' }, /nonexistent/],
  ] as const)
    await t.rejects(serve({ ...options, ...change }), { message }, JSON.stringify(change))
  const file = join(options.stateDir, '../bad.yaml')
  writeFileSync(file, 'defaults: {}\ninterfaces: {}\ncolour: red\n')
  await t.rejects(serve({ ...options, policy: file }), { message: /bad\.yaml: .*colour/ })
  t.notOk(existsSync(options.socket))
})

function child(options: ServeOptions): { pid: number | undefined; ready: Promise<unknown>; end: () => Promise<unknown[]> } {
  const script = fileURLToPath(new URL('./serve-child.js', import.meta.url))
  const { socket, stateDir, pinDir } = options
  const daemon = spawn(process.execPath, [script, JSON.stringify({ socket, stateDir, pinDir })], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise<unknown[]>(resolve => daemon.once('exit', (...how) => resolve(how)))
  return {
    pid: daemon.pid,
    ready: new Promise(resolve => daemon.stdout.once('data', resolve)),
    end: () => {
      daemon.kill('SIGTERM')
      return exited
    },
  }
}

t.test('one daemon a state directory, and one a pin directory', async t => {
  const options = places(t)
  const { pid, ready, end } = child(options)
  await ready
  const second = { ...options, socket: `${options.socket}2` }
  await t.rejects(serve(second), { message: new RegExp(`in use by process ${pid}: .*--state-dir`) })
  await t.rejects(serve({ ...second, stateDir: `${options.stateDir}2` }), {
    message: `${options.pinDir} is served by another daemon: stop it, or give this one a --pin-dir of its own`,
  })
  t.notOk(existsSync(second.socket))
  t.same(await end(), [0, null], 'SIGTERM ends it in order')
  const next = await serve(options)
  await t.rejects(serve(second), { message: /in use by process/ }, 'in one process too')
  await next.close()
})

t.test('detach refuses beside a daemon', async t => {
  const options = places(t)
  const { ready, end } = child(options)
  await ready
  const main = fileURLToPath(new URL('../../controlplane/main.js', import.meta.url))
  const detach = () => spawnSync(process.execPath, [main, 'detach', '--pin-dir', options.pinDir], { encoding: 'utf8' })
  const refused = detach()
  t.not(refused.status, 0)
  t.match(refused.stderr, `${options.pinDir} is served by a daemon: stop the daemon first`)
  t.match(await ask({ socketPath: options.socket }, 'GET', '/readyz'), { status: 200 })
  await end()
  t.match(detach(), { status: 0, stdout: /removed pin/ })
  t.notOk(existsSync(options.pinDir))
  t.match(detach(), { status: 0, stdout: /nothing of drawgate/ })
})

t.test('a state directory that cannot be written', async t => {
  const options = places(t)
  const file = join(options.stateDir, '../file')
  writeFileSync(file, '')
  for (const stateDir of [file, join(file, 'below')])
    await t.rejects(
      serve({ ...options, stateDir }),
      { message: new RegExp(`make ${stateDir} writable, or give another --state-dir`) },
      stateDir,
    )
})
