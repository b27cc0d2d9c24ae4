/** Who sends: control group and user of a real socket, on egress, with programs attached to the device. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { cgroupRoot } from '../../controlplane/native/cgroups.ts'
import { listDevices } from '../../controlplane/native/netlink.ts'
import { type Box, cannotLoad, dataplane } from './box.ts'

const root = cgroupRoot()
const skip = cannotLoad() || (root === undefined ? 'needs a cgroup2 hierarchy' : false)
const name = `drawgate-test-${process.pid}`

/** A control group of its own for the test, with one in it. */
function makeCgroup(t: Test): { outer: string; inner: string } {
  const [outer, inner] = [`/${name}`, `/${name}/inner`]

  for (const path of [outer, inner]) mkdirSync(join(root as string, path))
  t.teardown(() => {
    for (const path of [inner, outer]) rmdirSync(join(root as string, path))
  })
  return { outer, inner }
}

/** Sends one UDP packet to port 9 of a far end, from a control group, as a user. */
function send(address: string, { cgroup = '/', uid = 0 }: { cgroup?: string; uid?: number } = {}): void {
  const script = `
    echo $$ > "$1/cgroup.procs"
    exec setpriv --reuid="$2" --clear-groups bash -c 'echo x > /dev/udp/'"$3"'/9'`

  execFileSync('bash', ['-c', script, 'send', join(root as string, cgroup), String(uid), address])
}

async function attached(t: Test, policy: Parameters<Box['apply']>[0]): Promise<Box> {
  const box = await dataplane(t, policy)

  const device = listDevices().find(({ name }) => name === 'in0')

  if (device === undefined) throw new Error('in0 is gone')
  await box.dataplane.attach(device, { xdp: 'off', egress: 'auto' })
  return box
}

test('the cgroup of the socket, or one around it', { skip }, async t => {
  const { outer, inner } = makeCgroup(t)
  const rule = (cgroup: string, priority: number) => ({
    direction: 'egress' as const,
    priority,
    action: 'deny' as const,
    match: { cgroup, protocol: 'udp' as const, destinationPorts: ['9'] },
  })
  const box = await attached(t, {
    rules: {
      gone: rule('/nobody-has-this', 1),
      outer: rule(outer, 3),
      inner: { ...rule(inner, 2), match: { cgroup: inner, protocol: 'udp', destination: ['192.0.2.7'] } },
    },
  })
  const counts = () => ['gone', 'outer', 'inner'].map(rule => Number(box.dataplane.counters.rule(box.idOfRule(rule)).packets))

  send('192.0.2.7')
  t.same(counts(), [0, 0, 0], 'another cgroup')
  send('192.0.2.7', { cgroup: outer })
  t.same(counts(), [0, 1, 0])
  send('192.0.2.7', { cgroup: inner })
  t.same(counts(), [0, 1, 1], 'the rule of the inner one comes first')
  send('2001:db8:1::7', { cgroup: inner })
  t.same(counts(), [0, 2, 1], 'and what it does not match, the outer one does')
})

test('the user of the socket', { skip }, async t => {
  const box = await attached(t, {
    rules: { user: { direction: 'egress', action: 'deny', match: { uid: 65534, protocol: 'udp', destinationPorts: ['9'] } } },
  })
  const count = () => Number(box.dataplane.counters.rule(box.idOfRule('user')).packets)

  for (const [address, before] of [
    ['192.0.2.7', 0],
    ['2001:db8:1::7', 1],
  ] as const) {
    send(address)
    send(address, { uid: 65533 })
    t.equal(count(), before, `${address}: other users`)
    send(address, { uid: 65534 })
    t.equal(count(), before + 1, `${address}: this user`)
  }
})
