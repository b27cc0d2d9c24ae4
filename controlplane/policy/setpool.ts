/** Sets of small numbers, each kept once and known by its own number, so that a million equal ones cost one. */

export interface SetPool {
  readonly empty: number
  /** Sets that it holds. It never forgets one. */
  readonly size: number
  single(member: number): number
  of(members: readonly number[]): number
  /** Both below 2^24. */
  union(a: number, b: number): number
  /** What is in `a` and not in `b`. */
  minus(a: number, b: number): number
  /** Members in ascending order. */
  members(set: number): readonly number[]
}

export function setPool(): SetPool {
  const sets: (readonly number[])[] = [[]]
  const byContent = new Map<string, number>([['', 0]])
  const unions = new Map<number, number>()

  const intern = (members: readonly number[]) => {
    const content = members.join()
    let set = byContent.get(content)

    if (set === undefined) {
      set = sets.push(members) - 1
      byContent.set(content, set)
    }
    return set
  }
  const members = (set: number) => sets[set] as readonly number[]
  const of = (members: readonly number[]) => intern([...new Set(members)].sort((x, y) => x - y))

  return {
    empty: 0,
    get size() {
      return sets.length
    },
    members,
    of,
    single: member => intern([member]),
    union(a, b) {
      if (a === b || b === 0) return a
      if (a === 0) return b
      const pair = a * 0x1000000 + b
      let set = unions.get(pair)

      if (set === undefined) {
        set = of([...members(a), ...members(b)])
        unions.set(pair, set)
      }
      return set
    },
    minus(a, b) {
      if (a === b || a === 0) return 0
      if (b === 0) return a
      const without = members(b)
      return intern(members(a).filter(member => !without.includes(member)))
    },
  }
}
