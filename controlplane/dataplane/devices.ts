/** The devices that our programs stand on: attaching, swapping after a restart, taking off. */
import { Errno, errnoText, NativeError } from '../native/errors.ts'
import { type Device, keepVlanTags } from '../native/netlink.ts'
import { AttachType } from '../native/program.ts'
import type { TcDirection } from '../native/tc.ts'
import { InterfaceFlag } from './abi.ts'
import type { Hold, XdpAttachMode } from './hold.ts'
import { attachClsact, attachTcx, attachXdp, openFilter, openLink } from './hold.ts'
import type { Loaded } from './kernel.ts'
import type { Pins } from './pins.ts'

export type XdpMode = 'auto' | 'native' | 'generic' | 'off'
export type EgressMode = 'auto' | 'tcx' | 'clsact' | 'off'

export interface DeviceStatus {
  readonly name: string
  readonly ifindex: number
  /** `degraded`: packets are judged, but not in the way that was asked for; `error` says why. */
  readonly state: 'attached' | 'degraded' | 'detached'
  readonly mode: XdpAttachMode | 'off'
  readonly egress: 'tcx' | 'clsact' | 'off'
  /** Of the XDP link, else of the ingress link; null where the kernel has no such link. */
  readonly linkId: number | null
  /** Of the program that meets ingress packets first. */
  readonly programId: number | null
  readonly driver: string
  readonly mtu: number
  readonly error?: string
}

export type DeviceFacts = Pick<Device, 'name' | 'ifindex' | 'type' | 'driver' | 'mtu'>
export interface Wanted {
  readonly xdp: XdpMode
  readonly egress: EgressMode
}

interface Attached {
  facts: DeviceFacts
  xdp: Hold | undefined
  ingress: Hold | undefined
  egress: Hold | undefined
  errors: string[]
}

/** Header types whose frames begin with an Ethernet header (linux/if_arp.h): Ethernet, loopback. */
const ethernetTypes: ReadonlySet<number> = new Set([1, 772])

export class Devices {
  readonly #loaded: Loaded
  readonly #pins: Pins | undefined
  readonly #attached = new Map<number, Attached>()

  /** Finds what an earlier process has left on the devices of this network namespace. */
  constructor(loaded: Loaded, pins: Pins | undefined, present: readonly DeviceFacts[]) {
    this.#loaded = loaded
    this.#pins = pins
    if (!pins) return
    for (const ifindex of pinnedDevices(pins.list())) {
      const facts = present.find(device => device.ifindex === ifindex) ?? { name: '', ifindex, type: 1, driver: '', mtu: 0 }
      const attached: Attached = {
        facts,
        xdp: openLink(pins, AttachType.xdp, ifindex),
        ingress: openLink(pins, AttachType.tcxIngress, ifindex) ?? openFilter(pins, ifindex, 'ingress'),
        egress: openLink(pins, AttachType.tcxEgress, ifindex) ?? openFilter(pins, ifindex, 'egress'),
        errors: [],
      }

      if (holdsOf(attached).length > 0) this.#attached.set(ifindex, attached)
    }
  }

  get count(): number {
    return this.#attached.size
  }

  list(): DeviceStatus[] {
    return [...this.#attached.values()].map(statusOf)
  }

  /** Puts this process' programs into every place that another one's hold. */
  swapAll(): void {
    const { programs } = this.#loaded

    for (const attached of this.#attached.values()) {
      this.#writeFlags(attached)
      attached.ingress?.swap(programs.tc_ingress)
      attached.egress?.swap(programs.tc_egress)
      attached.xdp?.swap(attached.xdp.kind === 'generic' ? programs.xdp_generic : programs.xdp_ingress)
    }
  }

  /** Brings a device to what is wanted; what stands already as wanted is left alone. */
  attach(facts: DeviceFacts, wanted: Wanted): DeviceStatus {
    const known = this.#attached.get(facts.ifindex)
    const attached: Attached = known ?? { facts, xdp: undefined, ingress: undefined, egress: undefined, errors: [] }

    attached.facts = facts
    attached.errors = []
    try {
      this.#clear(attached, wanted)
      this.#writeFlags(attached)
      this.#attachTc(attached, 'ingress', wanted.egress === 'clsact' ? 'clsact' : 'auto')
      if (wanted.egress !== 'off') this.#attachTc(attached, 'egress', wanted.egress)
      this.#attachXdp(attached, wanted.xdp)
      this.#writeFlags(attached)
    } catch (error) {
      if (!known) this.#remove(attached)
      throw error
    }
    this.#attached.set(facts.ifindex, attached)
    return statusOf(attached)
  }

  detach(ifindex: number): void {
    const attached = this.#attached.get(ifindex)

    if (!attached) return
    this.#remove(attached)
    this.#attached.delete(ifindex)
  }

  close(): void {
    for (const attached of this.#attached.values()) {
      for (const hold of holdsOf(attached)) hold.close()
    }
    this.#attached.clear()
  }

  /** Takes off what is not wanted any more, XDP only after tc_ingress has been told to look at everything. */
  #clear(attached: Attached, wanted: Wanted): void {
    const { xdp, ingress, egress } = attached

    if (xdp && !(xdp.stands() && (wanted.xdp === xdp.kind || (wanted.xdp === 'auto' && xdp.kind === 'native')))) {
      attached.xdp = undefined
      this.#writeFlags(attached)
      xdp.remove()
    }
    if (ingress && !ingress.stands()) {
      attached.ingress = undefined
      ingress.remove()
    }
    if (egress && !(egress.stands() && wanted.egress !== 'off')) {
      attached.egress = undefined
      egress.remove()
    }
  }

  #attachTc(attached: Attached, direction: TcDirection, wanted: 'auto' | 'tcx' | 'clsact'): void {
    const { ifindex } = attached.facts
    const program = this.#loaded.programs[`tc_${direction}`]
    const standing = attached[direction]

    if (standing && (wanted === 'auto' || wanted === standing.kind)) return
    const tcx = wanted === 'clsact' ? undefined : attachTcx(program, ifindex, direction, this.#pins)

    if (!tcx && wanted === 'tcx') attached.errors.push('the kernel has no tcx (it came with 6.6); clsact stands in')
    attached[direction] = tcx ?? (standing?.kind === 'clsact' ? standing : attachClsact(program, ifindex, direction, this.#pins))
    if (standing !== attached[direction]) standing?.remove()
  }

  #attachXdp(attached: Attached, wanted: XdpMode): void {
    if (wanted === 'off' || attached.xdp) return
    if (!ethernetTypes.has(attached.facts.type)) {
      if (wanted !== 'auto') attached.errors.push(`XDP ${wanted}: frames of this device have no Ethernet header; tc_ingress stands in`)
      return
    }
    const { xdp_ingress: native, xdp_generic: generic } = this.#loaded.programs
    const mode = wanted === 'auto' ? 'native' : wanted

    try {
      attached.xdp = attachXdp(mode === 'generic' ? generic : native, attached.facts.ifindex, mode, this.#pins)
      // On a veth and in generic mode tc_ingress is asked where a rule names a tag: see show_tags.
      if (this.#mayRewrite(attached) && !keepVlanTags(attached.facts.name))
        attached.errors.push(
          'the device takes VLAN tags out of frames before XDP (rxvlan): rules that name vlan see none; write "xdp": "off"',
        )
    } catch (error) {
      if (!(error instanceof NativeError) || error.errno === undefined || error.errno === Errno.ENODEV) throw error
      // Generic mode would do what tc_ingress does, after copying each frame: where nobody asks for it, tc_ingress is the better way.
      if (wanted === 'auto' && error.errno === Errno.EOPNOTSUPP) return
      attached.errors.push(`XDP ${mode}: ${refusalText(error.errno)}; tc_ingress stands in`)
    }
  }

  /**
   * Says how packets come by a device. tc_ingress leaves packets to XDP only once XDP stands there; and until it is known what XDP
   * may do there, it hands over what it would have to rewrite.
   */
  #writeFlags(attached: Attached): void {
    const { facts, xdp } = attached
    const flags =
      (ethernetTypes.has(facts.type) ? 0 : InterfaceFlag.noEthernet) |
      (xdp ? InterfaceFlag.xdp : 0) |
      (this.#mayRewrite(attached) ? 0 : InterfaceFlag.handover)

    this.#loaded.maps.interfaces.update(bytesOf(facts.ifindex), bytesOf(flags))
  }

  #mayRewrite({ facts, xdp }: Attached): boolean {
    return xdp?.kind === 'native' && facts.driver !== 'veth'
  }

  #remove(attached: Attached): void {
    const { xdp, ingress, egress } = attached

    attached.xdp = attached.ingress = attached.egress = undefined
    if (xdp) {
      this.#writeFlags(attached)
      xdp.remove()
    }
    ingress?.remove()
    egress?.remove()
    this.#loaded.maps.interfaces.delete(bytesOf(attached.facts.ifindex))
  }
}

function bytesOf(number: number): Uint8Array {
  const bytes = new Uint8Array(4)

  new DataView(bytes.buffer).setUint32(0, number, true)
  return bytes
}

function holdsOf({ xdp, ingress, egress }: Attached): Hold[] {
  return [xdp, ingress, egress].filter(hold => hold !== undefined)
}

function refusalText(errno: number): string {
  switch (errno) {
    case Errno.EBUSY:
      return 'another XDP program stands there (EBUSY)'
    case Errno.EOPNOTSUPP:
      return 'the driver cannot (EOPNOTSUPP)'
    default:
      return errnoText(errno)
  }
}

function statusOf(attached: Attached): DeviceStatus {
  const { facts, xdp, ingress, egress, errors } = attached
  const first = xdp ?? ingress

  return {
    name: facts.name,
    ifindex: facts.ifindex,
    state: first === undefined ? 'detached' : errors.length > 0 ? 'degraded' : 'attached',
    mode: xdp?.kind === 'native' || xdp?.kind === 'generic' ? xdp.kind : 'off',
    egress: egress?.kind === 'tcx' || egress?.kind === 'clsact' ? egress.kind : 'off',
    linkId: first?.linkId ?? null,
    programId: first?.programId() ?? null,
    driver: facts.driver,
    mtu: facts.mtu,
    ...(errors.length > 0 ? { error: errors.join('; ') } : {}),
  }
}

/** Device numbers in pin names. */
export function pinnedDevices(names: readonly string[]): number[] {
  const numbers = names.map(name => /^(?:link|filter|clsact)_.*?(\d+)$/.exec(name)?.[1]).filter(text => text !== undefined)

  return [...new Set(numbers.map(Number))].sort((a, b) => a - b)
}
