/** The dataplane as the rest of the control plane sees it: tables go in, counters and traces come out, devices are attached. */
import { join } from 'node:path'
import { NativeError } from '../native/errors.ts'
import type { BpfMap } from '../native/map.ts'
import { listDevices } from '../native/netlink.ts'
import type { BpfProgram, TestRun } from '../native/program.ts'
import type { Capacity, CapacityUse, Tables } from '../policy/tables.ts'
import type { MapName } from './abi.ts'
import { Layout } from './abi.ts'
import type { Connections } from './connections.ts'
import type { CounterIds } from './counters.ts'
import { Counters } from './counters.ts'
import { detachAll } from './detach.ts'
import type { DeviceFacts, DeviceStatus, Wanted } from './devices.ts'
import { Devices } from './devices.ts'
import { Events } from './events.ts'
import type { HookName, Loaded } from './kernel.ts'
import { load, mapNames, pinnedPrograms, pinOfMap, unload } from './kernel.ts'
import { ModeSwitch } from './mode.ts'
import { objectDirectory, sourcesHash } from './objects.ts'
import { Pins } from './pins.ts'
import { defaultCapacity } from './sizes.ts'
import { SidedTables } from './tables.ts'
import type { RunOptions } from './test-run.ts'
import { runOn } from './test-run.ts'
import type { TraceRequest, TraceResult } from './trace.ts'
import { Twin } from './trace.ts'
import { adoptPins, dropOlderLayouts } from './upgrade.ts'

export { NativeError } from '../native/errors.ts'
export type { Count, CounterIds, Outcome } from './counters.ts'
export type { DeviceFacts, DeviceStatus, EgressMode, Wanted, XdpMode } from './devices.ts'
export type { EventCounts, EventTypeName } from './events.ts'
export type { HookName } from './kernel.ts'
export { defaultCapacity } from './sizes.ts'
export type { RunOptions } from './test-run.ts'
export type { TraceRequest, TraceResult, TraceStep } from './trace.ts'

export interface DataplaneOptions {
  /** A directory on bpffs, or below /sys/fs/bpf, where one is mounted if need be. Without it nothing outlives `close`. */
  readonly pinDir?: string
  readonly capacity?: Partial<Capacity>
  /** Where the objects are; by default dataplane-bpf/build of this package. */
  readonly objectDir?: string
  /** Load the twin for traces at once, and not when it is first asked. */
  readonly trace?: boolean
}

export class Dataplane {
  readonly capacity: Capacity
  readonly counters: Counters
  readonly events: Events
  /** The emergency switch. */
  readonly mode: ModeSwitch
  readonly #directory: string
  readonly #pinDir: string | undefined
  readonly #pins: Pins | undefined
  readonly #loaded: Loaded
  readonly #tables: SidedTables
  readonly #devices: Devices
  #twin: Twin | undefined
  #inCharge = false
  #closed = false

  private constructor(directory: string, pinDir: string | undefined, pins: Pins | undefined, loaded: Loaded) {
    this.capacity = loaded.capacity
    this.#directory = directory
    this.#pinDir = pinDir
    this.#pins = pins
    this.#loaded = loaded
    this.#tables = new SidedTables(loaded, pins)
    this.counters = new Counters(loaded)
    this.events = new Events(loaded)
    this.mode = new ModeSwitch(loaded.maps.modes)
    this.#devices = new Devices(loaded, pins, pins ? listDevices() : [])
  }

  /**
   * Loads the programs. Maps that an earlier process has pinned are used again where their shape is the same; what it has attached
   * goes on unchanged until takeOver().
   */
  static async open(options: DataplaneOptions = {}): Promise<Dataplane> {
    const directory = options.objectDir ?? objectDirectory()
    const pins = options.pinDir === undefined ? undefined : new Pins(join(options.pinDir, `v${Layout.version}`), true)
    if (options.pinDir !== undefined) adoptPins(options.pinDir, Layout.version)
    const loaded = load({ directory, capacity: { ...defaultCapacity, ...options.capacity }, ...(pins ? { pins } : {}) })

    try {
      const dataplane = new Dataplane(directory, options.pinDir, pins, loaded)

      if (options.trace) dataplane.#twinOf()
      return dataplane
    } catch (error) {
      unload(loaded)
      throw error
    }
  }

  /** Takes programs off devices and pins away, without loading anything. Answers what it removed. */
  static async detachAll(pinDir: string): Promise<string[]> {
    return detachAll(pinDir)
  }

  /** Which programs these are. */
  get sources(): string {
    return sourcesHash(this.#directory)
  }

  /** In force in the kernel; 0 where nothing has been committed. */
  get revision(): number {
    return this.#tables.revision
  }

  /** Whether this kernel's tables were left by an earlier process. */
  get resumed(): boolean {
    return this.#loaded.reused.has('modes')
  }

  /** Of the side in force, what the compiler goes on from after a restart. */
  rowsInForce(): { rules: Uint8Array; vectors: Uint8Array } {
    return this.#tables.rowsInForce()
  }

  /** Of the side in force: whether it tracks connections, and until when (CLOCK_BOOTTIME) it picks them up in mid-stream. */
  get tracking(): { isOn: boolean; pickUpUntilS: bigint } {
    return this.#tables.tracking
  }

  /** Whether the side in force is not what these tables say. */
  differs(tables: Tables): boolean {
    return this.#tables.differs(tables)
  }

  /** Fills the idle side. Throws NativeError `capacity` before anything changes when it does not fit. */
  async stage(tables: Tables): Promise<void> {
    await this.#tables.stage(tables)
  }

  /** Switches to what was staged, for all programs at once. `revision` is the next one; on fresh maps any above 0. With `deadlineMs` the
   * side before is left for the kernel to go back to by itself. */
  commit(revision: number, deadlineMs?: number): void {
    this.#tables.commit(revision, deadlineMs)
  }

  /** When the kernel goes back to the other side by itself, on CLOCK_BOOTTIME in milliseconds; undefined: it does not. */
  get deadlineMs(): number | undefined {
    return this.#tables.deadlineMs
  }

  /** What is in force stays. False: the kernel has gone back already. */
  keep(): boolean {
    return this.#tables.keep()
  }

  /** The kernel goes to the other side at the deadline, as the next revision: to what was staged, or to what was there before. */
  armFallback(deadlineMs: number): void {
    this.#tables.armFallback(deadlineMs)
  }

  /** Back to the other side, where the kernel has not gone there already. Answers the revision in force. */
  fallBack(): number {
    return this.#tables.fallBack()
  }

  /** Pins this process' maps and programs and swaps every program that an earlier process has attached. */
  async takeOver(): Promise<void> {
    if (this.#devices.count > 0 && this.revision === 0)
      throw new NativeError('order', 'programs without tables would let everything through', {
        remedy: 'stage and commit before takeOver()',
      })
    if (this.#pins) this.#tables.place(this.#pins)
    for (const name of mapNames) {
      if (name !== 'traces' && !this.#loaded.reused.has(name)) this.#pins?.place(pinOfMap(name), this.#loaded.maps[name])
    }
    for (const name of pinnedPrograms) this.#pins?.place(name, this.#loaded.programs[name])
    this.#devices.swapAll()
    if (this.#pins) this.#tables.tidy(this.#pins)
    if (this.#pinDir !== undefined) dropOlderLayouts(this.#pinDir, Layout.version)
    this.#tables.settle()
    this.#inCharge = true
  }

  /** Brings a device to what is wanted; again and again if need be. Throws where not even TC can be attached. */
  async attach(device: DeviceFacts, wanted: Wanted): Promise<DeviceStatus> {
    if (!this.#inCharge) await this.takeOver()
    return this.#devices.attach(device, wanted)
  }

  /** Takes our programs off a device; nothing happens where there are none. */
  async detach(ifindex: number): Promise<void> {
    this.#devices.detach(ifindex)
  }

  devices(): DeviceStatus[] {
    return this.#devices.list()
  }

  /** Before ids are given to somebody new: what was counted for them, and what limits remember of them. */
  clearCounters(ids: CounterIds): void {
    const { rule_tats } = this.#loaded.maps

    this.counters.clear(ids)
    for (const id of ids.rules) {
      if (id < rule_tats.shape.maxEntries)
        rule_tats.update(new Uint8Array(new Uint32Array([id]).buffer), new Uint8Array(rule_tats.shape.valueSize))
    }
  }

  /** What the loaded program would do to a packet. Moves no live counter and no live connection. */
  trace(request: TraceRequest): TraceResult {
    return this.#twinOf().trace(request)
  }

  /** Tells the programs of a device as if it were attached (`flags` of InterfaceFlag). For tests and the bench. */
  describeDevice(ifindex: number, flags: number): void {
    this.#loaded.maps.interfaces.update(new Uint8Array(new Uint32Array([ifindex]).buffer), new Uint8Array(new Uint32Array([flags]).buffer))
  }

  /** Runs a live program on a packet: it counts and tracks like a real one. For tests and the bench. */
  runProgram(hook: HookName, packet: Uint8Array, options: RunOptions = {}): TestRun {
    return runOn(this.#loaded.programs[hook], hook, packet, options)
  }

  /** A live program, for the bench. */
  program(hook: HookName): BpfProgram {
    return this.#loaded.programs[hook]
  }

  /** A live map, for the bench. */
  map(name: MapName): BpfMap {
    return this.#loaded.maps[name]
  }

  /** Instructions that the verifier has walked, by program. */
  verifiedInstructions(): Readonly<Record<HookName, number>> {
    const { programs } = this.#loaded

    return {
      xdp_ingress: programs.xdp_ingress.verifiedInstructions,
      tc_ingress: programs.tc_ingress.verifiedInstructions,
      tc_egress: programs.tc_egress.verifiedInstructions,
    }
  }

  /** Of the trie: known once it is written. */
  get prefixPages(): CapacityUse {
    return this.#tables.prefixPages
  }

  use(): CapacityUse[] {
    return this.#tables.use()
  }

  /** How full the table of connections is that rules ask for. */
  connectionUse(): CapacityUse {
    return this.#tables.connectionUse()
  }

  /** Connections that rules ask for. */
  get connections(): Connections {
    return this.#tables.connections
  }

  /** Closes handles. Pinned programs go on enforcing; without pins everything is freed. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#twin?.close()
    this.#devices.close()
    this.#tables.close()
    this.counters.close()
    this.events.close()
    unload(this.#loaded)
  }

  #twinOf(): Twin {
    if (this.#closed) throw new NativeError('closed', 'the dataplane is closed')
    this.#twin ??= new Twin(this.#loaded, this.#directory)
    return this.#twin
  }
}
