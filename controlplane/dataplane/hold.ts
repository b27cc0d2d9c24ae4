/** One place of one device at which a program of ours stands: an XDP link, a tcx link, or a clsact filter; pinned if pins are kept. */
import { Errno, NativeError } from '../native/errors.ts'
import type { Descriptor } from '../native/libc.ts'
import { countFilters } from '../native/netlink.ts'
import { AttachType, BpfLink, BpfProgram, XdpFlag, xdpState } from '../native/program.ts'
import type { TcDirection } from '../native/tc.ts'
import { attachFilter, detachFilter, filterProgram, removeQdisc } from '../native/tc.ts'
import type { Pins } from './pins.ts'

export type XdpAttachMode = 'native' | 'generic'
export type TcKind = 'tcx' | 'clsact'

/** What stands at a place. */
export interface Hold {
  readonly kind: XdpAttachMode | TcKind
  readonly linkId: number | null
  programId: () => number | null
  /** False after the device has gone, or after somebody else has taken the program off. */
  stands: () => boolean
  /** Swaps the program without a gap. */
  swap: (program: BpfProgram) => void
  /** Takes the program off the device, and the pin away. */
  remove: () => void
  /** Lets go of the handle; a pinned program stays. */
  close: () => void
}

class LinkHold implements Hold {
  readonly kind: XdpAttachMode | 'tcx'
  readonly #link: BpfLink
  readonly #ifindex: number
  readonly #pins: Pins | undefined
  readonly #pin: string

  constructor(kind: XdpAttachMode | 'tcx', link: BpfLink, ifindex: number, pins: Pins | undefined, pin: string) {
    this.kind = kind
    this.#link = link
    this.#ifindex = ifindex
    this.#pins = pins
    this.#pin = pin
  }

  get linkId(): number {
    return this.#link.id
  }

  programId(): number {
    return this.#link.state().programId
  }

  stands(): boolean {
    return this.#link.state().ifindex === this.#ifindex
  }

  swap(program: BpfProgram): void {
    this.#link.update(program)
  }

  remove(): void {
    this.#link.detach()
    this.#pins?.remove(this.#pin)
    this.#link.close()
  }

  close(): void {
    this.#link.close()
  }
}

class FilterHold implements Hold {
  readonly kind = 'clsact'
  readonly linkId = null
  readonly #ifindex: number
  readonly #direction: TcDirection
  readonly #pins: Pins | undefined

  constructor(ifindex: number, direction: TcDirection, pins: Pins | undefined) {
    this.#ifindex = ifindex
    this.#direction = direction
    this.#pins = pins
  }

  programId(): number | null {
    return filterProgram(this.#ifindex, this.#direction) ?? null
  }

  stands(): boolean {
    return this.programId() !== null
  }

  /** The mark comes second: until then the filter is known as ours by the program pinned under its own name. */
  swap(program: BpfProgram): void {
    attachFilter(this.#ifindex, this.#direction, program)
    this.#pins?.place(filterPin(this.#ifindex, this.#direction), program)
  }

  remove(): void {
    removeFilter(this.#ifindex, this.#direction, this.#pins)
  }

  /** A filter has no handle: without pins it goes with us, as links do. */
  close(): void {
    if (!this.#pins) this.remove()
  }
}

export function linkPin(type: AttachType, ifindex: number): string {
  switch (type) {
    case AttachType.xdp:
      return `link_xdp_${ifindex}`
    case AttachType.tcxIngress:
      return `link_tcx_ingress_${ifindex}`
    case AttachType.tcxEgress:
      return `link_tcx_egress_${ifindex}`
  }
}

/** A filter has nothing that could be pinned: the program that stands in it is, as a mark of what is ours. */
export function filterPin(ifindex: number, direction: TcDirection): string {
  return `filter_${direction}_${ifindex}`
}

/** Says that the qdisc of a device was made by us. */
export function qdiscPin(ifindex: number): string {
  return `clsact_${ifindex}`
}

/** A pinned link that is still on its device; the pin of one whose device has gone is removed. */
export function openLink(pins: Pins, type: AttachType, ifindex: number): Hold | undefined {
  const pin = linkPin(type, ifindex)
  const descriptor = pins.open(pin)

  if (!descriptor) return undefined
  const link = new BpfLink(descriptor)

  if (link.state().ifindex !== ifindex) {
    link.close()
    pins.remove(pin)
    return undefined
  }
  return new LinkHold(type === AttachType.xdp ? modeOf(ifindex) : 'tcx', link, ifindex, pins, pin)
}

function modeOf(ifindex: number): XdpAttachMode {
  return xdpState(ifindex).mode === 'generic' ? 'generic' : 'native'
}

/** A clsact filter that an earlier process has left. */
export function openFilter(pins: Pins, ifindex: number, direction: TcDirection): Hold | undefined {
  if (!pins.list().includes(filterPin(ifindex, direction))) return undefined
  return filterProgram(ifindex, direction) === undefined ? undefined : new FilterHold(ifindex, direction, pins)
}

/** XDP in one mode; throws with errno. */
export function attachXdp(program: BpfProgram, ifindex: number, mode: XdpAttachMode, pins: Pins | undefined): Hold {
  return holdLink(mode, BpfLink.create(program, ifindex, AttachType.xdp, XdpFlag[mode]), ifindex, pins, linkPin(AttachType.xdp, ifindex))
}

/** tcx; undefined where the kernel has none (before 6.6). */
export function attachTcx(program: BpfProgram, ifindex: number, direction: TcDirection, pins: Pins | undefined): Hold | undefined {
  const type = direction === 'ingress' ? AttachType.tcxIngress : AttachType.tcxEgress

  try {
    return holdLink('tcx', BpfLink.create(program, ifindex, type), ifindex, pins, linkPin(type, ifindex))
  } catch (error) {
    if (error instanceof NativeError && error.errno === Errno.EINVAL) return undefined
    throw error
  }
}

export function attachClsact(program: BpfProgram, ifindex: number, direction: TcDirection, pins: Pins | undefined): Hold {
  /* The mark comes first: a filter without one would be found by nobody. */
  pins?.place(filterPin(ifindex, direction), program)
  const { createdQdisc } = attachFilter(ifindex, direction, program)

  if (createdQdisc) pins?.place(qdiscPin(ifindex), program)
  return new FilterHold(ifindex, direction, pins)
}

function holdLink(kind: XdpAttachMode | 'tcx', link: BpfLink, ifindex: number, pins: Pins | undefined, pin: string): Hold {
  try {
    pins?.place(pin, link)
  } catch (error) {
    link.close()
    throw error
  }
  return new LinkHold(kind, link, ifindex, pins, pin)
}

/** Programs that a filter of ours may hold: the one marked, and, if we were killed while swapping, the one pinned by name. */
function ourPrograms(pins: Pins, names: readonly string[]): Set<number> {
  const ids = new Set<number>()

  for (const name of names) {
    const descriptor: Descriptor | undefined = pins.open(name)

    if (!descriptor) continue
    const program = new BpfProgram(descriptor)

    ids.add(program.id)
    program.close()
  }
  return ids
}

/** Removes our filter, and the qdisc if it was ours and nothing else uses it. Answers whether a filter was there. */
export function removeFilter(ifindex: number, direction: TcDirection, pins: Pins | undefined): boolean {
  const standing = filterProgram(ifindex, direction)
  const isOurs = standing !== undefined && (!pins || ourPrograms(pins, [filterPin(ifindex, direction), `tc_${direction}`]).has(standing))

  if (isOurs) detachFilter(ifindex, direction)
  pins?.remove(filterPin(ifindex, direction))
  if (pins?.list().includes(qdiscPin(ifindex)) && !usesClsact(pins, ifindex)) {
    if (isOurs && countFilters(ifindex, 'ingress') + countFilters(ifindex, 'egress') === 0) removeQdisc(ifindex)
    pins.remove(qdiscPin(ifindex))
  }
  return isOurs
}

function usesClsact(pins: Pins, ifindex: number): boolean {
  const names = pins.list()

  return names.includes(filterPin(ifindex, 'ingress')) || names.includes(filterPin(ifindex, 'egress'))
}
