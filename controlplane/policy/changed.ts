/** Which objects of a section are not those that were there: by identity, found once for each pair of documents. */

export interface ChangedNames {
  /** New, or another object than before. */
  readonly changed: readonly string[]
  readonly gone: readonly string[]
}

type Section = Readonly<Record<string, unknown>>

const nothing: ChangedNames = { changed: [], gone: [] }
const found = new WeakMap<Section, { readonly before: Section; readonly names: ChangedNames }>()

export function changedNames(before: Section, after: Section): ChangedNames {
  if (before === after) return nothing
  const known = found.get(after)
  if (known?.before === before) return known.names
  const changed: string[] = []
  let kept = 0
  for (const name of Object.keys(after)) {
    const there = Object.hasOwn(before, name)
    if (there) kept++
    if (!there || before[name] !== after[name]) changed.push(name)
  }
  const all = Object.keys(before)
  const names = { changed, gone: kept === all.length ? [] : all.filter(name => !Object.hasOwn(after, name)) }
  found.set(after, { before, names })
  return names
}

/** `after` is `before` with one object put in, or in the place of another. */
export function noteChanged(before: Section, after: Section, name: string): void {
  found.set(after, { before, names: { changed: [name], gone: [] } })
}

/** `canonical` is `section` with some of what changed spelt anew: what differs from before goes by the same names. */
export function inheritNames(section: Section, canonical: Section): void {
  const known = found.get(section)
  if (known !== undefined) found.set(canonical, known)
}
