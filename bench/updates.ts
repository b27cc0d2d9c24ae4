/**
 * How long a change of the policy takes until it is enforced, asked of a daemon over its socket: `npm run bench -- --updates 1000000`. Every
 * figure is what a client sees, from the first byte that it sends to the answer.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Dataplane } from '../controlplane/dataplane/dataplane.ts'
import { enterNewNetwork } from '../controlplane/native/namespace.ts'
import { fillRing, fillSeconds, ringSlots } from '../controlplane/policy/maglev.ts'
import { formatPrefix, prefixFromKey } from '../controlplane/policy/prefix.ts'
import { checkout, until } from '../test/lab/host.ts'
import { randomPrefixes } from './prefixes.ts'

export interface Update {
  readonly name: string
  readonly ms: readonly number[]
  /** What was seen beside it. */
  readonly note?: string
}

class Daemon {
  readonly directory = mkdtempSync(join(tmpdir(), 'drawgate-updates-'))
  readonly #pinDir = `/sys/fs/bpf/drawgate_updates_${process.pid}`
  readonly #child: ChildProcess
  readonly #agent = new Agent()

  constructor() {
    const places = ['--socket', this.#socket, '--state-dir', join(this.directory, 'state'), '--pin-dir', this.#pinDir]
    this.#child = spawn(process.execPath, [join(checkout, 'dist/controlplane/main.js'), 'serve', ...places], { stdio: 'ignore' })
  }

  get #socket(): string {
    return join(this.directory, 'api.sock')
  }

  async ready(): Promise<void> {
    await until('the daemon is ready', async () => (await this.ask('GET', '/readyz').catch(() => ({ status: 0 }))).status === 200, 30_000)
  }

  /** Throws where the answer is no success. */
  async write(method: string, path: string, body: unknown): Promise<number> {
    const before = performance.now()
    const { status, text } = await this.ask(method, path, body)
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 500)}`)
    return performance.now() - before
  }

  ask(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
    const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
    const type = typeof body === 'string' ? 'text/plain' : 'application/json'
    const headers = body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) }
    return new Promise((resolve, reject) => {
      const sent = request(
        { socketPath: this.#socket, method, path, headers: { host: 'localhost', ...headers }, agent: this.#agent },
        answer => {
          const parts: Buffer[] = []
          answer.on('data', part => parts.push(part)).on('error', reject)
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString() }))
        },
      )
      sent.on('error', reject).end(text)
    })
  }

  /** The most memory that the process ever held, in MiB. */
  get mostMemory(): number {
    const [, kib = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')) ?? []
    return Math.round(Number(kib) / 1024)
  }

  async stop(): Promise<void> {
    this.#agent.destroy()
    const ended = new Promise(resolve => this.#child.once('exit', resolve))
    this.#child.kill('SIGTERM')
    await ended
    await Dataplane.detachAll(this.#pinDir)
    rmSync(this.directory, { recursive: true })
  }
}

const base = { defaults: { ingress: 'allow', egress: 'allow' }, interfaces: {} }

function manyRules(count: number): Record<string, object> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `rule-${i}`,
      {
        priority: i,
        direction: 'ingress',
        action: 'deny',
        match: { source: [`10.${i >> 8}.${i & 255}.0/24`], protocol: 'tcp', destinationPorts: [String(1024 + (i % 60_000))] },
      },
    ]),
  )
}

/** Other requests, one after the other, for as long as a piece of work takes: how long each waited for its answer. */
async function beside<Result>(daemon: Daemon, work: Promise<Result>): Promise<{ result: Result; waits: number[] }> {
  const waits: number[] = []
  let done = false
  const asking = (async () => {
    while (!done) {
      const before = performance.now()
      await daemon.ask('GET', '/v1/sets/s/status')
      waits.push(performance.now() - before)
      await new Promise(resolve => setTimeout(resolve, 2))
    }
  })()
  const result = await work.finally(() => {
    done = true
  })
  await asking
  return { result, waits }
}

function manyBackends(count: number): Record<string, { address: string; weight: number }> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`b${i}`, { address: `10.2.${i >> 8}.${i & 255}`, weight: 100 }]))
}

/** The ring of a service and its second choices, computed anew with one weight changed. */
function rings(backends: number, changes: number): number[] {
  return Array.from({ length: changes }, (_, change) => {
    const all = Object.entries(manyBackends(backends)).map(([name, { weight }], at) => ({
      name,
      weight: at === 0 ? weight + change : weight,
    }))
    const before = performance.now()
    fillSeconds(all, fillRing(all, ringSlots(backends) as number))
    return performance.now() - before
  })
}

async function* rules(daemon: Daemon, changes: number): AsyncGenerator<Update> {
  for (const count of [10, 1000, 10_000]) {
    const all = manyRules(count)
    const first = await daemon.write('PUT', '/v1/policy', { ...base, sets: { s: {} }, rules: all })
    if (count === 10_000) yield { name: `${count} rules at once`, ms: [first] }
    const ms: number[] = []
    for (let i = 0; i < changes; i++) {
      const name = `rule-${(i * 7919) % count}`
      ms.push(await daemon.write('PUT', `/v1/rules/${name}`, { ...all[name], comment: `change ${i}` }))
      ms.push(await daemon.write('PATCH', `/v1/rules/${name}`, { match: { destinationPorts: [String(1024 + ((i * 31) % 60_000))] } }))
    }
    yield { name: `one rule among ${count}`, ms }
  }
}

async function* weights(daemon: Daemon, changes: number): AsyncGenerator<Update> {
  for (const backends of [100, 1000]) {
    yield { name: `the ring of ${backends} backends, rebuilt`, ms: rings(backends, changes) }
    const web = { address: '198.51.100.20', ports: ['80'], protocol: 'tcp', forwarding: 'dsr-l2', backends: manyBackends(backends) }
    await daemon.write('PUT', '/v1/policy', { ...base, services: { web } })
    const ms: number[] = []
    for (let i = 0; i < changes; i++) ms.push(await daemon.write('PATCH', `/v1/services/web/backends/b${i}`, { weight: 101 + i }))
    yield { name: `one weight among ${backends} backends, enforced`, ms }
  }
}

async function* entriesOfASet(daemon: Daemon, changes: number, entries: number): AsyncGenerator<Update> {
  await daemon.write('PUT', '/v1/policy', {
    ...base,
    sets: { s: {} },
    rules: { no: { direction: 'ingress', action: 'deny', match: { source: ['@s'] } } },
  })
  const text = randomPrefixes(entries)
    .map(key => formatPrefix(prefixFromKey(key)))
    .join('\n')
  const { result, waits } = await beside(daemon, daemon.write('PUT', '/v1/sets/s/entries', text))
  yield { name: `${entries} entries at once`, ms: [result], note: `${daemon.mostMemory} MiB for the process at most` }
  yield { name: '… other requests meanwhile', ms: waits }

  const single: number[] = []
  for (let i = 0; i < changes; i++) {
    const prefix = `198.18.${i >> 8}.${i & 255}/32`
    single.push(await daemon.write('PATCH', '/v1/sets/s/entries', { add: [prefix] }))
    single.push(await daemon.write('PATCH', '/v1/sets/s/entries', { remove: [prefix] }))
  }
  yield { name: `one entry among ${entries}`, ms: single, note: `${daemon.mostMemory} MiB for the process at most` }

  const loading = beside(
    daemon,
    daemon.write(
      'PUT',
      '/v1/sets/s/entries',
      text
        .split('\n')
        .slice(entries / 10)
        .join('\n'),
    ),
  )
  const behind: number[] = []
  for (let i = 0; i < 20; i++) behind.push(await daemon.write('PATCH', '/v1/rules/no', { comment: `change ${i}` }))
  await loading
  yield { name: `one rule, behind an upload of ${Math.round(entries * 0.9)} entries`, ms: behind }
}

/** Each story has a daemon of its own: what one leaves in memory is not told of another. */
export async function* updates(entries: number, changes: number): AsyncGenerator<Update> {
  enterNewNetwork()
  for (const story of [rules, weights, entriesOfASet]) {
    const daemon = new Daemon()
    try {
      await daemon.ready()
      yield* story(daemon, changes, entries)
    } finally {
      await daemon.stop()
    }
  }
}
