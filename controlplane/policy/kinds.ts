/** The kind of a packet: its protocol, with TCP's flags or ICMP's type and code where they can be read. */
import { Limit } from '../dataplane/abi.ts'
import { icmpProtocols, tcp } from './protocols.ts'
import { type PlacedRange, stretch } from './stretches.ts'
import { Bits, type VectorPool } from './vectors.ts'
import type { PlacedRule } from './wants.ts'

export interface Kinds {
  /** Of later fragments, which carry neither flags nor type, and of protocols that have none. */
  readonly protocols: Uint16Array
  /** By the flags of a TCP header. */
  readonly tcpFlags: Uint16Array
  /** By type << 8 | code: ICMP, ICMPv6. */
  readonly icmp: readonly Uint16Array[]
}

export function kindClasses(rules: readonly PlacedRule[], width: number, vectors: VectorPool): Kinds {
  const plain = rules.filter(({ wants }) => wants.tcpFlags === undefined && wants.icmp === undefined)
  const everywhere = new Bits(width)
  const byProtocol = new Map<number, Bits>()

  for (const { wants, position } of plain) if (wants.protocols === undefined) everywhere.add(position)
  const bitsOf = (protocol: number) => byProtocol.get(protocol) ?? everywhere

  for (const { wants, position } of plain)
    for (const protocol of wants.protocols ?? []) {
      const bits = byProtocol.get(protocol) ?? everywhere.copy()

      bits.add(position)
      byProtocol.set(protocol, bits)
    }
  const protocols = new Uint16Array(Limit.protocols).fill(vectors.classOf(everywhere))

  for (const [protocol, bits] of byProtocol) protocols[protocol] = vectors.classOf(bits)
  return {
    protocols,
    tcpFlags: flagClasses(rules, bitsOf(tcp), vectors),
    icmp: icmpProtocols.map(protocol => typeClasses(rules, protocol, bitsOf(protocol), vectors)),
  }
}

/** Rules that name flags do it in few ways: each way is asked once for each of the 256 values. */
function flagClasses(rules: readonly PlacedRule[], base: Bits, vectors: VectorPool): Uint16Array {
  const ways = new Map<number, number[]>()
  const classes = new Uint16Array(Limit.tcpFlags).fill(vectors.classOf(base))

  for (const { wants, position } of rules) {
    const { tcpFlags, protocols } = wants

    if (tcpFlags === undefined || !protocols?.includes(tcp)) continue
    const way = (tcpFlags.set << 8) | tcpFlags.unset
    const positions = ways.get(way)

    if (positions === undefined) ways.set(way, [position])
    else positions.push(position)
  }
  if (ways.size === 0) return classes
  const bits = base.copy()

  for (let flags = 0; flags < Limit.tcpFlags; flags++) {
    bits.become(base)
    for (const [way, positions] of ways)
      if ((flags & (way >> 8)) === way >> 8 && (flags & way & 0xff) === 0) for (const position of positions) bits.add(position)
    classes[flags] = vectors.classOf(bits)
  }
  return classes
}

function typeClasses(rules: readonly PlacedRule[], protocol: number, base: Bits, vectors: VectorPool): Uint16Array {
  const ranges: PlacedRange[] = []

  for (const { wants, position } of rules)
    if (wants.icmp !== undefined && wants.protocols?.includes(protocol)) ranges.push({ ...wants.icmp, position })
  return stretch(ranges, base, Limit.values, vectors)
}
