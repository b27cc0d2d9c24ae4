/**
 * Memberships as rows. What rules, services and management say of one depends on the names it stands for alone: that is its profile,
 * which many memberships share. What is its own is when it ends and what follows.
 */
import { Membership } from '../dataplane/abi.ts'
import { type CollectionBook, namedSet } from './collections.ts'
import { PrefixIndex } from './prefix-index.ts'

export interface Memberships {
  readonly index: PrefixIndex
  /** Sets of the pool: a profile is an index of these. Kept by identity while no new one is needed. */
  readonly profiles: readonly number[]
  /** Set of the pool -> profile. */
  readonly bySet: ReadonlyMap<number, number>
  /** Membership -> profile; undefined: a number that nobody has. */
  readonly profileOf: readonly (number | undefined)[]
}

/** Profiles that nobody needs any more, beyond as many as are needed. */
const spare = 64

export function profileMemberships(index: PrefixIndex, book: CollectionBook<unknown>, previous: Memberships | undefined): Memberships {
  const { memberships, pool } = index
  if (previous?.index.pool !== pool)
    return followOn(index, book, { index: PrefixIndex.empty(), profiles: [], profileOf: [], bySet: new Map() })
  if (previous.index.memberships === memberships) return { ...previous, index }
  const next = followOn(index, book, previous)
  const isCrowded = next.profiles !== previous.profiles && next.profiles.length > 2 * new Set(next.profileOf).size + spare

  return isCrowded ? profileMemberships(index, book, undefined) : next
}

function followOn(index: PrefixIndex, book: CollectionBook<unknown>, previous: Memberships): Memberships {
  const { memberships, pool } = index
  const before = previous.index.memberships
  const profileOf = previous.profileOf.slice(0, memberships.length)
  const news: number[] = []
  let { bySet } = previous

  for (let membership = 0; membership < memberships.length; membership++) {
    const set = memberships[membership]
    if (membership < profileOf.length && before[membership] === set) continue
    if (set === undefined) {
      profileOf[membership] = undefined
      continue
    }
    const named = namedSet(book, pool, set)
    let profile = bySet.get(named)

    if (profile === undefined) {
      if (news.length === 0) bySet = new Map(bySet)
      profile = previous.profiles.length + news.push(named) - 1
      ;(bySet as Map<number, number>).set(named, profile)
    }
    profileOf[membership] = profile
  }
  return { index, profiles: news.length === 0 ? previous.profiles : [...previous.profiles, ...news], profileOf, bySet }
}

/** What else `rows` was made of. */
export interface MembershipRows {
  readonly rows: Uint8Array
  readonly memberships: Memberships
  /** A row a profile. */
  readonly patterns: Uint8Array
  readonly bootedAt: number
}

/** `bootedAt`: the second at which the clock of the kernel began, on the clock of those who say when entries end. */
export function membershipRows(
  memberships: Memberships,
  patterns: Uint8Array,
  bootedAt: number,
  previous: MembershipRows | undefined,
): MembershipRows {
  const { index, profileOf } = memberships
  const isOld = previous !== undefined && previous.patterns === patterns && previous.bootedAt === bootedAt
  if (isOld && previous.memberships.index.memberships === index.memberships) return { ...previous, memberships }
  const sets = isOld ? previous.memberships.index.memberships : []
  const bytes = new Uint8Array(profileOf.length * Membership.size)
  const view = new DataView(bytes.buffer)

  if (isOld) bytes.set(previous.rows.subarray(0, bytes.length))
  for (let membership = 0; membership < profileOf.length; membership++) {
    const set = index.memberships[membership]
    if (isOld && membership < sets.length && sets[membership] === set) continue
    const profile = profileOf[membership]
    const at = membership * Membership.size

    if (profile === undefined) {
      bytes.fill(0, at, at + Membership.size)
      continue
    }
    bytes.set(patterns.subarray(profile * Membership.size, (profile + 1) * Membership.size), at)
    const afterwards = index.afterwards(membership)
    if (afterwards === undefined) continue
    view.setUint32(at + Membership.offsets.expiresS, Math.max(1, afterwards.end - bootedAt), true)
    view.setUint32(at + Membership.offsets.next, afterwards.next, true)
  }
  return { rows: bytes, memberships, patterns, bootedAt }
}
