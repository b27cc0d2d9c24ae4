/** From services to rows: which service an address, a protocol and a port lead to. All precedence is resolved here. */
import { Limit, serviceProtocolNames } from '../dataplane/abi.ts'
import { addressReference, type Collections, type enabledServices } from './collections.ts'
import type { ServiceValue } from './document.ts'
import { type PortRange, parsePortRange } from './ports.ts'
import { lengthOf, type Prefix, parsePrefix, prefixKey } from './prefix.ts'

const { values: ports } = Limit
/** Wider than any range that can be written: what names no ports comes last. */
const anyPort = ports + 1

export interface Balancing {
  /** Profile -> first of its rows; 0: stands for no service. */
  readonly serviceRow: Uint32Array
  /** Row + class -> stable id of the service, 0: none. Row 0 is nobody's. */
  readonly serviceRows: Uint32Array
  /** Destination port -> class, a row a protocol; empty when there are no services. Class 0: no service has this port. */
  readonly servicePorts: Uint16Array
}

interface Candidate {
  readonly id: number
  readonly protocol: ServiceValue['protocol']
  readonly ranges: readonly PortRange[]
  readonly collection: number
  readonly length: number
  /** Where one of its ports stands -> how many ports it named with it: 1 is an exact port. */
  readonly classes: Map<number, number>
}

/** `sets` is indexed by profile. Services without a number in `ids` are left out. */
export function buildBalancing(
  services: ReturnType<typeof enabledServices>,
  ids: ReadonlyMap<string, number>,
  { numbers, pool }: Collections,
  sets: readonly number[],
): Balancing {
  const candidates = services.map(([name, service]) => candidateOf(service, ids.get(name) ?? 0, numbers)).filter(({ id }) => id > 0)
  const serviceRow = new Uint32Array(sets.length)

  if (candidates.length === 0) return { serviceRow, serviceRows: new Uint32Array(0), servicePorts: new Uint16Array(0) }
  const servicePorts = new Uint16Array(serviceProtocolNames.length * ports)
  let classes = 0

  for (const [row, protocol] of serviceProtocolNames.entries())
    classes += classify(
      candidates.filter(candidate => candidate.protocol === protocol),
      servicePorts.subarray(row * ports, (row + 1) * ports),
      classes,
    )

  const rows = [0]
  const groups = new Map<string, number>()
  const byCollection = new Map<number, Candidate[]>()

  for (const candidate of candidates) byCollection.set(candidate.collection, [...(byCollection.get(candidate.collection) ?? []), candidate])
  for (const [profile, set] of sets.entries()) {
    const group = pool.members(set).filter(collection => byCollection.has(collection))

    if (group.length === 0) continue
    const key = group.join()
    let row = groups.get(key)

    if (row === undefined) {
      row = rows.length
      groups.set(key, row)
      for (const id of resolve(
        group.flatMap(collection => byCollection.get(collection) as Candidate[]),
        classes,
      ))
        rows.push(id)
    }
    serviceRow[profile] = row
  }
  return { serviceRow, serviceRows: Uint32Array.from(rows), servicePorts }
}

function candidateOf(service: ServiceValue, id: number, numbers: ReadonlyMap<string, number>): Candidate {
  return {
    id,
    protocol: service.protocol,
    ranges: service.ports?.map(text => parsePortRange(text) as PortRange) ?? [{ first: 0, last: anyPort }],
    collection: numbers.get(addressReference(service.address)) as number,
    length: lengthOf(prefixKey(parsePrefix(service.address) as Prefix)),
    classes: new Map(),
  }
}

/**
 * One class for all ports that the same services have in the same way. Numbers go on behind those of the protocols before, so
 * that one row serves all protocols. Fills `classOf` and the candidates' classes; returns how many classes there are.
 */
function classify(candidates: readonly Candidate[], classOf: Uint16Array, before: number): number {
  const edges = new Set<number>([0, ports])
  const bySignature = new Map<string, number>([['', 0]])

  for (const { ranges } of candidates) for (const { first, last } of ranges) edges.add(first).add(Math.min(last + 1, ports))
  const sorted = [...edges].sort((a, b) => a - b)
  const opening = new Map<number, Candidate[]>()
  const open = new Set<Candidate>()

  for (const candidate of candidates)
    for (const { first } of candidate.ranges) opening.set(first, [...(opening.get(first) ?? []), candidate])
  for (const [at, first] of sorted.slice(0, -1).entries()) {
    for (const candidate of opening.get(first) ?? []) open.add(candidate)
    const spans = new Map<Candidate, number>()

    for (const candidate of open) {
      const around = candidate.ranges.filter(range => range.first <= first && first <= range.last)

      if (around.length === 0) open.delete(candidate)
      else spans.set(candidate, Math.min(...around.map(range => range.last - range.first + 1)))
    }
    const signature = [...spans]
      .map(([{ id }, span]) => `${id}:${span}`)
      .sort()
      .join()
    let number = bySignature.get(signature)

    if (number === undefined) {
      number = before + bySignature.size
      bySignature.set(signature, number)
      for (const [candidate, span] of spans) candidate.classes.set(number, span)
    }
    classOf.fill(number, first, sorted[at + 1])
  }
  return bySignature.size - 1
}

/** For each class the service of an address that several prefixes contain: longest prefix, then fewest ports named, then name. */
function resolve(group: readonly Candidate[], classes: number): Uint32Array {
  const row = new Uint32Array(classes + 1)
  const sorted = group.map((candidate, order) => ({ candidate, order }))

  for (let number = 1; number <= classes; number++) {
    const best = sorted
      .filter(({ candidate }) => candidate.classes.has(number))
      .sort(
        (a, b) =>
          b.candidate.length - a.candidate.length ||
          (a.candidate.classes.get(number) as number) - (b.candidate.classes.get(number) as number) ||
          a.order - b.order,
      )[0]

    row[number] = best?.candidate.id ?? 0
  }
  return row
}
