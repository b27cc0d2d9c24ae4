/** Which resources a change touches: what decides their ETags. */
import { canonicalJson } from '../format/json.ts'
import { changedNames } from '../policy/changed.ts'
import type { PolicyDocument, ServiceValue } from '../policy/document.ts'
import type { ResourceKind } from '../store/store.ts'

export type Resource = readonly [ResourceKind, string]
export interface Touched {
  readonly changed: Resource[]
  readonly gone: Resource[]
}

export const collections = ['interfaces', 'sets', 'rules', 'services'] as const
export type Collection = (typeof collections)[number]

/** Compared as text with sorted keys, so that an object that was only spelt anew keeps its ETag. */
export function touchedResources(before: PolicyDocument | undefined, after: PolicyDocument): Touched {
  const touched: Touched = { changed: [], gone: [] }
  for (const kind of collections) compare(kind, before?.[kind], after[kind], touched)
  if (touched.changed.length + touched.gone.length > 0 || canonicalJson(frameOf(before)) !== canonicalJson(frameOf(after)))
    touched.changed.unshift(['policy', ''])
  compare('backends', allBackends(before), allBackends(after), touched)
  // Entries come and go with their set; whether they changed is known to who changed them.
  for (const name of Object.keys(after.sets ?? {})) if (!Object.hasOwn(before?.sets ?? {}, name)) touched.changed.push(['entries', name])
  for (const name of Object.keys(before?.sets ?? {})) if (!Object.hasOwn(after.sets ?? {}, name)) touched.gone.push(['entries', name])
  return touched
}

/** All but the objects that are compared one by one. */
function frameOf(document: PolicyDocument | undefined): unknown {
  if (document === undefined) return undefined
  const sections = collections.filter(kind => document[kind] !== undefined).map(kind => [kind, {}])
  return { ...document, ...Object.fromEntries(sections) }
}

/** Of objects that stay the same from one document to the next, written once. */
const texts = new WeakMap<object, string>()

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return canonicalJson(value)
  const known = texts.get(value)
  if (known !== undefined) return known
  const text = canonicalJson(value)
  texts.set(value, text)
  return text
}

function compare(
  kind: ResourceKind,
  before: Record<string, unknown> = {},
  after: Record<string, unknown> = {},
  { changed, gone }: Touched,
): void {
  const names = changedNames(before, after)
  for (const name of names.changed)
    if (!Object.hasOwn(before, name) || textOf(before[name]) !== textOf(after[name])) changed.push([kind, name])
  for (const name of names.gone) gone.push([kind, name])
}

function allBackends(document: PolicyDocument | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(document?.services ?? {}).flatMap(([service, value]: [string, ServiceValue]) =>
      Object.entries(value.backends ?? {}).map(([backend, it]) => [`${service}/${backend}`, it]),
    ),
  )
}
