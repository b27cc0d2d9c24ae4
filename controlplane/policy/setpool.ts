/** Sets of small numbers, each kept once and known by its own number, so that a million equal ones cost one. */

export interface SetPool {
  readonly empty: number
  single(member: number): number
  /** Both below 2^24. */
  union(a: number, b: number): number
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

  return {
    empty: 0,
    members,
    single: member => intern([member]),
    union(a, b) {
      if (a === b || b === 0) return a
      if (a === 0) return b
      const pair = a * 0x1000000 + b
      let set = unions.get(pair)

      if (set === undefined) {
        set = intern([...new Set([...members(a), ...members(b)])].sort((x, y) => x - y))
        unions.set(pair, set)
      }
      return set
    },
  }
}
