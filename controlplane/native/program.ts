/** BPF programs and the links that attach them. */

import { Errno, NativeError } from './errors.ts'
import { checked, fill, libbpf, takeLog } from './libbpf.ts'
import { Descriptor } from './libc.ts'
import { objectInfo, textAt } from './map.ts'

/** enum bpf_attach_type. */
export const AttachType = { xdp: 37, tcxIngress: 46, tcxEgress: 47 } as const
export type AttachType = (typeof AttachType)[keyof typeof AttachType]

/** XDP_FLAGS_*: where in the receive path the kernel calls the program. */
export const XdpFlag = { generic: 1 << 1, native: 1 << 2 } as const

export interface TestRun {
  readonly returnCode: number
  /** The packet as the program has left it. */
  readonly packet: Uint8Array
  /** Mean of one run. */
  readonly durationNs: number
}

export interface TestRunInput {
  readonly packet: Uint8Array
  /** struct xdp_md or struct __sk_buff. */
  readonly context?: Uint8Array
  readonly repeat?: number
  /** Frames are really sent where the program says, and nothing comes back; for generating traffic. */
  readonly liveFrames?: boolean
}

const BPF_F_TEST_XDP_LIVE_FRAMES = 2

export class BpfProgram {
  readonly id: number
  readonly name: string
  /** Instructions that the verifier has walked. */
  readonly verifiedInstructions: number
  readonly #descriptor: Descriptor

  constructor(descriptor: Descriptor) {
    const info = objectInfo(descriptor, 'a program')

    this.#descriptor = descriptor
    this.id = info.getUint32(4, true)
    this.name = textAt(info, 64)
    this.verifiedInstructions = info.getUint32(216, true)
  }

  get fd(): number {
    return this.#descriptor.fd
  }

  pin(path: string): void {
    checked(libbpf().pin(this.fd, path), `pinning program ${this.name} at ${path}`)
  }

  /** Runs the program on a packet (BPF_PROG_TEST_RUN). With `repeat`, a rewritten packet is what the next run meets. */
  testRun({ packet, context, repeat = 1, liveFrames = false }: TestRunInput): TestRun {
    const out = new Uint8Array(packet.length + 256)
    const run = fill('testRun', {
      data_in: packet,
      data_size_in: packet.length,
      data_out: liveFrames ? null : out,
      data_size_out: liveFrames ? 0 : out.length,
      ctx_in: context ?? null,
      ctx_size_in: context?.length ?? 0,
      ctx_out: null,
      ctx_size_out: 0,
      retval: 0,
      repeat,
      duration: 0,
      flags: liveFrames ? BPF_F_TEST_XDP_LIVE_FRAMES : 0,
      cpu: 0,
      batch_size: 0,
    })

    checked(libbpf().testRun(this.fd, run), `running ${this.name} on a packet of ${packet.length} bytes`)
    return { returnCode: run.retval, packet: out.slice(0, run.data_size_out), durationNs: run.duration }
  }

  close(): void {
    this.#descriptor.close()
  }
}

export class BpfLink {
  readonly id: number
  readonly #descriptor: Descriptor

  constructor(descriptor: Descriptor) {
    this.#descriptor = descriptor
    this.id = objectInfo(descriptor, 'a link').getUint32(4, true)
  }

  /** Attaches; EINVAL where the kernel does not know this type, EBUSY where another program stands. */
  static create(program: BpfProgram, ifindex: number, type: AttachType, flags?: number): BpfLink {
    const options = flags === undefined ? null : fill('linkCreate', { flags })
    const fd = checked(libbpf().linkCreate(program.fd, ifindex, type, options), `attaching ${program.name} to device ${ifindex}`)

    return new BpfLink(new Descriptor(fd, `the link of ${program.name} to device ${ifindex}`))
  }

  get fd(): number {
    return this.#descriptor.fd
  }

  /** The program that runs now, and its device: 0 when the device is gone. */
  state(): { programId: number; ifindex: number } {
    const info = objectInfo(this.#descriptor, 'a link')

    return { programId: info.getUint32(8, true), ifindex: info.getUint32(16, true) }
  }

  /** Swaps the program: each packet meets the old one or the new one. */
  update(program: BpfProgram): void {
    checked(libbpf().linkUpdate(this.fd, program.fd, null), `swapping ${program.name} into its link`)
  }

  /** Takes the program off the device at once, whoever else holds the link. */
  detach(): void {
    const result = libbpf().linkDetach(this.fd)

    takeLog()
    /* The device may have gone before us. */
    if (result < 0 && result !== -Errno.ENODEV && result !== -Errno.EINVAL)
      throw new NativeError('refused', 'detaching a link', { errno: -result })
  }

  pin(path: string): void {
    checked(libbpf().pin(this.fd, path), `pinning a link at ${path}`)
  }

  close(): void {
    this.#descriptor.close()
  }
}

/** How XDP stands on a device, ours or not. */
export function xdpState(ifindex: number): { mode: 'none' | 'native' | 'generic' | 'offload' | 'several'; programId: number } {
  const state = fill('xdpQuery', { prog_id: 0, drv_prog_id: 0, hw_prog_id: 0, skb_prog_id: 0, attach_mode: 0 })
  const modes = ['none', 'native', 'generic', 'offload', 'several'] as const

  checked(libbpf().xdpQuery(ifindex, 0, state), `asking what XDP runs on device ${ifindex}`)
  return { mode: modes[state.attach_mode] ?? 'none', programId: state.prog_id }
}
