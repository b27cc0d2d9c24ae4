/** Header fields: VLAN id in the bytes and in the skb, DSCP, length; at every hook, the match and the nearest miss. */
import { join } from 'node:path'
import { test } from 'tap'
import { listDevices } from '../../controlplane/native/netlink.ts'
import { BpfObject } from '../../controlplane/native/object.ts'
import { attachFilter, removeQdisc } from '../../controlplane/native/tc.ts'
import { ether } from '../lab/packet.ts'
import { bothWays, cannotLoad, dataplane, hooks, ifindex, network } from './box.ts'
import { openPacketSocket } from './wire.ts'

const skip = cannotLoad()
const four = ['192.0.2.7', '198.51.100.1'] as const
const six = ['2001:db8:1::7', '2001:db8:2::1'] as const

test('VLAN: the id of the outermost tag, and no tag is no VLAN', { skip }, async t => {
  const box = await dataplane(t, bothWays({ x: { action: 'deny', match: { vlan: 100 } }, zero: { action: 'deny', match: { vlan: 0 } } }))

  for (const hook of hooks) {
    for (const [id, action] of [
      [100, 'drop'],
      [99, 'pass'],
      [101, 'pass'],
      [0, 'drop'],
      [4095, 'pass'],
    ] as const) {
      const tagged = ether().vlan(id, { priority: 5 })

      t.match(box.run(tagged.ip4(...four).udp(1, 2), hook), { action }, `${hook}: ${id}`)
      t.match(box.run(tagged.ip6(...six).udp(1, 2), hook), { action }, `${hook}: ${id}, IPv6`)
    }
    t.match(
      box.run(
        ether()
          .ip4(...four)
          .udp(1, 2),
        hook,
      ),
      { action: 'pass' },
      `${hook}: no tag`,
    )
    t.match(
      box.run(
        ether()
          .vlan(100, { etherType: 0x88a8 })
          .vlan(7)
          .ip4(...four)
          .udp(1, 2),
        hook,
      ),
      { action: 'drop' },
      `${hook}: outer`,
    )
    t.match(
      box.run(
        ether()
          .vlan(7, { etherType: 0x88a8 })
          .vlan(100)
          .ip4(...four)
          .udp(1, 2),
        hook,
      ),
      { action: 'pass' },
      `${hook}: inner`,
    )
  }
})

test('VLAN: a tag that is not in the bytes, at every hook', { skip }, async t => {
  const in0 = listDevices().find(({ name }) => name === 'in0')

  if (in0 === undefined) throw new Error('in0 is gone')
  // What a VLAN device of the sender does: the tag goes into the metadata of the socket buffer, and veth carries that along.
  const object = new BpfObject(join(process.cwd(), 'bench', 'build', 'bench.bpf.o'))
  object.load()
  const peer = ifindex('in0p')
  attachFilter(peer, 'egress', object.program('bench_tag'))
  t.teardown(() => {
    removeQdisc(peer)
    object.close()
  })
  for (const xdp of ['off', 'native', 'generic'] as const) {
    const box = await dataplane(t, { rules: { x: { direction: 'ingress', action: 'deny', match: { vlan: 100 } } } })
    const outcomes = () => box.dataplane.counters.outcomes().filter(({ packets, reason }) => packets > 0n && reason !== 'not_ip')

    await box.dataplane.attach(in0, { xdp, egress: 'off' })
    for (const id of [99, 100]) {
      const packet = ether({ destination: network.inMac }).ip4(`192.0.2.${id}`, '198.51.100.1')
      openPacketSocket(peer)(packet.udp(1, 2).bytes())
    }
    while (outcomes().reduce((sum, { packets }) => sum + packets, 0n) < 2n) await new Promise(setImmediate)
    t.same(
      outcomes().map(({ hook, verdict, reason, packets }) => [hook, verdict, reason, packets]),
      [
        ['tc_ingress', 'pass', 'default', 1n],
        ['tc_ingress', 'drop', 'rule', 1n],
      ],
      `xdp ${xdp}`,
    )
    await box.dataplane.detach(in0.ifindex)
    box.dataplane.close()
  }
})

test('DSCP, whatever the two bits of congestion behind it say', { skip }, async t => {
  const box = await dataplane(t, bothWays({ x: { action: 'deny', match: { dscp: 46 } }, none: { action: 'deny', match: { dscp: 0 } } }))

  for (const hook of hooks)
    for (const [dscp, action] of [
      [46, 'drop'],
      [45, 'pass'],
      [47, 'pass'],
      [0, 'drop'],
      [63, 'pass'],
    ] as const) {
      t.match(
        box.run(
          ether()
            .ip4(...four, { dscp })
            .udp(1, 2),
          hook,
        ),
        { action },
        `${hook}: ${dscp}`,
      )
      t.match(
        box.run(
          ether()
            .ip6(...six, { dscp })
            .udp(1, 2),
          hook,
        ),
        { action },
        `${hook}: ${dscp}, IPv6`,
      )
    }
})

test('length of the IP packet, both ends included', { skip }, async t => {
  const box = await dataplane(
    t,
    bothWays({ x: { action: 'deny', match: { length: '64-128' } }, one: { action: 'deny', match: { length: '200' } } }),
  )

  for (const hook of hooks)
    for (const [length, action] of [
      [63, 'pass'],
      [64, 'drop'],
      [128, 'drop'],
      [129, 'pass'],
      [199, 'pass'],
      [200, 'drop'],
      [201, 'pass'],
    ] as const) {
      t.match(
        box.run(
          ether()
            .ip4(...four)
            .udp(1, 2, { payload: new Uint8Array(length - 28) }),
          hook,
        ),
        { action },
        `${hook}: ${length}`,
      )
      t.match(
        box.run(
          ether()
            .ip6(...six)
            .udp(1, 2, { payload: new Uint8Array(length - 48) }),
          hook,
        ),
        { action },
        `${hook}: ${length}, IPv6`,
      )
    }
  t.match(
    box.run(
      ether({ padTo: 90 })
        .ip4(...four)
        .udp(1, 2, { payload: new Uint8Array(10) }),
    ),
    { action: 'pass' },
    "Ethernet's padding is not counted",
  )
})
