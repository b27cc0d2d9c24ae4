/** What goes by itself: entries whose time is over, and rows of the store that nobody needs. */
import type { Happening } from '../visibility/happening.ts'
import type { Log } from './attachments.ts'
import { inPieces } from './pieces.ts'
import type { Registry } from './registry.ts'
import type { Turns } from './turns.ts'

export interface ExpiryOptions {
  readonly registry: Registry
  readonly turns: Turns
  readonly log: Log
  readonly tell?: ((happening: Happening) => void) | undefined
}

export class Expiry {
  readonly #options: ExpiryOptions
  #timer: ReturnType<typeof setTimeout> | undefined
  #sweeping: Promise<void> | undefined

  constructor(options: ExpiryOptions) {
    this.#options = options
  }

  /** The kernel has stopped to honour an entry by itself when its time was over; this takes it out of the store. */
  wait(): void {
    clearTimeout(this.#timer)
    const soonest = this.#options.registry.soonestEnd()
    if (soonest === undefined) return
    // What ends within the same second goes together; a timer takes 24 days at most.
    const wait = Math.min(Math.max(soonest * 1000 - Date.now(), 1000), 2 ** 31 - 1)
    this.#timer = setTimeout(() => this.#purge(), wait).unref()
  }

  /** Nobody waits for it. */
  sweepStore(): void {
    const { registry, log } = this.#options
    this.#sweeping ??= inPieces(registry.sweepStore())
      .catch((error: unknown) => log.error(error, 'rows that nobody needs are left in the store'))
      .finally(() => {
        this.#sweeping = undefined
      })
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#sweeping
  }

  #purge(): void {
    const { registry, turns, log, tell } = this.#options
    const work = turns.takeAnyway(async () => {
      for (const [set, expired] of registry.purge()) tell?.({ type: 'policy', time: Date.now(), data: () => ({ set, expired }) })
    })
    work
      .catch((error: unknown) => log.error(error, 'entries whose time is over could not be taken out of the store'))
      .finally(() => this.wait())
  }
}
