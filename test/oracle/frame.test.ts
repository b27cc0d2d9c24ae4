/** What a reader of the policy is told about a packet is what stands in its bytes. */
import fc from 'fast-check'
import { test } from 'tap'
import { addressText, checksumsRight, decode } from '../lab/packet.ts'
import { build, connectionOf } from './frame.ts'
import { poolOf, shapes } from './generate.ts'

const seed = Date.now() % 1_000_000_007

test('a described packet is the packet that was built', async t => {
  t.comment(`seed ${seed}`)
  fc.assert(
    fc.property(shapes(poolOf(seed, 20)), shape => {
      const { packet, frame } = build(shape)
      const { ip, transport, vlans, problem } = decode(frame, { ethernet: true })
      const fragment = ip?.fragment === undefined ? 'none' : ip.fragment.offset === 0 ? 'first' : 'later'
      const bits = (flags: readonly string[] | undefined) => flags && [...flags].sort().join(' ')
      const told = [packet.source, packet.destination].map(addressText)
      const pairs: [unknown, unknown][] = [
        [problem, undefined],
        [`${ip?.source} ${ip?.destination}`, told.join(' ')],
        [ip?.protocol, packet.protocol],
        [ip?.dscp, packet.dscp],
        [ip?.ttl, packet.hopLimit],
        [ip?.totalLength, packet.length],
        [fragment, packet.fragment],
        [vlans[0], packet.vlan],
        [transport?.sourcePort, packet.ports?.[0]],
        [transport?.destinationPort, packet.ports?.[1]],
        [bits(transport?.flags), bits(packet.tcpFlags)],
        [transport?.type, packet.icmp?.type],
        [transport?.code, packet.icmp?.code],
        [checksumsRight(frame, { ethernet: true }), true],
      ]

      for (const [built, said] of pairs) if (built !== said) throw new Error(`built ${built}, told ${said}: ${JSON.stringify(packet)}`)
    }),
    { seed, numRuns: 3000 },
  )
})

test('packets of the two directions are of one connection', async () => {
  fc.assert(
    fc.property(shapes(poolOf(1, 10)), shape => {
      const { source, destination, transport } = shape
      const back = 'ports' in transport ? { ...transport, ports: [transport.ports[1], transport.ports[0]] as const } : transport
      return connectionOf(shape) === connectionOf({ ...shape, source: destination, destination: source, transport: back })
    }),
    { seed, numRuns: 300 },
  )
})
