/**
 * Asks a twin of the loaded programs what they would do to a packet. The twin shares the policy and the list of devices; its
 * counters, verdict cache and connections are its own, so that a trace moves nothing that is live.
 *
 * Of the live connections it has a copy of those that this packet can meet. The packet's own entry is copied first. When the twin
 * then opens a connection, it may have taken a way back that is in use among the live ones: that entry is copied too, and the
 * packet runs again, until both agree. It ends, since each round adds an entry and the program probes a fixed number of slots.
 */
import {
  Fragment,
  fragmentNames,
  InterfaceFlag,
  Question,
  QuestionFlag,
  RuleOutcome,
  reasonNames,
  ruleOutcomeNames,
  State,
  stageNames,
  stateNames,
  Trace,
  verdictNames,
} from './abi.ts'
import type { HookName, Loaded } from './kernel.ts'
import { load, unload } from './kernel.ts'
import { MappedArray } from './map.ts'
import { connectionKeyOf } from './packet-key.ts'
import { runOn } from './test-run.ts'

export interface TraceRequest {
  readonly hook: HookName
  /** From the Ethernet header on. */
  readonly packet: Uint8Array
  /** The device that it comes in by or leaves by; must be in this network namespace. */
  readonly ifindex?: number
  /** As if its connection were in this state, whatever is known of it. */
  readonly state?: (typeof stateNames)[number]
  /** Id of the nearest cgroup around the sender's that a rule names; 0: there is none. */
  readonly cgroup?: bigint
  readonly uid?: number
}

export interface TraceStep {
  readonly stage: (typeof stageNames)[number]
  readonly outcome: (typeof reasonNames)[number]
  /** What the two numbers mean depends on the stage: docs/packet.md. */
  readonly detail: readonly [number, number]
}

export interface TraceResult {
  readonly verdict: (typeof verdictNames)[number]
  readonly reason: (typeof reasonNames)[number]
  /** Stable ids; 0: none. */
  readonly ruleId: number
  readonly serviceId: number
  readonly backendId: number
  readonly fragment: (typeof fragmentNames)[number]
  readonly state: (typeof stateNames)[number]
  /** Stable ids of rules that matched and only observe, first match first. */
  readonly observed: readonly number[]
  readonly revision: number
  readonly steps: readonly TraceStep[]
  /** As the program has left it. */
  readonly packet: Uint8Array
}

export class Twin {
  readonly #live: Loaded
  readonly #twin: Loaded
  readonly #answer: MappedArray
  readonly #question: MappedArray

  constructor(live: Loaded, directory: string) {
    this.#live = live
    this.#twin = load({ directory, capacity: live.capacity, twinOf: live })
    this.#answer = new MappedArray(this.#twin.maps.traces)
    this.#question = new MappedArray(this.#twin.maps.questions)
  }

  trace(request: TraceRequest): TraceResult {
    const copied = new Set<string>()
    const own = connectionKeyOf(request.packet)

    this.#ask(request)
    this.#forgetConnections()
    if (own) this.#copy(own, copied)
    for (;;) {
      const result = this.#run(request)
      const opened = this.#connections().filter(key => !copied.has(textOf(key)))
      const met = opened.filter(key => this.#live.maps.connections.lookup(key) !== undefined)

      if (met.length === 0) return result
      for (const key of opened) this.#twin.maps.connections.delete(key)
      for (const key of met) this.#copy(key, copied)
    }
  }

  close(): void {
    this.#answer.close()
    this.#question.close()
    unload(this.#twin)
  }

  #ask({ state, cgroup, uid }: TraceRequest): void {
    Question.encode(this.#question.view(0), 0, {
      cgroup: cgroup ?? 0n,
      uid: uid ?? 0,
      state: State[state ?? 'untracked'],
      flags:
        (state === undefined ? 0 : QuestionFlag.state) |
        (cgroup === undefined ? 0 : QuestionFlag.cgroup) |
        (uid === undefined ? 0 : QuestionFlag.uid),
    })
  }

  #run({ hook, packet, ifindex }: TraceRequest): TraceResult {
    this.#answer.bytes(0, 1).fill(0)
    const run = runOn(this.#twin.programs[hook], hook, packet, ifindex && this.#hasEthernet(ifindex) ? { ifindex } : {})

    return resultOf(Trace.decode(this.#answer.view(0), 0), run.packet)
  }

  /** The kernel's test runs always have an Ethernet header, so a device without one cannot be named. */
  #hasEthernet(ifindex: number): boolean {
    const flags = this.#live.maps.interfaces.lookup(new Uint8Array(new Uint32Array([ifindex]).buffer))

    return flags === undefined || (new DataView(flags.buffer).getUint32(0, true) & InterfaceFlag.noEthernet) === 0
  }

  #copy(key: Uint8Array, copied: Set<string>): void {
    const value = this.#live.maps.connections.lookup(key)

    if (value === undefined) return
    this.#twin.maps.connections.update(key, value)
    copied.add(textOf(key))
  }

  #connections(): Uint8Array[] {
    const keys: Uint8Array[] = []

    for (let key = this.#twin.maps.connections.nextKey(); key; key = this.#twin.maps.connections.nextKey(key)) keys.push(key)
    return keys
  }

  #forgetConnections(): void {
    for (const key of this.#connections()) this.#twin.maps.connections.delete(key)
  }
}

function textOf(key: Uint8Array): string {
  return Buffer.from(key).toString('latin1')
}

function resultOf(trace: Trace, packet: Uint8Array): TraceResult {
  return {
    verdict: verdictNames[trace.verdict],
    reason: reasonNames[trace.reason],
    ruleId: trace.ruleId,
    serviceId: trace.serviceId,
    backendId: trace.backendId,
    fragment: fragmentNames[trace.fragment] ?? fragmentNames[Fragment.none],
    state: stateNames[trace.state] ?? 'untracked',
    observed: trace.steps
      .slice(0, trace.stepCount)
      .flatMap(({ stage, detail }) => (isObserved(stage, detail[1] ?? 0) ? [detail[0] ?? 0] : [])),
    revision: Number(trace.revision),
    steps: trace.steps.slice(0, trace.stepCount).map(({ stage, reason, detail }) => ({
      stage: stageNames[stage],
      outcome: reasonNames[reason],
      detail: [detail[0] ?? 0, detail[1] ?? 0],
    })),
    packet,
  }
}

/** Second detail of a rule: its action, and behind that what became of it. */
export function ruleOutcome(detail: number): (typeof ruleOutcomeNames)[number] {
  return ruleOutcomeNames[detail >> 8] ?? 'decided'
}

function isObserved(stage: number, detail: number): boolean {
  return stageNames[stage] === 'firewall' && detail >> 8 === RuleOutcome.observed
}
