/** The command line by itself: what it asks, what it prints, how it ends. The daemon here answers as docs say; daemon.test.ts has the real one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { defaultPriority } from '../../controlplane/cli/lists.ts'
import { run } from '../../controlplane/cli/program.ts'
import * as document from '../../controlplane/policy/document.ts'
import { drawgate, missing, type Reply, standin } from './terminal.ts'

const policyText = `defaults: { ingress: allow }
interfaces: {}
rules:
  block-bad:
    direction: ingress
    action: deny
    match:
      source:
        - 192.0.2.0/24
        - 10.0.0.7/8
`
const dryRun = (changes: unknown[]) => ({
  baseRevision: 4,
  changes,
  capacity: [{ table: 'vectors', used: 1, after: 9, max: 10 }],
  warnings: [],
})

function file(t: Test, name: string, text: string): string {
  const directory = mkdtempSync('/tmp/drawgate-cli-')
  t.teardown(() => rmSync(directory, { recursive: true }))
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

test('without a daemon the error says how to start one', async t => {
  const text = await drawgate(['get', '--socket', '/tmp/drawgate-cli-absent/api.sock'])
  t.match(text, { code: 3, out: /^$/, err: /no daemon at \/tmp\/drawgate-cli-absent\/api.sock\n.*drawgate serve --socket \/tmp/ })
  const json = await drawgate(['status', '--json', '--socket', '/tmp/drawgate-cli-absent/api.sock'])
  t.equal(json.code, 3)
  t.match(JSON.parse(json.err), { code: 'unreachable', hint: /drawgate serve/ })
  t.match(await drawgate(['get', '--url', 'http://127.0.0.1:9']), {
    code: 3,
    err: /no daemon at http:\/\/127.0.0.1:9.*\n.*--listen HOST:PORT/,
  })
})

test('what answers but is not a daemon is told apart', async t => {
  const { at } = await standin(t, () => [200, '<html>'])
  t.match(await drawgate(['status', ...at]), { code: 3, err: /is not drawgate: <html>/ })
})

test('a wrong command line is 2 and asks nothing', async t => {
  const { at, asked } = await standin(t, {})
  const lines = [
    [],
    ['bloc'],
    ['get', '--bogus'],
    ['get', 'gadgets'],
    ['get', 'policy', 'x'],
    ['get', 'rules', '--entries'],
    ['get', 'rules', 'a', '--label', 'x=y'],
    ['get', 'devices', '--label', 'x=y'],
    ['get', '-o', 'xml'],
    ['apply'],
    ['apply', '-f', '/absent/policy.yaml'],
    ['trace'],
    ['trace', '--source', '192.0.2.7', '--packet', '00'],
    ['trace', '--packet', 'nonsense!'],
    ['trace', '--source-port', 'http'],
    ['token', 'create', 'x', '--role', 'root'],
    ['token', 'create', 'x', '--expires-in', 'soon'],
    ['get', '--url', 'http://127.0.0.1:9', ...at],
    ['get', '--url', 'ftp://127.0.0.1'],
  ]
  for (const words of lines) {
    const { code, out, err } = await drawgate(words[0] === undefined || words.includes('--url') ? words : [...words, ...at])
    t.match({ code, out }, { code: 2, out: /^$/ }, words.join(' '))
    t.match(err, /drawgate/)
  }
  t.same(asked, [])
})

test('help and version go to standard output', async t => {
  t.match(await drawgate(['--version']), { code: 0, out: /^\d+\.\d+\.\d+\n$/, err: /^$/ })
  const { code, out } = await drawgate(['--help'])
  t.equal(code, 0)
  for (const text of ['Examples:', 'Exit codes:', 'drawgate apply -f policy.yaml', 'no daemon answered']) t.match(out, text)
  for (const command of ['serve', 'detach', 'apply', 'get', 'block', 'unblock', 'trace', 'events', 'status']) {
    t.match(await drawgate([command, '--help']), { code: 0, out: /Usage: drawgate/ }, command)
  }
  t.match((await drawgate(['serve', '--help'])).out, /DRAWGATE_STATE_DIR/)
})

test('every refusal has its exit code', async t => {
  const codes: [number, string, number][] = [
    [400, 'malformed', 1],
    [409, 'in_use', 1],
    [412, 'exists', 1],
    [422, 'host_bits', 1],
    [413, 'too_large', 1],
    [404, 'not_found', 4],
    [410, 'revision_expired', 4],
    [412, 'stale', 4],
    [401, 'unauthenticated', 5],
    [403, 'forbidden', 5],
    [429, 'rate_limited', 6],
    [503, 'unavailable', 6],
    [507, 'store_full', 6],
  ]
  for (const [status, code, exit] of codes) {
    const { at } = await standin(t, () => [status, { title: 'No', status, code, detail: 'because', hint: 'do this' }])
    t.match(await drawgate(['status', ...at]), { code: exit, out: /^$/, err: `drawgate: because (${status} ${code})\n  → do this\n` })
  }
  const { at } = await standin(t, () => [502, 'Bad gateway'])
  t.match(await drawgate(['status', ...at]), { code: 1, err: /the daemon answered 502/ })
})

test('apply sends the file as it is, bound to the policy that the changes were computed from', async t => {
  const changes = [
    { op: 'add', path: '/rules', to: { a: { action: 'deny' }, b: {} } },
    { op: 'replace', path: '/defaults/ingress', from: 'allow', to: 'deny' },
    { op: 'remove', path: '/services', from: { web: {} } },
    {
      op: 'replace',
      path: '/sets/s/entries',
      from: { entryCount: 5 },
      to: { added: 2, updated: 0, removed: 1, missing: 0, entryCount: 6 },
    },
  ]
  const warnings = [{ pointer: '/interfaces/eth9', code: 'interface_absent', detail: 'there is no such device' }]
  const { at, asked } = await standin(t, {
    'GET /v1/policy': [200, {}, { etag: '"4"' }],
    'PUT /v1/policy?dryRun=true': [200, dryRun(changes)],
    'PUT /v1/policy': [200, { revision: 5, previousRevision: 4, warnings, value: {} }],
    'PUT /v1/policy?dryRun=true&force=true': [200, dryRun([])],
    'PUT /v1/policy?force=true': [200, { revision: 5, previousRevision: 5, warnings: [], value: {} }],
  })
  const path = file(t, 'policy.yaml', policyText)
  t.same(await drawgate(['apply', '-f', path, ...at]), {
    code: 0,
    out: [
      '+ /rules/a  {"action":"deny"}',
      '+ /rules/b  {}',
      '~ /defaults/ingress  "allow" → "deny"',
      '- /services/web',
      '~ /sets/s/entries  5 → 6 (2 added, 0 updated, 1 removed)',
      'revision 5 is in force (before: 4)\n',
    ].join('\n'),
    err: 'warning: /interfaces/eth9: there is no such device (interface_absent)\n',
  })
  t.match(asked, [
    { method: 'GET' },
    { body: policyText, headers: { 'if-match': '"4"', 'content-type': 'application/yaml' } },
    { body: policyText, headers: { 'if-match': '"4"', 'content-type': 'application/yaml' } },
  ])

  asked.length = 0
  t.match(await drawgate(['apply', '-f', '-', '--force', ...at], { stdin: '{"interfaces":{}}' }), {
    code: 0,
    out: 'nothing changed: revision 5 is in force\n',
  })
  t.match(asked[1], { body: '{"interfaces":{}}', headers: { 'content-type': 'application/json' } })

  asked.length = 0
  const dry = await drawgate(['apply', '-f', path, '--dry-run', ...at])
  t.match(dry, {
    code: 0,
    out: /^\+ \/rules\/a.*\n[\s\S]*5 changes, not made: revision 4 stays in force/,
    err: /vectors would hold 9 of 10 rows/,
  })
  t.same(
    asked.map(({ method, url }) => `${method} ${url}`),
    ['GET /v1/policy', 'PUT /v1/policy?dryRun=true'],
  )

  const json = JSON.parse((await drawgate(['apply', '-f', path, '--json', ...at])).out)
  t.match(json, { revision: 5, previousRevision: 4, changes, warnings })
  t.match(JSON.parse((await drawgate(['apply', '-f', path, '--dry-run', '--json', ...at])).out), { baseRevision: 4, changes })
})

test('a refused policy is told by the line of the file', async t => {
  const errors = [
    {
      pointer: '/rules/block-bad/match/source/1',
      code: 'host_bits',
      detail: '10.0.0.7/8 has bits set past /8',
      hint: 'write 10.0.0.0/8, or 10.0.0.7/32 for one host',
    },
    { pointer: '/rules/block-bad/priority', code: 'malformed', detail: 'must be there' },
    { pointer: '', code: 'malformed', detail: 'in general' },
  ]
  const problem = { title: 'The policy was refused', status: 422, code: 'host_bits', detail: 'x', errors, errorCount: 4 }
  const { at } = await standin(t, request => (request.method === 'GET' ? [200, {}, { etag: '"4"' }] : [422, problem]))
  const path = file(t, 'policy.yaml', policyText)
  t.same(
    (await drawgate(['apply', '-f', path, ...at])).err.replaceAll(path, 'policy.yaml'),
    `drawgate: The policy was refused (422 host_bits)
  policy.yaml:10  /rules/block-bad/match/source/1
    10.0.0.7/8 has bits set past /8
    → write 10.0.0.0/8, or 10.0.0.7/32 for one host
  policy.yaml:4  /rules/block-bad/priority
    must be there
  policy.yaml
    in general
  and 1 more
`,
  )
  const json = await drawgate(['apply', '-f', path, '--json', ...at])
  t.equal(json.code, 1)
  t.same(JSON.parse(json.err), problem)
  const broken = await drawgate(['apply', '-f', '-', ...at], { stdin: '{{{: nonsense\n\t- ]' })
  t.match(broken, { code: 1, err: /standard input/ }, 'a file that cannot be read as YAML has no lines to tell')
})

test('a policy that somebody else changed meanwhile is 4', async t => {
  const stale = {
    title: 'Changed by somebody else',
    status: 412,
    code: 'stale',
    detail: 'policy is at revision 6, not 4',
    errors: [],
    errorCount: 0,
  }
  const { at } = await standin(t, request =>
    request.url.includes('dryRun') ? [200, dryRun([])] : request.method === 'GET' ? [200, {}, { etag: '"4"' }] : [412, stale],
  )
  t.match(await drawgate(['apply', '-f', file(t, 'p.json', '{}'), ...at]), {
    code: 4,
    out: /^$/,
    err: /at revision 6, not 4 \(412 stale\)/,
  })
})

const ruleItems = [
  { name: 'a', direction: 'egress', action: 'deny', match: {}, status: { packets: 0, bytes: 0 } },
  {
    name: 'b',
    direction: 'ingress',
    action: 'allow',
    match: { source: ['192.0.2.0/24', '@s'], destinationPorts: ['80'] },
    status: { packets: 12, bytes: 345 },
  },
  { name: 'c', priority: 5, direction: 'ingress', action: 'deny', enabled: false, match: {}, status: { packets: 7, bytes: 8 } },
]

test('rules are listed in the order in which packets meet them, from all pages', async t => {
  t.equal(defaultPriority, document.defaultPriority)
  const { at, asked } = await standin(t, {
    'GET /v1/rules?limit=1000&include=status': [200, { items: ruleItems.slice(0, 2), nextCursor: 'more' }],
    'GET /v1/rules?limit=1000&include=status&cursor=more': [200, { items: ruleItems.slice(2), nextCursor: null }],
    'GET /v1/rules?label=team%3Dedge&label=x%3Dy&limit=1000': [200, { items: [], nextCursor: null }],
    'GET /v1/rules?label=team%3Dedge&limit=1000&include=status': [200, { items: [], nextCursor: null }],
  })
  t.match(await drawgate(['get', 'rules', ...at]), {
    code: 0,
    err: /^$/,
    out: `PRIORITY  NAME  DIRECTION  ACTION      MATCH                                       PACKETS  BYTES
       5  c     ingress    deny (off)  everything                                        7      8
    1000  b     ingress    allow       source 192.0.2.0/24,@s destinationPorts 80       12    345
    1000  a     egress     deny        everything                                        0      0
`,
  })
  t.same(JSON.parse((await drawgate(['get', 'rule', '-o', 'json', '--status', ...at])).out), { items: ruleItems, nextCursor: null })
  t.match(await drawgate(['get', '-l', 'team=edge', '-l', 'x=y', 'rules', '--json', ...at]), {
    code: 0,
    out: '{\n  "items": [],\n  "nextCursor": null\n}\n',
  })
  t.match(await drawgate(['get', 'rules', '-l', 'team=edge', ...at]), { code: 0, out: /^$/, err: 'no rules\n' })
  t.equal(asked.length, 6)
})

test('one object is printed as it was declared', async t => {
  const web = {
    address: '198.51.100.10',
    protocol: 'tcp',
    forwarding: 'nat',
    backends: { b1: { address: '10.0.0.11', state: 'draining' } },
  }
  const devices = { items: [{ name: 'eth0', ifindex: 2, mtu: 1500, driver: 'veth' }], nextCursor: null }
  const { at } = await standin(t, {
    'GET /v1/policy': [200, { defaults: {}, interfaces: {} }],
    'GET /v1/policy?include=entries': [200, { defaults: {}, interfaces: {}, sets: { s: { entries: [] } } }],
    'GET /v1/services/web': [200, web],
    'GET /v1/services/web/status': [200, { packets: 3, bytes: 4, backends: { b1: { share: 1 } } }],
    'GET /v1/services/web/backends/b1': [200, web.backends.b1],
    'GET /v1/devices': [200, devices],
    'GET /v1/sets/s/entries': [200, { items: [{ prefix: '192.0.2.7/32' }], nextCursor: 'n' }],
    'GET /v1/sets/s/entries?cursor=n': [200, { items: [{ prefix: '2001:db8::/32', comment: 'a\u001b[2Jb' }], nextCursor: null }],
  })
  t.match(await drawgate(['get', ...at]), { code: 0, out: 'defaults: {}\ninterfaces: {}\n' })
  t.match(await drawgate(['get', 'policy', '--entries', '--json', ...at]), { out: /"entries": \[\]/ })
  t.match(await drawgate(['get', 'services', 'web', ...at]), { out: /^address: 198.51.100.10\n/ })
  t.same(JSON.parse((await drawgate(['get', 'service', 'web', '--json', ...at])).out), web)
  t.match(await drawgate(['get', 'services', 'web', '--status', ...at]), { out: /^packets: 3\nbytes: 4\n/ })
  t.match(await drawgate(['get', 'services', 'web/b1', ...at]), { out: 'address: 10.0.0.11\nstate: draining\n' })
  t.match(await drawgate(['get', 'services', 'web/b1', '--status', ...at]), { out: 'share: 1\n' })
  t.match(await drawgate(['get', 'services', 'web/b1', '-o', 'table', ...at]), { code: 2, err: /a backend alone is no table/ })
  t.match(await drawgate(['get', 'services', 'web', '-o', 'table', ...at]), {
    out: /\nweb +198.51.100.10 +tcp +any +nat +b1 \(draining\) +3 +4\n/,
  })
  t.match(await drawgate(['get', 'devices', ...at]), { out: /^NAME +IFINDEX.*\neth0 +2 / })
  t.match(await drawgate(['get', 'device', 'eth0', ...at]), { code: 0, out: /^name: eth0\n/ })
  t.match(await drawgate(['get', 'devices', 'eth1', ...at]), { code: 4, err: /there is no device eth1/ })
  t.match(await drawgate(['get', 'rules', 'a/b?c', ...at]), { code: 4, out: /^$/ }, 'a name cannot become a path')
  t.same(await drawgate(['get', 'sets', 's', '--entries', ...at]), {
    code: 0,
    out: '192.0.2.7/32\n2001:db8::/32  # a\ufffd[2Jb\n',
    err: '',
  })
})

const traced = {
  verdict: 'drop',
  reason: 'rule',
  rule: 'block-bad',
  revision: 5,
  hook: 'xdp_ingress',
  steps: [
    { stage: 'parse', outcome: 'none', detail: '' },
    { stage: 'firewall', outcome: 'rule', detail: 'block-bad' },
  ],
}

test('a trace reads as a ladder', async t => {
  const { at, asked } = await standin(t, { 'POST /v1/trace': [200, traced] })
  const words = [
    'trace',
    '--interface',
    'eth0',
    '--source',
    '192.0.2.7',
    '--destination',
    '198.51.100.1',
    '--protocol',
    '6',
    '--source-port',
    '5000',
    '--destination-port',
    '80',
    '--tcp-flags',
    'syn,ece',
    '--icmp',
    '8/0',
    '--hop-limit',
    '3',
  ]
  t.same(await drawgate([...words, ...at]), {
    code: 0,
    err: '',
    out: `DROP  reason rule, rule block-bad, revision 5  (xdp_ingress)
  ├─ parse     none
  └─ firewall  rule  block-bad
`,
  })
  t.same(JSON.parse(asked[0]?.body ?? ''), {
    direction: 'ingress',
    interface: 'eth0',
    fields: {
      source: '192.0.2.7',
      destination: '198.51.100.1',
      protocol: 6,
      sourcePort: 5000,
      destinationPort: 80,
      tcpFlags: ['syn', 'ece'],
      icmp: { type: 8, code: 0 },
      hopLimit: 3,
    },
  })
  for (const bytes of ['02 00 00:00ff', '0x0200 0000ff', 'AgAAAP8=']) {
    asked.length = 0
    t.match(await drawgate(['trace', '--direction', 'egress', '--packet', bytes, '--json', ...at]), { code: 0 })
    t.same(JSON.parse(asked[0]?.body ?? ''), { direction: 'egress', packet: 'AgAAAP8=' })
  }
  t.match(await drawgate(['trace', '--source', '192.0.2.7', '--expect', 'drop', ...at]), { code: 0 })
  t.match(await drawgate(['trace', '--source', '192.0.2.7', '--expect', 'pass', ...at]), { code: 1, err: /the verdict is drop, not pass/ })
})

test('the secret of a token stands alone on standard output', async t => {
  const items = [{ name: 'feeder', role: 'operator', sets: ['s'], createdAt: '2030-01-01T00:00:00Z' }]
  const { at, asked } = await standin(t, {
    'POST /v1/tokens': [201, { name: 'feeder', role: 'operator', secret: 'drawgate_x' }],
    'GET /v1/tokens': [200, { items, nextCursor: null }],
    'DELETE /v1/tokens/feeder': [204],
  })
  t.match(await drawgate(['token', 'create', '--set', 's', 'feeder', '--expires-in', '1h', ...at]), {
    code: 0,
    out: 'drawgate_x\n',
    err: /shown this once/,
  })
  const { expiresAt, ...rest } = JSON.parse(asked[0]?.body ?? '') as { expiresAt: string }
  t.same(rest, { name: 'feeder', role: 'operator', sets: ['s'] })
  t.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 3_600_000) < 60_000)
  t.match(await drawgate(['token', 'list', ...at]), { out: /feeder +operator +s +- +2030/ })
  t.same(JSON.parse((await drawgate(['token', 'list', '--json', ...at])).out), { items, nextCursor: null })
  t.match(await drawgate(['token', 'revoke', 'feeder', ...at]), { code: 0, out: 'token feeder is revoked\n' })
  t.match(await drawgate(['token', 'revoke', 'other', ...at]), { code: 4 })
})

test('status shows what the daemon says', async t => {
  const body = { revision: 7, inSync: true, missing: [], kernel: { release: '6.18' }, capacity: [{ table: 'vectors', used: 5, max: 10 }] }
  const { at } = await standin(t, { 'GET /v1/status': [200, body] })
  t.match(await drawgate(['status', ...at]), {
    code: 0,
    out: `revision  7
inSync    yes
missing   none
kernel    release: "6.18"

TABLE    USED  MAX  FULL
vectors     5   10  50 %
`,
  })
  t.same(JSON.parse((await drawgate(['status', '--json', ...at])).out), body)
})

test('events are a line each, until the stream ends or there are enough', async t => {
  const packet = {
    interface: 'eth0',
    direction: 'ingress',
    verdict: 'drop',
    protocol: 'tcp',
    sourcePort: 5000,
    destinationPort: 80,
    length: 40,
  }
  const at = '2030-01-01T00:00:00.000Z'
  const told: [string, object][] = [
    ['drop', { time: at, ...packet, reason: 'rule', rule: 'bad', source: '192.0.2.7', destination: '198.51.100.1', tcpFlags: ['syn'] }],
    ['match', { time: at, ...packet, reason: 'limit', rule: 'slow', observed: true, source: '2001:db8::7', destination: '2001:db8::1' }],
    ['drop', { time: at, interface: 'eth0', direction: 'ingress', verdict: 'drop', reason: 'malformed', length: 0 }],
    ['policy', { time: at, revision: 7, who: 'uid 0', cause: 'a\u001b[31m' }],
  ]
  const body = `retry: 1000\n\n: here\n\n${told.map(([event, data], n) => `id: e-${n}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join('')}`
  const daemon = await standin(t, {
    'GET /v1/events': [200, body],
    'GET /v1/events?type=drop%2Cmatch&rule=bad': [200, body],
    'GET /v1/events?type=x': [400, { code: 'malformed', detail: 'type in the query: x' }],
  })
  t.match(await drawgate(['events', ...daemon.at]), {
    code: 3,
    err: /ended the stream/,
    out: `${at}  drop       eth0 in tcp 192.0.2.7:5000 → 198.51.100.1:80 syn, 40 bytes: drop, rule bad
${at}  match      eth0 in tcp [2001:db8::7]:5000 → [2001:db8::1]:80, 40 bytes: would drop, limit, rule slow
${at}  drop       eth0 in, 0 bytes: drop, malformed
${at}  policy     revision 7, who uid 0, cause a\ufffd[31m
`,
  })
  const json = await drawgate(['events', '--json', '--type', 'drop,match', '--rule', 'bad', '--count', '2', ...daemon.at])
  t.equal(json.code, 0)
  t.same(
    json.out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line)),
    told.slice(0, 2).map(([event, data], n) => ({ id: `e-${n}`, event, data })),
  )
  t.match(await drawgate(['events', '--type', 'x', ...daemon.at]), { code: 1, err: /type in the query/ })
  t.match(await drawgate(['events', '--count', '0', ...daemon.at]), { code: 2 })
})

test('a token goes to a URL and never to a socket', async t => {
  const tcp = await standin(
    t,
    request =>
      request.headers.authorization === 'Bearer s3cret'
        ? [200, { revision: 1 }]
        : [401, { status: 401, code: 'unauthenticated', detail: 'no' }],
    true,
  )
  t.match(await drawgate(['status', ...tcp.at]), { code: 5 })
  t.match(await drawgate(['status', ...tcp.at, '--token', 's3cret']), { code: 0 })
  const [, url = ''] = tcp.at
  const socket = await standin(t, { 'GET /v1/status': [200, { revision: 2 }] })
  t.teardown(() => {
    for (const name of ['DRAWGATE_URL', 'DRAWGATE_TOKEN', 'DRAWGATE_SOCKET']) delete process.env[name]
  })
  Object.assign(process.env, { DRAWGATE_URL: url, DRAWGATE_TOKEN: 's3cret' })
  t.match(await drawgate(['status']), { code: 0, out: 'revision  1\n' })
  t.match(await drawgate(['status', ...socket.at]), { code: 0, out: 'revision  2\n' }, 'what is typed beats the environment')
  t.equal(socket.asked[0]?.headers.authorization, undefined)
  Object.assign(process.env, { DRAWGATE_URL: '', DRAWGATE_SOCKET: socket.at[1] })
  t.match(await drawgate(['status']), { code: 0, out: 'revision  2\n' })
})

/** As much of a daemon as block and unblock meet. */
function blocking(state: {
  set?: string[]
  rule?: unknown
  stale?: number
}): (asked: { method: string; url: string; body: string }) => Reply {
  return ({ method, url, body }) => {
    const sent = body === '' ? undefined : JSON.parse(body)
    if (url === '/v1/rules/blocked' && method === 'GET') return state.rule === undefined ? missing : [200, state.rule]
    if (url === '/v1/rules/blocked' && method === 'PUT') {
      state.rule = sent
      return [201, { revision: 3, previousRevision: 2, warnings: [], value: sent }]
    }
    if (url === '/v1/policy' && method === 'GET') return [200, {}, { etag: '"1"' }]
    if (url === '/v1/policy' && method === 'PATCH') {
      if ((state.stale ?? 0) > 0) {
        state.stale = (state.stale ?? 0) - 1
        return [412, { status: 412, code: 'stale', detail: 'stale' }]
      }
      state.set = sent.sets.blocked.entries.map((entry: { prefix: string }) => entry.prefix)
      state.rule = sent.rules?.blocked ?? state.rule
      return [200, { revision: 2, previousRevision: 1, warnings: [], value: {} }]
    }
    if (state.set === undefined) return missing
    if (method === 'GET')
      return [200, { items: state.set.filter(entry => entry.endsWith('/24')).map(prefix => ({ prefix })), nextCursor: null }]
    const [add] = sent.add ?? []
    if (add?.expiresIn !== undefined) {
      const errors = [{ pointer: '/add/0/expiresIn', code: 'unsupported', detail: 'entries do not expire yet' }]
      return [422, { title: 'Not enforced by this version', status: 422, code: 'unsupported', detail: 'x', errors, errorCount: 1 }]
    }
    const before = state.set
    state.set = before.filter(entry => !sent.remove?.includes(entry))
    const added = add === undefined || before.includes(add.prefix) ? 0 : 1
    if (added > 0) state.set.push(add.prefix)
    return [
      200,
      {
        added,
        updated: 0,
        removed: before.length + added - state.set.length,
        missing: 0,
        entryCount: state.set.length,
        revision: 9,
        previousRevision: 8,
        warnings: [],
      },
    ]
  }
}

test('block makes its set and its rule on first use, in one revision', async t => {
  const state: Parameters<typeof blocking>[0] = { stale: 1 }
  const { at, asked } = await standin(t, blocking(state))
  t.match(await drawgate(['block', '192.0.2.7', ...at]), { code: 0, out: '192.0.2.7 is blocked (revision 2)\n', err: /^$/ })
  t.same(state.set, ['192.0.2.7'])
  t.match(state.rule, { priority: 0, direction: 'ingress', action: 'deny', match: { source: ['@blocked'] } })
  t.equal(asked.filter(({ method }) => method === 'PATCH').at(-1)?.headers['if-match'], '"1"')
  asked.length = 0
  t.match(await drawgate(['block', '192.0.2.8', '--comment', 'why', ...at]), { code: 0, out: '192.0.2.8 is blocked (revision 9)\n' })
  t.same(
    asked.map(({ method, url }) => `${method} ${url}`),
    ['GET /v1/rules/blocked', 'PATCH /v1/sets/blocked/entries'],
  )
  t.same(JSON.parse(asked[1]?.body ?? ''), { add: [{ prefix: '192.0.2.8', comment: 'why' }] })
  t.match(await drawgate(['block', '192.0.2.8', ...at]), { code: 0, out: /was blocked already/ })
  t.match(await drawgate(['block', '192.0.2.9', '--for', '10m', ...at]), {
    code: 1,
    err: `drawgate: Not enforced by this version (422 unsupported)
    entries do not expire yet
`,
  })
})

test('block adds the rule where only the set is there, and stops where the rule is another', async t => {
  const state: Parameters<typeof blocking>[0] = { set: [] }
  const { at } = await standin(t, blocking(state))
  t.match(await drawgate(['block', '192.0.2.7', '--json', ...at]), { code: 0, out: /"revision": 3/ })
  t.match(state, { set: ['192.0.2.7'], rule: { action: 'deny' } })
  state.rule = { direction: 'ingress', action: 'deny', enabled: false, match: { source: ['@blocked'] } }
  t.match(await drawgate(['block', '192.0.2.8', ...at]), { code: 1, err: /there is a rule "blocked" already/ })
  t.same(state.set, ['192.0.2.7'], 'nothing was changed')
})

test('unblock tells what still blocks', async t => {
  const state: Parameters<typeof blocking>[0] = { set: ['192.0.2.7', '198.51.100.0/24'], rule: {} }
  const { at } = await standin(t, blocking(state))
  t.match(await drawgate(['unblock', '192.0.2.7', ...at]), { code: 0, out: '192.0.2.7 is not blocked any more (revision 9)\n' })
  t.match(await drawgate(['unblock', '198.51.100.7', ...at]), {
    code: 4,
    err: /is blocked as part of 198.51.100.0\/24.*\n.*drawgate unblock 198.51.100.0\/24/,
  })
  state.set = []
  t.match(await drawgate(['unblock', '192.0.2.7', ...at]), { code: 4, err: /192.0.2.7 is not blocked/ })
  delete state.set
  t.match(await drawgate(['unblock', '192.0.2.7', ...at]), { code: 4, err: /does not exist/ })
})

test('colours and cut lines are for terminals', async t => {
  const changes = [{ op: 'add', path: '/rules/a', to: { comment: 'x'.repeat(100) } }]
  const { at } = await standin(t, request => (request.method === 'GET' ? [200, {}, { etag: '"4"' }] : [200, dryRun(changes)]))
  const words = ['apply', '-f', '-', '--dry-run', ...at]
  const tty = await drawgate(words, { tty: true })
  const [line = ''] = tty.out.split('\n')
  t.ok(line.startsWith('\u001b[32m+ /rules/a  {') && line.endsWith('x…\u001b[39m'))
  t.equal(line.length, 60 + '\u001b[32m\u001b[39m'.length)
  t.match(tty.err, '\u001b[33mnote:')
  t.notMatch((await drawgate(words)).out, '\u001b')
  process.env.NO_COLOR = '1'
  t.teardown(() => delete process.env.NO_COLOR)
  t.notMatch((await drawgate(words, { tty: true })).out, '\u001b')
})

test('a fault of ours is not dressed up', async t => {
  const broken = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr }
  Object.defineProperty(broken, 'stdout', {
    get: () => {
      throw new TypeError('broken')
    },
  })
  await t.rejects(run(['status'], broken), { message: 'broken' })
})
