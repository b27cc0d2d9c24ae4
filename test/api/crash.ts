/** A daemon that is killed at random moments of random writes: what it has acknowledged is there, and nothing is there by halves. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { Dataplane } from '../../controlplane/dataplane/dataplane.ts'
import { ether } from '../lab/packet.ts'

const childPath = fileURLToPath(new URL('./serve-child.js', import.meta.url))

export interface Place {
  readonly socket: string
  readonly stateDir: string
  readonly pinDir: string
}

export function newPlace(t: Pick<Test, 'teardown'>): Place {
  const directory = mkdtempSync(join(tmpdir(), 'drawgate-crash-'))
  const pinDir = join('/sys/fs/bpf', basename(directory))
  t.teardown(async () => {
    await Dataplane.detachAll(pinDir)
    rmSync(directory, { recursive: true, force: true })
  })
  return { socket: join(directory, 'api.sock'), stateDir: join(directory, 'state'), pinDir }
}

/** `dieAt`: the switch of the kernel's tables, counted from its start, before which it kills itself. */
export async function startDaemon(t: Pick<Test, 'teardown'>, place: Place, dieAt?: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [childPath, JSON.stringify(place), ...(dieAt === undefined ? [] : [String(dieAt)])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  await once(child.stdout as NodeJS.ReadableStream, 'data')
  return child
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: answers of any route
  readonly body: any
}

/** Rejects when the daemon goes before it has answered. */
export function ask({ socket }: Place, method: string, path: string, body?: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const headers = payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }
    const asked = request({ socketPath: socket, method, path, agent: false, headers: { host: 'localhost', ...headers } }, answer => {
      let text = ''
      answer
        .setEncoding('utf8')
        .on('data', piece => {
          text += piece
        })
        .on('error', reject)
        .on('end', () => resolve({ status: answer.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text) }))
    })
    asked.on('error', reject).end(payload)
  })
}

/** A policy that is known by one port in both directions, and has so many rules that it could be there by halves. */
export function marked(mark: number): object {
  const rule = (direction: string) => ({
    direction,
    action: 'deny',
    match: { protocol: 'udp', destinationPorts: [String(1000 + mark)] },
  })
  const more = Array.from({ length: 20 }, (_, at) => [
    `more-${at}`,
    { direction: 'ingress', priority: 2000, action: 'deny', match: { source: ['@listed'], sourcePorts: [String(1000 + mark * 20 + at)] } },
  ])
  return {
    defaults: { ingress: 'allow', egress: 'allow', management: [] },
    interfaces: {},
    sets: { listed: { description: `mark ${mark}` } },
    rules: { in: rule('ingress'), out: rule('egress'), ...Object.fromEntries(more) },
  }
}

const packetTo = (mark: number) =>
  ether()
    .ip4('192.0.2.7', '198.51.100.1')
    .udp(5, 1000 + mark)
    .bytes()

/** Of these marks, those that the kernel drops by itself, by hook. */
export async function marksInKernel({ pinDir }: Place, marks: readonly number[]): Promise<{ ingress: number[]; egress: number[] }> {
  const dataplane = await Dataplane.open({ pinDir })
  try {
    return {
      ingress: marks.filter(mark => dataplane.runProgram('xdp_ingress', packetTo(mark)).returnCode === 1),
      egress: marks.filter(mark => dataplane.runProgram('tc_egress', packetTo(mark)).returnCode === 2),
    }
  } finally {
    dataplane.close()
  }
}

interface State {
  readonly mark: number
  readonly entries: readonly string[]
  /** Waits for its confirmation; `base`: the mark that would come back. */
  readonly pending?: { readonly revision: number; readonly base: number }
}

interface Step {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly after: (answer: Answer | undefined) => State
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let hash = Math.imul(state ^ (state >>> 15), 1 | state)
    hash = (hash + Math.imul(hash ^ (hash >>> 7), 61 | hash)) ^ hash
    return ((hash ^ (hash >>> 14)) >>> 0) / 2 ** 32
  }
}

function nextStep(state: State, mark: number, random: () => number): Step {
  const { pending } = state
  const dice = random()
  if (dice < 0.4) {
    const prefix = `10.${mark >> 8}.${mark & 255}.0/24`
    return {
      method: 'PATCH',
      path: '/v1/sets/listed/entries',
      body: { add: [prefix] },
      after: () => ({ ...state, entries: [...state.entries, prefix] }),
    }
  }
  if (!pending) {
    const waits = dice > 0.7
    return {
      method: 'PUT',
      path: `/v1/policy${waits ? '?confirmWithin=1h' : ''}`,
      body: marked(mark),
      after: answer => ({
        mark,
        entries: state.entries,
        ...(waits ? { pending: { revision: answer?.body.revision ?? 0, base: state.mark } } : {}),
      }),
    }
  }
  const path = '/v1/policy/confirm'
  if (dice < 0.7)
    return { method: 'POST', path, body: { revision: pending.revision }, after: () => ({ mark: state.mark, entries: state.entries }) }
  return { method: 'DELETE', path, after: () => ({ mark: pending.base, entries: state.entries }) }
}

/** What the daemon and its tables say; its trace is that of the loaded programs. */
async function look(place: Place, marks: readonly number[]): Promise<{ state: State; traced: number[]; inSync: boolean }> {
  const { body: policy } = await ask(place, 'GET', '/v1/policy')
  const { body: status } = await ask(place, 'GET', '/v1/status')
  const { body: entries } = await ask(place, 'GET', '/v1/sets/listed/entries?limit=10000')
  const traced: number[] = []
  for (const mark of marks) {
    const fields = { source: '192.0.2.7', destination: '198.51.100.1', protocol: 'udp', sourcePort: 5, destinationPort: 1000 + mark }
    const { body } = await ask(place, 'POST', '/v1/trace', { direction: 'ingress', fields })
    if (body.verdict === 'drop') traced.push(mark)
  }
  const mark = Number(/\d+/.exec(policy.sets.listed.description)?.[0])
  const pending = status.pendingConfirm && { revision: status.pendingConfirm.revision, base: 0 }
  return {
    state: { mark, entries: entries.items.map(({ prefix }: { prefix: string }) => prefix), ...(pending ? { pending } : {}) },
    traced,
    inSync: status.inSync,
  }
}

/** So many kills; each start is held against what was acknowledged before. */
export async function crashes(t: Test, { rounds, seed }: { rounds: number; seed: number }): Promise<void> {
  t.comment(`seed ${seed}`)
  const random = randomOf(seed)
  const place = newPlace(t)
  let mark = 0
  let states: State[] = []

  for (let round = 0; round <= rounds; round++) {
    const child = await startDaemon(t, place)
    let state: State
    if (round === 0) {
      await ask(place, 'PUT', '/v1/policy', marked(0))
      state = { mark: 0, entries: [] }
    } else {
      const marks = [...new Set(states.flatMap(({ mark, pending }) => [mark, pending?.base ?? mark]))]
      const { state: found, traced, inSync } = await look(place, marks)
      // What was about to be confirmed or to wait when it died may have gone back, too.
      const known = states.find(
        ({ mark, entries, pending }) =>
          mark === found.mark && same(entries, found.entries) && (pending === undefined) === (found.pending === undefined),
      )
      t.ok(known, `round ${round}: ${told(found)} is one of ${states.map(told).join(', ')}`)
      t.same(traced, [found.mark], `round ${round}: the kernel says the same`)
      t.ok(inSync)
      state = { ...found, ...(known?.pending && found.pending ? { pending: { ...known.pending, revision: found.pending.revision } } : {}) }
    }
    if (round === rounds) return kill(child)

    const count = Math.floor(random() * 8)
    const delayMs = random() * 12
    let died: Step | undefined
    for (let at = 0; died === undefined; at++) {
      const step = nextStep(state, ++mark, random)
      if (at === count) setTimeout(() => child.kill('SIGKILL'), delayMs)
      const answer = await ask(place, step.method, step.path, step.body).catch(() => undefined)
      if (answer === undefined) died = step
      else if (answer.status < 300) state = step.after(answer)
      else throw new Error(`${step.method} ${step.path}: ${JSON.stringify(answer.body)}`)
    }
    await kill(child)
    const next = died.after(undefined)
    const { pending } = next
    // A change that was to wait and was not acknowledged goes back when the kernel had not met it.
    states = [state, next, ...(pending && !state.pending ? [{ mark: pending.base, entries: next.entries }] : [])]
    // An acknowledged change that waits is still whole in the kernel, and so is what comes back.
    if (round % 7 === 1) {
      const there = await marksInKernel(place, [...new Set(states.map(({ mark }) => mark))])
      t.equal(there.ingress.length, 1, `round ${round}: one policy in the kernel alone`)
      t.same(there.egress, there.ingress, 'whole')
    }
  }
}

function same(left: readonly string[], right: readonly string[]): boolean {
  return [...left].sort().join() === [...right].sort().join()
}

function told({ mark, entries, pending }: State): string {
  return `mark ${mark} with ${entries.length} entries${pending ? ', waiting' : ''}`
}
