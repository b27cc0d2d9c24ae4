/** What detectors have noticed: told, and put into their set where they are to do more than tell. */
import type { Event } from '../dataplane/abi.ts'
import type { Log } from '../gate/attachments.ts'
import type { EntryEdit, WantedEntry } from '../gate/entries.ts'
import type { Actor, Gate } from '../gate/gate.ts'
import { defaultWindow } from '../policy/detectors.ts'
import type { DetectorValue } from '../policy/document.ts'
import { limitPrefixes } from '../policy/limits.ts'
import { covers, formatAddress, formatKey, isFailure, parsePrefix, prefixFromKey, prefixKey, truncate } from '../policy/prefix.ts'
import type { PrefixKey } from '../policy/tables.ts'
import type { Journal } from './journal.ts'
import { addressOf } from './packets.ts'

/** Entries of one write, and of one detector that may wait for theirs. */
const batchSize = 1000
const waitingMost = 10_000

interface Detection {
  readonly name: string
  readonly detector: DetectorValue
  readonly time: number
  /** The packet that went beyond the threshold came from here. */
  readonly source: PrefixKey
  /** Whom the detector counts: what goes into the set. */
  readonly counted: PrefixKey
  readonly value: number
}

export interface DetectionsOptions {
  readonly gate: Pick<Gate, 'registry' | 'document' | 'changeEntries'>
  readonly journal: Journal
  readonly log: Log
}

export class Detections {
  readonly #options: DetectionsOptions
  /** By name of detector. */
  readonly #waiting = new Map<string, Detection[]>()
  #work: Promise<void> | undefined
  #closed = false

  constructor(options: DetectionsOptions) {
    this.#options = options
  }

  noticed(event: Event, time: number): void {
    const { gate } = this.#options
    const name = [...gate.registry.ids.detectors].find(([, id]) => id === event.detectorId)?.[0]
    const detector = name === undefined ? undefined : gate.document.detectors?.[name]
    // Of a policy that is not in force any more.
    if (name === undefined || detector === undefined) return
    const words = detector.per === 'destination' ? event.destination : event.source
    const end = addressOf(words, event.family)
    const length = detector.per === 'sourcePrefix' ? (end.family === 4 ? limitPrefixes.ipv4 : limitPrefixes.ipv6) : end.length
    const counted = prefixKey(truncate({ ...end, length }))
    const source = prefixKey(addressOf(event.source, event.family))
    this.#deal({ name, detector, time, source, counted, value: event.value })
  }

  /** Waits for writes that have begun; what waits behind them is told and not written. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#work
  }

  #deal(detection: Detection): void {
    const { set, enforcement } = detection.detector
    const enforces = set !== undefined && enforcement !== 'observe'
    const problem = enforces ? this.#problemWith(detection) : undefined
    if (!enforces || problem !== undefined) this.#tell(detection, false, problem)
    else this.#enqueue(detection)
  }

  #problemWith(detection: Detection): string | undefined {
    const spared = sparedBy(detection, this.#options.gate.document.defaults.protected)
    if (spared !== undefined) return `${spared} is not to be put into a set`
    const waiting = this.#waiting.get(detection.name)?.length ?? 0
    return this.#closed || waiting >= waitingMost ? `${waiting} are waiting already` : undefined
  }

  #enqueue(detection: Detection): void {
    const waiting = this.#waiting.get(detection.name) ?? []
    this.#waiting.set(detection.name, waiting)
    waiting.push(detection)
    this.#work ??= this.#write().finally(() => {
      this.#work = undefined
    })
  }

  async #write(): Promise<void> {
    for (let [next] = this.#waiting; next; [next] = this.#waiting) {
      const [name, waiting] = next
      const batch = waiting.splice(0, batchSize)
      if (waiting.length === 0) this.#waiting.delete(name)
      const problem = this.#closed ? 'the daemon is stopping' : await this.#put(name, batch)
      for (const detection of batch) this.#tell(detection, problem === undefined, problem)
    }
  }

  /** Undefined where they are in force, else why not. */
  async #put(name: string, batch: readonly Detection[]): Promise<string | undefined> {
    const { gate, log } = this.#options
    const set = batch[0]?.detector.set ?? ''
    const actor: Actor = { who: `detector ${name}`, role: 'operator' }
    try {
      await gate.changeEntries(set, editOf(batch), { actor, cause: 'detection', target: ['entries', set] })
      return undefined
    } catch (error) {
      log.warn({ detector: name, set, addresses: batch.length, error: (error as Error).message }, 'detections are not in their set')
      return (error as Error).message
    }
  }

  #tell({ name, detector, time, source, counted, value }: Detection, enforced: boolean, why?: string): void {
    const { type, per = 'source', window = defaultWindow, set } = detector
    this.#options.journal.tell({
      type: 'detection',
      time,
      source,
      data: () => ({
        detector: name,
        type,
        [per === 'destination' ? 'destination' : 'source']:
          per === 'sourcePrefix' ? formatKey(counted) : formatAddress(prefixFromKey(counted)),
        value,
        window,
        enforced,
        ...(enforced ? { set } : {}),
        ...(why === undefined ? {} : { error: why }),
      }),
    })
  }
}

/** The prefix that keeps an address, or one around it, out of sets. The kernel has asked for the address of the packet alone. */
function sparedBy({ detector, counted }: Detection, protectedPrefixes: readonly string[] = []): string | undefined {
  return [...protectedPrefixes, ...(detector.exempt ?? [])].find(text => {
    const prefix = parsePrefix(text)
    return !isFailure(prefix) && (covers(prefixKey(prefix), counted) || covers(counted, prefixKey(prefix)))
  })
}

function editOf(batch: readonly Detection[]): EntryEdit {
  const add = new Map<PrefixKey, WantedEntry>()
  for (const { name, detector, counted } of batch) add.set(counted, { prefix: counted, comment: `${detector.type}, noticed by ${name}` })
  return { add: add.values() }
}
