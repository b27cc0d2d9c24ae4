/** Connections of health checks, as programs are told of them: see `checks` in maps.h. */
import type { BpfMap } from '../native/map.ts'
import { Check, CheckKey, Family } from './abi.ts'

export interface CheckedConnection {
  /** Whom it asks: 4 or 16 bytes. */
  readonly remote: Uint8Array
  readonly remotePort: number
  /** Limit.firstCheckPort or above. */
  readonly localPort: number
  /** The backend that its packets are sent on to, by stable ids; undefined: they go where the kernel routes them. */
  readonly through?: { readonly serviceId: number; readonly backendId: number }
}

export class Checks {
  readonly #map: BpfMap
  #ended = false

  constructor(map: BpfMap) {
    this.#map = map
  }

  /** What an earlier process has left. */
  clear(): void {
    for (let key = this.#map.nextKey(); key; key = this.#map.nextKey()) this.#map.delete(key)
  }

  open(connection: CheckedConnection): void {
    if (this.#ended) return
    const view = new DataView(new ArrayBuffer(Check.size))

    Check.encode(view, 0, { serviceId: 0, backendId: 0, ...connection.through, sent: 0n })
    this.#map.update(keyOf(connection), new Uint8Array(view.buffer))
  }

  /** Whether a packet of it was sent on. */
  wasSent(connection: CheckedConnection): boolean {
    const value = this.#ended ? undefined : this.#map.lookup(keyOf(connection))

    return value !== undefined && Check.decode(new DataView(value.buffer, value.byteOffset), 0).sent > 0n
  }

  close(connection: CheckedConnection): void {
    if (!this.#ended) this.#map.delete(keyOf(connection))
  }

  /** The map is gone: checks that are still under way tell nothing any more. */
  end(): void {
    this.#ended = true
  }
}

function keyOf({ remote, remotePort, localPort }: CheckedConnection): Uint8Array {
  const view = new DataView(new ArrayBuffer(CheckKey.size))
  const bytes = new DataView(remote.buffer, remote.byteOffset, remote.byteLength)
  const words = Array.from({ length: remote.length / 4 }, (_, at) => bytes.getUint32(at * 4))

  CheckKey.encode(view, 0, { remote: words, remotePort, localPort, family: remote.length === 4 ? Family.ipv4 : Family.ipv6 })
  return new Uint8Array(view.buffer)
}
