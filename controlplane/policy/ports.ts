/** Ports as people write them, and as ranges with both ends included. */

export interface PortRange {
  readonly first: number
  readonly last: number
}

/** `80` or `8000-8100`; leading zeros, blanks, and ranges that run backwards are no ports. */
export function parsePortRange(text: string): PortRange | undefined {
  const parts = /^(0|[1-9][0-9]{0,4})(?:-(0|[1-9][0-9]{0,4}))?$/.exec(text)

  if (parts === null) return undefined
  const first = Number(parts[1])
  const last = parts[2] === undefined ? first : Number(parts[2])
  return first <= last && last <= 65535 ? { first, last } : undefined
}

/** One port is written alone, however it was given. */
export function formatPortRange(range: PortRange): string {
  return range.first === range.last ? String(range.first) : `${range.first}-${range.last}`
}

/** Ranges of checked text, sorted, without overlap or neighbours. */
export function mergedRanges(texts: readonly string[]): PortRange[] {
  const ranges = texts.map(text => parsePortRange(text) as PortRange).sort((a, b) => a.first - b.first || a.last - b.last)
  const merged: PortRange[] = []

  for (const range of ranges) {
    const before = merged.at(-1)

    if (before !== undefined && range.first <= before.last + 1)
      merged[merged.length - 1] = { first: before.first, last: Math.max(before.last, range.last) }
    else merged.push(range)
  }
  return merged
}
