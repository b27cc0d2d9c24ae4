/** Reject: the answer byte for byte, at every hook, and who gets none. */
import { test } from 'tap'
import { checksumsRight, decode, ether, frame, type Packet } from '../lab/packet.ts'
import { type Box, cannotLoad, dataplane, hooks } from './box.ts'

const skip = cannotLoad()
const rule = { action: 'reject', match: {} } as const
const rejecting = { rules: { 'no-in': { ...rule, direction: 'ingress' as const }, 'no-out': { ...rule, direction: 'egress' as const } } }
const macs = { source: '02:00:00:00:00:02', destination: '02:00:00:00:00:01' }
const four = () => ether().ip4('192.0.2.7', '198.51.100.1')
const six = () => ether().ip6('2001:db8:1::7', '2001:db8:2::1')
const back = {
  four: () => ether(macs).ip4('198.51.100.1', '192.0.2.7', { id: 0 }),
  six: () => ether(macs).ip6('2001:db8:2::1', '2001:db8:1::7'),
}

/** The packet as an error quotes it: 64 bytes from its IP header on. */
const quote = (packet: Packet) => packet.ipBytes().subarray(0, 64)

/** What the answer should be, made by the builder of test packets. */
const answers: readonly [name: string, packet: Packet, answer: Packet][] = [
  [
    'a SYN',
    four().tcp(5000, 80, { flags: ['syn'], sequence: 0xffff_ffff, options: Uint8Array.from([2, 4, 5, 180]) }),
    back.four().tcp(80, 5000, { flags: ['rst', 'ack'], acknowledgement: 0, sequence: 0, window: 0 }),
  ],
  [
    'a SYN by IPv6',
    six().tcp(5000, 80, { flags: ['syn'], sequence: 7 }),
    back.six().tcp(80, 5000, { flags: ['rst', 'ack'], acknowledgement: 8, sequence: 0, window: 0 }),
  ],
  [
    'a segment with ACK and data',
    four().tcp(5000, 80, { flags: ['ack', 'psh'], sequence: 7, acknowledgement: 99, payload: 'x'.repeat(700) }),
    back.four().tcp(80, 5000, { flags: ['rst'], sequence: 99, window: 0 }),
  ],
  [
    'data and FIN without ACK',
    six().tcp(5000, 80, { flags: ['fin'], sequence: 7, payload: 'abc' }),
    back.six().tcp(80, 5000, { flags: ['rst', 'ack'], sequence: 0, acknowledgement: 11, window: 0 }),
  ],
  [
    'UDP',
    four().udp(5000, 53, { payload: 'x'.repeat(300) }),
    back.four().icmp({ type: 3, code: 13, id: 0, sequence: 0, payload: quote(four().udp(5000, 53, { payload: 'x'.repeat(300) })) }),
  ],
  [
    'short UDP',
    four().udp(5000, 53, { payload: 'abc' }),
    back.four().icmp({ type: 3, code: 13, id: 0, sequence: 0, payload: quote(four().udp(5000, 53, { payload: 'abc' })) }),
  ],
  [
    'UDP by IPv6',
    six().udp(5000, 53, { payload: 'abc' }),
    back.six().icmpv6({ type: 1, code: 1, id: 0, sequence: 0, payload: quote(six().udp(5000, 53, { payload: 'abc' })) }),
  ],
  ['an echo request', four().icmp(), back.four().icmp({ type: 3, code: 13, id: 0, sequence: 0, payload: quote(four().icmp()) })],
  ['an echo request by IPv6', six().icmpv6(), back.six().icmpv6({ type: 1, code: 1, id: 0, sequence: 0, payload: quote(six().icmpv6()) })],
  [
    'another protocol',
    six().protocol(99, 'abc'),
    back.six().icmpv6({ type: 1, code: 1, id: 0, sequence: 0, payload: quote(six().protocol(99, 'abc')) }),
  ],
  [
    'IPv4 options',
    ether()
      .ip4('192.0.2.7', '198.51.100.1', { options: Uint8Array.from([7, 3, 4, 0]) })
      .tcp(5000, 80, { sequence: 1 }),
    back.four().tcp(80, 5000, { flags: ['rst', 'ack'], sequence: 0, acknowledgement: 2, window: 0 }),
  ],
]

const verdictOf = (box: Box, packet: Packet, hook: (typeof hooks)[number]) => {
  const { action, verdict, reason, rule: by } = box.run(packet, hook)

  return { action, verdict, reason, rule: by?.replace(/-.*/, '') }
}

/** What goes back to the host itself comes from a MAC address that nobody can guess. */
function hex(bytes: Uint8Array, hook: string): string {
  const text = Buffer.from(bytes).toString('hex')

  return hook === 'tc_egress' ? text.slice(0, 12) + text.slice(24) : text
}

test('answers, byte for byte', { skip }, async t => {
  const box = await dataplane(t, rejecting)

  for (const hook of hooks) {
    for (const [name, packet, answer] of answers) {
      const result = box.run(packet, hook)

      t.match(
        result,
        { action: hook === 'xdp_ingress' ? 'transmit' : 'redirect', verdict: 'transmit', reason: 'reject' },
        `${hook}: ${name}`,
      )
      t.same(hex(result.packet, hook), hex(answer.bytes(), hook), `${hook}: ${name}, bytes`)
      t.ok(checksumsRight(result.packet), `${hook}: ${name}, checksums`)
    }
  }
})

test('padding of short frames is no part of the answer, tags are', { skip }, async t => {
  const box = await dataplane(t, rejecting)

  for (const hook of hooks) {
    const padded = box.run(ether({ padTo: 60 }).ip4('192.0.2.7', '198.51.100.1').tcp(5000, 80), hook)

    t.match(decode(padded.packet), { transport: { flags: ['rst', 'ack'] } }, hook)
    t.equal(padded.packet.length, 54, hook)

    const tagged = box.run(ether().vlan(7).vlan(8).ip4('192.0.2.7', '198.51.100.1').udp(5000, 53), hook)

    t.match(
      decode(tagged.packet),
      { vlans: [7, 8], ip: { destination: '192.0.2.7' }, transport: { name: 'icmp', type: 3, code: 13 } },
      hook,
    )
    t.ok(checksumsRight(tagged.packet), hook)
  }
})

test('who gets no answer', { skip }, async t => {
  const box = await dataplane(t, rejecting)
  const udp = (source: string, destination: string) =>
    (source.includes(':') ? ether().ip6(source, destination) : ether().ip4(source, destination)).udp(5000, 53)
  const fragments = [
    ...four()
      .udp(5000, 53, { payload: 'x'.repeat(64) })
      .fragments(40),
    ...six()
      .udp(5000, 53, { payload: 'x'.repeat(64) })
      .fragments(40),
  ]
  const silent: [string, Packet][] = [
    ...fragments.map((fragment, i): [string, Packet] => [`fragment ${i}`, fragment]),
    ['a reset', four().tcp(5000, 80, { flags: ['rst'] })],
    ['a reset by IPv6', six().tcp(5000, 80, { flags: ['rst', 'ack'] })],
    ...[3, 4, 5, 11, 12].map((type): [string, Packet] => [`ICMP ${type}`, four().icmp({ type })]),
    ...[1, 2, 3, 4, 127, 137].map((type): [string, Packet] => [`ICMPv6 ${type}`, six().icmpv6({ type })]),
    ['to a group', udp('192.0.2.7', '224.0.0.251')],
    ['to everybody', udp('192.0.2.7', '255.255.255.255')],
    ['to an IPv6 group', udp('2001:db8:1::7', 'ff02::fb')],
    ['from a group', udp('224.0.0.251', '198.51.100.1')],
    ['from an IPv6 group', udp('ff02::fb', '2001:db8:2::1')],
    ['from nobody', udp('0.0.0.0', '198.51.100.1')],
    ['from nobody, IPv6', udp('::', '2001:db8:2::1')],
    ['by Ethernet to everybody', ether({ destination: 'ff:ff:ff:ff:ff:ff' }).ip4('192.0.2.7', '198.51.100.1').udp(5000, 53)],
    ['by Ethernet to a group', ether({ destination: '33:33:00:00:00:01' }).ip6('2001:db8:1::7', '2001:db8:2::1').tcp(5000, 80)],
  ]

  for (const hook of hooks) {
    for (const [name, packet] of silent)
      t.same(verdictOf(box, packet, hook), { action: 'drop', verdict: 'drop', reason: 'reject', rule: 'no' }, `${hook}: ${name}`)
    for (const [name, packet] of [
      ['an echo reply', four().icmp({ type: 0 })],
      ['from 223', udp('223.255.255.255', '198.51.100.1')],
      ['from fe80', udp('fe80::1', '2001:db8:2::1')],
    ] as [string, Packet][])
      t.match(verdictOf(box, packet, hook), { verdict: 'transmit', reason: 'reject' }, `${hook}: ${name} gets one`)
  }
})

test('a CPU answers a thousand times a second and no more', { skip }, async t => {
  const box = await dataplane(t, rejecting)
  const run = (count: number) => box.dataplane.runProgram('xdp_ingress', four().udp(5000, 53).bytes(), { repeat: count })
  const answered = () =>
    box.dataplane.counters
      .outcomes()
      .filter(({ verdict, reason }) => verdict === 'transmit' && reason === 'reject')
      .reduce((sum, { packets }) => sum + packets, 0n)
  const begin = process.hrtime.bigint()

  // The first run makes an ICMP error of the packet, which those after it meet: each run is one packet.
  while (answered() < 1001n && process.hrtime.bigint() - begin < 20_000_000_000n) run(1)

  const before = answered()
  const from = process.hrtime.bigint()

  for (let i = 0; i < 5000; i++) run(1)

  const seconds = Number(process.hrtime.bigint() - from) / 1e9

  t.ok(Number(answered() - before) <= 2 * (1000 * seconds + 1000) + 2, 'the rate and a burst, on two CPUs at most')
  t.match(verdictOf(box, frame(four().udp(5000, 53).bytes()), 'xdp_ingress'), { reason: 'reject' })
})
