/** Rules at random in the words of nftables: two chains at one hook, maps of verdicts, sets, concatenations, ranges. */
import fc from 'fast-check'
import { pools, ports } from './packets.ts'

const port = fc.constantFrom(...ports)
const not = fc.constantFrom('', '', '', '!= ')
const list = <Value>(values: fc.Arbitrary<Value>, max: number) =>
  fc.uniqueArray(values, { minLength: 1, maxLength: max }).map(all => `{ ${all.join(', ')} }`)

const address = fc.constantFrom('ip', 'ip6').chain(family => {
  const prefixes = pools[family as 'ip'].prefixes
  const set = family === 'ip' ? 'bad4' : 'bad6'
  const range = family === 'ip' ? '198.51.100.3-198.51.100.140' : '2001:db8:1::-2001:db8:2:7::'
  return fc
    .tuple(not, fc.constantFrom(...prefixes, `@${set}`, range, `{ ${prefixes[1]}, ${prefixes[3]} }`))
    .map(([no, value]) => `${family} saddr ${no}${value}`)
})
const transport = fc.oneof(
  fc
    .tuple(fc.constantFrom('tcp', 'udp'), not, fc.oneof(port, list(port, 3), fc.constantFrom('50-500', '@open')))
    .map(([name, no, value]) => `${name} dport ${no}${value}`),
  fc.tuple(list(port, 3)).map(([value]) => `meta l4proto { tcp, udp } th dport ${value}`),
  fc.tuple(not, fc.constantFrom('tcp', '{ tcp, gre }')).map(([no, value]) => `meta l4proto ${no}${value}`),
  fc.tuple(not).map(([no]) => `tcp flags ${no === '' ? '' : '!= '}syn / fin,syn,rst,ack`),
  fc.constant('tcp flags & (syn | ack) == syn'),
  fc.constantFrom('tcp flags syn', 'tcp flags fin,rst'),
  fc.constantFrom('icmp type echo-request', 'icmpv6 type { echo-request, echo-reply }', 'icmp type != echo-request'),
  fc.constant('ip protocol udp'),
)
const other = fc.oneof(
  fc.tuple(not, list(fc.constantFrom('new', 'established', 'related', 'invalid'), 3)).map(([no, value]) => `ct state ${no}${value}`),
  fc.constantFrom(
    'ct state new',
    'ct state established,related',
    'iifname "in0"',
    'iifname != "lo"',
    'iifname { "in0", "lo" }',
    'iifname "in*"',
  ),
  fc.constantFrom(
    'meta nfproto ipv4',
    'meta nfproto ipv6',
    'ip dscp ef',
    'ip dscp != ef',
    'meta length 0-100',
    'meta length > 60000',
    'fib daddr type local',
  ),
  fc.constantFrom(
    'ip saddr . tcp dport { 192.0.2.7 . 22, 198.51.100.7 . 80 }',
    'ip saddr . tcp dport @pairs',
    'ip6 saddr . ip6 daddr { 2001:db8:1::7 . 2001:db8:1::1 }',
  ),
)
const match = fc.oneof(
  address,
  transport,
  other,
  fc.tuple(address, transport).map(both => both.join(' ')),
  fc.tuple(transport, other).map(both => both.join(' ')),
)

function rule(later: readonly string[]): fc.Arbitrary<string> {
  const verdict = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        'accept',
        'accept',
        'drop',
        'drop',
        'reject',
        'return',
        'reject with icmpx type admin-prohibited',
        'reject with icmp type host-unreachable',
        'reject with icmpv6 type admin-prohibited',
        'reject with tcp reset',
        'counter',
        'log prefix "x"',
      ),
    },
    ...(later.length === 0
      ? []
      : [{ weight: 3, arbitrary: fc.constantFrom(...later).chain(name => fc.constantFrom(`jump ${name}`, `goto ${name}`)) }]),
  )
  const said = fc.constantFrom('accept', 'drop', 'return', ...later.map(name => `jump ${name}`))
  const map = fc.oneof(
    fc.tuple(said, said).map(([one, two]) => `tcp dport vmap { 22 : ${one}, 80-443 : ${two} }`),
    fc.tuple(said, said).map(([one, two]) => `ct state vmap { new : ${one}, invalid : ${two}, established : accept }`),
    fc.tuple(said, said).map(([one, two]) => `ip saddr vmap { 192.0.2.0/24 : ${one}, 198.51.100.0-198.51.100.99 : ${two} }`),
    fc.constant('meta l4proto . th dport vmap { tcp . 22 : accept, udp . 53 : drop }'),
    fc.constant('udp dport vmap @byport'),
  )
  return fc.oneof({ weight: 5, arbitrary: fc.tuple(match, verdict).map(parts => parts.join(' ')) }, { weight: 1, arbitrary: map })
}

/** One table; nothing in it names the device's index, so that it loads wherever. */
export const nftRulesets: fc.Arbitrary<string> = fc
  .record({
    early: fc.array(rule(['one']), { maxLength: 2 }),
    input: fc.array(rule(['one', 'two']), { maxLength: 6, size: 'max' }),
    forward: fc.array(rule(['two']), { maxLength: 3 }),
    one: fc.array(rule(['two']), { maxLength: 4, size: 'max' }),
    two: fc.array(rule([]), { maxLength: 4, size: 'max' }),
    policy: fc.constantFrom('accept', 'drop'),
    forwarding: fc.constantFrom('accept', 'drop'),
  })
  .map(({ early, input, forward, one, two, policy, forwarding }) => {
    const chain = (name: string, base: string, rules: readonly string[]) =>
      `  chain ${name} {\n${base}${rules.map(text => `    ${text}\n`).join('')}  }\n`
    return `table inet t {
  set bad4 { type ipv4_addr; flags interval; elements = { 198.51.100.0/25, 203.0.113.0-203.0.113.9 } }
  set bad6 { type ipv6_addr; flags interval; elements = { 2001:db8:2::/48 } }
  set open { type inet_service; flags interval; elements = { 80, 1000-9000 } }
  set pairs { type ipv4_addr . inet_service; elements = { 192.0.2.9 . 22, 203.0.113.5 . 443 } }
  map byport { type inet_service : verdict; elements = { 53 : accept, 80 : drop } }
${chain('two', '', two)}${chain('one', '', one)}${chain('early', '    type filter hook input priority filter - 10; policy accept;\n', early)}${chain('input', `    type filter hook input priority filter; policy ${policy};\n`, input)}${chain('forward', `    type filter hook forward priority 0; policy ${forwarding};\n`, forward)}}
`
  })
