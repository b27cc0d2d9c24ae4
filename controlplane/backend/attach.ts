/** The decapsulation of a backend: onto a device and off it. No daemon: the programs stay by their pins. */
import { join } from 'node:path'
import { detachAll } from '../dataplane/detach.ts'
import { pinnedDevices } from '../dataplane/devices.ts'
import { attachClsact, attachTcx, type Hold, openFilter, openLink } from '../dataplane/hold.ts'
import { objectDirectory } from '../dataplane/objects.ts'
import { Pins } from '../dataplane/pins.ts'
import { NativeError } from '../native/errors.ts'
import { listDevices } from '../native/netlink.ts'
import { BpfObject } from '../native/object.ts'
import { AttachType, type BpfProgram } from '../native/program.ts'

/** The layout of pins that these programs have; what detaches goes by it. */
const layout = 'v1'
const ETHERNET = 1
/** UDP and IPv6 around, IPv6 and TCP inside: what fits every tunnel. */
const longestHeaders = 8 + 40 + 40 + 20
export const mssRange = { min: 536, max: 65_000 } as const

export interface Attached {
  readonly device: string
  readonly mss: number
  readonly ingress: string
  readonly egress: string
}

/** Attaches, or swaps what was attached before. `mss`: absent, what fits every tunnel on the device. */
export function attachBackend(name: string, pinDir: string, mss?: number): Attached {
  const device = listDevices().find(device => device.name === name)

  if (!device) throw new NativeError('missing', `there is no device ${name}`, { remedy: 'ip link lists the devices' })
  if (device.type !== ETHERNET)
    throw new NativeError('missing', `frames of ${name} have no Ethernet header`, { remedy: 'name the device that tunnels come in by' })
  const pins = new Pins(join(pinDir, layout), true)
  const object = new BpfObject(join(objectDirectory(), 'backend.bpf.o'))
  const clamp = mss ?? Math.min(Math.max(device.mtu - longestHeaders, mssRange.min), mssRange.max)

  try {
    object.setConstants(0, new Uint8Array(new Uint32Array([clamp]).buffer))
    object.load()
    // First what tells clients how long a segment may be, then what lets them connect.
    const egress = stand(object, pins, device.ifindex, 'egress')
    const ingress = stand(object, pins, device.ifindex, 'ingress')

    return { device: name, mss: clamp, ingress, egress }
  } finally {
    object.close()
  }
}

function stand(object: BpfObject, pins: Pins, ifindex: number, direction: 'ingress' | 'egress'): string {
  const program = object.program(`backend_${direction}`)

  try {
    const hold = standing(pins, ifindex, direction) ?? attach(program, pins, ifindex, direction)

    hold.swap(program)
    hold.close()
    return hold.kind
  } finally {
    program.close()
  }
}

function attach(program: BpfProgram, pins: Pins, ifindex: number, direction: 'ingress' | 'egress'): Hold {
  return attachTcx(program, ifindex, direction, pins) ?? attachClsact(program, ifindex, direction, pins)
}

function standing(pins: Pins, ifindex: number, direction: 'ingress' | 'egress'): Hold | undefined {
  const type = direction === 'ingress' ? AttachType.tcxIngress : AttachType.tcxEgress

  return openLink(pins, type, ifindex) ?? openFilter(pins, ifindex, direction)
}

/** Names of the devices on which tunnels end. */
export function attachedDevices(pinDir: string): string[] {
  const pins = new Pins(join(pinDir, layout), false)
  const names = new Map(listDevices().map(device => [device.ifindex, device.name]))

  return pinnedDevices(pins.list()).flatMap(ifindex => {
    const hold = standing(pins, ifindex, 'ingress')
    const name = names.get(ifindex)

    hold?.close()
    return hold && name !== undefined ? [name] : []
  })
}

/** Takes everything off again. Answers what was removed, one line each. */
export function detachBackend(pinDir: string): string[] {
  return detachAll(pinDir)
}
