/** The emergency switch as people set it: with a reason, for a time, over restarts and reboots. */
import type { ModeName, ModeSwitch } from '../dataplane/mode.ts'
import { bootOffsetMs } from '../native/clock.ts'
import type { Store } from '../store/store.ts'

export interface ModeState {
  readonly mode: ModeName
  /** Milliseconds since 1970; absent: until somebody changes it. */
  readonly expiresAt?: number
  readonly reason: string
  readonly since: number
  readonly setBy: string
}

export class ModeBook {
  readonly #switch: ModeSwitch
  readonly #store: Store
  #state: ModeState

  /**
   * What the kernel holds is true where it has outlived the daemon, since the command line may have changed it meanwhile; after a boot
   * it is what was last stored.
   */
  constructor(modeSwitch: ModeSwitch, store: Store, resumed: boolean) {
    this.#switch = modeSwitch
    this.#store = store
    this.#state = store.mode() ?? { mode: 'enforce', reason: 'as installed', since: Date.now(), setBy: 'start' }
    if (resumed) this.#follow()
    else this.#write(this.#state)
  }

  /** As the kernel has it at this moment: a time that is over has ended it. */
  now(): ModeState {
    this.#follow()
    return this.#state
  }

  /** In force and stored when it returns. `seconds`: how long; absent: until the next change. */
  set(mode: ModeName, { reason, seconds, who }: { reason: string; seconds?: number; who: string }): ModeState {
    const since = Date.now()

    this.#write({ mode, reason, since, setBy: who, ...(seconds === undefined ? {} : { expiresAt: since + seconds * 1000 }) })
    this.#keep(`mode ${mode}: ${reason}`)
    return this.#state
  }

  #write(state: ModeState): void {
    const { mode, expiresAt } = state

    this.#switch.set({ mode, expiresS: expiresAt === undefined ? 0 : Math.max(1, Math.ceil((expiresAt - bootOffsetMs()) / 1000)) })
    this.#state = state
  }

  #follow(): void {
    const { mode, expiresS } = this.#switch.get()
    const expiresAt = expiresS === 0 ? undefined : expiresS * 1000 + bootOffsetMs()

    if (expiresAt !== undefined && expiresAt <= Date.now()) {
      if (this.#state.mode === 'enforce') return
      this.#write({ mode: 'enforce', reason: `the time of ${mode} is over`, since: Math.round(expiresAt), setBy: 'expiry' })
      this.#keep(`mode enforce: the time of ${mode} is over`)
    } else if (mode !== this.#state.mode) {
      const ends = expiresAt === undefined ? {} : { expiresAt: Math.round(expiresAt) }

      this.#state = { mode, reason: 'set in the kernel', since: Date.now(), setBy: 'command line', ...ends }
      this.#keep(`mode ${mode}: set in the kernel`)
    }
  }

  #keep(action: string): void {
    this.#store.setMode(this.#state, { who: this.#state.setBy, action })
  }
}
