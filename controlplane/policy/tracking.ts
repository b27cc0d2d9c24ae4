/** Connection tracking as a policy asks for it: whether, for how long, and with how much room. */
import { Limit, timeoutNames } from '../dataplane/abi.ts'
import type { PolicyDocument } from './document.ts'
import type { Pool } from './tables.ts'
import { parseInterval } from './time.ts'
import type { Trait } from './traits.ts'

/** Idle times, where the policy does not say; in the order of enum timeout. */
export const defaultTimeouts = { tcpEstablished: '24h', tcpOpening: '60s', tcpClosing: '30s', udp: '60s', icmp: '30s' } as const
export const defaultConnections = 262_144

/** A segment has half a million slots; a source that owes nothing needs none. */
const sourceLimitSegments = 2
const always = 0xffff_ffff_ffff_ffffn

export function timeoutsOf({ defaults }: PolicyDocument): number[] {
  const timeouts: Readonly<Record<string, string>> = { ...defaultTimeouts, ...defaults.connections?.timeouts }

  return timeoutNames.map(name => parseInterval(timeouts[camelCase(name)] as string) as number)
}

/**
 * Until when connections are taken as established that nobody has seen begin. Where the policy does not say: for the idle time of one
 * from the moment on that tracking begins, so that those which are there go on.
 */
export function pickUpUntil({ defaults }: PolicyDocument, pickUpUntilS: bigint): bigint {
  const { pickUp } = defaults.connections ?? {}

  return pickUp === undefined ? pickUpUntilS : pickUp ? always : 0n
}

/** What goes into the next side, from what the side in force says. `nowS`: CLOCK_BOOTTIME. */
export function nextPickUp(
  policy: PolicyDocument,
  inForce: { readonly isOn: boolean; readonly pickUpUntilS: bigint },
  nowS: number,
): bigint {
  if (!inForce.isOn) return BigInt(Math.ceil(nowS) + (timeoutsOf(policy)[0] as number))
  return inForce.pickUpUntilS === always ? 0n : inForce.pickUpUntilS
}

/** Room of each pool that the side needs. */
export function segmentsOf(policy: PolicyDocument, traits: ReadonlySet<Trait>): Record<Pool, number> {
  const connections = policy.defaults.connections?.max ?? defaultConnections
  const tracks = traits.has('states') || traits.has('connections')

  return {
    tracked: tracks ? Math.ceil(connections / (Limit.trackedWays * Limit.pagesPerSegment)) : 0,
    limit: traits.has('sharedLimits') ? sourceLimitSegments : 0,
    detection: Object.keys(policy.detectors ?? {}).length > 0 ? 1 : 0,
  }
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
