/** Whether two rules may match the same packet: cautious, since what a set holds may change. */
import type { Match } from './document.ts'
import { mergedRanges, type PortRange } from './ports.ts'
import { covers, type Prefix, parsePrefix, prefixKey } from './prefix.ts'
import { portProtocols, protocolNumber } from './protocols.ts'
import type { PrefixKey } from './tables.ts'

/** Canonical text; references to sets are no prefixes. */
export function coversText(outer: string, inner: string): boolean {
  return covers(keyOf(outer), keyOf(inner))
}

export function keyOf(text: string): PrefixKey {
  return prefixKey(parsePrefix(text) as Prefix)
}

/** A match made ready to be compared with many others. */
export interface Extent {
  /** undefined: every protocol. */
  readonly protocols: readonly number[] | undefined
  readonly ports: readonly (readonly PortRange[] | undefined)[]
  /** By field; undefined: any. A set is the empty text, which may hold anything. */
  readonly prefixes: readonly (readonly PrefixKey[] | undefined)[]
}

export function extentOf(match: Match): Extent {
  const named = match.sourcePorts ?? match.destinationPorts

  return {
    protocols: match.protocol !== undefined ? [protocolNumber(match.protocol)] : named && portProtocols,
    ports: [match.sourcePorts, match.destinationPorts].map(list => list && mergedRanges(list)),
    prefixes: [match.source, match.destination].map(list => list?.map(reference => (reference.startsWith('@') ? '' : keyOf(reference)))),
  }
}

export function overlap(a: Extent, b: Extent): boolean {
  return (
    meet(a.protocols, b.protocols, (x, y) => x === y) &&
    a.ports.every((ranges, field) => meet(ranges, b.ports[field], (x, y) => x.first <= y.last && y.first <= x.last)) &&
    a.prefixes.every((prefixes, field) => meet(prefixes, b.prefixes[field], (x, y) => x === '' || y === '' || covers(x, y) || covers(y, x)))
  )
}

function meet<Item>(a: readonly Item[] | undefined, b: readonly Item[] | undefined, same: (x: Item, y: Item) => boolean): boolean {
  return a === undefined || b === undefined || a.some(x => b.some(y => same(x, y)))
}
