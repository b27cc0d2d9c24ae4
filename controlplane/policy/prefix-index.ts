/**
 * Which collections hold which prefixes, and the trie that packets need of it. Never changed: a change makes another index, which
 * shares with this one all that stays, and this one goes on to be what it was.
 */
import { baseMembershipCount } from '../dataplane/abi.ts'
import { atOnce } from './at-once.ts'
import { Column } from './column.ts'
import { type Numbering, NumberingDraft, noNumbers, setOf } from './numbering.ts'
import { type CollectionChange, editsOf } from './prefix-edits.ts'
import { changeFamily, emptyFamily, type FamilyIndex, moveFamily, passing } from './prefix-family.ts'
import type { PrefixTree } from './prefix-tree.ts'
import { type SetPool, setPool } from './setpool.ts'

export type { CollectionChange } from './prefix-edits.ts'

interface State {
  readonly pool: SetPool
  /** Sets that the pool may hold before those that nobody needs are left behind. */
  readonly poolLimit: number
  readonly families: readonly [FamilyIndex, FamilyIndex]
  readonly numbering: Numbering
  /** Collection -> when it ends; 0: never. */
  readonly ends: Column
  readonly tree: PrefixTree
  readonly memberships: readonly (number | undefined)[]
}

const smallPool = 1 << 16

export class PrefixIndex {
  readonly #state: State

  private constructor(state: State) {
    this.#state = state
  }

  static empty(): PrefixIndex {
    return new PrefixIndex({
      pool: setPool(),
      poolLimit: smallPool,
      families: noFamilies,
      numbering: noNumbers,
      ends: new Column(),
      tree: noTree,
      memberships: [0, 0],
    })
  }

  get pool(): SetPool {
    return this.#state.pool
  }
  get tree(): PrefixTree {
    return this.#state.tree
  }
  /** Membership -> its collections, a set of the pool; undefined: a number that nobody has. The first two are the bases. */
  get memberships(): readonly (number | undefined)[] {
    return this.#state.memberships
  }
  /** Memberships that somebody has: as many numbers as a table must have, and no fewer than a fresh index would give. */
  get needed(): number {
    return this.#state.numbering.used
  }
  /** Prefixes that are held, 0.0.0.0/0 and ::/0 apart where they never end. */
  get counts(): { readonly ipv4: number; readonly ipv6: number } {
    const { families, pool, ends } = this.#state
    const count = ({ count, everything }: FamilyIndex) => count + (passing(pool, ends, everything) === 0 ? 0 : 1)

    return { ipv4: count(families[0]), ipv6: count(families[1]) }
  }

  /** When the first collections of a membership end, and the membership from then on; undefined: none of them ever does. */
  afterwards(membership: number): { readonly end: number; readonly next: number } | undefined {
    const { ends, nexts } = this.#state.numbering
    const end = ends.at(membership)

    return end === 0 ? undefined : { end, next: nexts.at(membership) }
  }

  change(changes: readonly CollectionChange[]): PrefixIndex {
    return atOnce(this.changing(changes))
  }

  /** Yields where others may have their turn: at least every few hundred prefixes. */
  *changing(changes: readonly CollectionChange[]): Generator<void, PrefixIndex> {
    if (this.pool.size > this.#state.poolLimit) return yield* (yield* this.#compacted()).changing(changes)
    const { pool, tree } = this.#state
    const ends = this.#state.ends.edit()

    for (const { collection, end = 0 } of changes) if (ends.at(collection) !== end) ends.set(collection, end)
    const endsNow = ends.done()
    const numbering = new NumberingDraft(this.#state.numbering, pool, collection => endsNow.at(collection))
    const ipv4 = yield* changeFamily(this.#state.families[0], 4, yield* editsOf(4, changes, pool), pool, numbering, endsNow)
    const ipv6 = yield* changeFamily(this.#state.families[1], 6, yield* editsOf(6, changes, pool), pool, numbering, endsNow)
    const families = [ipv4, ipv6] as const
    const settled = numbering.settle()

    return new PrefixIndex({
      ...this.#state,
      families,
      numbering: settled,
      ends: endsNow,
      tree: tree.ipv4 === ipv4.cells && tree.ipv6 === ipv6.cells ? tree : { ipv4: ipv4.cells, ipv6: ipv6.cells },
      memberships: this.#membershipsAfter(families, settled, numbering.changed, endsNow),
    })
  }

  /** The same list where no membership is another. */
  #membershipsAfter(
    families: readonly [FamilyIndex, FamilyIndex],
    numbering: Numbering,
    changed: readonly number[],
    ends: Column,
  ): readonly (number | undefined)[] {
    const { memberships, pool } = this.#state
    const bases = families.map(({ everything }) => pool.minus(everything, passing(pool, ends, everything)))
    const isOther = bases.some((base, family) => base !== memberships[family])
    if (!isOther && changed.length === 0) return memberships
    const after = memberships.slice(0, numbering.size)

    while (after.length < numbering.size) after.push(undefined)
    const write = (membership: number) => {
      const meant = setOf(numbering, membership)
      after[membership] = meant && pool.union(bases[meant.family] as number, meant.set)
    }
    if (isOther) for (let membership = 0; membership < numbering.size; membership++) write(membership)
    else for (const membership of changed) write(membership)
    return after
  }

  /** The same with a pool that holds what is needed. Cells stay, since they speak of memberships and not of sets. */
  *#compacted(): Generator<void, PrefixIndex> {
    const { pool, families, numbering, memberships } = this.#state
    const fresh = setPool()
    const moved = new Map<number, number>()
    const move = (set: number) => {
      let to = moved.get(set)
      if (to === undefined) {
        to = fresh.of(pool.members(set))
        moved.set(set, to)
      }
      return to
    }
    const keys = numbering.keys.edit()
    const numbers = [new Column().edit(), new Column().edit()] as const

    for (let membership = baseMembershipCount as number; membership < numbering.size; membership++) {
      const meant = setOf(numbering, membership)
      if (meant === undefined) continue
      const set = move(meant.set)
      keys.set(membership, set * 2 + meant.family + 1)
      numbers[meant.family].set(set, membership)
    }
    const movedFamilies = [yield* moveFamily(families[0], 2, move), yield* moveFamily(families[1], 5, move)] as const
    return new PrefixIndex({
      ...this.#state,
      families: movedFamilies,
      memberships: memberships.map(set => (set === undefined ? undefined : move(set))),
      numbering: { ...numbering, keys: keys.done(), numbers: [numbers[0].done(), numbers[1].done()] },
      pool: fresh,
      poolLimit: Math.max(smallPool, fresh.size * 2),
    })
  }
}

const noFamilies = [emptyFamily(0), emptyFamily(1)] as const
const noTree: PrefixTree = { ipv4: noFamilies[0].cells, ipv6: noFamilies[1].cells }
