/** A compiled object on its way into the kernel: sizes and constants are set, maps taken over, then all of it is loaded. */

import { NativeError } from './errors.ts'
import { koffi } from './foreign.ts'
import { checked, checkedHandle, libbpf } from './libbpf.ts'
import { Descriptor } from './libc.ts'
import type { MapShape } from './map.ts'
import { BpfMap } from './map.ts'
import { BpfProgram } from './program.ts'

export class BpfObject {
  readonly path: string
  #handle: bigint | undefined
  readonly #maps = new Map<string, bigint>()
  #constants: bigint | undefined

  constructor(path: string) {
    this.path = path
    this.#handle = checkedHandle(libbpf().objectOpen(path, null), `opening ${path}`)
    for (let map = libbpf().objectNextMap(this.#handle, null); map !== null; map = libbpf().objectNextMap(this.#handle, map)) {
      const name = libbpf().mapName(map)

      if (!libbpf().mapIsInternal(map)) this.#maps.set(name, map)
      else if (name.endsWith('.rodata')) this.#constants = map
    }
  }

  /** Names of its maps, in the order of the source. */
  get mapNames(): readonly string[] {
    return [...this.#maps.keys()]
  }

  shape(name: string): MapShape {
    const map = this.#map(name)

    return {
      type: libbpf().mapType(map),
      keySize: libbpf().mapKeySize(map),
      valueSize: libbpf().mapValueSize(map),
      maxEntries: libbpf().mapMaxEntries(map),
      flags: libbpf().mapFlags(map),
    }
  }

  resize(name: string, maxEntries: number): void {
    checked(libbpf().mapSetMaxEntries(this.#map(name), maxEntries), `sizing map ${name}`)
  }

  /** Makes the programs use a map that exists, instead of a new one. */
  reuse(name: string, map: BpfMap): void {
    checked(libbpf().mapReuse(this.#map(name), map.fd), `taking over map ${name}`)
  }

  /** Writes bytes of `const volatile` data before loading. */
  setConstants(offset: number, bytes: Uint8Array): void {
    this.#open()
    const length: [number] = [0]
    const memory = this.#constants === undefined ? null : libbpf().mapInitialValue(this.#constants, length)

    if (memory === null || offset + bytes.length > length[0])
      throw new NativeError('layout', `${this.path} has no room for its constants`, { remedy: 'build it anew: npm run build' })
    new Uint8Array(koffi.view(memory + BigInt(offset), bytes.length)).set(bytes)
  }

  /** Creates its maps and verifies its programs. The error carries the verifier's last lines. */
  load(): void {
    checked(libbpf().objectLoad(this.#open()), `loading ${this.path}`)
  }

  /** A hold of its own on a map or program of a loaded object. */
  map(name: string): BpfMap {
    return new BpfMap(Descriptor.duplicate(libbpf().mapFd(this.#map(name)), `map ${name}`))
  }

  program(name: string): BpfProgram {
    const program = checkedHandle(libbpf().objectFindProgram(this.#open(), name), `finding program ${name} in ${this.path}`)

    return new BpfProgram(Descriptor.duplicate(libbpf().programFd(program), `program ${name}`))
  }

  close(): void {
    if (this.#handle === undefined) return
    libbpf().objectClose(this.#handle)
    this.#handle = undefined
  }

  #open(): bigint {
    if (this.#handle === undefined) throw new NativeError('closed', `${this.path} is closed`)
    return this.#handle
  }

  #map(name: string): bigint {
    this.#open()
    const map = this.#maps.get(name)

    if (map === undefined) throw new NativeError('layout', `${this.path} has no map ${name}`, { remedy: 'build it anew: npm run build' })
    return map
  }
}
