/**
 * Collections are the named groups of prefixes that a policy asks about: a set, a prefix by its text, this host, the services.
 * Here they are numbered and laid over each other: every prefix with the collections that name it.
 */
import type { ManagementEntry, PolicyDocument } from './document.ts'
import { directions, orderRules, sortedEntries } from './order.ts'
import { mergeOwners, type Owners, ownedBy } from './owners.ts'
import { formatPrefix, type Prefix, parsePrefix, prefixKey } from './prefix.ts'
import { type SetPool, setPool } from './setpool.ts'
import type { PrefixKey } from './tables.ts'

export const local = '@local'
export const services = '@services'
/** No name that a document can write. */
export const natBackends = '@@natBackends'

export interface Collections {
  /** A reference as a canonical document writes it -> its number. */
  readonly numbers: ReadonlyMap<string, number>
  /** Sets of these numbers. */
  readonly pool: SetPool
  /** Every prefix that one of them holds, with the set of all that hold exactly this prefix. */
  readonly owners: Owners
}

export interface CollectionInput {
  readonly policy: PolicyDocument
  readonly entries: ReadonlyMap<string, Iterable<PrefixKey>>
  readonly local: readonly PrefixKey[]
  readonly management: readonly Required<ManagementEntry>[]
}

/** Only what an enabled rule, a way in or a service asks for: a set that nobody names costs nothing in the kernel. */
export function gatherCollections(input: CollectionInput): Collections {
  const { policy } = input
  const numbers = new Map<string, number>()
  const pool = setPool()
  for (const reference of [
    local,
    services,
    natBackends,
    ...ruleReferences(policy),
    ...input.management.flatMap(entry => entry.sources),
    ...Object.values(policy.detectors ?? {}).flatMap(detector => detector.exempt ?? []),
    ...enabledServices(policy).map(([, service]) => addressReference(service.address)),
  ])
    if (!numbers.has(reference)) numbers.set(reference, numbers.size)

  const lists = [...numbers].map(([reference, number]) => ownedBy(contents(reference, input), pool.single(number)))
  return { numbers, pool, owners: mergeOwners(lists, pool) }
}

/** `198.51.100.10` of a service -> `198.51.100.10/32`, as rules write the same prefix. */
export function addressReference(address: string): string {
  return formatPrefix(parsePrefix(address) as Prefix)
}

export function enabledServices(policy: PolicyDocument) {
  return sortedEntries(policy.services).filter(([, service]) => service.enabled !== false)
}

function contents(reference: string, input: CollectionInput): Iterable<PrefixKey> {
  switch (reference) {
    case local:
      return input.local
    case services:
      return enabledServices(input.policy).map(([, service]) => keyOf(service.address))
    case natBackends:
      return enabledServices(input.policy)
        .filter(([, service]) => service.forwarding === 'nat')
        .flatMap(([, service]) =>
          Object.values(service.backends ?? {})
            .filter(backend => backend.state !== 'disabled')
            .map(backend => keyOf(backend.address)),
        )
    default:
      return reference.startsWith('@') ? (input.entries.get(reference.slice(1)) ?? []) : [keyOf(reference)]
  }
}

function ruleReferences(policy: PolicyDocument): string[] {
  return directions
    .flatMap(direction => orderRules(policy, direction))
    .filter(({ rule }) => rule.enabled !== false)
    .flatMap(({ rule: { match } }) =>
      [match.source, match.notSource, match.destination, match.notDestination].flatMap(references => references ?? []),
    )
}

function keyOf(text: string): PrefixKey {
  return prefixKey(parsePrefix(text) as Prefix)
}
