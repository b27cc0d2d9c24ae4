/** From rules to classes: which rules accept an address, a port, a protocol. */
import { Limit } from '../dataplane/abi.ts'
import type { Match } from './document.ts'
import type { OrderedRule } from './order.ts'
import { mergedRanges, type PortRange } from './ports.ts'
import { portProtocols, protocolNumber } from './protocols.ts'
import type { SetPool } from './setpool.ts'
import { bitsFor, clearBit, setBit, type VectorPool } from './vectors.ts'

export const fields = ['source', 'destination'] as const
export type Field = (typeof fields)[number]

/** Membership -> class of one direction and field. `sets` and the result are indexed by membership. */
export function addressClasses(
  rules: readonly OrderedRule[],
  field: Field,
  sets: readonly (number | undefined)[],
  numbers: ReadonlyMap<string, number>,
  pool: SetPool,
  vectors: VectorPool,
): Uint16Array {
  const wanted = new Map<number, number[]>()
  const unwanted = new Map<number, number[]>()
  const anywhere = bitsFor(rules.length)
  const classes = new Uint16Array(sets.length)

  for (const [position, { rule }] of rules.entries()) {
    if (rule.enabled === false) continue
    const [yes, no] = referencesOf(rule.match, field)

    if (yes === undefined) setBit(anywhere, position)
    for (const reference of new Set(yes)) push(wanted, numbers.get(reference) as number, position)
    for (const reference of new Set(no)) push(unwanted, numbers.get(reference) as number, position)
  }
  const base = vectors.classOf(anywhere)

  for (let membership = 0; membership < sets.length; membership++) {
    const set = sets[membership]
    const collections = set === undefined ? [] : pool.members(set).filter(collection => wanted.has(collection) || unwanted.has(collection))

    if (collections.length === 0) {
      classes[membership] = base
      continue
    }
    const bits = anywhere.slice()
    for (const collection of collections) for (const position of wanted.get(collection) ?? []) setBit(bits, position)
    for (const collection of collections) for (const position of unwanted.get(collection) ?? []) clearBit(bits, position)
    classes[membership] = vectors.classOf(bits)
  }
  return classes
}

export interface PortClasses {
  /** Port -> class. */
  readonly classes: Uint16Array
  /** Of packets without ports: rules that name none. */
  readonly portless: number
}

/** Port -> class of one direction and field: from one end of a range to the next, the same rules accept. */
export function portClasses(rules: readonly OrderedRule[], field: Field, vectors: VectorPool): PortClasses {
  const bits = bitsFor(rules.length)
  const classes = new Uint16Array(Limit.values)
  const edges = new Map<number, { opens: number[]; closes: number[] }>()
  const edge = (port: number) =>
    edges.get(port) ?? (edges.set(port, { opens: [], closes: [] }).get(port) as { opens: number[]; closes: number[] })

  for (const [position, { rule }] of rules.entries()) {
    if (rule.enabled === false) continue
    const ranges = portsOf(rule.match, field)

    if (ranges === undefined) setBit(bits, position)
    for (const { first, last } of ranges ?? []) {
      edge(first).opens.push(position)
      edge(last + 1).closes.push(position)
    }
  }
  const portless = vectors.classOf(bits)
  let from = 0
  let current = portless

  for (const port of [...edges.keys()].sort((a, b) => a - b)) {
    const { opens, closes } = edge(port)

    classes.fill(current, from, port)
    for (const position of closes) clearBit(bits, position)
    for (const position of opens) setBit(bits, position)
    from = port
    current = vectors.classOf(bits)
  }
  classes.fill(current, from)
  return { classes, portless }
}

/** Protocol -> class of one direction. A rule that names ports alone speaks of protocols that have some. */
export function protocolClasses(rules: readonly OrderedRule[], vectors: VectorPool): Uint16Array {
  const every = bitsFor(rules.length)
  const named = new Map<number, number[]>()
  const classes = new Uint16Array(Limit.protocols)

  for (const [
    position,
    {
      rule: { enabled, match },
    },
  ] of rules.entries()) {
    if (enabled === false) continue
    if (match.protocol !== undefined) push(named, protocolNumber(match.protocol), position)
    else if (match.sourcePorts !== undefined || match.destinationPorts !== undefined)
      for (const protocol of portProtocols) push(named, protocol, position)
    else setBit(every, position)
  }
  classes.fill(vectors.classOf(every))
  for (const [protocol, positions] of named) {
    const bits = every.slice()

    for (const position of positions) setBit(bits, position)
    classes[protocol] = vectors.classOf(bits)
  }
  return classes
}

function referencesOf(match: Match, field: Field): [readonly string[] | undefined, readonly string[] | undefined] {
  return field === 'source' ? [match.source, match.notSource] : [match.destination, match.notDestination]
}

function portsOf(match: Match, field: Field): PortRange[] | undefined {
  const texts = field === 'source' ? match.sourcePorts : match.destinationPorts

  return texts && mergedRanges(texts)
}

function push(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key)

  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
