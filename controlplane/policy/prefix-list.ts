/** Prefixes in columns: a million of them are a few arrays and not a million strings. */

/**
 * Prefixes of one family, ascending by address and then length, so that a covering prefix stands before what it covers; none twice.
 * Never changed once it is made.
 */
export interface FamilyList {
  readonly family: 4 | 6
  readonly count: number
  /** Addresses as 32-bit numbers, most significant first: one a prefix for IPv4, four for IPv6. Host bits are 0. */
  readonly words: Uint32Array
  /** Prefix lengths. */
  readonly lengths: Uint8Array
}

export interface PrefixList {
  readonly ipv4: FamilyList
  readonly ipv6: FamilyList
}
