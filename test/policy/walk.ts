/** Packets led through compiled tables as the C code leads them: longest prefix, membership, classes, vectors, lowest common bit. */
import {
  Action,
  Backend,
  Classifier,
  Dimension,
  directionNames,
  fieldCount,
  Limit,
  Membership,
  MembershipFlag,
  Rule,
  Service,
  Side,
  SideFlag,
  serviceProtocolNames,
  ValueTable,
  Vector,
  valueTableCount,
} from '../../controlplane/dataplane/abi.ts'
import { protocolNumber } from '../../controlplane/policy/protocols.ts'
import type { Tables } from '../../controlplane/policy/tables.ts'
import type { Decision, Packet } from './plain.ts'
import { membershipIn } from './trees.ts'

export function walker(tables: Tables): (packet: Packet) => Decision {
  const view = (rows: Uint8Array) => new DataView(rows.buffer, rows.byteOffset, rows.byteLength)
  const at = {
    memberships: view(tables.rows.memberships),
    vectors: view(tables.rows.vectors),
    rules: view(tables.rows.rules),
    values: view(tables.rows.value_classes),
    classifiers: view(tables.rows.classifiers),
    servicePorts: view(tables.rows.service_ports),
    serviceRows: view(tables.rows.service_rows),
    services: view(tables.rows.services),
    rings: view(tables.rows.rings),
    backends: view(tables.rows.backends),
  }
  const side = Side.decode(view(tables.rows.sides), 0)
  const membershipOf = (address: Uint8Array) => {
    const family = address.length === 4 ? 4 : 6
    const isAsked = side.flags & (family === 4 ? SideFlag.prefixesIpv4 : SideFlag.prefixesIpv6)

    return isAsked ? membershipIn(tables.prefixes, address) : family === 4 ? 0 : 1
  }
  const rowOf = (membership: number) => Membership.decode(at.memberships, membership * Membership.size)

  const search = (classes: readonly number[], words: number): number => {
    const { summary, words: first } = Vector.offsets
    const word = (offset: number) => classes.reduce((bits, row) => bits & at.vectors.getBigUint64(row * Vector.size + offset, true), ~0n)
    const lowest = (bits: bigint) => (bits & -bits).toString(2).length - 1

    if (words === 1) return word(first) === 0n ? -1 : lowest(word(first))
    for (let group = 0; group < Limit.summaryWords; group++)
      for (let bits = word(summary + 8 * group); bits !== 0n; bits &= bits - 1n) {
        const index = group * 64 + lowest(bits)
        const hits = word(first + 8 * index)
        if (hits !== 0n) return index * 64 + lowest(hits)
      }
    return -1
  }

  return packet => {
    const direction = directionNames.indexOf(packet.direction)
    const source = rowOf(side.flags & SideFlag.sources ? membershipOf(packet.source) : packet.source.length === 4 ? 0 : 1)
    const destination = rowOf(membershipOf(packet.destination))
    const [here, remote] = packet.direction === 'ingress' ? [destination, source] : [source, destination]
    const portHere = packet.ports?.[packet.direction === 'ingress' ? 1 : 0]

    if (side.flags & SideFlag.management && here.flags & MembershipFlag.local && portHere !== undefined)
      for (let entry = 0; entry < side.managementCount; entry++)
        if (
          side.management[entry]?.port === portHere &&
          side.management[entry]?.protocol === packet.protocol &&
          (remote.management >> entry) & 1
        )
          return { verdict: 'allow', by: 'management' }

    let decision: Decision = { verdict: side.defaults[direction] === 0 ? 'allow' : 'deny', by: 'default' }
    if (side.ruleWords[direction]) {
      const classifier = Classifier.decode(at.classifiers, direction * Classifier.size)
      const portClass = (field: number) =>
        packet.ports === undefined
          ? (classifier.portless[field] as number)
          : at.values.getUint16(((direction * valueTableCount + field) * Limit.values + (packet.ports[field] as number)) * 2, true)
      const asked = (dimension: number, of: number) => (((side.dimensions[direction] as number) >> dimension) & 1 ? [of] : [])
      const position = search(
        [
          ...asked(Dimension.source, source.classes[direction * fieldCount] as number),
          ...asked(Dimension.destination, destination.classes[direction * fieldCount + 1] as number),
          ...asked(Dimension.sourcePort, portClass(0)),
          ...asked(Dimension.destinationPort, portClass(1)),
          kindOf(packet, classifier, direction),
        ],
        side.ruleWords[direction] as number,
      )

      if (position >= 0) {
        const rule = Rule.decode(at.rules, (direction * Limit.ruleBits + position) * Rule.size)
        decision = { verdict: rule.action === Action.deny ? 'deny' : 'allow', by: 'rule', rule: rule.ruleId }
      }
    }
    const service =
      packet.direction === 'ingress' && !(decision.by === 'rule' && decision.verdict === 'deny')
        ? serviceOf(packet, destination.serviceRow)
        : 0
    return service
      ? {
          ...decision,
          by: decision.by === 'default' ? 'service' : decision.by,
          service,
          natBackend: (source.flags & MembershipFlag.natBackend) !== 0,
        }
      : decision
  }

  /** Packets here have no flags and the type 0. */
  function kindOf({ protocol }: Packet, classifier: Classifier, direction: number): number {
    const tables: Readonly<Record<number, number>> = { 1: ValueTable.icmp, 58: ValueTable.icmpv6 }
    const table = tables[protocol]

    if (protocol === 6) return classifier.tcpFlags[0] as number
    if (table === undefined) return classifier.protocols[protocol] as number
    return at.values.getUint16((direction * valueTableCount + table) * Limit.values * 2, true)
  }

  function serviceOf(packet: Packet, base: number): number {
    const protocol = serviceProtocolNames.findIndex(name => protocolNumber(name) === packet.protocol)

    if (!(side.flags & SideFlag.services) || !base || protocol < 0 || packet.ports === undefined) return 0
    const number = at.servicePorts.getUint16((protocol * Limit.values + packet.ports[1]) * 2, true)
    return number && at.serviceRows.getUint32((base + number) * 4, true)
  }
}

/** Backend id -> slots that it owns in the ring of a service. */
export function sharesOf(tables: Tables, serviceId: number): Map<number, number> {
  const services = tables.rows.services
  const { ringBase, ringSlots } = Service.decode(new DataView(services.buffer, services.byteOffset), serviceId * Service.size)
  const rings = new DataView(tables.rows.rings.buffer, tables.rows.rings.byteOffset)
  const shares = new Map<number, number>()

  for (let slot = 0; slot < ringSlots; slot++) {
    const id = rings.getUint16((ringBase * Limit.ringLineSlots + slot) * 2, true)
    shares.set(id, (shares.get(id) ?? 0) + 1)
  }
  return shares
}

export function backendOf(tables: Tables, id: number): Backend {
  const rows = tables.rows.backends

  return Backend.decode(new DataView(rows.buffer, rows.byteOffset), id * Backend.size)
}
