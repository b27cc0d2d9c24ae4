/**
 * Windows of services whose rings change, and which backends are down. What is written here is live: it outlives revisions and this
 * process, and the programs close windows by themselves (window.h).
 */
import { coarseNs } from '../native/clock.ts'
import { Limit, ServiceState, WindowSlot } from './abi.ts'
import { choose, type Health, type Ring } from './choice.ts'
import type { Loaded } from './kernel.ts'
import { MappedArray } from './map.ts'
import type { Segments } from './segments.ts'

/** A service of which one side holds a ring, and whose flows are not tracked. */
export interface RingOfService {
  readonly ring: Ring
  readonly idleTicks: number
}

interface Region {
  readonly page: number
  readonly bits: number
}

const slotWords = WindowSlot.size / 4
const pageSlots = Limit.windowPageSlots
/** A region rests for so long before it is used again: no packet reads it any more. */
const restMs = 1000
const [originAt, sinceAt, untilAt, consultAt] = [0, 1, 2, 3] as const

export class Windows {
  readonly #states: MappedArray
  readonly #down: MappedArray
  readonly #pages: Segments
  /** Pages that were given back -> when. */
  readonly #resting = new Map<number, number>()

  constructor(loaded: Loaded, pages: Segments) {
    this.#states = new MappedArray(loaded.maps.service_states)
    this.#down = new MappedArray(loaded.maps.down_backends)
    this.#pages = pages
  }

  /** Ticks as the programs count them. */
  static now(): number {
    return Number((coarseNs() >> BigInt(Limit.windowTickShift)) & 0xffff_ffffn)
  }

  isUp = (backend: number): boolean => {
    const words = this.#down.words()
    return ((words[backend >> 6] ?? 0n) & (1n << BigInt(backend & 63))) === 0n
  }

  /** One store: the next packet obeys it. */
  mark(backend: number, isUp: boolean): void {
    const words = this.#down.words()
    const bit = 1n << BigInt(backend & 63)
    const word = words[backend >> 6]
    if (word !== undefined) words[backend >> 6] = isUp ? word & ~bit : word | bit
  }

  healthOf(service: number): Health {
    return { isUp: this.isUp, survivor: this.#view(service).getUint32(ServiceState.offsets.survivor, true) }
  }

  survives(service: number, survivor: number): void {
    this.#view(service).setUint32(ServiceState.offsets.survivor, survivor, true)
  }

  /** For ids that stand for something new. */
  clear(services: readonly number[], backends: readonly number[]): void {
    for (const id of backends) this.mark(id, true)
    for (const id of services) {
      this.#close(id)
      this.survives(id, 0)
    }
  }

  /**
   * To be called before the change comes into force. Flows of slots whose backend will be another one stay where they are: until the idle
   * time is over, whoever is unknown there belongs to the backend before. A window that is open already keeps that from its beginning.
   */
  open(service: number, before: Ring, after: Ring, idleTicks: number, health: { readonly before: Health; readonly after: Health }): void {
    const [bitsBefore, bitsAfter] = [bitsOf(before), bitsOf(after)]
    if (bitsBefore === undefined) return
    const bits = Math.max(bitsBefore, bitsAfter ?? 0)
    const slots = 2 ** bits
    const changed: [slot: number, origin: number][] = []
    for (let slot = 0; slot < slots; slot++) {
      const was = choose(before, slot >>> (bits - bitsBefore), health.before)
      const becomes = bitsAfter === undefined ? 0 : choose(after, slot >>> (bits - bitsAfter), health.after)
      if (was !== 0 && was !== becomes) changed.push([slot, was])
    }
    if (changed.length === 0) return

    const now = Windows.now()
    const until = (now + idleTicks) >>> 0
    const region = this.#regionFor(service, bits, now)
    for (const [slot, origin] of changed) {
      const copies = 2 ** (region.bits - bits)
      for (let copy = 0; copy < copies; copy++) this.#openSlot(region.page, slot * copies + copy, origin, now, until)
    }
    this.#publish(service, region, until)
  }

  /** Backends that unknown flows of a service are sent to, whatever the ring says; undefined: no slot is consulted. */
  awaited(service: number): ReadonlySet<number> | undefined {
    const region = this.#regionOf(service)
    const now = Windows.now()
    const backends = new Set<number>()
    if (region === undefined || !this.#isConsulted(service, now)) return undefined
    for (let slot = 0; slot < 2 ** region.bits; slot++) {
      const { words, at } = this.#slot(region.page, slot)
      if (words[at + consultAt] !== 0 && !isPast(now, words[at + untilAt] as number)) backends.add(words[at + originAt] as number)
    }
    return backends
  }

  close(): void {
    this.#states.close()
    this.#down.close()
  }

  #openSlot(page: number, slot: number, origin: number, now: number, until: number): void {
    const { words, at } = this.#slot(page, slot)
    const consulted = words[at + consultAt] as number
    const isLive = consulted !== 0 && !isPast(now, consulted)
    if (!isLive) {
      words[at + originAt] = origin
      words[at + sinceAt] = now
    } else if (isPast(now, words[at + untilAt] as number)) {
      words[at + originAt] = origin
    }
    words[at + untilAt] = until
    if (!isLive || isPast(until, consulted)) words[at + consultAt] = until | 1
  }

  /** A region with at least so many bits: the service's own, or a finer copy of it. */
  #regionFor(service: number, bits: number, now: number): Region {
    const own = this.#isConsulted(service, now) ? this.#regionOf(service) : undefined
    if (own === undefined) this.#close(service)
    else if (own.bits >= bits) return own
    const region = { page: this.#take(pagesOf(bits)), bits }
    for (let slot = 0; slot < 2 ** bits; slot++) {
      const to = this.#slot(region.page, slot)
      if (own === undefined) {
        to.words.fill(0, to.at, to.at + slotWords)
        continue
      }
      const from = this.#slot(own.page, slot >>> (bits - own.bits))
      to.words.set(from.words.subarray(from.at, from.at + slotWords), to.at)
    }
    if (own !== undefined) this.#rest(own)
    return region
  }

  #publish(service: number, { page, bits }: Region, until: number): void {
    const words = this.#states.words()
    words[(service * ServiceState.size) / 8] = (BigInt(page) << 8n) | BigInt(bits)
    const view = this.#view(service)
    const consulted = view.getUint32(ServiceState.offsets.consultUntil, true)
    if (consulted === 0 || isPast(until, consulted)) view.setUint32(ServiceState.offsets.consultUntil, (until | 1) >>> 0, true)
  }

  #isConsulted(service: number, now: number): boolean {
    const consulted = this.#view(service).getUint32(ServiceState.offsets.consultUntil, true)
    return consulted !== 0 && !isPast(now, consulted)
  }

  #close(service: number): void {
    const region = this.#regionOf(service)
    if (region === undefined) return
    this.#view(service).setUint32(ServiceState.offsets.consultUntil, 0, true)
    this.#states.words()[(service * ServiceState.size) / 8] = 0n
    this.#rest(region)
  }

  #rest({ page, bits }: Region): void {
    for (let at = page; at < page + pagesOf(bits); at++) this.#resting.set(at, Date.now())
  }

  /** So many pages in a row, within one segment or beginning one. */
  #take(count: number): number {
    const used = this.#usedPages()
    for (const [page, since] of this.#resting) {
      if (Date.now() - since > restMs) this.#resting.delete(page)
      else used.add(page)
    }
    let page = 0
    for (let free = 0, at = 0; ; at++) {
      if (used.has(at)) free = 0
      else if (++free === count) {
        page = at - count + 1
        break
      }
    }
    this.#pages.grow(Math.ceil((page + count) / Limit.pagesPerSegment))
    return page
  }

  /** Of windows that are over the pages are free, once their services are told so. */
  #usedPages(): Set<number> {
    const used = new Set<number>()
    const now = Windows.now()
    for (let service = 0; service < this.#states.rows; service++) {
      if (this.#regionOf(service) !== undefined && !this.#isConsulted(service, now)) this.#close(service)
      const region = this.#regionOf(service)
      if (region !== undefined) for (let at = 0; at < pagesOf(region.bits); at++) used.add(region.page + at)
    }
    return used
  }

  #regionOf(service: number): Region | undefined {
    const word = this.#states.words()[(service * ServiceState.size) / 8] ?? 0n
    return word === 0n ? undefined : { page: Number(word >> 8n), bits: Number(word & 0xffn) }
  }

  #slot(page: number, slot: number): { words: Uint32Array; at: number } {
    const index = page + Math.floor(slot / pageSlots)
    const words = this.#pages.words(Math.floor(index / Limit.pagesPerSegment))
    return { words, at: ((index % Limit.pagesPerSegment) * pageSlots + (slot % pageSlots)) * slotWords }
  }

  #view(service: number): DataView {
    return this.#states.view(service)
  }
}

/** As the programs compare ticks, which wrap. */
export function isPast(now: number, until: number): boolean {
  return ((now - until) | 0) > 0
}

function bitsOf({ firsts }: Ring): number | undefined {
  return firsts.length === 0 ? undefined : Math.log2(firsts.length)
}

function pagesOf(bits: number): number {
  return Math.ceil(2 ** bits / pageSlots)
}
