/** One family of the index: its root, with a region below each cell. */
import type { Column } from './column.ts'
import type { Family, NumberingDraft } from './numbering.ts'
import { noPrefixes, numberAt, type Packed, strideOf } from './packed.ts'
import type { Edits } from './prefix-edits.ts'
import { recount, recountLong } from './prefix-recount.ts'
import { pickEdits, type Region, RegionBuilder } from './prefix-region.ts'
import { type Cell, rootBits } from './prefix-tree.ts'
import type { SetPool } from './setpool.ts'

const rootCells = 1 << rootBits
const pageSize = 256
type Page = readonly (Region | undefined)[]

export interface FamilyIndex {
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

export function emptyFamily(base: Family): FamilyIndex {
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

/** Of a set the collections that end one day. What never ends and holds everything is the base of the family. */
export function passing(pool: SetPool, ends: Column, set: number): number {
  return set === 0 ? 0 : pool.of(pool.members(set).filter(member => ends.at(member) > 0))
}

export function* changeFamily(
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
  const short = yield* builder.mergeLong(before.short, shortEdits, 0, shortEdits.count)
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
        const entrySize = family === 4 ? 3 : 6
        if (region?.kind === 'node' || old?.kind === 'node') yield* recountLong(cells[root] as Cell, cell, entrySize, numbering)
        else recount(cells[root] as Cell, cell, entrySize, numbering)
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

/** The same by the numbers of another pool. */
export function* moveFamily(family: FamilyIndex, stride: 2 | 5, move: (set: number) => number): Generator<void, FamilyIndex> {
  const pages: Page[] = []

  for (const page of family.pages) pages.push(page.some(region => region !== undefined) ? yield* movePage(page, stride, move) : page)
  return {
    ...family,
    everything: move(family.everything),
    short: moveSets(family.short, stride, move),
    inherited: family.inherited.map(move),
    pages,
  }
}

function* movePage(page: Page, stride: 2 | 5, move: (set: number) => number): Generator<void, (Region | undefined)[]> {
  const moved: (Region | undefined)[] = []

  for (const region of page)
    if (region === undefined) moved.push(undefined)
    else {
      const inherited = move(region.inherited)
      if (region.kind === 'leaf') moved.push({ ...region, inherited, prefixes: moveSets(region.prefixes, stride, move) })
      else {
        const children: (Region | undefined)[] = yield* movePage(region.children, stride, move)
        moved.push({ ...region, inherited, short: moveSets(region.short, stride, move), children })
      }
    }
  yield
  return moved
}

function moveSets(packed: Packed, stride: 2 | 5, move: (set: number) => number): Packed {
  const moved = packed.slice()

  for (let at = 0; at < packed.length / stride; at++)
    moved[at * stride + stride - 1] = (move(numberAt(packed, stride, at)) << 8) | ((packed[at * stride + stride - 1] as number) & 255)
  return moved
}
