/** Packets led through compiled tables as the C code leads them: longest prefix, membership, classes, vectors, lowest common bit. */
import {
  Action,
  Backend,
  Classifier,
  Dimension,
  directionNames,
  fieldCount,
  fragmentNames,
  Limit,
  LimitRow,
  Membership,
  MembershipFlag,
  Rule,
  RuleFlag,
  Service,
  Side,
  SideFlag,
  serviceProtocolNames,
  stateNames,
  ValueTable,
  Vector,
  valueTableCount,
} from '../../controlplane/dataplane/abi.ts'
import type { Host } from '../../controlplane/policy/classes.ts'
import { protocolNumber } from '../../controlplane/policy/protocols.ts'
import type { Tables } from '../../controlplane/policy/tables.ts'
import { tcpFlagNames } from '../../controlplane/policy/wants.ts'
import { isForAddress } from '../oracle/plain.ts'
import type { Decision, Packet } from './plain.ts'
import { membershipIn } from './trees.ts'

/** `devices` and `cgroups`: what the tables were compiled for. Nothing has ended, and every rate has room. */
export function walker(tables: Tables, { devices, cgroups }: Host = { devices: [], cgroups: new Map() }): (packet: Packet) => Decision {
  const view = (rows: Uint8Array) => new DataView(rows.buffer, rows.byteOffset, rows.byteLength)
  const at = {
    memberships: view(tables.rows.memberships),
    vectors: view(tables.rows.vectors),
    rules: view(tables.rows.rules),
    limits: view(tables.rows.limits),
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

  /** The first position from `from` on that all vectors have. */
  const search = (classes: readonly number[], words: number, from: number): number => {
    const { summary, words: first } = Vector.offsets
    const word = (offset: number) => classes.reduce((bits, row) => bits & at.vectors.getBigUint64(row * Vector.size + offset, true), ~0n)
    const lowest = (bits: bigint) => (bits & -bits).toString(2).length - 1
    const rest = (index: number) =>
      index < from >> 6 ? 0n : word(first + 8 * index) & (index === from >> 6 ? ~0n << BigInt(from & 63) : ~0n)

    if (words === 1) return from > 63 || rest(0) === 0n ? -1 : lowest(rest(0))
    for (let group = 0; group < Limit.summaryWords; group++)
      for (let bits = word(summary + 8 * group); bits !== 0n; bits &= bits - 1n) {
        const index = group * 64 + lowest(bits)
        const hits = rest(index)
        if (hits !== 0n) return index * 64 + lowest(hits)
      }
    return -1
  }
  const valueClass = (direction: number, table: number, value: number) =>
    at.values.getUint16(((direction * valueTableCount + table) * Limit.values + value) * 2, true)
  const nameClass = (direction: number, dimension: number, value: bigint | undefined) =>
    tables.named.find(entry => entry.direction === direction && entry.dimension === dimension && entry.value === value)?.class

  const kindOf = ({ protocol, fragment, icmp, tcpFlags = [] }: Packet, classifier: Classifier, direction: number) => {
    if (fragment !== 'later' && protocol === 6)
      return classifier.tcpFlags[tcpFlags.reduce((bits, flag) => bits | (1 << tcpFlagNames.indexOf(flag)), 0)] as number
    if (icmp !== undefined) return valueClass(direction, protocol === 1 ? ValueTable.icmp : ValueTable.icmpv6, (icmp.type << 8) | icmp.code)
    return classifier.protocols[protocol] as number
  }

  /** The deepest cgroup that is named. */
  const cgroupOf = ({ cgroup }: Packet, direction: number) => {
    const parts = cgroup?.split('/').filter(part => part !== '') ?? []

    for (let depth = parts.length; cgroup !== undefined && depth >= 0; depth--) {
      const found = nameClass(direction, Dimension.cgroup, cgroups.get(`/${parts.slice(0, depth).join('/')}`))
      if (found !== undefined) return found
    }
    return undefined
  }

  const classesOf = (packet: Packet, direction: number, source: Membership, destination: Membership): number[] => {
    const { ports, fragment = 'none', state, vlan, dscp = 0, length = 0, device, uid } = packet
    const classifier = Classifier.decode(at.classifiers, direction * Classifier.size)
    const ifindex = devices.find(({ name }) => name === device)?.ifindex
    const portClass = (field: number) =>
      ports === undefined
        ? (classifier.portless[field] as number)
        : valueClass(direction, ValueTable.sourcePort + field, ports[field] as number)
    const classes = [
      source.classes[direction * fieldCount] as number,
      destination.classes[direction * fieldCount + 1] as number,
      portClass(0),
      portClass(1),
      kindOf(packet, classifier, direction),
      classifier.states[state === undefined ? 0 : stateNames.indexOf(state)] as number,
      classifier.fragments[fragmentNames.indexOf(fragment)] as number,
      vlan === undefined ? classifier.noVlan : (classifier.vlans[vlan] as number),
      classifier.dscps[dscp] as number,
      valueClass(direction, ValueTable.length, Math.min(length, Limit.values - 1)),
      (ifindex === undefined ? undefined : nameClass(direction, Dimension.interface, BigInt(ifindex))) ?? classifier.noInterface,
      cgroupOf(packet, direction) ?? classifier.noCgroup,
      (uid === undefined ? undefined : nameClass(direction, Dimension.uid, BigInt(uid))) ?? classifier.noUid,
    ]

    return classes.filter((_, dimension) => ((side.dimensions[direction] as number) >> dimension) & 1)
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
      const classes = classesOf(packet, direction, source, destination)

      for (let from = 0; from <= Limit.ruleBits; ) {
        const position = search(classes, side.ruleWords[direction] as number, from)
        if (position < 0) break
        const rule = Rule.decode(at.rules, (direction * Limit.ruleBits + position) * Rule.size)
        const { allows } = rule.flags & RuleFlag.limit ? LimitRow.decode(at.limits, rule.limit * LimitRow.size) : { allows: 1 }

        from = position + 1
        if (rule.flags & RuleFlag.observe || !allows) continue
        decision = {
          verdict: rule.action === Action.deny || rule.action === Action.reject ? 'deny' : 'allow',
          by: 'rule',
          rule: rule.ruleId,
        }
        break
      }
    }
    const service =
      packet.direction === 'ingress' && !(decision.by === 'rule' && decision.verdict === 'deny')
        ? serviceOf(packet, destination)
        : undefined
    const natBackend = (source.flags & MembershipFlag.natBackend) !== 0

    if (service === undefined) return decision
    return decision.by === 'default' ? { verdict: 'allow', by: 'service', service, natBackend } : { ...decision, service, natBackend }
  }

  /** The id; without ports, where tables tell an address of services and its connection the rest: 0. */
  function serviceOf(packet: Packet, { serviceRow: base, flags }: Membership): number | undefined {
    const protocol = serviceProtocolNames.findIndex(name => protocolNumber(name) === packet.protocol)

    if (!(side.flags & SideFlag.services) || !base) return undefined
    if (packet.ports === undefined) return !(flags & MembershipFlag.local) && isForAddress(packet) ? 0 : undefined
    if (protocol < 0) return undefined
    const number = at.servicePorts.getUint16((protocol * Limit.values + packet.ports[1]) * 2, true)
    return number === 0 ? undefined : at.serviceRows.getUint32((base + number) * 4, true) || undefined
  }
}

/** Backend id -> slots that it owns in the ring of a service. */
export function sharesOf(tables: Tables, serviceId: number): Map<number, number> {
  const services = tables.rows.services
  const { ringBase, ringSlots } = Service.decode(new DataView(services.buffer, services.byteOffset), serviceId * Service.size)
  const rings = new DataView(tables.rows.rings.buffer, tables.rows.rings.byteOffset)
  const shares = new Map<number, number>()

  for (let slot = 0; slot < ringSlots; slot++) {
    const id = rings.getUint32((ringBase * Limit.ringLineSlots + slot) * 4, true)
    shares.set(id, (shares.get(id) ?? 0) + 1)
  }
  return shares
}

export function backendOf(tables: Tables, id: number): Backend {
  const rows = tables.rows.backends

  return Backend.decode(new DataView(rows.buffer, rows.byteOffset), id * Backend.size)
}
