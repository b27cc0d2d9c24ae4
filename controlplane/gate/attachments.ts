/** Which devices the dataplane stands on: the policy's names and patterns against the devices that there are. */
import type { BaseLogger } from 'pino'
import type { Dataplane, DeviceStatus } from '../dataplane/dataplane.ts'
import { Errno, NativeError } from '../native/errors.ts'
import type { Device } from '../native/netlink.ts'
import type { InterfaceValue, PolicyDocument } from '../policy/document.ts'
import type { Happening } from '../visibility/happening.ts'

/** What the control plane wants of a log. */
export type Log = Pick<BaseLogger, 'info' | 'warn' | 'error'>

export interface Wanted {
  readonly xdp: NonNullable<InterfaceValue['xdp']>
  readonly egress: NonNullable<InterfaceValue['egress']>
}

/** The key of `interfaces` that decides for a device: its exact name, else the longest pattern that it fits. */
export function interfaceFor(name: string, interfaces: PolicyDocument['interfaces']): string | undefined {
  if (Object.hasOwn(interfaces, name)) return name
  return Object.keys(interfaces)
    .filter(key => key.endsWith('*') && name.startsWith(key.slice(0, -1)))
    .sort((left, right) => right.length - left.length)[0]
}

export function wantedFor(name: string, interfaces: PolicyDocument['interfaces']): Wanted | undefined {
  const key = interfaceFor(name, interfaces)
  const value = key === undefined ? undefined : interfaces[key]
  return value && { xdp: value.xdp ?? 'auto', egress: value.egress ?? 'auto' }
}

type DataplaneDevices = Pick<Dataplane, 'attach' | 'detach' | 'devices'>

/** Brings what is attached in line with what is wanted; what fails is told by status and tried again when the network changes. */
export class Attachments {
  readonly #dataplane: DataplaneDevices
  readonly #devices: () => readonly Device[]
  readonly #log: Log
  readonly #tell: (happening: Happening) => void
  /** By ifindex: what was asked for, to leave alone what is in place. A device that was renamed or made anew is asked for again. */
  readonly #asked = new Map<number, string>()
  readonly #failed = new Map<number, DeviceStatus>()
  /** By ifindex: what was told of it last. */
  readonly #told = new Map<number, Told>()

  constructor(
    dataplane: DataplaneDevices,
    devices: () => readonly Device[],
    log: Log,
    tell: (happening: Happening) => void = () => undefined,
  ) {
    this.#dataplane = dataplane
    this.#devices = devices
    this.#log = log
    this.#tell = tell
  }

  /** Devices that this policy names and that are attached, or should be. */
  status(interfaces: PolicyDocument['interfaces'], key?: string): DeviceStatus[] {
    const names = new Map(this.#devices().map(device => [device.ifindex, device.name]))
    const all = new Map(this.#dataplane.devices().map(status => [status.ifindex, status]))
    for (const [ifindex, status] of this.#failed) all.set(ifindex, status)
    return [...all.values()]
      .map(status => ({ ...status, name: names.get(status.ifindex) ?? status.name }))
      .filter(status => names.has(status.ifindex) && (key === undefined || interfaceFor(status.name, interfaces) === key))
      .sort((left, right) => left.ifindex - right.ifindex)
  }

  async reconcile(interfaces: PolicyDocument['interfaces']): Promise<void> {
    const present = this.#devices()
    const known = new Set(present.map(device => device.ifindex))
    for (const ifindex of [...this.#asked.keys()].filter(ifindex => !known.has(ifindex))) await this.#leave(ifindex)
    const attached = new Set(this.#dataplane.devices().map(status => status.ifindex))
    for (const device of present) {
      const wanted = wantedFor(device.name, interfaces)
      if (wanted) await this.#attach(device, wanted)
      else if (attached.has(device.ifindex) || this.#failed.has(device.ifindex)) await this.#leave(device.ifindex)
    }
  }

  /**
   * Tries what can only be known by trying: `native` on a device that is there.
   * @returns why it cannot be, by name of the device; those that refused stand as before.
   */
  async tryNative(before: PolicyDocument['interfaces'], after: PolicyDocument['interfaces']): Promise<Map<string, string>> {
    const refused = new Map<string, string>()
    for (const device of this.#devices()) {
      const wanted = wantedFor(device.name, after)
      const previous = wantedFor(device.name, before)
      if (wanted?.xdp !== 'native' || previous?.xdp === 'native') continue
      const status = await this.#attach(device, wanted)
      if (status.state === 'attached' && status.mode === 'native') continue
      refused.set(device.name, status.error ?? `the driver "${device.driver}" has no native XDP`)
    }
    if (refused.size > 0) await this.reconcile(before)
    return refused
  }

  async #attach(device: Device, wanted: Wanted): Promise<DeviceStatus> {
    const { name, ifindex, type, driver, mtu } = device
    const question = JSON.stringify([name, type, driver, mtu, wanted.xdp, wanted.egress])
    const there = this.#dataplane.devices().find(status => status.ifindex === ifindex)
    if (there?.state === 'attached' && this.#asked.get(ifindex) === question) return there
    let status: DeviceStatus
    let gone = false
    try {
      status = await this.#dataplane.attach(device, wanted)
      this.#failed.delete(ifindex)
    } catch (error) {
      gone = error instanceof NativeError && error.errno === Errno.ENODEV
      status = {
        name,
        ifindex,
        state: 'degraded',
        mode: 'off',
        egress: 'off',
        linkId: null,
        programId: null,
        driver,
        mtu,
        error: (error as Error).message,
      }
      this.#failed.set(ifindex, status)
    }
    this.#asked.set(ifindex, question)
    this.#tellChange(ifindex, toldOf(status))
    if (gone) this.#log.info({ device: name }, 'device went while it was being attached')
    else if (status.state !== 'attached')
      this.#log.error({ device: name, error: status.error }, 'device is not filtered as the policy says')
    return status
  }

  async #leave(ifindex: number): Promise<void> {
    this.#asked.delete(ifindex)
    this.#failed.delete(ifindex)
    const told = this.#told.get(ifindex)
    if (told) this.#tellChange(ifindex, { device: told.device, state: 'detached', mode: 'off', egress: 'off' })
    this.#told.delete(ifindex)
    try {
      await this.#dataplane.detach(ifindex)
    } catch (error) {
      this.#log.warn({ ifindex, error: (error as Error).message }, 'device could not be left')
    }
  }

  #tellChange(ifindex: number, told: Told): void {
    if (JSON.stringify(told) === JSON.stringify(this.#told.get(ifindex))) return
    this.#told.set(ifindex, told)
    this.#tell({ type: 'attach', time: Date.now(), data: () => ({ ...told, ifindex }) })
  }
}

type Told = Pick<DeviceStatus, 'state' | 'mode' | 'egress' | 'error'> & { readonly device: string }

function toldOf({ name, state, mode, egress, error }: DeviceStatus): Told {
  return { device: name, state, mode, egress, ...(error === undefined ? {} : { error }) }
}
