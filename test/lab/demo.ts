/** `npm run demo`: a lab, the daemon, and a walk through what Drawgate does, each step by a command that can be repeated by hand. */
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { execute } from './host.ts'
import { joinPort } from './joint.ts'
import { cannotBuildLabs, Lab } from './lab.ts'

const web = '198.51.100.10'
const web6 = '2001:db8:64::10'

const cannot = cannotBuildLabs()
if (cannot !== false) {
  console.error(`demo: ${cannot}. Run it as root.`)
  process.exit(1)
}

const stopped = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort())
const lab = await Lab.create({ clients: 2, backends: 3 })
try {
  await walk()
  if (!process.argv.includes('--once')) {
    say('The demo stays up: repeat and change the commands in another terminal. Ctrl-C ends it and removes all of it.')
    // A timer keeps the process alive: waiting for an event alone does not.
    const alive = setInterval(() => {}, 1 << 30)
    await new Promise(resolve => stopped.signal.addEventListener('abort', resolve))
    clearInterval(alive)
  }
} catch (error) {
  if (!stopped.signal.aborted) {
    console.error(
      `\ndemo: ${error instanceof Error ? error.message : String(error)}\nThe daemon's log:\n${await lab.gate.run(`tail -n 20 ${lab.gate.log}`)}`,
    )
    process.exitCode = 1
  }
} finally {
  await lab.close()
}
// The pages' listener would keep us.
process.exit()

async function walk(): Promise<void> {
  const port = await freePort()
  await lab.gate.serve({ listen: `127.0.0.1:${port}` })
  const variables = {
    SOCKET: lab.gate.socket,
    ...Object.fromEntries(lab.clients.map((client, i) => [`CLIENT${i}`, `nsenter --net=/run/netns/${client.namespace}`])),
    POLICY: `${lab.directory}/policy.json`,
  }
  writeFileSync(variables.POLICY, `${readable(policy())}\n`)
  const env = `${lab.directory}/env`
  writeFileSync(
    env,
    Object.entries(variables)
      .map(([name, value]) => `${name}='${value}'\n`)
      .join(''),
  )

  say(`
  client 0  ${lab.client(0).ipv4} ─┐        ┌─ b0  ${lab.backend(0).ipv4}:8080
                        ├─ gate ─┼─ b1  ${lab.backend(1).ipv4}:8080
  client 1  ${lab.client(1).ipv4} ─┘        └─ b2  ${lab.backend(2).ipv4}:8080

Network namespaces on this machine; Drawgate runs in the gate and speaks HTTP on a unix socket. The commands below use:`)
  await step(`cat ${env}`, {})
  const shell = (line: string, ...checks: Check[]) => step(line, variables, ...checks)

  say('A policy: a service on two addresses spread over three backends, and a set of clients to block. One PUT, in force when it answers.')
  await shell('cat $POLICY')
  await shell('curl -sS --unix-socket $SOCKET -X PUT --json @$POLICY http://localhost/v1/policy | head -c 200', has('"revision":'))

  say('Real connections to the service, each answered by the backend that got it:')
  await shell(`$CLIENT0 curl -sS -H 'Connection: close' 'http://${web}/?[1-300]' | sort | uniq -c`, spreadOver(300))
  await shell(`$CLIENT1 curl -sS -H 'Connection: close' 'http://\\[${web6}\\]/?[1-300]' | sort | uniq -c`, spreadOver(300))
  await shell('curl -sS --unix-socket $SOCKET http://localhost/v1/services/web/status', counted)

  say('Client 0 is put into the set. Its packets are dropped before the kernel sees them, those of client 1 pass:')
  await shell(
    `curl -sS --unix-socket $SOCKET -X PATCH --json '{"add": ["${lab.client(0).ipv4}"]}' http://localhost/v1/sets/blocklist/entries`,
    has('"added":1'),
  )
  await shell(`$CLIENT0 curl -sS --max-time 2 http://${web}/ || echo "client 0: no answer"`, has('client 0: no answer'))
  await shell(`$CLIENT1 curl -sS --max-time 2 http://${web}/`, has(/^b[0-2]\n$/))
  await shell('curl -sS --unix-socket $SOCKET http://localhost/v1/rules/block-bad/status', counted)

  say('Why? The loaded program is asked what it would do to such a packet, and to one of client 1:')
  const trace = (source: string) => {
    const packet = {
      interface: 'c0',
      direction: 'ingress',
      fields: { source, destination: web, protocol: 'tcp', sourcePort: 40000, destinationPort: 80 },
    }
    return `curl -sS --unix-socket $SOCKET --json '${JSON.stringify(packet)}' http://localhost/v1/trace`
  }
  await shell(trace(lab.client(0).ipv4), has('"verdict":"drop"'), has('"rule":"block-bad"'))
  await shell(trace(lab.client(1).ipv4), has('"service":"web"'), has(/"backend":"b[0-2]"/))

  say('The daemon is killed: the kernel goes on with what it was told. Started again, it takes over without a gap:')
  await step(`kill -9 ${lab.gate.daemon.pid}`, {})
  await lab.gate.daemon.ended
  await shell(`$CLIENT1 curl -sS -H 'Connection: close' 'http://${web}/?[1-300]' | sort | uniq -c`, spreadOver(300))
  await shell(`$CLIENT0 curl -sS --max-time 2 http://${web}/ || echo "client 0: no answer"`, has('client 0: no answer'))
  await lab.gate.serve({ listen: `127.0.0.1:${port}` })

  say('Client 0 is let in again:')
  await shell(
    `curl -sS --unix-socket $SOCKET -X PATCH --json '{"remove": ["${lab.client(0).ipv4}"]}' http://localhost/v1/sets/blocklist/entries`,
    has('"removed":1'),
  )
  await shell(`$CLIENT0 curl -sS --max-time 2 http://${web}/`, has(/^b[0-2]\n$/))

  say('TCP is listened on once there is a token, which every request needs; the pages of the API do not:')
  await joinPort(lab.gate, port, `${lab.directory}/tcp.sock`)
  await shell(`curl -sS --unix-socket $SOCKET --json '{"name": "demo", "role": "viewer"}' http://localhost/v1/tokens`, has('"demo"'))
  await shell(`curl -sS http://127.0.0.1:${port}/v1/status`, has('"unauthenticated"'))
  await shell(`curl -sSL -o /dev/null -w '%{http_code}\\n' http://127.0.0.1:${port}/docs`, has(/^200\n$/))
  say(`The API's pages: http://127.0.0.1:${port}/docs\nThe variables of the commands: . ${env}`)
}

/** In the words of docs: what `PUT /v1/policy` takes. */
function policy(): object {
  const backends = (family: 'ipv4' | 'ipv6') =>
    Object.fromEntries(lab.backends.map(host => [host.name, { address: host[family], port: 8080 }]))
  const service = (address: string, family: 'ipv4' | 'ipv6') => ({
    address,
    ports: ['80'],
    protocol: 'tcp',
    forwarding: 'nat',
    backends: backends(family),
  })
  return {
    defaults: { ingress: 'allow', egress: 'allow' },
    interfaces: { 'c*': {}, 'b*': {} },
    sets: { blocklist: { description: 'by hand' } },
    rules: { 'block-bad': { priority: 10, direction: 'ingress', action: 'deny', match: { source: ['@blocklist'] } } },
    services: { web: service(web, 'ipv4'), 'web-ipv6': service(web6, 'ipv6') },
  }
}

/** Says what is wrong with a command's output, or nothing. */
type Check = (stdout: string) => string | undefined

function has(what: string | RegExp): Check {
  return stdout => ((typeof what === 'string' ? stdout.includes(what) : what.test(stdout)) ? undefined : `the output lacks ${what}`)
}

/** Lines of `uniq -c`: every backend answered, and they sum up to every request. */
function spreadOver(requests: number): Check {
  return stdout => {
    const shares = [...stdout.matchAll(/^ *(\d+) (b\d)$/gm)].map(match => Number(match[1]))
    const sum = shares.reduce((total, share) => total + share, 0)
    if (sum !== requests) return `${sum} of ${requests} requests were answered`
    return shares.length === lab.backends.length ? undefined : `${shares.length} of ${lab.backends.length} backends answered`
  }
}

function counted(stdout: string): string | undefined {
  return Number(/"packets":(\d+)/.exec(stdout)?.[1] ?? 0) > 0 ? undefined : 'no packet was counted'
}

/** Prints a command, runs it, prints its output, and fails when a check does. */
async function step(line: string, variables: Record<string, string>, ...checks: Check[]): Promise<void> {
  console.log(`\n$ ${line}`)
  const words = Object.entries(variables).map(([name, value]) => `${name}='${value}'`)
  const { stdout, stderr, status } = await execute(['sh', '-c', [...words, line].join('\n')])
  process.stdout.write(indented(stdout + stderr))
  if (stopped.signal.aborted) throw new Error('stopped')
  const problem = checks.map(check => check(stdout)).find(found => found !== undefined) ?? (status === 0 ? undefined : `status ${status}`)
  if (problem !== undefined) throw new Error(`this step did not do what it says: ${problem}`)
}

/** JSON with everything on one line that fits there. */
function readable(value: unknown, indent = ''): string {
  const line = JSON.stringify(value, undefined, 1).replace(/\n */g, ' ')
  if (line.length + indent.length < 100 || typeof value !== 'object' || value === null) return line
  const members = Object.entries(value).map(([name, member]) => `${indent}  "${name}": ${readable(member, `${indent}  `)}`)
  return `{\n${members.join(',\n')}\n${indent}}`
}

function indented(output: string): string {
  return output === '' ? '' : `${output.trimEnd().replace(/^/gm, '  ')}\n`
}

function say(text: string): void {
  console.log(`\n${text}`)
}

/** A port that nothing on this machine listens on, 8080 if that is one. */
async function freePort(): Promise<number> {
  const server = createServer().listen(8080, '127.0.0.1')
  const failed = await Promise.race([once(server, 'listening').then(() => false), once(server, 'error').then(() => true)])
  if (failed) server.listen(0, '127.0.0.1')
  if (failed) await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 8080
}
