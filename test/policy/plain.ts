/** The plain reading of `test/oracle/plain.ts`, asked and answered in the compiler's terms: prefix keys and stable ids. */
import type { PolicyDocument } from '../../controlplane/policy/document.ts'
import { formatKey } from '../../controlplane/policy/prefix.ts'
import type { PrefixKey, StableIds } from '../../controlplane/policy/tables.ts'
import { addressText } from '../lab/packet.ts'
import { type Packet, reader } from '../oracle/plain.ts'

export type { Packet } from '../oracle/plain.ts'

export interface Decision {
  readonly verdict: 'allow' | 'deny'
  readonly by: 'management' | 'rule' | 'default' | 'service'
  readonly rule?: number
  /** 0: one of this address, since the packet has no ports. */
  readonly service?: number
  readonly natBackend?: boolean
}

export interface World {
  readonly policy: PolicyDocument
  readonly entries: ReadonlyMap<string, readonly PrefixKey[]>
  readonly local: readonly PrefixKey[]
  readonly ids: StableIds
}

interface Reading {
  readonly read: ReturnType<typeof reader>
  readonly natBackends: ReadonlySet<string>
}

const readings = new WeakMap<World, Reading>()

export function decide(world: World, packet: Packet): Decision {
  const { read, natBackends } = readingOf(world)
  const { verdict, by, rule, service } = read(packet)

  return {
    verdict: verdict === 'allow' ? 'allow' : 'deny',
    by: by === 'essential' ? 'default' : by,
    ...(rule === undefined ? {} : { rule: world.ids.rules.get(rule) as number }),
    ...(service === undefined
      ? {}
      : {
          service: packet.ports === undefined ? 0 : (world.ids.services.get(service) as number),
          natBackend: natBackends.has(addressText(packet.source)),
        }),
  }
}

function readingOf(world: World): Reading {
  const known = readings.get(world)
  if (known !== undefined) return known
  const { policy, entries, local } = world
  const reading: Reading = {
    read: reader({
      policy,
      entries: new Map([...entries].map(([name, keys]) => [name, keys.map(key => ({ prefix: formatKey(key) }))])),
      local: local.map(formatKey),
    }),
    natBackends: new Set(
      Object.values(policy.services ?? {})
        .filter(({ enabled, forwarding }) => enabled !== false && forwarding === 'nat')
        .flatMap(({ backends }) => Object.values(backends ?? {}))
        .filter(({ state }) => state !== 'disabled')
        .map(({ address }) => address),
    ),
  }

  readings.set(world, reading)
  return reading
}
