/** The loaded programs in a box: a policy goes in, then packets, and out comes what the kernel did with each. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Test } from 'tap'
import { InterfaceFlag } from '../../controlplane/dataplane/abi.ts'
import { Dataplane, type HookName } from '../../controlplane/dataplane/dataplane.ts'
import { cgroupIds } from '../../controlplane/native/cgroups.ts'
import { bootOffsetMs } from '../../controlplane/native/clock.ts'
import { enterNewNetwork } from '../../controlplane/native/namespace.ts'
import { listDevices } from '../../controlplane/native/netlink.ts'
import { checkPolicy } from '../../controlplane/policy/check.ts'
import { namedCgroups } from '../../controlplane/policy/classes.ts'
import { compile } from '../../controlplane/policy/compile.ts'
import type { PolicyDocument } from '../../controlplane/policy/document.ts'
import { assignIds, emptyIdBook, type IdBook } from '../../controlplane/policy/ids.ts'
import { newMemory } from '../../controlplane/policy/memory.ts'
import { isFailure, parsePrefix, prefixKey } from '../../controlplane/policy/prefix.ts'
import { differenceOfTimed, prefixListOf } from '../../controlplane/policy/prefix-list.ts'
import type { Capacity, PrefixKey } from '../../controlplane/policy/tables.ts'
import { describe, type Packet } from '../lab/packet.ts'
import { listsOfDraft } from '../policy/drafts.ts'

export const hooks = ['xdp_ingress', 'tc_ingress', 'tc_egress'] as const
export const ingressHooks = ['xdp_ingress', 'tc_ingress'] as const

/** What a program answers, by hook: the numbers are the kernel's (linux/bpf.h, linux/pkt_cls.h). */
const xdpActions: Readonly<Record<number, string>> = { 0: 'aborted', 1: 'drop', 2: 'pass', 3: 'transmit', 4: 'redirect' }
const tcActions: Readonly<Record<number, string>> = { [-1]: 'pass', 0: 'ok', 2: 'drop', 7: 'redirect' }

export interface Result {
  /** What the kernel does with the packet. */
  action: string
  /** What was counted: verdict and reason; `none` where nothing was (a handover). */
  verdict: string
  reason: string
  /** Whose counters rose by this packet. */
  rule?: string
  service?: string
  backend?: string
  bytes: bigint
  packet: Uint8Array
}

export interface BoxOptions {
  /** Addresses of the gate itself: `@local`. */
  local?: string[]
  capacity?: Partial<Capacity>
}

const noPolicy: PolicyDocument = { defaults: { ingress: 'allow', egress: 'allow', management: [] }, interfaces: {} }
let own = false

/**
 * A network for this test file: `in0` (192.0.2.1/24, 2001:db8:1::1/64) is where clients are, `out0` (10.0.0.1/24, fd00::1/64) where
 * backends are, with neighbours 10.0.0.11 … 10.0.0.14 and fd00::11 … fd00::14 known, 10.0.0.99 unknown.
 */
export const network = {
  clientMac: '02:00:00:00:01:02',
  inMac: '02:00:00:00:01:01',
  outMac: '02:00:00:00:02:01',
  backendMac: (n: number) => `02:00:00:00:02:${n}`,
}

function ip(line: string): void {
  execFileSync('ip', line.split(' '), { stdio: ['ignore', 'ignore', 'pipe'] })
}

export function makeNetwork(): void {
  if (own) return
  own = true
  enterNewNetwork()
  ip('link set lo up')
  for (const [name, mac, four, six] of [
    ['in0', network.inMac, '192.0.2.1/24', '2001:db8:1::1/64'],
    ['out0', network.outMac, '10.0.0.1/24', 'fd00::1/64'],
  ]) {
    ip(`link add ${name} address ${mac} type veth peer name ${name}p`)
    // A far end that speaks by itself (neighbour discovery, multicast listeners) would be counted among the packets of the tests.
    execFileSync('sysctl', ['-qw', `net.ipv6.conf.${name}p.disable_ipv6=1`])
    ip(`link set ${name} up`)
    ip(`link set ${name}p up`)
    ip(`address add ${four} dev ${name}`)
    ip(`address add ${six} dev ${name} nodad`)
  }
  for (const n of [11, 12, 13, 14]) {
    ip(`neighbour add 10.0.0.${n} lladdr ${network.backendMac(n)} dev out0 nud permanent`)
    ip(`neighbour add fd00::${n} lladdr ${network.backendMac(n)} dev out0 nud permanent`)
  }
  ip(`neighbour add 192.0.2.7 lladdr ${network.clientMac} dev in0 nud permanent`)
  ip(`neighbour add 2001:db8:1::7 lladdr ${network.clientMac} dev in0 nud permanent`)
  // The namespace's own /proc/sys/net: procfs shows the network of whoever reads it.
  execFileSync('sysctl', ['-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'])
}

/** Index of a device of this file's network. */
export function ifindex(name: string): number {
  const [device] = JSON.parse(execFileSync('ip', ['-j', 'link', 'show', name], { encoding: 'utf8' })) as { ifindex: number }[]

  if (!device) throw new Error(`no device ${name}`)
  return device.ifindex
}

function keyOf(text: string): PrefixKey {
  const prefix = parsePrefix(text)

  if (isFailure(prefix)) throw new Error(`${text}: ${prefix.problem.detail}`)
  return prefixKey(prefix)
}

export class Box {
  readonly dataplane: Dataplane
  /** Compiles as if it were so much later. */
  clockAheadMs = 0
  readonly #memory = newMemory()
  #book: IdBook = emptyIdBook
  #local: PrefixKey[] = []

  constructor(dataplane: Dataplane, local: readonly string[]) {
    this.dataplane = dataplane
    this.local = local
  }

  /** Addresses of the gate from the next policy on. */
  set local(texts: readonly string[]) {
    this.#local = texts.map(keyOf)
  }

  /**
   * Puts a policy into force, as the gate does. `more`: entries of sets too large for the document. `deadlineMs`: the one before comes
   * back by itself.
   */
  async apply(policy: Partial<PolicyDocument>, more: ReadonlyMap<string, PrefixKey[]> = new Map(), deadlineMs?: number): Promise<void> {
    await this.stage(policy, more)
    this.dataplane.commit(this.dataplane.revision + 1, deadlineMs)
  }

  /** Fills the side that is not in force. */
  async stage(policy: Partial<PolicyDocument>, more: ReadonlyMap<string, PrefixKey[]> = new Map()): Promise<void> {
    const document = { ...noPolicy, ...policy }
    const checked = checkPolicy(document, { localAddresses: this.#local, force: true })

    if (checked.problems.length > 0) throw new Error(`policy: ${JSON.stringify(checked.problems, null, 1)}`)
    const { book, taken } = assignIds(this.#book, checked.policy, this.dataplane.capacity)
    const entries = new Map([...checked.entries].map(([name, draft]) => [name, listsOfDraft(draft)]))

    for (const [name, keys] of more) entries.set(name, new Map([[0, prefixListOf(keys)]]))

    const { tables, problems } = compile({
      policy: checked.policy,
      entries,
      delta: differenceOfTimed,
      local: this.#local,
      ids: book,
      capacity: this.dataplane.capacity,
      devices: listDevices(),
      cgroups: cgroupIds(namedCgroups(checked.policy)),
      bootOffsetMs: bootOffsetMs() + this.clockAheadMs,
      memory: this.#memory,
    })

    if (problems.length > 0) throw new Error(`compile: ${JSON.stringify(problems)}`)
    this.#book = book
    this.dataplane.clearCounters(taken)
    await this.dataplane.stage(tables)
  }

  /** One packet through a loaded program. */
  run(packet: Packet | Uint8Array, hook: HookName = 'xdp_ingress', device?: string): Result {
    const bytes = packet instanceof Uint8Array ? packet : packet.bytes()
    const before = this.#counts()
    const run = this.dataplane.runProgram(hook, bytes, device ? { ifindex: ifindex(device) } : {})
    const risen = [...this.#counts()].filter(([key, count]) => count.packets !== (before.get(key)?.packets ?? 0n))
    const action = (hook === 'xdp_ingress' ? xdpActions : tcActions)[run.returnCode | 0] ?? `code ${run.returnCode}`
    const result: Result = { action, verdict: 'none', reason: 'none', bytes: 0n, packet: run.packet }

    for (const [key, count] of risen) {
      const [kind, ...name] = key.split(' ')
      const old = before.get(key)

      if (count.packets !== (old?.packets ?? 0n) + 1n) throw new Error(`${key} rose by more than one packet: ${describe(bytes)}`)
      if (kind === 'outcome') {
        if (result.verdict !== 'none' || name[0] !== hook)
          throw new Error(`counted twice or at the wrong hook: ${risen.map(([risenKey]) => risenKey)}`)
        result.verdict = name[1] ?? ''
        result.reason = name[2] ?? ''
        result.bytes = count.bytes - (old?.bytes ?? 0n)
      } else if (kind === 'rule' || kind === 'service' || kind === 'backend') {
        result[kind] = name.join(' ')
      }
    }
    return result
  }

  idOfRule(name: string): number {
    return this.#book.rules.get(name) ?? 0
  }

  idOfDetector(name: string): number {
    return this.#book.detectors.get(name) ?? 0
  }

  #counts(): Map<string, { packets: bigint; bytes: bigint }> {
    const { counters } = this.dataplane
    const counts = new Map<string, { packets: bigint; bytes: bigint }>()

    for (const row of counters.outcomes()) counts.set(`outcome ${row.hook} ${row.verdict} ${row.reason}`, row)
    for (const [name, id] of this.#book.rules) counts.set(`rule ${name}`, counters.rule(id))
    for (const [name, id] of this.#book.services) counts.set(`service ${name}`, counters.service(id))
    for (const [name, id] of this.#book.backends) counts.set(`backend ${name}`, counters.backend(id))
    return counts
  }
}

/** Loads the programs, pinned nowhere: closing the box ends them. */
export async function openBox(options: BoxOptions = {}): Promise<Box> {
  makeNetwork()
  const loaded = await Dataplane.open({
    objectDir: join(process.cwd(), 'dataplane-bpf', 'build'),
    ...(options.capacity ? { capacity: options.capacity } : {}),
  })

  // As if they were NICs with native XDP, so that frames may be redirected into them.
  for (const name of ['in0', 'out0']) loaded.describeDevice(ifindex(name), InterfaceFlag.xdp)
  return new Box(loaded, options.local ?? [])
}

/** The programs for one test, with a policy in force. */
export async function dataplane(t: Test, policy: Partial<PolicyDocument> = {}, options: BoxOptions = {}): Promise<Box> {
  const box = await openBox(options)

  t.teardown(() => box.dataplane.close())
  await box.apply(policy)
  return box
}

/** The same rules for both directions, so that one test serves all hooks. */
export function bothWays(rules: Record<string, object>) {
  const all: Record<string, object> = {}

  for (const [name, rule] of Object.entries(rules)) {
    all[name] = { direction: 'ingress', ...rule }
    all[`${name}-out`] = { direction: 'egress', ...rule }
  }
  return { rules: all as never }
}

/** Why tests of loaded programs cannot run here, or false. */
export function cannotLoad(): string | false {
  return process.getuid?.() === 0 ? false : 'needs root to load BPF programs'
}
