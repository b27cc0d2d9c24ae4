/**
 * A policy in the words of nftables, and what nftables does to packets that really arrive. It stands at the ingress hook of a device,
 * before the stack defragments or checks anything. A frame is known by its source address, which no rule looks at.
 */
import { execFileSync } from 'node:child_process'
import type { Match, RuleValue } from '../../controlplane/policy/document.ts'
import { openPacketSocket } from '../dataplane/wire.ts'
import { tcpFlagBits } from '../lab/packet.ts'
import type { Feature } from './generate.ts'
import type { World } from './plain.ts'

/** What the translation below knows to say. */
export const nftFeatures: readonly Feature[] = [
  'notSource',
  'notDestination',
  'icmp',
  'tcpFlags',
  'fragment',
  'dscp',
  'length',
  'local',
  'essentials',
  'management',
]

export interface Answer {
  readonly passed: boolean
  /** The rule's name, or which stage decided. */
  readonly by: string
}

type Family = 'ip' | 'ip6'
type Direction = 'ingress' | 'egress'
const numbers: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 }
const everyone = { ip: '0.0.0.0/0', ip6: '::/0' }

/** A device whose far end is judged by nftables, with the rules of one direction. */
export class NftDevice {
  readonly #device: string
  readonly #direction: Direction
  readonly #send: (frame: Uint8Array) => boolean
  #labels: readonly string[] = []
  #sent = 0

  /** `device`: where frames arrive that are sent on the device with index `sender`. */
  constructor(device: string, sender: number, direction: Direction) {
    this.#device = device
    this.#direction = direction
    this.#send = openPacketSocket(sender)
  }

  /** Replaces all rules at once. */
  enforce(world: World): void {
    const { text, labels } = ruleset(world, this.#direction, this.#device)
    nft(['-f', '-'], text)
    this.#labels = labels
  }

  /** Sends the frames and tells what became of each. */
  run(frames: readonly Uint8Array[]): Answer[] {
    const names = frames.map(frame => {
      const named = frame.slice()
      const view = new DataView(named.buffer)

      view.setUint16(6, 0x0200)
      view.setUint32(8, ++this.#sent)
      for (let turn = 0; !this.#send(named); turn++) if (turn > 1000) throw new Error(`${this.#device} takes no frames`)
      return Array.from(named.subarray(6, 12), byte => byte.toString(16).padStart(2, '0')).join(':')
    })
    // The softirq that handles a frame has run when its sender is back; a busy machine may leave it to a thread.
    for (let turn = 0; this.#packets() < frames.length; turn++)
      if (turn > 1000) throw new Error(`nft has seen ${this.#packets()} of ${frames.length}`)
    const decided = new Map(this.#elements<[string, number]>('map', 'decided'))
    const passed = new Set(this.#elements<string>('set', 'passed'))

    return names.map(name => ({ passed: passed.has(name), by: this.#labels[decided.get(name) ?? -1] ?? 'nothing' }))
  }

  #packets(): number {
    const { nftables } = JSON.parse(nft(['-j', 'list', 'counter', 'netdev', this.#device, 'seen'])) as {
      nftables: { counter?: { packets: number } }[]
    }
    return nftables.find(({ counter }) => counter)?.counter?.packets ?? 0
  }

  #elements<Element>(kind: 'map' | 'set', name: string): Element[] {
    const { nftables } = JSON.parse(nft(['-j', 'list', kind, 'netdev', this.#device, name])) as {
      nftables: Record<string, { elem?: Element[] }>[]
    }
    return nftables.find(object => object[kind])?.[kind]?.elem ?? []
  }
}

function nft(words: readonly string[], input = ''): string {
  return execFileSync('nft', words, { input, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'] })
}

/** `labels[n]`: what decided a packet that is marked with n. */
export function ruleset(world: World, direction: Direction, device: string): { text: string; labels: string[] } {
  const sets = new NamedSets()
  const labels: string[] = []
  const lines: string[] = []
  const say = (label: string, matches: readonly string[], verdict: 'accept' | 'drop') => {
    if (labels.at(-1) !== label) labels.push(label)
    for (const match of matches) lines.push(`${match} update @decided { ether saddr : ${labels.length - 1} } ${verdict}`)
  }
  const { defaults, rules = {} } = world.policy
  const order = Object.entries(rules)
    .filter(([, rule]) => rule.direction === direction && rule.enabled !== false)
    .sort(([a, x], [b, y]) => (x.priority ?? 1000) - (y.priority ?? 1000) || (a < b ? -1 : 1))

  say('management', management(world, direction, sets), 'accept')
  for (const [name, rule] of order) say(name, matchesOf(rule, world, sets), rule.action === 'allow' ? 'accept' : 'drop')
  if (defaults[direction] === 'deny') {
    if (defaults.essentials ?? true) say('essential', essentials(direction), 'accept')
    say('default', [''], 'drop')
  } else say('default', [''], 'accept')

  const text = `table netdev ${device} { }
delete table netdev ${device}
table netdev ${device} {
counter seen { }
map decided { typeof ether saddr : meta mark; flags dynamic; size 65536; }
set passed { typeof ether saddr; flags dynamic; size 65536; }
${sets.lines.join('\n')}
chain decide { type filter hook ingress device "${device}" priority 0; policy drop;
counter name seen
${lines.join('\n')}
}
chain after { type filter hook ingress device "${device}" priority 1; policy drop;
update @passed { ether saddr }
}
}
`
  return { text, labels }
}

/** Sets by what is in them; nft joins what overlaps. */
class NamedSets {
  readonly lines: string[] = []
  readonly #names = new Map<string, string>()

  name(type: 'ipv4_addr' | 'ipv6_addr' | 'inet_service', elements: readonly string[]): string {
    const content = `{ type ${type}; flags interval; auto-merge; elements = { ${elements.join(', ')} }; }`
    const name = this.#names.get(content) ?? `s${this.#names.size}`

    if (!this.#names.has(content)) this.lines.push(`set ${name} ${content}`)
    this.#names.set(content, name)
    return `@${name}`
  }
}

/** The alternatives that together say what a rule matches; none: nothing. */
function matchesOf({ match }: RuleValue, world: World, sets: NamedSets): string[] {
  return (['ip', 'ip6'] as const).flatMap(family => {
    const parts: (string | undefined)[] = [
      `meta protocol ${family}`,
      address(family, 'saddr', match.source, world, sets),
      address(family, 'daddr', match.destination, world, sets),
      otherAddress(family, 'saddr', match.notSource, world, sets),
      otherAddress(family, 'daddr', match.notDestination, world, sets),
      transport(family, match, sets),
      match.dscp === undefined ? '' : `${family} dscp ${match.dscp}`,
      length(family, match.length),
    ]

    if (parts.includes(undefined)) return []
    const line = parts.filter(part => part !== '').join(' ')
    return fragments(family, match).map(part => `${line} ${part}`)
  })
}

function expanded(family: Family, list: readonly string[], { entries, local }: World): string[] {
  return list
    .flatMap(reference =>
      reference === '@local'
        ? local
        : reference.startsWith('@')
          ? (entries.get(reference.slice(1)) ?? []).map(({ prefix }) => prefix)
          : [reference],
    )
    .filter(text => text.includes(':') === (family === 'ip6'))
}

function address(family: Family, end: string, list: readonly string[] | undefined, world: World, sets: NamedSets): string | undefined {
  const prefixes = list && expanded(family, list, world)

  if (prefixes === undefined || prefixes.includes(everyone[family])) return ''
  return prefixes.length === 0 ? undefined : `${family} ${end} ${sets.name(family === 'ip' ? 'ipv4_addr' : 'ipv6_addr', prefixes)}`
}

function otherAddress(family: Family, end: string, list: readonly string[] | undefined, world: World, sets: NamedSets): string | undefined {
  const prefixes = list && expanded(family, list, world)

  if (prefixes === undefined || prefixes.length === 0) return ''
  if (prefixes.includes(everyone[family])) return undefined
  return `${family} ${end} != ${sets.name(family === 'ip' ? 'ipv4_addr' : 'ipv6_addr', prefixes)}`
}

function transport(family: Family, match: Match, sets: NamedSets): string | undefined {
  const { protocol, sourcePorts, destinationPorts, icmp, tcpFlags } = match
  const icmpHere = family === 'ip' ? 1 : 58
  const allowed = [
    protocol === undefined ? undefined : [typeof protocol === 'number' ? protocol : (numbers[protocol] as number)],
    sourcePorts || destinationPorts ? [6, 17, 132] : undefined,
    icmp ? [icmpHere] : undefined,
    tcpFlags ? [6] : undefined,
  ].filter(list => list !== undefined)
  const common = allowed[0]?.filter(number => allowed.every(list => list.includes(number)))

  if (common === undefined) return ''
  if (common.length === 0) return undefined
  const parts = [`meta l4proto { ${common.join(', ')} }`]
  if (sourcePorts) parts.push(`th sport ${sets.name('inet_service', sourcePorts)}`)
  if (destinationPorts) parts.push(`th dport ${sets.name('inet_service', destinationPorts)}`)
  if (icmp) {
    const header = family === 'ip' ? 'icmp' : 'icmpv6'
    parts.push(`${header} type ${icmp.type}`, icmp.code === undefined ? '' : `${header} code ${icmp.code}`)
  }
  if (tcpFlags) {
    const bits = (flags: readonly (keyof typeof tcpFlagBits)[] = []) => flags.reduce((sum, flag) => sum | tcpFlagBits[flag], 0)
    const [set, unset] = [bits(tcpFlags.set), bits(tcpFlags.unset)]
    if (set & unset) return undefined
    parts.push(`tcp flags & ${set | unset} == ${set}`)
  }
  return parts.filter(part => part !== '').join(' ')
}

/** IPv6 tells the length of what follows its header. */
function length(family: Family, text: string | undefined): string | undefined {
  if (text === undefined) return ''
  const [first, last = first] = text.split('-').map(Number) as [number, number?]
  const without = family === 'ip' ? 0 : 40

  return last < without ? undefined : `${family} length ${Math.max(0, first - without)}-${last - without}`
}

/** Where a rule names what the transport header says, later fragments are left out in so many words: nft reads their bytes as one. */
function fragments(family: Family, { fragment, sourcePorts, destinationPorts, icmp, tcpFlags }: Match): string[] {
  const kinds =
    family === 'ip'
      ? { none: ['ip frag-off & 0x3fff == 0'], first: ['ip frag-off & 0x3fff == 0x2000'], later: ['ip frag-off & 0x1fff != 0'] }
      : {
          none: ['exthdr frag missing', 'frag frag-off 0 frag more-fragments 0'],
          first: ['frag frag-off 0 frag more-fragments 1'],
          later: ['frag frag-off != 0'],
        }
  const wanted =
    fragment === undefined ? (['none', 'first', 'later'] as const) : fragment === 'any' ? (['first', 'later'] as const) : [fragment]
  const hasHeader = (sourcePorts ?? destinationPorts ?? icmp ?? tcpFlags) !== undefined

  if (fragment === undefined && !hasHeader) return ['']
  return wanted.filter(kind => !(hasHeader && kind === 'later')).flatMap(kind => kinds[kind])
}

function management(world: World, direction: Direction, sets: NamedSets): string[] {
  const entries = world.policy.defaults.management ?? [{ port: 22, protocol: 'tcp' as const }]
  const [here, there, port] = direction === 'ingress' ? ['daddr', 'saddr', 'dport'] : ['saddr', 'daddr', 'sport']

  return entries.flatMap(entry =>
    (['ip', 'ip6'] as const).flatMap(family => {
      const ends = [address(family, here, ['@local'], world, sets), address(family, there, entry.sources, world, sets)]
      if (ends.includes(undefined)) return []
      const line = `meta protocol ${family} ${ends.join(' ')} meta l4proto ${numbers[entry.protocol]} th ${port} ${entry.port}`
      return fragments(family, { sourcePorts: [] }).map(part => `${line} ${part}`)
    }),
  )
}

/** The protocol is named first: without it nft would take that of the IPv6 header, which may be an extension's. */
function essentials(direction: Direction): string[] {
  const dhcp = (server: number, client: number) =>
    direction === 'ingress' ? `th sport ${server} th dport ${client}` : `th sport ${client} th dport ${server}`

  const lines = {
    ip: ['meta l4proto 1 icmp type 3 icmp code 4', `meta l4proto 17 ${dhcp(67, 68)}`],
    ip6: ['meta l4proto 58 ip6 hoplimit 255 icmpv6 type 133-137', 'meta l4proto 58 icmpv6 type 2', `meta l4proto 17 ${dhcp(547, 546)}`],
  }

  return (['ip', 'ip6'] as const).flatMap(family =>
    lines[family].flatMap(line => fragments(family, { sourcePorts: [] }).map(part => `meta protocol ${family} ${line} ${part}`)),
  )
}
