/** Rates as the kernel keeps them: a row for each rule that limits. */
import { Limit, LimitPer, LimitRow } from '../dataplane/abi.ts'
import { perBlock } from './blocks.ts'
import type { LimitValue, PolicyDocument } from './document.ts'
import { type OrderedRule, ruleBlocks } from './order.ts'

/** Lengths of the prefixes that share a limit, where the policy does not say. */
export const limitPrefixes = { ipv4: 24, ipv6: 64 } as const
/** Per source: every address for itself. */
const addresses = { ipv4: 32, ipv6: 128 } as const

const pers = { rule: LimitPer.rule, source: LimitPer.source, sourcePrefix: LimitPer.sourcePrefix } as const

/** Enabled rules with action `limit`, in the order of their rows. */
export function limitRules(policy: PolicyDocument): OrderedRule[] {
  return limitsOf(ruleBlocks(policy)).flat()
}

const limitsOf = perBlock((block: readonly OrderedRule[]) => block.filter(({ rule }) => rule.action === 'limit' && rule.enabled !== false))

export function encodeLimits(limits: readonly OrderedRule[], ids: ReadonlyMap<string, number>): Uint8Array {
  const rows = new DataView(new ArrayBuffer(limits.length * LimitRow.size))

  for (const [row, { name, rule }] of limits.entries())
    LimitRow.encode(rows, row * LimitRow.size, limitRow(rule.limit ?? {}, ids.get(name) ?? 0))
  return new Uint8Array(rows.buffer)
}

/** A burst that is not given is what the rate lets through in one second. */
function limitRow(limit: LimitValue, ruleId: number): LimitRow {
  const { packetsPerSecond = 0, bitsPerSecond = 0, burstPackets = packetsPerSecond, burstBits = bitsPerSecond, per = 'rule' } = limit
  const prefixes =
    per === 'sourcePrefix' ? { ipv4: limit.ipv4Prefix ?? limitPrefixes.ipv4, ipv6: limit.ipv6Prefix ?? limitPrefixes.ipv6 } : addresses
  const packetCost = packetsPerSecond > 0 ? ticksPerSecond / BigInt(packetsPerSecond) : 0n

  return {
    packetCost,
    packetTolerance: tolerance(burstPackets, packetsPerSecond, packetCost / 2n),
    bitsPerS: BigInt(bitsPerSecond),
    bitTolerance: tolerance(burstBits, bitsPerSecond, spareTicks),
    maxConnections: limit.maxConnections ?? 0,
    ruleId,
    per: pers[per],
    ipv4Prefix: prefixes.ipv4,
    ipv6Prefix: prefixes.ipv6,
    allows: limit.within === 'allow' ? 1 : 0,
  }
}

const ticksPerSecond = BigInt(Limit.ticksPerNs) * 1_000_000_000n
/** What the rounding of some hundred packets comes to. */
const spareTicks = ticksPerSecond / 50_000n
const longest = BigInt(Limit.maxToleranceS) * ticksPerSecond

/**
 * How long a burst takes at the rate, and half a packet longer, of bits at most some microseconds: the kernel rounds what a packet costs by
 * chance, and the last packet of a burst is not to be refused for that.
 */
function tolerance(burst: number, rate: number, spare: bigint): bigint {
  if (rate === 0) return 0n

  const ticks = (BigInt(burst) * ticksPerSecond + BigInt(rate) - 1n) / BigInt(rate) + spare

  return ticks < longest ? ticks : longest
}
