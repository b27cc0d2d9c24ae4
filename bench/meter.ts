/** Runs a loaded program a million times on packets that vary, and subtracts what varying them costs. */
import { join } from 'node:path'
import type { Dataplane, HookName } from '../controlplane/dataplane/dataplane.ts'
import { BpfObject } from '../controlplane/native/object.ts'

const templateBytes = 64
const templateSize = 96
const repeat = 500_000

export interface Measured {
  readonly name: string
  readonly nsMin: number
  readonly nsMedian: number
  /** To the program that only drops, in the same run. */
  readonly ratioMin: number
  readonly ratioMedian: number
}

export interface BenchPacket {
  readonly name: string
  readonly bytes: Uint8Array
  readonly hook?: HookName
  /** What goes through first, once. */
  readonly before?: readonly { readonly hook: HookName; readonly bytes: Uint8Array }[]
  /** Absent: each run meets the same packet. */
  readonly vary?: {
    /** Bits of the source's last (and, in IPv6, second) 32 bits that change. */
    readonly mask: number
    readonly ports?: boolean
    /** It is the destination's bits that change. IPv4. */
    readonly destination?: true
    /** A power of two; absent: never the same flow again. */
    readonly flows?: number
  }
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)

  return sorted[sorted.length >> 1] ?? Number.NaN
}

/** Row of `bench_templates`: see bench.bpf.c. */
export function template({ bytes, vary }: BenchPacket): Uint8Array {
  const row = new Uint8Array(templateSize)
  const view = new DataView(row.buffer)
  const six = (((bytes[12] ?? 0) << 8) | (bytes[13] ?? 0)) === 0x86dd

  row.set(bytes.subarray(0, templateBytes))
  view.setUint32(64, vary ? (vary.destination ? 30 : six ? 22 : 26) : 0, true)
  view.setUint32(68, vary?.mask ?? 0, false)
  view.setUint32(72, vary?.ports ? (six ? 54 : 34) : 0, true)
  view.setUint32(76, vary?.flows ?? 0, true)
  view.setUint32(88, bytes.length, true)
  return row
}

export class Meter {
  readonly object: BpfObject
  readonly #runs: number

  static async open(runs: number): Promise<Meter> {
    const object = new BpfObject(join(process.cwd(), 'bench', 'build', 'bench.bpf.o'))

    object.load()
    return new Meter(object, runs)
  }

  constructor(object: BpfObject, runs: number) {
    this.object = object
    this.#runs = runs
  }

  /** The speed of light: XDP_DROP and nothing else. */
  bare(): Measured {
    const packet = new Uint8Array(templateBytes)
    const samples = this.#samples(() => this.object.program('bench_bare').testRun({ packet, repeat }).durationNs)

    return { name: 'bare XDP_DROP', nsMin: Math.min(...samples), nsMedian: median(samples), ratioMin: 1, ratioMedian: 1 }
  }

  /** Cost of one run; XDP programs by varied packets, TC programs on one packet that they do not rewrite. */
  measure(name: string, dataplane: Dataplane, packet: BenchPacket): Measured {
    const { hook = 'xdp_ingress' } = packet
    const ns: number[] = []
    const ratios: number[] = []

    for (const { hook: earlier, bytes } of packet.before ?? []) dataplane.runProgram(earlier, bytes)
    for (let run = 0; run < this.#runs; run++) {
      const bare = this.object.program('bench_bare').testRun({ packet: packet.bytes, repeat }).durationNs
      const cost = hook === 'xdp_ingress' ? this.#varied(dataplane, packet, bare) : this.#fixed(dataplane, hook, packet, bare)

      ns.push(cost)
      ratios.push(cost / bare)
    }
    return { name, nsMin: Math.min(...ns), nsMedian: median(ns), ratioMin: Math.min(...ratios), ratioMedian: median(ratios) }
  }

  #varied(dataplane: Dataplane, packet: BenchPacket, bare: number): number {
    const under = this.#timed(packet, dataplane.program('xdp_ingress').fd)
    const empty = this.#timed(packet, this.object.program('bench_bare').fd)

    return under - empty + bare
  }

  #fixed(dataplane: Dataplane, hook: HookName, packet: BenchPacket, bare: number): number {
    const under = dataplane.program(hook).testRun({ packet: packet.bytes, repeat }).durationNs
    const empty = this.object.program('bench_bare_tc').testRun({ packet: packet.bytes, repeat }).durationNs

    return under - empty + bare
  }

  #timed(packet: BenchPacket, programFd: number): number {
    const row = new Uint8Array(4)
    const fd = new Uint8Array(4)

    new DataView(fd.buffer).setUint32(0, programFd, true)
    this.object.map('bench_templates').update(row, template(packet))
    this.object.map('bench_programs').update(row, fd)

    const program = this.object.program('bench_vary')

    program.testRun({ packet: packet.bytes, repeat: Math.max(packet.vary?.flows ?? 0, 20_000) })
    return program.testRun({ packet: packet.bytes, repeat }).durationNs
  }

  #samples(measure: () => number): number[] {
    return Array.from({ length: this.#runs }, measure)
  }

  close(): void {
    this.object.close()
  }
}
