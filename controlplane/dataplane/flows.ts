/** Which flows the dataplane remembers for a service, read from memory: those of windows, and connections of `nat`. */
import { Connection, ConnectionFlag, FlowBits, Forwarding } from './abi.ts'
import type { Loaded } from './kernel.ts'
import { MappedArray } from './map.ts'
import { Windows } from './windows.ts'

export interface KnownFlows {
  /** By stable id of the backend: alive within the service's idle time. */
  readonly byBackend: ReadonlyMap<number, number>
  /** Backends that unknown flows may still be sent to, though the ring has left them. */
  readonly awaited: ReadonlySet<number>
  /** Those that the ring alone would send elsewhere, at most. */
  readonly apart: number
}

export interface ServiceOnSide {
  readonly id: number
  readonly forwarding: number
  readonly idleTicks: number
  readonly backends: ReadonlySet<number>
}

const slotWords = 4
const entered = FlowBits.entered << (FlowBits.bitsShift - 32)
const backendShift = FlowBits.backendShift - 32

export class Flows {
  readonly #loaded: Loaded
  readonly #flows: MappedArray
  readonly #windows: Windows

  constructor(loaded: Loaded, windows: Windows) {
    this.#loaded = loaded
    this.#flows = new MappedArray(loaded.maps.flows)
    this.#windows = windows
  }

  /** Undefined: nothing is kept. */
  of(service: ServiceOnSide): KnownFlows | undefined {
    if (service.forwarding === Forwarding.nat) return this.#tracked(service)
    const awaited = this.#windows.awaited(service.id)
    return awaited === undefined ? undefined : this.#inWindows(service, awaited)
  }

  close(): void {
    this.#flows.close()
  }

  #inWindows({ idleTicks, backends }: ServiceOnSide, awaited: ReadonlySet<number>): KnownFlows {
    const bytes = this.#flows.bytes(0, this.#flows.rows)
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
    const byBackend = new Map<number, number>()
    const now = Windows.now()
    let apart = 0
    // key, key, seen, backend and bits
    for (let at = 3; at < words.length; at += slotWords) {
      const bits = words[at] as number
      const backend = bits >>> backendShift
      if ((bits & entered) === 0 || !backends.has(backend) || ((now - (words[at - 1] as number)) | 0) > idleTicks) continue
      byBackend.set(backend, (byBackend.get(backend) ?? 0) + 1)
      apart++
    }
    return { byBackend, awaited, apart }
  }

  #tracked({ id, idleTicks }: ServiceOnSide): KnownFlows {
    const { connections } = this.#loaded.maps
    const byBackend = new Map<number, number>()
    const now = Windows.now()
    let apart = 0
    for (const { values, count } of connections.entries(4096)) {
      const view = new DataView(values.buffer, values.byteOffset, values.byteLength)
      for (let entry = 0; entry < count; entry++) {
        const connection = Connection.decode(view, entry * Connection.size)
        // The way back tells of both: it sees what either end sends.
        const isBack = (connection.flags & ConnectionFlag.reply) !== 0
        if (!isBack || connection.serviceId !== id || ((now - connection.seen) | 0) > idleTicks) continue
        byBackend.set(connection.backendId, (byBackend.get(connection.backendId) ?? 0) + 1)
        apart++
      }
    }
    return { byBackend, awaited: new Set(), apart }
  }
}
