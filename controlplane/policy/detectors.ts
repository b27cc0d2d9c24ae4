/** Detectors as the kernel keeps them: a row for each, which is also its bit among those that an address is exempt from. */
import { Detector, DetectorPer, DetectorType, Limit } from '../dataplane/abi.ts'
import type { DetectorValue, PolicyDocument } from './document.ts'
import { limitPrefixes } from './limits.ts'
import { sortedEntries } from './order.ts'
import { parseInterval } from './time.ts'

/** Of detectors that do not name one. */
export const defaultWindow = '10s'

const types = {
  portScan: DetectorType.portScan,
  sweep: DetectorType.sweep,
  synFlood: DetectorType.synFlood,
  rate: DetectorType.rate,
} as const
const pers = {
  source: DetectorPer.source,
  sourcePrefix: DetectorPer.sourcePrefix,
  destination: DetectorPer.destination,
} as const

/** Where more than twice as many values are distinct as there are bits, only a share of them is looked at. */
const distinctMost = 2 * Limit.detectionBits

/**
 * What a bitmap looks like when it has seen `threshold` distinct values: m bits, of which each value sets one by its hash, have
 * m (1 - (1 - 1/m)^n) set after n values (Whang, Vander-Zanden and Taylor 1990).
 */
export function distinctOf(threshold: number): { bits: number; sampling: number } {
  const bits = Limit.detectionBits
  const sampling = Math.max(0, Math.ceil(Math.log2(threshold / distinctMost)))

  return { bits: Math.max(1, Math.round(bits * (1 - (1 - 1 / bits) ** (threshold / 2 ** sampling)))), sampling }
}

/** In the order of their rows. */
export function detectorsOf(policy: PolicyDocument): [string, DetectorValue][] {
  return sortedEntries(policy.detectors)
}

export function encodeDetectors(detectors: readonly (readonly [string, DetectorValue])[], ids: ReadonlyMap<string, number>): Uint8Array {
  const rows = new DataView(new ArrayBuffer(detectors.length * Detector.size))

  for (const [row, [name, { type, per = 'source', threshold, window = defaultWindow }]] of detectors.entries()) {
    const { ipv4, ipv6 } = per === 'sourcePrefix' ? limitPrefixes : { ipv4: 32, ipv6: 128 }

    Detector.encode(rows, row * Detector.size, {
      detectorId: ids.get(name) ?? 0,
      windowS: parseInterval(window) as number,
      threshold,
      type: types[type],
      per: pers[per],
      ipv4Prefix: ipv4,
      ipv6Prefix: ipv6,
      ...distinctOf(threshold),
    })
  }
  return new Uint8Array(rows.buffer)
}
