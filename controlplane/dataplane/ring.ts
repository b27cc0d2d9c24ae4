/** A ring buffer read where it lies: some 100 ns a record, where a call into a library and back would take microseconds. */
import type { Mapping } from '../native/libc.ts'
import { watchReadable } from '../native/libc.ts'
import type { BpfMap } from '../native/map.ts'

const BUSY = 0x8000_0000
const DISCARDED = 0x4000_0000
const HEADER = 8
const PAGE = 4096
/** Records after which writers get their room back. */
const RELEASE = 128

export class Ring {
  readonly #map: BpfMap
  readonly #size: number
  readonly #reader: Mapping
  readonly #records: Mapping

  constructor(map: BpfMap) {
    const { reader, records } = map.ring()

    this.#map = map
    this.#size = map.shape.maxEntries
    this.#reader = reader
    this.#records = records
  }

  /** Hands over at most `limit` records, where they are valid until `take` returns. Answers how many there were. */
  drain(take: (records: DataView, offset: number) => void, limit: number): number {
    const { buffer } = this.#records
    const words = new Int32Array(buffer)
    const view = new DataView(buffer)
    const reader = new BigUint64Array(this.#reader.buffer, 0, 1)
    const writer = new BigUint64Array(buffer, 0, 1)
    let at = Number(Atomics.load(reader, 0))
    let taken = 0

    for (let end = Number(Atomics.load(writer, 0)); at < end && taken < limit; ) {
      const offset = PAGE + (at % this.#size)
      const header = Atomics.load(words, offset / 4)

      /* Its writer has not finished; the kernel says so when it has. */
      if (header & BUSY) break
      if (!(header & DISCARDED)) {
        take(view, offset + HEADER)
        taken++
      }
      at += HEADER + Math.ceil((header & ~(BUSY | DISCARDED)) / 8) * 8
      if (taken % RELEASE === 0) Atomics.store(reader, 0, BigInt(at))
      if (at >= end) end = Number(Atomics.load(writer, 0))
    }
    Atomics.store(reader, 0, BigInt(at))
    return taken
  }

  /** Calls back when there is something to read, again and again until it has been read; ended by the function that it answers. */
  onReadable(callback: () => void): () => void {
    return watchReadable(this.#map.fd, callback)
  }

  close(): void {
    this.#reader.close()
    this.#records.close()
  }
}
