/** What an import says of each thing: carried over, refused with its line, or told to differ. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { type Imported, ImportFailure, importIpset, importIptables, importKeepalived, importNft } from '../../controlplane/import/import.ts'
import { drawgate } from '../cli/terminal.ts'

const iptables = (rules: string, ipset?: string): Imported =>
  importIptables(
    [{ name: 'rules', text: `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${rules}\nCOMMIT\n` }],
    ipset === undefined ? undefined : { name: 'sets', text: ipset },
  )
const nft = (rules: string): Imported =>
  importNft({
    name: 'rules',
    text: `table inet filter {\nchain input { type filter hook input priority 0; policy accept;\n${rules}\n}\n}\n`,
  })
/** By name, without what every rule has. */
const rulesOf = ({ policy }: Imported) =>
  Object.values(policy.rules ?? {}).map(({ priority: _priority, comment: _comment, ...rule }) => rule)
const toldOf = ({ notes }: Imported) =>
  notes.filter(({ line }) => line > 0).map(({ line, effect, detail }) => `${line} ${effect}: ${detail}`)
const any = { source: ['0.0.0.0/0'] }

test('rates become limits where the rest of the chain drops what is beyond', async t => {
  const kept = iptables(
    '-A INPUT -p tcp -m tcp --dport 22 -m limit --limit 10/sec --limit-burst 20 -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j DROP',
  )
  t.match(rulesOf(kept), [
    {
      action: 'limit',
      match: { protocol: 'tcp', destinationPorts: ['22'] },
      limit: { packetsPerSecond: 10, burstPackets: 20, within: 'allow' },
    },
  ])
  t.same(toldOf(kept), [])
  const open = iptables('-A INPUT -p tcp -m tcp --dport 22 -m limit --limit 10/sec -j ACCEPT')
  t.match(toldOf(open), [/^5 drops more: what is beyond the rate meets rules that may let it through/])
  t.match(toldOf(iptables('-A INPUT -m limit --limit 5/min -j ACCEPT\n-A INPUT -j DROP')), [
    /^5 drops more: 5\/min: the rate is below one packet a second/,
  ])
  const chain = iptables(
    ':flood - [0:0]\n-A INPUT -p tcp -m tcp --syn -j flood\n-A flood -m limit --limit 100/sec --limit-burst 150 -j RETURN\n-A flood -j DROP',
  )
  t.match(rulesOf(chain), [{ action: 'limit', limit: { packetsPerSecond: 100, burstPackets: 150, within: 'allow' } }])
  t.same(toldOf(chain), [])
})

test('rates by source become limits per source, or per prefix', async t => {
  const above = (more: string) =>
    `-A INPUT -p udp -m udp --dport 53 -m hashlimit --hashlimit-above 50/sec --hashlimit-burst 9 ${more} --hashlimit-name x -j DROP`
  t.match(rulesOf(iptables(above('--hashlimit-mode srcip'))), [
    { limit: { packetsPerSecond: 50, burstPackets: 9, per: 'source', within: 'continue' } },
  ])
  t.match(rulesOf(iptables(above('--hashlimit-mode srcip --hashlimit-srcmask 24'))), [{ limit: { per: 'sourcePrefix', ipv4Prefix: 24 } }])
  t.match(toldOf(iptables(above('--hashlimit-mode srcip,dstport'))), [/^5 passes more: a rate for each srcip,dstport/])
  t.match(rulesOf(nft('udp dport 53 limit rate over 50/second burst 9 packets drop')), [
    { limit: { packetsPerSecond: 50, burstPackets: 9, within: 'continue' } },
  ])
  t.match(rulesOf(nft('limit rate over 1 mbytes/second drop')), [{ limit: { bitsPerSecond: 8_388_608 } }])
})

test('what nothing can say is refused with its line and with what that does', async t => {
  const refused = [
    ['-m recent --name ssh --update --seconds 60 --hitcount 4 -j DROP', 'passes more'],
    ['-m string --string evil --algo bm -j DROP', 'passes more'],
    ['-m mark --mark 0x1 -j ACCEPT', 'drops more'],
    ['-m mac --mac-source 02:00:00:00:00:01 -j ACCEPT', 'drops more'],
    ['-m time --timestart 08:00 -j REJECT', 'passes more'],
    ['-m addrtype --dst-type BROADCAST -j DROP', 'passes more'],
    ['-p tcp -m tcp --dport 80 -j NFQUEUE --queue-num 1', 'passes more'],
  ] as const
  for (const [rule, effect] of refused) {
    const imported = iptables(`-A INPUT ${rule}`)
    t.same(rulesOf(imported), [], rule)
    t.match(toldOf(imported), [new RegExp(`^5 ${effect}: `)], rule)
  }
  for (const rule of [
    'meta mark 1 drop',
    'ether saddr 02:00:00:00:00:01 drop',
    'ip ttl 1 drop',
    'fib saddr . iif oif missing drop',
    'ct status dnat drop',
    'add @x { ip saddr limit rate over 5/second } drop',
  ])
    t.match(toldOf(nft(rule)), [/^3 passes more: /], rule)
  t.match(toldOf(nft('meta mark 1 accept')), [/^3 drops more: /])
})

test('a way out is told where only the way in is known', async t => {
  const imported = iptables('-A FORWARD -i eth0 -o eth1 -j DROP')
  t.match(toldOf(imported), [/^5 passes more: where a packet goes out is not known when it comes in/])
  const leaving = iptables('-A FORWARD -o eth1 -j DROP')
  t.match(
    rulesOf(leaving).filter(({ action }) => action === 'deny'),
    [
      {
        direction: 'egress',
        interfaces: ['eth1'],
        action: 'deny',
        match: { source: ['0.0.0.0/0'], notSource: ['@local', '127.0.0.0/8', '0.0.0.0/32'] },
      },
    ],
  )
})

test('what this host sends is for egress rules, what it routes is not', async t => {
  const imported = iptables('-A OUTPUT -p tcp -m tcp --dport 25 -m owner ! --uid-owner 33 -j REJECT --reject-with tcp-reset')
  t.match(rulesOf(imported), [
    { direction: 'egress', action: 'allow', match: { notSource: ['@local', '127.0.0.0/8', '0.0.0.0/32'] } },
    { direction: 'egress', action: 'allow', match: { uid: 33, destinationPorts: ['25'] } },
    { direction: 'egress', action: 'reject', match: { protocol: 'tcp', destinationPorts: ['25'] } },
  ])
  t.same(toldOf(imported), [])
})

test('a default of both families is a default, of one family a rule', async t => {
  const file = (family: 'iptables' | 'ip6tables') => ({
    name: family,
    text: `# Generated by ${family}-save\n*filter\n:INPUT DROP [0:0]\nCOMMIT\n`,
  })
  t.match(importIptables([file('iptables')], undefined).policy, {
    defaults: { ingress: 'allow' },
    rules: { 'input-policy': { action: 'deny', match: any } },
  })
  const both = importIptables([file('iptables'), file('ip6tables')], undefined)
  t.match(both.policy, { defaults: { ingress: 'deny', essentials: false, management: [] } })
  t.same(rulesOf(both), [])
})

test('translation, marks and logs decide nothing', async t => {
  const { policy, notes } = importIptables(
    [
      {
        name: 'rules',
        text: '# it is not a "quote\n*nat\n:PREROUTING ACCEPT\n-A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080\nCOMMIT\n*mangle\n:PREROUTING ACCEPT\n-A PREROUTING -j MARK --set-mark 1\nCOMMIT\n',
      },
    ],
    undefined,
  )
  t.same(policy.rules, {})
  t.match(
    notes.map(({ line, effect }) => [line, effect]),
    [
      [4, 'none'],
      [8, 'none'],
    ],
  )
})

test('sets of ipset: ranges, holes, ends and lists', async t => {
  const { policy, notes } = importIpset({
    name: 'sets',
    text: `create a hash:net family inet hashsize 1024 maxelem 65536 timeout 0 comment
add a 192.0.2.0/24 timeout 300 comment "a \\"quoted\\" one"
add a 198.51.100.0/30
create b hash:net family inet
add b 203.0.113.0/24
add b 203.0.113.128/25 nomatch
create c bitmap:ip range 10.0.0.0-10.0.0.255
add c 10.0.0.1-10.0.0.3
create all list:set size 8
add all b
add all c
create pairs hash:ip,port family inet
add pairs 192.0.2.1,tcp:80
create macs hash:mac
`,
  })
  t.match(policy.sets, {
    a: { entries: [{ prefix: '192.0.2.0/24', expiresIn: '300s', comment: 'a "quoted" one' }, '198.51.100.0/30'] },
    b: { entries: ['203.0.113.0/25'] },
    c: { entries: ['10.0.0.1/32', '10.0.0.2/31'] },
    all: { entries: ['203.0.113.0/25', '10.0.0.1/32', '10.0.0.2/31'] },
  })
  t.equal(policy.sets?.pairs, undefined)
  t.match(
    notes.map(({ line, effect }) => [line, effect]),
    [
      [9, 'none'],
      [14, 'passes more'],
    ],
  )
})

test('virtual servers of keepalived become services', async t => {
  const { policy, notes } = importKeepalived({
    name: 'keepalived.conf',
    text: `! balancers
vrrp_instance one { interface eth0 }
virtual_server_group web {
  192.0.2.10 80
  192.0.2.12-13 80
}
virtual_server group web {
  lb_algo wrr
  lb_kind DR
  protocol TCP
  sorry_server 10.0.0.9 80
  real_server 10.0.0.11 80 { weight 3 }
  real_server 10.0.0.12 80
  { # of its own line
    weight 1
    MISC_CHECK { misc_path "/bin/true # not a comment" }
  }
}
virtual_server 2001:db8::10 443 {
  lb_algo sh
  lb_kind NAT
  persistence_timeout 60
  real_server fd00::11 8443 { weight 1 }
}
virtual_server fwmark 7 { protocol UDP }
`,
  })
  t.match(policy.services, {
    '192.0.2.10-80-tcp': {
      address: '192.0.2.10',
      ports: ['80'],
      forwarding: 'dsr-l2',
      backends: { '10.0.0.11': { weight: 3 }, '10.0.0.12': { weight: 1 } },
    },
    '192.0.2.12-31-80-tcp': { address: '192.0.2.12/31' },
    '2001.db8..10-443-tcp': { hash: 'source', forwarding: 'nat', backends: { 'fd00..11': { address: 'fd00::11', port: 8443 } } },
  })
  t.equal(Object.keys(policy.services ?? {}).length, 3)
  t.same(
    notes.map(({ line }) => line),
    [2, 7, 11, 16, 22, 25],
  )
})

test('what is no such file is told with its line', async t => {
  for (const [read, line] of [
    [() => importIptables([{ name: 'x', text: '\nhello\n' }], undefined), 2],
    [() => importIptables([{ name: 'x', text: '*filter\n-A INPUT -m comment --comment "open\n' }], undefined), 2],
    [() => importNft({ name: 'x', text: 'table ip t {\nchain c {\n' }), 2],
    [() => importNft({ name: 'x', text: 'table ip t {\nchain c { type filter hook input priority 0;\nip saddr $absent drop\n} }' }), 3],
    [() => importNft({ name: 'x', text: '{"nftables": []}' }), 1],
    [() => importIpset({ name: 'x', text: 'add nobody 192.0.2.1\n' }), 1],
    [() => importKeepalived({ name: 'x', text: 'virtual_server 192.0.2.1 80 {\n' }), 2],
  ] as const)
    t.throws(read, Object.assign(new ImportFailure(line, ''), { message: /./ }), `line ${line}`)
})

function file(t: Test, text: string): string {
  const directory = mkdtempSync('/tmp/drawgate-import-')
  t.teardown(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'rules'), text)
  return join(directory, 'rules')
}

test('drawgate import and drawgate check go hand in hand, without a daemon', async t => {
  const path = file(t, '*filter\n:INPUT DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n-A INPUT -m recent --set -j DROP\nCOMMIT\n')
  const printed = await drawgate(['import', 'iptables-save', path])
  t.match(printed, { code: 0, out: /^defaults:\n {2}ingress: allow\n/, err: /line 4: -A INPUT -m recent --set -j DROP\n {4}passes more: / })
  const output = `${path}.yaml`
  t.match(await drawgate(['import', 'iptables-save', path, '-o', output]), { code: 0, out: /^$/, err: /drawgate check / })
  t.equal(readFileSync(output, 'utf8'), printed.out)
  t.match(await drawgate(['check', output]), { code: 0, out: /: 2 rules, 0 sets, 0 services; it would be taken\n/ })
  t.match(await drawgate(['check', '-'], { stdin: printed.out }), { code: 0, out: /^standard input: / })
  t.match(await drawgate(['import', 'iptables-save', path, '--strict']), { code: 1, out: /^$/, err: /would pass more than the original/ })
  const json = await drawgate(['import', 'iptables-save', '-', '--json'], { stdin: readFileSync(path, 'utf8') })
  t.match(JSON.parse(json.out), {
    policy: { rules: { 'input-3': { action: 'allow' } } },
    notes: [{ line: 4, effect: 'passes more' }, { line: 0 }, { line: 0 }],
  })
  t.match(await drawgate(['import', 'ipset', path]), { code: 1, err: /rules:1: "\*filter" is no line of ipset save/ })
  t.match(await drawgate(['import', 'nft', `${path}.absent`]), { code: 2, err: /cannot read / })
  t.match(await drawgate(['import', 'nft', path, path]), { code: 2, err: /read from one file/ })
})

test('drawgate check tells faults by their lines, warnings, and the use of tables', async t => {
  const wrong = file(
    t,
    'defaults: { ingress: allow }\ninterfaces: {}\nrules:\n  one:\n    direction: ingress\n    action: deny\n    match: { source: [10.0.0.7/8] }\n',
  )
  t.match(await drawgate(['check', wrong]), { code: 1, out: /^$/, err: /rules:7 {2}\/rules\/one\/match\/source\/0\n.*\n.*10\.0\.0\.0\/8/ })
  t.match(JSON.parse((await drawgate(['check', wrong, '--json'])).err), { code: 'host_bits', errorCount: 1 })
  const doubtful = file(t, '{"defaults": {"ingress": "deny"}, "interfaces": {}}')
  t.match(await drawgate(['check', doubtful]), { code: 0, err: /no_established_rule/ })
  t.match(JSON.parse((await drawgate(['check', doubtful, '--json'])).out), {
    warnings: [{ code: 'no_established_rule' }],
    capacity: [{ table: 'prefixes_ipv4', used: 0 }],
  })
  t.match(await drawgate(['check', '-'], { stdin: 'defaults: [' }), { code: 1, err: /not YAML/ })
  const rules = Object.fromEntries(
    Array.from({ length: 17_000 }, (_, at) => [
      `r${at}`,
      { priority: at, direction: 'ingress', action: 'deny', match: { sourcePorts: [`${at}`] } },
    ]),
  )
  t.match(await drawgate(['check', '-'], { stdin: JSON.stringify({ defaults: {}, interfaces: {}, rules }) }), {
    code: 1,
    err: /capacity_exceeded|table rules_ingress would need 17000 rows/,
  })
})
