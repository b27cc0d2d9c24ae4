/** One network namespace of a lab, and the processes started in it. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

/** The checkout: this file runs as dist/test/lab/host.js. */
export const checkout = join(import.meta.dirname, '../../..')

export interface ExecOptions {
  input?: string
  /** Kills the command and fails after this long; default 60 s. */
  timeoutMs?: number
}

export interface Output {
  stdout: string
  stderr: string
  /** Null when a signal ended it. */
  status: number | null
}

export interface StartOptions {
  /** Resolve once the process has written this line to its standard output. */
  ready?: string
  /** Where output goes; without it, what follows the ready line is read by `lines`. */
  logFile?: string
  env?: NodeJS.ProcessEnv
}

/** A process that goes on until it is stopped or the lab closes. */
export interface Running {
  readonly pid: number
  /** What it wrote so far, a line each. */
  readonly lines: readonly string[]
  /** Ends its input and waits for its end: how a well-behaved client is asked for its report. */
  finish(): Promise<readonly string[]>
  /** Sends a signal (default SIGTERM) and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<void>
  readonly ended: Promise<number | null>
}

export class Host {
  readonly name: string
  readonly namespace: string
  readonly ipv4: string
  readonly ipv6: string

  constructor(name: string, namespace: string, ipv4: string, ipv6: string) {
    this.name = name
    this.namespace = namespace
    this.ipv4 = ipv4
    this.ipv6 = ipv6
  }

  /** The words before a command that run it here. Not `ip netns exec`: its fresh /sys hides the pins. */
  get enter(): string[] {
    return ['nsenter', `--net=/run/netns/${this.namespace}`, '--']
  }

  /** Runs a command to its end and returns its standard output; throws with its errors when it fails. */
  async exec(command: readonly string[], options: ExecOptions = {}): Promise<string> {
    const output = await this.try(command, options)
    if (output.status !== 0)
      throw new Error(`${this.name}: ${command.join(' ')}: status ${output.status}\n${output.stderr}${output.stdout}`)
    return output.stdout
  }

  /** The same for a line of shell. */
  run(line: string, options: ExecOptions = {}): Promise<string> {
    return this.exec(['sh', '-c', line], options)
  }

  /** The same, where failing is an answer too. */
  try(command: readonly string[], options: ExecOptions = {}): Promise<Output> {
    return execute([...this.enter, ...command], options)
  }

  async start(command: readonly string[], options: StartOptions = {}): Promise<Running> {
    const log = options.logFile === undefined ? undefined : openSync(options.logFile, 'a')
    const words = [...this.enter, ...command]
    const child = launch(words, { stdio: ['pipe', log ?? 'pipe', log ?? 'pipe'], env: options.env ?? process.env })
    if (log !== undefined) closeSync(log)
    const lines: string[] = []
    const ended = once(child, 'close').then(([status]) => status as number | null)
    child.stdin?.on('error', () => {})
    child.stderr?.on('data', (data: Buffer) => lines.push(String(data)))
    if (child.pid === undefined) throw new Error(`${this.name}: cannot start ${words.join(' ')}`)
    if (child.stdout !== null) {
      const reader = createInterface(child.stdout)
      reader.on('line', line => lines.push(line))
      if (options.ready !== undefined)
        await readyLine(reader, options.ready, ended, () => `${this.name}: ${command.join(' ')}\n${lines.join('\n')}`)
    }
    return {
      pid: child.pid,
      lines,
      ended,
      finish: async () => {
        child.stdin?.end()
        await ended
        return lines
      },
      stop: async (signal = 'SIGTERM') => {
        if (child.exitCode === null && child.signalCode === null) child.kill(signal)
        await ended
      },
    }
  }
}

async function readyLine(reader: NodeJS.EventEmitter, ready: string, ended: Promise<unknown>, what: () => string): Promise<void> {
  let found = false
  const seen = new Promise<void>(resolve => {
    reader.on('line', line => {
      if (line !== ready) return
      found = true
      resolve()
    })
  })
  await Promise.race([seen, ended])
  if (!found) throw new Error(`ended before it was ready: ${what()}`)
}

/** Runs a command on the machine itself, outside of every namespace. */
export async function execute(command: readonly string[], options: ExecOptions = {}): Promise<Output> {
  const child = launch(command, { stdio: ['pipe', 'pipe', 'pipe'], timeout: options.timeoutMs ?? 60_000, killSignal: 'SIGKILL' })
  const output: Output = { stdout: '', stderr: '', status: null }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text
  })
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.input ?? '')
  const [status] = (await once(child, 'close')) as [number | null]
  output.status = status
  return output
}

/** Waits until the probe gives something other than undefined and false. `what` is said when it never does. */
export async function until<T>(what: string, probe: () => T | Promise<T>, timeoutMs = 15_000): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const found = await probe()
    if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`)
    await pause(20)
  }
}

/** The last lines of a log, for errors that quote it. */
export function tail(file: string, lines = 20): string {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(-lines).join('\n')
  } catch {
    return ''
  }
}

function launch(command: readonly string[], options: SpawnOptions): ChildProcess {
  const [program = '', ...words] = command
  return spawn(program, words, options)
}
