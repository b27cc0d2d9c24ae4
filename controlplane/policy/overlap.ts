/** How what two rules match lies to each other: cautious, since what a set holds may change. */
import { fits } from './classes.ts'
import type { RuleValue } from './document.ts'
import { covers, type Prefix, parsePrefix, prefixKey } from './prefix.ts'
import type { PrefixKey } from './tables.ts'
import { type Range, type Wants, wantsOf } from './wants.ts'

/** Canonical text; references to sets are no prefixes. */
export function coversText(outer: string, inner: string): boolean {
  return covers(keyOf(outer), keyOf(inner))
}

export function keyOf(text: string): PrefixKey {
  return prefixKey(parsePrefix(text) as Prefix)
}

/** A prefix by its key, a set by its name with the @. */
export type Place = PrefixKey

/** What a rule matches, made ready to be compared with many others. Absent: any. */
export interface Extent {
  readonly wants: Wants
  /** Source, destination. */
  readonly places: readonly (readonly Place[] | undefined)[]
  readonly without: readonly (readonly Place[] | undefined)[]
  readonly interfaces: readonly string[] | undefined
  readonly cgroup: string | undefined
  readonly uid: number | undefined
}

const known = new WeakMap<RuleValue, Extent>()

/** Of a checked rule. */
export function extentOf(rule: RuleValue): Extent {
  let extent = known.get(rule)

  if (extent === undefined) {
    const { source, destination, notSource, notDestination, cgroup, uid } = rule.match
    const placesOf = (list: readonly string[] | undefined) => list?.map(text => (isSet(text) ? text : keyOf(text)))

    extent = {
      wants: wantsOf(rule),
      places: [source, destination].map(placesOf),
      without: [notSource, notDestination].map(placesOf),
      interfaces: rule.interfaces,
      cgroup,
      uid,
    }
    known.set(rule, extent)
  }
  return extent
}

/** Keys begin with the family's number, a control character. */
export function isSet(place: Place): boolean {
  return place.startsWith('@')
}

/** Whether both may match the same packet. */
export function overlap(a: Extent, b: Extent): boolean {
  const [x, y] = [a.wants, b.wants]

  return (
    meet(x.protocols, y.protocols, same) &&
    meet(x.sourcePorts, y.sourcePorts, touch) &&
    meet(x.destinationPorts, y.destinationPorts, touch) &&
    meet(a.places[0], b.places[0], placesMeet) &&
    meet(a.places[1], b.places[1], placesMeet) &&
    meetOne(x.icmp, y.icmp, touch) &&
    meetOne(x.tcpFlags, y.tcpFlags, (f, g) => (f.set & g.unset) === 0 && (f.unset & g.set) === 0) &&
    meet(x.states, y.states, same) &&
    meet(x.fragments, y.fragments, same) &&
    meetOne(x.vlan, y.vlan, same) &&
    meetOne(x.dscp, y.dscp, same) &&
    meetOne(x.length, y.length, touch) &&
    meet(a.interfaces, b.interfaces, (f, g) => namesMeet(f, g)) &&
    meetOne(a.cgroup, b.cgroup, (f, g) => isInside(f, g) || isInside(g, f)) &&
    meetOne(a.uid, b.uid, same)
  )
}

/** Whether every packet that `inner` matches is certainly matched by `outer` too. */
export function contains(outer: Extent, inner: Extent): boolean {
  const [o, i] = [outer.wants, inner.wants]

  return (
    placesHold(outer.places[0], inner.places[0]) &&
    placesHold(outer.places[1], inner.places[1]) &&
    holdAll(o.destinationPorts, i.destinationPorts, holds) &&
    holdAll(o.sourcePorts, i.sourcePorts, holds) &&
    holdAll(o.protocols, i.protocols, same) &&
    holdOne(o.icmp, i.icmp, holds) &&
    holdOne(o.tcpFlags, i.tcpFlags, (f, g) => (f.set & ~g.set) === 0 && (f.unset & ~g.unset) === 0) &&
    holdAll(o.states, i.states, same) &&
    holdAll(o.fragments, i.fragments, same) &&
    holdOne(o.vlan, i.vlan, same) &&
    holdOne(o.dscp, i.dscp, same) &&
    holdOne(o.length, i.length, holds) &&
    holdAll(outer.interfaces, inner.interfaces, (f, g) => f === g || (f.endsWith('*') && fits(g.replace(/\*$/, ''), f))) &&
    holdOne(outer.cgroup, inner.cgroup, (f, g) => isInside(g, f)) &&
    holdOne(outer.uid, inner.uid, same) &&
    [0, 1].every(field => outer.without[field] === undefined || leavesOut(inner, field, outer.without[field]))
  )
}

/** Whether `inner` leaves out by itself all that the other does. */
function leavesOut(inner: Extent, field: number, places: readonly Place[]): boolean {
  return places.every(place => inner.without[field]?.some(other => placeHolds(other, place)))
}

function placesHold(outer: readonly Place[] | undefined, inner: readonly Place[] | undefined): boolean {
  if (outer === undefined) return true
  // Most rules name one place, and are compared with thousands.
  if (outer.length === 1 && inner?.length === 1) return placeHolds(outer[0] as Place, inner[0] as Place)
  return (inner ?? anywhere).every(place => outer.some(other => placeHolds(other, place)))
}

const anywhere: readonly Place[] = ['0.0.0.0/0', '::/0'].map(keyOf)

function placeHolds(outer: Place, inner: Place): boolean {
  return outer === inner || (!isSet(outer) && !isSet(inner) && covers(outer, inner))
}

function placesMeet(a: Place, b: Place): boolean {
  return isSet(a) || isSet(b) || covers(a, b) || covers(b, a)
}

function namesMeet(a: string, b: string): boolean {
  return fits(a.replace(/\*$/, ''), b) || fits(b.replace(/\*$/, ''), a)
}

/** Whether a cgroup is another, or below it. */
function isInside(path: string, around: string): boolean {
  return path === around || path.startsWith(around === '/' ? '/' : `${around}/`)
}

function same<Value>(a: Value, b: Value): boolean {
  return a === b
}

function touch(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last
}

function holds(outer: Range, inner: Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last
}

type Relation<Item> = (a: Item, b: Item) => boolean

function meet<Item>(a: readonly Item[] | undefined, b: readonly Item[] | undefined, related: Relation<Item>): boolean {
  return a === undefined || b === undefined || a.some(x => b.some(y => related(x, y)))
}

function meetOne<Item>(a: Item | undefined, b: Item | undefined, related: Relation<Item>): boolean {
  return a === undefined || b === undefined || related(a, b)
}

function holdAll<Item>(outer: readonly Item[] | undefined, inner: readonly Item[] | undefined, related: Relation<Item>): boolean {
  return outer === undefined || (inner?.every(x => outer.some(y => related(y, x))) ?? false)
}

function holdOne<Item>(outer: Item | undefined, inner: Item | undefined, related: Relation<Item>): boolean {
  return outer === undefined || (inner !== undefined && related(outer, inner))
}
