/** The edge to the operating system: rtnetlink, credentials, waiting. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'tap'
import { gracePeriod } from '../../controlplane/native/grace.ts'
import { peerCredentials } from '../../controlplane/native/libc.ts'
import { enterNewNetwork } from '../../controlplane/native/namespace.ts'
import { listDevices, NetworkWatch } from '../../controlplane/native/netlink.ts'
import { addressOf, errorOf, linkOf, messages } from '../../controlplane/native/rtnetlink.ts'

const skip = process.getuid?.() === 0 ? false : 'needs root to make a network namespace'

function ip(line: string): void {
  execFileSync('ip', line.split(' '), { stdio: ['ignore', 'ignore', 'pipe'] })
}

test('links and addresses are those of the namespace that the process is in', { skip }, async t => {
  const outside = listDevices()

  enterNewNetwork()
  t.match(listDevices(), [{ name: 'lo', ifindex: 1, type: 772, up: false, driver: '' }], 'an empty network')
  ip('link add v0 address 02:00:00:00:00:01 mtu 9000 type veth peer name v0p')
  ip('link set v0 up')
  ip('address add 192.0.2.1/24 dev v0')
  ip('address add 2001:db8::1/64 dev v0 nodad')
  const watch = NetworkWatch.open()

  t.teardown(() => watch.close())
  const v0 = watch.devices().find(({ name }) => name === 'v0')

  t.match(v0, { type: 1, kind: 'veth', driver: 'veth', mtu: 9000, up: true, mac: '02:00:00:00:00:01' })
  t.not(outside.length, 0)
  const own = watch.addresses().filter(({ ifindex }) => ifindex === v0?.ifindex)

  t.ok(own.some(({ family, address }) => family === 4 && [...address].join('.') === '192.0.2.1'))
  t.ok(own.some(({ family, address }) => family === 6 && Buffer.from(address).toString('hex') === '20010db8000000000000000000000001'))
  t.same(watch.forwarding(), { ipv4: false, ipv6: false })
  execFileSync('sysctl', ['-qw', 'net.ipv4.ip_forward=1'])
  t.same(watch.forwarding(), { ipv4: true, ipv6: false })
})

test('a burst of changes calls back, and nothing calls back after close', { skip }, async t => {
  enterNewNetwork()
  const watch = NetworkWatch.open()
  let calls = 0
  const changed = new Promise<void>(resolve => {
    watch.onChange(() => {
      calls++
      resolve()
    })
  })

  ip('link add v0 type veth peer name v0p')
  ip('address add 192.0.2.1/24 dev v0')
  await changed
  t.ok(watch.devices().some(({ name }) => name === 'v0'))
  await new Promise(resolve => setImmediate(resolve))
  t.ok(calls <= 2, `${calls} calls for many messages`)
  const stop = watch.onChange(() => t.fail('was stopped'))

  stop()
  watch.close()
  watch.close()
  ip('link delete v0')
  await new Promise(resolve => setImmediate(resolve))
})

test('messages cut short or made up are read without harm', async t => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      for (const { body } of messages(bytes)) {
        linkOf(body)
        addressOf(body)
        errorOf(body)
      }
      linkOf(bytes)
      addressOf(bytes)
    }),
  )
  t.equal(linkOf(new Uint8Array(3)), undefined)
  t.equal(addressOf(new Uint8Array(7)), undefined)
})

test('a unix socket knows who is at the other end, others say that they do not', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'drawgate-'))
  const path = join(directory, 'socket')
  const accepted: Socket[] = []
  const server = createServer(socket => {
    accepted.push(socket)
  }).listen(path)

  await once(server, 'listening')
  const client = connect(path)

  await once(server, 'connection')
  t.same(peerCredentials(fdOf(accepted[0])), { pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() })
  const tcp = createServer().listen(0, '0.0.0.0')

  await once(tcp, 'listening')
  t.throws(() => peerCredentials(fdOf(tcp)), { code: 'refused', message: /only unix sockets know/ })
  t.throws(() => peerCredentials(-1), { code: 'refused', errno: 9 })
  client.destroy()
  server.close()
  tcp.close()
  for (const socket of accepted) socket.destroy()
  rmSync(directory, { recursive: true })
})

function fdOf(socket: unknown): number {
  return (socket as { _handle: { fd: number } })._handle.fd
}

test('a grace period ends while the event loop goes on', { skip }, async t => {
  let turns = 0
  const timer = setInterval(() => {
    turns++
  }, 1)
  for (let periods = 0; periods < 100 && turns === 0; periods++) await gracePeriod()
  clearInterval(timer)
  t.ok(turns > 0)
})
