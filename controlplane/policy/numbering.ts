/**
 * Numbers for memberships. A membership is what all prefixes around an address hold together, apart from its family's base; it keeps
 * its number while anything uses it. Where some of its collections end, it is followed by what remains, which has a number too.
 */
import { baseMembershipCount } from '../dataplane/abi.ts'
import { Column, type ColumnDraft } from './column.ts'
import type { SetPool } from './setpool.ts'

/** 0: IPv4, 1: IPv6; as the base memberships. */
export type Family = 0 | 1

/** Freed numbers, the last one first. */
interface Free {
  readonly number: number
  readonly rest: Free | undefined
}

/** By membership, where nothing else is said. */
export interface Numbering {
  /** (set of the pool * 2 + family) + 1; 0: nobody has this number. */
  readonly keys: Column
  /** By family: set of the pool -> membership. */
  readonly numbers: readonly [Column, Column]
  /** Places in cells, and memberships that are followed by it. */
  readonly uses: Column
  /** When the first of its collections ends; 0: never. */
  readonly ends: Column
  /** The membership from then on. */
  readonly nexts: Column
  readonly free: Free | undefined
  /** Numbers stand below this. */
  readonly size: number
  /** Numbers that somebody has, bases included. */
  readonly used: number
}

export const noNumbers: Numbering = {
  keys: new Column(),
  numbers: [new Column(), new Column()],
  uses: new Column(),
  ends: new Column(),
  nexts: new Column(),
  free: undefined,
  size: baseMembershipCount,
  used: baseMembershipCount,
}

export function setOf(numbering: Numbering, membership: number): { readonly set: number; readonly family: Family } | undefined {
  const key = numbering.keys.at(membership) - 1

  if (membership < baseMembershipCount) return { set: 0, family: membership as Family }
  return key < 0 ? undefined : { set: key >>> 1, family: (key & 1) as Family }
}

export class NumberingDraft {
  readonly #from: Numbering
  readonly #pool: SetPool
  /** Collection -> when it ends; 0: never. */
  readonly #endOf: (collection: number) => number
  readonly #keys: ColumnDraft
  readonly #numbers: readonly [ColumnDraft, ColumnDraft]
  readonly #uses: ColumnDraft
  readonly #ends: ColumnDraft
  readonly #nexts: ColumnDraft
  #free: Free | undefined
  #size: number
  /** Given in this draft; followed up when it is settled. */
  readonly #fresh: number[] = []
  readonly #followed = new Set<number>()
  /** May be unused now. */
  readonly #dropped: number[] = []
  /** Numbers whose meaning is not what it was. */
  readonly changed: number[] = []

  constructor(from: Numbering, pool: SetPool, endOf: (collection: number) => number) {
    this.#from = from
    this.#pool = pool
    this.#endOf = endOf
    this.#keys = from.keys.edit()
    this.#numbers = [from.numbers[0].edit(), from.numbers[1].edit()]
    this.#uses = from.uses.edit()
    this.#ends = from.ends.edit()
    this.#nexts = from.nexts.edit()
    this.#free = from.free
    this.#size = from.size
  }

  numberOf(set: number, family: Family): number {
    if (set === 0) return family
    return this.#numbers[family].at(set) || this.#give(set, family)
  }

  use(membership: number): void {
    if (membership >= baseMembershipCount) this.#uses.add(membership, 1)
  }

  drop(membership: number): void {
    if (membership >= baseMembershipCount && this.#uses.add(membership, -1) === 0) this.#dropped.push(membership)
  }

  /** Follows up what is new and frees what nobody uses: the draft is not to be used after this. */
  settle(): Numbering {
    for (const membership of this.#fresh.slice()) if (this.#uses.at(membership) > 0) this.#follow(membership)
    const idle = [...this.#dropped, ...this.#fresh]
    let freed = 0

    for (let membership = idle.pop(); membership !== undefined; membership = idle.pop()) {
      const key = this.#keys.at(membership) - 1
      if (key < 0 || this.#uses.at(membership) > 0) continue
      const next = this.#nexts.at(membership)

      if (this.#ends.at(membership) > 0 && next >= baseMembershipCount && this.#uses.add(next, -1) === 0) idle.push(next)
      this.#keys.set(membership, 0)
      this.#numbers[(key & 1) as Family].set(key >>> 1, 0)
      this.#ends.set(membership, 0)
      this.#nexts.set(membership, 0)
      this.#free = { number: membership, rest: this.#free }
      this.changed.push(membership)
      freed++
    }
    return {
      keys: this.#keys.done(),
      numbers: [this.#numbers[0].done(), this.#numbers[1].done()],
      uses: this.#uses.done(),
      ends: this.#ends.done(),
      nexts: this.#nexts.done(),
      free: this.#free,
      size: this.#size,
      used: this.#from.used + this.#fresh.length - freed,
    }
  }

  #give(set: number, family: Family): number {
    const membership = this.#free?.number ?? this.#size++

    this.#free = this.#free?.rest
    this.#numbers[family].set(set, membership)
    this.#keys.set(membership, set * 2 + family + 1)
    this.#fresh.push(membership)
    this.changed.push(membership)
    return membership
  }

  /** A number given before this draft has been followed up already. */
  #follow(membership: number): void {
    if (this.#followed.has(membership) || this.#from.keys.at(membership) !== 0) return
    this.#followed.add(membership)
    const key = this.#keys.at(membership) - 1
    const members = this.#pool.members(key >>> 1)
    const ends = members.map(this.#endOf).filter(end => end > 0)
    if (ends.length === 0) return
    const end = Math.min(...ends)
    const rest = this.#pool.of(members.filter(member => this.#endOf(member) !== end))
    const next = this.numberOf(rest, (key & 1) as Family)

    this.#ends.set(membership, end)
    this.#nexts.set(membership, next)
    if (next < baseMembershipCount) return
    this.#uses.add(next, 1)
    this.#follow(next)
  }
}
