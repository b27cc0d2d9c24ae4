/**
 * A flood from random sources against a set of prefixes, dropped by Drawgate and by nftables with the same set, one after the other on
 * the same device: `npm run bench -- --flood 1000000`. What the generator costs is measured with a program that drops at once.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AttachType, BpfLink, XdpFlag } from '../controlplane/native/program.ts'
import { formatPrefix, prefixFromKey } from '../controlplane/policy/prefix.ts'
import type { PrefixKey } from '../controlplane/policy/tables.ts'
import { ifindex, openBox } from '../test/dataplane/box.ts'
import { ether } from '../test/lab/packet.ts'
import { generator, makeVeth } from './live.ts'
import { template } from './meter.ts'

const frames = 1_000_000
const packet = ether()
  .ip4('192.0.2.7', '203.0.113.9')
  .udp(5000, 9999, { payload: new Uint8Array(32) })
  .bytes()

export interface Flood {
  readonly name: string
  /** Of one frame, the generator's part taken off; the least and the median of the runs. */
  readonly nsMin: number
  readonly nsMedian: number
}

function received(): number {
  const [link] = JSON.parse(execFileSync('ip', ['-s', '-j', 'link', 'show', 'gate0'], { encoding: 'utf8' }))

  return link.stats64.rx.packets
}

export async function flood(prefixes: PrefixKey[], runs: number): Promise<Flood[]> {
  makeVeth()
  // Without NAPI a veth takes no redirected frames where no XDP program stands.
  execFileSync('ethtool', ['-K', 'gate0', 'gro', 'on'])
  const object = generator()
  const device = { name: 'gate0', ifindex: ifindex('gate0'), type: 1, kind: 'veth', driver: 'veth', mtu: 1500, up: true, mac: '' }
  object.map('bench_templates').update(new Uint8Array(4), template({ name: '', bytes: packet, vary: { mask: 0xffff_ffff } }))

  const ns = () => {
    const before = received()
    const start = process.hrtime.bigint()
    object.program('bench_generate').testRun({ packet, repeat: frames, liveFrames: true })
    const took = Number(process.hrtime.bigint() - start)
    const arrived = received() - before
    if (arrived < frames * 0.99) throw new Error(`${frames - arrived} of ${frames} frames were lost before they were judged`)
    return took / arrived
  }
  const samples = () => Array.from({ length: runs }, ns).sort((a, b) => a - b)

  const bareLink = BpfLink.create(object.program('bench_bare'), device.ifindex, AttachType.xdp, XdpFlag.native)
  const bare = samples()
  bareLink.detach()
  bareLink.close()
  const floor = bare[0] as number
  const net = (name: string, all: number[]): Flood => ({
    name,
    nsMin: (all[0] as number) - floor,
    nsMedian: (all[runs >> 1] as number) - floor,
  })

  const box = await openBox({ capacity: { prefixesIpv4: prefixes.length + 1000 } })
  await box.apply(
    {
      sets: { s: {} },
      rules: { no: { direction: 'ingress', action: 'deny', match: { source: ['@s'] } } },
      defaults: { ingress: 'deny', egress: 'allow', management: [] },
    },
    new Map([['s', prefixes]]),
  )
  await box.dataplane.attach(device, { xdp: 'native', egress: 'off' })
  const ours = samples()
  await box.dataplane.detach(device.ifindex)
  box.dataplane.close()

  const elements = prefixes.map(key => formatPrefix(prefixFromKey(key))).join(',\n')
  const file = join(tmpdir(), `drawgate-flood-${process.pid}.nft`)
  writeFileSync(
    file,
    `table netdev t {\n set s { type ipv4_addr; flags interval; auto-merge; elements = { ${elements} } }\n chain c { type filter hook ingress device gate0 priority 0; policy drop; ip saddr @s drop; }\n}\n`,
  )
  execFileSync('nft', ['-f', file])
  const theirs = samples()
  execFileSync('nft', ['delete', 'table', 'netdev', 't'])
  object.close()
  return [
    { name: 'generator and bare XDP_DROP', nsMin: floor, nsMedian: bare[runs >> 1] as number },
    net('drawgate', ours),
    net('nftables, netdev ingress', theirs),
  ]
}
