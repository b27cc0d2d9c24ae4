/** Events of packets, from the programs into the journal: told with the names of the policy, and asked for only while somebody listens. */
import {
  type Event,
  EventType,
  fragmentNames,
  Hook,
  hookNames,
  RuleOutcome,
  reasonNames,
  State,
  stateNames,
  verdictNames,
  type Watch,
} from '../dataplane/abi.ts'
import type { Dataplane } from '../dataplane/dataplane.ts'
import type { Gate } from '../gate/gate.ts'
import { bootOffsetMs } from '../native/clock.ts'
import type { NetworkWatch } from '../native/netlink.ts'
import { formatAddress, lengthOf, type Prefix, prefixFromKey, prefixKey } from '../policy/prefix.ts'
import { portProtocols, protocolName } from '../policy/protocols.ts'
import type { Filter, Happening, HappeningType } from './happening.ts'
import { type Journal, lost } from './journal.ts'

/** What is asked for stays asked for after a listener has gone: one that comes back has missed nothing. */
const lingerMs = 60_000
const lossEveryMs = 1000
const fromPackets = ['drop', 'match'] as const

export interface PacketEventsOptions {
  readonly dataplane: Pick<Dataplane, 'events'>
  readonly gate: Pick<Gate, 'registry'>
  readonly network: Pick<NetworkWatch, 'devices' | 'onChange'>
  readonly journal: Journal
  /** Called for each detection. */
  readonly detected: (event: Event, time: number) => void
}

export class PacketEvents {
  readonly #options: PacketEventsOptions
  readonly #lingering = new Map<Filter, NodeJS.Timeout>()
  readonly #names: Names
  readonly #stopWatching: () => void
  #lossTimer: NodeJS.Timeout | undefined
  #lostBefore = new Map<string, bigint>()

  constructor(options: PacketEventsOptions) {
    const { dataplane, network, journal } = options
    this.#options = options
    this.#names = new Names(options)
    this.#stopWatching = network.onChange(() => this.#names.forgetDevices())
    journal.onAudience((filter, came) => this.#audienceChanged(filter, came))
    dataplane.events.listen(event => this.#take(event))
  }

  /** The policy has changed: a rule may have another number. */
  policyChanged(): void {
    this.#ask()
  }

  close(): void {
    this.#options.dataplane.events.stop()
    this.#stopWatching()
    clearInterval(this.#lossTimer)
    for (const timer of this.#lingering.values()) clearTimeout(timer)
    this.#lingering.clear()
  }

  #take(event: Event): void {
    const time = bootOffsetMs() + Number(event.timeNs) / 1e6
    if (event.type === EventType.detection) {
      this.#options.detected(event, time)
      return
    }
    const happening = this.#names.happening(event, time)
    if (happening) this.#options.journal.tell(happening)
  }

  #audienceChanged(filter: Filter, came: boolean): void {
    const { journal } = this.#options
    const listening = journal.filters.length > 0
    if (listening && this.#lossTimer === undefined) {
      this.#countLost()
      this.#lossTimer = setInterval(() => this.#tellLost(), lossEveryMs).unref()
    } else if (!listening) {
      clearInterval(this.#lossTimer)
      this.#lossTimer = undefined
    }
    if (came) this.#forget(filter)
    else if (fromPackets.some(type => filter.types.has(type))) this.#linger(filter)
    this.#ask()
  }

  #linger(filter: Filter): void {
    this.#forget(filter)
    const timer = setTimeout(() => {
      this.#lingering.delete(filter)
      const { journal } = this.#options
      const missing = fromPackets.filter(type => filter.types.has(type))
      if (!journal.filters.some(other => isSame(other, filter))) journal.tell(lost('unheard', null, missing))
      this.#ask()
    }, lingerMs)
    this.#lingering.set(filter, timer.unref())
  }

  #forget(filter: Filter): void {
    for (const [other, timer] of this.#lingering) {
      if (!isSame(filter, other)) continue
      clearTimeout(timer)
      this.#lingering.delete(other)
    }
  }

  /** Tells the programs what is wanted by all together. */
  #ask(): void {
    const { dataplane, journal, gate } = this.#options
    dataplane.events.watch(watchFor([...journal.filters, ...this.#lingering.keys()], gate.registry.ids.rules))
  }

  #countLost(): [HappeningType, number][] {
    return this.#options.dataplane.events.counts().map(({ type, lost: count }) => {
      const before = this.#lostBefore.get(type) ?? count
      this.#lostBefore.set(type, count)
      return [type, Number(count - before)]
    })
  }

  #tellLost(): void {
    for (const [type, count] of this.#countLost()) if (count > 0) this.#options.journal.tell(lost('dataplane', count, [type]))
  }
}

function isSame(one: Filter, other: Filter): boolean {
  const text = ({ types, rule, reasons, source }: Filter) =>
    JSON.stringify([[...types].sort(), rule, reasons && [...reasons].sort(), source])
  return text(one) === text(other)
}

/** What the kernel has to send so that each of these gets what it wants; what is too much is left out later. */
export function watchFor(filters: readonly Filter[], rules: ReadonlyMap<string, number>): Watch {
  const concerned = filters.filter(({ types }) => fromPackets.some(type => types.has(type)))
  const watch = { types: 0, ruleId: 0, reasons: 0, sourceLength: 0, source: [0, 0, 0, 0], family: 0 }
  const [first] = concerned
  if (!first) return watch
  for (const type of fromPackets) if (concerned.some(({ types }) => types.has(type))) watch.types |= 1 << EventType[type]
  if (concerned.every(({ rule }) => rule === first.rule)) watch.ruleId = rules.get(first.rule ?? '') ?? 0
  if (concerned.every(({ reasons }) => reasons)) {
    for (const name of concerned.flatMap(({ reasons }) => [...(reasons ?? [])])) watch.reasons |= 1 << reasonNames.indexOf(name as never)
    watch.reasons >>>= 0
  }
  const { source } = first
  if (source !== undefined && concerned.every(filter => filter.source === source)) {
    const { family, bytes } = prefixFromKey(source)
    watch.family = family === 4 ? 0 : 1
    watch.sourceLength = lengthOf(source)
    bytes.forEach((byte, at) => {
      const word = at >> 2
      watch.source[word] = ((watch.source[word] ?? 0) | (byte << (24 - (at & 3) * 8))) >>> 0
    })
  }
  return watch
}

/** The address of one end of a packet. */
export function addressOf(words: ArrayLike<number>, family: number): Prefix {
  const bytes = new Uint8Array(family === 0 ? 4 : 16)
  for (let at = 0; at < bytes.length; at++) bytes[at] = (words[at >> 2] ?? 0) >>> (24 - (at & 3) * 8)
  return { family: family === 0 ? 4 : 6, bytes, length: bytes.length * 8 }
}

const tcpFlagNames = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'] as const
const TCP = 6
const ICMP = [1, 58]

/** What numbers are called now. */
class Names {
  readonly #options: Pick<PacketEventsOptions, 'gate' | 'network'>
  #ids: object | undefined
  #rules = new Map<number, string>()
  #services = new Map<number, string>()
  #devices: Map<number, string> | undefined

  constructor(options: Pick<PacketEventsOptions, 'gate' | 'network'>) {
    this.#options = options
  }

  forgetDevices(): void {
    this.#devices = undefined
  }

  /** Undefined for a kind that is not told. */
  happening(event: Event, time: number): Happening | undefined {
    const type = event.type === EventType.drop ? 'drop' : event.type === EventType.match ? 'match' : undefined
    const reason = reasonNames[event.reason]
    if (type === undefined || reason === undefined) return undefined
    this.#look()
    const rule = this.#rules.get(event.ruleId)
    const service = this.#services.get(event.serviceId)
    const device = this.#deviceName(event.interface)
    const source = addressOf(event.source, event.family)
    return {
      type,
      time,
      reason,
      source: prefixKey(source),
      ...(rule === undefined ? {} : { rule }),
      data: () => ({
        hook: hookNames[event.hook],
        direction: event.hook === Hook.tcEgress ? 'egress' : 'ingress',
        interface: device,
        verdict: verdictNames[event.verdict],
        reason,
        ...(type === 'match' ? { observed: event.outcome === RuleOutcome.observed } : {}),
        ...(rule === undefined ? {} : { rule }),
        ...(service === undefined ? {} : { service }),
        ...packetOf(event, source),
      }),
    }
  }

  #look(): void {
    const { ids } = this.#options.gate.registry
    if (this.#ids === ids) return
    this.#ids = ids
    this.#rules = new Map([...ids.rules].map(([name, id]) => [id, name]))
    this.#services = new Map([...ids.services].map(([name, id]) => [id, name]))
  }

  #deviceName(ifindex: number): string {
    this.#devices ??= new Map(this.#options.network.devices().map(({ ifindex, name }) => [ifindex, name]))
    return this.#devices.get(ifindex) ?? String(ifindex)
  }
}

/** A packet that was refused before its header was read has no addresses. */
function packetOf(event: Event, source: Prefix): object {
  const destination = addressOf(event.destination, event.family)
  const fragment = fragmentNames[event.fragment]
  const whole = fragment !== 'later'
  const isRead = [...source.bytes, ...destination.bytes].some(byte => byte !== 0)
  if (!isRead) return { length: event.length }
  return {
    source: formatAddress(source),
    destination: formatAddress(destination),
    protocol: protocolName(event.protocol),
    ...(whole && portProtocols.includes(event.protocol) ? { sourcePort: event.sourcePort, destinationPort: event.destinationPort } : {}),
    ...(whole && event.protocol === TCP ? { tcpFlags: tcpFlagNames.filter((_, bit) => (event.tcpFlags >> bit) & 1) } : {}),
    ...(whole && ICMP.includes(event.protocol) ? { icmp: { type: event.icmpType, code: event.icmpCode } } : {}),
    ...(fragment === 'none' ? {} : { fragment }),
    length: event.length,
    ...(event.state === State.untracked ? {} : { state: stateNames[event.state] }),
  }
}
