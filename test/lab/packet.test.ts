/** The builder against bytes that tcpdump -vv read without complaint, and the decoder against the builder. */
import { test } from 'tap'
import { addressBytes, addressText, checksumsRight, decode, describe, ether, frame, l3, type Packet } from './packet.ts'
import { crc32c, onesSum } from './wire.ts'

const hex = (packet: Packet) => Buffer.from(packet.bytes()).toString('hex')
const link = '020000000002020000000001'
const ip4 = ['192.0.2.7', '198.51.100.1'] as const
const ip6 = ['2001:db8::7', '2001:db8:1::1'] as const
const ip6Hex = '20010db800000000000000000000000720010db8000100000000000000000001'

test('the sums are those of the standards', async t => {
  t.equal(onesSum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7)), 0xddf2, 'example of RFC 1071')
  t.equal(crc32c(new TextEncoder().encode('123456789')), 0xe3069283, 'check value of CRC-32C')
})

test('addresses survive the way to bytes and back', async t => {
  for (const text of [
    '0.0.0.0',
    '192.0.2.255',
    '::',
    '::1',
    '2001:db8::',
    '2001:db8:0:1::7',
    'fe80::1:0:0:7',
    '1:2:3:4:5:6:7:8',
    '1:0:3:4:5:6:7:8',
  ]) {
    t.equal(addressText(addressBytes(text)), text)
  }
  t.equal(addressText(addressBytes('::ffff:192.0.2.1')), '::ffff:c000:201')
  t.throws(() => addressBytes('192.0.2'))
  t.throws(() => addressBytes('fe80::1%eth0'))
})

test('known bytes', async t => {
  t.equal(
    hex(
      ether()
        .vlan(100)
        .ip4(...ip4, { ttl: 9 })
        .tcp(5000, 80, { flags: ['syn', 'ece'], payload: 'hello' }),
    ),
    `${link}8100006408004500002d000100000906c58ec0000207c63364011388005000000001000000005042faf070c5000068656c6c6f`,
  )
  t.equal(
    hex(
      ether()
        .vlan(200, { etherType: 0x88a8 })
        .vlan(100)
        .ip4(...ip4, { options: Uint8Array.of(1, 1, 1) })
        .udp(5000, 53, { payload: 'odd' }),
    ),
    `${link}88a800c8810000640800460000230001000040118b8cc0000207c63364010101010013880035000b2c7a6f6464`,
  )
  t.equal(
    hex(
      ether()
        .ip4(...ip4)
        .sctp(5000, 80),
    ),
    `${link}0800450000340001000040848e09c0000207c63364011388005000000000e46bf4990100001400000000000000000000000000000000`,
  )
  t.equal(
    hex(
      ether()
        .ip4(...ip4)
        .icmp({ payload: 'abc' }),
    ),
    `${link}08004500001f0001000040018ea1c0000207c63364010800339b00010001616263`,
  )
  t.equal(
    hex(
      ether()
        .ip4(...ip4)
        .gre()
        .ip4('10.0.0.1', '10.0.0.2')
        .udp(1, 2),
    ),
    `${link}08004500003400010000402f8e5ec0000207c6336401000008004500001c00010000401166ce0a0000010a000002000100020008ebd8`,
  )
  t.equal(
    hex(
      ether()
        .ip6(...ip6)
        .tcp(5000, 80, { payload: 'x' }),
    ),
    `${link}86dd6000000000150640${ip6Hex}1388005000000001000000005002faf0cd9c000078`,
  )
  const chain = ether()
    .ip6(...ip6)
    .hopByHop()
    .destinationOptions(Uint8Array.of(1, 3, 0, 0, 0))
    .routing({ segments: ['2001:db8::9'] })
  t.equal(
    hex(chain.fragment({ id: 7 }).authentication().udp(1, 2, { payload: 'zz' })),
    `${link}86dd6000000000520040${ip6Hex}3c000104000000002b000103000000002c0200000000000020010db8000000000000000000000009` +
      '330000000000000711040000000000010000000100000000000000000000000000010002000a29e27a7a',
  )
  t.equal(
    hex(
      ether()
        .ip6(...ip6)
        .icmpv6({ payload: 'ping' }),
    ),
    `${link}86dd60000000000c3a40${ip6Hex}8000456b0001000170696e67`,
  )
  t.equal(
    hex(ether({ padTo: 60 }).arp('192.0.2.1', '192.0.2.2')),
    `${link}08060001080006040001020000000001c0000201000000000000c0000202${'00'.repeat(18)}`,
  )
})

test('a packet in one line', async t => {
  const tagged = ether()
    .vlan(100)
    .ip4(...ip4)
    .tcp(5000, 80, { flags: ['syn', 'ack'], payload: 'hello' })
  t.equal(
    describe(tagged),
    '02:00:00:00:00:01 > 02:00:00:00:00:02 vlan 100 192.0.2.7 > 198.51.100.1 ttl 64 tcp 5000 > 80 [syn ack] 5 bytes',
  )
  t.equal(
    describe(
      l3()
        .ip6(...ip6)
        .icmpv6(),
    ),
    '2001:db8::7 > 2001:db8:1::1 ttl 64 icmpv6 type 128 code 0 0 bytes',
  )
  t.equal(
    describe(
      l3()
        .ip4(...ip4)
        .protocol(99, 'abc'),
    ),
    '192.0.2.7 > 198.51.100.1 ttl 64 protocol 99 3 bytes',
  )
  t.equal(
    describe(
      l3()
        .ip4(...ip4, { checksum: 1 })
        .udp(1, 2),
    ),
    '192.0.2.7 > 198.51.100.1 ttl 64 WRONG ip checksum udp 1 > 2 0 bytes',
  )
  t.equal(describe(ether().etherType(0x88cc, 'lldp')), '02:00:00:00:00:01 > 02:00:00:00:00:02 type 0x88cc 4 bytes')
})

test('a decoder that finds every wrong checksum, and no right one', async t => {
  for (const base of [
    l3().ip4(...ip4),
    l3().ip6(...ip6),
    ether()
      .vlan(7)
      .ip6(...ip6)
      .hopByHop(),
  ]) {
    for (const [right, wrong] of [
      [base.tcp(1, 2), base.tcp(1, 2, { checksum: 1 })],
      [base.udp(1, 2, { payload: 'odd' }), base.udp(1, 2, { payload: 'odd', checksum: 1 })],
      [base.sctp(1, 2), base.sctp(1, 2, { checksum: 1 })],
      [base.icmpv6({ payload: 'p' }), base.icmpv6({ payload: 'p', checksum: 1 })],
      [base.icmp({ payload: 'p' }), base.icmp({ payload: 'p', checksum: 1 })],
    ] as const) {
      t.ok(checksumsRight(right), describe(right))
      t.notOk(checksumsRight(wrong), describe(wrong))
    }
  }
  t.ok(
    checksumsRight(
      l3()
        .ip4(...ip4)
        .udp(1, 2, { checksum: 0 }),
    ),
    'UDP over IPv4 may go without',
  )
  t.notOk(
    checksumsRight(
      l3()
        .ip6(...ip6)
        .udp(1, 2, { checksum: 0 }),
    ),
    'UDP over IPv6 may not',
  )
})

test('fragments hold the whole packet', async t => {
  const payload = 'a'.repeat(100)
  for (const whole of [
    ether()
      .ip4(...ip4)
      .udp(5000, 53, { payload }),
    ether()
      .ip6(...ip6)
      .udp(5000, 53, { payload }),
  ]) {
    const parts = whole.fragments(45)
    const decoded = parts.map(part => decode(part))
    t.same(
      decoded.map(part => part.ip?.fragment),
      [
        { id: 0x1234, offset: 0, more: true },
        { id: 0x1234, offset: 40, more: true },
        { id: 0x1234, offset: 80, more: false },
      ],
    )
    t.equal(decoded[0]?.transport?.destinationPort, 53)
    t.equal(decoded[1]?.transport, undefined)
    t.ok(parts.every(part => checksumsRight(part)))
    t.equal(decoded[0]?.payload.length, 32)
    t.equal(
      decoded.slice(1).reduce((sum, part) => sum + part.payload.length, 0),
      68,
    )
  }
})

test('packets can be wrong on purpose', async t => {
  t.match(
    decode(
      ether()
        .ip4(...ip4)
        .tcp(1, 2)
        .cutTo(40),
    ),
    { ip: { version: 4 }, problem: 'cut short' },
  )
  t.match(
    decode(
      ether()
        .ip4(...ip4, { headerWords: 4 })
        .tcp(1, 2),
    ),
    { problem: 'IP header below 20 bytes' },
  )
  t.match(
    decode(
      ether()
        .ip4(...ip4, { fragment: { offset: 8 } })
        .payload('later'),
    ),
    { ip: { fragment: { id: 1, offset: 8, more: false } } },
  )
  t.match(
    decode(
      ether()
        .ip6(...ip6)
        .fragment({ offset: 8, more: true })
        .payload('later'),
    ),
    { ip: { fragment: { id: 1, offset: 8, more: true } } },
  )
  t.match(decode(frame(Uint8Array.of(0x45, 0))), { problem: 'cut short' })
})

test('ipBytes is what an ICMP error quotes', async t => {
  const sent = ether()
    .vlan(5)
    .ip4(...ip4)
    .udp(1, 2)
  const error = l3().ip4('198.51.100.1', '192.0.2.7').icmp({ type: 3, code: 4, id: 0, sequence: 1400, payload: sent.ipBytes() })
  t.same(decode(decode(error).payload).ip?.destination, '198.51.100.1')
})
