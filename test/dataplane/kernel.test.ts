/** What outlives the control plane: pins, links and filters, and how a new process takes them over without a gap. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Test, test } from 'tap'
import { Layout } from '../../controlplane/dataplane/abi.ts'
import { Dataplane, type DataplaneOptions, type DeviceFacts } from '../../controlplane/dataplane/dataplane.ts'
import { objectDirectory, objectFiles } from '../../controlplane/dataplane/objects.ts'
import { enterNewNetwork } from '../../controlplane/native/namespace.ts'
import { countFilters, listDevices } from '../../controlplane/native/netlink.ts'
import { BpfObject } from '../../controlplane/native/object.ts'
import { xdpState } from '../../controlplane/native/program.ts'
import { ether } from '../lab/packet.ts'
import { churnCapacity, churnTables, emptyTables, ipv4Key, tablesWith } from './tables.ts'

const skip = process.getuid?.() === 0 ? false : 'needs root to load BPF programs'
const small = {
  ruleIds: 64,
  serviceIds: 64,
  backendIds: 64,
  connections: 1024,
  vectors: 64,
  memberships: 64,
  ringLines: 64,
  serviceRows: 64,
}
const denyAll = tablesWith({ ingress: 'deny' })
let pinDirs = 0

/** A directory for pins that is emptied after the test, programs taken off first. */
function pinDirectory(t: Test): string {
  const pinDir = `/sys/fs/bpf/drawgate_test_${process.pid}_${pinDirs++}`

  t.teardown(() => Dataplane.detachAll(pinDir))
  return pinDir
}

async function open(t: Test, pinDir: string, options: DataplaneOptions = {}): Promise<Dataplane> {
  const dataplane = await Dataplane.open({ pinDir, capacity: small, ...options })

  t.teardown(() => dataplane.close())
  return dataplane
}

function ip(line: string): string {
  return execFileSync('ip', line.split(' '), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function tc(line: string): string {
  return execFileSync('tc', line.split(' '), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** A network of the test's own with `v0` (192.0.2.1) and its far end `v0p`. */
function network(): DeviceFacts {
  enterNewNetwork()
  ip('link set lo up')
  // Neighbour discovery of the devices' own would be counted among the packets that the tests send.
  execFileSync('sysctl', ['-qw', 'net.ipv6.conf.default.disable_ipv6=1'])
  ip('link add v0 address 02:00:00:00:00:01 type veth peer name v0p')
  ip('link set v0 up')
  ip('link set v0p up')
  ip('address add 192.0.2.1/24 dev v0')
  return device('v0')
}

function device(name: string): DeviceFacts {
  const found = listDevices().find(candidate => candidate.name === name)

  if (!found) throw new Error(`no device ${name}`)
  return found
}

const toGate = ether({ destination: '02:00:00:00:00:01' }).ip4('192.0.2.7', '192.0.2.1').udp(5000, 7)

/** Sends a packet into v0 from outside until it is stopped; answers how many frames were sent. */
function flood(t: Test, packet = toGate): () => Promise<number> {
  const script = fileURLToPath(new URL('flood.js', import.meta.url))
  const child: ChildProcess = spawn(process.execPath, [script, 'v0p', Buffer.from(packet.bytes()).toString('hex')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })

  t.teardown(() => child.kill())
  return async () => {
    child.stdin?.end()
    const [sent] = (await once(child.stdout ?? child, 'data')) as [Buffer]

    return Number(sent.toString())
  }
}

function dropped(dataplane: Dataplane): bigint {
  return dataplane.counters
    .outcomes()
    .filter(({ verdict }) => verdict === 'drop')
    .reduce((sum, { packets }) => sum + packets, 0n)
}

async function until(condition: () => boolean): Promise<void> {
  for (const limit = performance.now() + 10_000; !condition(); ) {
    if (performance.now() > limit) throw new Error('what was waited for has not happened in 10 s')
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}

/** Opens, fills, takes over and attaches, as the daemon does at its start. */
async function start(t: Test, pinDir: string, facts: DeviceFacts, options: DataplaneOptions = {}): Promise<Dataplane> {
  const dataplane = await open(t, pinDir, options)

  if (dataplane.differs(denyAll)) {
    await dataplane.stage(denyAll)
    dataplane.commit(dataplane.revision + 1)
  }
  await dataplane.takeOver()
  await dataplane.attach(facts, { xdp: 'auto', egress: 'auto' })
  return dataplane
}

test('programs, maps and links are pinned where they are documented, and nothing else is', { skip }, async t => {
  const v0 = network()
  const pinDir = pinDirectory(t)
  const dataplane = await start(t, pinDir, v0)
  const [status] = dataplane.devices()
  const pins = readdirSync(join(pinDir, `v${Layout.version}`))

  t.match(status, { name: 'v0', ifindex: v0.ifindex, state: 'attached', mode: 'native', driver: 'veth', mtu: 1500 })
  t.ok(status?.programId && status.linkId)
  t.same(pins.filter(name => !name.startsWith('maps_') && !name.startsWith('link_')).sort(), [
    'tc_egress',
    'tc_ingress',
    'xdp_generic',
    'xdp_ingress',
  ])
  t.ok(pins.includes('maps_revision') && pins.includes(`link_xdp_${v0.ifindex}`))
  t.notOk(
    pins.some(name => name.startsWith('new_')),
    'no temporary name stays',
  )
  if (status?.egress === 'tcx') t.ok(pins.includes(`link_tcx_ingress_${v0.ifindex}`) && pins.includes(`link_tcx_egress_${v0.ifindex}`))
  t.same(await dataplane.attach(v0, { xdp: 'auto', egress: 'auto' }), status, 'attaching again changes nothing')
})

test('a control plane that ends leaves the kernel enforcing, and the next one takes over without letting a packet through', {
  skip,
}, async t => {
  const v0 = network()
  const pinDir = pinDirectory(t)
  const first = await start(t, pinDir, v0)
  const receiver = createSocket('udp4')
  let received = 0

  t.teardown(() => receiver.close())
  receiver.on('message', () => {
    received++
  })
  receiver.bind(7, '192.0.2.1')
  await once(receiver, 'listening')
  const stop = flood(t)

  await until(() => dropped(first) > 100n)
  const before = dropped(first)
  const [old] = first.devices()

  first.close()
  const second = await open(t, pinDir)

  t.equal(second.revision, 1, 'the revision in force is still there')
  t.ok(dropped(second) > before, 'nobody was there and packets were counted')
  t.notOk(second.differs(denyAll))
  t.match(
    second.devices(),
    [{ name: 'v0', state: 'attached', programId: old?.programId, linkId: old?.linkId }],
    'not touched before takeOver',
  )
  await second.takeOver()
  const [taken] = second.devices()

  t.equal(taken?.linkId, old?.linkId, 'the link is the same')
  t.not(taken?.programId, old?.programId, 'the program is the new one')
  t.equal(xdpState(v0.ifindex).programId, taken?.programId)
  for (const revision of [2, 3, 4]) {
    await second.stage(denyAll)
    second.commit(revision)
  }
  const third = await start(t, pinDir, v0)
  const counted = dropped(third)

  await until(() => dropped(third) > counted + 100n)
  t.ok((await stop()) > 0)
  t.equal(received, 0, 'no packet passed, at any moment')

  /* The nearest miss: the same packets arrive as soon as the policy lets them. */
  await third.stage(emptyTables())
  third.commit(5)
  const goOn = flood(t)

  await until(() => received > 0)
  await goOn()
})

test('a control plane killed at any moment leaves one whole revision in force', { skip }, async t => {
  const pinDir = pinDirectory(t)
  const script = fileURLToPath(new URL('churn.js', import.meta.url))
  let last = 0

  for (let round = 0; round < 6; round++) {
    const child = spawn(process.execPath, [script, pinDir], { stdio: ['ignore', 'pipe', 'inherit'] })

    await once(child.stdout, 'data')
    await new Promise(resolve => setTimeout(resolve, 20 + Math.random() * 100))
    child.kill('SIGKILL')
    await once(child, 'exit')
    const dataplane = await open(t, pinDir, { capacity: churnCapacity })

    t.ok(dataplane.revision >= last, `round ${round}: revision ${dataplane.revision}`)
    last = dataplane.revision
    t.notOk(dataplane.differs(churnTables(last)))
    t.ok(dataplane.differs(churnTables(last + 1)))
    dataplane.close()
  }
  t.ok(last > 1, 'some of them got further')
})

test('a tag that is no longer in the bytes does not hide a packet from tc_ingress', { skip }, async t => {
  const v0 = network()
  const dataplane = await start(t, pinDirectory(t), v0)

  // The kernel takes a tag out of the bytes before TC, as a device with VLAN offload does before everybody.
  await dataplane.attach(v0, { xdp: 'off', egress: 'off' })
  const stop = flood(t, ether({ destination: '02:00:00:00:00:01' }).vlan(100).ip4('192.0.2.7', '192.0.2.1').udp(5000, 7))

  await until(() => dropped(dataplane) > 0n)
  await stop()
  const outcomes = dataplane.counters.outcomes().filter(({ hook }) => hook === 'tc_ingress')

  t.same(
    outcomes.map(({ verdict }) => verdict),
    ['drop'],
  )
})

test('maps of another size are made anew and take over only when they are filled', { skip }, async t => {
  const v0 = network()
  const pinDir = pinDirectory(t)
  const first = await start(t, pinDir, v0)

  first.runProgram('xdp_ingress', toGate.bytes())
  const counted = dropped(first)

  first.close()
  const second = await open(t, pinDir, { capacity: { ...small, vectors: 128 } })

  t.equal(second.revision, 0)
  t.ok(second.differs(denyAll))
  await t.rejects(second.takeOver(), { code: 'order' }, 'empty tables would let everything through')
  await second.stage(denyAll)
  second.commit(7)
  await second.takeOver()
  t.equal(xdpState(v0.ifindex).programId, second.devices()[0]?.programId)
  t.equal(dropped(second), counted, 'counters have kept their shape and their counts')
  second.close()
  const third = await open(t, pinDir, { capacity: { ...small, vectors: 128 } })

  t.equal(third.revision, 7, 'the new maps are pinned')
})

test('tables in force survive a restart with their prefixes', { skip }, async t => {
  network()
  const pinDir = pinDirectory(t)
  const prefixes = new Map([
    [ipv4Key('192.0.2.0/24'), 2],
    [ipv4Key('192.0.2.7/32'), 3],
    [ipv4Key('198.51.100.0/24'), 2],
  ])
  const first = await open(t, pinDir)

  await first.stage(tablesWith({ prefixes }))
  first.commit(1)
  await first.takeOver()
  await first.stage(tablesWith({ prefixes: new Map([[ipv4Key('192.0.2.0/24'), 5]]) }))
  first.close()
  const second = await open(t, pinDir)

  t.notOk(second.differs(tablesWith({ prefixes })))
  t.ok(second.differs(tablesWith({ prefixes: new Map([...prefixes, [ipv4Key('192.0.2.8/32'), 3]]) })))
  t.ok(second.differs(tablesWith({ prefixes, ingress: 'deny' })))
})

test('clsact stands in for tcx, one filter under one handle', { skip }, async t => {
  const v0 = network()
  const pinDir = pinDirectory(t)
  const first = await start(t, pinDir, v0)
  const filters = (): number[] => [countFilters(v0.ifindex, 'ingress'), countFilters(v0.ifindex, 'egress')]

  t.match(await first.attach(v0, { xdp: 'off', egress: 'clsact' }), { state: 'attached', mode: 'off', egress: 'clsact', linkId: null })
  const placed = filters()
  const [old] = first.devices()

  t.ok(placed.every(count => count > 0))
  t.equal(xdpState(v0.ifindex).mode, 'none')
  first.close()
  const second = await start(t, pinDir, v0)

  t.same(filters(), placed, 'replaced, not added')
  t.match(second.devices(), [{ state: 'attached', mode: 'native', egress: 'clsact' }])
  await second.attach(v0, { xdp: 'off', egress: 'off' })
  const [ingress, egress] = filters()

  t.equal(ingress, placed[0])
  t.equal(egress, 0)
  t.not(second.devices()[0]?.programId, old?.programId)
  second.close()
  t.match(await Dataplane.detachAll(pinDir), ['tc_ingress (clsact) from v0'])
  t.notMatch(tc('qdisc show dev v0'), /clsact/, 'the qdisc that was made for it is gone as well')
})

test("a stranger's filter and its qdisc stay when ours go", { skip }, async t => {
  const v0 = network()
  const pinDir = pinDirectory(t)
  const dataplane = await start(t, pinDir, v0)

  await dataplane.attach(v0, { xdp: 'off', egress: 'clsact' })
  tc(`filter add dev v0 egress prio 7 bpf da pinned ${pinDir}/v${Layout.version}/tc_egress`)
  const before = countFilters(v0.ifindex, 'egress')

  await dataplane.detach(v0.ifindex)
  t.same(dataplane.devices(), [])
  t.equal(countFilters(v0.ifindex, 'ingress'), 0)
  t.ok(countFilters(v0.ifindex, 'egress') > 0)
  t.ok(countFilters(v0.ifindex, 'egress') < before)
  t.match(tc('qdisc show dev v0'), /clsact/)
})

test('modes change in place, and what cannot be is said', { skip }, async t => {
  const v0 = network()
  const dataplane = await Dataplane.open({ capacity: small })

  t.teardown(() => dataplane.close())
  await dataplane.stage(denyAll)
  dataplane.commit(1)
  t.match(await dataplane.attach(v0, { xdp: 'generic', egress: 'tcx' }), { state: 'attached', mode: 'generic' })
  t.equal(xdpState(v0.ifindex).mode, 'generic')
  t.match(await dataplane.attach(v0, { xdp: 'native', egress: 'off' }), { state: 'attached', mode: 'native', egress: 'off' })
  t.equal(xdpState(v0.ifindex).mode, 'native')
  await dataplane.detach(v0.ifindex)
  await dataplane.detach(v0.ifindex)
  t.equal(xdpState(v0.ifindex).mode, 'none')

  const other = await Dataplane.open({ capacity: small })

  t.teardown(() => other.close())
  await other.stage(denyAll)
  other.commit(1)
  await other.attach(v0, { xdp: 'native', egress: 'off' })
  t.match(await dataplane.attach(v0, { xdp: 'native', egress: 'off' }), {
    state: 'degraded',
    mode: 'off',
    error: /EBUSY.*tc_ingress stands in/,
  })
  t.match(await dataplane.attach(v0, { xdp: 'auto', egress: 'off' }), { state: 'degraded', mode: 'off', error: /EBUSY/ })
  await other.detach(v0.ifindex)
  t.match(await dataplane.attach(v0, { xdp: 'auto', egress: 'off' }), { state: 'attached', mode: 'native' }, 'as soon as it can be')
  await t.rejects(dataplane.attach({ ...v0, ifindex: 9999 }, { xdp: 'auto', egress: 'auto' }), { code: 'refused' })
  t.equal(dataplane.devices().length, 1, 'a device that is not there leaves nothing behind')
})

test('a device whose frames have no Ethernet header is judged by TC alone', {
  skip: skip || (existsSync('/dev/net/tun') ? false : 'needs /dev/net/tun'),
}, async t => {
  network()
  ip('tuntap add tun0 mode tun')
  ip('link set tun0 up')
  const dataplane = await Dataplane.open({ capacity: small })

  t.teardown(() => dataplane.close())
  await dataplane.stage(denyAll)
  dataplane.commit(1)
  t.match(await dataplane.attach(device('tun0'), { xdp: 'auto', egress: 'auto' }), { state: 'attached', mode: 'off', driver: 'tun' })
  t.match(await dataplane.attach(device('tun0'), { xdp: 'native', egress: 'auto' }), {
    state: 'degraded',
    mode: 'off',
    error: /no Ethernet header/,
  })
})

test('two control planes side by side do not touch each other', { skip }, async t => {
  const [one, two] = [pinDirectory(t), pinDirectory(t)]
  const first = await start(t, one, network())
  const second = await start(t, two, network())
  const [before] = first.devices()

  t.equal(before?.ifindex, second.devices()[0]?.ifindex, 'the same number in two namespaces')
  await first.stage(emptyTables())
  first.commit(2)
  t.equal(second.revision, 1)
  second.runProgram('xdp_ingress', toGate.bytes())
  t.equal(dropped(second), 1n)
  t.equal(dropped(first), 0n)
  second.close()
  t.match(await Dataplane.detachAll(two), [/^xdp_ingress from v0$/, /^tc_ingress from v0$/, /^tc_egress from v0$/])
  t.notOk(existsSync(two))
  t.same(first.devices(), [before])
  t.ok(existsSync(join(one, `v${Layout.version}`, 'xdp_ingress')))
})

test('detachAll takes programs off under a control plane that still runs, and twice does no harm', { skip }, async t => {
  const v0 = network()
  const pinDir = pinDirectory(t)

  await start(t, pinDir, v0)
  const removed = await Dataplane.detachAll(pinDir)

  t.ok(removed.includes('xdp_ingress from v0') && removed.includes(`pin ${pinDir}/v${Layout.version}/maps_revision`))
  t.equal(xdpState(v0.ifindex).mode, 'none')
  t.same(await Dataplane.detachAll(pinDir), [])
  t.same(await Dataplane.detachAll('/sys/fs/bpf/drawgate_never_there'), [])
})

test('what an older layout has pinned is taken over where it stands', { skip }, async t => {
  const v0 = network()
  const pinDir = pinDirectory(t)
  const old = await start(t, pinDir, v0)
  const before = old.devices()[0]

  old.close()
  renameSync(join(pinDir, `v${Layout.version}`), join(pinDir, 'v1'))
  const now = await open(t, pinDir)

  t.match(now.devices(), [{ ifindex: v0.ifindex, linkId: before?.linkId }], 'the same link')
  t.equal(now.revision, 0, 'with tables of our own')
  await now.stage(denyAll)
  now.commit(9)
  await now.takeOver()
  t.match(now.devices(), [{ linkId: before?.linkId, programId: now.program('xdp_ingress').id }])
  t.same(readdirSync(pinDir), [`v${Layout.version}`])
})

test('a pin of a device that has gone is cleared away', { skip }, async t => {
  const v0 = network()
  const pinDir = pinDirectory(t)
  const first = await start(t, pinDir, v0)

  ip('link delete v0')
  first.close()
  const second = await open(t, pinDir)

  t.same(second.devices(), [])
  t.notOk(readdirSync(join(pinDir, `v${Layout.version}`)).some(name => name.startsWith('link_')))
})

test('a trace moves nothing that is live', { skip }, async t => {
  const dataplane = await Dataplane.open({ capacity: small, trace: true })

  t.teardown(() => dataplane.close())
  await dataplane.stage(denyAll)
  dataplane.commit(3)
  for (const hook of ['xdp_ingress', 'tc_ingress'] as const)
    t.match(dataplane.trace({ hook, packet: toGate.bytes() }), {
      verdict: 'drop',
      reason: 'default',
      revision: 3,
      ruleId: 0,
      fragment: 'none',
    })
  t.match(dataplane.trace({ hook: 'tc_egress', packet: toGate.bytes() }), { verdict: 'pass', reason: 'default' })
  t.match(
    dataplane.trace({ hook: 'tc_ingress', packet: toGate.bytes() }).steps.map(({ stage }) => stage),
    ['parse', 'prefixes', 'default'],
  )
  t.same(dataplane.counters.outcomes(), [])
  await dataplane.stage(emptyTables())
  dataplane.commit(4)
  t.match(dataplane.trace({ hook: 'xdp_ingress', packet: toGate.bytes() }), { verdict: 'pass', revision: 4 }, 'the twin follows the policy')
})

test('counters of ids that are taken anew begin at zero', { skip }, async t => {
  const dataplane = await Dataplane.open({ capacity: small })

  t.teardown(() => dataplane.close())
  dataplane.clearCounters({ rules: [1, 63, 9999], services: [1], backends: [] })
  t.same(dataplane.counters.rule(1), { packets: 0n, bytes: 0n })
  t.same(dataplane.counters.rule(9999), { packets: 0n, bytes: 0n }, 'an id that there cannot be has counted nothing')
})

test('what is closed throws and does not crash', { skip }, async t => {
  const dataplane = await Dataplane.open({ capacity: small })

  dataplane.close()
  dataplane.close()
  t.throws(() => dataplane.revision, { code: 'closed' })
  t.throws(() => dataplane.counters.rule(1), { code: 'closed' })
  t.throws(() => dataplane.runProgram('tc_egress', toGate.bytes()), { code: 'closed' })
  t.throws(() => dataplane.trace({ hook: 'tc_egress', packet: toGate.bytes() }), { code: 'closed' })
  await t.rejects(dataplane.stage(emptyTables()), { code: 'closed' })
})

test('objects that are missing, foreign or refused by the verifier say so and what to do', { skip }, async t => {
  const directory = mkdtempSync(join(tmpdir(), 'drawgate-'))

  t.teardown(() => rmSync(directory, { recursive: true }))
  await t.rejects(Dataplane.open({ objectDir: directory }), { code: 'missing', message: /xdp\.bpf\.o.*npm run build/ })
  for (const file of objectFiles) {
    const object = readFileSync(join(objectDirectory(), file))

    object.write('REASON_NO_BACKENT', object.indexOf('REASON_NO_BACKEND\0'))
    writeFileSync(join(directory, file), object)
  }
  await t.rejects(Dataplane.open({ objectDir: directory }), {
    code: 'layout',
    message: /not built from the sources.*npm run build\n- enum reason/,
  })
  const source = join(directory, 'bad.bpf.c')

  writeFileSync(
    source,
    '__attribute__((section("xdp"), used)) int bad(void *ctx) { return *(volatile int *)((char *)ctx + 9999); }\nchar l[] __attribute__((section("license"), used)) = "GPL";\n',
  )
  execFileSync('clang', ['-O1', '-g', '-target', 'bpf', '-Wno-everything', '-c', source, '-o', join(directory, 'bad.bpf.o')])
  const object = new BpfObject(join(directory, 'bad.bpf.o'))

  t.throws(
    () => object.load(),
    { code: 'refused', errno: 13, message: /loading .*bad\.bpf\.o: .*EACCES[\s\S]*invalid bpf_context access/ },
    "the verifier's last lines",
  )
  object.close()
  t.throws(() => object.load(), { code: 'closed' })
})

test('pins go to a bpffs or are refused', { skip }, async t => {
  const directory = mkdtempSync(join(tmpdir(), 'drawgate-'))

  t.teardown(() => rmSync(directory, { recursive: true }))
  await t.rejects(Dataplane.open({ pinDir: join(directory, 'pins') }), {
    code: 'missing',
    message: /not on a bpffs; choose a directory below \/sys\/fs\/bpf/,
  })
  await t.rejects(Dataplane.open({ pinDir: '/sys/fs/bpf/draw.gate' }), { code: 'missing', message: /no dots/ })
})
