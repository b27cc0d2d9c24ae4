/** Runs a loaded program on one packet, as if a device had brought it. */
import type { BpfProgram, TestRun } from '../native/program.ts'
import type { HookName } from './kernel.ts'

export interface RunOptions {
  /** How often; a rewritten packet is what the next run meets. */
  readonly repeat?: number
  /** The device that the packet came in by or leaves by; must be in this network namespace. */
  readonly ifindex?: number
  /** skb mark (TC hooks). */
  readonly mark?: number
}

/** Offsets of linux/bpf.h. */
const XDP_MD = { size: 24, dataEnd: 4, ingressIfindex: 12 }
const SK_BUFF = { size: 192, mark: 8, ifindex: 40 }

/** The kernel refuses a packet without a whole Ethernet header: 14 bytes. */
export function runOn(program: BpfProgram, hook: HookName, packet: Uint8Array, options: RunOptions = {}): TestRun {
  const context = hook === 'xdp_ingress' ? xdpContext(packet, options) : tcContext(options)

  return program.testRun({ packet, ...(context ? { context } : {}), ...(options.repeat ? { repeat: options.repeat } : {}) })
}

function xdpContext(packet: Uint8Array, { ifindex }: RunOptions): Uint8Array | undefined {
  if (!ifindex) return undefined
  const context = new Uint8Array(XDP_MD.size)
  const view = new DataView(context.buffer)

  view.setUint32(XDP_MD.dataEnd, packet.length, true)
  view.setUint32(XDP_MD.ingressIfindex, ifindex, true)
  return context
}

function tcContext({ ifindex, mark }: RunOptions): Uint8Array | undefined {
  if (!ifindex && !mark) return undefined
  const context = new Uint8Array(SK_BUFF.size)
  const view = new DataView(context.buffer)

  view.setUint32(SK_BUFF.mark, mark ?? 0, true)
  view.setUint32(SK_BUFF.ifindex, ifindex ?? 0, true)
  return context
}
