/** Takes everything out of the kernel that the pins of a directory name, whichever version of the control plane has made it. */
import { existsSync, readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { listDevices } from '../native/netlink.ts'
import { AttachType, BpfLink } from '../native/program.ts'
import { pinnedDevices } from './devices.ts'
import { filterPin, linkPin, qdiscPin, removeFilter } from './hold.ts'
import { Pins } from './pins.ts'

const places = [
  ['xdp_ingress', AttachType.xdp],
  ['tc_ingress', AttachType.tcxIngress],
  ['tc_egress', AttachType.tcxEgress],
] as const

/**
 * Programs come off the devices first, then all pins go. Must run in the network namespace of the devices. Answers what it has
 * removed, one line each; nothing to remove is no error.
 */
export function detachAll(pinDir: string): string[] {
  const names = new Map(listDevices().map(device => [device.ifindex, device.name]))
  const removed: string[] = []

  for (const layout of layouts(pinDir)) {
    const pins = new Pins(join(pinDir, layout), false)

    for (const ifindex of pinnedDevices(pins.list()))
      removed.push(...detachDevice(pins, ifindex, names.get(ifindex) ?? `device ${ifindex}, which is gone`))
    for (const name of pins.list()) {
      pins.remove(name)
      removed.push(`pin ${pins.path(name)}`)
    }
    pins.removeDirectory()
  }
  if (existsSync(pinDir) && readdirSync(pinDir).length === 0) rmdirSync(pinDir)
  return removed
}

function layouts(pinDir: string): string[] {
  return existsSync(pinDir)
    ? readdirSync(pinDir)
        .filter(name => /^v\d+$/.test(name))
        .sort()
    : []
}

function detachDevice(pins: Pins, ifindex: number, device: string): string[] {
  const removed: string[] = []

  for (const [program, type] of places) {
    const descriptor = pins.open(linkPin(type, ifindex))

    if (!descriptor) continue
    const link = new BpfLink(descriptor)

    if (link.state().ifindex === ifindex) removed.push(`${program} from ${device}`)
    link.detach()
    link.close()
    pins.remove(linkPin(type, ifindex))
  }
  for (const direction of ['ingress', 'egress'] as const) {
    if (pins.list().includes(filterPin(ifindex, direction)) && removeFilter(ifindex, direction, pins))
      removed.push(`tc_${direction} (clsact) from ${device}`)
  }
  pins.remove(qdiscPin(ifindex))
  return removed
}
