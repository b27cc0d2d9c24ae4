/**
 * Collections are the named groups of prefixes that a policy asks about: a set, a prefix by its text, this host, the services. They
 * are numbered here, and what they hold is told as changes. Entries of a set that end in the same second are a collection of their own,
 * which stands for the set: so an end costs one collection, however many entries it has.
 */
import { perBlock } from './blocks.ts'
import { Column } from './column.ts'
import type { ManagementEntry, PolicyDocument } from './document.ts'
import { type OrderedRule, ruleBlocks, sortedEntries } from './order.ts'
import { formatPrefix, type Prefix, parsePrefix, prefixKey } from './prefix.ts'
import type { CollectionChange } from './prefix-edits.ts'
import { differenceOfLists, emptyPrefixes, type PrefixChange, type PrefixList, prefixListOf } from './prefix-list.ts'
import type { SetPool } from './setpool.ts'
import type { PrefixKey } from './tables.ts'

export const local = '@local'
export const services = '@services'
/** No name that a document can write. */
export const natBackends = '@@natBackends'

export interface Collections {
  /** A reference as a canonical document writes it -> its number. */
  readonly numbers: ReadonlyMap<string, number>
  /** Sets of these numbers. */
  readonly pool: SetPool
}

/** When entries end, in seconds -> what comes and goes among them; 0: those that never end. */
export type EntryDelta = ReadonlyMap<number, PrefixChange>

export interface CollectionInput<Entries> {
  readonly policy: PolicyDocument
  /** Entries of every set, as an object that is never changed; a set that is absent here is empty. */
  readonly entries: ReadonlyMap<string, Entries>
  /** What turns one state of a set into another; undefined: no entries. In pieces. */
  readonly delta: (before: Entries | undefined, after: Entries | undefined) => Generator<void, EntryDelta>
  readonly local: readonly PrefixKey[]
  readonly management: readonly Required<ManagementEntry>[]
}

/** Entries of one set that end in one second. */
interface Timed {
  readonly end: number
  readonly collection: number
  readonly count: number
}

/** What the index holds, for the next compile to begin with. */
export interface CollectionBook<Entries> {
  /** Of what is asked for. Kept by identity while the same is asked for. */
  readonly numbers: ReadonlyMap<string, number>
  /** References of which `numbers` was made, in parts. */
  readonly wanted: readonly (readonly string[])[]
  /** Collection -> the number of the reference that it stands for. */
  readonly standsFor: Column
  /** Those of `numbers` that are sets, by name. */
  readonly setNumbers: readonly (readonly [string, number])[]
  /** Collections beside sets: reference -> content. */
  readonly lists: ReadonlyMap<string, PrefixList>
  /** By name of a set that is asked for and has entries. */
  readonly sets: ReadonlyMap<string, { readonly entries: Entries; readonly timed: readonly Timed[] }>
  /** Numbers that a next compile may give. One that is freed rests until then, so that it never means two things in one change. */
  readonly free: readonly number[]
  readonly size: number
  readonly input: Pick<CollectionInput<Entries>, 'policy' | 'local' | 'management'> | undefined
}

export function emptyBook<Entries>(): CollectionBook<Entries> {
  return {
    numbers: new Map(),
    wanted: [],
    standsFor: new Column(),
    setNumbers: [],
    lists: new Map(),
    sets: new Map(),
    free: [],
    size: 0,
    input: undefined,
  }
}

/** Only what an enabled rule, a way in or a service asks for: a set that nobody names costs nothing in the kernel. */
export function* gatherCollections<Entries>(
  before: CollectionBook<Entries>,
  input: CollectionInput<Entries>,
): Generator<void, { book: CollectionBook<Entries>; changes: CollectionChange[] }> {
  const { policy, management, local } = input
  const isSame = before.input?.policy === policy && JSON.stringify(before.input.management) === JSON.stringify(management)
  const wanted = isSame ? before.wanted : wantedReferences(policy, management)
  const draft = new BookDraft(before)
  const numbers = isSameWanted(before.wanted, wanted) ? before.numbers : draft.number(wanted)
  const listsStay = numbers === before.numbers && before.input?.policy.services === policy.services && before.input?.local === local
  const lists = listsStay ? before.lists : yield* listsOf(numbers, before, input)
  const changes: CollectionChange[] = []

  if (lists !== before.lists)
    for (const reference of new Set([...before.lists.keys(), ...lists.keys()])) {
      const [old, now] = [before.lists.get(reference) ?? emptyPrefixes, lists.get(reference) ?? emptyPrefixes]
      if (old !== now) push(changes, (numbers.get(reference) ?? before.numbers.get(reference)) as number, 0, differenceOfLists(old, now))
    }
  const sets = new Map<string, { entries: Entries; timed: readonly Timed[] }>()

  const setNumbers =
    numbers === before.numbers
      ? before.setNumbers
      : [...numbers].flatMap(([reference, number]) => (isSet(reference) ? [[reference.slice(1), number] as const] : []))

  for (const [name, number] of setNumbers) {
    const entries = input.entries.get(name)
    const held = before.sets.get(name)
    if (entries === undefined) continue
    if (held?.entries === entries) sets.set(name, held)
    else sets.set(name, { entries, timed: draft.apply(yield* input.delta(held?.entries, entries), held?.timed ?? [], number, changes) })
  }
  for (const [name, held] of before.sets)
    if (!sets.has(name))
      draft.apply(yield* input.delta(held.entries, undefined), held.timed, before.numbers.get(`@${name}`) as number, changes)
  return { book: { ...draft.done(numbers), numbers, wanted, setNumbers, lists, sets, input: { policy, local, management } }, changes }
}

/** A set in which every collection stands for what a rule names. */
export function namedSet(book: CollectionBook<unknown>, pool: SetPool, set: number): number {
  const members = pool.members(set)

  return members.every(member => book.standsFor.at(member) === member) ? set : pool.of(members.map(member => book.standsFor.at(member)))
}

/** `198.51.100.10` of a service -> `198.51.100.10/32`, as rules write the same prefix. */
export function addressReference(address: string): string {
  return formatPrefix(parsePrefix(address) as Prefix)
}

export function enabledServices(policy: Pick<PolicyDocument, 'services'>) {
  return sortedEntries(policy.services).filter(([, service]) => service.enabled !== false)
}

class BookDraft<Entries> {
  readonly #before: CollectionBook<Entries>
  readonly #standsFor
  #free: readonly number[]
  readonly #freed: number[] = []
  #size: number

  constructor(before: CollectionBook<Entries>) {
    this.#before = before
    this.#standsFor = before.standsFor.edit()
    this.#free = before.free
    this.#size = before.size
  }

  /** Keeps the numbers that there are. The same map where nothing changes. */
  number(wanted: readonly (readonly string[])[]): ReadonlyMap<string, number> {
    const before = this.#before.numbers
    const numbers = new Map<string, number>()
    let news = 0

    for (const references of wanted)
      for (const reference of references) {
        if (numbers.has(reference)) continue
        const known = before.get(reference)
        if (known === undefined) news++
        numbers.set(reference, known ?? this.#give())
      }
    if (news === 0 && numbers.size === before.size) return before
    for (const [reference, number] of before) if (!numbers.has(reference)) this.#freed.push(number)
    return numbers
  }

  /** Tells what changes in a set, and returns what it has of entries that end. */
  apply(delta: EntryDelta, before: readonly Timed[], number: number, changes: CollectionChange[]): readonly Timed[] {
    let timed: Timed[] | undefined

    for (const [end, change] of delta) {
      const { added, removed } = change
      if (end === 0) {
        push(changes, number, 0, change)
        continue
      }
      timed ??= before.slice()
      const at = lowerBound(timed, end)
      const known = timed[at]?.end === end ? timed[at] : undefined
      const collection = known?.collection ?? this.#give(number)
      const count = (known?.count ?? 0) + sizeOf(added) - sizeOf(removed)

      push(changes, collection, end, change)
      if (count <= 0) this.#freed.push(collection)
      timed.splice(at, known ? 1 : 0, ...(count > 0 ? [{ end, collection, count }] : []))
    }
    return timed ?? before
  }

  done(numbers: ReadonlyMap<string, number>): Pick<CollectionBook<Entries>, 'standsFor' | 'free' | 'size'> {
    if (numbers !== this.#before.numbers) for (const number of numbers.values()) this.#standsFor.set(number, number)
    const free = this.#freed.length > 0 ? [...this.#free, ...this.#freed] : this.#free
    return { standsFor: this.#standsFor.done(), free, size: this.#size }
  }

  #give(standsFor?: number): number {
    const number = this.#free.at(-1) ?? this.#size++

    this.#free = this.#free.slice(0, -1)
    this.#standsFor.set(number, standsFor ?? number)
    return number
  }
}

function push(changes: CollectionChange[], collection: number, end: number, { added, removed }: PrefixChange): void {
  if (sizeOf(added) + sizeOf(removed) > 0) changes.push({ collection, end, added, removed })
}

function sizeOf({ ipv4, ipv6 }: PrefixList): number {
  return ipv4.count + ipv6.count
}

function lowerBound(timed: readonly Timed[], end: number): number {
  let low = 0
  let high = timed.length

  while (low < high) {
    const middle = (low + high) >>> 1
    if ((timed[middle] as Timed).end < end) low = middle + 1
    else high = middle
  }
  return low
}

function isSet(reference: string): boolean {
  return reference.startsWith('@') && reference !== local && reference !== services && reference !== natBackends
}

function isSameWanted(before: readonly (readonly string[])[], after: readonly (readonly string[])[]): boolean {
  const isSamePart = (part: readonly string[], at: number) => {
    const other = before[at] as readonly string[]
    return part === other || (part.length === other.length && part.every((reference, place) => reference === other[place]))
  }
  return before.length === after.length && after.every(isSamePart)
}

function* listsOf<Entries>(
  numbers: ReadonlyMap<string, number>,
  { lists, input: before }: CollectionBook<Entries>,
  input: CollectionInput<Entries>,
): Generator<void, ReadonlyMap<string, PrefixList>> {
  const contents = new Map<string, PrefixList>()
  const listOf = (reference: string): PrefixList => {
    const known = lists.get(reference)

    switch (reference) {
      case local:
        return known && before?.local === input.local ? known : prefixListOf(input.local)
      case services:
        return prefixListOf(enabledServices(input.policy).map(([, service]) => keyOf(service.address)))
      case natBackends:
        return prefixListOf(
          enabledServices(input.policy)
            .filter(([, service]) => service.forwarding === 'nat')
            .flatMap(([, service]) =>
              Object.values(service.backends ?? {})
                .filter(backend => backend.state !== 'disabled')
                .map(backend => keyOf(backend.address)),
            ),
        )
      default:
        return known ?? prefixListOf([keyOf(reference)])
    }
  }

  for (const reference of numbers.keys()) {
    if (isSet(reference)) continue
    contents.set(reference, listOf(reference))
    if ((contents.size & 255) === 0) yield
  }
  return contents
}

function wantedReferences(policy: PolicyDocument, management: readonly Required<ManagementEntry>[]): readonly (readonly string[])[] {
  return [
    [local, services, natBackends],
    ...ruleReferences(ruleBlocks(policy)),
    management.flatMap(entry => entry.sources),
    enabledServices(policy).flatMap(([, { address, sources }]) => [
      addressReference(address),
      ...(sources?.allow ?? []),
      ...(sources?.deny ?? []),
    ]),
    Object.values(policy.detectors ?? {}).flatMap(({ exempt }) => exempt ?? []),
  ]
}

const ruleReferences = perBlock((block: readonly OrderedRule[]) =>
  block
    .filter(({ rule }) => rule.enabled !== false)
    .flatMap(({ rule: { match } }) =>
      [match.source, match.notSource, match.destination, match.notDestination].flatMap(references => references ?? []),
    ),
)

function keyOf(text: string): PrefixKey {
  return prefixKey(parsePrefix(text) as Prefix)
}
