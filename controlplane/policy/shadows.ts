/** Rules that never come into play: an earlier one has already decided about all that they match. */
import { contradictionsOf } from './contradiction.ts'
import { defaultPriority, type RuleValue } from './document.ts'
import type { OrderedRule } from './order.ts'
import { contains, type Extent, extentOf, isSet, type Place } from './overlap.ts'
import { lengthOf, prefixFromKey, prefixKey } from './prefix.ts'

export interface Shadow {
  readonly rule: string
  /** The earlier one. */
  readonly by: string
  /** Both match the same and do the same. */
  readonly duplicate: boolean
}

/** Comparisons of two rules: so many, and no write waits for longer than some tens of milliseconds. */
const maxComparisons = 100_000

/** Changed rules that are compared with all others; of more, everything is compared anew. */
const maxChanged = 8

interface Findings {
  readonly ordered: readonly OrderedRule[]
  /** By name, those that are shadowed. */
  readonly shadows: ReadonlyMap<string, Shadow>
}

/** What was found last, by direction. It saves work and changes no answer, but for which of several earlier rules is told. */
const latest = new Map<string, Findings>()

/** Of one direction, in their order. Undefined where they are too many and too much alike to be compared. */
export function shadowsOf(ordered: readonly OrderedRule[]): Shadow[] | undefined {
  const direction = ordered[0]?.rule.direction ?? ''
  const before = latest.get(direction)
  const shadows = (before && findAgain(ordered, before)) ?? findAll(ordered)

  if (shadows === undefined) latest.delete(direction)
  else latest.set(direction, { ordered, shadows })
  return shadows && [...shadows.values()]
}

function findAll(ordered: readonly OrderedRule[]): Map<string, Shadow> | undefined {
  const deciding = new Index()
  const shadows = new Map<string, Shadow>()
  let comparisons = 0

  for (const { name, rule } of ordered) {
    const extent = extentOf(rule)

    if (matches(rule))
      search: for (const list of deciding.around(extent))
        for (const earlier of list) {
          if (++comparisons > maxComparisons) return undefined
          const shadow = shadowOf({ name, rule }, earlier)
          if (shadow === undefined) continue
          shadows.set(name, shadow)
          break search
        }
    if (decides(rule)) deciding.add({ name, rule, extent })
  }
  return shadows
}

/** Undefined where too many have changed: then what stands between the first and the last change is more than a few rules. */
function findAgain(ordered: readonly OrderedRule[], before: Findings): Map<string, Shadow> | undefined {
  const equal = (at: number, then: number) => {
    const [a, b] = [ordered[at] as OrderedRule, before.ordered[then] as OrderedRule]
    return a.rule === b.rule && a.name === b.name
  }
  const shorter = Math.min(ordered.length, before.ordered.length)
  let head = 0
  let tail = 0

  while (head < shorter && equal(head, head)) head++
  while (tail < shorter - head && equal(ordered.length - 1 - tail, before.ordered.length - 1 - tail)) tail++
  const gone = before.ordered.slice(head, before.ordered.length - tail)
  const end = ordered.length - tail
  if (end - head > maxChanged || gone.length > maxChanged) return undefined

  const names = new Set(gone.map(({ name }) => name))
  const shadows = new Map(before.shadows)
  const search = (at: number) => {
    const late = ordered[at] as OrderedRule
    for (let earlier = 0; earlier < at && matches(late.rule) && !shadows.has(late.name); earlier++)
      note(late, ordered[earlier] as OrderedRule)
  }
  const note = (late: OrderedRule, earlier: OrderedRule) => {
    const shadow = decides(earlier.rule) && matches(late.rule) ? shadowOf(late, earlier) : undefined
    if (shadow !== undefined) shadows.set(late.name, shadow)
  }

  for (const name of names) shadows.delete(name)
  for (let at = end; at < ordered.length; at++) {
    const { name } = ordered[at] as OrderedRule
    const { by } = shadows.get(name) ?? {}

    if (by === undefined)
      for (let changed = head; changed < end && !shadows.has(name); changed++)
        note(ordered[at] as OrderedRule, ordered[changed] as OrderedRule)
    else if (names.has(by)) {
      shadows.delete(name)
      search(at)
    }
  }
  for (let at = head; at < end; at++) search(at)
  return shadows
}

function shadowOf({ name, rule }: OrderedRule, earlier: OrderedRule): Shadow | undefined {
  const [outer, inner] = [extentOf(earlier.rule), extentOf(rule)]

  if (!contains(outer, inner) || isTie(earlier.rule, rule)) return undefined
  return { rule: name, by: earlier.name, duplicate: earlier.rule.action === rule.action && contains(inner, outer) }
}

function matches(rule: RuleValue): boolean {
  return rule.enabled !== false && contradictionsOf(rule).length === 0
}

/** Whether a packet that the rule matches never meets a later one, today and tomorrow. */
function decides(rule: RuleValue): boolean {
  const { action, limit, enforcement, expiresAt } = rule

  return matches(rule) && enforcement !== 'observe' && expiresAt === undefined && (action !== 'limit' || limit?.within === 'allow')
}

/** Told as such. */
function isTie(a: RuleValue, b: RuleValue): boolean {
  return a.action !== b.action && (a.priority ?? defaultPriority) === (b.priority ?? defaultPriority)
}

interface Known extends OrderedRule {
  readonly extent: Extent
}

/** Rules by what narrows them, so that one is compared with the few that may contain it. */
class Index {
  readonly #fields = [new PlaceIndex(), new PlaceIndex()]
  /** By the only destination port. */
  readonly #ports = new Map<number, Known[]>()
  readonly #manyPorts: Known[] = []

  add(rule: Known): void {
    const { places, wants } = rule.extent
    const [range, more] = wants.destinationPorts ?? []

    for (const [field, index] of this.#fields.entries()) index.add(rule, places[field])
    if (range === undefined || more !== undefined || range.first !== range.last) this.#manyPorts.push(rule)
    else push(this.#ports, range.first, rule)
  }

  /** All that may contain it, and others: by the first way that leads to few, else by the one that leads to the fewest. */
  around({ places, wants }: Extent): readonly (readonly Known[])[] {
    const range = wants.destinationPorts?.[0]
    let fewest: readonly (readonly Known[])[] | undefined

    for (let way = 0; way < 3; way++) {
      const lists =
        way === 2
          ? [this.#manyPorts, (range && this.#ports.get(range.first)) ?? nobody]
          : (this.#fields[way] as PlaceIndex).around(places[way]?.[0])

      if (fewest === undefined || size(lists) < size(fewest)) fewest = lists
      if (size(fewest) < few) break
    }
    return fewest as readonly (readonly Known[])[]
  }
}

const nobody: readonly Known[] = []
const few = 8

/** Rules by the places that one end of a packet must lie in. */
class PlaceIndex {
  readonly #anywhere: Known[] = []
  readonly #places = new Map<Place, Known[]>()
  /** Lengths of prefixes that are there, by family. */
  readonly #lengths: Readonly<Record<4 | 6, Set<number>>> = { 4: new Set(), 6: new Set() }

  add(rule: Known, places: readonly Place[] | undefined): void {
    if (places === undefined) this.#anywhere.push(rule)
    for (const place of places ?? []) {
      push(this.#places, place, rule)
      if (!isSet(place)) this.#lengths[place.charCodeAt(0) as 4 | 6].add(lengthOf(place))
    }
  }

  /** Those that contain one place of a rule. */
  around(place: Place | undefined): (readonly Known[])[] {
    if (place === undefined) return [this.#anywhere, ...[...everywhere].map(any => this.#places.get(any) ?? [])]
    const own = this.#places.get(place) ?? []
    if (isSet(place)) return [this.#anywhere, own]
    const length = lengthOf(place)
    const lists = [this.#anywhere, own]
    let prefix: ReturnType<typeof prefixFromKey> | undefined

    for (const shorter of this.#lengths[place.charCodeAt(0) as 4 | 6]) {
      if (shorter >= length) continue
      prefix ??= prefixFromKey(place)
      lists.push(this.#places.get(prefixKey({ ...prefix, bytes: masked(prefix.bytes, shorter), length: shorter })) ?? [])
    }
    return lists
  }
}

const everywhere: ReadonlySet<Place> = new Set(
  ([4, 6] as const).map(family => prefixKey({ family, bytes: new Uint8Array(family === 4 ? 4 : 16), length: 0 })),
)

function masked(bytes: Uint8Array, length: number): Uint8Array {
  return bytes.map((byte, at) => byte & (0xff << Math.max(0, Math.min(8, 8 - (length - at * 8)))) & 0xff)
}

function size(lists: readonly (readonly Known[])[]): number {
  return lists.reduce((sum, list) => sum + list.length, 0)
}

function push<Key>(lists: Map<Key, Known[]>, key: Key, rule: Known): void {
  const list = lists.get(key)

  if (list === undefined) lists.set(key, [rule])
  else list.push(rule)
}
