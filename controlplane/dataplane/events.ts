/** What the programs tell: events of packets, and how many could not be told. */
import { Event, EventCount, type EventType, eventTypeCount, eventTypeNames, Watch } from './abi.ts'
import type { Loaded } from './kernel.ts'
import { MappedArray } from './map.ts'
import { Ring } from './ring.ts'

export type EventTypeName = keyof typeof EventType

export interface EventCounts {
  readonly type: EventTypeName
  readonly sent: bigint
  /** Beyond what a CPU may spend on telling, or there was no room. */
  readonly lost: bigint
}

/** Taken in one turn, so that others get theirs. */
const TURN = 1024
const nothing: Watch = { types: 0, ruleId: 0, reasons: 0, sourceLength: 0, source: [0, 0, 0, 0], family: 0 }

export class Events {
  readonly #ring: Ring
  readonly #watches: MappedArray
  readonly #counts: MappedArray
  readonly #cpus: number
  #stop: (() => void) | undefined

  constructor(loaded: Loaded) {
    this.#ring = new Ring(loaded.maps.events)
    this.#watches = new MappedArray(loaded.maps.watches)
    this.#counts = new MappedArray(loaded.maps.event_counts)
    this.#cpus = loaded.cpus
    /* A process that was killed may have left its wishes. */
    this.watch(nothing)
  }

  /** Calls `take` for each event that there is and that comes. */
  listen(take: (event: Event) => void): void {
    this.stop()
    this.#stop = this.#ring.onReadable(() => {
      if (this.#stop) this.read(take)
    })
  }

  /** Nothing more is asked for, and nobody is woken. */
  stop(): void {
    this.#stop?.()
    this.#stop = undefined
    this.watch(nothing)
  }

  /** Takes what there is. Answers how many that were; a thousand are as many as one turn takes. */
  read(take: (event: Event) => void): number {
    return this.#ring.drain((records, offset) => take(Event.decode(records, offset)), TURN)
  }

  /** Says what is to be sent. Widened before it is narrowed, since programs may look meanwhile. */
  watch(wanted: Watch): void {
    const view = this.#watches.view(0)
    const { types, ruleId, reasons, sourceLength } = Watch.offsets

    for (const narrowing of [ruleId, reasons, sourceLength]) view.setUint32(narrowing, 0, true)
    Watch.encode(view, 0, { ...wanted, types: view.getUint32(types, true), ruleId: 0, reasons: 0, sourceLength: 0 })
    view.setUint32(types, wanted.types, true)
    view.setUint32(ruleId, wanted.ruleId, true)
    view.setUint32(reasons, wanted.reasons, true)
    view.setUint32(sourceLength, wanted.sourceLength, true)
  }

  /** Since the tables are there. */
  counts(): EventCounts[] {
    return eventTypeNames.map((type, index) => {
      let sent = 0n
      let lost = 0n

      for (let cpu = 0; cpu < this.#cpus; cpu++) {
        const count = EventCount.decode(this.#counts.view(cpu * eventTypeCount + index), 0)

        sent += count.sent
        lost += count.lost
      }
      return { type, sent, lost }
    })
  }

  close(): void {
    this.stop()
    for (const part of [this.#ring, this.#watches, this.#counts]) part.close()
  }
}
