/** Array maps as the control plane uses them: through their memory. */
import { NativeError } from '../native/errors.ts'
import type { Mapping } from '../native/libc.ts'
import type { BpfMap } from '../native/map.ts'
import { strideOf } from '../native/map.ts'

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
