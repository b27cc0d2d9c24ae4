/**
 * Which collections hold which prefixes, and the trie that packets need of it. Never changed: a change makes another index, which
 * shares with this one all that stays, and this one goes on to be what it was.
 */
import { baseMembershipCount } from '../dataplane/abi.ts'
import { atOnce } from './at-once.ts'
import { Column } from './column.ts'
import { type Family, type Numbering, NumberingDraft, noNumbers, setOf } from './numbering.ts'
import { noPrefixes, numberAt, type Packed, strideOf } from './packed.ts'
import { type CollectionChange, type Edits, editsOf } from './prefix-edits.ts'
import { pickEdits, type Region, RegionBuilder } from './prefix-region.ts'
import { type Cell, type PrefixTree, rootBits } from './prefix-tree.ts'
import { type SetPool, setPool } from './setpool.ts'

export type { CollectionChange } from './prefix-edits.ts'

const rootCells = 1 << rootBits
const pageSize = 256
type Page = readonly (Region | undefined)[]

interface FamilyIndex {
  /** Set of those who hold everything. */
  readonly everything: number
  /** Prefixes that the root decides. */
  readonly short: Packed
  /** What is around each root cell. */
  readonly inherited: Uint32Array
  /** Regions of the root cells, 256 a page. */
  readonly pages: readonly Page[]
  readonly cells: readonly Cell[]
  /** Prefixes, everything apart. */
  readonly count: number
}

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

function emptyFamily(base: Family): FamilyIndex {
  const page: Page = new Array(pageSize).fill(undefined)

  return {
    everything: 0,
    short: noPrefixes,
    inherited: new Uint32Array(rootCells),
    pages: new Array(rootCells / pageSize).fill(page),
    cells: new Array(rootCells).fill(base),
    count: 0,
  }
}

const noFamilies = [emptyFamily(0), emptyFamily(1)] as const
const noTree: PrefixTree = { ipv4: noFamilies[0].cells, ipv6: noFamilies[1].cells }

/** Of a set the collections that end one day. What never ends and holds everything is the base of the family. */
function passing(pool: SetPool, ends: Column, set: number): number {
  return set === 0 ? 0 : pool.of(pool.members(set).filter(member => ends.at(member) > 0))
}

function* changeFamily(
  before: FamilyIndex,
  family: 4 | 6,
  edits: Edits,
  pool: SetPool,
  numbering: NumberingDraft,
  ends: Column,
): Generator<void, FamilyIndex> {
  if (edits.count === 0) return before
  const builder = new RegionBuilder(family, pool, numbering)
  const width = family === 4 ? 1 : 4
  const isWhole = edits.lengths[0] === 0
  const everything = isWhole
    ? pool.union(pool.minus(before.everything, edits.lost[0] as number), edits.gained[0] as number)
    : before.everything
  const places: number[] = []
  /* Root cells with edits: cell, first edit, end. */
  const groups: number[] = []

  for (let edit = isWhole ? 1 : 0; edit < edits.count; ) {
    if ((edits.lengths[edit] as number) <= rootBits) {
      places.push(edit++)
      continue
    }
    const root = (edits.words[edit * width] as number) >>> rootBits
    const first = edit++
    while (edit < edits.count && (edits.words[edit * width] as number) >>> rootBits === root) edit++
    groups.push(root, first, edit)
    if ((groups.length & 1023) === 0) yield
  }
  const shortEdits = pickEdits(edits, places)
  const short = builder.merge(before.short, shortEdits, 0, shortEdits.count)
  const inherited =
    isWhole || short !== before.short
      ? spreadRoot(builder, before, short, shortEdits, passing(pool, ends, everything), isWhole)
      : before.inherited
  const pages = before.pages.slice()
  const ownPages = new Set<number>()
  let cells = before.cells
  let count = before.count + (short.length - before.short.length) / strideOf(family)
  let group = 0
  let pieces = 0

  for (let root = inherited === before.inherited ? (groups[0] ?? rootCells) : 0; root < rootCells; ) {
    const has = groups[group] === root
    if (has || inherited[root] !== before.inherited[root]) {
      const [first, end] = has ? [groups[group + 1] as number, groups[group + 2] as number] : [0, 0]
      const around = inherited[root] as number
      const old = pages[root >>> 8]?.[root & 255]
      const region: Region | undefined = builder.isShort(old, end - first)
        ? builder.updateShort(old, edits, first, end, rootBits, around)
        : yield* builder.update(old, edits, first, end, rootBits, around)
      const cell = region?.cell ?? builder.numberOf(around)

      if (region !== old) {
        if (!ownPages.has(root >>> 8)) {
          pages[root >>> 8] = (pages[root >>> 8] as Page).slice()
          ownPages.add(root >>> 8)
        }
        ;(pages[root >>> 8] as (Region | undefined)[])[root & 255] = region
      }
      if (cell !== cells[root]) {
        recount(cells[root] as Cell, cell, family === 4 ? 3 : 6, numbering)
        if (cells === before.cells) cells = before.cells.slice()
        ;(cells as Cell[])[root] = cell
      }
      count += builder.countOf(region) - builder.countOf(old)
      if ((++pieces & 15) === 0) yield
    }
    if (has) group += 3
    root = inherited === before.inherited ? (groups[group] ?? rootCells) : root + 1
  }
  return { everything, short, inherited, pages, cells, count }
}

/** A few changes touch their own cells; of many it is cheaper to begin anew. */
function spreadRoot(
  builder: RegionBuilder,
  { inherited }: FamilyIndex,
  short: Packed,
  { count, words, lengths, family }: Edits,
  around: number,
  isWhole: boolean,
): Uint32Array {
  if (isWhole || count > 32) {
    const sets = new Uint32Array(rootCells).fill(around)
    builder.spread(short, 0, rootBits, sets, 0, rootCells)
    return sets
  }
  const sets = inherited.slice()
  for (let edit = 0; edit < count; edit++) {
    const from = (words[family === 4 ? edit : edit * 4] as number) >>> rootBits
    const to = from + 2 ** (rootBits - (lengths[edit] as number))
    sets.fill(around, from, to)
    builder.spread(short, 0, rootBits, sets, from, to)
  }
  return sets
}

/** Tells the numbering which memberships have come into cells and gone out of them. */
function recount(before: Cell, after: Cell, entrySize: number, numbering: NumberingDraft): void {
  if (before === after) return
  if (typeof before === 'object' && typeof after === 'object') {
    if (before.kind === 'branch' && after.kind === 'branch') {
      for (let byte = 0; byte < 256; byte++) recount(before.cells[byte] as Cell, after.cells[byte] as Cell, entrySize, numbering)
      return
    }
    if (before.kind === 'skip' && after.kind === 'skip') {
      numbering.use(after.otherwise)
      numbering.drop(before.otherwise)
      return recount(before.below, after.below, entrySize, numbering)
    }
  }
  count(after, entrySize, membership => numbering.use(membership))
  count(before, entrySize, membership => numbering.drop(membership))
}

function count(cell: Cell, entrySize: number, tell: (membership: number) => void): void {
  if (typeof cell === 'number') return tell(cell)
  if (cell.kind === 'branch') {
    for (const inner of cell.cells) count(inner, entrySize, tell)
    return
  }
  tell(cell.otherwise)
  if (cell.kind === 'skip') return count(cell.below, entrySize, tell)
  const { entries } = cell
  for (let at = entrySize - 1; at < entries.length; at += entrySize) tell(entries[at] as number)
}

function* moveFamily(family: FamilyIndex, stride: 2 | 5, move: (set: number) => number): Generator<void, FamilyIndex> {
  const pages: Page[] = []

  for (const page of family.pages) {
    pages.push(page.some(region => region !== undefined) ? page.map(region => region && moveRegion(region, stride, move)) : page)
    yield
  }
  return {
    ...family,
    everything: move(family.everything),
    short: moveSets(family.short, stride, move),
    inherited: family.inherited.map(move),
    pages,
  }
}

function moveRegion(region: Region, stride: 2 | 5, move: (set: number) => number): Region {
  const inherited = move(region.inherited)

  if (region.kind === 'leaf') return { ...region, inherited, prefixes: moveSets(region.prefixes, stride, move) }
  const children = region.children.map(child => child && moveRegion(child, stride, move))
  return { ...region, inherited, short: moveSets(region.short, stride, move), children }
}

function moveSets(packed: Packed, stride: 2 | 5, move: (set: number) => number): Packed {
  const moved = packed.slice()

  for (let at = 0; at < packed.length / stride; at++)
    moved[at * stride + stride - 1] = (move(numberAt(packed, stride, at)) << 8) | ((packed[at * stride + stride - 1] as number) & 255)
  return moved
}
