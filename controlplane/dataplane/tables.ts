/** The two sides of the tables: one is in force, the other is filled with what comes next, one store switches. */
import { NativeError } from '../native/errors.ts'
import { gracePeriod } from '../native/grace.ts'
import type { CapacityUse, NamedClass, Pool, SidedMap, Tables } from '../policy/tables.ts'
import { pools, sidedMaps } from '../policy/tables.ts'
import { directionCount, Limit, maps, NamedKey, SideFlag, Side as SideRow } from './abi.ts'
import { Connections } from './connections.ts'
import type { Loaded } from './kernel.ts'
import { MappedArray } from './map.ts'
import type { Pins } from './pins.ts'
import { Segments } from './segments.ts'
import { sideRows } from './sizes.ts'
import { type Side, Trie } from './trie.ts'

const pendingBit = 1n << BigInt(Limit.pendingBit)

export class SidedTables {
  readonly connections: Connections
  readonly #loaded: Loaded
  readonly #arrays: Readonly<Record<SidedMap, MappedArray>>
  readonly #revision: MappedArray
  readonly #roots: MappedArray
  readonly #prefixPages: Segments
  readonly #trie: Trie
  readonly #pools: Readonly<Record<Pool, Segments>>
  /** Settled when no packet is left that began under the revision before. */
  #quiet: Promise<void> | undefined
  #staging = false
  /** What the idle side holds, until it is in force. */
  #staged: Tables | undefined
  /** What is known of the side in force; undefined after a restart, until somebody compares. */
  #inForce: Tables | undefined
  /** What the other side holds, while the one in force waits for its confirmation. */
  #fallback: Tables | undefined

  /** `pins`: where an earlier process may have left segments. */
  constructor(loaded: Loaded, pins?: Pins) {
    this.#loaded = loaded
    this.#pools = Object.fromEntries(
      pools.map(pool => {
        const name = `${pool}_pages` as const
        return [pool, new Segments(loaded.maps[name], loaded.reused.has(name) ? pins : undefined)]
      }),
    ) as Record<Pool, Segments>
    this.#arrays = Object.fromEntries(sidedMaps.map(name => [name, new MappedArray(loaded.maps[name])])) as Record<SidedMap, MappedArray>
    this.#revision = new MappedArray(loaded.maps.revision)
    this.connections = new Connections(loaded, this.#pools.tracked)
    const reused = loaded.reused.has('prefix_pages')

    this.#roots = new MappedArray(loaded.maps.prefix_roots)
    this.#prefixPages = new Segments(loaded.maps.prefix_pages, reused ? pins : undefined)
    this.#trie = new Trie(this.#roots, this.#prefixPages, loaded.capacity.prefixPages, reused)
  }

  get revision(): number {
    return Number(this.#word() & ~pendingBit)
  }

  /** When the side in force gives way to the other one, on CLOCK_BOOTTIME in milliseconds; undefined: it stays. */
  get deadlineMs(): number | undefined {
    return this.#word() & pendingBit ? Number(this.#revision.words()[1]) / 1e6 : undefined
  }

  rowsInForce(): { rules: Uint8Array; vectors: Uint8Array } {
    const { rules, vectors } = sideRows(this.#loaded.capacity)
    const side = this.#sideInForce()

    return { rules: this.#arrays.rules.bytes(side * rules, rules), vectors: this.#arrays.vectors.bytes(side * vectors, vectors) }
  }

  get tracking(): { isOn: boolean; pickUpUntilS: bigint } {
    const { flags, pickUpUntilS } = this.#rowInForce()

    return { isOn: this.revision > 0 && (flags & SideFlag.tracking) !== 0, pickUpUntilS }
  }

  /** Whether the side in force is not what these tables say. */
  differs(tables: Tables): boolean {
    const side = this.#sideInForce()
    const rows = sideRows(this.#loaded.capacity)
    const equal =
      this.revision > 0 &&
      this.#trie.holds(tables.prefixes, side) &&
      overflow(tables, this.#loaded.capacity).length === 0 &&
      pools.every(pool => this.#pools[pool].count >= tables.segments[pool]) &&
      this.#namesAre(tables.named, side) &&
      sidedMaps.every(name => this.#arrays[name].holds(side * rows[name], tables.rows[name]))

    if (equal) this.#inForce = tables
    return !equal
  }

  /**
   * Fills the side that is not in force; on fresh maps, where neither is, both. Throws `capacity` before anything is written. A
   * failure on the way leaves the side in force as it was.
   */
  async stage(tables: Tables): Promise<void> {
    const tooLarge = overflow(tables, this.#loaded.capacity)

    if (tooLarge.length > 0) {
      const what = tooLarge.map(({ table, used, max }) => `${table}: ${used} of ${max}`).join(', ')

      throw new NativeError('capacity', `the policy does not fit (${what})`, { remedy: 'make it smaller, or open with a larger capacity' })
    }
    if (this.#staging) throw new NativeError('order', 'another policy is being staged')
    this.#staging = true
    this.#staged = undefined
    try {
      await this.connections.settled()
      for (const pool of pools) this.#pools[pool].grow(tables.segments[pool])
      await this.#idle()
      for (const side of this.revision === 0 ? ([1, 0] as const) : ([this.#sideInForce() === 0 ? 1 : 0] as const))
        await this.#fill(tables, side)
      this.#staged = tables
    } finally {
      this.#staging = false
    }
  }

  /** Puts the staged side in force: one store, met whole by every packet that comes after it. */
  commit(revision: number, deadlineMs?: number): void {
    const current = this.revision
    const isNext = Number.isSafeInteger(revision) && revision > current && (current === 0 || (revision - current) % Limit.sides === 1)

    if (!isNext) throw new NativeError('order', `revision ${revision} cannot follow ${current}`, { remedy: `commit ${current + 1}` })
    if (!this.#staged) throw new NativeError('order', `nothing is staged for revision ${revision}`, { remedy: 'stage its tables first' })
    this.#setDeadline(deadlineMs)
    Atomics.store(this.#revision.words(), 0, BigInt(revision) | (deadlineMs === undefined ? 0n : pendingBit))
    this.#fallback = this.#inForce
    this.#inForce = this.#staged
    this.#staged = undefined
    this.#settle()
  }

  /** The side in force stays, whatever the deadline said. False: the other side is in force already. */
  keep(): boolean {
    const word = this.#word()

    return (word & pendingBit) !== 0n && Atomics.compareExchange(this.#revision.words(), 0, word, word & ~pendingBit) === word
  }

  /** The side in force gives way to the other one, as the next revision: to what was staged, or to what was there before. */
  armFallback(deadlineMs: number): void {
    this.#fallback = this.#staged ?? this.#fallback
    this.#staged = undefined
    this.#setDeadline(deadlineMs)
    Atomics.or(this.#revision.words(), 0, pendingBit)
  }

  /** From a side that waits for its confirmation to the other one, unless programs have gone there already. Answers its revision. */
  fallBack(): number {
    const word = this.#word()

    if (word & pendingBit) Atomics.compareExchange(this.#revision.words(), 0, word, (word & ~pendingBit) + 1n)
    this.#inForce = this.#fallback
    this.#fallback = undefined
    this.#settle()
    return this.revision
  }

  /** Connections follow a change of their table's size, and are counted where a limit asks. */
  settle(): void {
    const { trackedSegments, flags } = this.#rowInForce()

    this.connections.settle(trackedSegments, this.#idle())
    if (flags & SideFlag.holders) this.connections.count()
  }

  get prefixPages(): CapacityUse {
    return this.#trie.use()
  }

  use(): CapacityUse[] {
    const { capacity } = this.#loaded

    return [this.#trie.use(), this.connectionUse(), ...(this.#inForce ? rowUse(this.#inForce, capacity) : [])]
  }

  /** Of the table that the side in force tracks by. */
  connectionUse(): CapacityUse {
    return this.connections.use(this.#rowInForce())
  }

  /** Pins what has grown. */
  place(pins: Pins): void {
    for (const segments of this.#segments()) segments.place(pins)
  }

  /** Takes away what earlier maps have left. */
  tidy(pins: Pins): void {
    for (const segments of this.#segments()) segments.tidy(pins)
  }

  close(): void {
    this.connections.close()
    for (const segments of this.#segments()) segments.close()
    this.#roots.close()
    for (const array of Object.values(this.#arrays)) array.close()
    this.#revision.close()
  }

  #segments(): Segments[] {
    return [...Object.values(this.#pools), this.#prefixPages]
  }

  #fillNamed(named: readonly NamedClass[], side: Side): void {
    const map = this.#loaded.maps.named_classes
    const wanted = ofSide(named, side)

    for (const key of this.#namesOf(side)) if (!wanted.has(Buffer.from(key).toString('latin1'))) map.delete(key)
    for (const [key, value] of wanted) map.update(Buffer.from(key, 'latin1'), value)
  }

  #namesAre(named: readonly NamedClass[], side: Side): boolean {
    const map = this.#loaded.maps.named_classes
    const wanted = ofSide(named, side)

    return (
      this.#namesOf(side).length === wanted.size &&
      [...wanted].every(([key, value]) => {
        const there = map.lookup(Buffer.from(key, 'latin1'))
        return there !== undefined && Buffer.compare(there, value) === 0
      })
    )
  }

  /** Keys of one side in `named_classes`. */
  #namesOf(side: Side): Uint8Array[] {
    const map = this.#loaded.maps.named_classes
    const keys: Uint8Array[] = []

    for (let key = map.nextKey(); key; key = map.nextKey(key)) {
      const { row } = NamedKey.decode(new DataView(key.buffer, key.byteOffset), 0)
      if (Math.floor(row / directionCount) === side) keys.push(key)
    }
    return keys
  }

  #rowInForce(): SideRow {
    return SideRow.decode(this.#arrays.sides.view(this.#sideInForce()), 0)
  }

  #word(): bigint {
    return Atomics.load(this.#revision.words(), 0)
  }

  #setDeadline(deadlineMs = 0): void {
    Atomics.store(this.#revision.words(), 1, BigInt(Math.round(deadlineMs * 1e6)))
    Atomics.store(this.#revision.words(), 2, 0n)
  }

  /** After a switch. */
  #settle(): void {
    this.#quiet = undefined
    /* Begun now, so that the next write seldom has to wait; its failure is met there. */
    this.#idle().catch(() => {
      this.#quiet = undefined
    })
    this.settle()
  }

  #sideInForce(): Side {
    return this.revision % Limit.sides === 0 ? 0 : 1
  }

  /** Waits until no packet reads the idle side any more. */
  #idle(): Promise<void> {
    this.#quiet ??= gracePeriod()
    return this.#quiet
  }

  async #fill(tables: Tables, side: Side): Promise<void> {
    const rows = sideRows(this.#loaded.capacity)

    await this.#trie.fill(tables.prefixes, side, this.revision > 0)
    for (const name of sidedMaps) this.#arrays[name].write(side * rows[name], tables.rows[name])
    this.#fillNamed(tables.named, side)
  }
}

/** Entries of one side in `named_classes`, written over those of two revisions ago. */
function ofSide(named: readonly NamedClass[], side: Side): Map<string, Uint8Array> {
  return new Map(
    named.map(({ dimension, direction, value, class: number }) => {
      const key = new DataView(new ArrayBuffer(NamedKey.size))

      NamedKey.encode(key, 0, { value, dimension, row: side * directionCount + direction })
      return [Buffer.from(key.buffer).toString('latin1'), new Uint8Array(new Uint32Array([number]).buffer)]
    }),
  )
}

/** Maps whose size is the shape of the C structs: always used whole. */
const fixedMaps: ReadonlySet<SidedMap> = new Set(['sides', 'value_classes', 'classifiers', 'rules', 'detectors', 'service_ports'])

function rowUse(tables: Tables, capacity: Loaded['capacity']): CapacityUse[] {
  const rows = sideRows(capacity)

  return sidedMaps.filter(name => !fixedMaps.has(name)).map(name => ({ table: name, used: rowCount(tables, name), max: rows[name] }))
}

/** Tables that a side has no room for. */
function overflow(tables: Tables, capacity: Loaded['capacity']): CapacityUse[] {
  const rows = sideRows(capacity)

  return sidedMaps.map(name => ({ table: name, used: rowCount(tables, name), max: rows[name] })).filter(({ used, max }) => used > max)
}

function rowCount(tables: Tables, name: SidedMap): number {
  return Math.ceil(tables.rows[name].length / maps[name].valueSize)
}
