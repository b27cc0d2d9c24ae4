/** What makes sense and is enforced passes in canonical spelling; each other thing is told at its pointer with what to type instead. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { type Test, test } from 'tap'
import { type CheckContext, checkPolicy } from '../../controlplane/policy/check.ts'
import { type PolicyDocument, policySchema } from '../../controlplane/policy/document.ts'
import type { EntryDraft } from '../../controlplane/policy/entry-draft.ts'
import { emptySet, pageOfEntries } from '../../controlplane/policy/entry-set.ts'
import { orderRules } from '../../controlplane/policy/order.ts'
import type { Prefix } from '../../controlplane/policy/prefix.ts'
import { parsePrefix, prefixKey } from '../../controlplane/policy/prefix.ts'
import { shadowsOf } from '../../controlplane/policy/shadows.ts'
import { problemsOfErrors } from '../../controlplane/policy/shape.ts'
import { edited } from './drafts.ts'

type Draft = Record<string, unknown>

const validate = new Ajv2020({ allErrors: true, strict: false, verbose: true }).compile(policySchema)
const checkShape = (value: unknown) => (validate(value) ? [] : problemsOfErrors(validate.errors ?? []))

const key = (text: string) => prefixKey(parsePrefix(text) as Prefix)
const rule = (match: Draft, rest: Draft = {}) => ({ rules: { r: { direction: 'ingress', action: 'deny', match, ...rest } } })
const service = (rest: Draft) => ({
  services: { s: { address: '198.51.100.10', ports: ['80'], protocol: 'tcp', forwarding: 'nat', ...rest } },
})
const backend = (value: Draft, rest: Draft = {}) => service({ ...rest, backends: { b: { address: '10.0.0.11', ...value } } })

function document(part: Draft): PolicyDocument {
  return { defaults: {}, interfaces: {}, ...part } as PolicyDocument
}

/** All problems as `code pointer`; each has a hint, and the document has the right shape. */
function problemsOf(t: Test, part: Draft, context?: CheckContext): string[] {
  const shape = checkShape(document(part))
  const { problems } = checkPolicy(document(part), context)

  t.same(shape, [], 'the shape is right')
  for (const { pointer, hint, detail } of problems)
    t.ok(hint !== undefined && hint.length > 4 && detail.length > 10, `${pointer} is told: ${detail}; ${hint}`)
  return problems.map(problem => `${problem.code} ${problem.pointer}`).sort()
}

test('the policy of the contract passes as it is', async t => {
  const policy = document({
    defaults: {
      ingress: 'allow',
      egress: 'allow',
      essentials: true,
      management: [{ port: 22, protocol: 'tcp', sources: ['0.0.0.0/0', '::/0'] }],
    },
    interfaces: { eth0: { xdp: 'auto', egress: 'auto' }, 'veth*': {} },
    sets: { blocklist: { description: 'by hand', labels: { owner: 'ops' } } },
    rules: {
      'block-bad': { priority: 10, direction: 'ingress', action: 'deny', match: { source: ['@blocklist'] } },
      mixed: {
        direction: 'egress',
        action: 'allow',
        enabled: false,
        labels: {},
        comment: 'x',
        enforcement: 'enforce',
        match: {
          source: ['@local'],
          notDestination: ['@services', '2001:db8::/32'],
          protocol: 6,
          sourcePorts: ['1024-65535'],
          destinationPorts: ['80', '8000-8100'],
        },
      },
    },
    services: {
      web: {
        address: '198.51.100.10',
        ports: ['80'],
        protocol: 'tcp',
        forwarding: 'nat',
        hash: 'source',
        whenDown: 'drop',
        healthCheck: { type: 'none' },
        sourceNat: { mode: 'none' },
        backends: { b1: { address: '10.0.0.11', port: 8080, weight: 100 }, b2: { address: '10.0.0.12', state: 'disabled', weight: 0 } },
      },
      any: {
        address: '2001:db8::/64',
        protocol: 'udp',
        forwarding: 'dsr-l2',
        enabled: false,
        backends: { b1: { address: '2001:db8:1::1' } },
      },
      sctp: {
        address: '198.51.100.10',
        ports: ['80'],
        protocol: 'sctp',
        forwarding: 'nat',
        backends: { b1: { address: '10.0.0.11', port: 80 } },
      },
    },
  })
  const checked = checkPolicy(policy)

  t.same(checkShape(policy), [])
  t.same(checked.problems, [])
  t.same(checked.policy, policy)
  t.same(checkPolicy(checked.policy).policy, checked.policy, 'what GET returns is what PUT takes')
  t.same(checked.warnings, [])
})

test('spelling becomes canonical', async t => {
  const { policy, problems, entries } = checkPolicy(
    document({
      defaults: { management: [{ port: 22, protocol: 'tcp', sources: ['192.0.2.7'] }] },
      sets: {
        a: {
          comment: 'c',
          entries: [
            '2001:DB8:0::/48',
            { prefix: '192.0.2.7', comment: 'first' },
            '192.0.2.0/24',
            { prefix: '192.0.2.7/32', comment: 'last', addedAt: '2030-01-01T00:00:00Z' },
          ],
        },
      },
      ...rule({ source: ['2001:DB8::1', '192.0.2.7', '@a'], protocol: 'tcp', destinationPorts: ['80-80', '1-2'] }),
      services: {
        s: { address: '192.0.2.10/32', ports: ['443-443'], protocol: 'tcp', forwarding: 'nat', backends: { b: { address: '192.0.2.11' } } },
        p: { address: '2001:DB8::0/64', protocol: 'tcp', forwarding: 'nat', backends: { b: { address: '2001:DB8::1' } } },
      },
    }),
  )

  t.same(problems, [])
  t.same(policy.defaults.management, [{ port: 22, protocol: 'tcp', sources: ['192.0.2.7/32'] }])
  t.same(policy.sets, { a: { comment: 'c' } }, 'entries are kept apart')
  const { set } = edited(emptySet, { add: entries.get('a') as EntryDraft })
  t.match(pageOfEntries(set, 10), [
    { prefix: { bytes: [192, 0, 2, 0], length: 24 }, comment: null },
    { prefix: { bytes: [192, 0, 2, 7], length: 32 }, comment: 'last' },
    { prefix: { family: 6, length: 48 } },
  ])
  const { r: written } = policy.rules ?? {}
  t.same(written?.match, {
    source: ['2001:db8::1/128', '192.0.2.7/32', '@a'],
    protocol: 'tcp',
    destinationPorts: ['80', '1-2'],
  })
  t.match(policy.services, {
    s: { address: '192.0.2.10', ports: ['443'] },
    p: { address: '2001:db8::/64', backends: { b: { address: '2001:db8::1' } } },
  })
})

test('what is not enforced is never stored', async t => {
  const cases: [Draft, string][] = [
    [service({ quic: { connectionId: true } }), '/services/s/quic/connectionId'],
    [service({ sourceNat: { mode: 'pool' } }), '/services/s/sourceNat'],
    [service({ sourceNat: { mode: 'none', addresses: ['192.0.2.1'] } }), '/services/s/sourceNat/addresses'],
    [backend({ address: '2001:db8::1' }), '/services/s/backends/b/address'],
    [backend({ address: '2001:db8::1' }, { forwarding: 'dsr-l2' }), '/services/s/backends/b/address'],
    [backend({ address: '224.0.0.1' }), '/services/s/backends/b/address'],
    [backend({ address: '0.0.0.0' }), '/services/s/backends/b/address'],
    [backend({ address: '192.0.2.1' }, { address: '127.0.0.1' }), '/services/s/address'],
    [backend({ address: '192.0.2.1' }, { address: '127.1.0.0/16' }), '/services/s/address'],
    [backend({ address: '2001:db8::1' }, { address: '::1' }), '/services/s/address'],
    [backend({ address: '::1' }, { address: '2001:db8::' }), '/services/s/backends/b/address'],
    [backend({ port: 8080 }, { forwarding: 'dsr-l2' }), '/services/s/backends/b/port'],
    [backend({ port: 80 }, { forwarding: 'dsr-l2', ports: ['80', '81'] }), '/services/s/backends/b/port'],
    [backend({ port: 81 }, { protocol: 'sctp' }), '/services/s/backends/b/port'],
  ]

  for (const [part, pointer] of cases) t.same(problemsOf(t, part), [`unsupported ${pointer}`], pointer)
  t.same(problemsOf(t, backend({ port: 80 }, { forwarding: 'dsr-l2' })), [], "the service's own port is no other port")
  t.match(checkPolicy(document(backend({ address: '2001:db8::1' }))).problems[0]?.detail, /nat rewrites addresses/)
})

test('what is badly written or means nothing', async t => {
  const cases: [Draft, string[]][] = [
    [rule({ source: [] }), ['empty_match /rules/r/match/source']],
    [rule({ notSource: [] }), ['empty_match /rules/r/match/notSource']],
    [rule({ destinationPorts: [] }), ['empty_match /rules/r/match/destinationPorts']],
    [{ defaults: { management: [{ port: 22, protocol: 'tcp', sources: [] }] } }, ['empty_match /defaults/management/0/sources']],
    [service({ ports: [] }), ['empty_match /services/s/ports']],
    [rule({ source: ['192.0.2.0/24', '10.0.0.7/8'] }), ['host_bits /rules/r/match/source/1']],
    [{ sets: { a: { entries: ['10.0.0.7/8'] } } }, ['host_bits /sets/a/entries/0']],
    [{ sets: { a: { entries: [{ prefix: '10.0.0.7/8' }] } } }, ['host_bits /sets/a/entries/0/prefix']],
    [service({ address: '10.0.0.7/8' }), ['host_bits /services/s/address']],
    [rule({ source: ['192.0.2.300'] }), ['malformed /rules/r/match/source/0']],
    [backend({ address: '10.0.0.11/32' }), ['malformed /services/s/backends/b/address']],
    [
      { defaults: { management: [{ port: 22, protocol: 'tcp', sources: ['@a'] }] }, sets: { a: {} } },
      ['malformed /defaults/management/0/sources/0'],
    ],
    ...['65536', '90-80', '080', '80-', '-80', ' 80', '80,81', 'http', ''].map((port): [Draft, string[]] => [
      rule({ destinationPorts: ['80', port] }),
      ['malformed /rules/r/match/destinationPorts/1'],
    ]),
    [rule({ source: ['@nobody'] }), ['unknown_set /rules/r/match/source/0']],
    [rule({ notDestination: ['@'] }), ['unknown_set /rules/r/match/notDestination/0']],
    [rule({ source: ['@toString'] }), ['unknown_set /rules/r/match/source/0']],
    [rule({ protocol: 'icmp', destinationPorts: ['80'] }), ['cannot_match /rules/r/match/destinationPorts']],
    [rule({ protocol: 47, sourcePorts: ['80'] }), ['cannot_match /rules/r/match/sourcePorts']],
    [rule({ protocol: 'icmp', source: ['2001:db8::/32'] }), ['cannot_match /rules/r/match/protocol']],
    [rule({ protocol: 'icmpv6', destination: ['192.0.2.0/24'] }), ['cannot_match /rules/r/match/protocol']],
    [rule({ source: ['192.0.2.0/24'], destination: ['2001:db8::/32'] }), ['cannot_match /rules/r/match/destination']],
    [rule({ source: ['192.0.2.0/24'], notSource: ['192.0.0.0/16'] }), ['cannot_match /rules/r/match/notSource']],
    [rule({ notDestination: ['0.0.0.0/0', '::/0'] }), ['cannot_match /rules/r/match/notDestination']],
    ...['65536', '90-80', '080', '', 'all'].map((length): [Draft, string[]] => [rule({ length }), ['malformed /rules/r/match/length']]),
    [rule({ state: [] }), ['empty_match /rules/r/match/state']],
    [rule({ tcpFlags: {} }), ['empty_match /rules/r/match/tcpFlags']],
    [rule({ tcpFlags: { set: [], unset: [] } }), ['empty_match /rules/r/match/tcpFlags']],
    ...['system.slice', '/a/', '//a', '/a/../b', '/.', '', '/a\0'].map((cgroup): [Draft, string[]] => [
      rule({ cgroup }, { direction: 'egress' }),
      ['malformed /rules/r/match/cgroup'],
    ]),
    [rule({ cgroup: '/a' }), ['cannot_match /rules/r/match/cgroup']],
    [rule({ uid: 0 }), ['cannot_match /rules/r/match/uid']],
    [rule({}, { interfaces: [] }), ['empty_match /rules/r/interfaces']],
    [rule({}, { interfaces: ['eth0', 'much-too-long-name'] }), ['malformed /rules/r/interfaces/1']],
    [rule({}, { action: 'limit' }), ['malformed /rules/r/limit']],
    [rule({}, { action: 'limit', limit: {} }), ['malformed /rules/r/limit']],
    [rule({}, { limit: { packetsPerSecond: 5 } }), ['malformed /rules/r/limit']],
    [rule({}, { action: 'limit', limit: { bitsPerSecond: 1, burstPackets: 1 } }), ['malformed /rules/r/limit/burstPackets']],
    [rule({}, { action: 'limit', limit: { packetsPerSecond: 1, burstBits: 1 } }), ['malformed /rules/r/limit/burstBits']],
    [
      rule({}, { action: 'limit', limit: { packetsPerSecond: 1, per: 'source', ipv4Prefix: 24, ipv6Prefix: 64 } }),
      ['malformed /rules/r/limit/ipv4Prefix', 'malformed /rules/r/limit/ipv6Prefix'],
    ],
    [{ detectors: { d: { type: 'sweep', threshold: 5, set: 'nobody' } } }, ['unknown_set /detectors/d/set']],
    [{ detectors: { d: { type: 'sweep', threshold: 5, set: 'local' } } }, ['unknown_set /detectors/d/set']],
    [{ detectors: { d: { type: 'sweep', threshold: 5, enforcement: 'enforce' } } }, ['malformed /detectors/d/enforcement']],
    [{ detectors: { d: { type: 'sweep', threshold: 5, expiresIn: '1h' } } }, ['malformed /detectors/d/expiresIn']],
    [{ sets: { s: {} }, detectors: { d: { type: 'sweep', threshold: 5, set: 's', expiresIn: '1h' } } }, []],
    [{ detectors: { d: { type: 'sweep', threshold: 5, exempt: [] } } }, ['empty_match /detectors/d/exempt']],
    [{ detectors: { d: { type: 'sweep', threshold: 5, exempt: ['@nobody'] } } }, ['unknown_set /detectors/d/exempt/0']],
    [
      { detectors: Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`d${at}`, { type: 'rate', threshold: 5 }])) },
      ['capacity_exceeded /detectors'],
    ],
    [{ sets: { 'Bad Name': {} } }, ['malformed /sets/Bad Name']],
    [{ sets: { local: {}, services: {} } }, ['malformed /sets/local', 'malformed /sets/services']],
    [{ sets: { '@local': {} } }, ['malformed /sets/@local']],
    [{ rules: { 'a/b~c': { direction: 'ingress', action: 'deny', match: {} } } }, ['malformed /rules/a~1b~0c']],
    [{ interfaces: { 'much-too-long-name': {} } }, ['malformed /interfaces/much-too-long-name']],
    [{ interfaces: { 'a*b': {} } }, ['malformed /interfaces/a*b']],
    [
      { sets: { a: { entries: Array.from({ length: 10_001 }, (_, at) => `10.0.${at >> 8}.${at & 255}`) } } },
      ['too_many_inline /sets/a/entries'],
    ],
    [
      { defaults: { management: Array.from({ length: 9 }, (_, at) => ({ port: 22 + at, protocol: 'tcp' })) } },
      ['capacity_exceeded /defaults/management'],
    ],
  ]

  for (const [part, expected] of cases) {
    const { problems } = checkPolicy(document(part))
    t.same(
      problems.map(problem => `${problem.code} ${problem.pointer}`),
      expected,
      expected.join(),
    )
    t.ok(
      problems.every(problem => (problem.hint?.length ?? 0) > 4),
      'each with a hint',
    )
  }
  t.same(
    problemsOf(t, rule({ source: ['192.0.2.0/24', '2001:db8::/32'], destination: ['2001:db8::/32'] })),
    [],
    'one family in common is enough',
  )
  t.same(problemsOf(t, rule({ source: ['192.0.2.0/24'], notSource: ['192.0.2.7'] })), [])
  t.same(problemsOf(t, { sets: { a: { entries: Array.from({ length: 10_000 }, (_, at) => `10.0.${at >> 8}.${at & 255}`) } } }), [])
})

test('every match field, action and detector of the contract passes as it is', async t => {
  const policy = document({
    defaults: {
      connections: {
        max: 1_000_000,
        timeouts: { tcpEstablished: '1h', tcpOpening: '30s', tcpClosing: '500ms', udp: '60s', icmp: '30s' },
        pickUp: true,
      },
    },
    interfaces: {},
    sets: { scanners: {} },
    rules: {
      all: {
        direction: 'egress',
        interfaces: ['eth0', 'veth*', '*'],
        action: 'allow',
        match: {
          state: ['new', 'established'],
          fragment: 'none',
          vlan: 0,
          dscp: 63,
          length: '64-1500',
          cgroup: '/system.slice/x.service',
          uid: 0,
        },
        enforcement: 'observe',
        log: { everyPackets: 100 },
      },
      flags: { direction: 'ingress', action: 'reject', match: { tcpFlags: { set: ['syn'], unset: ['ack'] } } },
      ping: { direction: 'ingress', action: 'deny', match: { icmp: { type: 8, code: 0 } } },
      slow: {
        direction: 'ingress',
        action: 'limit',
        match: {},
        limit: {
          packetsPerSecond: 1,
          bitsPerSecond: 1,
          burstPackets: 1,
          burstBits: 1,
          per: 'sourcePrefix',
          ipv4Prefix: 0,
          ipv6Prefix: 48,
          within: 'allow',
        },
      },
    },
    detectors: {
      scans: {
        type: 'portScan',
        window: '10s',
        threshold: 100,
        per: 'sourcePrefix',
        exempt: ['192.0.2.0/24', '@local'],
        set: 'scanners',
        enforcement: 'enforce',
      },
      floods: { type: 'synFlood', threshold: 1, per: 'destination' },
    },
  })
  const checked = checkPolicy(policy)

  t.same(checkShape(policy), [])
  t.same(checked.problems, [])
  t.same(checked.policy, policy)
  t.same(checkPolicy(document(rule({ length: '64-64', state: ['new', 'new'] }))).policy.rules?.r?.match, { length: '64', state: ['new'] })
})

test('all problems come at once', async t => {
  t.same(
    problemsOf(t, {
      ...rule({ source: ['@nobody', '10.0.0.7/8'], length: 'x' }),
      ...backend({ address: 'b1' }, { ports: ['x'], sourceNat: { mode: 'pool' } }),
    }),
    [
      'host_bits /rules/r/match/source/1',
      'malformed /rules/r/match/length',
      'malformed /services/s/backends/b/address',
      'malformed /services/s/ports/0',
      'unknown_set /rules/r/match/source/0',
      'unsupported /services/s/sourceNat',
    ],
  )
})

test('health checks that mean nothing', async t => {
  const checked = (healthCheck: Draft, more: Draft = {}) => problemsOf(t, backend({}, { healthCheck, ...more }))

  t.same(checked({ type: 'http', path: '/healthz', host: 'web.example', expectStatus: '204', interval: '1s', timeout: '1s', rise: 1 }), [])
  t.same(checked({ type: 'grpc', service: 'web.v1.Web', tls: { verify: false } }), [])
  t.same(checked({ type: 'none' }), [])
  for (const [value, field] of [
    [{ type: 'tcp', path: '/' }, 'path'],
    [{ type: 'http', path: 'healthz' }, 'path'],
    [{ type: 'http', host: 'a b' }, 'host'],
    [{ type: 'http', expectStatus: '399-200' }, 'expectStatus'],
    [{ type: 'http', tls: {} }, 'tls'],
    [{ type: 'https', service: 'x' }, 'service'],
    [{ type: 'tcp', interval: '50ms', timeout: '10ms' }, 'interval'],
    [{ type: 'tcp', interval: '1s', timeout: '2s' }, 'timeout'],
  ] as const)
    t.same(checked(value), [`malformed /services/s/healthCheck/${field}`], JSON.stringify(value))
  t.same(checked({ type: 'tcp' }, { ports: undefined }), ['malformed /services/s/healthCheck/port'], 'any port is none to ask')
  t.same(problemsOf(t, service({ idleTimeout: '8d' })), ['malformed /services/s/idleTimeout'])
})

test('only the same prefix, protocol and port twice is a duplicate', async t => {
  const two = (a: Draft, b: Draft) => ({
    services: Object.fromEntries(
      [
        ['a', a],
        ['b', b],
      ].map(([name, value]) => [name, { address: '198.51.100.10', protocol: 'tcp', forwarding: 'nat', ...(value as Draft) }]),
    ),
  })

  t.same(problemsOf(t, two({ ports: ['80', '443'] }, { ports: ['8080', '443-443'] })), ['service_duplicate /services/b/ports/1'])
  t.same(problemsOf(t, two({}, { address: '198.51.100.10/32' })), ['service_duplicate /services/b/address'])
  t.same(problemsOf(t, two({ ports: ['80-90'] }, { ports: ['80-90'], enabled: false })), ['service_duplicate /services/b/ports/0'])
  t.same(problemsOf(t, two({ ports: ['80-90'] }, { ports: ['85'] })), [], 'an exact port goes before a range')
  t.same(problemsOf(t, two({ ports: ['80'] }, { ports: ['80'], protocol: 'udp' })), [])
  t.same(problemsOf(t, two({ ports: ['80'] }, { ports: ['80'], address: '198.51.100.0/24' })), [])
  t.same(problemsOf(t, two({}, { ports: ['80'] })), [])
})

test('nobody locks himself out', async t => {
  const ssh = { protocol: 'tcp', destinationPorts: ['22'] }
  const cut = (part: Draft, context?: CheckContext) => problemsOf(t, part, context)
  const narrow = { defaults: { management: [{ port: 22, protocol: 'tcp', sources: ['192.0.2.0/24'] }] } }

  t.same(cut(rule(ssh)), ['management_cut_off /rules/r'])
  t.match(checkPolicy(document(rule(ssh))).problems[0]?.detail, /rule r denies nothing but management \(tcp 22\)/)
  t.same(cut(rule({ ...ssh, source: ['203.0.113.0/24'], destination: ['@local'] })), ['management_cut_off /rules/r'])
  t.same(cut(rule({ ...ssh, destination: ['198.51.100.1'] }), { localAddresses: [key('198.51.100.1')] }), ['management_cut_off /rules/r'])
  t.same(cut(rule({ protocol: 'tcp', destinationPorts: ['22', '8080'] }), { apiPort: 8080 }), ['management_cut_off /rules/r'])
  t.same(cut(rule({ protocol: 'tcp', destinationPorts: ['22', '8080'] })), [], 'one port is outside')
  t.same(cut(rule({ ...ssh, destination: ['198.51.100.1'] })), [], 'not an address of this host')
  t.same(cut(rule({ ...ssh, protocol: 'udp' })), [])
  t.same(cut(rule({ protocol: 'tcp' })), [])
  t.same(cut(rule({ source: ['203.0.113.0/24'] })), [])
  t.same(cut(rule(ssh, { action: 'allow' })), [])
  t.same(cut(rule(ssh, { direction: 'egress' })), [])
  t.same(cut(rule(ssh, { enabled: false })), [])
  t.same(cut(rule(ssh), { force: true }), [])
  t.same(cut({ ...rule(ssh), defaults: { management: [] } }), [])
  t.same(cut({ ...rule({ ...ssh, source: ['192.0.2.7'] }), ...narrow }), ['management_cut_off /rules/r'])
  t.same(cut({ ...rule({ ...ssh, source: ['203.0.113.0/24'] }), ...narrow }), [], 'narrowed sources let a deny reach ssh')
  t.same(cut({ ...rule({ ...ssh, source: ['@block'] }), ...narrow, sets: { block: {} } }), [])

  const requester = { address: key('203.0.113.9'), port: 8443 }
  t.same(cut({ defaults: { ingress: 'deny' } }, { requester }), ['management_cut_off /defaults/management'])
  t.same(cut({ defaults: { ingress: 'deny' } }, { requester, apiPort: 8443 }), [])
  t.same(cut({ defaults: { ingress: 'deny' } }, { requester, force: true }), [])
  t.same(cut({ defaults: { ingress: 'allow' } }, { requester }), [])
  t.same(cut({ defaults: { egress: 'deny' } }, { requester }), ['management_cut_off /defaults/management'], 'answers go out')

  const here = { requester: { address: key('127.0.0.1'), port: 8443 }, apiPort: 8443 }
  const onLo = (defaults: Draft, rest: Draft = {}) => cut({ defaults, interfaces: { lo: {} }, ...rest }, here)
  const pass = (direction: string, match: Draft = {}) => rule(match, { action: 'allow', direction })
  t.same(onLo({ ingress: 'deny' }), ['management_cut_off /interfaces/lo'], 'management does not let the answers in')
  t.same(onLo({ egress: 'deny' }), ['management_cut_off /interfaces/lo'])
  t.same(onLo({ ingress: 'allow' }), [])
  t.same(cut({ defaults: { ingress: 'deny' }, interfaces: { 'l*': {} } }, here), ['management_cut_off /interfaces/l*'])
  t.same(cut({ defaults: { ingress: 'deny' }, interfaces: { eth0: {}, 'lo1*': {} } }, here), [])
  t.same(onLo({ egress: 'deny' }, { interfaces: { lo: { egress: 'off' } } }), [])
  t.same(onLo({ ingress: 'deny' }, pass('ingress', { source: ['127.0.0.0/8'], protocol: 'tcp' })), [])
  t.same(onLo({ ingress: 'deny' }, pass('egress')), ['management_cut_off /interfaces/lo'])
  t.same(onLo({ ingress: 'deny' }, pass('ingress', { source: ['192.0.2.0/24'] })), ['management_cut_off /interfaces/lo'])
  const own = { requester: { address: key('198.51.100.1'), port: 8443 }, apiPort: 8443, localAddresses: [key('198.51.100.1')] }
  t.same(
    cut({ defaults: { ingress: 'deny' }, interfaces: { lo: {} } }, own),
    ['management_cut_off /interfaces/lo'],
    'by an address of ours',
  )
  t.same(
    cut({ defaults: { ingress: 'deny' }, interfaces: { eth0: {} } }, { ...own, apiPort: 1 }),
    [],
    'which no other device is on the way of',
  )
})

test('whoever comes in by a rule may write, as long as his way stays as it is', async t => {
  const requester = { address: key('203.0.113.9'), port: 8443 }
  const api = rule({ protocol: 'tcp', destinationPorts: ['8443'] }, { action: 'allow' }).rules
  const other = rule({ protocol: 'udp' }).rules.r
  const before = { defaults: { ingress: 'deny', management: [] }, interfaces: { eth0: {} }, rules: { api: api.r } }
  const known = { document: checkPolicy(document(before), { force: true }).policy, expiresIn: new Map() }
  const write = (part: Draft) => problemsOf(t, { ...before, ...part }, { requester, known })
  const refused = ['management_cut_off /defaults/management']

  t.same(write({ sets: { s: {} } }), [])
  t.same(write({ rules: { api: api.r, other } }), [])
  t.same(write({ rules: { other } }), refused, 'the rule is gone')
  t.same(write({ rules: { api: { ...api.r, enabled: false } } }), refused)
  t.same(write({ rules: { api: api.r, no: rule({ source: ['203.0.113.0/24'] }).rules.r } }), refused, 'another may be in its way')
  t.same(write({ interfaces: { eth0: {}, eth1: {} } }), refused, 'he may come by the other device')
  t.same(write({ defaults: { ingress: 'deny', egress: 'deny', management: [] } }), refused)
})

test('a rule that was forced in does not stand in the way of what is written beside it', async t => {
  const ssh = rule({ protocol: 'tcp', destinationPorts: ['22'] }).rules.r
  const known = { document: checkPolicy(document({ rules: { ssh } }), { force: true }).policy, expiresIn: new Map() }
  const write = (part: Draft) => problemsOf(t, part, { known })

  t.same(write({ rules: { ssh: { ...ssh, comment: 'again' } } }), [])
  t.same(write({ rules: { ssh }, defaults: { essentials: false } }), [])
  t.same(write({ rules: { ssh: { ...ssh, action: 'reject' } } }), ['management_cut_off /rules/ssh'])
  t.same(write({ rules: { ssh, more: ssh } }), ['management_cut_off /rules/more'])
  t.same(write({ rules: { ssh }, defaults: { management: [{ port: 22, protocol: 'tcp' }] } }), ['management_cut_off /rules/ssh'])
})

test('what is allowed and yet doubtful is warned of', async t => {
  const warnings = (part: Draft, context?: CheckContext) =>
    checkPolicy(document(part), context).warnings.map(({ code, pointer }) => `${code} ${pointer}`)
  const tie = (a: Draft, b: Draft, rest: Draft = {}) =>
    warnings({
      sets: { s: {} },
      rules: {
        a: { priority: 5, direction: 'ingress', action: 'allow', match: a },
        b: { priority: 5, direction: 'ingress', action: 'deny', match: b, ...rest },
      },
    })

  t.same(warnings({ defaults: { ingress: 'deny', egress: 'deny' } }), [
    'no_established_rule /defaults/ingress',
    'no_established_rule /defaults/egress',
  ])
  t.same(tie({}, { source: ['192.0.2.0/24'] }), ['tie_overlap /rules/b'])
  t.same(tie({ source: ['@s'] }, { source: ['192.0.2.0/24'] }), ['tie_overlap /rules/b'], 'a set may hold anything')
  t.same(tie({ source: ['192.0.2.0/24'] }, { source: ['192.0.0.0/16'], protocol: 'tcp', destinationPorts: ['80'] }), [
    'tie_overlap /rules/b',
  ])
  t.same(tie({ source: ['192.0.2.0/24'] }, { source: ['198.51.100.0/24'] }), [])
  t.same(tie({ protocol: 'tcp' }, { protocol: 'udp' }), [])
  t.same(tie({ protocol: 'icmp' }, { destinationPorts: ['80'] }), [])
  t.same(tie({ destinationPorts: ['80-90'] }, { destinationPorts: ['91'] }), [])
  t.same(tie({}, {}, { action: 'allow' }), ['duplicate /rules/b'])
  t.same(tie({}, {}, { priority: 6 }), ['shadowed /rules/b'])
  t.same(tie({ state: ['new'] }, { state: ['established'] }), [])
  t.same(tie({ vlan: 5 }, { vlan: 6 }), [])
  t.same(tie({ tcpFlags: { set: ['syn'] } }, { tcpFlags: { unset: ['syn'] } }), [])
  t.same(tie({ icmp: { type: 8 } }, { icmp: { type: 8, code: 0 } }), ['tie_overlap /rules/b'])
  t.same(tie({}, {}, { direction: 'egress' }), [])
  t.same(tie({}, {}, { enabled: false }), [])
  t.same(warnings({ interfaces: { eth0: {}, eth9: {}, 'veth*': {}, 'tun*': {} } }, { devices: ['eth0', 'veth1'] }), [
    'interface_absent /interfaces/eth9',
    'interface_absent /interfaces/tun*',
  ])
  t.same(warnings({ interfaces: { eth9: {} } }), [])
  t.same(warnings({ ...rule({}, { interfaces: ['eth9', 'tun*'] }) }, { devices: ['eth0'] }), ['interface_absent /rules/r/interfaces'])
  t.same(warnings({ ...rule({}, { interfaces: ['eth9', 'e*'] }) }, { devices: ['eth0'] }), [])

  const established = { direction: 'ingress', action: 'allow', match: { state: ['established', 'related'] } }
  t.same(warnings({ defaults: { ingress: 'deny' }, rules: { established } }), [])
  t.same(warnings({ defaults: { ingress: 'deny' }, rules: { established: { ...established, enforcement: 'observe' } } }), [
    'no_established_rule /defaults/ingress',
  ])
})

test('a rule that matches nothing is stored, and told', async t => {
  const cases: [Draft, string | undefined][] = [
    [{ protocol: 'tcp', icmp: { type: 8 } }, 'icmp'],
    [{ protocol: 'icmp', icmp: { type: 8 } }, undefined],
    [{ protocol: 58, icmp: { type: 8 } }, undefined],
    [{ icmp: { type: 8 } }, undefined],
    [{ protocol: 'udp', tcpFlags: { set: ['syn'] } }, 'tcpFlags'],
    [{ protocol: 6, tcpFlags: { set: ['syn'] } }, undefined],
    [{ icmp: { type: 8 }, tcpFlags: { set: ['syn'] } }, 'tcpFlags'],
    [{ icmp: { type: 8 }, sourcePorts: ['1'] }, 'sourcePorts'],
    [{ tcpFlags: { set: ['syn'], unset: ['ack', 'syn'] } }, 'tcpFlags'],
    [{ fragment: 'later', destinationPorts: ['80'] }, 'destinationPorts'],
    [{ fragment: 'first', destinationPorts: ['80'] }, undefined],
    [{ fragment: 'later', protocol: 'tcp' }, undefined],
    [{ length: '0-19' }, 'length'],
    [{ length: '0-20' }, undefined],
  ]

  for (const [match, field] of cases) {
    const { problems, warnings } = checkPolicy(document(rule(match)))
    const name = JSON.stringify(match)

    t.same(problems, [], name)
    t.same(
      warnings.map(({ code, pointer }) => `${code} ${pointer}`),
      field === undefined ? [] : [`cannot_match /rules/r/match/${field}`],
      name,
    )
  }
})

test('a rule that comes too late is told, where that is certain', async t => {
  const later = (earlier: Draft, match: Draft, before: Draft = {}, after: Draft = {}) =>
    checkPolicy(
      document({
        sets: { s: {}, t: {} },
        rules: {
          a: { priority: 1, direction: 'egress', action: 'allow', match: earlier, ...before },
          b: { priority: 2, direction: 'egress', action: 'deny', match, ...after },
        },
      }),
    ).warnings.map(({ code, pointer }) => `${code} ${pointer}`)
  const shadowed = ['shadowed /rules/b']

  for (const [earlier, match] of [
    [{}, { vlan: 5 }],
    [{ source: ['0.0.0.0/0', '::/0'] }, {}],
    [{ source: ['192.0.0.0/8', '@s'] }, { source: ['192.0.2.0/24', '192.0.2.7', '@s'] }],
    [{ destination: ['2001:db8::/32'] }, { destination: ['2001:db8:1::1'], protocol: 'tcp' }],
    [{ destinationPorts: ['1-100', '200'] }, { destinationPorts: ['5-50', '200'], protocol: 'udp' }],
    [{ destinationPorts: ['80'] }, { destinationPorts: ['80'], sourcePorts: ['1'] }],
    [{ protocol: 'tcp' }, { tcpFlags: { set: ['syn'] } }],
    [{ tcpFlags: { set: ['syn'] } }, { tcpFlags: { set: ['syn', 'ack'] } }],
    [{ icmp: { type: 8 } }, { protocol: 'icmp', icmp: { type: 8, code: 0 } }],
    [{ state: ['new', 'related'] }, { state: ['new'] }],
    [{ fragment: 'any' }, { fragment: 'later' }],
    [{ length: '64-1500' }, { length: '64' }],
    [{ cgroup: '/a' }, { cgroup: '/a/b' }],
    [{ uid: 0 }, { uid: 0, dscp: 0 }],
    [{ notSource: ['192.0.2.7'] }, { notSource: ['192.0.2.0/24'] }],
  ] as Draft[][])
    t.same(later(earlier as Draft, match as Draft), shadowed, `${JSON.stringify(earlier)} before ${JSON.stringify(match)}`)
  for (const [earlier, match] of [
    [{ vlan: 5 }, {}],
    [{ source: ['0.0.0.0/0'] }, {}],
    [{ source: ['192.0.2.0/24'] }, { source: ['192.0.2.7', '198.51.100.1'] }],
    [{ source: ['@s'] }, { source: ['@t'] }],
    [{ destinationPorts: ['1-100'] }, { destinationPorts: ['100-101'] }],
    [{ tcpFlags: { set: ['syn'] } }, { protocol: 'tcp' }],
    [{ icmp: { type: 8, code: 0 } }, { icmp: { type: 8 } }],
    [{ cgroup: '/a' }, { cgroup: '/ab' }],
    [{ notSource: ['192.0.2.7'] }, {}],
    [{ notSource: ['192.0.2.0/24'] }, { notSource: ['192.0.2.7'] }],
  ] as Draft[][])
    t.same(later(earlier as Draft, match as Draft), [], `${JSON.stringify(earlier)} before ${JSON.stringify(match)}`)
  t.same(later({}, {}, {}, { action: 'allow' }), ['duplicate /rules/b'])
  t.same(later({}, { vlan: 5 }, {}, { action: 'allow' }), shadowed)
  t.same(later({}, {}, { enabled: false }), [])
  t.same(later({}, {}, { enforcement: 'observe' }), [])
  t.same(later({}, {}, { expiresAt: '2030-01-01T00:00:00Z' }), [])
  t.same(later({}, {}, { action: 'limit', limit: { packetsPerSecond: 1 } }), [])
  t.same(later({}, {}, { action: 'limit', limit: { packetsPerSecond: 1, within: 'allow' } }), shadowed)
  t.same(later({}, {}, { direction: 'ingress' }), [])
  t.same(later({}, {}, { interfaces: ['eth*'] }), [])
  t.same(later({}, {}, { interfaces: ['eth*'] }, { interfaces: ['eth0', 'eth1*'] }), shadowed)
})

test('shadows are the same whether all rules are compared or those that have changed', async () => {
  const match = fc.constantFrom(
    {},
    { source: ['192.0.2.0/24'] },
    { source: ['192.0.2.7/32'] },
    { vlan: 5 },
    { source: ['192.0.2.7/32'], vlan: 5 },
  )
  const value = fc.record({
    priority: fc.nat(5),
    direction: fc.constant('ingress'),
    action: fc.constantFrom('allow', 'deny'),
    match,
    enabled: fc.boolean(),
  })
  const edit = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), value: fc.option(value) })
  const shadowed = (rules: object) =>
    shadowsOf(orderRules(document({ rules }), 'ingress'))
      ?.map(({ rule }) => rule)
      .sort()
      .join()

  fc.assert(
    fc.property(fc.array(edit, { maxLength: 30, size: 'max' }), edits => {
      let rules: Record<string, unknown> = {}

      return edits.every(({ name, value }) => {
        const { [name]: _, ...others } = rules
        rules = value === null ? others : { ...others, [name]: value }
        const found = shadowed(rules)
        // Copies are all new: more than are compared one by one.
        const copies = Object.fromEntries(
          Array.from({ length: 9 }, (_, at) => [`off${at}`, { direction: 'ingress', match: {}, enabled: false }]),
        )
        const fresh = shadowed({ ...structuredClone(rules), ...copies })

        shadowed(rules)
        return found === fresh
      })
    }),
  )
})

test('a wrong shape is told field by field', async t => {
  const faults = (value: unknown) => checkShape(value).map(({ code, pointer, hint }) => `${code} ${pointer}: ${hint}`)

  t.same(faults([]), ['malformed : write an object'])
  t.same(faults({ defaults: {} }), ['malformed : add interfaces: an object'])
  t.same(faults(document({ defaults: { ingress: 'drop', egres: 'allow' } })), [
    'unknown_field /defaults/egres: write egress',
    'malformed /defaults/ingress: write allow or deny',
  ])
  t.same(faults(document({ sets: { a: { entries: null } } })), ['malformed /sets/a/entries: leave it out'])
  t.same(faults(document({ sets: { a: { entries: [5, { prefix: 5 }, {}] } } })), [
    'malformed /sets/a/entries/0: write "5" in quotes',
    'malformed /sets/a/entries/1/prefix: write "5" in quotes',
    'malformed /sets/a/entries/2: add prefix: a text',
  ])
  t.same(faults(document(rule({ protocol: 'tpc', destinationPorts: [80], source: '192.0.2.0/24' }, { priority: 1.5 }))), [
    'malformed /rules/r/priority: write 100',
    'malformed /rules/r/match/source: write ["192.0.2.0/24"]',
    'malformed /rules/r/match/protocol: write tcp, udp, icmp, icmpv6 or sctp, or a whole number from 0 to 255',
    'malformed /rules/r/match/destinationPorts/0: write "80" in quotes',
  ])
  t.same(faults(document(rule({ protocol: 256 }))), ['malformed /rules/r/match/protocol: write a whole number from 0 to 255'])
  t.same(faults(document({ sets: { __proto_: {} } })).length, 1)
  t.same(faults(document(JSON.parse('{"rules": {"constructor": {"__proto__": 1}}}'))).length, 4)
})
