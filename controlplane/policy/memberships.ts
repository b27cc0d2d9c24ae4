/** Memberships: the set of collections that an address lies in, numbered so that what did not change keeps its number. */
import { baseMembershipCount } from '../dataplane/abi.ts'
import type { Collections } from './collections.ts'
import type { Owners } from './owners.ts'
import { anyIpv4, anyIpv6, covers, familyOf } from './prefix.ts'
import type { PrefixKey } from './tables.ts'

export interface Memberships {
  /** Prefixes that the tries need: those that say something other than the prefix around them. */
  readonly prefixes: ReadonlyMap<PrefixKey, number>
  /** Membership -> its collections, a set of the pool; undefined: a number that nobody has. The first two are the bases. */
  readonly sets: readonly (number | undefined)[]
}

/** The numbers that prefixes have now. */
export type Hint = Pick<ReadonlyMap<PrefixKey, number>, 'get'>

/** `limit`: numbers of `hint` from there on are forgotten, since the table ends before them. */
export function buildMemberships(collections: Collections, hint: Hint, limit: number): Memberships {
  const { keys, sets: owned } = collections.owners
  const baseOf = (any: PrefixKey) => owned[keys.indexOf(any)] ?? collections.pool.empty
  const [base4, base6] = [baseOf(anyIpv4), baseOf(anyIpv6)]
  const nested = nest(collections, base4, base6)
  const numbers = numberSets(
    nested,
    new Map([
      [base6, 1],
      [base4, 0],
    ]),
    hint,
    limit,
  )
  const sets: (number | undefined)[] = [base4, base6]
  const prefixes = new Map<PrefixKey, number>()

  for (const [set, number] of numbers) if (number >= baseMembershipCount) sets[number] = set
  for (const [at, key] of nested.keys.entries()) prefixes.set(key, numbers.get(nested.sets[at] as number) as number)
  return { prefixes, sets }
}

/** What each prefix lies in. A covering prefix comes before what it covers, so that a stack holds those around the current one. */
function nest({ pool, owners }: Collections, base4: number, base6: number): Owners {
  const keys: PrefixKey[] = []
  const sets: number[] = []
  const around: { key: PrefixKey; set: number }[] = []

  for (const [at, key] of owners.keys.entries()) {
    if (key === anyIpv4 || key === anyIpv6) continue
    let top = around.at(-1)

    while (top !== undefined && !covers(top.key, key)) {
      around.pop()
      top = around.at(-1)
    }
    const outer = top?.set ?? (familyOf(key) === 4 ? base4 : base6)
    const set = pool.union(outer, owners.sets[at] as number)

    if (set === outer) continue
    keys.push(key)
    sets.push(set)
    around.push({ key, set })
  }
  return { keys, sets }
}

/** A set takes the number that most of its prefixes have now, the larger claim first: so the fewest trie entries are rewritten. */
function numberSets(
  { keys, sets }: Owners,
  numbers: Map<number, number>,
  hint: Hint,
  limit: number,
): Map<number, number> {
  const claims = new Map<number, number>()
  const unclaimed = new Set<number>()

  for (const [at, key] of keys.entries()) {
    const set = sets[at] as number
    const number = hint.get(key)

    if (numbers.has(set)) continue
    unclaimed.add(set)
    if (number !== undefined && number >= baseMembershipCount && number < limit) {
      const claim = set * limit + number
      claims.set(claim, (claims.get(claim) ?? 0) + 1)
    }
  }
  const given = new Set<number>()

  for (const [claim] of [...claims].sort(([, a], [, b]) => b - a)) {
    // stable: equal claims in the order of prefixes
    const set = Math.floor(claim / limit)
    const number = claim % limit

    if (unclaimed.has(set) && !given.has(number)) {
      unclaimed.delete(set)
      given.add(number)
      numbers.set(set, number)
    }
  }
  let next = baseMembershipCount as number

  for (const set of unclaimed) {
    while (given.has(next)) next++
    numbers.set(set, next++)
  }
  return numbers
}
