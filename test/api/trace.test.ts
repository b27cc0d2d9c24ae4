/** POST /v1/trace, the packets that it builds, and what metrics and status count. */
import { mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildPacket, type PacketFields } from '../../controlplane/api/trace-packet.ts'
import { cgroupRoot } from '../../controlplane/native/cgroups.ts'
import { box, samplePolicy, unchanged } from './support.ts'

const hex = (fields: PacketFields) => {
  const built = buildPacket(fields)
  if ('faults' in built) throw new Error(JSON.stringify(built.faults))
  return Buffer.from(built.packet).toString('hex')
}
/** Folded to 0xffff where the checksum in the header is right. */
const sum = (words: string) => {
  const total = (words.padEnd(Math.ceil(words.length / 4) * 4, '0').match(/.{4}/g) ?? []).reduce(
    (sum, word) => sum + Number.parseInt(word, 16),
    0,
  )
  return (total & 0xffff) + (total >> 16)
}

t.test('the packets are what the fields say, with right checksums', t => {
  const tcp = hex({
    source: '192.0.2.7',
    destination: '198.51.100.10',
    protocol: 'tcp',
    sourcePort: 5000,
    destinationPort: 80,
    tcpFlags: ['syn', 'ack'],
    dscp: 46,
    hopLimit: 3,
    length: 64,
  })
  t.equal(tcp.length / 2, 14 + 64)
  t.match(tcp, /^02000000000202000000000108004/)
  t.equal(tcp.slice(28, 36), '45b80040')
  t.equal(tcp.slice(44, 48), '0306')
  t.equal(sum(tcp.slice(28, 68)), 0xffff, 'IPv4 header')
  t.equal(tcp.slice(68, 76), '13880050')
  t.equal(tcp.slice(94, 96), '12')
  t.equal(sum(`${tcp.slice(52, 68)}0006002c${tcp.slice(68)}`), 0xffff, 'TCP')

  const udp6 = hex({ source: '2001:db8::1', destination: '2001:db8::2', protocol: 'udp', destinationPort: 53, vlan: 100 })
  t.match(udp6.slice(24), /^8100006486dd60000000000811402001/)
  t.equal(sum(`${udp6.slice(52, 116)}00110008${udp6.slice(116)}`), 0xffff, 'UDP over IPv6')

  const sctp = hex({ source: '192.0.2.1', destination: '192.0.2.2', protocol: 'sctp', destinationPort: 9 })
  t.equal(sctp.length / 2, 14 + 20 + 12)
  const ping = hex({ source: '192.0.2.1', destination: '192.0.2.2', protocol: 'icmp' })
  t.equal(ping.slice(68, 72), '0800')
  t.equal(sum(ping.slice(68)), 0xffff)
  t.equal(hex({ source: '2001:db8::1', destination: '2001:db8::2', protocol: 'icmpv6', icmp: { type: 135 } }).slice(108, 112), '8700')
  t.equal(hex({ source: '192.0.2.1', destination: '192.0.2.2', protocol: 47, length: 60 }).length / 2, 74)

  t.equal(hex({ source: '192.0.2.1', destination: '192.0.2.2', fragment: 'first' }).slice(40, 44), '2000')
  t.equal(hex({ source: '192.0.2.1', destination: '192.0.2.2', fragment: 'later' }).slice(40, 44), '00b9')
  const later6 = hex({ source: '2001:db8::1', destination: '2001:db8::2', protocol: 'udp', fragment: 'later' })
  t.equal(later6.slice(40, 42), '2c')
  t.equal(later6.slice(108), '110005c800000001')
  t.end()
})

t.test('what the fields cannot say together', async t => {
  const it = await box(t)
  const faulty: [object, object][] = [
    [{ destination: '192.0.2.2' }, { status: 400 }],
    [{ source: '192.0.2.1/32' }, { status: 400, errors: [{ pointer: '/fields/source' }] }],
    [{ destination: '2001:db8::1' }, { status: 422, errors: [{ pointer: '/fields/destination', code: 'cannot_match' }] }],
    [{ protocol: 'icmpv6' }, { errors: [{ pointer: '/fields/protocol', hint: /icmp/ }] }],
    [{ protocol: 'icmp', destinationPort: 80 }, { errors: [{ pointer: '/fields/destinationPort' }] }],
    [
      { fragment: 'later', sourcePort: 80, tcpFlags: ['syn'] },
      { errors: [{ pointer: '/fields/sourcePort' }, { pointer: '/fields/tcpFlags' }] },
    ],
    [{ protocol: 'udp', icmp: { type: 8 } }, { errors: [{ pointer: '/fields/icmp' }] }],
    [{ length: 30 }, { errors: [{ pointer: '/fields/length', detail: /40/ }] }],
    [{ hopLimit: 256 }, { status: 400, errors: [{ pointer: '/fields/hopLimit' }] }],
    [{ ttl: 1 }, { status: 400, errors: [{ pointer: '/fields/ttl', code: 'unknown_field' }] }],
  ]
  for (const [fields, wanted] of faulty) {
    const body = {
      direction: 'ingress',
      fields: {
        ...('destination' in fields && !('source' in fields) && fields.destination === '192.0.2.2'
          ? {}
          : { source: '192.0.2.1', destination: '192.0.2.2' }),
        ...fields,
      },
    }
    t.match((await it.post('/v1/trace', body)).json(), wanted, JSON.stringify(fields))
  }
  for (const [body, wanted] of [
    [{ direction: 'ingress' }, { status: 400, detail: /packet or fields/ }],
    [{ direction: 'ingress', packet: 'AAAA', fields: { source: '192.0.2.1', destination: '192.0.2.2' } }, { status: 400 }],
    [
      { direction: 'sideways', packet: 'AAAA' },
      { status: 400, errors: [{ pointer: '/direction' }] },
    ],
    [
      { direction: 'ingress', packet: 'not base64!' },
      { status: 400, errors: [{ pointer: '/packet' }] },
    ],
    [
      { direction: 'ingress', packet: 'AAAA' },
      { status: 400, errors: [{ pointer: '/packet', detail: /Ethernet/ }] },
    ],
    [
      { direction: 'ingress', packet: '' },
      { status: 400, errors: [{ pointer: '/packet' }] },
    ],
    [
      { direction: 'ingress', packet: Buffer.alloc(5000).toString('base64') },
      { status: 400, errors: [{ pointer: '/packet' }] },
    ],
    [
      { direction: 'ingress', interface: 'none0', fields: { source: '192.0.2.1', destination: '192.0.2.2' } },
      { status: 422, code: 'unknown_interface' },
    ],
    [
      { direction: 'ingress', state: 'old', fields: { source: '192.0.2.1', destination: '192.0.2.2' } },
      { status: 400, errors: [{ pointer: '/state' }] },
    ],
  ] as const)
    t.match((await it.post('/v1/trace', body)).json(), wanted, JSON.stringify(body).slice(0, 100))
})

t.test('every packet gets an answer, however odd', async t => {
  const it = await box(t)
  t.match(
    (
      await it.post('/v1/trace', { direction: 'egress', packet: Buffer.from('020000000002020000000001080045', 'hex').toString('base64') })
    ).json(),
    {
      status: 400,
      errors: [{ pointer: '/packet', detail: /tc_egress/ }],
    },
    'the kernel makes no skb of half an IP header',
  )
  for (const length of [34, 54, 60, 1514, 3400]) {
    for (const direction of ['ingress', 'egress']) {
      const packet = Buffer.alloc(length, 0x45)
      packet.writeUInt16BE(0x0800, 12)
      const answer = await it.post('/v1/trace', { direction, packet: packet.toString('base64') })
      t.equal(answer.statusCode, 200, `${direction}, ${length} bytes: ${answer.body}`)
    }
  }
  for (const fields of [
    { source: '192.0.2.1', destination: '192.0.2.2', length: 3400 },
    { source: '2001:db8::1', destination: '2001:db8::2', length: 3400, vlan: 4095 },
  ]) {
    t.equal((await it.post('/v1/trace', { direction: 'ingress', fields })).statusCode, 200)
  }
})

t.test('a trace names what decided', async t => {
  const it = await box(t)
  await it.put('/v1/policy', samplePolicy)
  await it.put('/v1/sets/blocklist/entries', ['192.0.2.0/24'])
  const ask = async (direction: string, fields: object) =>
    (await it.post('/v1/trace', { direction, fields: { source: '192.0.2.7', destination: '198.51.100.10', ...fields } })).json()
  await unchanged(t, it, async () => {
    const dropped = await ask('ingress', { protocol: 'udp' })
    t.match(dropped, { verdict: 'drop', reason: 'rule', rule: 'block-bad', hook: 'xdp_ingress', revision: 3, observed: [] })
    t.same(dropped.steps.map(({ stage }: { stage: string }) => stage).slice(0, 2), ['parse', 'prefixes'])
    t.match(
      dropped.steps.find(({ stage }: { stage: string }) => stage === 'firewall'),
      { outcome: 'rule', detail: 'block-bad' },
    )
    t.match(await ask('ingress', { destinationPort: 80 }), { service: 'web', backend: 'b1' })
    t.match(await ask('ingress', { destinationPort: 81 }), { verdict: 'pass', service: undefined })
    t.match(await ask('egress', { protocol: 'udp' }), { verdict: 'pass', hook: 'tc_egress' })
  })
  t.match((await it.get('/v1/rules/block-bad/status')).json(), { packets: 0 }, 'a trace counts nothing')
})

t.test('who sends, and where the packet stands in its connection, as the fields say', async t => {
  const root = cgroupRoot() as string
  const outer = `/drawgate-trace-${process.pid}`
  for (const path of [outer, `${outer}/inner`]) mkdirSync(join(root, path))
  t.teardown(() => {
    for (const path of [`${outer}/inner`, outer]) rmdirSync(join(root, path))
  })
  const it = await box(t)
  const rule = (match: object) => ({ direction: 'egress', action: 'deny', match })
  await it.put('/v1/policy', {
    ...samplePolicy,
    rules: { 'of-a-group': rule({ cgroup: outer }), 'of-a-user': rule({ uid: 1000 }), 'of-a-state': rule({ state: ['invalid'] }) },
  })
  const ask = async (fields: object, more: object = {}) =>
    (
      await it.post('/v1/trace', { direction: 'egress', fields: { source: '192.0.2.7', destination: '192.0.2.9', ...fields }, ...more })
    ).json()

  for (const cgroup of [outer, `${outer}/inner`, `${outer}/none`])
    t.match(await ask({ cgroup }), { verdict: 'drop', rule: 'of-a-group' }, cgroup)
  for (const cgroup of ['/', `${outer}x`, '/none']) t.match(await ask({ cgroup }), { verdict: 'pass' }, cgroup)
  t.match(await ask({ cgroup: 'none' }), { status: 400, errors: [{ pointer: '/fields/cgroup' }] })
  t.match(await ask({ uid: 1000 }), { verdict: 'drop', rule: 'of-a-user' })
  t.match(await ask({ uid: 1001 }), { verdict: 'pass' })
  t.match(await ask({}, { state: 'invalid' }), { verdict: 'drop', rule: 'of-a-state', state: 'invalid' })
  t.match(await ask({}, { state: 'established' }), { verdict: 'pass', state: 'established' })
})

t.test('packets that were really dropped are counted by rule, and by outcome', async t => {
  const it = await box(t)
  await it.put('/v1/policy', samplePolicy)
  await it.put('/v1/sets/blocklist/entries', ['192.0.2.0/24'])
  const built = buildPacket({ source: '192.0.2.7', destination: '198.51.100.10', protocol: 'udp', length: 100 })
  if ('faults' in built) throw new Error('no packet')
  it.dataplane.runProgram('xdp_ingress', built.packet, { repeat: 3 })
  t.match((await it.get('/v1/rules/block-bad/status')).json(), { packets: 3, bytes: 300 })
  t.match((await it.get('/v1/rules?include=status')).json().items[0], { name: 'block-bad', status: { packets: 3 } })
  const { body, headers } = await it.get('/metrics')
  t.match(headers['content-type'], /^text\/plain/)
  for (const line of [
    'drawgate_rule_packets_total{rule="block-bad"} 3',
    'drawgate_rule_bytes_total{rule="block-bad"} 300',
    'drawgate_outcome_packets_total{hook="xdp_ingress",verdict="drop",reason="rule"} 3',
    'drawgate_service_packets_total{service="web"} 0',
    'drawgate_backend_packets_total{service="web",backend="b1"} 0',
    'drawgate_revision 3',
    'drawgate_in_sync 1',
    'drawgate_set_entries{set="blocklist"} 1',
  ])
    t.ok(body.split('\n').includes(line), line)
  t.match(body, /^drawgate_capacity_max\{table="rule_ids"\} 255$/m)
  t.match(body, /^process_cpu_seconds_total /m)

  await it.put('/v1/rules/block-bad', { ...samplePolicy.rules['block-bad'], priority: 20 })
  t.match((await it.get('/v1/rules/block-bad/status')).json(), { packets: 3 }, 'counters survive a change')
  await it.delete('/v1/rules/block-bad')
  await it.put('/v1/rules/block-bad', samplePolicy.rules['block-bad'])
  t.match((await it.get('/v1/rules/block-bad/status')).json(), { packets: 0 }, 'and not the rule')
})

t.test('status, health and readiness', async t => {
  const it = await box(t)
  t.match((await it.get('/v1/status')).json(), {
    version: /^\d/,
    revision: 1,
    revisionInForce: 1,
    inSync: true,
    trouble: null,
    mode: 'enforce',
    pendingConfirm: null,
    devices: [],
    kernel: { release: /^\d/ },
  })
  t.same((await it.get('/healthz')).json(), { status: 'ok' })
  t.same((await it.get('/readyz')).json(), { status: 'ready' })
})

t.test('connections that rules ask for are told: in a trace, in the metrics, in the status', async t => {
  const it = await box(t)
  await it.put('/v1/policy', {
    ...samplePolicy,
    defaults: { ...samplePolicy.defaults, connections: { max: 1000 } },
    rules: { old: { direction: 'ingress', action: 'allow', match: { state: ['established'] } } },
  })
  const fields = {
    source: '192.0.2.7',
    destination: '198.51.100.1',
    protocol: 'tcp',
    sourcePort: 5000,
    destinationPort: 81,
    tcpFlags: ['syn'],
  } as const
  const built = buildPacket({ ...fields, tcpFlags: ['syn'] })
  if ('faults' in built) throw new Error('no packet')
  const track = async () =>
    (await it.post('/v1/trace', { direction: 'ingress', fields })).json().steps.find(({ stage }: { stage: string }) => stage === 'track')
      .detail
  t.equal(await track(), 'new, of no tracked connection')
  it.dataplane.runProgram('xdp_ingress', built.packet, { repeat: 2 })
  t.equal(await track(), 'new, of a tracked connection')
  const { body } = await it.get('/metrics')
  for (const line of [
    'drawgate_connections_opened_total 1',
    'drawgate_connections_evicted_total 0',
    'drawgate_connections_shed_total 0',
    'drawgate_capacity_used{table="connections"} 1',
    'drawgate_capacity_max{table="connections"} 61440',
  ])
    t.ok(body.split('\n').includes(line), line)
  const { capacity } = (await it.get('/v1/status')).json()
  t.same(
    capacity.find(({ table }: { table: string }) => table === 'connections'),
    { table: 'connections', used: 1, max: 61_440 },
  )
})
