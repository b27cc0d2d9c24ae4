/** What differs between two states of a set, as the compiler is told it: prefixes that come and go, by the second at which they end. */
import { type EntryChunk, type EntryFamily, type EntrySet, endOf } from './entry-set.ts'
import { comparePrefixes, type FamilyList, type PrefixChange, type PrefixList, wordsOf } from './prefix-list.ts'

/** Seconds since 1970 -> what comes and goes among the entries that end then; 0: those that never do. An entry whose end moves does both. */
export type EntryDelta = ReadonlyMap<number, PrefixChange>

/** Chunks that both have are not looked into. */
export function* entryDelta(before: EntrySet, after: EntrySet): Generator<void, EntryDelta> {
  const sheets = new Map<number, Sheet>()
  yield* compareFamily(before.ipv4, after.ipv4, sheets)
  yield* compareFamily(before.ipv6, after.ipv6, sheets)
  return new Map([...sheets].map(([end, sheet]) => [end, { added: listOf(sheet.added), removed: listOf(sheet.removed) }]))
}

interface GrowingList {
  readonly family: 4 | 6
  count: number
  words: Uint32Array
  lengths: Uint8Array
}
type GrowingPair = readonly [GrowingList, GrowingList]
interface Sheet {
  readonly added: GrowingPair
  readonly removed: GrowingPair
}

function* compareFamily(before: EntryFamily, after: EntryFamily, sheets: Map<number, Sheet>): Generator<void, void> {
  if (before === after) return
  const shared = new Set(before.chunks)
  const fresh = after.chunks.filter(chunk => !shared.delete(chunk))
  const stale = before.chunks.filter(chunk => shared.has(chunk))
  let [left, right] = [walk(stale), walk(fresh)]

  while (left !== undefined || right !== undefined) {
    const order =
      left === undefined ? 1 : right === undefined ? -1 : comparePrefixes(left.chunk.prefixes, left.at, right.chunk.prefixes, right.at)
    const [leftEnd, rightEnd] = [left && endOf(left.chunk, left.at), right && endOf(right.chunk, right.at)]
    if (left && leftEnd !== undefined && order <= 0 && (order < 0 || leftEnd !== rightEnd))
      append(sheetOf(sheets, leftEnd).removed, left.chunk.prefixes, left.at)
    if (right && rightEnd !== undefined && order >= 0 && (order > 0 || leftEnd !== rightEnd))
      append(sheetOf(sheets, rightEnd).added, right.chunk.prefixes, right.at)
    if (left && order <= 0) left = step(left)
    if (right && order >= 0) right = step(right)
    if ((left?.at ?? 1) === 0 || (right?.at ?? 1) === 0) yield
  }
}

interface Place {
  readonly chunks: readonly EntryChunk[]
  index: number
  chunk: EntryChunk
  at: number
}

function walk(chunks: readonly EntryChunk[]): Place | undefined {
  const [chunk] = chunks
  return chunk && { chunks, index: 0, chunk, at: 0 }
}

function step(place: Place): Place | undefined {
  if (++place.at < place.chunk.prefixes.count) return place
  const chunk = place.chunks[++place.index]
  if (chunk === undefined) return undefined
  place.chunk = chunk
  place.at = 0
  return place
}

function sheetOf(sheets: Map<number, Sheet>, end: number): Sheet {
  const known = sheets.get(end)
  if (known) return known
  const sheet = { added: newPair(), removed: newPair() }
  sheets.set(end, sheet)
  return sheet
}

function newPair(): GrowingPair {
  return [growing(4), growing(6)]
}

function growing(family: 4 | 6): GrowingList {
  return { family, count: 0, words: new Uint32Array(4 * wordsOf(family)), lengths: new Uint8Array(4) }
}

function append(pair: GrowingPair, from: FamilyList, index: number): void {
  const list = pair[from.family === 4 ? 0 : 1]
  const width = wordsOf(list.family)
  if (list.count === list.lengths.length) {
    const { words, lengths } = list
    list.words = new Uint32Array(words.length * 2)
    list.words.set(words)
    list.lengths = new Uint8Array(lengths.length * 2)
    list.lengths.set(lengths)
  }
  const at = list.count++
  for (let word = 0; word < width; word++) list.words[at * width + word] = from.words[index * width + word] as number
  list.lengths[at] = from.lengths[index] as number
}

function listOf([ipv4, ipv6]: GrowingPair): PrefixList {
  const cut = ({ family, count, words, lengths }: GrowingList): FamilyList => ({
    family,
    count,
    words: words.subarray(0, count * wordsOf(family)),
    lengths: lengths.subarray(0, count),
  })
  return { ipv4: cut(ipv4), ipv6: cut(ipv6) }
}
