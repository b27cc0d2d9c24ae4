/** The plain reading against the loaded programs: one policy in force, packets through a hook each, verdicts and rule counters compared. */
import type { PolicyDocument } from '../../controlplane/policy/document.ts'
import { type Box, ifindex, openBox } from '../dataplane/box.ts'
import { describe } from '../lab/packet.ts'
import { type Built, build, connectionOf, type Shape } from './frame.ts'
import { type Draft, documentOf } from './generate.ts'
import { type Decision, type Packet, reader, type World } from './plain.ts'
import { accepted } from './supported.ts'

type Hook = 'xdp_ingress' | 'tc_ingress' | 'tc_egress'

/** Who sends, and where packets come by; each with what the kernel says of a test run. */
export interface Sender {
  readonly cgroup?: string
  readonly uid: number
  /** By hook; absent: packets of no device in particular. */
  readonly devices?: Readonly<Record<Hook, readonly string[]>>
}

interface Wrong {
  readonly text: string
  readonly shape?: Shape
}

interface Pair {
  readonly shape: Shape
  readonly built: Built
  readonly decision: Decision
}

export interface Tally {
  pairs: number
  /** Pairs whose outcome depends on the clock or on connections that earlier packets have made. */
  uncertain: number
  policies: number
  readonly hooks: Map<string, number>
  readonly by: Map<string, number>
  /** Rules that named each field, rules of each action, entries with a time. */
  readonly named: Map<string, number>
  /** Pairs decided by the rules of one policy: how many rules stood before the one that decided, in tens. */
  readonly depths: Map<string, number>
}

export function emptyTally(): Tally {
  return { pairs: 0, uncertain: 0, policies: 0, hooks: new Map(), by: new Map(), named: new Map(), depths: new Map() }
}

/** How far the kernel's seconds may be from ours. */
const clockSlackMs = 1500
/** linux/bpf.h, linux/pkt_cls.h: of test runs, which have no other program after ours. */
const xdpActions: Readonly<Record<number, string>> = { 1: 'drop', 2: 'pass', 3: 'transmit', 4: 'redirect' }
const tcActions: Readonly<Record<number, string>> = { [-1]: 'pass', 0: 'pass', 2: 'drop', 7: 'redirect' }

export class Judge {
  readonly tally = emptyTally()
  #box: Box
  readonly #sender: Sender
  /** Connections that some packet may have opened: the state of the next packet is not certain. */
  readonly #met = new Set<string>()

  private constructor(box: Box, sender: Sender) {
    this.#box = box
    this.#sender = sender
  }

  static async open(sender: Sender): Promise<Judge> {
    return new Judge(await openBox(), sender)
  }

  close(): void {
    this.#box.dataplane.close()
  }

  /** Puts a draft in force and runs the packets; the first that is not treated as the policy reads is thrown. */
  async compare(draft: Draft, shapes: readonly Shape[]): Promise<void> {
    this.check(await this.enforce(draft), shapes)
  }

  async enforce(draft: Draft): Promise<World> {
    const world = worldOf(draft)

    // Programs that have seen no packet, so that the state of each is certain, and a failure happens again.
    if (this.#met.size > 0) {
      this.close()
      this.#box = await openBox()
      this.#met.clear()
    }
    this.#box.local = [...world.local]
    await this.#box.apply(world.policy)
    this.#tell(world.policy)
    return world
  }

  /** More packets for the policy in force. */
  check(world: World, shapes: readonly Shape[]): void {
    const wrong = this.#run(world, shapes)
    if (wrong !== undefined) throw new Error(wrong.text)
  }

  /** All there is to say of a pair that failed: packet, decision, the steps of the program, and the policy. */
  async explain(draft: Draft, shapes: readonly Shape[]): Promise<string> {
    const world = await this.enforce(draft)
    const wrong = this.#run(world, shapes)
    const lines = [wrong?.text ?? 'it did not fail again']

    for (const shape of wrong?.shape === undefined ? [] : [wrong.shape]) {
      const hook = hookOf(shape)
      const device = this.#deviceOf(shape)
      const at = device === undefined ? {} : { ifindex: indexOf(device) }
      const { verdict, reason, steps } = this.#box.dataplane.trace({ hook, packet: build(shape).frame, ...at })
      lines.push(`trace: ${verdict} ${reason}`, ...steps.map(({ stage, outcome, detail }) => `  ${stage} ${outcome} ${detail}`))
    }
    return [...lines, `policy: ${JSON.stringify(world.policy, undefined, 1)}`, `local: ${world.local.join(' ')}`].join('\n')
  }

  #run(world: World, shapes: readonly Shape[]): Wrong | undefined {
    const names = Object.keys(world.policy.rules ?? {})
    const expected = this.#counts(names)
    const tested: Pair[] = []
    const decide = this.#decider(world)
    const order = rank(world.policy)

    for (const shape of shapes) {
      const built = this.#placed(shape)
      const decision = decide(shape, built.packet)

      if (decision === undefined) {
        this.tally.uncertain++
        continue
      }
      const wrong = this.#wrong(shape, built, decision)
      if (wrong !== undefined) return { text: wrong, shape }
      for (const rule of decision.counted) expected.set(rule, (expected.get(rule) ?? 0n) + 1n)
      tested.push({ shape, built, decision })
      count(this.tally.hooks, hookOf(shape))
      count(this.tally.by, decision.by === 'default' || decision.by === 'rule' ? `${decision.by} ${decision.verdict}` : decision.by)
      if (decision.rule !== undefined) count(this.tally.depths, String(10 ** Math.floor(Math.log10(1 + (order.get(decision.rule) ?? 0)))))
    }
    this.tally.pairs += tested.length
    const miscounted = [...this.#counts(names)].filter(([rule, packets]) => packets !== expected.get(rule)).map(([rule]) => rule)
    if (miscounted.length === 0) return undefined
    return this.#miscounted(miscounted, tested) ?? { text: `${miscounted} were miscounted, which no packet shows when it runs again` }
  }

  /** With the device, group and user that the packet will be run with. */
  #placed(shape: Shape): Built {
    const { packet, frame } = build(shape)
    const { cgroup, uid } = this.#sender
    const device = this.#deviceOf(shape)
    const sender = shape.direction === 'egress' ? { uid, ...(cgroup === undefined ? {} : { cgroup }) } : {}

    return { frame, packet: { ...packet, ...sender, ...(device === undefined ? {} : { device }) } }
  }

  #deviceOf(shape: Shape): string | undefined {
    const devices = this.#sender.devices?.[hookOf(shape)] ?? []
    return devices[shape.id % devices.length]
  }

  /** Undefined where the clock, or a connection that an earlier packet opened, may decide. */
  #decider(world: World): (shape: Shape, packet: Packet) => Decision | undefined {
    const read = reader(world)
    const rules = Object.values(world.policy.rules ?? {}).filter(({ enabled }) => enabled !== false)
    // Connections are tracked if a rule asks for them.
    const asksState = rules.some(({ match }) => match.state !== undefined)
    const asksClock =
      rules.some(({ expiresAt }) => expiresAt !== undefined) ||
      [...world.entries.values()].some(entries => entries.some(({ expiresAt }) => expiresAt !== undefined))

    return (shape, packet) => {
      const connection = connectionOf(shape)
      if (asksState && (packet.state === undefined || connection === undefined || this.#met.has(connection))) return undefined
      if (asksState && connection !== undefined) this.#met.add(connection)
      if (!asksClock) return read(packet)
      const now = Date.now()
      const [soon, late] = [read(packet, { now: now - clockSlackMs }), read(packet, { now: now + clockSlackMs })]
      return JSON.stringify(soon) === JSON.stringify(late) ? soon : undefined
    }
  }

  #wrong(shape: Shape, { frame, packet }: Built, decision: Decision): string | undefined {
    const hook = hookOf(shape)
    const device = packet.device === undefined ? {} : { ifindex: indexOf(packet.device) }
    const code = this.#box.dataplane.runProgram(hook, frame, device).returnCode | 0
    const action = (hook === 'xdp_ingress' ? xdpActions : tcActions)[code] ?? `code ${code}`
    // A service without backends has nobody to send to. The answer to a ping or a rejected packet may go back by the way that it came.
    const right =
      decision.verdict === 'reject' || decision.isPing
        ? ['drop', 'transmit', 'redirect'].includes(action)
        : action === (decision.verdict === 'deny' || decision.service ? 'drop' : 'pass')

    return right ? undefined : say(hook, packet, frame, decision, `the program's is ${action}`)
  }

  /** The first packet that these rules count wrongly, each run by itself. */
  #miscounted(rules: readonly string[], tested: readonly Pair[]): Wrong | undefined {
    for (const { shape, built, decision } of tested) {
      const before = this.#counts(rules)
      this.#wrong(shape, built, decision)
      const after = this.#counts(rules)
      const wrong = rules
        .map(rule => [rule, Number((after.get(rule) ?? 0n) - (before.get(rule) ?? 0n)), decision.counted.includes(rule) ? 1 : 0] as const)
        .filter(([, counted, expected]) => counted !== expected)
        .map(([rule, counted, expected]) => `${rule} counted ${counted} instead of ${expected}`)

      if (wrong.length > 0) return { text: say(hookOf(shape), built.packet, built.frame, decision, wrong.join(', ')), shape }
    }
    return undefined
  }

  #counts(rules: readonly string[]): Map<string, bigint> {
    const { counters } = this.#box.dataplane
    return new Map(rules.map(name => [name, counters.rule(this.#box.idOfRule(name)).packets]))
  }

  #tell({ rules = {}, sets = {} }: PolicyDocument): void {
    this.tally.policies++
    for (const { entries = [] } of Object.values(sets))
      for (const entry of entries) if (typeof entry !== 'string') count(this.tally.named, 'timedEntries')
    for (const { match, enabled, ...rule } of Object.values(rules)) {
      if (enabled === false) continue
      for (const field of Object.keys(match)) count(this.tally.named, field)
      for (const field of ['interfaces', 'expiresAt'] as const) if (rule[field] !== undefined) count(this.tally.named, field)
      count(this.tally.named, rule.enforcement === 'observe' ? 'observe' : rule.action)
    }
  }
}

/** `planned`: also with what is not enforced yet. */
export function worldOf(draft: Draft, planned = false): World {
  const policy = accepted(documentOf(draft), draft.local, planned)
  const entries = Object.entries(policy.sets ?? {}).map(
    ([name, set]) =>
      [
        name,
        (set.entries ?? []).map(entry =>
          typeof entry === 'string'
            ? { prefix: entry }
            : { prefix: entry.prefix, ...(entry.expiresAt === undefined ? {} : { expiresAt: Date.parse(entry.expiresAt) }) },
        ),
      ] as const,
  )

  return { policy, entries: new Map(entries), local: draft.local }
}

function hookOf({ direction, id }: Shape): Hook {
  return direction === 'egress' ? 'tc_egress' : id & 1 ? 'xdp_ingress' : 'tc_ingress'
}

function rank({ rules = {} }: PolicyDocument): Map<string, number> {
  const order = Object.entries(rules).sort(([, a], [, b]) => (a.priority ?? 1000) - (b.priority ?? 1000))
  return new Map(order.map(([name], at) => [name, at]))
}

function say(hook: string, packet: Packet, frame: Uint8Array, decision: Decision, found: string): string {
  const { source, destination, ...fields } = packet
  return [
    `${hook}: ${describe(frame, { ethernet: true })}`,
    `  as the reader is told: ${JSON.stringify(fields)}`,
    `  a plain reading gives ${JSON.stringify(decision)}; ${found}`,
    `  frame ${Buffer.from(frame).toString('hex')}`,
  ].join('\n')
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}

const indexes = new Map<string, number>()

function indexOf(device: string): number {
  const index = indexes.get(device) ?? ifindex(device)

  indexes.set(device, index)
  return index
}
