/** Whom services let in: lists that are the same are one, and a bit of each membership. */
import { Limit } from '../dataplane/abi.ts'
import type { Collections, enabledServices } from './collections.ts'
import type { ServiceValue } from './document.ts'

export type SourceList = NonNullable<ServiceValue['sources']>

export interface Admission {
  /** In the order of their bits. */
  readonly lists: readonly SourceList[]
  /** Name of a service -> 1 + its list; absent: everybody is let in. */
  readonly byService: ReadonlyMap<string, number>
}

export function admissionOf(services: ReturnType<typeof enabledServices>): Admission {
  const bits = new Map<string, number>()
  const lists: SourceList[] = []
  const byService = new Map<string, number>()

  for (const [name, { sources }] of services) {
    if (sources?.allow === undefined && sources?.deny === undefined) continue
    const key = JSON.stringify([[...(sources.allow ?? ['any'])].sort(), [...(sources.deny ?? [])].sort()])
    let bit = bits.get(key)

    if (bit === undefined) {
      bit = lists.length
      bits.set(key, bit)
      lists.push(sources)
    }
    byService.set(name, bit + 1)
  }
  return { lists, byService }
}

/** Collections of an address -> the lists that let it in. What is denied is not let in, whatever else it is. */
export function admits(lists: readonly SourceList[], { numbers }: Pick<Collections, 'numbers'>): (members: readonly number[]) => bigint {
  const numbersOf = (references: readonly string[] | undefined) => references && new Set(references.map(name => numbers.get(name)))
  const numbered = lists.slice(0, Limit.sourceLists).map(({ allow, deny }) => ({ allow: numbersOf(allow), deny: numbersOf(deny) }))

  return members => {
    let mask = 0n

    for (const [bit, { allow, deny }] of numbered.entries())
      if ((allow === undefined || members.some(member => allow.has(member))) && !members.some(member => deny?.has(member)))
        mask |= 1n << BigInt(bit)
    return mask
  }
}
