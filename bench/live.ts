/** Frames sent for real: from one core through a veth pair into native XDP, counted by the program under test where they arrive. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { BpfObject } from '../controlplane/native/object.ts'
import type { PolicyDocument } from '../controlplane/policy/document.ts'
import { type Box, ifindex, makeNetwork, openBox } from '../test/dataplane/box.ts'
import { ether } from '../test/lab/packet.ts'
import { type BenchPacket, template } from './meter.ts'

export interface Live {
  readonly name: string
  readonly millionsPerSecond: number
}

const frames = 4_000_000
const bytes = ether()
  .ip4('192.0.2.7', '203.0.113.9')
  .udp(5000, 9999, { payload: new Uint8Array(32) })
  .bytes()
const packets: BenchPacket[] = [
  { name: 'one packet', bytes },
  { name: 'random sources', bytes, vary: { mask: 0xffff_ffff } },
]

function received(box: Box): bigint {
  return box.dataplane.counters.outcomes().reduce((sum, row) => sum + row.packets, 0n)
}

/** Frames that the program has judged each second, until all that were sent have arrived or been lost on the way. */
function rate(object: BpfObject, box: Box, packet: BenchPacket): number {
  const before = received(box)

  object.map('bench_templates').update(new Uint8Array(4), template(packet))

  const start = process.hrtime.bigint()

  object.program('bench_generate').testRun({ packet: packet.bytes, repeat: frames, liveFrames: true })
  return Number(received(box) - before) / (Number(process.hrtime.bigint() - start) / 1e3)
}

export function makeVeth(): void {
  makeNetwork()
  execFileSync('ip', ['link', 'add', 'send0', 'type', 'veth', 'peer', 'name', 'gate0'])
  execFileSync('ip', ['link', 'set', 'send0', 'up'])
  execFileSync('ip', ['link', 'set', 'gate0', 'up'])
}

export function generator(): BpfObject {
  const constants = new Uint8Array(4)
  const object = new BpfObject(join(process.cwd(), 'bench', 'build', 'bench.bpf.o'))

  new DataView(constants.buffer).setUint32(0, ifindex('send0'), true)
  object.setConstants(0, constants)
  object.load()
  return object
}

/** The median of five for each policy and packet. */
export async function live(): Promise<Live[]> {
  makeVeth()
  const object = generator()
  const results: Live[] = []
  const policies: [string, Partial<PolicyDocument>][] = [
    ['pass, no rules', {}],
    ['drop by a rule', { rules: { no: { direction: 'ingress', action: 'deny', match: { destination: ['203.0.113.0/24'] } } } }],
  ]

  for (const [name, policy] of policies) {
    const box = await openBox()
    const device = { name: 'gate0', ifindex: ifindex('gate0'), type: 1, kind: 'veth', driver: 'veth', mtu: 1500, up: true, mac: '' }

    await box.apply(policy)
    await box.dataplane.attach(device, { xdp: 'native', egress: 'off' })
    for (const packet of packets) {
      const rates = Array.from({ length: 5 }, () => rate(object, box, packet)).sort((a, b) => a - b)

      results.push({ name: `${name}: ${packet.name}`, millionsPerSecond: rates[2] ?? 0 })
    }
    await box.dataplane.detach(device.ifindex)
    box.dataplane.close()
  }
  object.close()
  return results
}
