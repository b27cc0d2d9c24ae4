/**
 * The way of a check to its backend. Programs know our checks by their ports, and let them through a default deny. A backend that answers
 * clients by itself is asked at the address of its service, and the programs send the question on to it: so what is checked is what
 * clients get. Where that way leads past the programs, the backend's own address has to do.
 */
import { readFileSync } from 'node:fs'
import { Limit } from '../dataplane/abi.ts'
import type { CheckedConnection, Checks } from '../dataplane/checks.ts'
import { type Prefix, parsePrefix } from '../policy/prefix.ts'
import { check } from './checks.ts'
import type { CheckSettings } from './settings.ts'

/** Ports of checks that may still get a late packet. */
const lingerMs = 5000
/** How long a way that led past the programs is not tried again. */
const detourMs = 10_000

let port = Limit.firstCheckPort + Math.floor(Math.random() * (0x1_0000 - Limit.firstCheckPort))

/** Of our end of a check. */
export function nextPort(): number {
  port = port === 0xffff ? Limit.firstCheckPort : port + 1
  return port
}

/** The connections of one check. */
export class Passage {
  readonly #checks: Checks
  readonly #through: CheckedConnection['through']
  readonly #opened: CheckedConnection[] = []

  constructor(checks: Checks, through?: CheckedConnection['through']) {
    this.#checks = checks
    this.#through = through
  }

  /** Before the connection begins. */
  open(address: string, remotePort: number, localPort: number): void {
    const remote = (parsePrefix(address) as Prefix).bytes
    const connection = { remote, remotePort, localPort, ...(this.#through ? { through: this.#through } : {}) }
    this.#checks.open(connection)
    this.#opened.push(connection)
  }

  /** Whether programs have sent packets of it on. */
  get wasSent(): boolean {
    return this.#opened.some(connection => this.#checks.wasSent(connection))
  }

  close(): void {
    setTimeout(() => {
      for (const connection of this.#opened) this.#checks.close(connection)
    }, lingerMs).unref()
  }
}

export interface AskerOptions {
  readonly checks: Checks
  readonly settings: CheckSettings
  /** Stable ids; undefined: the programs do not know the backend yet. */
  readonly ids: () => CheckedConnection['through'] | undefined
  /** Names of devices that programs are attached to. */
  readonly devices: () => readonly string[]
}

/** Asks one backend, again and again. */
export class Asker {
  readonly #options: AskerOptions
  #detourUntil = 0

  constructor(options: AskerOptions) {
    this.#options = options
  }

  /** Rejects with the reason why the backend is not well. */
  async ask(): Promise<void> {
    const { settings, ids, devices } = this.#options
    const { through } = settings
    const there = through === undefined || performance.now() < this.#detourUntil ? undefined : ids()
    if (through === undefined || there === undefined) return this.#askAt(settings).then(({ error }) => refuse(error))
    if (through.includes(':') || !devices().some(isStrict)) {
      const { error, wasSent } = await this.#askAt({ ...settings, address: through }, there)
      if (wasSent) return refuse(error && new Error(`at ${through}: ${error.message}`))
    }
    this.#detourUntil = performance.now() + detourMs
    return refuse((await this.#askAt(settings)).error)
  }

  async #askAt(settings: CheckSettings, through?: CheckedConnection['through']): Promise<{ error: Error | undefined; wasSent: boolean }> {
    const passage = new Passage(this.#options.checks, through)
    try {
      const error = await check(settings, passage).then(
        () => undefined,
        (reason: Error) => reason,
      )
      return { error, wasSent: passage.wasSent }
    } finally {
      passage.close()
    }
  }
}

function refuse(error: Error | undefined): void {
  if (error !== undefined) throw error
}

/** Such a device lets in no answer from an address that is routed elsewhere (RFC 3704), as that of a service often is. */
function isStrict(device: string): boolean {
  return Math.max(...['all', device].map(name => reversePathFilter(name))) === 1
}

function reversePathFilter(name: string): number {
  try {
    return Number(readFileSync(`/proc/sys/net/ipv4/conf/${name}/rp_filter`, 'utf8'))
  } catch {
    return 0
  }
}
