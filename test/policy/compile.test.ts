/** Compiled tables give every packet what a plain reading of the policy gives it. */
import fc from 'fast-check'
import { test } from 'tap'
import { BackendState, Limit, Membership, Side, SideFlag } from '../../controlplane/dataplane/abi.ts'
import { checkPolicy } from '../../controlplane/policy/check.ts'
import { type Compiled, compile } from '../../controlplane/policy/compile.ts'
import type { PolicyDocument } from '../../controlplane/policy/document.ts'
import { assignIds, emptyIdBook } from '../../controlplane/policy/ids.ts'
import { formatPrefix } from '../../controlplane/policy/prefix.ts'
import { differenceOfTimed, prefixListOf, type TimedLists } from '../../controlplane/policy/prefix-list.ts'
import type { Branch } from '../../controlplane/policy/prefix-tree.ts'
import type { Capacity, PrefixKey, SidedMap } from '../../controlplane/policy/tables.ts'
import { keysOfDraft } from './drafts.ts'
import { type Decision, decide, type Packet, type World } from './plain.ts'
import { membershipIn } from './trees.ts'
import { backendOf, sharesOf, walker } from './walk.ts'
import { bytes, capacity, cgroups, devices, key, packet, world } from './worlds.ts'

const seed = Date.now() % 1_000_000_007

function compiled(world: World, previous?: Compiled<TimedLists>): Compiled<TimedLists> {
  return compile({ ...world, entries: listsOf(world.entries), delta: differenceOfTimed, capacity, devices, cgroups }, previous)
}

function listsOf(entries: ReadonlyMap<string, Iterable<PrefixKey>>): ReadonlyMap<string, TimedLists> {
  return new Map([...entries].map(([set, keys]) => [set, new Map([[0, prefixListOf(keys)]])]))
}

function show(packet: Packet): string {
  const text = (address: Uint8Array) => formatPrefix({ family: address.length === 4 ? 4 : 6, bytes: address, length: address.length * 8 })
  return `${packet.direction} ${text(packet.source)} -> ${text(packet.destination)} ${JSON.stringify({ ...packet, source: undefined, destination: undefined })}`
}

/** Replies of management need no stage of their own where nothing on egress could stop them: they then pass by default. */
function nameless({ policy }: World, { direction }: Packet, decision: Decision): Decision {
  const decides =
    policy.defaults.egress === 'deny' ||
    Object.values(policy.rules ?? {}).some(rule => rule.direction === 'egress' && rule.enabled !== false)

  return direction === 'egress' && decision.by === 'management' && !decides ? { ...decision, by: 'default' } : decision
}

function mustAgree(world: World, packets: readonly Packet[], { tables, problems }: Compiled<TimedLists>): void {
  const walk = walker(tables, { devices, cgroups })

  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  for (const packet of packets) {
    const [expected, found] = [decide(world, packet), walk(packet)].map(decision => JSON.stringify(nameless(world, packet, decision)))
    if (expected !== found) throw new Error(`${show(packet)}: a plain reading gives ${expected}, the tables ${found}`)
  }
}

test('tables decide as a plain reading of the policy does', async t => {
  t.comment(`seed ${seed}`)
  fc.assert(
    fc.property(world, fc.array(packet, { minLength: 40, maxLength: 60 }), (world, packets) => {
      mustAgree(world, packets, compiled(world))
    }),
    { seed, numRuns: 150 },
  )
})

test('management is asked before rules, in both directions and entry by entry', async t => {
  t.comment(`seed ${seed}`)
  const way = fc.constantFrom(22, 80, 443)
  const local = ['192.0.2.64/32', '198.51.100.7/32', '2001:db8::1/128']
  const syn = { protocol: 6, fragment: 'none' as const, tcpFlags: ['syn' as const] }
  const aimed = fc
    .tuple(packet, way, fc.constantFrom(...local))
    .map(
      ([{ icmp: _, ...packet }, port, here]): Packet =>
        packet.direction === 'ingress'
          ? { ...packet, ...syn, destination: bytes(here.replace(/[/].*/, '')), ports: [1024, port] }
          : { ...packet, ...syn, source: bytes(here.replace(/[/].*/, '')), ports: [port, 1024] },
    )

  fc.assert(
    fc.property(world, fc.array(aimed, { minLength: 20, maxLength: 30 }), (world, packets) => {
      const all = { ...world, local: local.map(key) }
      mustAgree(all, packets, compiled(all))
    }),
    { seed, numRuns: 80 },
  )
})

test('a change of policy is right from whatever was in force, and nothing changes of itself', async t => {
  t.comment(`seed ${seed}`)
  fc.assert(
    fc.property(fc.array(world, { minLength: 2, maxLength: 5 }), fc.array(packet, { minLength: 20, maxLength: 30 }), (worlds, packets) => {
      let before: Compiled<TimedLists> | undefined

      for (const world of worlds) {
        const next = compiled(world, before)
        const again = compiled(world, next)
        const draft = compiled(worlds[0] as World, next)

        mustAgree(world, packets, next)
        mustAgree(worlds[0] as World, packets, draft)
        if (again.tables.prefixes !== next.tables.prefixes) throw new Error('the trie is another')
        for (const [map, rows] of Object.entries(next.tables.rows) as [SidedMap, Uint8Array][])
          if (Buffer.compare(rows, again.tables.rows[map]) !== 0) throw new Error(`${map} is another`)
        before = next
      }
    }),
    { seed, numRuns: 80 },
  )
})

test('a set that gains a prefix changes the cells around it, and no row', async t => {
  const policy: PolicyDocument = {
    defaults: {},
    interfaces: {},
    sets: { s: {}, other: {} },
    rules: {
      x: { direction: 'ingress', action: 'deny', match: { source: ['@s'] } },
      y: { direction: 'ingress', action: 'deny', match: { source: ['@other'] } },
    },
  }
  const { book: ids } = assignIds(emptyIdBook, policy, capacity)
  const many = Array.from({ length: 1000 }, (_, at) => key(`10.1.${at >> 8}.${at & 255}`))
  const other = new Map([[0, prefixListOf([key('10.0.0.0'), key('10.1.0.0/24')])]])
  const build = (s: PrefixKey[], previous?: Compiled<TimedLists>) => {
    const entries = new Map([
      ['s', new Map([[0, prefixListOf(s)]])],
      ['other', other],
    ])
    return compile({ policy, ids, local: [], entries, delta: differenceOfTimed, capacity }, previous)
  }
  const before = build(many)
  const after = build([...many, key('10.1.200.7')], before)
  const root = (10 << 8) | 1
  const cells = (compiled: Compiled<TimedLists>, at: number) => (compiled.tables.prefixes.ipv4[at] as Branch).cells

  t.equal(after.tables.rows, before.tables.rows)
  t.equal(after.tables.prefixes.ipv6, before.tables.prefixes.ipv6)
  t.same(
    after.tables.prefixes.ipv4.flatMap((cell, at) => (cell === before.tables.prefixes.ipv4[at] ? [] : [at])),
    [root],
  )
  t.same(
    cells(after, root).flatMap((cell, at) => (cell === cells(before, root)[at] ? [] : [at])),
    [200],
  )
  t.equal(build(many, after).tables.rows, before.tables.rows)
})

test('entries that end are led on to what remains', async t => {
  const policy: PolicyDocument = {
    defaults: {},
    interfaces: {},
    sets: { s: {}, other: {} },
    rules: {
      x: { direction: 'ingress', action: 'deny', match: { source: ['@s'] } },
      y: { direction: 'ingress', action: 'allow', match: { source: ['@other'] } },
    },
  }
  const { book: ids } = assignIds(emptyIdBook, policy, capacity)
  const list = (...texts: string[]) => prefixListOf(texts.map(key))
  const build = (s: TimedLists, other: TimedLists, previous?: Compiled<TimedLists>, bootedAt = 0) =>
    compile(
      {
        policy,
        ids,
        local: [],
        entries: new Map([
          ['s', s],
          ['other', other],
        ]),
        delta: differenceOfTimed,
        capacity,
        bootOffsetMs: 1000 * bootedAt,
      },
      previous,
    )
  const chain = ({ tables }: Compiled<TimedLists>, address: string) => {
    const rows = new DataView(tables.rows.memberships.buffer)
    const row = (membership: number) => Membership.decode(rows, membership * Membership.size)
    const steps = [row(membershipIn(tables.prefixes, bytes(address)))]

    for (let last = steps[0]; last !== undefined && last.expiresS > 0; last = steps.at(-1)) steps.push(row(last.next))
    return steps.map(({ expiresS, classes }) => [expiresS, classes[0]])
  }
  const s = new Map([
    [0, list('192.0.2.128/25')],
    [100, list('192.0.2.1', '2001:db8::/64')],
    [200, list('192.0.2.0/24')],
  ])
  const other = new Map([
    [150, list('192.0.2.0/25')],
    [300, list('192.0.2.129', '2001:db8::1')],
  ])
  const first = build(s, other)
  const [[, none]] = chain(first, '198.51.100.1') as [[number, number]]
  const classOf = (address: string) => (chain(first, address)[0] as number[])[1] as number
  const [onlyS, both] = [classOf('192.0.2.130'), classOf('192.0.2.129')]
  const [[, onlyOther]] = chain(build(new Map(), other), '192.0.2.129') as [[number, number]]

  t.equal(new Set([none, onlyS, both]).size, 3)
  t.ok(onlyOther)
  t.same(chain(first, '198.51.100.1'), [[0, none]], 'nothing ends where nothing is')
  t.same(
    chain(first, '192.0.2.1').map(([end]) => end),
    [100, 150, 200, 0],
  )
  t.same(
    chain(first, '192.0.2.130'),
    [
      [200, onlyS],
      [0, onlyS],
    ],
    'what never ends stays',
  )
  t.same(chain(first, '192.0.2.129'), [
    [200, both],
    [300, both],
    [0, onlyS],
  ])
  t.same(
    chain(first, '2001:db8::1').map(([end]) => end),
    [100, 300, 0],
  )
  t.same(
    chain(build(s, other, first, 90), '192.0.2.1').map(([end]) => end),
    [10, 60, 110, 0],
    'the clock of the kernel is another',
  )

  const second = build(new Map([...s, [100, list('192.0.2.1')], [250, list('192.0.2.2')]]), other, first)
  t.same(
    chain(second, '192.0.2.2').map(([end]) => end),
    [150, 200, 250, 0],
  )
  t.same(
    chain(second, '2001:db8::1').map(([end]) => end),
    [300, 0],
  )
  t.equal(second.tables.rows.vectors, first.tables.rows.vectors, 'an end is no matter of rules')
  const gone = build(new Map(), new Map(), second)
  t.same(chain(gone, '192.0.2.1'), [[0, none]])
  t.equal(gone.tables.rows.memberships.length >= 2 * Membership.size, true)
  t.match(
    gone.use.find(({ table }) => table === 'memberships'),
    { used: 2 },
    'nothing is left behind',
  )
})

test('numbers that rest for a revision do not make a policy too large', async t => {
  const denying = (...sources: string[]): PolicyDocument => ({
    defaults: {},
    interfaces: {},
    rules: Object.fromEntries(
      sources.map(source => [`r${source[1]}`, { direction: 'ingress' as const, action: 'deny' as const, match: { source: [source] } }]),
    ),
  })
  const build = (policy: PolicyDocument, memberships: number, previous?: Compiled<TimedLists>) => {
    const { book: ids } = assignIds(emptyIdBook, policy, capacity)
    const tight = { ...capacity, memberships }
    return compile({ policy, ids, local: [], entries: new Map(), delta: differenceOfTimed, capacity: tight }, previous)
  }
  const before = build(denying('10.0.0.0/24', '12.0.0.0/24', '13.0.0.0/24', '14.0.0.0/24'), 7)
  const others = denying('20.0.0.0/24', '21.0.0.0/24', '23.0.0.0/24', '24.0.0.0/24')
  const after = build(others, 7, before)

  t.same(after.problems, [])
  t.equal(after.tables.rows.memberships.length, 6 * Membership.size)
  t.equal(membershipIn(after.tables.prefixes, bytes('10.0.0.1')), 0)
  t.not(membershipIn(after.tables.prefixes, bytes('20.0.0.1')), 0)
  t.match(build(others, 5, before).problems, [{ detail: 'table memberships would need 6 rows and has 5' }])
})

test('thousands of rules, past a summary word', async t => {
  const choose = <Value>(values: readonly Value[], at: number) => values[at % values.length] as Value
  const policy: PolicyDocument = {
    defaults: { ingress: 'deny' },
    interfaces: {},
    rules: Object.fromEntries(
      Array.from({ length: 9000 }, (_, at) => [
        `r${at}`,
        {
          priority: at,
          direction: 'ingress' as const,
          action: choose(['allow', 'deny'] as const, at),
          match: { source: [`10.${at >> 8}.${at & 255}.0/24`], destinationPorts: [String(1000 + at)] },
        },
      ]),
    ),
  }
  const world: World = { policy, local: [], entries: new Map(), ids: assignIds(emptyIdBook, policy, capacity).book }
  const packets = [0, 1, 63, 64, 4095, 4096, 4097, 8191, 8192, 8999, 9000].flatMap(at =>
    [at, at + 1].map(
      (other): Packet => ({
        direction: 'ingress',
        source: bytes(`10.${at >> 8}.${at & 255}.9`),
        destination: bytes('192.0.2.1'),
        protocol: 6,
        ports: [1, 1000 + other],
      }),
    ),
  )

  mustAgree(world, packets, compiled(world))
  t.pass('each decided alike')
})

test('a side says what packets must pay for, and nothing more', async t => {
  const flags = (part: Partial<PolicyDocument>, local: string[] = []) => {
    const { policy, problems, entries } = checkPolicy({ defaults: { management: [] }, interfaces: {}, ...part } as PolicyDocument)
    const { rows } = compiled({
      policy,
      local: local.map(key),
      ids: assignIds(emptyIdBook, policy, capacity).book,
      entries: new Map([...entries].map(([set, list]) => [set, keysOfDraft(list)])),
    }).tables
    const side = Side.decode(new DataView(rows.sides.buffer), 0)

    t.same(problems, [])
    return Object.entries(SideFlag)
      .filter(([, bit]) => side.flags & bit)
      .map(([name]) => name)
  }
  const deny = (match: object) => ({ rules: { r: { direction: 'ingress' as const, action: 'deny' as const, match } } })

  t.same(flags({}), [])
  t.same(flags({ defaults: {} }), ['management'])
  t.same(flags({ defaults: { egress: 'deny' } }), ['sources', 'management'], 'replies are known by their source')
  t.same(flags({ defaults: { management: [{ port: 22, protocol: 'tcp', sources: ['192.0.2.0/24'] }] } }), [
    'prefixesIpv4',
    'sources',
    'management',
  ])
  t.same(flags({}, ['192.0.2.1']), ['prefixesIpv4'])
  t.same(flags(deny({ destination: ['2001:db8::/32'] })), ['prefixesIpv6'])
  t.same(flags(deny({ source: ['2001:db8::/32'] })), ['prefixesIpv6', 'sources'])
  t.same(flags(deny({ source: ['0.0.0.0/0'] })), ['sources'], 'a family is no prefix')
  t.same(flags({ sets: { s: { entries: ['192.0.2.1'] } } }), [], 'a set that nobody names')
  const service = { address: '192.0.2.1', protocol: 'tcp', forwarding: 'dsr-l2', backends: { b: { address: '192.0.2.2' } } } as const
  t.same(flags({ services: { s: service } }), ['prefixesIpv4', 'services'])
  t.same(flags({ services: { s: { ...service, forwarding: 'nat' } } }), ['prefixesIpv4', 'sources', 'services'])
  t.same(flags({ services: { s: { ...service, enabled: false } } }), [])
})

test('rings and backends are what the document says', async t => {
  const policy: PolicyDocument = {
    defaults: {},
    interfaces: {},
    services: {
      web: {
        address: '198.51.100.10',
        ports: ['80'],
        protocol: 'tcp',
        forwarding: 'nat',
        backends: {
          a: { address: '10.0.0.1', port: 8080, weight: 300 },
          b: { address: '10.0.0.2' },
          c: { address: '10.0.0.3', state: 'disabled' },
          d: { address: '10.0.0.4', weight: 0 },
        },
      },
      six: {
        address: '2001:db8::10',
        ports: ['80'],
        protocol: 'tcp',
        forwarding: 'dsr-l2',
        hash: 'source',
        backends: { a: { address: '2001:db8::1', port: 80 } },
      },
      bare: { address: '198.51.100.11', protocol: 'tcp', forwarding: 'nat' },
    },
  }
  const { book: ids } = assignIds(emptyIdBook, policy, capacity)
  const { tables } = compiled({ policy, ids, local: [], entries: new Map() })
  const id = (name: string) => ids.backends.get(name) as number
  const shares = sharesOf(tables, ids.services.get('web') as number)

  t.same([...shares.keys()].sort(), [id('web/a'), id('web/b')].sort(), 'neither a disabled backend nor one of weight 0')
  t.ok(Math.abs((shares.get(id('web/a')) as number) / (shares.get(id('web/b')) as number) - 3) < 0.05)
  t.equal(sharesOf(tables, ids.services.get('bare') as number).size, 0)
  t.match(backendOf(tables, id('web/a')), {
    address: [0x0a000001, 0, 0, 0],
    port: 8080,
    family: 0,
    state: BackendState.active,
    serviceId: ids.services.get('web'),
  })
  t.match(backendOf(tables, id('web/b')), { port: 0, state: BackendState.active })
  t.match(backendOf(tables, id('web/c')), { state: BackendState.absent })
  t.match(backendOf(tables, id('web/d')), { state: BackendState.active }, 'its connections go on')
  t.match(backendOf(tables, id('six/a')), { address: [0x20010db8, 0, 0, 1], port: 0, family: 1 })
})

test('what does not fit is told by table, with numbers', async t => {
  const policy: PolicyDocument = {
    defaults: {},
    interfaces: {},
    rules: {
      x: { direction: 'ingress', action: 'deny', match: { source: ['192.0.2.0/24', '2001:db8::/32', '2001:db9::/32'], protocol: 'tcp' } },
      y: { direction: 'egress', action: 'deny', match: {} },
    },
    services: {
      s: {
        address: '192.0.2.1',
        ports: ['80'],
        protocol: 'tcp',
        forwarding: 'nat',
        backends: { a: { address: '10.0.0.1' }, b: { address: '10.0.0.2' } },
      },
    },
  }
  const tiny: Capacity = {
    prefixesIpv4: 1,
    prefixesIpv6: 1,
    prefixPages: 1,
    memberships: 2,
    vectors: 1,
    serviceRows: 1,
    ringLines: 1,
    ruleIds: 2,
    serviceIds: 1,
    backendIds: 2,
    connections: 1,
  }
  const { book } = assignIds(emptyIdBook, policy, tiny)
  const { problems, use } = compile({
    policy,
    entries: new Map(),
    delta: differenceOfTimed,
    local: [],
    ids: book,
    capacity: tiny,
  })
  const full = compiled({ policy, entries: new Map(), local: [], ids: assignIds(emptyIdBook, policy, capacity).book })

  t.same(
    problems.map(problem => /table (\w+)/.exec(problem.detail)?.[1]),
    ['prefixes_ipv4', 'prefixes_ipv6', 'memberships', 'vectors', 'rule_ids', 'service_ids', 'backend_ids'],
  )
  t.ok(problems.every(problem => problem.code === 'capacity_exceeded' && problem.hint))
  t.match(problems[1], { detail: 'table prefixes_ipv6 would need 2 rows and has 1' })
  t.same(full.problems, [])
  t.match(
    use.find(row => row.table === 'prefixes_ipv6'),
    { used: 2, max: 1 },
  )
  t.match(
    full.use.find(row => row.table === 'ring_lines'),
    { used: 128 },
  )
  const rules = Object.fromEntries(
    Array.from({ length: Limit.ruleBits + 1 }, (_, at) => [`r${at}`, { direction: 'egress' as const, action: 'deny' as const, match: {} }]),
  )
  t.match(compiled({ policy: { ...policy, rules, services: {} }, entries: new Map(), local: [], ids: book }).problems, [
    { detail: 'table rules_egress would need 16385 rows and has 16384' },
  ])
})
