/** GENERATED from dataplane-bpf/shared.h and maps.h by generate-abi.ts: change those and run `npm run abi`. Numbers, layouts and codecs; pure. */

export const Action = {
  none: 0,
  allow: 1,
  deny: 2,
} as const
export type Action = (typeof Action)[keyof typeof Action]
export const actionNames = ['none', 'allow', 'deny'] as const

export const BackendState = {
  absent: 0,
  active: 1,
} as const
export type BackendState = (typeof BackendState)[keyof typeof BackendState]
export const backendStateNames = ['absent', 'active'] as const

export const BaseMembership = {
  ipv4: 0,
  ipv6: 1,
} as const
export type BaseMembership = (typeof BaseMembership)[keyof typeof BaseMembership]
export const baseMembershipNames = ['ipv4', 'ipv6'] as const
export const baseMembershipCount = 2

export const ConnectionFlag = {
  reply: 1,
} as const
export type ConnectionFlag = (typeof ConnectionFlag)[keyof typeof ConnectionFlag]

export const Direction = {
  ingress: 0,
  egress: 1,
} as const
export type Direction = (typeof Direction)[keyof typeof Direction]
export const directionNames = ['ingress', 'egress'] as const
export const directionCount = 2

export const Family = {
  ipv4: 0,
  ipv6: 1,
} as const
export type Family = (typeof Family)[keyof typeof Family]
export const familyNames = ['ipv4', 'ipv6'] as const
export const familyCount = 2

export const Field = {
  source: 0,
  destination: 1,
} as const
export type Field = (typeof Field)[keyof typeof Field]
export const fieldNames = ['source', 'destination'] as const
export const fieldCount = 2

export const Forwarding = {
  nat: 0,
  dsrL2: 1,
} as const
export type Forwarding = (typeof Forwarding)[keyof typeof Forwarding]
export const forwardingNames = ['nat', 'dsr_l2'] as const

export const Fragment = {
  none: 0,
  first: 1,
  later: 2,
} as const
export type Fragment = (typeof Fragment)[keyof typeof Fragment]
export const fragmentNames = ['none', 'first', 'later'] as const

export const HashInput = {
  '5Tuple': 0,
  source: 1,
} as const
export type HashInput = (typeof HashInput)[keyof typeof HashInput]
export const hashInputNames = ['5_tuple', 'source'] as const

export const Hook = {
  xdpIngress: 0,
  tcIngress: 1,
  tcEgress: 2,
} as const
export type Hook = (typeof Hook)[keyof typeof Hook]
export const hookNames = ['xdp_ingress', 'tc_ingress', 'tc_egress'] as const
export const hookCount = 3

export const InterfaceFlag = {
  xdp: 1,
  handover: 2,
  noEthernet: 4,
} as const
export type InterfaceFlag = (typeof InterfaceFlag)[keyof typeof InterfaceFlag]

export const Layout = {
  version: 1,
} as const
export type Layout = (typeof Layout)[keyof typeof Layout]

export const Limit = {
  sides: 2,
  ruleBits: 16384,
  ruleWords: 256,
  summaryWords: 4,
  ports: 65536,
  protocols: 256,
  managementEntries: 8,
  ringLineSlots: 32,
  verdictLines: 16384,
  nextHopLines: 1024,
  nextHopNs: 10000000,
  vlanTags: 2,
  traceSteps: 16,
  extensionHeaders: 8,
  ringProbes: 8,
} as const
export type Limit = (typeof Limit)[keyof typeof Limit]

export const MembershipFlag = {
  local: 1,
  natBackend: 2,
} as const
export type MembershipFlag = (typeof MembershipFlag)[keyof typeof MembershipFlag]

export const Reason = {
  none: 0,
  notIp: 1,
  management: 2,
  essential: 3,
  rule: 4,
  default: 5,
  reply: 6,
  service: 7,
  malformed: 8,
  tinyFragment: 9,
  tooManyHeaders: 10,
  noBackend: 11,
  noRoute: 12,
  ttlExceeded: 13,
  tableFull: 14,
  handoverFailed: 15,
} as const
export type Reason = (typeof Reason)[keyof typeof Reason]
export const reasonNames = ['none', 'not_ip', 'management', 'essential', 'rule', 'default', 'reply', 'service', 'malformed', 'tiny_fragment', 'too_many_headers', 'no_backend', 'no_route', 'ttl_exceeded', 'table_full', 'handover_failed'] as const
export const reasonCount = 16

export const ServiceProtocol = {
  tcp: 0,
  udp: 1,
  sctp: 2,
} as const
export type ServiceProtocol = (typeof ServiceProtocol)[keyof typeof ServiceProtocol]
export const serviceProtocolNames = ['tcp', 'udp', 'sctp'] as const
export const serviceProtocolCount = 3

export const SideFlag = {
  prefixesIpv4: 1,
  prefixesIpv6: 2,
  sources: 4,
  services: 8,
  management: 16,
} as const
export type SideFlag = (typeof SideFlag)[keyof typeof SideFlag]

export const Stage = {
  parse: 0,
  prefixes: 1,
  management: 2,
  firewall: 3,
  default: 4,
  balance: 5,
  rewrite: 6,
  forward: 7,
} as const
export type Stage = (typeof Stage)[keyof typeof Stage]
export const stageNames = ['parse', 'prefixes', 'management', 'firewall', 'default', 'balance', 'rewrite', 'forward'] as const

export const Verdict = {
  pass: 0,
  drop: 1,
  transmit: 2,
  redirect: 3,
  handover: 4,
} as const
export type Verdict = (typeof Verdict)[keyof typeof Verdict]
export const verdictNames = ['pass', 'drop', 'transmit', 'redirect', 'handover'] as const
export const verdictCount = 5

export interface Backend {
  readonly address: ArrayLike<number>
  readonly serviceId: number
  readonly port: number
  readonly family: Family
  readonly state: BackendState
}
export const Backend = {
  size: 24,
  offsets: { address: 0, serviceId: 16, port: 20, family: 22, state: 23 },
  encode (view: DataView, offset: number, value: Backend): void {
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + i * 4, value.address[i] ?? 0)
    view.setUint32(offset + 16, value.serviceId, true)
    view.setUint16(offset + 20, value.port)
    view.setUint8(offset + 22, value.family)
    view.setUint8(offset + 23, value.state)
  },
  decode (view: DataView, offset: number): Backend {
    return {
      address: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + i * 4)),
      serviceId: view.getUint32(offset + 16, true),
      port: view.getUint16(offset + 20),
      family: view.getUint8(offset + 22) as Family,
      state: view.getUint8(offset + 23) as BackendState,
    }
  },
} as const

export interface Config {
  readonly cpus: number
  readonly memberships: number
  readonly vectors: number
  readonly serviceRows: number
  readonly ringLines: number
  readonly ruleIds: number
  readonly serviceIds: number
  readonly backendIds: number
  readonly trace: number
  readonly forwardedMark: number
}
export const Config = {
  size: 40,
  offsets: { cpus: 0, memberships: 4, vectors: 8, serviceRows: 12, ringLines: 16, ruleIds: 20, serviceIds: 24, backendIds: 28, trace: 32, forwardedMark: 36 },
  encode (view: DataView, offset: number, value: Config): void {
    view.setUint32(offset, value.cpus, true)
    view.setUint32(offset + 4, value.memberships, true)
    view.setUint32(offset + 8, value.vectors, true)
    view.setUint32(offset + 12, value.serviceRows, true)
    view.setUint32(offset + 16, value.ringLines, true)
    view.setUint32(offset + 20, value.ruleIds, true)
    view.setUint32(offset + 24, value.serviceIds, true)
    view.setUint32(offset + 28, value.backendIds, true)
    view.setUint32(offset + 32, value.trace, true)
    view.setUint32(offset + 36, value.forwardedMark, true)
  },
  decode (view: DataView, offset: number): Config {
    return {
      cpus: view.getUint32(offset, true),
      memberships: view.getUint32(offset + 4, true),
      vectors: view.getUint32(offset + 8, true),
      serviceRows: view.getUint32(offset + 12, true),
      ringLines: view.getUint32(offset + 16, true),
      ruleIds: view.getUint32(offset + 20, true),
      serviceIds: view.getUint32(offset + 24, true),
      backendIds: view.getUint32(offset + 28, true),
      trace: view.getUint32(offset + 32, true),
      forwardedMark: view.getUint32(offset + 36, true),
    }
  },
} as const

export interface Connection {
  readonly address: ArrayLike<number>
  readonly port: number
  readonly flags: number
  readonly serviceId: number
  readonly backendId: number
}
export const Connection = {
  size: 32,
  offsets: { address: 0, port: 16, flags: 18, serviceId: 20, backendId: 24 },
  encode (view: DataView, offset: number, value: Connection): void {
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + i * 4, value.address[i] ?? 0)
    view.setUint16(offset + 16, value.port)
    view.setUint16(offset + 18, value.flags, true)
    view.setUint32(offset + 20, value.serviceId, true)
    view.setUint32(offset + 24, value.backendId, true)
  },
  decode (view: DataView, offset: number): Connection {
    return {
      address: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + i * 4)),
      port: view.getUint16(offset + 16),
      flags: view.getUint16(offset + 18, true),
      serviceId: view.getUint32(offset + 20, true),
      backendId: view.getUint32(offset + 24, true),
    }
  },
} as const

export interface ConnectionKey {
  readonly source: ArrayLike<number>
  readonly destination: ArrayLike<number>
  readonly sourcePort: number
  readonly destinationPort: number
  readonly protocol: number
  readonly family: Family
  readonly zone: number
}
export const ConnectionKey = {
  size: 40,
  offsets: { source: 0, destination: 16, sourcePort: 32, destinationPort: 34, protocol: 36, family: 37, zone: 38 },
  encode (view: DataView, offset: number, value: ConnectionKey): void {
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + i * 4, value.source[i] ?? 0)
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + 16 + i * 4, value.destination[i] ?? 0)
    view.setUint16(offset + 32, value.sourcePort)
    view.setUint16(offset + 34, value.destinationPort)
    view.setUint8(offset + 36, value.protocol)
    view.setUint8(offset + 37, value.family)
    view.setUint16(offset + 38, value.zone, true)
  },
  decode (view: DataView, offset: number): ConnectionKey {
    return {
      source: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + i * 4)),
      destination: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + 16 + i * 4)),
      sourcePort: view.getUint16(offset + 32),
      destinationPort: view.getUint16(offset + 34),
      protocol: view.getUint8(offset + 36),
      family: view.getUint8(offset + 37) as Family,
      zone: view.getUint16(offset + 38, true),
    }
  },
} as const

export interface Counter {
  readonly packets: bigint
  readonly bytes: bigint
}
export const Counter = {
  size: 16,
  offsets: { packets: 0, bytes: 8 },
  encode (view: DataView, offset: number, value: Counter): void {
    view.setBigUint64(offset, value.packets, true)
    view.setBigUint64(offset + 8, value.bytes, true)
  },
  decode (view: DataView, offset: number): Counter {
    return {
      packets: view.getBigUint64(offset, true),
      bytes: view.getBigUint64(offset + 8, true),
    }
  },
} as const

export interface Interface {
  readonly flags: number
}
export const Interface = {
  size: 4,
  offsets: { flags: 0 },
  encode (view: DataView, offset: number, value: Interface): void {
    view.setUint32(offset, value.flags, true)
  },
  decode (view: DataView, offset: number): Interface {
    return {
      flags: view.getUint32(offset, true),
    }
  },
} as const

export interface ManagementEntry {
  readonly port: number
  readonly protocol: number
}
export const ManagementEntry = {
  size: 4,
  offsets: { port: 0, protocol: 2 },
  encode (view: DataView, offset: number, value: ManagementEntry): void {
    view.setUint16(offset, value.port, true)
    view.setUint8(offset + 2, value.protocol)
  },
  decode (view: DataView, offset: number): ManagementEntry {
    return {
      port: view.getUint16(offset, true),
      protocol: view.getUint8(offset + 2),
    }
  },
} as const

export interface Membership {
  readonly classes: ArrayLike<number>
  readonly serviceRow: number
  readonly flags: number
  readonly management: number
}
export const Membership = {
  size: 16,
  offsets: { classes: 0, serviceRow: 8, flags: 12, management: 13 },
  encode (view: DataView, offset: number, value: Membership): void {
    for (let i = 0; i < 4; i++)
      view.setUint16(offset + i * 2, value.classes[i] ?? 0, true)
    view.setUint32(offset + 8, value.serviceRow, true)
    view.setUint8(offset + 12, value.flags)
    view.setUint8(offset + 13, value.management)
  },
  decode (view: DataView, offset: number): Membership {
    return {
      classes: Array.from({ length: 4 }, (_, i) => view.getUint16(offset + i * 2, true)),
      serviceRow: view.getUint32(offset + 8, true),
      flags: view.getUint8(offset + 12),
      management: view.getUint8(offset + 13),
    }
  },
} as const

export interface NextHop {
  readonly expiresNs: bigint
  readonly address: ArrayLike<number>
  readonly selector: number
  readonly ifindex: number
  readonly destinationMac: ArrayLike<number>
  readonly sourceMac: ArrayLike<number>
}
export const NextHop = {
  size: 48,
  offsets: { expiresNs: 0, address: 8, selector: 24, ifindex: 28, destinationMac: 32, sourceMac: 38 },
  encode (view: DataView, offset: number, value: NextHop): void {
    view.setBigUint64(offset, value.expiresNs, true)
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + 8 + i * 4, value.address[i] ?? 0)
    view.setUint32(offset + 24, value.selector, true)
    view.setUint32(offset + 28, value.ifindex, true)
    for (let i = 0; i < 6; i++)
      view.setUint8(offset + 32 + i * 1, value.destinationMac[i] ?? 0)
    for (let i = 0; i < 6; i++)
      view.setUint8(offset + 38 + i * 1, value.sourceMac[i] ?? 0)
  },
  decode (view: DataView, offset: number): NextHop {
    return {
      expiresNs: view.getBigUint64(offset, true),
      address: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + 8 + i * 4)),
      selector: view.getUint32(offset + 24, true),
      ifindex: view.getUint32(offset + 28, true),
      destinationMac: Array.from({ length: 6 }, (_, i) => view.getUint8(offset + 32 + i * 1)),
      sourceMac: Array.from({ length: 6 }, (_, i) => view.getUint8(offset + 38 + i * 1)),
    }
  },
} as const

export interface PortClasses {
  readonly classes: ArrayLike<number>
}
export const PortClasses = {
  size: 131072,
  offsets: { classes: 0 },
  encode (view: DataView, offset: number, value: PortClasses): void {
    for (let i = 0; i < 65536; i++)
      view.setUint16(offset + i * 2, value.classes[i] ?? 0, true)
  },
  decode (view: DataView, offset: number): PortClasses {
    return {
      classes: Array.from({ length: 65536 }, (_, i) => view.getUint16(offset + i * 2, true)),
    }
  },
} as const

export interface PrefixIpv4 {
  readonly length: number
  readonly address: number
}
export const PrefixIpv4 = {
  size: 8,
  offsets: { length: 0, address: 4 },
  encode (view: DataView, offset: number, value: PrefixIpv4): void {
    view.setUint32(offset, value.length, true)
    view.setUint32(offset + 4, value.address)
  },
  decode (view: DataView, offset: number): PrefixIpv4 {
    return {
      length: view.getUint32(offset, true),
      address: view.getUint32(offset + 4),
    }
  },
} as const

export interface PrefixIpv6 {
  readonly length: number
  readonly address: ArrayLike<number>
}
export const PrefixIpv6 = {
  size: 20,
  offsets: { length: 0, address: 4 },
  encode (view: DataView, offset: number, value: PrefixIpv6): void {
    view.setUint32(offset, value.length, true)
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + 4 + i * 4, value.address[i] ?? 0)
  },
  decode (view: DataView, offset: number): PrefixIpv6 {
    return {
      length: view.getUint32(offset, true),
      address: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + 4 + i * 4)),
    }
  },
} as const

export interface PrefixValue {
  readonly memberships: ArrayLike<number>
}
export const PrefixValue = {
  size: 8,
  offsets: { memberships: 0 },
  encode (view: DataView, offset: number, value: PrefixValue): void {
    for (let i = 0; i < 2; i++)
      view.setUint32(offset + i * 4, value.memberships[i] ?? 0, true)
  },
  decode (view: DataView, offset: number): PrefixValue {
    return {
      memberships: Array.from({ length: 2 }, (_, i) => view.getUint32(offset + i * 4, true)),
    }
  },
} as const

export interface RingLine {
  readonly backends: ArrayLike<number>
}
export const RingLine = {
  size: 64,
  offsets: { backends: 0 },
  encode (view: DataView, offset: number, value: RingLine): void {
    for (let i = 0; i < 32; i++)
      view.setUint16(offset + i * 2, value.backends[i] ?? 0, true)
  },
  decode (view: DataView, offset: number): RingLine {
    return {
      backends: Array.from({ length: 32 }, (_, i) => view.getUint16(offset + i * 2, true)),
    }
  },
} as const

export interface Rule {
  readonly ruleId: number
  readonly action: Action
}
export const Rule = {
  size: 8,
  offsets: { ruleId: 0, action: 4 },
  encode (view: DataView, offset: number, value: Rule): void {
    view.setUint32(offset, value.ruleId, true)
    view.setUint8(offset + 4, value.action)
  },
  decode (view: DataView, offset: number): Rule {
    return {
      ruleId: view.getUint32(offset, true),
      action: view.getUint8(offset + 4) as Action,
    }
  },
} as const

export interface Service {
  readonly ringBase: number
  readonly ringSlots: number
  readonly forwarding: Forwarding
  readonly hash: HashInput
}
export const Service = {
  size: 16,
  offsets: { ringBase: 0, ringSlots: 4, forwarding: 8, hash: 9 },
  encode (view: DataView, offset: number, value: Service): void {
    view.setUint32(offset, value.ringBase, true)
    view.setUint32(offset + 4, value.ringSlots, true)
    view.setUint8(offset + 8, value.forwarding)
    view.setUint8(offset + 9, value.hash)
  },
  decode (view: DataView, offset: number): Service {
    return {
      ringBase: view.getUint32(offset, true),
      ringSlots: view.getUint32(offset + 4, true),
      forwarding: view.getUint8(offset + 8) as Forwarding,
      hash: view.getUint8(offset + 9) as HashInput,
    }
  },
} as const

export interface Side {
  readonly flags: number
  readonly ruleWords: ArrayLike<number>
  readonly defaults: ArrayLike<number>
  readonly essentials: number
  readonly managementCount: number
  readonly portless: ArrayLike<number>
  readonly management: readonly ManagementEntry[]
  readonly protocols: ArrayLike<number>
}
export const Side = {
  size: 1080,
  offsets: { flags: 0, ruleWords: 4, defaults: 8, essentials: 10, managementCount: 11, portless: 12, management: 20, protocols: 52 },
  encode (view: DataView, offset: number, value: Side): void {
    view.setUint32(offset, value.flags, true)
    for (let i = 0; i < 2; i++)
      view.setUint16(offset + 4 + i * 2, value.ruleWords[i] ?? 0, true)
    for (let i = 0; i < 2; i++)
      view.setUint8(offset + 8 + i * 1, value.defaults[i] ?? 0)
    view.setUint8(offset + 10, value.essentials)
    view.setUint8(offset + 11, value.managementCount)
    for (let i = 0; i < 4; i++)
      view.setUint16(offset + 12 + i * 2, value.portless[i] ?? 0, true)
    value.management.slice(0, 8).forEach((item, i) => { ManagementEntry.encode(view, offset + 20 + i * 4, item) })
    for (let i = 0; i < 512; i++)
      view.setUint16(offset + 52 + i * 2, value.protocols[i] ?? 0, true)
  },
  decode (view: DataView, offset: number): Side {
    return {
      flags: view.getUint32(offset, true),
      ruleWords: Array.from({ length: 2 }, (_, i) => view.getUint16(offset + 4 + i * 2, true)),
      defaults: Array.from({ length: 2 }, (_, i) => view.getUint8(offset + 8 + i * 1)),
      essentials: view.getUint8(offset + 10),
      managementCount: view.getUint8(offset + 11),
      portless: Array.from({ length: 4 }, (_, i) => view.getUint16(offset + 12 + i * 2, true)),
      management: Array.from({ length: 8 }, (_, i) => ManagementEntry.decode(view, offset + 20 + i * 4)),
      protocols: Array.from({ length: 512 }, (_, i) => view.getUint16(offset + 52 + i * 2, true)),
    }
  },
} as const

export interface Trace {
  readonly revision: bigint
  readonly verdict: Verdict
  readonly reason: Reason
  readonly fragment: Fragment
  readonly protocol: number
  readonly ruleId: number
  readonly serviceId: number
  readonly backendId: number
  readonly stepCount: number
  readonly steps: readonly TraceStep[]
}
export const Trace = {
  size: 224,
  offsets: { revision: 0, verdict: 8, reason: 9, fragment: 10, protocol: 11, ruleId: 12, serviceId: 16, backendId: 20, stepCount: 24, steps: 32 },
  encode (view: DataView, offset: number, value: Trace): void {
    view.setBigUint64(offset, value.revision, true)
    view.setUint8(offset + 8, value.verdict)
    view.setUint8(offset + 9, value.reason)
    view.setUint8(offset + 10, value.fragment)
    view.setUint8(offset + 11, value.protocol)
    view.setUint32(offset + 12, value.ruleId, true)
    view.setUint32(offset + 16, value.serviceId, true)
    view.setUint32(offset + 20, value.backendId, true)
    view.setUint32(offset + 24, value.stepCount, true)
    value.steps.slice(0, 16).forEach((item, i) => { TraceStep.encode(view, offset + 32 + i * 12, item) })
  },
  decode (view: DataView, offset: number): Trace {
    return {
      revision: view.getBigUint64(offset, true),
      verdict: view.getUint8(offset + 8) as Verdict,
      reason: view.getUint8(offset + 9) as Reason,
      fragment: view.getUint8(offset + 10) as Fragment,
      protocol: view.getUint8(offset + 11),
      ruleId: view.getUint32(offset + 12, true),
      serviceId: view.getUint32(offset + 16, true),
      backendId: view.getUint32(offset + 20, true),
      stepCount: view.getUint32(offset + 24, true),
      steps: Array.from({ length: 16 }, (_, i) => TraceStep.decode(view, offset + 32 + i * 12)),
    }
  },
} as const

export interface TraceStep {
  readonly stage: Stage
  readonly reason: Reason
  readonly detail: ArrayLike<number>
}
export const TraceStep = {
  size: 12,
  offsets: { stage: 0, reason: 1, detail: 4 },
  encode (view: DataView, offset: number, value: TraceStep): void {
    view.setUint8(offset, value.stage)
    view.setUint8(offset + 1, value.reason)
    for (let i = 0; i < 2; i++)
      view.setUint32(offset + 4 + i * 4, value.detail[i] ?? 0, true)
  },
  decode (view: DataView, offset: number): TraceStep {
    return {
      stage: view.getUint8(offset) as Stage,
      reason: view.getUint8(offset + 1) as Reason,
      detail: Array.from({ length: 2 }, (_, i) => view.getUint32(offset + 4 + i * 4, true)),
    }
  },
} as const

export interface Vector {
  readonly summary: ArrayLike<bigint>
  readonly words: ArrayLike<bigint>
}
export const Vector = {
  size: 2080,
  offsets: { summary: 0, words: 32 },
  encode (view: DataView, offset: number, value: Vector): void {
    for (let i = 0; i < 4; i++)
      view.setBigUint64(offset + i * 8, value.summary[i] ?? 0n, true)
    for (let i = 0; i < 256; i++)
      view.setBigUint64(offset + 32 + i * 8, value.words[i] ?? 0n, true)
  },
  decode (view: DataView, offset: number): Vector {
    return {
      summary: Array.from({ length: 4 }, (_, i) => view.getBigUint64(offset + i * 8, true)),
      words: Array.from({ length: 256 }, (_, i) => view.getBigUint64(offset + 32 + i * 8, true)),
    }
  },
} as const

export interface VerdictLine {
  readonly revision: bigint
  readonly classes: bigint
  readonly selector: number
  readonly position: number
}
export const VerdictLine = {
  size: 24,
  offsets: { revision: 0, classes: 8, selector: 16, position: 20 },
  encode (view: DataView, offset: number, value: VerdictLine): void {
    view.setBigUint64(offset, value.revision, true)
    view.setBigUint64(offset + 8, value.classes, true)
    view.setUint32(offset + 16, value.selector, true)
    view.setUint32(offset + 20, value.position, true)
  },
  decode (view: DataView, offset: number): VerdictLine {
    return {
      revision: view.getBigUint64(offset, true),
      classes: view.getBigUint64(offset + 8, true),
      selector: view.getUint32(offset + 16, true),
      position: view.getUint32(offset + 20, true),
    }
  },
} as const

/** Bytes of keys and values. */
export const maps = {
  connections: { type: 9, keySize: 40, valueSize: 32 },
  revision: { type: 2, keySize: 4, valueSize: 8 },
  interfaces: { type: 1, keySize: 4, valueSize: 4 },
  sides: { type: 2, keySize: 4, valueSize: 1080 },
  prefixes_ipv4: { type: 11, keySize: 8, valueSize: 8 },
  prefixes_ipv6: { type: 11, keySize: 20, valueSize: 8 },
  memberships: { type: 2, keySize: 4, valueSize: 16 },
  port_classes: { type: 2, keySize: 4, valueSize: 131072 },
  vectors: { type: 2, keySize: 4, valueSize: 2080 },
  rules: { type: 2, keySize: 4, valueSize: 8 },
  verdict_cache: { type: 2, keySize: 4, valueSize: 24 },
  service_ports: { type: 2, keySize: 4, valueSize: 131072 },
  service_rows: { type: 2, keySize: 4, valueSize: 4 },
  services: { type: 2, keySize: 4, valueSize: 16 },
  rings: { type: 2, keySize: 4, valueSize: 64 },
  backends: { type: 2, keySize: 4, valueSize: 24 },
  next_hops: { type: 2, keySize: 4, valueSize: 48 },
  rule_counts: { type: 2, keySize: 4, valueSize: 16 },
  service_counts: { type: 2, keySize: 4, valueSize: 16 },
  backend_counts: { type: 2, keySize: 4, valueSize: 16 },
  outcome_counts: { type: 2, keySize: 4, valueSize: 16 },
  traces: { type: 2, keySize: 4, valueSize: 224 },
} as const
export type MapName = keyof typeof maps

/** The agreement in words; an object is loaded only if its own types say the same. */
export const description: readonly string[] = [
  'enum action: ACTION_NONE=0 ACTION_ALLOW=1 ACTION_DENY=2',
  'enum backend_state: BACKEND_ABSENT=0 BACKEND_ACTIVE=1',
  'enum base_membership: MEMBERSHIP_IPV4=0 MEMBERSHIP_IPV6=1 BASE_MEMBERSHIPS=2',
  'enum connection_flag: CONNECTION_REPLY=1',
  'enum direction: DIRECTION_INGRESS=0 DIRECTION_EGRESS=1 DIRECTIONS=2',
  'enum family: FAMILY_IPV4=0 FAMILY_IPV6=1 FAMILIES=2',
  'enum field: FIELD_SOURCE=0 FIELD_DESTINATION=1 FIELDS=2',
  'enum forwarding: FORWARDING_NAT=0 FORWARDING_DSR_L2=1',
  'enum fragment: FRAGMENT_NONE=0 FRAGMENT_FIRST=1 FRAGMENT_LATER=2',
  'enum hash_input: HASH_5_TUPLE=0 HASH_SOURCE=1',
  'enum hook: HOOK_XDP_INGRESS=0 HOOK_TC_INGRESS=1 HOOK_TC_EGRESS=2 HOOKS=3',
  'enum interface_flag: INTERFACE_XDP=1 INTERFACE_HANDOVER=2 INTERFACE_NO_ETHERNET=4',
  'enum layout: LAYOUT_VERSION=1',
  'enum limit: SIDES=2 RULE_BITS=16384 RULE_WORDS=256 SUMMARY_WORDS=4 PORTS=65536 PROTOCOLS=256 MANAGEMENT_ENTRIES=8 RING_LINE_SLOTS=32 VERDICT_LINES=16384 NEXT_HOP_LINES=1024 NEXT_HOP_NS=10000000 VLAN_TAGS=2 TRACE_STEPS=16 EXTENSION_HEADERS=8 RING_PROBES=8',
  'enum membership_flag: MEMBERSHIP_LOCAL=1 MEMBERSHIP_NAT_BACKEND=2',
  'enum reason: REASON_NONE=0 REASON_NOT_IP=1 REASON_MANAGEMENT=2 REASON_ESSENTIAL=3 REASON_RULE=4 REASON_DEFAULT=5 REASON_REPLY=6 REASON_SERVICE=7 REASON_MALFORMED=8 REASON_TINY_FRAGMENT=9 REASON_TOO_MANY_HEADERS=10 REASON_NO_BACKEND=11 REASON_NO_ROUTE=12 REASON_TTL_EXCEEDED=13 REASON_TABLE_FULL=14 REASON_HANDOVER_FAILED=15 REASONS=16',
  'enum service_protocol: SERVICE_TCP=0 SERVICE_UDP=1 SERVICE_SCTP=2 SERVICE_PROTOCOLS=3',
  'enum side_flag: SIDE_PREFIXES_IPV4=1 SIDE_PREFIXES_IPV6=2 SIDE_SOURCES=4 SIDE_SERVICES=8 SIDE_MANAGEMENT=16',
  'enum stage: STAGE_PARSE=0 STAGE_PREFIXES=1 STAGE_MANAGEMENT=2 STAGE_FIREWALL=3 STAGE_DEFAULT=4 STAGE_BALANCE=5 STAGE_REWRITE=6 STAGE_FORWARD=7',
  'enum verdict: VERDICT_PASS=0 VERDICT_DROP=1 VERDICT_TRANSMIT=2 VERDICT_REDIRECT=3 VERDICT_HANDOVER=4 VERDICTS=5',
  'map backend_counts: type 2, u32 -> struct counter',
  'map backends: type 2, u32 -> struct backend',
  'map connections: type 9, struct connection_key -> struct connection',
  'map interfaces: type 1, u32 -> struct interface',
  'map memberships: type 2, u32 -> struct membership',
  'map next_hops: type 2, u32 -> struct next_hop',
  'map outcome_counts: type 2, u32 -> struct counter',
  'map port_classes: type 2, u32 -> struct port_classes',
  'map prefixes_ipv4: type 11, struct prefix_ipv4 -> struct prefix_value',
  'map prefixes_ipv6: type 11, struct prefix_ipv6 -> struct prefix_value',
  'map revision: type 2, u32 -> u64',
  'map rings: type 2, u32 -> struct ring_line',
  'map rule_counts: type 2, u32 -> struct counter',
  'map rules: type 2, u32 -> struct rule',
  'map service_counts: type 2, u32 -> struct counter',
  'map service_ports: type 2, u32 -> struct port_classes',
  'map service_rows: type 2, u32 -> u32',
  'map services: type 2, u32 -> struct service',
  'map sides: type 2, u32 -> struct side',
  'map traces: type 2, u32 -> struct trace',
  'map vectors: type 2, u32 -> struct vector',
  'map verdict_cache: type 2, u32 -> struct verdict_line',
  'struct backend 24: address@0 be32[4], service_id@16 u32, port@20 be16, family@22 enum family:8, state@23 enum backend_state:8',
  'struct config 40: cpus@0 u32, memberships@4 u32, vectors@8 u32, service_rows@12 u32, ring_lines@16 u32, rule_ids@20 u32, service_ids@24 u32, backend_ids@28 u32, trace@32 u32, forwarded_mark@36 u32',
  'struct connection 32: address@0 be32[4], port@16 be16, flags@18 u16, service_id@20 u32, backend_id@24 u32, pad@28 u32',
  'struct connection_key 40: source@0 be32[4], destination@16 be32[4], source_port@32 be16, destination_port@34 be16, protocol@36 u8, family@37 enum family:8, zone@38 u16',
  'struct counter 16: packets@0 u64, bytes@8 u64',
  'struct interface 4: flags@0 u32',
  'struct management_entry 4: port@0 u16, protocol@2 u8, pad@3 u8',
  'struct membership 16: classes@0 u16[4], service_row@8 u32, flags@12 u8, management@13 u8, pad@14 u16',
  'struct next_hop 48: expires_ns@0 u64, address@8 be32[4], selector@24 u32, ifindex@28 u32, destination_mac@32 u8[6], source_mac@38 u8[6], pad@44 u32',
  'struct port_classes 131072: classes@0 u16[65536]',
  'struct prefix_ipv4 8: length@0 u32, address@4 be32',
  'struct prefix_ipv6 20: length@0 u32, address@4 be32[4]',
  'struct prefix_value 8: memberships@0 u32[2]',
  'struct ring_line 64: backends@0 u16[32]',
  'struct rule 8: rule_id@0 u32, action@4 enum action:8, pad@5 u8[3]',
  'struct service 16: ring_base@0 u32, ring_slots@4 u32, forwarding@8 enum forwarding:8, hash@9 enum hash_input:8, pad@10 u8[6]',
  'struct side 1080: flags@0 u32, rule_words@4 u16[2], defaults@8 u8[2], essentials@10 u8, management_count@11 u8, portless@12 u16[4], management@20 struct management_entry[8], protocols@52 u16[512], pad@1076 u32',
  'struct trace 224: revision@0 u64, verdict@8 enum verdict:8, reason@9 enum reason:8, fragment@10 enum fragment:8, protocol@11 u8, rule_id@12 u32, service_id@16 u32, backend_id@20 u32, step_count@24 u32, pad@28 u32, steps@32 struct trace_step[16]',
  'struct trace_step 12: stage@0 enum stage:8, reason@1 enum reason:8, pad@2 u16, detail@4 u32[2]',
  'struct vector 2080: summary@0 u64[4], words@32 u64[256]',
  'struct verdict_line 24: revision@0 u64, classes@8 u64, selector@16 u32, position@20 u32',
]
