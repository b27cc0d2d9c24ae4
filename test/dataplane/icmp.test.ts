/** ICMP errors about balanced connections, pings of service addresses, fragments: what has no ports of its own finds its way. */
import { test } from 'tap'
import { checksumsRight, decode, describe, ether, type Packet } from '../lab/packet.ts'
import { cannotLoad, dataplane, ingressHooks, network, type Result } from './box.ts'

const skip = cannotLoad()
const router = { 4: '192.0.2.254', 6: '2001:db8:1::fe' } as const
const client = { 4: '192.0.2.7', 6: '2001:db8:1::7' } as const
const vip = { 4: '198.51.100.10', 6: '2001:db8:2::10' } as const
const server = { 4: '10.0.0.11', 6: 'fd00::11' } as const
const families = [4, 6] as const
type Family = (typeof families)[number]

const ip = (family: Family, source: string, destination: string, extra: object = {}) => {
  const begun = ether({ source: network.clientMac, destination: network.inMac })
  return family === 4 ? begun.ip4(source, destination, extra) : begun.ip6(source, destination)
}
const tooBig = (family: Family, source: string, destination: string, payload: Uint8Array) =>
  family === 4
    ? ip(4, source, destination).icmp({ type: 3, code: 4, id: 0, sequence: 1280, payload })
    : ip(6, source, destination).icmpv6({ type: 2, code: 0, id: 0, sequence: 1280, payload })
const service = (family: Family, extra: object = {}) => ({
  services: {
    web: {
      address: vip[family],
      ports: ['80'],
      protocol: 'tcp',
      forwarding: 'nat',
      backends: { b1: { address: server[family], port: 8080 } },
      ...extra,
    },
  } as never,
})

/** Of the ICMP error and of what it quotes. */
function ends(result: Result) {
  const { ip: outer, ipOffset } = decode(result.packet)
  const quoted = result.packet.subarray(ipOffset + (outer?.version === 4 ? 20 : 40) + 8)
  const link = new Uint8Array(14)
  link.set(outer?.version === 4 ? [8, 0] : [0x86, 0xdd], 12)
  const whole = new Uint8Array([...link, ...quoted])
  const { ip: inner, transport } = decode(whole)

  return {
    source: outer?.source,
    destination: outer?.destination,
    right: checksumsRight(result.packet) && checksumsRight(whole),
    quotedSource: `${inner?.source} ${transport?.sourcePort}`,
    quotedDestination: `${inner?.destination} ${transport?.destinationPort}`,
  }
}

for (const family of families) {
  test(`IPv${family}: an error reaches the backend of a nat connection, and one from there its client`, { skip }, async t => {
    for (const hook of ingressHooks) {
      const box = await dataplane(t, service(family))
      t.match(box.run(ip(family, client[family], vip[family]).tcp(5000, 80), hook), { reason: 'service' })

      const answered = ip(family, vip[family], client[family])
        .tcp(80, 5000, { payload: 'x'.repeat(40) })
        .ipBytes()
      const forth = box.run(tooBig(family, router[family], vip[family], answered), hook)
      t.match(forth, { action: 'redirect', reason: 'service', service: 'web', backend: 'web/b1' }, hook)
      t.match(
        ends(forth),
        {
          source: router[family],
          destination: server[family],
          right: true,
          quotedSource: `${server[family]} 8080`,
          quotedDestination: `${client[family]} 5000`,
        },
        describe(forth.packet),
      )

      const sent = ip(family, client[family], server[family])
        .tcp(5000, 8080, { payload: 'x'.repeat(40) })
        .ipBytes()
      const back = box.run(tooBig(family, server[family], client[family], sent), hook)
      t.match(back, { action: 'redirect', reason: 'reply', service: 'web' }, hook)
      t.match(
        ends(back),
        {
          source: vip[family],
          destination: client[family],
          right: true,
          quotedSource: `${client[family]} 5000`,
          quotedDestination: `${vip[family]} 80`,
        },
        describe(back.packet),
      )

      const stranger = ip(family, vip[family], client[family]).tcp(80, 5001).ipBytes()
      t.match(
        box.run(tooBig(family, router[family], vip[family], stranger), hook),
        { action: 'drop', reason: 'unknown_quote' },
        'the next port',
      )
      t.match(
        box.run(tooBig(family, router[family], vip[family], sent), hook),
        { action: 'drop', reason: 'unknown_quote' },
        'a quote of somebody else does not choose the receiver',
      )
      t.match(
        box.run(tooBig(family, router[family], vip[family], answered.subarray(0, family === 4 ? 22 : 42)), hook),
        { action: 'drop', reason: 'unknown_quote' },
        'cut short',
      )
      if (family === 4) {
        const { packet } = box.run(tooBig(4, router[4], vip[4], answered.subarray(0, 28)), hook)
        t.same([...packet.subarray(-8, -4)], [8080 >> 8, 8080 & 255, 5000 >> 8, 5000 & 255], '8 bytes of the transport do')
        t.ok(checksumsRight(packet))
      }
    }
  })

  test(`IPv${family}: an error about dsr-l2 goes where the connection goes, as it is`, { skip }, async t => {
    for (const hook of ingressHooks) {
      const backends = { b1: { address: server[family] }, b2: { address: family === 4 ? '10.0.0.12' : 'fd00::12' } }
      const box = await dataplane(t, service(family, { forwarding: 'dsr-l2', backends }))

      for (let port = 5000; port < 5010; port++) {
        const { backend } = box.run(ip(family, client[family], vip[family]).tcp(port, 80), hook)
        const error = tooBig(family, router[family], vip[family], ip(family, vip[family], client[family]).tcp(80, port).ipBytes())

        t.match(box.run(error, hook), { action: 'redirect', reason: 'service', backend }, `${hook} ${port}`)
      }
    }
  })

  test(`IPv${family}: later fragments follow the first, there and back`, { skip }, async t => {
    for (const hook of ingressHooks) {
      const backends = { b1: { address: server[family], port: 8080 } }
      const box = await dataplane(t, service(family, { protocol: 'udp', backends }))
      const [first, ...later] = ip(family, client[family], vip[family])
        .udp(5000, 80, { payload: 'x'.repeat(300) })
        .fragments(104, 7) as [Packet, ...Packet[]]

      t.match(box.run(later[0] as Packet, hook), { action: 'drop', reason: 'unknown_first' }, 'before the first')
      t.match(box.run(first, hook), { action: 'redirect', reason: 'service' })
      for (const fragment of later) {
        const result = box.run(fragment, hook)
        t.match(result, { action: 'redirect', reason: 'service', backend: 'web/b1' }, hook)
        t.match(decode(result.packet).ip, { source: client[family], destination: server[family] })
        t.ok(checksumsRight(result.packet), describe(result.packet))
        t.same(payloadOf(result.packet), payloadOf(fragment.bytes()), 'what it carries stays')
      }

      const [answer, ...rest] = ip(family, server[family], client[family])
        .udp(8080, 5000, { payload: 'y'.repeat(300) })
        .fragments(104, 9) as [Packet, ...Packet[]]
      t.match(box.run(answer, hook), { action: 'redirect', reason: 'reply' })
      for (const fragment of rest) {
        const result = box.run(fragment, hook)
        t.match(result, { action: 'redirect', reason: 'reply' })
        t.match(decode(result.packet).ip, { source: vip[family], destination: client[family] })
      }
    }
  })

  test(`IPv${family}: ping is answered for service addresses that no interface has`, { skip }, async t => {
    for (const hook of ingressHooks) {
      const address = family === 4 ? '198.51.100.16/28' : '2001:db8:2::/124'
      const within = family === 4 ? '198.51.100.17' : '2001:db8:2::9'
      const without = family === 4 ? '198.51.100.32' : '2001:db8:2::19'
      const box = await dataplane(t, service(family, { address }))
      const ping = (destination: string) =>
        family === 4
          ? ip(4, client[4], destination).icmp({ id: 7, sequence: 1, payload: 'drawgate' })
          : ip(6, client[6], destination).icmpv6({ id: 7, sequence: 1, payload: 'drawgate' })
      const answered = box.run(ping(within), hook)

      t.match(answered, { action: hook === 'xdp_ingress' ? 'transmit' : 'redirect', verdict: 'transmit', reason: 'echo' }, hook)
      t.match(decode(answered.packet).ip, { source: within, destination: client[family] })
      t.match(decode(answered.packet).ethernet, { source: network.inMac, destination: network.clientMac })
      t.match(decode(answered.packet).transport, { type: family === 4 ? 0 : 129 })
      t.ok(checksumsRight(answered.packet), describe(answered.packet))
      t.match(box.run(ping(without), hook), { action: 'pass', reason: 'default' }, 'the next address is not ours')
      box.local = [family === 4 ? `${within}/32` : `${within}/128`]
      await box.apply(service(family, { address }))
      t.match(box.run(ping(within), hook), { action: 'pass', reason: 'default' }, 'the host answers for its own')
      await box.apply(service(family, { address, enabled: false }))
      t.match(box.run(ping(within), hook), { action: 'pass', reason: 'default' }, 'a disabled service does not answer')
    }
  })
}

test('a flood of pings is answered at the rate of answers', { skip }, async t => {
  const box = await dataplane(t, service(4))
  const reasons = new Set<string>()
  for (let i = 0; i < 3000 && !reasons.has('drop echo'); i++) {
    const { verdict, reason } = box.run(ip(4, client[4], vip[4]).icmp())
    reasons.add(`${verdict} ${reason}`)
  }
  t.same([...reasons].sort(), ['drop echo', 'transmit echo'])
})

test('IP options and extension headers are no reason to drop', { skip }, async t => {
  for (const hook of ingressHooks) {
    const box = await dataplane(t, service(4))
    const options = ip(4, client[4], vip[4], { options: Uint8Array.of(1, 1, 1, 1) }).tcp(5000, 80)
    const result = box.run(options, hook)
    t.match(result, { action: 'redirect', reason: 'service' })
    t.ok(checksumsRight(result.packet))

    const box6 = await dataplane(t, service(6))
    const extended = ether({ destination: network.inMac }).ip6(client[6], vip[6]).hopByHop().destinationOptions().tcp(5000, 80)
    const result6 = box6.run(extended, hook)
    t.match(result6, { action: 'redirect', reason: 'service' })
    t.ok(checksumsRight(result6.packet))
  }
})

function payloadOf(bytes: Uint8Array): number[] {
  const { ip: header, ipOffset } = decode(bytes)
  return [...bytes.subarray(ipOffset + (header?.version === 4 ? 20 : 40))]
}
