/** Counting: each packet once, under the reason that decided it; and what the programs cost the verifier. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { InterfaceFlag, reasonNames } from '../../controlplane/dataplane/abi.ts'
import { objectDirectory, objectFiles } from '../../controlplane/dataplane/objects.ts'
import { decode, ether } from '../lab/packet.ts'
import { deepestChains } from '../lab/stack.ts'
import { cannotLoad, dataplane, hooks, ifindex, network, openBox } from './box.ts'

const skip = cannotLoad()
const packet = ether().ip4('192.0.2.7', '198.51.100.1').udp(5000, 53, { payload: 'drawgate' })

test('before the first policy everything passes', { skip }, async t => {
  const box = await openBox()

  t.teardown(() => box.dataplane.close())
  for (const hook of hooks) t.match(box.run(packet, hook), { action: 'pass', verdict: 'pass', reason: 'none' }, hook)
})

test('bytes are those of the IP packet, tags and padding aside', { skip }, async t => {
  const box = await dataplane(t, { rules: { seen: { direction: 'ingress', action: 'allow', match: { destinationPorts: ['53'] } } } })

  t.match(box.run(packet), { bytes: 36n, rule: 'seen' })
  t.match(box.run(ether({ padTo: 60 }).vlan(7).ip4('192.0.2.7', '198.51.100.1').udp(5000, 53, { payload: 'drawgate' })), { bytes: 36n })
})

test('ten thousand packets are ten thousand', { skip }, async t => {
  const box = await dataplane(t, { rules: { seen: { direction: 'ingress', action: 'deny', match: {} } } })

  box.dataplane.runProgram('xdp_ingress', packet.bytes(), { repeat: 10_000 })
  t.match(box.dataplane.counters.rule(box.idOfRule('seen')), { packets: 10_000n, bytes: 360_000n })
})

test('a driver without room for metadata cannot hand over', { skip }, async t => {
  const box = await dataplane(t, {
    services: { web: { address: '198.51.100.1', protocol: 'udp', forwarding: 'nat', backends: { far: { address: '10.9.9.9' } } } } as never,
  })
  const bytes = packet.bytes()
  let size = 256

  // Metadata as large as this kernel lets it be (32 bytes on 6.1), found from above.
  for (let accepted = false; !accepted && size > 0; size -= accepted ? 0 : 4) {
    const context = new Uint8Array(24)
    const view = new DataView(context.buffer)

    view.setUint32(0, size, true)
    view.setUint32(4, size + bytes.length, true)
    try {
      box.dataplane.program('xdp_ingress').testRun({ packet: new Uint8Array([...new Uint8Array(size), ...bytes]), context })
      accepted = true
    } catch {
      // Larger than it accepts.
    }
  }
  t.ok(size >= 32)
  t.match(box.dataplane.counters.outcomes(), [{ hook: 'xdp_ingress', verdict: 'drop', reason: 'handover_failed', packets: 1n }])
})

test('an interface without Ethernet: frames begin with IP', { skip }, async t => {
  const box = await dataplane(t, {
    rules: { no: { direction: 'ingress', action: 'deny', match: { source: ['8.0.2.0/24'], destinationPorts: ['53'] } } },
  })
  const device = { name: 'in0', ifindex: ifindex('in0'), type: 65534, kind: 'tun', driver: 'tun', mtu: 1500, up: true, mac: network.inMac }

  await box.dataplane.attach(device, { xdp: 'auto', egress: 'off' })
  t.teardown(() => box.dataplane.detach(device.ifindex))
  // The kernel takes the type of a test packet from where an Ethernet header would have it: these addresses spell IPv4 there.
  const naked = ether().ip4('8.0.2.7', '198.51.100.1').udp(5000, 53, { payload: 'drawgate' }).ipBytes()

  t.match(box.run(naked, 'tc_ingress', 'in0'), { action: 'drop', reason: 'rule' })
  t.match(box.run(ether().ip4('8.0.2.7', '198.51.100.1').udp(5000, 54, { payload: 'drawgate' }).ipBytes(), 'tc_ingress', 'in0'), {
    action: 'pass',
    reason: 'default',
  })
})

test('what came without an Ethernet header is sent on with one', { skip }, async t => {
  const box = await dataplane(t, {
    services: { dns: { address: '198.51.100.1', protocol: 'udp', forwarding: 'nat', backends: { b: { address: '10.0.0.11' } } } } as never,
  })
  const naked = ether().ip4('8.0.2.7', '198.51.100.1').udp(5000, 53, { payload: 'drawgate' }).ipBytes()

  box.dataplane.describeDevice(ifindex('in0'), InterfaceFlag.noEthernet)
  const sent = box.run(naked, 'tc_ingress', 'in0')

  t.match(sent, { action: 'redirect', reason: 'service' })
  t.equal(sent.packet.length, naked.length + 14)
  t.equal(decode(sent.packet.subarray(14), { ethernet: false }).ip?.destination, '10.0.0.11')
})

test('every reason has been met by some test', async t => {
  const folder = join(process.cwd(), 'test', 'dataplane')
  const tests = readdirSync(folder)
    .filter(name => name.endsWith('.test.ts'))
    .map(name => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
  // Only a kernel without memory refuses an entry of an LRU map.
  const notToBeProvoked = ['table_full']

  for (const reason of reasonNames) t.ok(notToBeProvoked.includes(reason) || tests.includes(`reason: '${reason}'`), reason)
})

test('no chain of calls needs more than the 512 bytes of stack that kernel 6.1 has for it', { skip }, t => {
  const programs = [...objectFiles, 'backend.bpf.o'].flatMap(file => [...deepestChains(join(objectDirectory(), file))])

  t.same(
    programs.map(([name]) => name).filter(name => !(hooks as readonly string[]).includes(name)),
    ['xdp_generic', 'move_connections', 'sweep_connections', 'backend_ingress', 'backend_egress'],
  )
  // Other releases of clang need a little more.
  for (const [name, { bytes, path }] of programs) t.ok(bytes <= 512 - 32, `${name}: ${bytes} (${path})`)
  t.end()
})

test('the verifier has room left', { skip }, async t => {
  const box = await dataplane(t)

  for (const hook of hooks)
    t.ok(
      box.dataplane.program(hook).verifiedInstructions < 500_000,
      `${hook}: ${box.dataplane.program(hook).verifiedInstructions} instructions`,
    )
})
