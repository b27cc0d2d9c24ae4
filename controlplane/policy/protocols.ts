/** Protocols by name and number. */

const numbers: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 }

/** Those whose packets carry ports. */
export const portProtocols: readonly number[] = [6, 17, 132]

export function protocolNumber(protocol: string | number): number {
  return typeof protocol === 'number' ? protocol : (numbers[protocol] as number)
}

/** What a document says: the name where there is one. */
export function protocolName(protocol: string | number): string {
  return typeof protocol === 'string' ? protocol : (Object.keys(numbers).find(name => numbers[name] === protocol) ?? String(protocol))
}
