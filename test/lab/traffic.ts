/** A client of the lab: makes connections to a server of the lab and prints a JSON report. Run it by the functions of send.ts. */
import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Talk } from './talk.ts'

export interface Report {
  /** Connections, messages or rounds that were answered in full. */
  answered: number
  lost: number
  /** Answers by the name of the backend that gave them. */
  backends: Record<string, number>
  /** The first few reasons of losses. */
  errors: string[]
  /** The longest wait for an answer. */
  slowestMs: number
  /** Of `hold`: connections that were lost, by the backend that they were with. */
  lostBy: Record<string, number>
}

const report: Report = { answered: 0, lost: 0, backends: {}, errors: [], slowestMs: 0, lostBy: {} }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '100' },
    parallel: { type: 'string', default: '50' },
    timeout: { type: 'string', default: '10000' },
    every: { type: 'string', default: '100' },
  },
})
const [mode = '', address = '', portText = ''] = positionals
const port = Number(portText)
const count = Number(values.count)
const timeoutMs = Number(values.timeout)

const modes: Record<string, () => Promise<void>> = { tcp: shortConnections, udp: messages, steady, hold }
const chosen = modes[mode]
if (chosen === undefined)
  throw new Error(`traffic tcp|udp|steady|hold ADDRESS PORT [--count N] [--parallel N] [--timeout MS] [--every MS], not "${mode}"`)
await chosen()
console.log(JSON.stringify(report))
process.exit(0)

function answered(backend: string, since: number): void {
  report.answered++
  report.backends[backend] = (report.backends[backend] ?? 0) + 1
  report.slowestMs = Math.max(report.slowestMs, Math.round(performance.now() - since))
}

function lost(error: unknown): void {
  report.lost++
  if (report.errors.length < 5) report.errors.push(error instanceof Error ? error.message : String(error))
}

/** `count` pieces of work, `parallel` at a time. */
async function all(work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await work(next++).catch(lost)
  }
  await Promise.all(Array.from({ length: Number(values.parallel) }, worker))
}

async function shortConnections(): Promise<void> {
  await all(async index => {
    const since = performance.now()
    const talk = new Talk(address, port, timeoutMs)
    try {
      await talk.open()
      await talk.echo(`connection ${index} ${'.'.repeat(100)}`)
      talk.end()
      answered(talk.backend, since)
    } catch (error) {
      talk.close()
      throw error
    }
  })
}

/** Each message from a port of its own, as each flow is balanced on its own. */
async function messages(): Promise<void> {
  await all(async index => {
    const since = performance.now()
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
    try {
      const backend = await new Promise<string>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
        socket.on('error', reject)
        // Only what comes back from the address that was asked counts as an answer.
        socket.connect(port, address, () => socket.send(`message ${index}`))
        socket.on('message', answer => {
          clearTimeout(timer)
          const [name = '', ...rest] = String(answer).split(' ')
          if (rest.join(' ') === `message ${index}`) resolve(name)
          else reject(new Error(`answered ${answer}`))
        })
      })
      answered(backend, since)
    } finally {
      socket.close()
    }
  })
}

/** Long connections that talk without a pause while short ones come and go, until our input ends. */
async function steady(): Promise<void> {
  let going = true
  process.stdin.resume().on('end', () => {
    going = false
  })
  const talks = Array.from({ length: count }, () => new Talk(address, port, timeoutMs))
  await Promise.all(talks.map(talk => talk.open()))
  console.log('ready')
  const long = talks.map(async talk => {
    for (let round = 0; going; round++) {
      const since = performance.now()
      await talk.echo(`round ${round}`)
      answered(talk.backend, since)
    }
    talk.end()
  })
  const short = (async () => {
    while (going) {
      const since = performance.now()
      const talk = new Talk(address, port, timeoutMs)
      await talk.open()
      talk.end()
      answered(talk.backend, since)
    }
  })()
  await Promise.all([...long, short].map(work => work.catch(lost)))
}

/** Connections that each say something every so often, until our input ends. */
async function hold(): Promise<void> {
  let going = true
  process.stdin.resume().on('end', () => {
    going = false
  })
  const talks: Talk[] = []
  await all(async () => {
    const talk = new Talk(address, port, timeoutMs)
    await talk.open()
    talks.push(talk)
  })
  console.log('ready')
  const every = Number(values.every)
  const held = talks.map(async talk => {
    try {
      await pause(Math.random() * every)
      for (let round = 0; going; round++) {
        const since = performance.now()
        await talk.echo(`round ${round}`)
        answered(talk.backend, since)
        await pause(every)
      }
      talk.end()
    } catch (error) {
      lost(error)
      report.lostBy[talk.backend] = (report.lostBy[talk.backend] ?? 0) + 1
      talk.close()
    }
  })
  await Promise.all(held)
}
