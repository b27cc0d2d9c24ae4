/** Prefixes: what is read, what is refused and with which hint, and the order of keys; against net.isIP, URL and ip-cidr. */
import { isIP } from 'node:net'
import fc from 'fast-check'
import IPCIDR from 'ip-cidr'
import { test } from 'tap'
import type { Prefix } from '../../controlplane/policy/prefix.ts'
import {
  anyIpv4,
  anyIpv6,
  covers,
  formatAddress,
  formatPrefix,
  isFailure,
  parseAddress,
  parsePrefix,
  prefixFromKey,
  prefixKey,
} from '../../controlplane/policy/prefix.ts'

const settings = { seed: Date.now() % 1_000_000_007, numRuns: 2000 }

function read(text: string): Prefix {
  const prefix = parsePrefix(text)

  if (isFailure(prefix)) throw new Error(`${text}: ${prefix.problem.detail}`)
  return prefix
}

function refused(text: string) {
  const prefix = parsePrefix(text)

  return isFailure(prefix) ? prefix.problem : undefined
}

const isMapped = (text: string) =>
  isIP(text) === 6 && !text.includes('%') && /^\[::ffff:[0-9a-f]{1,4}:[0-9a-f]{1,4}\]$/.test(new URL(`http://[${text}]`).hostname)

/** Texts that are addresses, nearly addresses, or made of the same letters. */
const addressLike = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.string({ unit: fc.constantFrom(...'0123456789.'), maxLength: 16 }),
  fc.string({ unit: fc.constantFrom(...'012abF:.'), maxLength: 24 }),
  fc
    .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(40), fc.constantFrom('0', '.', ':', '%', ' ', 'f', 'x', ''))
    .map(([text, at, letter]) => text.slice(0, at) + letter + text.slice(at + 1)),
)
const prefixOf = (family: 4 | 6) =>
  fc.tuple(fc.uint8Array({ minLength: family === 4 ? 4 : 16, maxLength: family === 4 ? 4 : 16 }), fc.nat(family === 4 ? 32 : 128)).map(
    ([bytes, length]): Prefix => ({
      family,
      length,
      bytes: bytes.map((byte, at) => byte & ~(0xff >> Math.min(8, Math.max(0, length - 8 * at)))),
    }),
  )
const anyPrefix = fc.oneof(prefixOf(4), prefixOf(6)).filter(prefix => !isFailure(parsePrefix(formatPrefix(prefix))))

test('an address is read where net.isIP reads one, mapped ones and zones apart', async t => {
  t.comment(`seed ${settings.seed}`)
  fc.assert(
    fc.property(addressLike, text => !isFailure(parseAddress(text)) === (isIP(text) !== 0 && !text.includes('%') && !isMapped(text))),
    { ...settings, numRuns: 20_000 },
  )
})

test('IPv6 is written as RFC 5952 and as URL writes it', async t => {
  t.comment(`seed ${settings.seed}`)
  fc.assert(
    fc.property(
      fc.oneof(
        prefixOf(6),
        fc
          .ipV6()
          .filter(text => !isFailure(parsePrefix(text)))
          .map(read),
      ),
      prefix => `[${formatAddress(prefix)}]` === new URL(`http://[${formatAddress(prefix)}]`).hostname,
    ),
    settings,
  )
  t.equal(formatPrefix(read('2001:DB8:0:0:1:0:0:0/128')), '2001:db8:0:0:1::/128')
  t.equal(formatPrefix(read('2001:db8:0:0:1:0:0:1')), '2001:db8::1:0:0:1/128', 'the first of equal runs')
  t.equal(formatPrefix(read('2001:db8:0:1:1:1:1:1')), '2001:db8:0:1:1:1:1:1/128', 'one zero group is written')
  t.equal(formatPrefix(read('::/0')), '::/0')
  t.equal(formatPrefix(read('64:ff9b::192.0.2.33')), '64:ff9b::c000:221/128')
})

test('text, prefix and key say the same', async t => {
  t.comment(`seed ${settings.seed}`)
  fc.assert(
    fc.property(anyPrefix, prefix => {
      const text = formatPrefix(prefix)
      return formatPrefix(prefixFromKey(prefixKey(read(text)))) === text
    }),
    settings,
  )
  t.equal(prefixKey(read('0.0.0.0/0')), anyIpv4)
  t.equal(prefixKey(read('::/0')), anyIpv6)
  t.equal(prefixKey(read('192.0.2.0/24')), '\x04\xc0\0\x02\0\x18')
})

test('host bits are those that ip-cidr cuts off', async t => {
  t.comment(`seed ${settings.seed}`)
  fc.assert(
    fc.property(
      fc
        .oneof(prefixOf(4), prefixOf(6))
        .map(formatAddress)
        .filter(text => !isMapped(text)),
      fc.nat(32),
      (address, length) => {
        const text = `${address}/${length}`
        const network = new IPCIDR(text).start() as string
        const whole = `${formatAddress(read(network))}/${length}`
        return formatAddress(read(address)) === formatAddress(read(network))
          ? formatPrefix(read(text)) === whole
          : refused(text)?.code === 'host_bits' && refused(text)?.hint.startsWith(`write ${whole}, or `) === true
      },
    ),
    { ...settings, numRuns: 500 },
  )
})

test('keys sort what covers before what it covers, and covers() is containment', async t => {
  t.comment(`seed ${settings.seed}`)
  const near = fc.tuple(anyPrefix, fc.nat(128)).map(([prefix, shorter]) => {
    const length = Math.min(prefix.length, shorter)
    return [
      prefix,
      { ...prefix, length, bytes: prefix.bytes.map((byte, at) => byte & ~(0xff >> Math.min(8, Math.max(0, length - 8 * at)))) },
    ] as const
  })
  fc.assert(
    fc.property(near, ([inner, outer]) => {
      const [a, b] = [prefixKey(outer), prefixKey(inner)]
      return covers(a, b) && (a === b || (a < b && !covers(b, a)))
    }),
    settings,
  )
  fc.assert(
    fc.property(anyPrefix, anyPrefix, (a, b) => {
      const bits = (prefix: Prefix) =>
        [...prefix.bytes]
          .map(byte => byte.toString(2).padStart(8, '0'))
          .join('')
          .slice(0, prefix.length)
      return covers(prefixKey(a), prefixKey(b)) === (a.family === b.family && bits(b).startsWith(bits(a)))
    }),
    settings,
  )
})

test('what can be read in two ways is refused with both', async t => {
  const hints: [string, string, string][] = [
    ['10.0.0.7/8', 'host_bits', 'write 10.0.0.0/8, or 10.0.0.7/32 for one host'],
    ['2001:db8::7/32', 'host_bits', 'write 2001:db8::/32, or 2001:db8::7/128 for one host'],
    ['010.1.1.1', 'malformed', 'write 10.1.1.1, or 8.1.1.1 if octal was meant'],
    ['192.0.2.08', 'malformed', 'write 192.0.2.8'],
    ['::ffff:192.0.2.7', 'malformed', 'write 192.0.2.7, or the IPv6 address that the host really has'],
    ['::ffff:c000:200/120', 'malformed', 'write 192.0.2.0/24, or the IPv6 address that the host really has'],
    ['fe80::1%eth0', 'malformed', 'write fe80::1, or fe80::/10 for every link-local address'],
    ['192.0.2.0/33', 'malformed', 'write 192.0.2.0/32 for one host, or a length from 0 to 32'],
    ['192.0.2.0/08', 'malformed', 'write 192.0.2.0/32 for one host, or a length from 0 to 32'],
    ['192.0.2.256', 'malformed', 'write four numbers from 0 to 255, such as 192.0.2.7'],
    ['2001:db8::1::2', 'malformed', 'write :: once, for the longest run of zeros'],
  ]

  for (const [text, code, hint] of hints) t.match(refused(text), { code, hint }, text)
  for (const text of [
    '',
    ' ',
    '192.0.2',
    '192.0.2.1.1',
    '192.0.2.1 ',
    '0x7f.0.0.1',
    '3232235777',
    'example.org',
    '/24',
    '192.0.2.0/',
    '192.0.2.0/+8',
    '192.0.2.0/8/8',
    '1:2:3:4:5:6:7:8::',
    'g::',
    ':::',
    ':1',
    '١.0.0.1',
  ])
    t.ok(refused(text)?.hint, JSON.stringify(text))
  t.match(parseAddress('192.0.2.7/32'), { problem: { hint: 'write 192.0.2.7' } })
})
