/** Connections that rules ask for, read from the tracking table's memory; see dataplane-bpf/track.h, which writes it. */
import { setImmediate as turn } from 'node:timers/promises'
import { NativeError } from '../native/errors.ts'
import type { CapacityUse } from '../policy/tables.ts'
import { Limit, maps, type Side, Standing, Tag, Tracked, TrackedPage, Tracking } from './abi.ts'
import type { Loaded } from './kernel.ts'
import { MappedArray } from './map.ts'
import type { Segments } from './segments.ts'

/** What is looked at, at most, to tell how full the table is: the hash makes pages alike. */
const COUNTED_PAGES = 65_536
const JUDGED_ENTRIES = 16_384
/** Pages that one call moves: some milliseconds. */
const MOVED_PAGES = 1024
/** What a test run wants at least. */
const NO_PACKET = new Uint8Array(14)

/** Offsets in bytes. */
const ENTRIES = TrackedPage.offsets.entries
const STANDING = Tracked.offsets.standing
const SEGMENTS = Tracking.offsets.segments / 4
const PAGE = Tracking.offsets.page / 4
const pageBytes = Limit.pageWords * 4

/** Seconds as the programs count them: their clock is slow by one part in 100,000. */
export function trackedSeconds(): number {
  return Number(((process.hrtime.bigint() >> 20n) * 17_592n) >> 24n)
}

export class Connections {
  readonly #loaded: Loaded
  readonly #segments: Segments
  readonly #row: MappedArray
  #moved: Promise<void> | undefined
  #closed = false

  constructor(loaded: Loaded, segments: Segments) {
    this.#loaded = loaded
    this.#segments = segments
    this.#row = new MappedArray(loaded.maps.tracking)
    /* Kept for as long as the table: entries are found by them. */
    const keys = this.#row.bytes(0, 1).subarray(0, Limit.trackedKeys * 8)

    if (keys.every(byte => byte === 0)) crypto.getRandomValues(keys)
  }

  /** Live entries; an estimate where there are many of them, or pages. */
  use(side: Side): CapacityUse {
    const pages = side.trackedSegments * Limit.pagesPerSegment
    const step = Math.ceil(pages / COUNTED_PAGES)
    const now = trackedSeconds()
    let entered = 0
    let judged = 0
    let live = 0

    for (let page = 0; page < pages; page += step) entered += this.#waysIn(page).length
    const stride = step * Math.ceil(entered / JUDGED_ENTRIES)

    for (let page = 0; entered > 0 && page < pages; page += stride) {
      const ways = this.#waysIn(page)

      judged += ways.length
      live += ways.filter(way => this.#isLive(page, way, side, now)).length
    }
    return {
      table: 'connections',
      used: judged === 0 ? 0 : Math.round((step * entered * live) / judged),
      max: pages * Limit.trackedWays,
    }
  }

  /** Entries with what their words say; the table changes meanwhile. */
  *entries(): Generator<{ page: number; way: number; entry: Tracked }> {
    for (let page = 0; page < this.#segments.count * Limit.pagesPerSegment; page++) {
      for (const way of this.#waysIn(page)) yield { page, way, entry: Tracked.decode(this.#page(page), ENTRIES + way * Tracked.size) }
    }
  }

  /** As if a connection had been silent since then. For tests. */
  age(page: number, way: number, seconds: number): void {
    const memory = this.#page(page)
    const at = ENTRIES + way * Tracked.size + STANDING

    memory.setUint32(at, memory.getUint32(at, true) - seconds, true)
  }

  /**
   * After a side with so many segments has come into force: what stands where the segments before had it is moved. Until that is
   * done, programs look in both places.
   */
  settle(segments: number, quiet: Promise<void>): void {
    const before = this.#words()[SEGMENTS]

    if (segments === 0 || before === segments) return
    if (before === 0) Atomics.store(this.#words(), SEGMENTS, segments)
    else this.#moved ??= this.#move(segments, quiet)
  }

  /** The kernel counts connections for limits, and goes on by itself until no limit asks. */
  count(): void {
    const { returnCode } = this.#loaded.programs.sweep_connections.testRun({ packet: NO_PACKET })

    if (returnCode !== 0) throw new NativeError('refused', 'starting the timer that counts connections')
  }

  /** When nothing is left to move. */
  async settled(): Promise<void> {
    await this.#moved
  }

  close(): void {
    this.#closed = true
    this.#row.close()
  }

  async #move(segments: number, quiet: Promise<void>): Promise<void> {
    try {
      /* A packet that began before the change may still enter its connection at the old place. */
      await quiet
      if (this.#closed) return
      Atomics.store(this.#words(), PAGE, 0)
      for (;;) {
        const { returnCode } = this.#loaded.programs.move_connections.testRun({ packet: NO_PACKET, repeat: MOVED_PAGES })

        if (returnCode !== 0) break
        await turn()
        if (this.#closed) return
      }
      Atomics.store(this.#words(), SEGMENTS, segments)
    } finally {
      this.#moved = undefined
    }
  }

  #waysIn(page: number): number[] {
    const memory = this.#page(page)
    const ways: number[] = []

    for (let way = 0; way < Limit.trackedWays; way++) if (memory.getUint32(way * 4, true) >= Tag.used) ways.push(way)
    return ways
  }

  #isLive(page: number, way: number, { timeoutsS }: Side, now: number): boolean {
    const at = ENTRIES + way * Tracked.size + STANDING
    const memory = this.#page(page)
    const timeout = timeoutsS[memory.getUint32(at + 4, true) & Standing.timeout] ?? 0

    return now <= memory.getUint32(at, true) + timeout
  }

  #page(page: number): DataView {
    const words = this.#segments.words(Math.floor(page / Limit.pagesPerSegment))
    return new DataView(words.buffer, words.byteOffset + (page % Limit.pagesPerSegment) * pageBytes, pageBytes)
  }

  #words(): Uint32Array {
    const bytes = this.#row.bytes(0, 1)
    return new Uint32Array(bytes.buffer, bytes.byteOffset, maps.tracking.valueSize / 4)
  }
}
