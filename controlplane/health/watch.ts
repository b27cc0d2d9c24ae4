/** Checks one backend again and again, and says when its health changes. */
import { type Judged, judge, nextCheckMs } from './judge.ts'
import type { CheckSettings } from './settings.ts'

export interface WatchCounts {
  readonly succeeded: number
  readonly failed: number
}

export class BackendWatch {
  readonly settings: CheckSettings
  readonly #ask: () => Promise<void>
  readonly #changed: (judged: Judged) => void
  #judged: Judged
  #failures = 0
  #counts = { succeeded: 0, failed: 0 }
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false

  /** `ask` rejects with the reason why the backend is not well. `changed` is called within the same turn in which a check ends. */
  constructor(settings: CheckSettings, judged: Judged, ask: () => Promise<void>, changed: (judged: Judged) => void) {
    this.settings = settings
    this.#judged = judged
    this.#ask = ask
    this.#changed = changed
    // The first one soon, and not all at once.
    this.#wait(Math.random() * Math.min(settings.intervalMs, 1000))
  }

  get judged(): Judged {
    return this.#judged
  }
  get counts(): WatchCounts {
    return this.#counts
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  async #check(): Promise<void> {
    const error = await this.#ask().then(
      () => undefined,
      (reason: Error) => reason.message || String((reason as NodeJS.ErrnoException).code ?? reason),
    )
    if (this.#closed) return
    const before = this.#judged.health
    this.#failures = error === undefined ? 0 : this.#failures + 1
    this.#counts[error === undefined ? 'succeeded' : 'failed']++
    this.#judged = judge(this.#judged, error, Date.now(), this.settings)
    if (this.#judged.health !== before) this.#changed(this.#judged)
    this.#wait(nextCheckMs(this.#judged, this.#failures, this.settings.intervalMs, Math.random()))
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => void this.#check(), ms).unref()
  }
}
