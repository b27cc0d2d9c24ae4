/** clsact: the way to attach to TC where the kernel has no tcx (before 6.6). Filters have no link; they are known by handle and priority. */

import { Errno, NativeError } from './errors.ts'
import type { TcOptions } from './libbpf.ts'
import { checked, fill, libbpf, takeLog } from './libbpf.ts'
import type { BpfProgram } from './program.ts'

export type TcDirection = 'ingress' | 'egress'

/** Ours alone: a filter that is replaced under the same handle never leaves a gap. */
const HANDLE = 0xd6a7
const PRIORITY = 0xd6a7
const BPF_TC_F_REPLACE = 1
const points = { ingress: 1, egress: 2 } as const

function hook(ifindex: number, point: number): object {
  return fill('tcHook', { ifindex, attach_point: point, parent: 0 })
}

function filter(values: Partial<TcOptions> = {}): TcOptions {
  return fill('tc', { prog_fd: 0, flags: 0, prog_id: 0, handle: HANDLE, priority: PRIORITY, ...values })
}

/** Puts the program on the device, in place of an earlier one of ours. Answers whether the qdisc had to be made. */
export function attachFilter(ifindex: number, direction: TcDirection, program: BpfProgram): { createdQdisc: boolean } {
  const created = libbpf().tcHookCreate(hook(ifindex, points[direction]))

  takeLog()
  if (created < 0 && created !== -Errno.EEXIST) throw new NativeError('refused', `adding clsact to device ${ifindex}`, { errno: -created })
  checked(
    libbpf().tcAttach(hook(ifindex, points[direction]), filter({ prog_fd: program.fd, flags: BPF_TC_F_REPLACE })),
    `attaching ${program.name} to device ${ifindex}`,
  )
  return { createdQdisc: created === 0 }
}

/** Id of the program under our handle; undefined if there is none, or no such device. */
export function filterProgram(ifindex: number, direction: TcDirection): number | undefined {
  const state = filter()
  const result = libbpf().tcQuery(hook(ifindex, points[direction]), state)

  takeLog()
  if (result === -Errno.ENOENT || result === -Errno.EINVAL || result === -Errno.ENODEV) return undefined
  checked(result, `asking for the filter of device ${ifindex}`)
  return state.prog_id
}

export function detachFilter(ifindex: number, direction: TcDirection): void {
  checked(libbpf().tcDetach(hook(ifindex, points[direction]), filter()), `removing our filter from device ${ifindex}`)
}

/** Removes clsact with all that is in it. */
export function removeQdisc(ifindex: number): void {
  checked(libbpf().tcHookDestroy(hook(ifindex, points.ingress | points.egress)), `removing clsact from device ${ifindex}`)
}
