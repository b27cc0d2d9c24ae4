/** The lab itself: traffic passes, labs do not disturb each other, and nothing of them stays, even after kill -9. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { test } from 'tap'
import { execute, until } from './host.ts'
import { cannotBuildLabs, Lab } from './lab.ts'
import { sendSteadily, sendTcp, sendUdp } from './send.ts'

const skip = cannotBuildLabs()

/** Namespaces, files and mounts that carry a lab's name. */
function remains(name: string): string[] {
  const namespaces = existsSync('/run/netns') ? readdirSync('/run/netns') : []
  const directories = existsSync('/run/drawgate-lab') ? readdirSync('/run/drawgate-lab') : []
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  return [...namespaces, ...directories, ...mounts].filter(entry => entry.includes(name))
}

test('clients reach backends through the gate, by IPv4 and IPv6, TCP and UDP', { skip }, async t => {
  const lab = await Lab.create({ clients: 1, backends: 2 })
  t.teardown(() => lab.close())
  const [client, backend] = [lab.client(), lab.backend(1)]
  for (const address of [backend.ipv4, backend.ipv6]) {
    t.match(await sendTcp(client, address, 7, { count: 20 }), { answered: 20, lost: 0, backends: { b1: 20 } })
    t.match(await sendUdp(client, address, 7, { count: 20 }), { answered: 20, lost: 0, backends: { b1: 20 } })
  }
  t.equal(await client.run(`curl -s http://${backend.ipv4}/`), 'b1\n')
  const steady = await sendSteadily(client, backend.ipv4, 7, { count: 5 })
  const report = await steady.report()
  t.match(report, { lost: 0 })
  t.ok(report.answered > 0)
  t.match(await sendTcp(client, backend.ipv4, 9, { count: 2 }), { answered: 0, lost: 2, errors: [/ECONNREFUSED/] })
})

test('a host tells why a command failed', { skip }, async t => {
  const lab = await Lab.create({ servers: false })
  t.teardown(() => lab.close())
  await t.rejects(lab.gate.exec(['ip', 'link', 'show', 'absent']), /gate: ip link show absent: status 1\nDevice "absent" does not exist/)
  t.match(await lab.gate.try(['sh', '-c', 'echo out; echo err >&2; exit 3']), { stdout: 'out\n', stderr: 'err\n', status: 3 })
  t.throws(() => lab.client(1), /this lab has 1 of these, not a number 1/)
})

test('backends hold service addresses without telling their neighbours', { skip }, async t => {
  const lab = await Lab.create({ clients: 0, backends: 1, addresses: ['198.51.100.10', '2001:db8:64::10'] })
  t.teardown(() => lab.close())
  await lab.gate.exec(['ip', 'route', 'add', '198.51.100.10/32', 'via', lab.backend().ipv4])
  await lab.gate.exec(['ip', 'route', 'add', '2001:db8:64::10/128', 'via', lab.backend().ipv6])
  t.equal(await lab.gate.run('curl -s http://198.51.100.10/'), 'b0\n')
  t.equal(await lab.gate.run('curl -s http://[2001:db8:64::10]/'), 'b0\n')
  await lab.gate.exec(['ip', 'route', 'replace', '198.51.100.10/32', 'dev', 'b0'])
  t.equal((await lab.gate.try(['curl', '-s', '--connect-timeout', '1', 'http://198.51.100.10/'])).status, 28, 'nobody answers ARP for it')
})

test('many labs at once, each with the same addresses', { skip }, async t => {
  const [first, ...others] = await Promise.all([Lab.create(), Lab.create(), Lab.create()])
  t.teardown(() => Promise.all(others.map(lab => lab.close())))
  const answers = async (labs: readonly Lab[]) => Promise.all(labs.map(lab => sendTcp(lab.client(), lab.backend().ipv4, 7, { count: 5 })))
  t.match(await answers([first, ...others]), [{ lost: 0 }, { lost: 0 }, { lost: 0 }])
  await first.close()
  t.match(await answers(others), [{ lost: 0 }, { lost: 0 }], 'closing one leaves the others')
})

test('closing leaves nothing', { skip }, async t => {
  const lab = await Lab.create()
  t.ok(remains(lab.name).length > 0)
  await lab.close()
  t.same(remains(lab.name), [])
  await lab.close()
})

test('nothing stays when the owner is killed', { skip }, async t => {
  const script = `import { Lab } from '${import.meta.resolve('./lab.js')}'
    const lab = await Lab.create(); console.log(lab.name); setInterval(() => {}, 1000)`
  for (const signal of ['SIGKILL', 'SIGINT', 'SIGTERM'] as const) {
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [name] = (await once(createInterface(owner.stdout), 'line')) as [string]
    t.ok(remains(name).length > 0, `${name} is there`)
    owner.kill(signal)
    await until(`${name} is gone after ${signal}`, () => remains(name).length === 0)
    t.same(remains(name), [])
  }
})

test('the next lab sweeps what an owner and its watchdog left', { skip }, async t => {
  const dead = 'drawgate-1-1-0'
  await execute(['ip', 'netns', 'add', `${dead}-gate`])
  t.ok(remains(dead).length > 0, 'process 1 began at another time, so this owner is gone')
  const lab = await Lab.create({ servers: false })
  t.teardown(() => lab.close())
  t.same(remains(dead), [])
  t.ok(remains(lab.name).length > 0)
})
