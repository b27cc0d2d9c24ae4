/** Counters, read from the maps' memory: each CPU counts in rows of its own, readers add them up. */
import {
  flowEventCount,
  flowEventNames,
  hookCount,
  hookNames,
  reasonCount,
  reasonNames,
  trackingEventCount,
  trackingEventNames,
  verdictCount,
  verdictNames,
} from './abi.ts'
import type { HookName, Loaded } from './kernel.ts'
import { MappedArray } from './map.ts'

export interface Count {
  readonly packets: bigint
  /** Of IP packets, without link headers. */
  readonly bytes: bigint
}

export interface Outcome extends Count {
  readonly hook: HookName
  readonly verdict: (typeof verdictNames)[number]
  readonly reason: (typeof reasonNames)[number]
}

/** Stable ids whose counters begin at zero. */
export interface CounterIds {
  readonly rules: readonly number[]
  readonly services: readonly number[]
  readonly backends: readonly number[]
}

/** struct counter in 64-bit words. */
const WORDS = 2

/** Rows [cpu][id] of one map. */
class PerCpu {
  readonly #array: MappedArray
  readonly #cpus: number
  readonly #ids: number

  constructor(array: MappedArray, cpus: number) {
    this.#array = array
    this.#cpus = cpus
    this.#ids = array.rows / cpus
  }

  /** Zero for ids that there are none of. */
  sum(id: number): Count {
    const words = this.#array.words()
    let packets = 0n
    let bytes = 0n

    for (let cpu = 0; cpu < this.#cpus && id < this.#ids; cpu++) {
      const at = (cpu * this.#ids + id) * WORDS

      packets += words[at] ?? 0n
      bytes += words[at + 1] ?? 0n
    }
    return { packets, bytes }
  }

  clear(ids: readonly number[]): void {
    const words = this.#array.words()

    for (const id of ids) {
      for (let cpu = 0; cpu < this.#cpus && id < this.#ids; cpu++) {
        const at = (cpu * this.#ids + id) * WORDS

        words.fill(0n, at, at + WORDS)
      }
    }
  }

  close(): void {
    this.#array.close()
  }
}

export class Counters {
  readonly #rules: PerCpu
  readonly #services: PerCpu
  readonly #backends: PerCpu
  readonly #outcomes: PerCpu
  readonly #tracking: PerCpu
  readonly #flows: PerCpu

  constructor(loaded: Loaded) {
    const open = (
      name: 'rule_counts' | 'service_counts' | 'backend_counts' | 'outcome_counts' | 'tracking_counts' | 'flow_counts',
    ): PerCpu => new PerCpu(new MappedArray(loaded.maps[name]), loaded.cpus)

    this.#rules = open('rule_counts')
    this.#services = open('service_counts')
    this.#backends = open('backend_counts')
    this.#outcomes = open('outcome_counts')
    this.#tracking = open('tracking_counts')
    this.#flows = open('flow_counts')
  }

  rule(id: number): Count {
    return this.#rules.sum(id)
  }

  service(id: number): Count {
    return this.#services.sum(id)
  }

  backend(id: number): Count {
    return this.#backends.sum(id)
  }

  /** Verdicts and reasons that some packet has met. */
  outcomes(): Outcome[] {
    const met: Outcome[] = []

    for (let row = 0; row < hookCount * verdictCount * reasonCount; row++) {
      const hook = hookNames[Math.floor(row / (verdictCount * reasonCount))]
      const verdict = verdictNames[Math.floor(row / reasonCount) % verdictCount]
      const reason = reasonNames[row % reasonCount]
      const count = this.#outcomes.sum(row)

      if (count.packets > 0n && hook && verdict && reason) met.push({ hook, verdict, reason, ...count })
    }
    return met
  }

  /** What has happened to entries of the tracking table. */
  tracking(): Record<(typeof trackingEventNames)[number], bigint> {
    const counts = Array.from({ length: trackingEventCount }, (_, row) => [trackingEventNames[row], this.#tracking.sum(row).packets])

    return Object.fromEntries(counts) as Record<(typeof trackingEventNames)[number], bigint>
  }

  /** Packets of flows in windows, by what happened to the flow. */
  flows(): Record<(typeof flowEventNames)[number], bigint> {
    const counts = Array.from({ length: flowEventCount }, (_, row) => [flowEventNames[row], this.#flows.sum(row).packets])

    return Object.fromEntries(counts) as Record<(typeof flowEventNames)[number], bigint>
  }

  /** For ids that are taken anew: what an earlier holder has counted is not theirs. */
  clear(ids: CounterIds): void {
    this.#rules.clear(ids.rules)
    this.#services.clear(ids.services)
    this.#backends.clear(ids.backends)
  }

  close(): void {
    for (const counts of [this.#rules, this.#services, this.#backends, this.#outcomes, this.#tracking, this.#flows]) counts.close()
  }
}
