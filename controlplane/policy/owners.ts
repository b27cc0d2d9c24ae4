/** Sorted lists of prefixes with what owns them, merged into one: no hashing, since sets of millions come sorted from the store. */
import type { SetPool } from './setpool.ts'
import type { PrefixKey } from './tables.ts'

/** Two columns. Keys ascend and do not repeat; a covering prefix stands before what it covers. */
export interface Owners {
  readonly keys: readonly PrefixKey[]
  /** Set of the pool, by the same index. */
  readonly sets: ArrayLike<number>
}

/** The keys in whatever order, all owned by one set of collections. */
export function ownedBy(prefixes: Iterable<PrefixKey>, set: number): Owners {
  const keys = Array.isArray(prefixes) ? (prefixes as PrefixKey[]) : Array.from(prefixes)
  const ascending = ascends(keys) ? keys : [...new Set(keys)].sort()

  return { keys: ascending, sets: new Uint32Array(ascending.length).fill(set) }
}

/** Two by two, so that no list is walked more often than there are doublings. */
export function mergeOwners(lists: readonly Owners[], pool: SetPool): Owners {
  let rest = lists.filter(list => list.keys.length > 0).sort((a, b) => a.keys.length - b.keys.length)

  while (rest.length > 1)
    rest = Array.from({ length: Math.ceil(rest.length / 2) }, (_, at) => {
      const [a, b] = rest.slice(2 * at, 2 * at + 2)
      return a !== undefined && b !== undefined ? merge(a, b, pool) : (a as Owners)
    })
  return rest[0] ?? { keys: [], sets: [] }
}

function merge(a: Owners, b: Owners, pool: SetPool): Owners {
  const keys: PrefixKey[] = []
  const sets = new Uint32Array(a.keys.length + b.keys.length)
  let i = 0
  let j = 0

  while (i < a.keys.length || j < b.keys.length) {
    const x = a.keys[i]
    const y = b.keys[j]

    if (y === undefined || (x !== undefined && x < y)) {
      sets[keys.push(x as PrefixKey) - 1] = a.sets[i++] as number
    } else if (x === undefined || y < x) {
      sets[keys.push(y) - 1] = b.sets[j++] as number
    } else {
      sets[keys.push(x) - 1] = pool.union(a.sets[i++] as number, b.sets[j++] as number)
    }
  }
  return { keys, sets }
}

function ascends(keys: readonly PrefixKey[]): boolean {
  for (let at = 1; at < keys.length; at++) if ((keys[at - 1] as PrefixKey) >= (keys[at] as PrefixKey)) return false
  return true
}
