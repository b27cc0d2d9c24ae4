/** The newest happenings, numbered, and those who listen. A listener is a place in it: one that falls too far behind is told what it has lost. */
import { type Filter, type Happening, isWanted } from './happening.ts'

/** Handed over at once, in characters. */
const chunkLength = 65_536

interface Entry {
  readonly happening: Happening
  /** As it is sent; made once for all listeners. */
  text?: string
}

export interface Listening {
  readonly filter: Filter
  /** `Last-Event-ID`: go on behind it. */
  readonly after?: string
  /** Sends text; false: enough, until `go` is called. */
  readonly send: (text: string) => boolean
}

/** Why something is missing: programs had no room, the journal was too short, the daemon was started again, or nobody had listened. */
type Cause = 'dataplane' | 'journal' | 'restart' | 'unheard'

export function lost(cause: Cause, events: number | null, missing?: Happening['missing']): Happening {
  const data = { cause, events, ...(missing === undefined ? {} : { types: missing }) }
  return { type: 'lost', time: Date.now(), ...(missing === undefined ? {} : { missing }), data: () => data }
}

export class Journal {
  /** Numbers are those of this process. */
  readonly #epoch = Date.now().toString(36)
  readonly #capacity: number
  readonly #entries: Entry[] = []
  readonly #listeners = new Set<Listener>()
  readonly #whenAudienceChanges = new Set<(filter: Filter, came: boolean) => void>()
  #whenItEnds: (() => void)[] = []
  #next = 1
  #waking = false

  constructor(capacity = 4096) {
    this.#capacity = capacity
  }

  get filters(): Filter[] {
    return [...this.#listeners].map(listener => listener.filter)
  }

  tell(happening: Happening): void {
    this.#entries[this.#next++ % this.#capacity] = { happening }
    if (this.#waking || this.#listeners.size === 0) return
    this.#waking = true
    // Once for all that one turn brings.
    queueMicrotask(() => {
      this.#waking = false
      for (const listener of this.#listeners) listener.go()
    })
  }

  /** Calls back when a listener has come or gone. */
  onAudience(callback: (filter: Filter, came: boolean) => void): void {
    this.#whenAudienceChanges.add(callback)
  }

  /** Calls back when nobody is to listen any more. */
  onEnd(callback: () => void): void {
    this.#whenItEnds.push(callback)
  }

  end(): void {
    for (const callback of this.#whenItEnds.splice(0)) callback()
  }

  /** Sends what comes, and with `after` what has come since. */
  listen(listening: Listening): Listener {
    const listener = new Listener(this, listening, () => {
      if (!this.#listeners.delete(listener)) return
      for (const callback of this.#whenAudienceChanges) callback(listening.filter, false)
    })
    this.#listeners.add(listener)
    for (const callback of this.#whenAudienceChanges) callback(listening.filter, true)
    listener.go()
    return listener
  }

  /** Where a listener begins; undefined: its number is not of this process. */
  placeAfter(id: string | undefined): number | undefined {
    if (id === undefined) return this.#next
    const [, epoch, sequence] = /^([0-9a-z]+)-([0-9]+)$/.exec(id) ?? []
    return epoch === this.#epoch ? Math.min(Number(sequence) + 1, this.#next) : undefined
  }

  get oldest(): number {
    return Math.max(1, this.#next - this.#capacity)
  }

  get next(): number {
    return this.#next
  }

  at(sequence: number): Entry | undefined {
    return this.#entries[sequence % this.#capacity]
  }

  textOf(happening: Happening, sequence: number): string {
    const data = JSON.stringify({ time: new Date(happening.time).toISOString(), ...happening.data() })
    return `id: ${this.#epoch}-${sequence}\nevent: ${happening.type}\ndata: ${data}\n\n`
  }
}

export class Listener {
  readonly filter: Filter
  /** Leaves the journal. */
  readonly end: () => void
  readonly #journal: Journal
  readonly #send: Listening['send']
  /** The next one to look at. */
  #place: number
  #first: string

  constructor(journal: Journal, { filter, after, send }: Listening, end: () => void) {
    this.filter = filter
    this.end = end
    this.#journal = journal
    this.#send = send
    const place = journal.placeAfter(after)
    this.#place = place ?? journal.oldest
    this.#first = place === undefined ? journal.textOf(lost('restart', null), journal.oldest - 1) : ''
  }

  /** Sends until there is no more, or enough. */
  go(): void {
    for (;;) {
      const text = this.#chunk()
      if (text === '' || !this.#send(text)) return
    }
  }

  #chunk(): string {
    let text = this.#first
    this.#first = ''
    const { oldest, next } = this.#journal
    if (this.#place < oldest) {
      text += this.#journal.textOf(lost('journal', oldest - this.#place), oldest - 1)
      this.#place = oldest
    }
    for (; this.#place < next && text.length < chunkLength; this.#place++) {
      const entry = this.#journal.at(this.#place)
      if (!entry || !isWanted(entry.happening, this.filter)) continue
      entry.text ??= this.#journal.textOf(entry.happening, this.#place)
      text += entry.text
    }
    return text
  }
}
