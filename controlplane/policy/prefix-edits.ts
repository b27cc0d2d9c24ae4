/** Changes of many collections laid over each other: every prefix once, in order, with the collections that it gains and loses. */
import { comparePrefixes, type FamilyList, type PrefixChange, wordsOf } from './prefix-list.ts'
import type { SetPool } from './setpool.ts'

export interface CollectionChange extends PrefixChange {
  readonly collection: number
  /** When its prefixes end, for all the time that it holds any; 0 or absent: never. */
  readonly end?: number
}

/** A prefix list with two columns more. */
export interface Edits extends FamilyList {
  /** Sets of the pool. What is in both is gained. */
  readonly gained: Uint32Array
  readonly lost: Uint32Array
}

/** Lists of no more than that many prefixes are sorted together, since there may be thousands of them. */
const few = 16
/** Such lists that are sorted at a stretch. */
const many = 1024
const piece = 1 << 14

export function* editsOf(family: 4 | 6, changes: readonly CollectionChange[], pool: SetPool): Generator<void, Edits> {
  const large: Edits[] = []
  const small: Edits[] = []

  for (const { collection, added, removed } of changes) {
    const [more, less] = family === 4 ? [added.ipv4, removed.ipv4] : [added.ipv6, removed.ipv6]
    const set = pool.single(collection)

    for (const [list, gained, lost] of [
      [more, set, 0],
      [less, 0, set],
    ] as const)
      if (list.count > 0) {
        const edits = { ...list, gained: new Uint32Array(list.count).fill(gained), lost: new Uint32Array(list.count).fill(lost) }
        ;(list.count > few ? large : small).push(edits)
      }
  }
  for (let at = 0; at < small.length; at += many) {
    large.push(small.length === 1 ? (small[0] as Edits) : sortTogether(family, small.slice(at, at + many), pool))
    yield
  }
  large.sort((left, right) => right.count - left.count)
  for (let left = large.pop(); left !== undefined; left = large.pop()) {
    const right = large.pop()
    if (right === undefined) return left
    const merged: Edits = yield* merge(left, right, pool)
    const at = large.findIndex(({ count }) => count < merged.count)

    large.splice(at < 0 ? large.length : at, 0, merged)
  }
  return draftOf(family, 0).done()
}

function sortTogether(family: 4 | 6, lists: readonly Edits[], pool: SetPool): Edits {
  const places = lists.flatMap(list => Array.from({ length: list.count }, (_, at) => ({ list, at })))
  const draft = draftOf(family, places.length)

  places.sort((left, right) => comparePrefixes(left.list, left.at, right.list, right.at))
  for (const { list, at } of places) draft.push(list, at, pool)
  return draft.done()
}

function* merge(left: Edits, right: Edits, pool: SetPool): Generator<void, Edits> {
  const draft = draftOf(left.family, left.count + right.count)
  let i = 0
  let j = 0

  while (i < left.count && j < right.count) {
    for (let rest = piece; rest > 0 && i < left.count && j < right.count; rest--)
      if (comparePrefixes(left, i, right, j) <= 0) draft.push(left, i++, pool)
      else draft.push(right, j++, pool)
    yield
  }
  draft.rest(left, i, pool)
  draft.rest(right, j, pool)
  return draft.done()
}

function draftOf(family: 4 | 6, most: number) {
  const width = wordsOf(family)
  const words = new Uint32Array(most * width)
  const lengths = new Uint8Array(most)
  const gained = new Uint32Array(most)
  const lost = new Uint32Array(most)
  let count = 0
  const sofar = { family, count: 0, words, lengths }

  const push = (from: Edits, at: number, pool: SetPool) => {
    if (count > 0 && comparePrefixes(sofar, count - 1, from, at) === 0) {
      gained[count - 1] = pool.union(gained[count - 1] as number, from.gained[at] as number)
      lost[count - 1] = pool.union(lost[count - 1] as number, from.lost[at] as number)
      return
    }
    for (let word = 0; word < width; word++) words[count * width + word] = from.words[at * width + word] as number
    lengths[count] = from.lengths[at] as number
    gained[count] = from.gained[at] as number
    lost[count++] = from.lost[at] as number
  }
  return {
    push,
    rest(from: Edits, at: number, pool: SetPool) {
      if (at === from.count) return
      push(from, at++, pool)
      words.set(from.words.subarray(at * width), count * width)
      lengths.set(from.lengths.subarray(at), count)
      gained.set(from.gained.subarray(at), count)
      lost.set(from.lost.subarray(at), count)
      count += from.count - at
    },
    done: (): Edits => ({
      family,
      count,
      words: words.subarray(0, count * width),
      lengths: lengths.subarray(0, count),
      gained: gained.subarray(0, count),
      lost: lost.subarray(0, count),
    }),
  }
}
