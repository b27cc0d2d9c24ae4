/**
 * The trie that packets' addresses are looked up in, as immutable objects in the shape of its rows in the kernel: a change makes new
 * objects along its path and shares all others, so that what has to be written is what has not been written yet.
 */

/** What the addresses below one cell are: a number is the membership of them all. */
export type Cell = number | Branch | Bucket | Skip

/** The next 8 bits decide. */
export interface Branch {
  readonly kind: 'branch'
  /** 256 of them. */
  readonly cells: readonly Cell[]
}

/** Few prefixes: each is compared whole, the longest first. */
export interface Bucket {
  readonly kind: 'bucket'
  /** Membership where none of them matches. */
  readonly otherwise: number
  /** In columns of one entry: IPv4 [address, length, membership], IPv6 [four words, length, membership]; longest prefix first. */
  readonly entries: Uint32Array
}

/** All that is below has these leading bits (IPv6 alone; IPv4 has no paths worth shortening). */
export interface Skip {
  readonly kind: 'skip'
  /** Four words. */
  readonly address: Uint32Array
  /** Bits that must be equal: a multiple of 8, more than the level that it stands at. What is below goes on from here. */
  readonly length: number
  /** Membership where they are not. */
  readonly otherwise: number
  readonly below: Branch | Bucket
}

/** By the first 16 bits of the address, each. */
export interface PrefixTree {
  readonly ipv4: readonly Cell[]
  readonly ipv6: readonly Cell[]
}

/** Entries of one bucket: beyond these a branch is cheaper than to compare them all. */
export const bucketEntries = { ipv4: 31, ipv6: 8 } as const
/** Bits that the root decides. */
export const rootBits = 16
