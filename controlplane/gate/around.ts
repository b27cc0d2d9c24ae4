/** What is around the gate and not declared: devices, addresses, control groups, the clock. */

import type { Dataplane } from '../dataplane/dataplane.ts'
import { cgroupIds } from '../native/cgroups.ts'
import { bootOffsetMs } from '../native/clock.ts'
import type { NetworkWatch } from '../native/netlink.ts'
import { prefixKey } from '../policy/prefix.ts'
import type { PrefixKey } from '../policy/tables.ts'
import type { Surroundings } from './plan.ts'

const clockSlackMs = 500

export interface AroundOptions {
  readonly dataplane: Dataplane
  readonly network: NetworkWatch
  readonly apiPort?: number
}

export class Around {
  readonly #options: AroundOptions
  #local: readonly PrefixKey[]
  #bootOffsetMs = bootOffsetMs()

  constructor(options: AroundOptions) {
    this.#options = options
    this.#local = localAddresses(options.network)
  }

  get bootOffsetMs(): number {
    return this.#bootOffsetMs
  }

  /** The same clock, read by the daemon before this one: ends of rules come out as they are. */
  resume(offsetMs: number): void {
    this.#bootOffsetMs = offsetMs
  }

  now(compiled: Surroundings['compiled'], memory: Surroundings['memory']): Surroundings {
    const { dataplane, apiPort, network } = this.#options
    const { capacity, tracking } = dataplane
    const offset = bootOffsetMs()
    // Both clocks are read one after the other: what differs by less is no change.
    if (Math.abs(offset - this.#bootOffsetMs) > clockSlackMs) this.#bootOffsetMs = offset
    return {
      capacity,
      tracking,
      local: this.#local,
      apiPort,
      devices: network.devices(),
      cgroupIds,
      bootOffsetMs: this.#bootOffsetMs,
      compiled,
      memory,
    }
  }

  /** Whether this host's addresses are others than before. The same ones stay the same object, which is what the compiler goes by. */
  readdress(): boolean {
    const local = localAddresses(this.#options.network)
    if (local.join() === this.#local.join()) return false
    this.#local = local
    return true
  }
}

function localAddresses(network: NetworkWatch): PrefixKey[] {
  const keys = network.addresses().map(({ address }) =>
    prefixKey({
      family: address.length === 4 ? 4 : 6,
      bytes: address,
      length: address.length * 8,
    }),
  )
  return [...new Set(keys)].sort()
}
