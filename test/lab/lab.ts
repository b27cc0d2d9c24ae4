/** A network of namespaces on this machine: clients - gate - backends, gone again when its owner is, however that ends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Gate } from './gate.ts'
import { checkout, execute, Host, type Running } from './host.ts'

export interface LabOptions {
  /** Default 1 each. Client N is 10.1.N.2 and 2001:db8:10N::2 behind the gate's device cN, backend N 10.2.N.2 and 2001:db8:20N::2 behind bN; the far devices are eth0. */
  clients?: number
  backends?: number
  /** Service addresses that backends hold on lo without answering ARP for them, as `dsr-l2` asks of them. */
  addresses?: readonly string[]
  /** Servers on the backends; false: none. Default: HTTP on 80 and 8080, echo by TCP and UDP on 7. */
  servers?: ServerPorts | false
  mtu?: number
  /** False: clients and backends compute checksums themselves, as behind a real cable. */
  offloads?: boolean
  /** True: far ends take frames that XDP sends on, which veth refuses as long as nothing polls there. */
  xdpPeers?: boolean
}

export interface ServerPorts {
  http?: readonly number[]
  tcp?: readonly number[]
  udp?: readonly number[]
}

const defaultPorts: ServerPorts = { http: [80, 8080], tcp: [7], udp: [7] }
const cleaner = join(checkout, 'test/lab/clean.sh')
let labCount = 0

export class Lab {
  readonly name: string
  /** State of the daemon, its socket, logs and pins: everything of this lab that is not a namespace. */
  readonly directory: string
  readonly gate: Gate
  readonly clients: readonly Host[]
  readonly backends: readonly Host[]
  /** Takes the lab away as soon as the pipe to it closes, by us or by our death. */
  readonly #watchdog: ChildProcess

  private constructor(name: string, options: LabOptions, watchdog: ChildProcess) {
    this.name = name
    this.directory = `/run/drawgate-lab/${name}`
    this.#watchdog = watchdog
    const hosts = (count: number, letter: 'c' | 'b', net: number) =>
      Array.from(
        { length: count },
        (_, i) => new Host(`${letter}${i}`, `${name}-${letter}${i}`, `10.${net}.${i}.2`, `2001:db8:${net}0${i}::2`),
      )
    this.clients = hosts(options.clients ?? 1, 'c', 1)
    this.backends = hosts(options.backends ?? 1, 'b', 2)
    const nearest = this.clients.length > 0 ? 1 : 2
    this.gate = new Gate(`${name}-gate`, `10.${nearest}.0.1`, `2001:db8:${nearest}00::1`, this.directory)
  }

  static async create(options: LabOptions = {}): Promise<Lab> {
    await sweep()
    const name = `drawgate-${process.pid}-${startedAt(process.pid)}-${labCount++}`
    const watchdog = spawn(cleaner, ['--wait', name], { stdio: ['pipe', 'ignore', 'inherit'], detached: true })
    const lab = new Lab(name, options, watchdog)
    // Neither the watchdog nor its pipe keep us alive.
    watchdog.unref()
    ;(watchdog.stdin as unknown as { unref(): void }).unref()
    try {
      await lab.#build(options)
    } catch (error) {
      await lab.close()
      throw error
    }
    return lab
  }

  client(index = 0): Host {
    return this.#at(this.clients, index)
  }

  backend(index = 0): Host {
    return this.#at(this.backends, index)
  }

  /** Asks the gate's daemon over its socket. */
  api(...request: Parameters<Gate['api']>): ReturnType<Gate['api']> {
    return this.gate.api(...request)
  }

  /** Ends every process in the lab and removes all of it. */
  async close(): Promise<void> {
    if (this.#watchdog.exitCode !== null) return
    this.#watchdog.ref()
    this.#watchdog.stdin?.end()
    await once(this.#watchdog, 'close')
  }

  #at(hosts: readonly Host[], index: number): Host {
    const host = hosts[index]
    if (host === undefined) throw new Error(`this lab has ${hosts.length} of these, not a number ${index}`)
    return host
  }

  async #build(options: LabOptions): Promise<void> {
    const far = [...this.clients, ...this.backends]
    const hosts = [this.gate, ...far]
    mkdirSync(`${this.directory}/bpf`, { recursive: true })
    await must(['mount', '-t', 'bpf', 'bpf', `${this.directory}/bpf`])
    await must(
      ['ip', '-batch', '-'],
      hosts.map(host => `netns add ${host.namespace}`),
    )
    // Before there are devices, since they take their settings from `default` when they are made.
    await Promise.all(hosts.map(host => host.run(sysctls(host === this.gate))))
    await must(
      ['ip', '-batch', '-'],
      far.map(
        host =>
          `link add eth0 mtu ${options.mtu ?? 1500} netns ${host.namespace} type veth peer name ${host.name} mtu ${options.mtu ?? 1500} netns ${this.gate.namespace}`,
      ),
    )
    await must(
      [...this.gate.enter, 'ip', '-batch', '-'],
      [
        'link set lo up',
        ...far.flatMap(host => [
          `address add ${gateway(host.ipv4)}/24 dev ${host.name}`,
          `address add ${gateway(host.ipv6)}/64 dev ${host.name} nodad`,
          `link set ${host.name} up`,
        ]),
      ],
    )
    await Promise.all(far.map(host => this.#configure(host, options)))
    await Promise.all(this.backends.map(host => startServer(host, options.servers ?? defaultPorts, options.addresses ?? [])))
  }

  async #configure(host: Host, options: LabOptions): Promise<void> {
    const vips = this.backends.includes(host) ? (options.addresses ?? []) : []
    await must(
      [...host.enter, 'ip', '-batch', '-'],
      [
        'link set lo up',
        ...vips.map(
          address => `address add ${address}${address.includes(':') ? '/128' : '/32'} dev lo${address.includes(':') ? ' nodad' : ''}`,
        ),
        `address add ${host.ipv4}/24 dev eth0`,
        `address add ${host.ipv6}/64 dev eth0 nodad`,
        'link set eth0 up',
        `route add default via ${gateway(host.ipv4)}`,
        `route add default via ${gateway(host.ipv6)}`,
      ],
    )
    if (options.offloads === false) await host.exec(['ethtool', '-K', 'eth0', 'tx', 'off'])
    // Receive offload makes veth poll (NAPI), which is what lets the other end's XDP send to it.
    if (options.xdpPeers === true) await host.exec(['ethtool', '-K', 'eth0', 'gro', 'on'])
  }
}

/** The gate's address on the same cable. */
export function gateway(address: string): string {
  return address.replace(/2$/, '1')
}

/** Why no lab can be built here, for `skip`; false where it can. */
export function cannotBuildLabs(): string | false {
  return process.geteuid?.() === 0 ? false : 'needs root: network namespaces and BPF'
}

/** Starts echo servers that answer with the host's name first, and waits until they listen. */
export async function startServer(host: Host, ports: ServerPorts | false, addresses: readonly string[] = []): Promise<Running | undefined> {
  if (ports === false) return undefined
  const list = (name: string, numbers: readonly number[] = []) => numbers.map(port => `--${name}=${port}`)
  const words = [...list('http', ports.http), ...list('tcp', ports.tcp), ...list('udp', ports.udp)]
  // UDP answers from the address that was asked only when a socket is bound to it.
  const own = [host.ipv4, host.ipv6, ...addresses].map(address => `--address=${address}`)
  return host.start([process.execPath, join(checkout, 'dist/test/lab/server.js'), host.name, ...words, ...own], { ready: 'ready' })
}

/** Shell that sets what a lab's network needs; also for devices still to come. */
function sysctls(isGate: boolean): string {
  const forwarding = isGate ? 1 : 0
  const settings: [string, number][] = [
    ['net/ipv4/ip_forward', forwarding],
    ['net/ipv6/conf/all/forwarding', forwarding],
  ]
  for (const device of ['all', 'default']) {
    // Duplicate detection would keep addresses from use for a second or two.
    settings.push([`net/ipv6/conf/${device}/accept_dad`, 0], [`net/ipv6/conf/${device}/accept_ra`, 0])
    // Answers of a dsr backend come from an address that is not of their cable.
    settings.push([`net/ipv4/conf/${device}/rp_filter`, 0])
    // A service address on lo must not be told to the neighbours (dsr-l2).
    if (!isGate) settings.push([`net/ipv4/conf/${device}/arp_ignore`, 1], [`net/ipv4/conf/${device}/arp_announce`, 2])
  }
  return settings.map(([name, value]) => `echo ${value} > /proc/sys/${name}`).join(' && ')
}

async function must(command: readonly string[], lines: readonly string[] = []): Promise<void> {
  const output = await execute(command, { input: lines.map(line => `${line}\n`).join('') })
  if (output.status !== 0) throw new Error(`${command.join(' ')}: ${output.stderr}\n${lines.join('\n')}`)
}

/** Removes labs whose owner is gone and whose watchdog was killed as well. */
async function sweep(): Promise<void> {
  const names = new Set<string>()
  for (const directory of ['/run/netns', '/run/drawgate-lab']) {
    for (const entry of entriesOf(directory)) {
      const [name, pid, started] = /^drawgate-(\d+)-(\d+)-\d+/.exec(entry) ?? []
      if (name !== undefined && startedAt(Number(pid)) !== started) names.add(name)
    }
  }
  await Promise.all(Array.from(names, name => execute([cleaner, name])))
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** When a process began, in clock ticks since boot: with its pid, a name that no later process has. Empty: there is none. */
function startedAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
