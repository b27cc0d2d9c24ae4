/** Packets of a connection between a client out there and the host, and the state that the programs see each of them in. */
import { join } from 'node:path'
import type { Test } from 'tap'
import { template } from '../../bench/meter.ts'
import type { HookName } from '../../controlplane/dataplane/dataplane.ts'
import { BpfObject } from '../../controlplane/native/object.ts'
import type { PolicyDocument } from '../../controlplane/policy/document.ts'
import { ether, type Packet, type TcpFlag } from '../lab/packet.ts'
import { type Box, bothWays } from './box.ts'

export type Family = 'ip4' | 'ip6'
export const families: readonly Family[] = ['ip4', 'ip6']
export const ends = { ip4: ['192.0.2.7', '198.51.100.1'], ip6: ['2001:db8:1::7', '2001:db8:2::1'] } as const

/** A rule for each state, in both directions: the rule that counts a packet names its state. */
const stateRules: Record<string, object> = bothWays(
  Object.fromEntries(
    (['new', 'established', 'related', 'invalid'] as const).map((state, i) => [
      state,
      { priority: 10 + i, action: 'allow', match: { state: [state] } },
    ]),
  ),
).rules

export function tracking(
  connections: NonNullable<PolicyDocument['defaults']['connections']> = {},
  rules: Record<string, object> = {},
): Partial<PolicyDocument> {
  return {
    defaults: { ingress: 'allow', egress: 'allow', management: [], connections: { max: 1000, ...connections } },
    rules: { ...stateRules, ...rules } as never,
  }
}

/** `untracked` where no rule for a state matched. */
export function stateOf(box: Box, packet: Packet, hook: HookName): string {
  return box.run(packet, hook).rule?.replace('-out', '') ?? 'untracked'
}

export function from(family: Family, sender: 'client' | 'host'): Packet {
  const [client, host] = ends[family]
  return sender === 'client' ? ether()[family](client, host) : ether()[family](host, client)
}

/** A TCP connection; the client's packets come in, the host's go out. */
export function tcpTalk(box: Box, family: Family, clientPort: number, hostPort = 80, ingress: HookName = 'xdp_ingress') {
  return {
    in: (...flags: TcpFlag[]) => stateOf(box, from(family, 'client').tcp(clientPort, hostPort, { flags }), ingress),
    out: (...flags: TcpFlag[]) => stateOf(box, from(family, 'host').tcp(hostPort, clientPort, { flags }), 'tc_egress'),
  }
}

/** From SYN to the client's ACK, without looking at what becomes of them. */
export function establish(box: Box, family: Family, client: string, clientPort: number): void {
  const host = ends[family][1]
  const there = (flags: TcpFlag[]) => ether()[family](client, host).tcp(clientPort, 80, { flags }).bytes()

  box.dataplane.runProgram('xdp_ingress', there(['syn']))
  box.dataplane.runProgram(
    'tc_egress',
    ether()
      [family](host, client)
      .tcp(80, clientPort, { flags: ['syn', 'ack'] })
      .bytes(),
  )
  box.dataplane.runProgram('xdp_ingress', there(['ack']))
}

/** Established connections, then SYNs from random sources, and a look at who is still known. */
export function flood(t: Test, box: Box, { connections, syns }: { connections: number; syns: number }): void {
  const object = new BpfObject(join(process.cwd(), 'bench', 'build', 'bench.bpf.o'))
  const clientOf = (i: number) => `10.${(i >> 14) & 255}.${(i >> 8) & 63}.${i & 255}`
  const portOf = (i: number) => 1024 + (i % 50_000)
  const data = (i: number) =>
    ether()
      .ip4(clientOf(i), ends.ip4[1])
      .tcp(portOf(i), 80, { flags: ['ack'] })
      .bytes()
  const counts = () => ({
    established: box.dataplane.counters.rule(box.idOfRule('established')).packets,
    ...box.dataplane.counters.tracking(),
  })

  for (let i = 0; i < connections; i++) establish(box, 'ip4', clientOf(i), portOf(i))

  const before = counts()
  const bytes = ether().ip4('192.0.2.7', ends.ip4[1]).tcp(5000, 80).bytes()
  const program = new Uint8Array(4)

  object.load()
  new DataView(program.buffer).setUint32(0, box.dataplane.program('xdp_ingress').fd, true)
  object
    .map('bench_templates')
    .update(new Uint8Array(4), template({ name: 'SYNs', bytes: padded(bytes), vary: { mask: 0xffff_ffff, ports: true } }))
  object.map('bench_programs').update(new Uint8Array(4), program)
  object.program('bench_vary').testRun({ packet: padded(bytes), repeat: syns })
  object.close()

  const flooded = counts()

  t.equal(flooded.opened - before.opened + (flooded.shed - before.shed), BigInt(syns), 'each SYN opened a connection, or was shed')
  t.ok(flooded.evicted > 0n, `${flooded.evicted} unanswered ones were evicted`)
  for (let i = 0; i < connections; i++) box.dataplane.runProgram('xdp_ingress', data(i))
  t.equal(counts().established - flooded.established, BigInt(connections), 'all of the established are known')
}

/** The generator rewrites the first 64 bytes. */
function padded(bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(Math.max(64, bytes.length))

  frame.set(bytes)
  return frame
}
