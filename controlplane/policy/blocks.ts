/**
 * Long lists that change in few places, cut into blocks that stay the same objects from one list to the next: what is found of a block is
 * found once.
 */

export type Blocks<Item> = readonly (readonly Item[])[]

const usual = 256

/** `list` in blocks. Those of `before` are kept from both ends on, for as long as they hold the same items. */
export function cut<Item>(list: readonly Item[], before: Blocks<Item> = []): Blocks<Item> {
  let [head, first] = [0, 0]
  let [tail, last] = [before.length, list.length]
  const block = (at: number) => before[at] as readonly Item[]

  while (head < tail && standsAt(list, first, block(head))) first += block(head++).length
  while (tail > head && last - block(tail - 1).length >= first && standsAt(list, last - block(tail - 1).length, block(tail - 1)))
    last -= block(--tail).length
  // What is left of a block that shrinks goes into the one before it.
  if (first < last && last - first < usual / 4 && head > 0) first -= block(--head).length
  const count = Math.ceil((last - first) / (2 * usual))
  const length = Math.ceil((last - first) / count)
  const fresh = Array.from({ length: count }, (_, at) => list.slice(first + at * length, Math.min(first + (at + 1) * length, last)))
  return fresh.length === 0 && head + before.length - tail === before.length
    ? before
    : [...before.slice(0, head), ...fresh, ...before.slice(tail)]
}

function standsAt<Item>(list: readonly Item[], first: number, block: readonly Item[]): boolean {
  if (first + block.length > list.length) return false
  for (let at = 0; at < block.length; at++) if (list[first + at] !== block[at]) return false
  return true
}

/** What `find` says of each block, in their order; it is asked once for each. */
export function perBlock<Item, Found>(find: (block: readonly Item[]) => Found): (blocks: Blocks<Item>) => Found[] {
  const known = new WeakMap<readonly Item[], { readonly found: Found }>()

  return blocks =>
    blocks.map(block => {
      let entry = known.get(block)
      if (entry === undefined) {
        entry = { found: find(block) }
        known.set(block, entry)
      }
      return entry.found
    })
}
