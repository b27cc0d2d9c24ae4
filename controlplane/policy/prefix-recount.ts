/** How often cells name a membership: told to the numbering, so that a number is free when nothing names it any more. */
import type { NumberingDraft } from './numbering.ts'
import type { Branch, Cell, Skip } from './prefix-tree.ts'

/** Tells the numbering which memberships have come into cells and gone out of them. */
export function recount(before: Cell, after: Cell, entrySize: number, numbering: NumberingDraft): void {
  if (before === after) return
  if (typeof before === 'object' && typeof after === 'object') {
    if (before.kind === 'branch' && after.kind === 'branch') {
      for (let byte = 0; byte < 256; byte++) recount(before.cells[byte] as Cell, after.cells[byte] as Cell, entrySize, numbering)
      return
    }
    if (before.kind === 'skip' && after.kind === 'skip') {
      numbering.use(after.otherwise)
      numbering.drop(before.otherwise)
      recount(before.below, after.below, entrySize, numbering)
      return
    }
  }
  count(after, entrySize, membership => numbering.use(membership))
  count(before, entrySize, membership => numbering.drop(membership))
}

/** As `recount`, a branch at a time. */
export function* recountLong(before: Cell, after: Cell, entrySize: number, numbering: NumberingDraft): Generator<void, void> {
  if (before === after) return
  if (!isLong(before) || !isLong(after) || before.kind !== after.kind) {
    yield* countLong(after, entrySize, membership => numbering.use(membership))
    yield* countLong(before, entrySize, membership => numbering.drop(membership))
    return
  }
  if (before.kind === 'skip' || after.kind === 'skip') {
    const [old, now] = [before as Skip, after as Skip]
    numbering.use(now.otherwise)
    numbering.drop(old.otherwise)
    yield* recountLong(old.below, now.below, entrySize, numbering)
    return
  }
  for (let byte = 0; byte < 256; byte++) {
    const [left, right] = [before.cells[byte] as Cell, after.cells[byte] as Cell]
    if (isLong(left) || isLong(right)) yield* recountLong(left, right, entrySize, numbering)
    else recount(left, right, entrySize, numbering)
  }
  yield
}

function* countLong(cell: Cell, entrySize: number, tell: (membership: number) => void): Generator<void, void> {
  if (!isLong(cell)) {
    count(cell, entrySize, tell)
    return
  }
  if (cell.kind === 'skip') {
    tell(cell.otherwise)
    yield* countLong(cell.below, entrySize, tell)
    return
  }
  for (const inner of cell.cells) {
    if (isLong(inner)) yield* countLong(inner, entrySize, tell)
    else count(inner, entrySize, tell)
  }
  yield
}

/** Whether there may be much below. */
function isLong(cell: Cell): cell is Branch | Skip {
  return typeof cell === 'object' && cell.kind !== 'bucket'
}

function count(cell: Cell, entrySize: number, tell: (membership: number) => void): void {
  if (typeof cell === 'number') {
    tell(cell)
    return
  }
  if (cell.kind === 'branch') {
    for (const inner of cell.cells) count(inner, entrySize, tell)
    return
  }
  tell(cell.otherwise)
  if (cell.kind === 'skip') {
    count(cell.below, entrySize, tell)
    return
  }
  const { entries } = cell
  for (let at = entrySize - 1; at < entries.length; at += entrySize) tell(entries[at] as number)
}
