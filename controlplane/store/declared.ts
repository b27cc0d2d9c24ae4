/** A document as rows, one for each object, and back: a change of one rule among thousands writes one rule. */
import type { PolicyDocument } from '../policy/document.ts'

const sections = ['interfaces', 'sets', 'rules', 'services'] as const
type Section = (typeof sections)[number]

export interface DeclaredRow {
  readonly kind: string
  readonly name: string
  /** JSON. */
  readonly value: string
}

export function isSection(kind: string): kind is Section {
  return (sections as readonly string[]).includes(kind)
}

export function rowsOfDocument(document: PolicyDocument): DeclaredRow[] {
  return [
    frameOf(document),
    ...sections.flatMap(kind =>
      Object.entries(document[kind] ?? {}).map(([name, value]) => ({ kind, name, value: JSON.stringify(value) })),
    ),
  ]
}

/** All but the objects: which sections there are, and what is in none. */
export function frameOf(document: PolicyDocument): DeclaredRow {
  const empty = Object.fromEntries(sections.filter(section => document[section] !== undefined).map(section => [section, {}]))
  return { kind: 'policy', name: '', value: JSON.stringify({ ...document, ...empty }) }
}

/** Undefined: nothing was ever declared. */
export function documentOfRows(rows: Iterable<DeclaredRow>): PolicyDocument | undefined {
  let frame: Record<string, unknown> | undefined
  const objects = new Map<string, [string, unknown][]>()
  for (const { kind, name, value } of rows) {
    if (!isSection(kind)) {
      frame = JSON.parse(value) as Record<string, unknown>
      continue
    }
    const section = objects.get(kind) ?? []
    section.push([name, JSON.parse(value)])
    objects.set(kind, section)
  }
  return (
    frame &&
    ({ ...frame, ...Object.fromEntries([...objects].map(([kind, section]) => [kind, Object.fromEntries(section)])) } as PolicyDocument)
  )
}
