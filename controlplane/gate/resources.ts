/** Which resources a change touches: what decides their ETags. */
import { canonicalJson } from '../format/json.ts'
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
  if (canonicalJson(before) !== canonicalJson(after)) touched.changed.push(['policy', ''])
  for (const kind of collections) compare(kind, before?.[kind], after[kind], touched)
  compare('backends', allBackends(before), allBackends(after), touched)
  // Entries come and go with their set; whether they changed is known to who changed them.
  for (const name of Object.keys(after.sets ?? {})) if (!Object.hasOwn(before?.sets ?? {}, name)) touched.changed.push(['entries', name])
  for (const name of Object.keys(before?.sets ?? {})) if (!Object.hasOwn(after.sets ?? {}, name)) touched.gone.push(['entries', name])
  return touched
}

function compare(
  kind: ResourceKind,
  before: Record<string, unknown> = {},
  after: Record<string, unknown> = {},
  { changed, gone }: Touched,
): void {
  for (const [name, value] of Object.entries(after)) {
    if (!Object.hasOwn(before, name) || canonicalJson(before[name]) !== canonicalJson(value)) changed.push([kind, name])
  }
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) gone.push([kind, name])
}

function allBackends(document: PolicyDocument | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(document?.services ?? {}).flatMap(([service, value]: [string, ServiceValue]) =>
      Object.entries(value.backends ?? {}).map(([backend, it]) => [`${service}/${backend}`, it]),
    ),
  )
}
