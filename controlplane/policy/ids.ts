/** Stable ids: numbers of rules, services, backends and detectors that outlive revisions, and are not given to another soon after they are freed. */
import type { PolicyDocument } from './document.ts'
import type { Capacity, StableIds } from './tables.ts'

/** `next*` is where the search for a free number begins: freed numbers rest until the search has gone all the way round. */
export interface IdBook extends StableIds {
  readonly nextRule: number
  readonly nextService: number
  readonly nextBackend: number
  readonly nextDetector: number
}

export interface AssignedIds {
  readonly book: IdBook
  /** Numbers that stand for something else than before: their counters are cleared before they come into force. */
  readonly taken: { readonly rules: number[]; readonly services: number[]; readonly backends: number[] }
}

export const emptyIdBook: IdBook = {
  rules: new Map(),
  services: new Map(),
  backends: new Map(),
  detectors: new Map(),
  nextRule: 1,
  nextService: 1,
  nextBackend: 1,
  nextDetector: 1,
}

/** No table has a row for each: enough that a freed number rests. */
const detectorIds = 65_536

/** Names beyond the capacity get no number; compile then tells `capacity_exceeded`. */
export function assignIds(
  previous: IdBook,
  policy: PolicyDocument,
  capacity: Pick<Capacity, 'ruleIds' | 'serviceIds' | 'backendIds'>,
): AssignedIds {
  const services = Object.entries(policy.services ?? {})
  const backendNames = services.flatMap(([service, { backends }]) => Object.keys(backends ?? {}).map(backend => `${service}/${backend}`))
  const rules = assign(previous.rules, previous.nextRule, Object.keys(policy.rules ?? {}), capacity.ruleIds)
  const ofServices = assign(
    previous.services,
    previous.nextService,
    services.map(([name]) => name),
    capacity.serviceIds,
  )
  const backends = assign(previous.backends, previous.nextBackend, backendNames, capacity.backendIds)
  const detectors = assign(previous.detectors, previous.nextDetector, Object.keys(policy.detectors ?? {}), detectorIds)

  return {
    book: {
      rules: rules.ids,
      services: ofServices.ids,
      backends: backends.ids,
      detectors: detectors.ids,
      nextRule: rules.next,
      nextService: ofServices.next,
      nextBackend: backends.next,
      nextDetector: detectors.next,
    },
    taken: { rules: rules.taken, services: ofServices.taken, backends: backends.taken },
  }
}

/** For the store. */
export function idBookToJson(book: IdBook): string {
  return JSON.stringify({
    ...book,
    rules: [...book.rules],
    services: [...book.services],
    backends: [...book.backends],
    detectors: [...book.detectors],
  })
}

/** Reads what `idBookToJson` wrote, now or when there were no detectors. */
export function idBookFromJson(text: string): IdBook {
  const book = { ...emptyIdBook, ...JSON.parse(text) }

  return {
    ...book,
    rules: new Map(book.rules),
    services: new Map(book.services),
    backends: new Map(book.backends),
    detectors: new Map(book.detectors),
  }
}

/** Numbers from 1 to `limit` - 1. Known names keep theirs, new ones in byte order take the next free ones. */
function assign(previous: ReadonlyMap<string, number>, start: number, names: readonly string[], limit: number) {
  const wanted = new Set(names)
  const ids = new Map([...previous].filter(([name, id]) => wanted.has(name) && id < limit))
  const used = new Set(ids.values())
  const taken: number[] = []
  let next = start

  for (const name of [...wanted].filter(name => !ids.has(name)).sort()) {
    if (used.size >= limit - 1) break
    while (next >= limit || next < 1 || used.has(next)) next = next >= limit ? 1 : next + 1
    ids.set(name, next)
    used.add(next)
    taken.push(next++)
  }
  return { ids, taken, next }
}
