/** GET /v1/events: from a packet on a device to a line of the stream, and what becomes of listeners that fall behind, come back or stay. */
import { execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pino } from 'pino'
import t from 'tap'
import { Dataplane } from '../../controlplane/dataplane/dataplane.ts'
import { enterNewNetwork } from '../../controlplane/native/namespace.ts'
import { prefixKey } from '../../controlplane/policy/prefix.ts'
import { serve } from '../../controlplane/serve.ts'
import type { Happening } from '../../controlplane/visibility/happening.ts'
import { EventClient } from './listener.ts'
import { box } from './support.ts'

enterNewNetwork()
execFileSync('ip', ['link', 'set', 'lo', 'up'])

const policy = {
  defaults: { ingress: 'allow', egress: 'allow', management: [] },
  interfaces: { lo: { xdp: 'off' } },
  rules: {
    nine: { priority: 1, direction: 'ingress', action: 'deny', match: { protocol: 'udp', destinationPorts: ['9'] } },
    ten: { priority: 2, direction: 'ingress', action: 'deny', match: { protocol: 'udp', destinationPorts: ['10'] } },
  },
}

async function daemon(t: { teardown(work: () => unknown): void }) {
  const directory = mkdtempSync(join(tmpdir(), 'drawgate-events-'))
  const pinDir = join('/sys/fs/bpf', basename(directory))
  t.teardown(async () => {
    await Dataplane.detachAll(pinDir)
    rmSync(directory, { recursive: true, force: true })
  })
  const socketPath = join(directory, 'api.sock')
  const start = () =>
    serve({ socket: socketPath, stateDir: join(directory, 'state'), pinDir, log: pino({ level: process.env.LOG ?? 'silent' }) })
  const put = (path: string, body: unknown) =>
    new Promise<number>((resolve, reject) => {
      const asked = request({ socketPath, method: 'PUT', path, agent: false, headers: { 'content-type': 'application/json' } }, answer => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
      })
      asked.on('error', reject).end(JSON.stringify(body))
    })
  const ask = (path: string) =>
    new Promise<unknown>((resolve, reject) => {
      const asked = request({ socketPath, path, agent: false }, answer => {
        let text = ''
        answer
          .setEncoding('utf8')
          .on('data', (piece: string) => {
            text += piece
          })
          .on('end', () => resolve(JSON.parse(text)))
      })
      asked.on('error', reject).end()
    })
  return { start, put, ask, socketPath }
}

/** One datagram to this host. */
function send(port: number, address = '127.0.0.1', from?: string): Promise<void> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  return new Promise((resolve, reject) => {
    const sent = (error: Error | null) => {
      socket.close()
      if (error) reject(error)
      else resolve()
    }
    socket.bind(0, from, () => socket.send('x', port, address, sent))
  })
}

t.test('a dropped packet is told to those who asked for such', async t => {
  const { start, put, socketPath } = await daemon(t)
  const serving = await start()
  t.teardown(() => serving.close())
  const all = await EventClient.open({ socketPath })
  t.match(all, { status: 200, headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
  t.equal(await put('/v1/policy', policy), 200)
  const told = await all.until(({ event }) => event === 'attach')
  t.match(
    told.map(({ event, data }) => [event, data]),
    [
      ['policy', { revision: 2, who: /^uid /, cause: 'PUT /v1/policy' }],
      ['attach', { device: 'lo', state: 'attached', mode: 'off' }],
    ],
  )

  const ten = await EventClient.open({ socketPath }, '?type=drop&rule=ten')
  const ipv6 = await EventClient.open({ socketPath }, '?type=drop&source=::1/128')
  await send(9)
  await send(10)
  await send(9, '::1')
  const nine = { hook: 'tc_ingress', direction: 'ingress', interface: 'lo', verdict: 'drop', reason: 'rule', protocol: 'udp', length: 29 }
  t.match(await all.next(3), [
    { event: 'drop', data: { ...nine, rule: 'nine', source: '127.0.0.1', destination: '127.0.0.1', destinationPort: 9, time: /^20.*Z$/ } },
    { event: 'drop', data: { ...nine, rule: 'ten', destinationPort: 10 } },
    { event: 'drop', data: { ...nine, rule: 'nine', source: '::1', length: 49 } },
  ])
  t.match(await ten.next(), [{ data: { rule: 'ten' } }])
  t.match(await ipv6.next(), [{ data: { source: '::1' } }])
  for (const client of [all, ten, ipv6]) client.close()
})

t.test('the kernel is asked for no more than somebody wants, and again when a rule has another number', async t => {
  const { start, put, socketPath } = await daemon(t)
  const serving = await start()
  t.teardown(() => serving.close())
  await put('/v1/policy', policy)
  const ten = await EventClient.open({ socketPath }, '?type=drop&rule=ten')
  await put('/v1/policy', { ...policy, rules: { nine: policy.rules.nine } })
  await put('/v1/policy', {
    ...policy,
    rules: { nine: policy.rules.nine, later: { ...policy.rules.ten, priority: 5, action: 'allow' }, ten: policy.rules.ten },
  })
  await send(9)
  await send(10)
  t.match(await ten.next(), [{ event: 'drop', data: { rule: 'ten' } }])
  ten.close()
})

t.test('a listener that comes back has missed nothing; after a restart it is told that it may have', async t => {
  const { start, put, socketPath } = await daemon(t)
  let serving = await start()
  t.teardown(() => serving.close())
  await put('/v1/policy', policy)
  const first = await EventClient.open({ socketPath }, '?type=drop')
  await send(9)
  const id = (await first.next())[0]?.id ?? ''
  t.match(id, /^[0-9a-z]+-[0-9]+$/)
  first.close()
  await send(10)
  await send(9)
  const second = await EventClient.open({ socketPath }, '?type=drop', { 'last-event-id': id })
  const [ten, nine] = await second.next(2)
  t.match([ten, nine], [{ data: { rule: 'ten' } }, { data: { rule: 'nine' } }])

  const began = Date.now()
  await serving.close()
  t.ok(Date.now() - began < 1000, 'an open stream does not hold the daemon')
  await second.closed
  serving = await start()
  const third = await EventClient.open({ socketPath }, '?type=drop', { 'last-event-id': nine?.id ?? '' })
  await send(9)
  t.match(await third.next(2), [
    { event: 'lost', data: { cause: 'restart', events: null } },
    { event: 'drop', data: { rule: 'nine' } },
  ])
  third.close()
})

t.test('who scans is told, and put into a set where the detector is to', async t => {
  const { start, put, ask, socketPath } = await daemon(t)
  const serving = await start()
  t.teardown(() => serving.close())
  const scan = { type: 'portScan', window: '1h', threshold: 20 }
  const guarded = {
    ...policy,
    sets: { scanners: {} },
    rules: { blocked: { direction: 'ingress', action: 'deny', match: { source: ['@scanners'] } } },
    detectors: {
      told: { ...scan, exempt: ['127.0.0.7'] },
      caught: { ...scan, set: 'scanners', enforcement: 'enforce', exempt: ['127.0.0.8', '127.0.0.0/28'] },
      wide: { ...scan, per: 'sourcePrefix', set: 'scanners', exempt: ['127.0.2.7'], threshold: 40 },
    },
  }
  t.equal(await put('/v1/policy', guarded), 200)
  const client = await EventClient.open({ socketPath }, '?type=detection,drop')
  const scanFrom = async (source: string, ports: number) => {
    for (let port = 1; port <= ports; port++) await send(port, '127.0.0.1', source)
  }
  const detection = { type: 'portScan', value: 20, window: '1h', time: /^20/ }
  await scanFrom('127.0.1.7', 25)
  const seen = await client.next(2)
  t.match(
    seen.sort((a, b) => String(a.data.detector).localeCompare(String(b.data.detector))),
    [
      { data: { ...detection, detector: 'caught', source: '127.0.1.7', enforced: true, set: 'scanners' } },
      { data: { ...detection, detector: 'told', source: '127.0.1.7', enforced: false } },
    ],
  )
  await send(26, '127.0.0.1', '127.0.1.7')
  t.match(await client.next(), [{ event: 'drop', data: { rule: 'blocked', source: '127.0.1.7' } }])
  const entries = async () => ((await ask('/v1/sets/scanners/entries')) as { items: { prefix: string; comment: string }[] }).items
  t.match(await entries(), [{ prefix: '127.0.1.7/32', comment: 'portScan, noticed by caught' }])

  await scanFrom('127.0.0.9', 25)
  t.match(
    await client.until(({ event }) => event === 'detection'),
    [{ data: { detector: 'told', source: '127.0.0.9' } }],
    'exempt from one of them',
  )
  await scanFrom('127.0.2.9', 30)
  await scanFrom('127.0.3.9', 50)
  const prefixes = (await client.until(({ data }) => data.detector === 'wide')).at(-1)
  t.match(prefixes, { data: { source: '127.0.3.0/24', enforced: true, value: 40 } })
  t.same((await entries()).map(({ prefix }) => prefix).sort(), ['127.0.1.7/32', '127.0.2.9/32', '127.0.3.0/24', '127.0.3.9/32'])
  client.close()
})

const happening = (n: number, size = 10): Happening => ({
  type: n % 2 === 0 ? 'drop' : 'match',
  time: Date.now(),
  rule: `rule-${n % 3}`,
  reason: n % 5 === 0 ? 'rule' : 'default',
  source: prefixKey({ family: 4, bytes: Uint8Array.of(192, 0, 2, n & 255), length: 32 }),
  data: () => ({ n, text: 'x'.repeat(size) }),
})

t.test('filters hold together', async t => {
  const { app, journal, secrets } = await box(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const port = (app.server.address() as { port: number }).port
  const headers = { authorization: `Bearer ${secrets.viewer}` }
  const numbers = async (query: string, count: number) => {
    const client = await EventClient.open({ port }, query, headers)
    for (let n = 0; n < 30; n++) journal.tell(happening(n))
    const told = await client.next(count)
    client.close()
    return told.map(({ data }) => data.n)
  }
  t.same(
    await numbers('', 30),
    Array.from({ length: 30 }, (_, n) => n),
  )
  t.same(await numbers('?type=match', 3), [1, 3, 5])
  t.same(await numbers('?type=drop,match&rule=rule-1', 3), [1, 4, 7])
  t.same(await numbers('?reason=rule&type=drop', 3), [0, 10, 20])
  t.same(await numbers('?source=192.0.2.16/29', 8), [16, 17, 18, 19, 20, 21, 22, 23])
  t.same(await numbers('?source=192.0.2.16/29&rule=rule-0&reason=default', 2), [18, 21])

  for (const query of ['?type=', '?type=nothing', '?type=drop,', '?reason=none', '?source=192.0.2.1/24', '?rule=A', '?typ=drop'])
    t.match((await EventClient.open({ port }, query, headers)).status, query.includes('source') ? 422 : 400, query)
  t.equal((await EventClient.open({ port })).status, 401)
})

t.test('a slow reader falls behind and is told by how much', async t => {
  const { app, journal, secrets } = await box(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const target = { port: (app.server.address() as { port: number }).port }
  const headers = { authorization: `Bearer ${secrets.viewer}` }
  const slow = await EventClient.open(target, '', headers, false)
  const quick = await EventClient.open(target, '?type=drop', headers)
  const total = 20_000
  for (let n = 0; n < total; n++) {
    journal.tell(happening(n, 2000))
    if (n % 1000 === 999) await quick.next(500)
  }
  slow.read()
  let seen = 0
  let missed = 0
  for (let last = -1; last < total - 1; ) {
    const [one] = await slow.next()
    if (one?.event === 'lost') {
      missed += one.data.events as number
      last += one.data.events as number
    } else {
      if (one?.data.n !== last + 1) t.equal(one?.data.n, last + 1, 'in order, and nothing is left out silently')
      last++
      seen++
    }
  }
  t.equal(seen + missed, total)
  t.ok(missed > 0 && seen >= 4096, `${missed} missed`)
  // Behind what the gate has told at its start, and with the two that are told here.
  const old = await EventClient.open(target, '', { ...headers, 'last-event-id': `${(await idOf(quick))?.split('-')[0]}-0` })
  t.match(await old.next(1), [{ event: 'lost', data: { cause: 'journal', events: total + 3 - 4096 } }])

  async function idOf(client: EventClient) {
    journal.tell(happening(0))
    journal.tell(happening(2))
    return (await client.next(2))[1]?.id
  }
})

t.test('every role may listen', async t => {
  const { app, secrets } = await box(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const target = { port: (app.server.address() as { port: number }).port }
  for (const role of ['viewer', 'operator', 'admin'] as const) {
    const client = await EventClient.open(target, '', { authorization: `Bearer ${secrets[role]}` })
    t.equal(client.status, 200, role)
    client.close()
  }
})
