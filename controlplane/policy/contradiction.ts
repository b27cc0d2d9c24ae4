/** Rules that no packet can match, since their fields speak of different kinds of packets. */
import type { RuleValue } from './document.ts'
import { icmpProtocols, portProtocols, protocolName, protocolNumber, tcp } from './protocols.ts'
import { wantsOf } from './wants.ts'

/** The bytes of an IPv4 header. */
const shortest = 20

export interface Contradiction {
  readonly field: keyof RuleValue['match']
  readonly detail: string
}

const known = new WeakMap<RuleValue, readonly Contradiction[]>()

/** Of a checked rule. */
export function contradictionsOf(rule: RuleValue): readonly Contradiction[] {
  let found = known.get(rule)

  if (found === undefined) {
    found = [...find(rule)]
    known.set(rule, found)
  }
  return found
}

function* find(rule: RuleValue): Generator<Contradiction> {
  const { match } = rule
  const { protocol } = match
  const { tcpFlags, length } = wantsOf(rule)
  const spoken = protocol === undefined ? undefined : protocolNumber(protocol)
  const ports = match.sourcePorts === undefined ? match.destinationPorts && 'destinationPorts' : 'sourcePorts'

  if (match.icmp && spoken !== undefined && !icmpProtocols.includes(spoken))
    yield { field: 'icmp', detail: `packets of protocol ${protocolName(spoken)} carry no ICMP type` }
  if (match.tcpFlags && spoken !== undefined && spoken !== tcp)
    yield { field: 'tcpFlags', detail: `packets of protocol ${protocolName(spoken)} carry no TCP flags` }
  if (match.icmp && match.tcpFlags) yield { field: 'tcpFlags', detail: 'ICMP messages carry no TCP flags' }
  if (match.icmp && ports && (spoken === undefined || !portProtocols.includes(spoken)))
    yield { field: ports, detail: 'ICMP messages carry no ports' }
  if (tcpFlags !== undefined && (tcpFlags.set & tcpFlags.unset) !== 0)
    yield { field: 'tcpFlags', detail: 'a flag cannot be set and unset at once' }
  for (const field of ['icmp', 'tcpFlags', 'sourcePorts', 'destinationPorts'] as const)
    if (match.fragment === 'later' && match[field] !== undefined) yield { field, detail: `later fragments carry no ${field}` }
  if (length !== undefined && length.last < shortest) yield { field: 'length', detail: `no IP packet is shorter than ${shortest} bytes` }
}
