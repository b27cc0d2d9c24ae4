/** Maps as the control plane uses them: arrays through their memory, tries by batches with a mirror of what they hold. */
import { NativeError } from '../native/errors.ts'
import type { Mapping } from '../native/libc.ts'
import type { BpfMap } from '../native/map.ts'
import { strideOf } from '../native/map.ts'
import type { PrefixKey } from '../policy/tables.ts'
import { PrefixValue } from './abi.ts'
import type { PrefixPlan, Words } from './prefixes.ts'
import { decodePrefix, encodePrefix } from './prefixes.ts'

/** Compared and written by pieces of this size. */
const PIECE_BYTES = 4096

/** An array map in our memory. A store is seen by the next packet. */
export class MappedArray {
  readonly name: string
  readonly rows: number
  readonly valueSize: number
  /** Bytes from one row to the next: values of 4 bytes stand 8 apart. */
  readonly stride: number
  readonly #mapping: Mapping

  constructor(map: BpfMap) {
    this.name = map.name
    this.rows = map.shape.maxEntries
    this.valueSize = map.shape.valueSize
    this.stride = strideOf(map.shape.valueSize)
    this.#mapping = map.mapping()
  }

  /** Rows from `first` on; throws where they are not there. */
  bytes(first: number, count: number): Buffer {
    if (first < 0 || count < 0 || first + count > this.rows)
      throw new NativeError('layout', `map ${this.name} has ${this.rows} rows, not ${first} to ${first + count}`)
    return Buffer.from(this.#mapping.buffer, first * this.stride, count * this.stride)
  }

  view(row: number): DataView {
    const bytes = this.bytes(row, 1)

    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** All rows as 64-bit words; for maps whose values are made of such. */
  words(): BigUint64Array {
    return new BigUint64Array(this.#mapping.buffer, 0, (this.rows * this.stride) / 8)
  }

  /** Whether rows from `first` on hold these values, which stand one behind the other without gaps. */
  holds(first: number, values: Uint8Array): boolean {
    const { rows, strided } = this.#strided(values)

    return Buffer.compare(this.bytes(first, rows), strided) === 0
  }

  /** Writes what differs; answers how many bytes that were, in whole pieces. */
  write(first: number, values: Uint8Array): number {
    const { rows, strided } = this.#strided(values)
    const memory = this.bytes(first, rows)
    let written = 0

    for (let at = 0; at < strided.length; at += PIECE_BYTES) {
      const piece = strided.subarray(at, at + PIECE_BYTES)

      if (memory.compare(piece, 0, piece.length, at, at + piece.length) === 0) continue
      memory.set(piece, at)
      written += piece.length
    }
    return written
  }

  close(): void {
    this.#mapping.close()
  }

  #strided(values: Uint8Array): { rows: number; strided: Uint8Array } {
    const rows = values.length / this.valueSize

    if (!Number.isInteger(rows))
      throw new NativeError('layout', `map ${this.name}: ${values.length} bytes are no whole number of rows of ${this.valueSize}`)
    if (this.stride === this.valueSize) return { rows, strided: values }
    const strided = new Uint8Array(rows * this.stride)

    for (let row = 0; row < rows; row++) strided.set(values.subarray(row * this.valueSize, (row + 1) * this.valueSize), row * this.stride)
    return { rows, strided }
  }
}

/** Entries that go to the kernel in one call. */
const CHUNK = 16_384

/** A trie of prefixes with a mirror: the kernel is asked once, at the start, and is written to by nobody else. */
export class TrieMap {
  readonly mirror: Map<PrefixKey, Words>
  readonly #map: BpfMap

  /** `mirror` may be shared with the trie of the other family. */
  constructor(map: BpfMap, mirror: Map<PrefixKey, Words>) {
    this.#map = map
    this.mirror = mirror
    for (const { keys, values, count } of map.entries(CHUNK)) {
      const words = new DataView(values.buffer, values.byteOffset, values.byteLength)
      const { keySize } = map.shape

      for (let i = 0; i < count; i++) mirror.set(decodePrefix(keys, i * keySize, keySize), wordsAt(words, i * PrefixValue.size))
    }
  }

  /** Deletes, then writes. What has been applied when it fails stands in the mirror. */
  async apply(plan: PrefixPlan): Promise<void> {
    await this.#delete(plan.deletes)
    await this.#update(plan.updates)
  }

  async #update(updates: PrefixPlan['updates']): Promise<void> {
    const { keySize, valueSize } = this.#map.shape

    for (let first = 0; first < updates.length; ) {
      const chunk = updates.slice(first, first + CHUNK)
      const keys = new Uint8Array(chunk.length * keySize)
      const values = new Uint8Array(chunk.length * valueSize)
      const view = new DataView(values.buffer)

      chunk.forEach(([key, words], i) => {
        encodePrefix(key, keys, i * keySize)
        view.setUint32(i * valueSize, words[0], true)
        view.setUint32(i * valueSize + 4, words[1], true)
      })
      const { count, errno } = await this.#map.updateBatch(keys, values, chunk.length)

      for (const [key, words] of chunk.slice(0, count)) this.mirror.set(key, words)
      this.#mustMove(count, errno, 'writing')
      first += count
    }
  }

  async #delete(deletes: readonly PrefixKey[]): Promise<void> {
    const { keySize } = this.#map.shape

    for (let first = 0; first < deletes.length; ) {
      const chunk = deletes.slice(first, first + CHUNK)
      const keys = new Uint8Array(chunk.length * keySize)

      chunk.forEach((key, i) => {
        encodePrefix(key, keys, i * keySize)
      })
      const { count, errno } = await this.#map.deleteBatch(keys, chunk.length)

      for (const key of chunk.slice(0, count)) this.mirror.delete(key)
      this.#mustMove(count, errno, 'deleting')
      first += count
    }
  }

  /** A batch that stops midway is taken up where it stopped; one that does not begin has failed. */
  #mustMove(count: number, errno: number, what: string): void {
    if (errno !== 0 && count === 0) throw new NativeError('refused', `${what} prefixes of map ${this.#map.name}`, { errno })
  }
}

function wordsAt(view: DataView, offset: number): Words {
  return [view.getUint32(offset, true), view.getUint32(offset + 4, true)]
}
