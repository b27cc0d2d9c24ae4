/** Addresses that connections to backends come from: one row each, service by service. */
import { PoolAddress } from '../dataplane/abi.ts'
import type { enabledServices } from './collections.ts'
import type { ServiceValue } from './document.ts'
import { type Prefix, parsePrefix, wordsOf } from './prefix.ts'

export interface SourcePools {
  readonly rows: Uint8Array
  /** Name of a service -> its first row, and how many. */
  readonly byService: ReadonlyMap<string, { readonly base: number; readonly count: number }>
}

export function sourcePools(services: ReturnType<typeof enabledServices>): SourcePools {
  const addresses: number[][] = []
  const byService = new Map<string, { base: number; count: number }>()

  for (const [name, service] of services) {
    const own = poolOf(service)

    if (own.length > 0) byService.set(name, { base: addresses.length, count: own.length })
    addresses.push(...own)
  }
  const rows = new DataView(new ArrayBuffer(addresses.length * PoolAddress.size))

  for (const [row, address] of addresses.entries()) PoolAddress.encode(rows, row * PoolAddress.size, { address })
  return { rows: new Uint8Array(rows.buffer), byService }
}

/** How many addresses a prefix has, as long as that is a number to count with. */
export function addressCount({ bytes, length }: Prefix): number {
  return 2 ** (bytes.length * 8 - length)
}

function poolOf({ sourceNat }: ServiceValue): number[][] {
  if (sourceNat?.mode !== 'pool') return []
  return (sourceNat.addresses ?? []).flatMap(text => {
    const prefix = parsePrefix(text) as Prefix
    const first = wordsOf(prefix.bytes)
    const last = first.length - 1

    return Array.from({ length: addressCount(prefix) }, (_, at) => first.with(last, ((first[last] as number) + at) >>> 0))
  })
}
