/** Protocols by name and number. */

const numbers: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 }

export const tcp = 6
/** Those whose packets carry a type and a code: ICMP, ICMPv6. */
export const icmpProtocols: readonly number[] = [1, 58]
/** Those whose packets carry ports. */
export const portProtocols: readonly number[] = [6, 17, 132]

export function protocolNumber(protocol: string | number): number {
  return typeof protocol === 'number' ? protocol : (numbers[protocol] as number)
}

/** What a document says: the name where there is one. */
export function protocolName(protocol: string | number): string {
  return typeof protocol === 'string' ? protocol : (Object.keys(numbers).find(name => numbers[name] === protocol) ?? String(protocol))
}
