/**
 * Requests through Drawgate, HAProxy and an nftables DNAT map, in turns, in one lab with the same clients and backends:
 * `npm run bench -- --beside 5`. CPU is that of the whole machine, softirq included, less what processes that are not ours took.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../test/lab/host.ts'
import { Lab } from '../test/lab/lab.ts'

const seconds = 3
const backendPort = 8080
const virtual = '198.51.100.20'
const kinds = ['new', 'keep'] as const

interface Load {
  readonly requests: number
  readonly failures: number
  readonly p99Us: number
  readonly tookUs: number
}

export interface Beside {
  readonly name: string
  readonly kind: (typeof kinds)[number]
  readonly perSecond: number[]
  readonly p99Us: number[]
  readonly cpuUs: number[]
  failures: number
}

interface Contestant {
  readonly name: string
  readonly address: string
  readonly port: number
  /** Resolves with what takes it away again. */
  begin(lab: Lab): Promise<() => Promise<unknown>>
}

function drawgate(forwarding: 'nat' | 'dsr-l2', port: number): Contestant {
  return {
    name: `drawgate, ${forwarding}`,
    address: virtual,
    port,
    async begin(lab) {
      const backends = lab.backends.map(host => [host.name, { address: host.ipv4, ...(forwarding === 'nat' ? { port: backendPort } : {}) }])
      const web = { address: virtual, ports: [String(port)], protocol: 'tcp', forwarding, backends: Object.fromEntries(backends) }
      await lab.gate.serve({
        policy: { defaults: { ingress: 'allow', egress: 'allow' }, interfaces: { 'c*': {}, 'b*': {} }, services: { web } },
      })
      return async () => {
        await lab.gate.daemon.stop()
        await lab.gate.detach()
      }
    },
  }
}

const contestants: readonly Contestant[] = [
  drawgate('nat', 80),
  drawgate('dsr-l2', backendPort),
  {
    name: 'nftables, DNAT map',
    address: virtual,
    port: 80,
    async begin(lab) {
      const map = lab.backends.map((host, at) => `${at} : ${host.ipv4} . ${backendPort}`).join(', ')
      const rule = `ip daddr ${virtual} tcp dport 80 dnat ip to numgen inc mod ${lab.backends.length} map { ${map} }`
      const chain = `chain c {\n type nat hook prerouting priority dstnat\n ${rule}\n }`
      await lab.gate.exec(['nft', '-f', '-'], { input: `table ip beside {\n ${chain}\n}\n` })
      return () => lab.gate.exec(['nft', 'delete', 'table', 'ip', 'beside'])
    },
  },
  {
    name: 'HAProxy, TCP mode',
    address: '10.1.0.1',
    port: 80,
    async begin(lab) {
      const file = `${lab.directory}/haproxy.cfg`
      const servers = lab.backends.map(host => ` server ${host.name} ${host.ipv4}:${backendPort}`).join('\n')
      const limits = 'timeout connect 5s\n timeout client 30s\n timeout server 30s'
      const listen = `listen web\n bind 10.1.0.1:80\n mode tcp\n balance roundrobin\n ${limits}\n${servers}\n`
      writeFileSync(file, `global\n maxconn 4000\n${listen}`)
      const running = await lab.gate.start(['haproxy', '-db', '-f', file])
      await until('HAProxy listens', async () => (await lab.gate.exec(['ss', '-Hltn', 'sport = :80'])) !== '')
      return () => running.stop('SIGKILL')
    },
  },
]

/** Clock ticks of 10 ms: what the machine was busy, and what of it were processes that do not descend from us. Threads of the kernel work for all. */
function busyTicks(): { all: number; others: number } {
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)
    .join()
    .split(/\s+/)
    .map(Number)
  const processes = new Map<number, { parent: number; ticks: number }>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number)
      // Its own time and that of children that it has waited for.
      processes.set(Number(entry), { parent: fields[1] ?? 0, ticks: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) })
    } catch {
      // It ended while we looked.
    }
  }
  const isOurs = (pid: number): boolean => pid === process.pid || (pid > 2 && isOurs(processes.get(pid)?.parent ?? 0))
  let others = 0
  for (const [pid, { parent, ticks }] of processes) if (pid !== 2 && parent !== 2 && !isOurs(pid)) others += ticks
  return { all: user + nice + system + irq + softirq, others }
}

/** Why it cannot be run here, and what to type; undefined where it can. */
function missing(): string | undefined {
  const absent = ['haproxy', 'nft', 'clang'].filter(program => {
    try {
      execFileSync('which', [program], { stdio: 'ignore' })
      return false
    } catch {
      return true
    }
  })
  const packages = absent.map(program => (program === 'nft' ? 'nftables' : program)).join(' ')
  return absent.length === 0 ? undefined : `not here: ${absent.join(', ')}; as root: apt-get install --no-install-recommends ${packages}`
}

export async function beside(rounds: number): Promise<Beside[]> {
  const why = missing()
  if (why !== undefined) throw new Error(why)

  const lab = await Lab.create({ clients: 1, backends: 4, addresses: [virtual], servers: false })
  const results = new Map<string, Beside>()
  try {
    const program = join(lab.directory, 'load')
    execFileSync('clang', ['-O2', '-Wall', '-Wextra', '-Werror', '-o', program, join(process.cwd(), 'bench', 'load.c')])
    for (const host of lab.backends) await host.start([program, 'serve', String(backendPort)], { ready: 'ready' })
    // HAProxy and the client open many thousand connections to one place.
    for (const host of [lab.gate, lab.client()]) await host.run('echo 1024 65535 > /proc/sys/net/ipv4/ip_local_port_range')

    for (let round = 0; round < rounds; round++)
      for (const { name, address, port, begin } of contestants) {
        const end = await begin(lab)
        const load = async (kind: string, length: number): Promise<Load> =>
          JSON.parse(await lab.client().exec([program, kind, address, String(port), '64', String(length)]))
        await load('new', 1)
        for (const kind of kinds) {
          const row = results.get(name + kind) ?? { name, kind, perSecond: [], p99Us: [], cpuUs: [], failures: 0 }
          const before = busyTicks()
          const { requests, failures, p99Us, tookUs } = await load(kind, seconds)
          const after = busyTicks()
          results.set(name + kind, row)
          row.perSecond.push((requests / tookUs) * 1e6)
          row.p99Us.push(p99Us)
          row.cpuUs.push(((after.all - before.all - (after.others - before.others)) * 10_000) / requests)
          row.failures += failures
        }
        await end()
      }
  } finally {
    await lab.close()
  }
  return kinds.flatMap(kind => [...results.values()].filter(row => row.kind === kind))
}
