/** Who may use a service, where its connections come from, when they are forgotten, and which backend a QUIC packet names. */
import { test } from 'tap'
import { serverId } from '../../controlplane/policy/quic.ts'
import { checksumsRight, decode, describe, ether } from '../lab/packet.ts'
import { cannotLoad, dataplane, ingressHooks, network } from './box.ts'

const skip = cannotLoad()
const client = { 4: '192.0.2.7', 6: '2001:db8:1::7' } as const
const vip = { 4: '198.51.100.10', 6: '2001:db8:2::10' } as const
const server = { 4: '10.0.0.11', 6: 'fd00::11' } as const
const pool = { 4: '10.0.0.1', 6: 'fd00::1' } as const
const families = [4, 6] as const

const ip = (source: string, destination: string) => {
  const begun = ether({ source: network.clientMac, destination: network.inMac })
  return source.includes(':') ? begun.ip6(source, destination) : begun.ip4(source, destination)
}
const web = (family: 4 | 6, extra: object = {}) => ({
  address: vip[family],
  ports: ['80'],
  protocol: 'tcp',
  forwarding: 'nat',
  backends: { b1: { address: server[family], port: 8080 } },
  ...extra,
})
const policy = (services: object, extra: object = {}) => ({ services: services as never, ...extra })
const read = (packet: Uint8Array) => {
  const { ip: header, transport } = decode(packet)
  return {
    from: `${header?.source} ${transport?.sourcePort}`,
    to: `${header?.destination} ${transport?.destinationPort}`,
    right: checksumsRight(packet),
  }
}

for (const family of families) {
  test(`IPv${family}: a pool gives each connection a source of its own`, { skip }, async t => {
    for (const hook of ingressHooks) {
      const sourceNat = { mode: 'pool', addresses: [pool[family]] }
      const other = family === 4 ? '198.51.100.11' : '2001:db8:2::11'
      const box = await dataplane(t, policy({ one: web(family, { sourceNat }), two: web(family, { sourceNat, address: other }) }))
      const sources = new Set<string>()

      for (const address of [vip[family], other])
        for (let port = 5000; port < 5020; port++) {
          const there = box.run(ip(client[family], address).tcp(port, 80), hook)
          const { from, to, right } = read(there.packet)

          t.match(there, { action: 'redirect', reason: 'service' }, hook)
          t.same([from.split(' ')[0], to, right], [pool[family], `${server[family]} 8080`, true], describe(there.packet))
          sources.add(from)
          const answer = ip(server[family], pool[family]).tcp(8080, Number(from.split(' ')[1]), { flags: ['syn', 'ack'] })
          const back = box.run(answer, hook)
          t.match(back, { action: 'redirect', reason: 'reply' }, hook)
          t.same(read(back.packet), { from: `${address} 80`, to: `${client[family]} ${port}`, right: true })
          t.equal(
            read(box.run(ip(client[family], address).tcp(port, 80, { flags: ['ack'] }), hook).packet).from,
            from,
            'it keeps its source',
          )
        }
      t.equal(sources.size, 40)
      const hairpin = box.run(ip(server[family], vip[family]).tcp(6000, 80), hook)
      t.match(read(hairpin.packet), { to: `${server[family]} 8080`, right: true }, 'a backend that connects to its own service')
      t.equal(read(hairpin.packet).from.split(' ')[0], pool[family])
    }
  })

  test(`IPv${family}: who may use a service`, { skip }, async t => {
    for (const hook of ingressHooks) {
      const [wide, one] = family === 4 ? ['192.0.2.0/24', '192.0.2.9'] : ['2001:db8:1::/64', '2001:db8:1::9']
      const far = family === 4 ? '203.0.113.1' : '2001:db8:9::1'
      const box = await dataplane(
        t,
        policy({ web: web(family, { sources: { allow: [wide], deny: ['@bad'] } }) }, { sets: { bad: { entries: [one] } } as never }),
      )
      t.match(box.run(ip(client[family], vip[family]).tcp(5000, 80), hook), { action: 'redirect', reason: 'service' })
      t.match(box.run(ip(one as string, vip[family]).tcp(5000, 80), hook), { action: 'drop', reason: 'source', service: 'web' })
      t.match(box.run(ip(far, vip[family]).tcp(5000, 80), hook), { action: 'drop', reason: 'source' })
      t.match(box.run(ip(far, vip[family]).tcp(5000, 81), hook), { action: 'pass', reason: 'default' }, 'the next port')
      await box.apply(
        policy(
          { web: web(family, { sources: { allow: [wide] } }) },
          {
            rules: { far: { direction: 'ingress', action: 'allow', match: { source: [far] } } } as never,
          },
        ),
      )
      t.match(box.run(ip(far, vip[family]).tcp(5000, 80), hook), { action: 'redirect', reason: 'service' }, 'a rule comes first')
    }
  })

  test(`IPv${family}: a QUIC packet goes to the backend that it names`, { skip }, async t => {
    for (const hook of ingressHooks) {
      const backends = Object.fromEntries([11, 12, 13].map(n => [`b${n}`, { address: family === 4 ? `10.0.0.${n}` : `fd00::${n}` }]))
      const box = await dataplane(t, policy({ quic: web(family, { protocol: 'udp', backends, quic: { connectionId: true } }) }))
      const short = (name: string, first = 0x40, routing = 0x1f) => {
        const id = serverId(name)
        return Uint8Array.of(first, routing, id >>> 24, id >>> 16, id >>> 8, id, 1, 2, 3, 4, 5, 6)
      }
      for (const name of Object.keys(backends))
        for (let port = 5000; port < 5006; port++)
          t.match(
            box.run(ip(client[family], vip[family]).udp(port, 80, { payload: short(name) }), hook),
            { action: 'redirect', backend: `quic/${name}` },
            `${hook}: ${name} from ${port}`,
          )
      const taken = new Set<string | undefined>()
      for (let port = 6000; port < 6040; port++)
        taken.add(
          box.run(ip(client[family], vip[family]).udp(port, 80, { payload: short('b11', port % 2 ? 0xc0 : 0x40, 0xff) }), hook).backend,
        )
      t.equal(taken.size, 3, 'long headers and ids that say nothing go by the hash')
    }
  })
}

test('a pool gives two ports of one service sources of their own', { skip }, async t => {
  for (const hook of ingressHooks) {
    const box = await dataplane(t, policy({ one: web(4, { ports: ['80', '443'], sourceNat: { mode: 'pool', addresses: [pool[4]] } }) }))
    const sources = [80, 443].map(port => read(box.run(ip(client[4], vip[4]).tcp(5000, port), hook).packet).from)

    t.equal(new Set(sources).size, 2, `${hook}: ${sources}`)
    for (const [at, port] of [80, 443].entries()) {
      const answer = ip(server[4], pool[4]).tcp(8080, Number(sources[at]?.split(' ')[1]), { flags: ['ack'] })
      t.match(read(box.run(answer, hook).packet), { from: `${vip[4]} ${port}`, to: `${client[4]} 5000`, right: true }, hook)
    }
  }
})

test('a pool that has no source left says so', { skip }, async t => {
  const box = await dataplane(t, policy({ web: web(4, { sourceNat: { mode: 'pool', addresses: [pool[4]] } }) }), {
    capacity: { connections: 262_144 },
  })
  // Every client has the same port: the first choice of all is taken by the first.
  const client = (i: number) => ip(`192.0.${2 + (i >> 8)}.${i & 255}`, vip[4]).tcp(5000, 80)

  for (let i = 0; i < 61_000; i++) box.dataplane.runProgram('xdp_ingress', client(i).bytes(), {})
  let last = box.run(client(61_000))

  for (let i = 61_001; i < 62_000 && last.reason === 'service'; i++) last = box.run(client(i))
  t.match(last, { action: 'drop', reason: 'pool_full', service: 'web' })
})
