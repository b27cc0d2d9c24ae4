/** A BPF map by its file descriptor: single entries, batches, its memory, its pin. Keys and values are bytes of exactly its sizes. */

import { Errno, NativeError } from './errors.ts'
import { checked, fill, inBackground, libbpf } from './libbpf.ts'
import { Descriptor, Mapping } from './libc.ts'

/** enum bpf_map_type, as far as it is used here. */
export const MapType = { hash: 1, array: 2, lruHash: 9, lpmTrie: 11 } as const

const BPF_F_MMAPABLE = 1 << 10

export interface MapShape {
  readonly type: number
  readonly keySize: number
  readonly valueSize: number
  readonly maxEntries: number
  readonly flags: number
}

/** Bytes of one row in the memory of an array map. */
export function strideOf(valueSize: number): number {
  return Math.ceil(valueSize / 8) * 8
}

/** Entries and how many of them a batch has moved before it failed, if it did. */
export interface BatchResult {
  readonly count: number
  /** 0, or errno of what stopped it. */
  readonly errno: number
}

export class BpfMap {
  readonly name: string
  readonly shape: MapShape
  readonly id: number
  readonly #descriptor: Descriptor

  constructor(descriptor: Descriptor) {
    const info = objectInfo(descriptor, 'a map')

    this.#descriptor = descriptor
    this.id = info.getUint32(4, true)
    this.shape = {
      type: info.getUint32(0, true),
      keySize: info.getUint32(8, true),
      valueSize: info.getUint32(12, true),
      maxEntries: info.getUint32(16, true),
      flags: info.getUint32(20, true),
    }
    this.name = textAt(info, 24)
  }

  /** An array map that can be mapped. */
  static createArray(name: string, valueSize: number, maxEntries: number): BpfMap {
    const fd = libbpf().mapCreate(MapType.array, name, 4, valueSize, maxEntries, fill('mapCreate', { map_flags: BPF_F_MMAPABLE }))

    return new BpfMap(new Descriptor(checked(fd, `creating map ${name}`), `map ${name}`))
  }

  get fd(): number {
    return this.#descriptor.fd
  }

  /** Another hold on the same map. */
  duplicate(): BpfMap {
    return new BpfMap(Descriptor.duplicate(this.fd, this.#descriptor.what))
  }

  lookup(key: Uint8Array): Uint8Array | undefined {
    const value = new Uint8Array(this.shape.valueSize)
    const result = libbpf().lookup(this.fd, this.#key(key), value)

    return isMissing(result, `reading map ${this.name}`) ? undefined : value
  }

  update(key: Uint8Array, value: Uint8Array): void {
    checked(libbpf().update(this.fd, this.#key(key), this.#value(value), 0), `writing map ${this.name}`)
  }

  /** Whether there was such an entry. */
  delete(key: Uint8Array): boolean {
    return !isMissing(libbpf().delete(this.fd, this.#key(key)), `deleting from map ${this.name}`)
  }

  /** The key behind `key`, or the first one; undefined at the end. */
  nextKey(key?: Uint8Array): Uint8Array | undefined {
    const next = new Uint8Array(this.shape.keySize)
    const result = libbpf().nextKey(this.fd, key ? this.#key(key) : null, next)

    return isMissing(result, `walking map ${this.name}`) ? undefined : next
  }

  /** Writes `count` entries, one behind the other. A failure has applied its first part: see the count. */
  async updateBatch(keys: Uint8Array, values: Uint8Array, count: number): Promise<BatchResult> {
    this.#holds(keys, this.shape.keySize, count)
    this.#holds(values, this.shape.valueSize, count)
    const moved = counter(count)
    const result = await inBackground(libbpf().updateBatch, this.fd, keys, values, moved, fill('batch', { elem_flags: 0, flags: 0 }))

    return batchResult(result, moved)
  }

  /** Deletes `count` keys; stops at one that is not there. */
  async deleteBatch(keys: Uint8Array, count: number): Promise<BatchResult> {
    this.#holds(keys, this.shape.keySize, count)
    const moved = counter(count)
    const result = await inBackground(libbpf().deleteBatch, this.fd, keys, moved, fill('batch', { elem_flags: 0, flags: 0 }))

    return batchResult(result, moved)
  }

  /** Every entry, `chunk` at a time: keys and values, one behind the other. Nobody may write meanwhile. */
  *entries(chunk = 16_384): Generator<{ keys: Uint8Array; values: Uint8Array; count: number }> {
    const cursor = new Uint8Array(Math.max(this.shape.keySize, 4))
    const keys = new Uint8Array(this.shape.keySize * chunk)
    const values = new Uint8Array(this.shape.valueSize * chunk)

    for (let first = true; ; first = false) {
      const moved = counter(chunk)
      const result = libbpf().lookupBatch(
        this.fd,
        first ? null : cursor,
        cursor,
        keys,
        values,
        moved,
        fill('batch', { elem_flags: 0, flags: 0 }),
      )
      const { count } = batchResult(result, moved)

      if (result < 0 && result !== -Errno.ENOENT) throw new NativeError('refused', `reading map ${this.name}`, { errno: -result })
      if (count > 0)
        yield { keys: keys.subarray(0, count * this.shape.keySize), values: values.subarray(0, count * this.shape.valueSize), count }
      if (result < 0 || count === 0) return
    }
  }

  /** Its rows in our memory (array maps made with BPF_F_MMAPABLE). */
  mapping(): Mapping {
    const page = 4096
    const length = Math.ceil((strideOf(this.shape.valueSize) * this.shape.maxEntries) / page) * page

    return new Mapping(this.fd, length, `map ${this.name}`)
  }

  /** A ring buffer in our memory: how far its reader is, and behind how far its writers are the records, twice in a row. */
  ring(): { reader: Mapping; records: Mapping } {
    const page = 4096

    return {
      reader: new Mapping(this.fd, page, `reader of map ${this.name}`),
      records: new Mapping(this.fd, page + 2 * this.shape.maxEntries, `map ${this.name}`, { offset: page, readable: true }),
    }
  }

  pin(path: string): void {
    checked(libbpf().pin(this.fd, path), `pinning map ${this.name} at ${path}`)
  }

  close(): void {
    this.#descriptor.close()
  }

  #key(key: Uint8Array): Uint8Array {
    return this.#holds(key, this.shape.keySize, 1)
  }

  #value(value: Uint8Array): Uint8Array {
    return this.#holds(value, this.shape.valueSize, 1)
  }

  /** The kernel would read or write past a buffer that is too short. */
  #holds(bytes: Uint8Array, size: number, count: number): Uint8Array {
    if (bytes.byteLength < size * count)
      throw new NativeError('layout', `map ${this.name}: ${count} x ${size} bytes do not fit into ${bytes.byteLength}`)
    return bytes
  }
}

/** False for success, true where the entry is not there; throws for anything else. */
function isMissing(result: number, step: string): boolean {
  if (result === -Errno.ENOENT) return true
  checked(result, step)
  return false
}

function counter(count: number): Uint8Array {
  return new Uint8Array(new Uint32Array([count]).buffer)
}

function batchResult(result: number, moved: Uint8Array): BatchResult {
  const count = new DataView(moved.buffer).getUint32(0, true)

  return { count, errno: result < 0 ? -result : 0 }
}

/** What the kernel says of a map, program or link: struct bpf_*_info. */
export function objectInfo(descriptor: Descriptor, what: string): DataView {
  const info = new Uint8Array(256)
  const length = counter(info.length)

  checked(libbpf().info(descriptor.fd, info, length), `asking the kernel about ${what}`)
  return new DataView(info.buffer)
}

/** A name of at most 15 characters, as the kernel keeps it. */
export function textAt(info: DataView, offset: number): string {
  const bytes = new Uint8Array(info.buffer, info.byteOffset + offset, 16)
  const end = bytes.indexOf(0)

  return String.fromCharCode(...bytes.subarray(0, end < 0 ? bytes.length : end))
}

/** A pinned map, or undefined if nothing is pinned there. */
export function openPinned(path: string): Descriptor | undefined {
  const fd = libbpf().get(path)

  if (fd === -Errno.ENOENT) return undefined
  return new Descriptor(checked(fd, `opening ${path}`), path)
}
