/** Pools of pages: arrays of maps that grow by a segment at a time, while programs run. */
import { BpfMap } from '../native/map.ts'
import { Limit } from './abi.ts'
import { MappedArray } from './map.ts'
import type { Pins } from './pins.ts'

export class Segments {
  readonly #outer: BpfMap
  /** Where what grows is pinned at once, since the map that it becomes part of is. */
  #pins: Pins | undefined
  readonly #segments: { readonly map: BpfMap; readonly memory: MappedArray; pinned: boolean }[] = []

  /** `reused`: where an earlier process has pinned the segments of this pool. */
  constructor(outer: BpfMap, reused?: Pins) {
    this.#outer = outer
    this.#pins = reused
    for (let descriptor = reused?.open(this.#pin(0)); descriptor; descriptor = reused?.open(this.#pin(this.count)))
      this.#take(new BpfMap(descriptor), true)
  }

  get count(): number {
    return this.#segments.length
  }

  /** Adds what is missing to `count` segments: 4 MiB each, zeros. Throws NativeError where the kernel has no memory. */
  grow(count: number): void {
    while (this.count < count) {
      const map = BpfMap.createArray(this.#outer.name, pageBytes, Limit.pagesPerSegment)
      const at = this.count

      this.#take(map, false)
      if (this.#pins) this.place(this.#pins)
      this.#outer.update(word(at), word(map.fd))
    }
  }

  /** Words of one segment, page after page. A store is seen by the next packet. */
  words(segment: number): Uint32Array {
    const memory = this.#segments[segment]?.memory.bytes(0, Limit.pagesPerSegment)

    if (memory === undefined) throw new RangeError(`pool ${this.#outer.name} has no segment ${segment}`)
    return new Uint32Array(memory.buffer, memory.byteOffset, memory.byteLength / 4)
  }

  /** Pins those that are not, from now on as they come. Before the pool itself, which is worth nothing without them. */
  place(pins: Pins): void {
    this.#pins = pins
    for (const [at, segment] of this.#segments.entries()) {
      if (segment.pinned) continue
      pins.place(this.#pin(at), segment.map)
      segment.pinned = true
    }
  }

  /** Takes away what earlier pools of this name have left: once this one is pinned. */
  tidy(pins: Pins): void {
    for (const name of pins.list()) if (name.startsWith(this.#prefix()) && !name.startsWith(this.#prefix(this.#outer.id))) pins.remove(name)
  }

  close(): void {
    for (const { map, memory } of this.#segments) {
      memory.close()
      map.close()
    }
  }

  #take(map: BpfMap, pinned: boolean): void {
    this.#segments.push({ map, memory: new MappedArray(map), pinned })
  }

  #pin(at: number): string {
    return `${this.#prefix(this.#outer.id)}${at}`
  }

  /** By the id of the pool, so that segments of an older one are never taken for its own. */
  #prefix(id?: number): string {
    return `segment_${this.#outer.name}_${id === undefined ? '' : `${id}_`}`
  }
}

const pageBytes = Limit.pageWords * 4

function word(value: number): Uint8Array {
  return new Uint8Array(new Uint32Array([value]).buffer)
}
