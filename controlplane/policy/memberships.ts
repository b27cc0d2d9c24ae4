/**
 * Memberships as rows. What rules, services and management say of one depends on the names it stands for alone: that is its profile,
 * which many memberships share. What is its own is when it ends and what follows.
 */
import { Membership } from '../dataplane/abi.ts'
import { type CollectionBook, namedSet } from './collections.ts'
import type { PrefixIndex } from './prefix-index.ts'

export interface Memberships {
  readonly index: PrefixIndex
  /** Sets of the pool: a profile is an index of these. Kept by identity while no new one is needed. */
  readonly profiles: readonly number[]
  /** Membership -> profile; undefined: a number that nobody has. */
  readonly profileOf: readonly (number | undefined)[]
}

/** More profiles than this share of them in use are numbered anew. */
const spare = 64

export function profileMemberships(index: PrefixIndex, book: CollectionBook<unknown>, previous: Memberships | undefined): Memberships {
  const { memberships, pool } = index
  const isOld = previous?.index.pool === pool
  if (previous && isOld && previous.index.memberships === memberships) return { ...previous, index }
  const sets = isOld ? previous.index.memberships : []
  const profiles = isOld ? previous.profiles.slice() : []
  const known = new Map(profiles.map((set, profile) => [set, profile]))
  const profileOf = memberships.map((set, membership) => {
    if (set === undefined) return undefined
    if (isOld && sets[membership] === set) return previous.profileOf[membership]
    const named = namedSet(book, pool, set)
    const profile = known.get(named) ?? profiles.push(named) - 1
    known.set(named, profile)
    return profile
  })
  const inUse = new Set(profileOf).size
  if (isOld && profiles.length > 2 * inUse + spare) return profileMemberships(index, book, undefined)
  const isSame = isOld && previous.profiles.length === profiles.length

  return { index, profiles: isSame ? previous.profiles : profiles, profileOf }
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
