/**
 * Where rules stand in bit vectors. A position is no identity, yet each vector that a moved rule is in has to be written again: so rules
 * keep their positions from one revision to the next, with gaps between them for those to come.
 */
import { Limit } from '../dataplane/abi.ts'

/** Up to here all fit into one word, which is searched without a summary: gaps would cost more than they save. */
const dense = 64
/** One gap for so many rules. */
const rulesPerGap = 8

/** Positions of `names`, ascending. `previous` is where they stood; at most Limit.ruleBits names. */
export function placeRules(names: readonly string[], previous: ReadonlyMap<string, number>): number[] {
  const count = names.length
  if (count <= dense) return names.map((_, at) => at)

  const positions = names.map(name => previous.get(name) ?? unplaced)
  const highest = positions.reduce((max, position) => Math.max(max, position), 0)
  // Too few for so wide a spread: each empty word is a step of the search.
  if (highest >= 4 * count || highest < dense) return spread(count)
  keepAscending(positions)
  return fillGaps(positions) ? positions : spread(count)
}

const unplaced = -1

function widthFor(count: number): number {
  return Math.min(Math.ceil((count + count / rulesPerGap) / 64) * 64, Limit.ruleBits)
}

function spread(count: number): number[] {
  const width = widthFor(count)
  return Array.from({ length: count }, (_, at) => Math.floor((at * width) / count))
}

/** Of positions that go up and down, the most that ascend stay (longest increasing subsequence); the others have to be placed anew. */
function keepAscending(positions: number[]): void {
  const before = new Int32Array(positions.length)
  /** By length, the index of the lowest position that ends such a sequence. */
  const ends: number[] = []

  for (const [at, position] of positions.entries()) {
    if (position === unplaced) continue
    let low = 0
    let high = ends.length

    while (low < high) {
      const middle = (low + high) >> 1
      if ((positions[ends[middle] as number] as number) < position) low = middle + 1
      else high = middle
    }
    before[at] = low === 0 ? unplaced : (ends[low - 1] as number)
    ends[low] = at
  }
  const kept = new Uint8Array(positions.length)

  for (let at = ends.at(-1) ?? unplaced; at !== unplaced; at = before[at] as number) kept[at] = 1
  for (let at = 0; at < positions.length; at++) if (!kept[at]) positions[at] = unplaced
}

/** Places what is unplaced between its neighbours; where there is no room, they move too, as few as can be. False: no room at all. */
function fillGaps(positions: number[]): boolean {
  for (let first = 0; first < positions.length; first++) {
    if (positions[first] !== unplaced) continue
    let last = first
    while (positions[last + 1] === unplaced) last++

    for (let reach = 1; ; reach *= 2) {
      const behind = last + 1 < positions.length ? (positions[last + 1] as number) : Limit.ruleBits
      const low = first > 0 ? (positions[first - 1] as number) + 1 : 0
      const count = last - first + 1
      const whole = first === 0 && last === positions.length - 1
      // What comes last may come again: it leaves the rest of the space alone.
      const high = last + 1 < positions.length ? behind : Math.min(behind, low + widthFor(count))

      // A window that was just filled to its brim would be full again at the next rule.
      if (high - low >= (reach === 1 ? count : count + Math.floor(count / (2 * rulesPerGap)))) {
        for (let at = 0; at < count; at++) positions[first + at] = low + Math.floor((at * (high - low)) / count)
        break
      }
      if (whole) return false
      first = Math.max(0, first - reach)
      last = Math.min(positions.length - 1, last + reach)
      while (positions[last + 1] === unplaced) last++
    }
    first = last
  }
  return true
}
