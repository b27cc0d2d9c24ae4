/** Fragments: later ones take the verdict of their first, and nobody else's. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'tap'
import { ether, frame, type Packet } from '../lab/packet.ts'
import { type Box, cannotLoad, dataplane, hooks, ingressHooks } from './box.ts'

const skip = cannotLoad()
const closed = { ingress: 'deny' as const, egress: 'deny' as const, management: [] as [] }
const both = (rules: Record<string, object>) =>
  Object.fromEntries(
    Object.entries(rules).flatMap(([name, rule]) => [
      [`${name}-in`, { direction: 'ingress', ...rule }],
      [`${name}-out`, { direction: 'egress', ...rule }],
    ]),
  ) as never
const rules = both({
  dns: { priority: 1, action: 'allow', match: { protocol: 'udp', destinationPorts: ['53'] } },
  ntp: { priority: 2, action: 'deny', match: { protocol: 'udp', destinationPorts: ['123'] } },
  syslog: { priority: 3, action: 'reject', match: { protocol: 'udp', destinationPorts: ['514'] } },
  friends: { priority: 4, action: 'allow', match: { source: ['192.0.2.200', '2001:db8:1::200'] } },
})
const payload = 'x'.repeat(100)
const ends = { 4: ['192.0.2.7', '198.51.100.1'], 6: ['2001:db8:1::7', '2001:db8:2::1'], friend: ['192.0.2.200', '198.51.100.1'] } as const

/** First and later fragments of one datagram. */
function datagram(kind: keyof typeof ends, port: number, id: number): [Packet, ...Packet[]] {
  const [source, destination] = ends[kind]
  const whole = (kind === 6 ? ether().ip6(source, destination) : ether().ip4(source, destination)).udp(5000, port, { payload })

  return whole.fragments(40, id) as [Packet, ...Packet[]]
}

const suffix = (hook: string) => (hook === 'tc_egress' ? '-out' : '-in')

test('later fragments take the verdict of their first and are counted by its rule', { skip }, async t => {
  const box = await dataplane(t, { defaults: closed, rules })
  let id = 1

  for (const hook of hooks) {
    for (const family of [4, 6] as const) {
      for (const [port, action, rule] of [
        [53, 'pass', 'dns'],
        [123, 'drop', 'ntp'],
        [514, 'drop', 'syslog'],
      ] as const) {
        const [first, ...later] = datagram(family, port, ++id)

        t.match(box.run(later[0] as Packet, hook), { action: 'drop', reason: 'default' }, `${hook}: nobody knows the first`)
        t.match(box.run(first, hook), { action, rule: rule + suffix(hook) }, hook)
        for (const fragment of later)
          t.match(
            box.run(fragment, hook),
            { action, verdict: action, reason: 'fragment', rule: rule + suffix(hook) },
            `${hook}: IPv${family}, ${rule}`,
          )
      }
    }
  }
})

test('a first that no rule decided leaves its rest to the default', { skip }, async t => {
  const box = await dataplane(t, {
    defaults: { ...closed, ingress: 'allow' },
    rules: both({
      later: { action: 'deny', match: { protocol: 'udp', fragment: 'later' } },
      port: { action: 'deny', match: { protocol: 'udp', destinationPorts: ['123'] } },
    }),
  })
  const [first, later] = datagram(4, 99, 1) as [Packet, Packet]

  t.match(box.run(later), { action: 'drop', reason: 'rule', rule: 'later-in' }, 'unknown: the rules decide')
  t.match(box.run(first), { action: 'pass', reason: 'default' })
  t.match(box.run(later), { action: 'pass', reason: 'default' }, 'known: as the first')
})

test('IPv6: an extension header between fragment header and transport hides nothing', { skip }, async t => {
  const services = {
    web: { address: '2001:db8:2::10', ports: ['53'], protocol: 'udp', forwarding: 'nat', backends: { b: { address: 'fd00::11' } } },
  }
  const box = await dataplane(t, { defaults: closed, rules, services: services as never })
  const begin = (id: number, destination: string, offset: number) =>
    ether()
      .ip6('2001:db8:1::7', destination)
      .fragment({ id, offset, more: offset === 0 })
      .destinationOptions()
  const first = (id: number, destination: string) => begin(id, destination, 0).udp(5000, 53, { payload })

  for (const hook of hooks) {
    t.match(box.run(first(900, '2001:db8:2::1'), hook), { action: 'pass', rule: `dns${suffix(hook)}` }, hook)
    t.match(box.run(begin(900, '2001:db8:2::1', 80), hook), { action: 'pass', reason: 'fragment', rule: `dns${suffix(hook)}` }, hook)
    t.match(box.run(begin(901, '2001:db8:2::1', 80), hook), { action: 'drop', reason: 'default' }, `${hook}: another packet`)
  }
  for (const hook of ingressHooks) {
    t.match(box.run(first(902, '2001:db8:2::10'), hook), { action: 'redirect', service: 'web' }, hook)
    t.match(box.run(begin(902, '2001:db8:2::10', 80), hook), { action: 'redirect', service: 'web' }, hook)
    t.match(box.run(begin(903, '2001:db8:2::10', 80), hook), { action: 'drop', reason: 'unknown_first' }, `${hook}: another packet`)
  }
})

test('an unknown first leaves rules without ports in force', { skip }, async t => {
  const box = await dataplane(t, { defaults: closed, rules })
  const [, later] = datagram('friend', 123, 7) as [Packet, Packet]

  for (const hook of hooks) t.match(box.run(later, hook), { action: 'pass', reason: 'rule', rule: `friends${suffix(hook)}` }, hook)
})

test('another packet, protocol, address or direction is another matter', { skip }, async t => {
  const box = await dataplane(t, { defaults: closed, rules })

  for (const family of [4, 6] as const) {
    const [first, later] = datagram(family, 53, 500) as [Packet, Packet]
    const bytes = later.bytes()
    const changed = (at: number, to: number) => {
      const copy = bytes.slice()

      copy[at] = to
      return frame(copy)
    }
    const [identification, protocol, source, destination] = family === 4 ? [18, 23, 29, 33] : [61, 54, 37, 53]

    t.match(box.run(first), { action: 'pass' })
    t.match(box.run(later), { action: 'pass', reason: 'fragment' }, 'the hit')
    for (const [name, near] of [
      ['identification', changed(identification, 77)],
      // In IPv6 the later ones may name another header than the first: RFC 8200, 4.5.
      ...(family === 4 ? [['protocol', changed(protocol, 99)] as const] : []),
      ['source', changed(source, 77)],
      ['destination', changed(destination, 77)],
    ] as const)
      t.match(box.run(near), { action: 'drop', reason: 'default' }, `IPv${family}: another ${name}`)
    t.match(box.run(later, 'tc_egress'), { action: 'drop', reason: 'default' }, 'the other direction')
    t.match(box.run(later, 'tc_ingress'), { action: 'pass', reason: 'fragment' }, 'the other hook of the same')
  }
})

test('a first that comes again says it anew', { skip }, async t => {
  const box = await dataplane(t, { defaults: closed, rules })
  const [allowed, later] = datagram(4, 53, 9) as [Packet, Packet]
  const [denied] = datagram(4, 123, 9)

  box.run(allowed)
  t.match(box.run(later), { action: 'pass', rule: 'dns-in' })
  box.run(denied)
  t.match(box.run(later), { action: 'drop', rule: 'ntp-in' })
})

test('a trace remembers nothing, and knows what is known', { skip }, async t => {
  const box = await dataplane(t, { defaults: closed, rules })
  const [first, later] = datagram(4, 53, 3) as [Packet, Packet]
  const ask = (packet: Packet) => box.dataplane.trace({ hook: 'xdp_ingress', packet: packet.bytes() })

  t.match(ask(first), { verdict: 'pass', reason: 'rule' })
  t.match(box.run(later), { action: 'drop', reason: 'default' })
  box.run(first)
  t.match(ask(later), {
    verdict: 'pass',
    reason: 'fragment',
    ruleId: box.idOfRule('dns-in'),
    steps: [{ stage: 'parse' }, { stage: 'prefixes' }, { stage: 'fragment' }],
  })
})

/** Ids of this process' maps of a name. */
function mapIds(name: string): number[] {
  return readdirSync('/proc/self/fdinfo').flatMap(fd => {
    try {
      const id = Number(/^map_id:\t(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1])
      const shown = Number.isNaN(id)
        ? undefined
        : JSON.parse(execFileSync('bpftool', ['-j', 'map', 'show', 'id', `${id}`], { encoding: 'utf8' }))

      return shown?.name === name ? [id] : []
    } catch {
      return []
    }
  })
}

/** Makes everything that is known of first fragments older, by as many pieces of 1.07 s. */
function age(pieces: number): void {
  for (const id of new Set(mapIds('fragment_lines'))) {
    const dump = JSON.parse(execFileSync('bpftool', ['-j', 'map', 'dump', 'id', `${id}`], { encoding: 'utf8', maxBuffer: 1 << 28 })) as {
      key: string[]
      value: string[]
    }[]

    for (const { key, value } of dump) {
      const bytes = Buffer.from(value.map(Number))
      let held = false

      for (let at = 0; at < bytes.length; at += 16) {
        const known = bytes.readBigUInt64LE(at + 8)

        if (known === 0n) continue
        held = true
        const older = (known & ~0xffff_ff00n) | ((((known >> 8n) - BigInt(pieces)) & 0xff_ffffn) << 8n)

        bytes.writeBigUInt64LE(bytes.readBigUInt64LE(at) ^ known ^ older, at)
        bytes.writeBigUInt64LE(older, at + 8)
      }
      if (held) execFileSync('bpftool', ['map', 'update', 'id', `${id}`, 'key', ...key, 'value', ...[...bytes].map(String)])
    }
  }
}

test('what is known of a first is forgotten after half a minute', { skip }, async t => {
  const box: Box = await dataplane(t, { defaults: closed, rules })
  const [first, later] = datagram(4, 53, 3) as [Packet, Packet]

  box.run(first)
  age(20)
  t.match(box.run(later), { action: 'pass', reason: 'fragment' })
  age(20)
  t.match(box.run(later), { action: 'drop', reason: 'default' })
})
