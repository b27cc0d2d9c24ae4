/** GENERATED from dataplane-bpf/shared.h and maps.h by generate-abi.ts: change those and run `npm run abi`. Numbers, layouts and codecs; pure. */

export const Action = {
  none: 0,
  allow: 1,
  deny: 2,
  reject: 3,
  limit: 4,
} as const
export type Action = (typeof Action)[keyof typeof Action]
export const actionNames = ['none', 'allow', 'deny', 'reject', 'limit'] as const

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

export const CellBits = {
  typeShift: 30,
  linesShift: 28,
  lineBits: 26,
} as const
export type CellBits = (typeof CellBits)[keyof typeof CellBits]

export const CellType = {
  membership: 0,
  branch: 1,
  bucket: 2,
} as const
export type CellType = (typeof CellType)[keyof typeof CellType]
export const cellTypeNames = ['membership', 'branch', 'bucket'] as const

export const ConnectionFlag = {
  reply: 1,
  sourceNat: 2,
} as const
export type ConnectionFlag = (typeof ConnectionFlag)[keyof typeof ConnectionFlag]

export const DetectorPer = {
  source: 0,
  sourcePrefix: 1,
  destination: 2,
} as const
export type DetectorPer = (typeof DetectorPer)[keyof typeof DetectorPer]
export const detectorPerNames = ['source', 'source_prefix', 'destination'] as const

export const DetectorType = {
  none: 0,
  portScan: 1,
  sweep: 2,
  synFlood: 3,
  rate: 4,
} as const
export type DetectorType = (typeof DetectorType)[keyof typeof DetectorType]
export const detectorTypeNames = ['none', 'port_scan', 'sweep', 'syn_flood', 'rate'] as const

export const Dimension = {
  source: 0,
  destination: 1,
  sourcePort: 2,
  destinationPort: 3,
  kind: 4,
  state: 5,
  fragment: 6,
  vlan: 7,
  dscp: 8,
  length: 9,
  interface: 10,
  cgroup: 11,
  uid: 12,
} as const
export type Dimension = (typeof Dimension)[keyof typeof Dimension]
export const dimensionNames = ['source', 'destination', 'source_port', 'destination_port', 'kind', 'state', 'fragment', 'vlan', 'dscp', 'length', 'interface', 'cgroup', 'uid'] as const
export const dimensionCount = 13

export const Direction = {
  ingress: 0,
  egress: 1,
} as const
export type Direction = (typeof Direction)[keyof typeof Direction]
export const directionNames = ['ingress', 'egress'] as const
export const directionCount = 2

export const EventType = {
  drop: 0,
  match: 1,
  detection: 2,
  connection: 3,
} as const
export type EventType = (typeof EventType)[keyof typeof EventType]
export const eventTypeNames = ['drop', 'match', 'detection', 'connection'] as const
export const eventTypeCount = 4

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

export const FlowBits = {
  bitsShift: 32,
  idle: 31,
  entered: 32,
  backendShift: 40,
} as const
export type FlowBits = (typeof FlowBits)[keyof typeof FlowBits]

export const FlowEvent = {
  marked: 0,
  enters: 1,
  followed: 2,
  moved: 3,
  overwritten: 4,
  shed: 5,
} as const
export type FlowEvent = (typeof FlowEvent)[keyof typeof FlowEvent]
export const flowEventNames = ['marked', 'enters', 'followed', 'moved', 'overwritten', 'shed'] as const
export const flowEventCount = 6

export const Forwarding = {
  nat: 0,
  dsrL2: 1,
  dsrIpip: 2,
  dsrGue: 3,
} as const
export type Forwarding = (typeof Forwarding)[keyof typeof Forwarding]
export const forwardingNames = ['nat', 'dsr_l2', 'dsr_ipip', 'dsr_gue'] as const

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
  version: 3,
} as const
export type Layout = (typeof Layout)[keyof typeof Layout]

export const Limit = {
  sides: 2,
  ruleBits: 16384,
  ruleWords: 256,
  summaryWords: 4,
  values: 65536,
  tcpFlags: 256,
  dscps: 64,
  vlanIds: 4096,
  protocols: 256,
  managementEntries: 8,
  ringLineSlots: 16,
  verdictLines: 16384,
  nextHopLines: 1024,
  nextHopNs: 10000000,
  vlanTags: 2,
  traceSteps: 32,
  extensionHeaders: 8,
  ringProbes: 8,
  firstCheckPort: 61000,
  standInProbes: 64,
  nobody: 16777215,
  windowTickShift: 24,
  windowPageSlots: 64,
  flowLineSlots: 8,
  flowLines: 131072,
  flowRefreshTicks: 32,
  pageWords: 256,
  pagesPerSegment: 4096,
  segments: 1024,
  trieRootCells: 65536,
  trieFanout: 256,
  lineWords: 16,
  pageLines: 16,
  bucketLines: 4,
  trackedWays: 15,
  trackedKeys: 10,
  holders: 4,
  holdingSets: 16384,
  holdingWays: 8,
  limitRows: 4096,
  ticksPerNs: 64,
  maxToleranceS: 43200,
  detectors: 8,
  eventBytes: 1048576,
  eventWindowNs: 8388608,
  eventsPerWindow: 64,
  detectionBits: 384,
  detectionTickNs: 16777216,
  fragmentLines: 1024,
  fragmentSlots: 4,
  fragmentWays: 4096,
  poolAddresses: 4096,
  sourceProbes: 16,
  sourceLists: 64,
  observedTold: 8,
  pendingBit: 63,
} as const
export type Limit = (typeof Limit)[keyof typeof Limit]

export const LimitPer = {
  rule: 0,
  source: 1,
  sourcePrefix: 2,
} as const
export type LimitPer = (typeof LimitPer)[keyof typeof LimitPer]
export const limitPerNames = ['rule', 'source', 'source_prefix'] as const

export const MembershipFlag = {
  local: 1,
  natBackend: 2,
} as const
export type MembershipFlag = (typeof MembershipFlag)[keyof typeof MembershipFlag]

export const Mode = {
  enforce: 0,
  observe: 1,
  pass: 2,
  lockdown: 3,
} as const
export type Mode = (typeof Mode)[keyof typeof Mode]
export const modeNames = ['enforce', 'observe', 'pass', 'lockdown'] as const

export const QuestionFlag = {
  state: 1,
  cgroup: 2,
  uid: 4,
} as const
export type QuestionFlag = (typeof QuestionFlag)[keyof typeof QuestionFlag]

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
  reject: 16,
  limit: 17,
  fragment: 18,
  mode: 19,
  tooBig: 20,
  echo: 21,
  unknownQuote: 22,
  unknownFirst: 23,
  poolFull: 24,
  source: 25,
  healthCheck: 26,
} as const
export type Reason = (typeof Reason)[keyof typeof Reason]
export const reasonNames = ['none', 'not_ip', 'management', 'essential', 'rule', 'default', 'reply', 'service', 'malformed', 'tiny_fragment', 'too_many_headers', 'no_backend', 'no_route', 'ttl_exceeded', 'table_full', 'handover_failed', 'reject', 'limit', 'fragment', 'mode', 'too_big', 'echo', 'unknown_quote', 'unknown_first', 'pool_full', 'source', 'health_check'] as const
export const reasonCount = 27

export const RuleFlag = {
  observe: 1,
  expires: 2,
  log: 4,
  limit: 8,
} as const
export type RuleFlag = (typeof RuleFlag)[keyof typeof RuleFlag]

export const RuleOutcome = {
  decided: 0,
  observed: 1,
  expired: 2,
  within: 3,
} as const
export type RuleOutcome = (typeof RuleOutcome)[keyof typeof RuleOutcome]
export const ruleOutcomeNames = ['decided', 'observed', 'expired', 'within'] as const

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
  tracking: 32,
  fragments: 64,
  detectors: 128,
  holders: 256,
  checks: 512,
} as const
export type SideFlag = (typeof SideFlag)[keyof typeof SideFlag]

export const Stage = {
  parse: 0,
  prefixes: 1,
  mode: 2,
  management: 3,
  fragment: 4,
  track: 5,
  firewall: 6,
  default: 7,
  balance: 8,
  rewrite: 9,
  forward: 10,
} as const
export type Stage = (typeof Stage)[keyof typeof Stage]
export const stageNames = ['parse', 'prefixes', 'mode', 'management', 'fragment', 'track', 'firewall', 'default', 'balance', 'rewrite', 'forward'] as const

export const Standing = {
  timeout: 7,
  opener: 8,
  answered: 16,
  held: 32,
  finLower: 64,
  finUpper: 128,
  pickedUp: 256,
  generation: 512,
  shift: 32,
} as const
export type Standing = (typeof Standing)[keyof typeof Standing]

export const State = {
  untracked: 0,
  new: 1,
  established: 2,
  related: 3,
  invalid: 4,
} as const
export type State = (typeof State)[keyof typeof State]
export const stateNames = ['untracked', 'new', 'established', 'related', 'invalid'] as const
export const stateCount = 5

export const Tag = {
  free: 0,
  busy: 1,
  used: 2,
} as const
export type Tag = (typeof Tag)[keyof typeof Tag]
export const tagNames = ['free', 'busy', 'used'] as const

export const Timeout = {
  tcpEstablished: 0,
  tcpOpening: 1,
  tcpClosing: 2,
  udp: 3,
  icmp: 4,
} as const
export type Timeout = (typeof Timeout)[keyof typeof Timeout]
export const timeoutNames = ['tcp_established', 'tcp_opening', 'tcp_closing', 'udp', 'icmp'] as const
export const timeoutCount = 5

export const TrackingEvent = {
  opened: 0,
  evicted: 1,
  shed: 2,
} as const
export type TrackingEvent = (typeof TrackingEvent)[keyof typeof TrackingEvent]
export const trackingEventNames = ['opened', 'evicted', 'shed'] as const
export const trackingEventCount = 3

export const ValueTable = {
  sourcePort: 0,
  destinationPort: 1,
  length: 2,
  icmp: 3,
  icmpv6: 4,
} as const
export type ValueTable = (typeof ValueTable)[keyof typeof ValueTable]
export const valueTableNames = ['source_port', 'destination_port', 'length', 'icmp', 'icmpv6'] as const
export const valueTableCount = 5

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

export const WhenDown = {
  drop: 0,
  reject: 1,
  lastKnown: 2,
} as const
export type WhenDown = (typeof WhenDown)[keyof typeof WhenDown]
export const whenDownNames = ['drop', 'reject', 'last_known'] as const

export interface AnswerScratch {
  readonly answer: ArrayLike<bigint>
}
export const AnswerScratch = {
  size: 120,
  offsets: { answer: 0 },
  encode (view: DataView, offset: number, value: AnswerScratch): void {
    for (let i = 0; i < 15; i++)
      view.setBigUint64(offset + i * 8, value.answer[i] ?? 0n, true)
  },
  decode (view: DataView, offset: number): AnswerScratch {
    return {
      answer: Array.from({ length: 15 }, (_, i) => view.getBigUint64(offset + i * 8, true)),
    }
  },
} as const

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

export interface BpfTimer {
}
export const BpfTimer = {
  size: 16,
  offsets: {  },
  encode (view: DataView, offset: number, value: BpfTimer): void {
  },
  decode (view: DataView, offset: number): BpfTimer {
    return {
    }
  },
} as const

export interface Check {
  readonly serviceId: number
  readonly backendId: number
  readonly sent: bigint
}
export const Check = {
  size: 16,
  offsets: { serviceId: 0, backendId: 4, sent: 8 },
  encode (view: DataView, offset: number, value: Check): void {
    view.setUint32(offset, value.serviceId, true)
    view.setUint32(offset + 4, value.backendId, true)
    view.setBigUint64(offset + 8, value.sent, true)
  },
  decode (view: DataView, offset: number): Check {
    return {
      serviceId: view.getUint32(offset, true),
      backendId: view.getUint32(offset + 4, true),
      sent: view.getBigUint64(offset + 8, true),
    }
  },
} as const

export interface CheckKey {
  readonly remote: ArrayLike<number>
  readonly remotePort: number
  readonly localPort: number
  readonly family: number
}
export const CheckKey = {
  size: 24,
  offsets: { remote: 0, remotePort: 16, localPort: 18, family: 20 },
  encode (view: DataView, offset: number, value: CheckKey): void {
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + i * 4, value.remote[i] ?? 0)
    view.setUint16(offset + 16, value.remotePort, true)
    view.setUint16(offset + 18, value.localPort, true)
    view.setUint8(offset + 20, value.family)
  },
  decode (view: DataView, offset: number): CheckKey {
    return {
      remote: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + i * 4)),
      remotePort: view.getUint16(offset + 16, true),
      localPort: view.getUint16(offset + 18, true),
      family: view.getUint8(offset + 20),
    }
  },
} as const

export interface Classifier {
  readonly protocols: ArrayLike<number>
  readonly tcpFlags: ArrayLike<number>
  readonly states: ArrayLike<number>
  readonly fragments: ArrayLike<number>
  readonly dscps: ArrayLike<number>
  readonly vlans: ArrayLike<number>
  readonly noVlan: number
  readonly portless: ArrayLike<number>
  readonly noInterface: number
  readonly noCgroup: number
  readonly noUid: number
}
export const Classifier = {
  size: 9384,
  offsets: { protocols: 0, tcpFlags: 512, states: 1024, fragments: 1040, dscps: 1048, vlans: 1176, noVlan: 9368, portless: 9370, noInterface: 9374, noCgroup: 9376, noUid: 9378 },
  encode (view: DataView, offset: number, value: Classifier): void {
    for (let i = 0; i < 256; i++)
      view.setUint16(offset + i * 2, value.protocols[i] ?? 0, true)
    for (let i = 0; i < 256; i++)
      view.setUint16(offset + 512 + i * 2, value.tcpFlags[i] ?? 0, true)
    for (let i = 0; i < 8; i++)
      view.setUint16(offset + 1024 + i * 2, value.states[i] ?? 0, true)
    for (let i = 0; i < 4; i++)
      view.setUint16(offset + 1040 + i * 2, value.fragments[i] ?? 0, true)
    for (let i = 0; i < 64; i++)
      view.setUint16(offset + 1048 + i * 2, value.dscps[i] ?? 0, true)
    for (let i = 0; i < 4096; i++)
      view.setUint16(offset + 1176 + i * 2, value.vlans[i] ?? 0, true)
    view.setUint16(offset + 9368, value.noVlan, true)
    for (let i = 0; i < 2; i++)
      view.setUint16(offset + 9370 + i * 2, value.portless[i] ?? 0, true)
    view.setUint16(offset + 9374, value.noInterface, true)
    view.setUint16(offset + 9376, value.noCgroup, true)
    view.setUint16(offset + 9378, value.noUid, true)
  },
  decode (view: DataView, offset: number): Classifier {
    return {
      protocols: Array.from({ length: 256 }, (_, i) => view.getUint16(offset + i * 2, true)),
      tcpFlags: Array.from({ length: 256 }, (_, i) => view.getUint16(offset + 512 + i * 2, true)),
      states: Array.from({ length: 8 }, (_, i) => view.getUint16(offset + 1024 + i * 2, true)),
      fragments: Array.from({ length: 4 }, (_, i) => view.getUint16(offset + 1040 + i * 2, true)),
      dscps: Array.from({ length: 64 }, (_, i) => view.getUint16(offset + 1048 + i * 2, true)),
      vlans: Array.from({ length: 4096 }, (_, i) => view.getUint16(offset + 1176 + i * 2, true)),
      noVlan: view.getUint16(offset + 9368, true),
      portless: Array.from({ length: 2 }, (_, i) => view.getUint16(offset + 9370 + i * 2, true)),
      noInterface: view.getUint16(offset + 9374, true),
      noCgroup: view.getUint16(offset + 9376, true),
      noUid: view.getUint16(offset + 9378, true),
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
  readonly checkedMark: number
  readonly secret: bigint
}
export const Config = {
  size: 56,
  offsets: { cpus: 0, memberships: 4, vectors: 8, serviceRows: 12, ringLines: 16, ruleIds: 20, serviceIds: 24, backendIds: 28, trace: 32, forwardedMark: 36, checkedMark: 40, secret: 48 },
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
    view.setUint32(offset + 40, value.checkedMark, true)
    view.setBigUint64(offset + 48, value.secret, true)
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
      checkedMark: view.getUint32(offset + 40, true),
      secret: view.getBigUint64(offset + 48, true),
    }
  },
} as const

export interface Connection {
  readonly address: ArrayLike<number>
  readonly otherAddress: ArrayLike<number>
  readonly port: number
  readonly otherPort: number
  readonly flags: number
  readonly serviceId: number
  readonly backendId: number
  readonly seen: number
}
export const Connection = {
  size: 52,
  offsets: { address: 0, otherAddress: 16, port: 32, otherPort: 34, flags: 36, serviceId: 40, backendId: 44, seen: 48 },
  encode (view: DataView, offset: number, value: Connection): void {
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + i * 4, value.address[i] ?? 0)
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + 16 + i * 4, value.otherAddress[i] ?? 0)
    view.setUint16(offset + 32, value.port)
    view.setUint16(offset + 34, value.otherPort)
    view.setUint32(offset + 36, value.flags, true)
    view.setUint32(offset + 40, value.serviceId, true)
    view.setUint32(offset + 44, value.backendId, true)
    view.setUint32(offset + 48, value.seen, true)
  },
  decode (view: DataView, offset: number): Connection {
    return {
      address: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + i * 4)),
      otherAddress: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + 16 + i * 4)),
      port: view.getUint16(offset + 32),
      otherPort: view.getUint16(offset + 34),
      flags: view.getUint32(offset + 36, true),
      serviceId: view.getUint32(offset + 40, true),
      backendId: view.getUint32(offset + 44, true),
      seen: view.getUint32(offset + 48, true),
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

export interface DetectionSlot {
  readonly key: bigint
  readonly end: number
  readonly count: number
  readonly bitmap: ArrayLike<bigint>
}
export const DetectionSlot = {
  size: 64,
  offsets: { key: 0, end: 8, count: 12, bitmap: 16 },
  encode (view: DataView, offset: number, value: DetectionSlot): void {
    view.setBigUint64(offset, value.key, true)
    view.setUint32(offset + 8, value.end, true)
    view.setUint32(offset + 12, value.count, true)
    for (let i = 0; i < 6; i++)
      view.setBigUint64(offset + 16 + i * 8, value.bitmap[i] ?? 0n, true)
  },
  decode (view: DataView, offset: number): DetectionSlot {
    return {
      key: view.getBigUint64(offset, true),
      end: view.getUint32(offset + 8, true),
      count: view.getUint32(offset + 12, true),
      bitmap: Array.from({ length: 6 }, (_, i) => view.getBigUint64(offset + 16 + i * 8, true)),
    }
  },
} as const

export interface Detector {
  readonly detectorId: number
  readonly windowS: number
  readonly threshold: number
  readonly type: DetectorType
  readonly per: DetectorPer
  readonly ipv4Prefix: number
  readonly ipv6Prefix: number
  readonly bits: number
  readonly sampling: number
}
export const Detector = {
  size: 24,
  offsets: { detectorId: 0, windowS: 4, threshold: 8, type: 12, per: 13, ipv4Prefix: 14, ipv6Prefix: 15, bits: 16, sampling: 18 },
  encode (view: DataView, offset: number, value: Detector): void {
    view.setUint32(offset, value.detectorId, true)
    view.setUint32(offset + 4, value.windowS, true)
    view.setUint32(offset + 8, value.threshold, true)
    view.setUint8(offset + 12, value.type)
    view.setUint8(offset + 13, value.per)
    view.setUint8(offset + 14, value.ipv4Prefix)
    view.setUint8(offset + 15, value.ipv6Prefix)
    view.setUint16(offset + 16, value.bits, true)
    view.setUint8(offset + 18, value.sampling)
  },
  decode (view: DataView, offset: number): Detector {
    return {
      detectorId: view.getUint32(offset, true),
      windowS: view.getUint32(offset + 4, true),
      threshold: view.getUint32(offset + 8, true),
      type: view.getUint8(offset + 12) as DetectorType,
      per: view.getUint8(offset + 13) as DetectorPer,
      ipv4Prefix: view.getUint8(offset + 14),
      ipv6Prefix: view.getUint8(offset + 15),
      bits: view.getUint16(offset + 16, true),
      sampling: view.getUint8(offset + 18),
    }
  },
} as const

export interface DeviceAddress {
  readonly ipv4: number
  readonly ipv6: ArrayLike<number>
}
export const DeviceAddress = {
  size: 20,
  offsets: { ipv4: 0, ipv6: 4 },
  encode (view: DataView, offset: number, value: DeviceAddress): void {
    view.setUint32(offset, value.ipv4)
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + 4 + i * 4, value.ipv6[i] ?? 0)
  },
  decode (view: DataView, offset: number): DeviceAddress {
    return {
      ipv4: view.getUint32(offset),
      ipv6: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + 4 + i * 4)),
    }
  },
} as const

export interface Event {
  readonly timeNs: bigint
  readonly source: ArrayLike<number>
  readonly destination: ArrayLike<number>
  readonly sourcePort: number
  readonly destinationPort: number
  readonly length: number
  readonly interface: number
  readonly ruleId: number
  readonly serviceId: number
  readonly detectorId: number
  readonly value: number
  readonly type: EventType
  readonly hook: Hook
  readonly verdict: Verdict
  readonly reason: Reason
  readonly family: Family
  readonly state: State
  readonly protocol: number
  readonly tcpFlags: number
  readonly icmpType: number
  readonly icmpCode: number
  readonly outcome: RuleOutcome
  readonly fragment: Fragment
}
export const Event = {
  size: 80,
  offsets: { timeNs: 0, source: 8, destination: 24, sourcePort: 40, destinationPort: 42, length: 44, interface: 48, ruleId: 52, serviceId: 56, detectorId: 60, value: 64, type: 68, hook: 69, verdict: 70, reason: 71, family: 72, state: 73, protocol: 74, tcpFlags: 75, icmpType: 76, icmpCode: 77, outcome: 78, fragment: 79 },
  encode (view: DataView, offset: number, value: Event): void {
    view.setBigUint64(offset, value.timeNs, true)
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + 8 + i * 4, value.source[i] ?? 0)
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + 24 + i * 4, value.destination[i] ?? 0)
    view.setUint16(offset + 40, value.sourcePort, true)
    view.setUint16(offset + 42, value.destinationPort, true)
    view.setUint32(offset + 44, value.length, true)
    view.setUint32(offset + 48, value.interface, true)
    view.setUint32(offset + 52, value.ruleId, true)
    view.setUint32(offset + 56, value.serviceId, true)
    view.setUint32(offset + 60, value.detectorId, true)
    view.setUint32(offset + 64, value.value, true)
    view.setUint8(offset + 68, value.type)
    view.setUint8(offset + 69, value.hook)
    view.setUint8(offset + 70, value.verdict)
    view.setUint8(offset + 71, value.reason)
    view.setUint8(offset + 72, value.family)
    view.setUint8(offset + 73, value.state)
    view.setUint8(offset + 74, value.protocol)
    view.setUint8(offset + 75, value.tcpFlags)
    view.setUint8(offset + 76, value.icmpType)
    view.setUint8(offset + 77, value.icmpCode)
    view.setUint8(offset + 78, value.outcome)
    view.setUint8(offset + 79, value.fragment)
  },
  decode (view: DataView, offset: number): Event {
    return {
      timeNs: view.getBigUint64(offset, true),
      source: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + 8 + i * 4)),
      destination: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + 24 + i * 4)),
      sourcePort: view.getUint16(offset + 40, true),
      destinationPort: view.getUint16(offset + 42, true),
      length: view.getUint32(offset + 44, true),
      interface: view.getUint32(offset + 48, true),
      ruleId: view.getUint32(offset + 52, true),
      serviceId: view.getUint32(offset + 56, true),
      detectorId: view.getUint32(offset + 60, true),
      value: view.getUint32(offset + 64, true),
      type: view.getUint8(offset + 68) as EventType,
      hook: view.getUint8(offset + 69) as Hook,
      verdict: view.getUint8(offset + 70) as Verdict,
      reason: view.getUint8(offset + 71) as Reason,
      family: view.getUint8(offset + 72) as Family,
      state: view.getUint8(offset + 73) as State,
      protocol: view.getUint8(offset + 74),
      tcpFlags: view.getUint8(offset + 75),
      icmpType: view.getUint8(offset + 76),
      icmpCode: view.getUint8(offset + 77),
      outcome: view.getUint8(offset + 78) as RuleOutcome,
      fragment: view.getUint8(offset + 79) as Fragment,
    }
  },
} as const

export interface EventCount {
  readonly window: bigint
  readonly inWindow: bigint
  readonly sent: bigint
  readonly lost: bigint
}
export const EventCount = {
  size: 32,
  offsets: { window: 0, inWindow: 8, sent: 16, lost: 24 },
  encode (view: DataView, offset: number, value: EventCount): void {
    view.setBigUint64(offset, value.window, true)
    view.setBigUint64(offset + 8, value.inWindow, true)
    view.setBigUint64(offset + 16, value.sent, true)
    view.setBigUint64(offset + 24, value.lost, true)
  },
  decode (view: DataView, offset: number): EventCount {
    return {
      window: view.getBigUint64(offset, true),
      inWindow: view.getBigUint64(offset + 8, true),
      sent: view.getBigUint64(offset + 16, true),
      lost: view.getBigUint64(offset + 24, true),
    }
  },
} as const

export interface FlowLine {
  readonly slots: readonly FlowSlot[]
}
export const FlowLine = {
  size: 128,
  offsets: { slots: 0 },
  encode (view: DataView, offset: number, value: FlowLine): void {
    value.slots.slice(0, 8).forEach((item, i) => { FlowSlot.encode(view, offset + i * 16, item) })
  },
  decode (view: DataView, offset: number): FlowLine {
    return {
      slots: Array.from({ length: 8 }, (_, i) => FlowSlot.decode(view, offset + i * 16)),
    }
  },
} as const

export interface FlowSlot {
  readonly key: bigint
  readonly known: bigint
}
export const FlowSlot = {
  size: 16,
  offsets: { key: 0, known: 8 },
  encode (view: DataView, offset: number, value: FlowSlot): void {
    view.setBigUint64(offset, value.key, true)
    view.setBigUint64(offset + 8, value.known, true)
  },
  decode (view: DataView, offset: number): FlowSlot {
    return {
      key: view.getBigUint64(offset, true),
      known: view.getBigUint64(offset + 8, true),
    }
  },
} as const

export interface FragmentKey {
  readonly source: ArrayLike<number>
  readonly destination: ArrayLike<number>
  readonly identification: number
  readonly protocol: number
  readonly family: Family
}
export const FragmentKey = {
  size: 40,
  offsets: { source: 0, destination: 16, identification: 32, protocol: 36, family: 37 },
  encode (view: DataView, offset: number, value: FragmentKey): void {
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + i * 4, value.source[i] ?? 0)
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + 16 + i * 4, value.destination[i] ?? 0)
    view.setUint32(offset + 32, value.identification, true)
    view.setUint8(offset + 36, value.protocol)
    view.setUint8(offset + 37, value.family)
  },
  decode (view: DataView, offset: number): FragmentKey {
    return {
      source: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + i * 4)),
      destination: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + 16 + i * 4)),
      identification: view.getUint32(offset + 32, true),
      protocol: view.getUint8(offset + 36),
      family: view.getUint8(offset + 37) as Family,
    }
  },
} as const

export interface FragmentLine {
  readonly slots: readonly FragmentSlot[]
}
export const FragmentLine = {
  size: 64,
  offsets: { slots: 0 },
  encode (view: DataView, offset: number, value: FragmentLine): void {
    value.slots.slice(0, 4).forEach((item, i) => { FragmentSlot.encode(view, offset + i * 16, item) })
  },
  decode (view: DataView, offset: number): FragmentLine {
    return {
      slots: Array.from({ length: 4 }, (_, i) => FragmentSlot.decode(view, offset + i * 16)),
    }
  },
} as const

export interface FragmentSlot {
  readonly key: bigint
  readonly known: bigint
}
export const FragmentSlot = {
  size: 16,
  offsets: { key: 0, known: 8 },
  encode (view: DataView, offset: number, value: FragmentSlot): void {
    view.setBigUint64(offset, value.key, true)
    view.setBigUint64(offset + 8, value.known, true)
  },
  decode (view: DataView, offset: number): FragmentSlot {
    return {
      key: view.getBigUint64(offset, true),
      known: view.getBigUint64(offset + 8, true),
    }
  },
} as const

export interface FragmentWay {
  readonly address: ArrayLike<number>
  readonly otherAddress: ArrayLike<number>
  readonly flags: number
  readonly serviceId: number
  readonly backendId: number
  readonly hash: number
  readonly seen: number
}
export const FragmentWay = {
  size: 52,
  offsets: { address: 0, otherAddress: 16, flags: 32, serviceId: 36, backendId: 40, hash: 44, seen: 48 },
  encode (view: DataView, offset: number, value: FragmentWay): void {
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + i * 4, value.address[i] ?? 0)
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + 16 + i * 4, value.otherAddress[i] ?? 0)
    view.setUint32(offset + 32, value.flags, true)
    view.setUint32(offset + 36, value.serviceId, true)
    view.setUint32(offset + 40, value.backendId, true)
    view.setUint32(offset + 44, value.hash, true)
    view.setUint32(offset + 48, value.seen, true)
  },
  decode (view: DataView, offset: number): FragmentWay {
    return {
      address: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + i * 4)),
      otherAddress: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + 16 + i * 4)),
      flags: view.getUint32(offset + 32, true),
      serviceId: view.getUint32(offset + 36, true),
      backendId: view.getUint32(offset + 40, true),
      hash: view.getUint32(offset + 44, true),
      seen: view.getUint32(offset + 48, true),
    }
  },
} as const

export interface HoldingSet {
  readonly slots: ArrayLike<bigint>
}
export const HoldingSet = {
  size: 64,
  offsets: { slots: 0 },
  encode (view: DataView, offset: number, value: HoldingSet): void {
    for (let i = 0; i < 8; i++)
      view.setBigUint64(offset + i * 8, value.slots[i] ?? 0n, true)
  },
  decode (view: DataView, offset: number): HoldingSet {
    return {
      slots: Array.from({ length: 8 }, (_, i) => view.getBigUint64(offset + i * 8, true)),
    }
  },
} as const

export interface InForce {
  readonly revision: bigint
  readonly deadlineNs: bigint
  readonly notOverJiffy: bigint
}
export const InForce = {
  size: 24,
  offsets: { revision: 0, deadlineNs: 8, notOverJiffy: 16 },
  encode (view: DataView, offset: number, value: InForce): void {
    view.setBigUint64(offset, value.revision, true)
    view.setBigUint64(offset + 8, value.deadlineNs, true)
    view.setBigUint64(offset + 16, value.notOverJiffy, true)
  },
  decode (view: DataView, offset: number): InForce {
    return {
      revision: view.getBigUint64(offset, true),
      deadlineNs: view.getBigUint64(offset + 8, true),
      notOverJiffy: view.getBigUint64(offset + 16, true),
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

export interface LimitRow {
  readonly packetCost: bigint
  readonly packetTolerance: bigint
  readonly bitsPerS: bigint
  readonly bitTolerance: bigint
  readonly maxConnections: number
  readonly ruleId: number
  readonly per: LimitPer
  readonly ipv4Prefix: number
  readonly ipv6Prefix: number
  readonly allows: number
}
export const LimitRow = {
  size: 48,
  offsets: { packetCost: 0, packetTolerance: 8, bitsPerS: 16, bitTolerance: 24, maxConnections: 32, ruleId: 36, per: 40, ipv4Prefix: 41, ipv6Prefix: 42, allows: 43 },
  encode (view: DataView, offset: number, value: LimitRow): void {
    view.setBigUint64(offset, value.packetCost, true)
    view.setBigUint64(offset + 8, value.packetTolerance, true)
    view.setBigUint64(offset + 16, value.bitsPerS, true)
    view.setBigUint64(offset + 24, value.bitTolerance, true)
    view.setUint32(offset + 32, value.maxConnections, true)
    view.setUint32(offset + 36, value.ruleId, true)
    view.setUint8(offset + 40, value.per)
    view.setUint8(offset + 41, value.ipv4Prefix)
    view.setUint8(offset + 42, value.ipv6Prefix)
    view.setUint8(offset + 43, value.allows)
  },
  decode (view: DataView, offset: number): LimitRow {
    return {
      packetCost: view.getBigUint64(offset, true),
      packetTolerance: view.getBigUint64(offset + 8, true),
      bitsPerS: view.getBigUint64(offset + 16, true),
      bitTolerance: view.getBigUint64(offset + 24, true),
      maxConnections: view.getUint32(offset + 32, true),
      ruleId: view.getUint32(offset + 36, true),
      per: view.getUint8(offset + 40) as LimitPer,
      ipv4Prefix: view.getUint8(offset + 41),
      ipv6Prefix: view.getUint8(offset + 42),
      allows: view.getUint8(offset + 43),
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
  readonly exempt: number
  readonly expiresS: number
  readonly next: number
  readonly admitted: bigint
}
export const Membership = {
  size: 32,
  offsets: { classes: 0, serviceRow: 8, flags: 12, management: 13, exempt: 14, expiresS: 16, next: 20, admitted: 24 },
  encode (view: DataView, offset: number, value: Membership): void {
    for (let i = 0; i < 4; i++)
      view.setUint16(offset + i * 2, value.classes[i] ?? 0, true)
    view.setUint32(offset + 8, value.serviceRow, true)
    view.setUint8(offset + 12, value.flags)
    view.setUint8(offset + 13, value.management)
    view.setUint8(offset + 14, value.exempt)
    view.setUint32(offset + 16, value.expiresS, true)
    view.setUint32(offset + 20, value.next, true)
    view.setBigUint64(offset + 24, value.admitted, true)
  },
  decode (view: DataView, offset: number): Membership {
    return {
      classes: Array.from({ length: 4 }, (_, i) => view.getUint16(offset + i * 2, true)),
      serviceRow: view.getUint32(offset + 8, true),
      flags: view.getUint8(offset + 12),
      management: view.getUint8(offset + 13),
      exempt: view.getUint8(offset + 14),
      expiresS: view.getUint32(offset + 16, true),
      next: view.getUint32(offset + 20, true),
      admitted: view.getBigUint64(offset + 24, true),
    }
  },
} as const

export interface ModeRow {
  readonly mode: number
  readonly expiresS: bigint
}
export const ModeRow = {
  size: 16,
  offsets: { mode: 0, expiresS: 8 },
  encode (view: DataView, offset: number, value: ModeRow): void {
    view.setUint32(offset, value.mode, true)
    view.setBigUint64(offset + 8, value.expiresS, true)
  },
  decode (view: DataView, offset: number): ModeRow {
    return {
      mode: view.getUint32(offset, true),
      expiresS: view.getBigUint64(offset + 8, true),
    }
  },
} as const

export interface NamedKey {
  readonly value: bigint
  readonly dimension: number
  readonly row: number
}
export const NamedKey = {
  size: 16,
  offsets: { value: 0, dimension: 8, row: 12 },
  encode (view: DataView, offset: number, value: NamedKey): void {
    view.setBigUint64(offset, value.value, true)
    view.setUint32(offset + 8, value.dimension, true)
    view.setUint32(offset + 12, value.row, true)
  },
  decode (view: DataView, offset: number): NamedKey {
    return {
      value: view.getBigUint64(offset, true),
      dimension: view.getUint32(offset + 8, true),
      row: view.getUint32(offset + 12, true),
    }
  },
} as const

export interface NatScratch {
  readonly target: ArrayLike<bigint>
  readonly quotation: ArrayLike<bigint>
  readonly key: ConnectionKey
  readonly back: ConnectionKey
  readonly entry: Connection
}
export const NatScratch = {
  size: 280,
  offsets: { target: 0, quotation: 80, key: 144, back: 184, entry: 224 },
  encode (view: DataView, offset: number, value: NatScratch): void {
    for (let i = 0; i < 10; i++)
      view.setBigUint64(offset + i * 8, value.target[i] ?? 0n, true)
    for (let i = 0; i < 8; i++)
      view.setBigUint64(offset + 80 + i * 8, value.quotation[i] ?? 0n, true)
    ConnectionKey.encode(view, offset + 144, value.key)
    ConnectionKey.encode(view, offset + 184, value.back)
    Connection.encode(view, offset + 224, value.entry)
  },
  decode (view: DataView, offset: number): NatScratch {
    return {
      target: Array.from({ length: 10 }, (_, i) => view.getBigUint64(offset + i * 8, true)),
      quotation: Array.from({ length: 8 }, (_, i) => view.getBigUint64(offset + 80 + i * 8, true)),
      key: ConnectionKey.decode(view, offset + 144),
      back: ConnectionKey.decode(view, offset + 184),
      entry: Connection.decode(view, offset + 224),
    }
  },
} as const

export interface NextHop {
  readonly expiresNs: bigint
  readonly address: ArrayLike<number>
  readonly source: ArrayLike<number>
  readonly selector: number
  readonly ifindex: number
  readonly destinationMac: ArrayLike<number>
  readonly sourceMac: ArrayLike<number>
  readonly mtu: number
}
export const NextHop = {
  size: 64,
  offsets: { expiresNs: 0, address: 8, source: 24, selector: 40, ifindex: 44, destinationMac: 48, sourceMac: 54, mtu: 60 },
  encode (view: DataView, offset: number, value: NextHop): void {
    view.setBigUint64(offset, value.expiresNs, true)
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + 8 + i * 4, value.address[i] ?? 0)
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + 24 + i * 4, value.source[i] ?? 0)
    view.setUint32(offset + 40, value.selector, true)
    view.setUint32(offset + 44, value.ifindex, true)
    for (let i = 0; i < 6; i++)
      view.setUint8(offset + 48 + i * 1, value.destinationMac[i] ?? 0)
    for (let i = 0; i < 6; i++)
      view.setUint8(offset + 54 + i * 1, value.sourceMac[i] ?? 0)
    view.setUint32(offset + 60, value.mtu, true)
  },
  decode (view: DataView, offset: number): NextHop {
    return {
      expiresNs: view.getBigUint64(offset, true),
      address: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + 8 + i * 4)),
      source: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + 24 + i * 4)),
      selector: view.getUint32(offset + 40, true),
      ifindex: view.getUint32(offset + 44, true),
      destinationMac: Array.from({ length: 6 }, (_, i) => view.getUint8(offset + 48 + i * 1)),
      sourceMac: Array.from({ length: 6 }, (_, i) => view.getUint8(offset + 54 + i * 1)),
      mtu: view.getUint32(offset + 60, true),
    }
  },
} as const

export interface Opening {
  readonly holders: ArrayLike<number>
}
export const Opening = {
  size: 16,
  offsets: { holders: 0 },
  encode (view: DataView, offset: number, value: Opening): void {
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + i * 4, value.holders[i] ?? 0, true)
  },
  decode (view: DataView, offset: number): Opening {
    return {
      holders: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + i * 4, true)),
    }
  },
} as const

export interface Page {
  readonly words: ArrayLike<number>
}
export const Page = {
  size: 1024,
  offsets: { words: 0 },
  encode (view: DataView, offset: number, value: Page): void {
    for (let i = 0; i < 256; i++)
      view.setUint32(offset + i * 4, value.words[i] ?? 0, true)
  },
  decode (view: DataView, offset: number): Page {
    return {
      words: Array.from({ length: 256 }, (_, i) => view.getUint32(offset + i * 4, true)),
    }
  },
} as const

export interface PoolAddress {
  readonly address: ArrayLike<number>
}
export const PoolAddress = {
  size: 16,
  offsets: { address: 0 },
  encode (view: DataView, offset: number, value: PoolAddress): void {
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + i * 4, value.address[i] ?? 0)
  },
  decode (view: DataView, offset: number): PoolAddress {
    return {
      address: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + i * 4)),
    }
  },
} as const

export interface PrefixIpv4 {
  readonly match: number
  readonly membership: number
}
export const PrefixIpv4 = {
  size: 8,
  offsets: { match: 0, membership: 4 },
  encode (view: DataView, offset: number, value: PrefixIpv4): void {
    view.setUint32(offset, value.match, true)
    view.setUint32(offset + 4, value.membership, true)
  },
  decode (view: DataView, offset: number): PrefixIpv4 {
    return {
      match: view.getUint32(offset, true),
      membership: view.getUint32(offset + 4, true),
    }
  },
} as const

export interface PrefixIpv6 {
  readonly high: bigint
  readonly low: bigint
  readonly length: number
  readonly cell: number
  readonly otherwise: number
}
export const PrefixIpv6 = {
  size: 32,
  offsets: { high: 0, low: 8, length: 16, cell: 20, otherwise: 24 },
  encode (view: DataView, offset: number, value: PrefixIpv6): void {
    view.setBigUint64(offset, value.high, true)
    view.setBigUint64(offset + 8, value.low, true)
    view.setUint32(offset + 16, value.length, true)
    view.setUint32(offset + 20, value.cell, true)
    view.setUint32(offset + 24, value.otherwise, true)
  },
  decode (view: DataView, offset: number): PrefixIpv6 {
    return {
      high: view.getBigUint64(offset, true),
      low: view.getBigUint64(offset + 8, true),
      length: view.getUint32(offset + 16, true),
      cell: view.getUint32(offset + 20, true),
      otherwise: view.getUint32(offset + 24, true),
    }
  },
} as const

export interface PrefixRoot {
  readonly cells: ArrayLike<number>
}
export const PrefixRoot = {
  size: 262144,
  offsets: { cells: 0 },
  encode (view: DataView, offset: number, value: PrefixRoot): void {
    for (let i = 0; i < 65536; i++)
      view.setUint32(offset + i * 4, value.cells[i] ?? 0, true)
  },
  decode (view: DataView, offset: number): PrefixRoot {
    return {
      cells: Array.from({ length: 65536 }, (_, i) => view.getUint32(offset + i * 4, true)),
    }
  },
} as const

export interface Question {
  readonly cgroup: bigint
  readonly uid: number
  readonly flags: number
  readonly state: number
}
export const Question = {
  size: 16,
  offsets: { cgroup: 0, uid: 8, flags: 12, state: 13 },
  encode (view: DataView, offset: number, value: Question): void {
    view.setBigUint64(offset, value.cgroup, true)
    view.setUint32(offset + 8, value.uid, true)
    view.setUint8(offset + 12, value.flags)
    view.setUint8(offset + 13, value.state)
  },
  decode (view: DataView, offset: number): Question {
    return {
      cgroup: view.getBigUint64(offset, true),
      uid: view.getUint32(offset + 8, true),
      flags: view.getUint8(offset + 12),
      state: view.getUint8(offset + 13),
    }
  },
} as const

export interface QuicServer {
  readonly serverId: number
  readonly backendId: number
}
export const QuicServer = {
  size: 8,
  offsets: { serverId: 0, backendId: 4 },
  encode (view: DataView, offset: number, value: QuicServer): void {
    view.setUint32(offset, value.serverId, true)
    view.setUint32(offset + 4, value.backendId, true)
  },
  decode (view: DataView, offset: number): QuicServer {
    return {
      serverId: view.getUint32(offset, true),
      backendId: view.getUint32(offset + 4, true),
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
    for (let i = 0; i < 16; i++)
      view.setUint32(offset + i * 4, value.backends[i] ?? 0, true)
  },
  decode (view: DataView, offset: number): RingLine {
    return {
      backends: Array.from({ length: 16 }, (_, i) => view.getUint32(offset + i * 4, true)),
    }
  },
} as const

export interface Rule {
  readonly ruleId: number
  readonly action: Action
  readonly flags: number
  readonly limit: number
  readonly expiresS: number
  readonly logEvery: number
}
export const Rule = {
  size: 16,
  offsets: { ruleId: 0, action: 4, flags: 5, limit: 6, expiresS: 8, logEvery: 12 },
  encode (view: DataView, offset: number, value: Rule): void {
    view.setUint32(offset, value.ruleId, true)
    view.setUint8(offset + 4, value.action)
    view.setUint8(offset + 5, value.flags)
    view.setUint16(offset + 6, value.limit, true)
    view.setUint32(offset + 8, value.expiresS, true)
    view.setUint32(offset + 12, value.logEvery, true)
  },
  decode (view: DataView, offset: number): Rule {
    return {
      ruleId: view.getUint32(offset, true),
      action: view.getUint8(offset + 4) as Action,
      flags: view.getUint8(offset + 5),
      limit: view.getUint16(offset + 6, true),
      expiresS: view.getUint32(offset + 8, true),
      logEvery: view.getUint32(offset + 12, true),
    }
  },
} as const

export interface RuleTat {
  readonly packets: bigint
  readonly bits: bigint
}
export const RuleTat = {
  size: 16,
  offsets: { packets: 0, bits: 8 },
  encode (view: DataView, offset: number, value: RuleTat): void {
    view.setBigUint64(offset, value.packets, true)
    view.setBigUint64(offset + 8, value.bits, true)
  },
  decode (view: DataView, offset: number): RuleTat {
    return {
      packets: view.getBigUint64(offset, true),
      bits: view.getBigUint64(offset + 8, true),
    }
  },
} as const

export interface Secret {
  readonly words: ArrayLike<bigint>
}
export const Secret = {
  size: 16,
  offsets: { words: 0 },
  encode (view: DataView, offset: number, value: Secret): void {
    for (let i = 0; i < 2; i++)
      view.setBigUint64(offset + i * 8, value.words[i] ?? 0n, true)
  },
  decode (view: DataView, offset: number): Secret {
    return {
      words: Array.from({ length: 2 }, (_, i) => view.getBigUint64(offset + i * 8, true)),
    }
  },
} as const

export interface Service {
  readonly ringBase: number
  readonly ringSlots: number
  readonly idleTicks: number
  readonly forwarding: Forwarding
  readonly hash: HashInput
  readonly whenDown: WhenDown
  readonly sources: number
  readonly poolBase: number
  readonly poolCount: number
  readonly serverBase: number
  readonly serverCount: number
}
export const Service = {
  size: 32,
  offsets: { ringBase: 0, ringSlots: 4, idleTicks: 8, forwarding: 12, hash: 13, whenDown: 14, sources: 15, poolBase: 16, poolCount: 20, serverBase: 24, serverCount: 28 },
  encode (view: DataView, offset: number, value: Service): void {
    view.setUint32(offset, value.ringBase, true)
    view.setUint32(offset + 4, value.ringSlots, true)
    view.setUint32(offset + 8, value.idleTicks, true)
    view.setUint8(offset + 12, value.forwarding)
    view.setUint8(offset + 13, value.hash)
    view.setUint8(offset + 14, value.whenDown)
    view.setUint8(offset + 15, value.sources)
    view.setUint32(offset + 16, value.poolBase, true)
    view.setUint32(offset + 20, value.poolCount, true)
    view.setUint32(offset + 24, value.serverBase, true)
    view.setUint32(offset + 28, value.serverCount, true)
  },
  decode (view: DataView, offset: number): Service {
    return {
      ringBase: view.getUint32(offset, true),
      ringSlots: view.getUint32(offset + 4, true),
      idleTicks: view.getUint32(offset + 8, true),
      forwarding: view.getUint8(offset + 12) as Forwarding,
      hash: view.getUint8(offset + 13) as HashInput,
      whenDown: view.getUint8(offset + 14) as WhenDown,
      sources: view.getUint8(offset + 15),
      poolBase: view.getUint32(offset + 16, true),
      poolCount: view.getUint32(offset + 20, true),
      serverBase: view.getUint32(offset + 24, true),
      serverCount: view.getUint32(offset + 28, true),
    }
  },
} as const

export interface ServiceState {
  readonly window: bigint
  readonly consultUntil: number
  readonly survivor: number
}
export const ServiceState = {
  size: 16,
  offsets: { window: 0, consultUntil: 8, survivor: 12 },
  encode (view: DataView, offset: number, value: ServiceState): void {
    view.setBigUint64(offset, value.window, true)
    view.setUint32(offset + 8, value.consultUntil, true)
    view.setUint32(offset + 12, value.survivor, true)
  },
  decode (view: DataView, offset: number): ServiceState {
    return {
      window: view.getBigUint64(offset, true),
      consultUntil: view.getUint32(offset + 8, true),
      survivor: view.getUint32(offset + 12, true),
    }
  },
} as const

export interface Side {
  readonly flags: number
  readonly dimensions: ArrayLike<number>
  readonly ruleWords: ArrayLike<number>
  readonly defaults: ArrayLike<number>
  readonly essentials: number
  readonly managementCount: number
  readonly management: readonly ManagementEntry[]
  readonly timeoutsS: ArrayLike<number>
  readonly trackedSegments: number
  readonly limitSegments: number
  readonly detectionSegments: number
  readonly pickUpUntilS: bigint
}
export const Side = {
  size: 88,
  offsets: { flags: 0, dimensions: 4, ruleWords: 8, defaults: 12, essentials: 14, managementCount: 15, management: 16, timeoutsS: 48, trackedSegments: 68, limitSegments: 72, detectionSegments: 76, pickUpUntilS: 80 },
  encode (view: DataView, offset: number, value: Side): void {
    view.setUint32(offset, value.flags, true)
    for (let i = 0; i < 2; i++)
      view.setUint16(offset + 4 + i * 2, value.dimensions[i] ?? 0, true)
    for (let i = 0; i < 2; i++)
      view.setUint16(offset + 8 + i * 2, value.ruleWords[i] ?? 0, true)
    for (let i = 0; i < 2; i++)
      view.setUint8(offset + 12 + i * 1, value.defaults[i] ?? 0)
    view.setUint8(offset + 14, value.essentials)
    view.setUint8(offset + 15, value.managementCount)
    value.management.slice(0, 8).forEach((item, i) => { ManagementEntry.encode(view, offset + 16 + i * 4, item) })
    for (let i = 0; i < 5; i++)
      view.setUint32(offset + 48 + i * 4, value.timeoutsS[i] ?? 0, true)
    view.setUint32(offset + 68, value.trackedSegments, true)
    view.setUint32(offset + 72, value.limitSegments, true)
    view.setUint32(offset + 76, value.detectionSegments, true)
    view.setBigUint64(offset + 80, value.pickUpUntilS, true)
  },
  decode (view: DataView, offset: number): Side {
    return {
      flags: view.getUint32(offset, true),
      dimensions: Array.from({ length: 2 }, (_, i) => view.getUint16(offset + 4 + i * 2, true)),
      ruleWords: Array.from({ length: 2 }, (_, i) => view.getUint16(offset + 8 + i * 2, true)),
      defaults: Array.from({ length: 2 }, (_, i) => view.getUint8(offset + 12 + i * 1)),
      essentials: view.getUint8(offset + 14),
      managementCount: view.getUint8(offset + 15),
      management: Array.from({ length: 8 }, (_, i) => ManagementEntry.decode(view, offset + 16 + i * 4)),
      timeoutsS: Array.from({ length: 5 }, (_, i) => view.getUint32(offset + 48 + i * 4, true)),
      trackedSegments: view.getUint32(offset + 68, true),
      limitSegments: view.getUint32(offset + 72, true),
      detectionSegments: view.getUint32(offset + 76, true),
      pickUpUntilS: view.getBigUint64(offset + 80, true),
    }
  },
} as const

export interface Sweep {
  readonly timer: BpfTimer
  readonly bank: number
  readonly step: number
}
export const Sweep = {
  size: 24,
  offsets: { timer: 0, bank: 16, step: 20 },
  encode (view: DataView, offset: number, value: Sweep): void {
    BpfTimer.encode(view, offset, value.timer)
    view.setUint32(offset + 16, value.bank, true)
    view.setUint32(offset + 20, value.step, true)
  },
  decode (view: DataView, offset: number): Sweep {
    return {
      timer: BpfTimer.decode(view, offset),
      bank: view.getUint32(offset + 16, true),
      step: view.getUint32(offset + 20, true),
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
  readonly state: number
  readonly steps: readonly TraceStep[]
}
export const Trace = {
  size: 416,
  offsets: { revision: 0, verdict: 8, reason: 9, fragment: 10, protocol: 11, ruleId: 12, serviceId: 16, backendId: 20, stepCount: 24, state: 28, steps: 32 },
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
    view.setUint8(offset + 28, value.state)
    value.steps.slice(0, 32).forEach((item, i) => { TraceStep.encode(view, offset + 32 + i * 12, item) })
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
      state: view.getUint8(offset + 28),
      steps: Array.from({ length: 32 }, (_, i) => TraceStep.decode(view, offset + 32 + i * 12)),
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

export interface Tracked {
  readonly key: TrackedKey
  readonly standing: bigint
  readonly holders: ArrayLike<number>
}
export const Tracked = {
  size: 64,
  offsets: { key: 0, standing: 40, holders: 48 },
  encode (view: DataView, offset: number, value: Tracked): void {
    TrackedKey.encode(view, offset, value.key)
    view.setBigUint64(offset + 40, value.standing, true)
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + 48 + i * 4, value.holders[i] ?? 0, true)
  },
  decode (view: DataView, offset: number): Tracked {
    return {
      key: TrackedKey.decode(view, offset),
      standing: view.getBigUint64(offset + 40, true),
      holders: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + 48 + i * 4, true)),
    }
  },
} as const

export interface TrackedKey {
  readonly lower: ArrayLike<number>
  readonly upper: ArrayLike<number>
  readonly lowerPort: number
  readonly upperPort: number
  readonly protocol: number
  readonly family: Family
}
export const TrackedKey = {
  size: 40,
  offsets: { lower: 0, upper: 16, lowerPort: 32, upperPort: 34, protocol: 36, family: 37 },
  encode (view: DataView, offset: number, value: TrackedKey): void {
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + i * 4, value.lower[i] ?? 0)
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + 16 + i * 4, value.upper[i] ?? 0)
    view.setUint16(offset + 32, value.lowerPort, true)
    view.setUint16(offset + 34, value.upperPort, true)
    view.setUint8(offset + 36, value.protocol)
    view.setUint8(offset + 37, value.family)
  },
  decode (view: DataView, offset: number): TrackedKey {
    return {
      lower: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + i * 4)),
      upper: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + 16 + i * 4)),
      lowerPort: view.getUint16(offset + 32, true),
      upperPort: view.getUint16(offset + 34, true),
      protocol: view.getUint8(offset + 36),
      family: view.getUint8(offset + 37) as Family,
    }
  },
} as const

export interface TrackedPage {
  readonly tags: ArrayLike<number>
  readonly entries: readonly Tracked[]
}
export const TrackedPage = {
  size: 1024,
  offsets: { tags: 0, entries: 64 },
  encode (view: DataView, offset: number, value: TrackedPage): void {
    for (let i = 0; i < 15; i++)
      view.setUint32(offset + i * 4, value.tags[i] ?? 0, true)
    value.entries.slice(0, 15).forEach((item, i) => { Tracked.encode(view, offset + 64 + i * 64, item) })
  },
  decode (view: DataView, offset: number): TrackedPage {
    return {
      tags: Array.from({ length: 15 }, (_, i) => view.getUint32(offset + i * 4, true)),
      entries: Array.from({ length: 15 }, (_, i) => Tracked.decode(view, offset + 64 + i * 64)),
    }
  },
} as const

export interface Tracking {
  readonly keys: ArrayLike<bigint>
  readonly segments: number
  readonly page: number
  readonly clock: bigint
}
export const Tracking = {
  size: 96,
  offsets: { keys: 0, segments: 80, page: 84, clock: 88 },
  encode (view: DataView, offset: number, value: Tracking): void {
    for (let i = 0; i < 10; i++)
      view.setBigUint64(offset + i * 8, value.keys[i] ?? 0n, true)
    view.setUint32(offset + 80, value.segments, true)
    view.setUint32(offset + 84, value.page, true)
    view.setBigUint64(offset + 88, value.clock, true)
  },
  decode (view: DataView, offset: number): Tracking {
    return {
      keys: Array.from({ length: 10 }, (_, i) => view.getBigUint64(offset + i * 8, true)),
      segments: view.getUint32(offset + 80, true),
      page: view.getUint32(offset + 84, true),
      clock: view.getBigUint64(offset + 88, true),
    }
  },
} as const

export interface Tunnel {
  readonly source: ArrayLike<number>
  readonly headers: ArrayLike<number>
}
export const Tunnel = {
  size: 64,
  offsets: { source: 0, headers: 16 },
  encode (view: DataView, offset: number, value: Tunnel): void {
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + i * 4, value.source[i] ?? 0)
    for (let i = 0; i < 12; i++)
      view.setUint32(offset + 16 + i * 4, value.headers[i] ?? 0, true)
  },
  decode (view: DataView, offset: number): Tunnel {
    return {
      source: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + i * 4)),
      headers: Array.from({ length: 12 }, (_, i) => view.getUint32(offset + 16 + i * 4, true)),
    }
  },
} as const

export interface ValueClasses {
  readonly classes: ArrayLike<number>
}
export const ValueClasses = {
  size: 131072,
  offsets: { classes: 0 },
  encode (view: DataView, offset: number, value: ValueClasses): void {
    for (let i = 0; i < 65536; i++)
      view.setUint16(offset + i * 2, value.classes[i] ?? 0, true)
  },
  decode (view: DataView, offset: number): ValueClasses {
    return {
      classes: Array.from({ length: 65536 }, (_, i) => view.getUint16(offset + i * 2, true)),
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
  readonly classes: ArrayLike<bigint>
  readonly selector: number
  readonly position: number
}
export const VerdictLine = {
  size: 48,
  offsets: { revision: 0, classes: 8, selector: 40, position: 44 },
  encode (view: DataView, offset: number, value: VerdictLine): void {
    view.setBigUint64(offset, value.revision, true)
    for (let i = 0; i < 4; i++)
      view.setBigUint64(offset + 8 + i * 8, value.classes[i] ?? 0n, true)
    view.setUint32(offset + 40, value.selector, true)
    view.setUint32(offset + 44, value.position, true)
  },
  decode (view: DataView, offset: number): VerdictLine {
    return {
      revision: view.getBigUint64(offset, true),
      classes: Array.from({ length: 4 }, (_, i) => view.getBigUint64(offset + 8 + i * 8, true)),
      selector: view.getUint32(offset + 40, true),
      position: view.getUint32(offset + 44, true),
    }
  },
} as const

export interface Watch {
  readonly types: number
  readonly ruleId: number
  readonly reasons: number
  readonly sourceLength: number
  readonly source: ArrayLike<number>
  readonly family: number
}
export const Watch = {
  size: 40,
  offsets: { types: 0, ruleId: 4, reasons: 8, sourceLength: 12, source: 16, family: 32 },
  encode (view: DataView, offset: number, value: Watch): void {
    view.setUint32(offset, value.types, true)
    view.setUint32(offset + 4, value.ruleId, true)
    view.setUint32(offset + 8, value.reasons, true)
    view.setUint32(offset + 12, value.sourceLength, true)
    for (let i = 0; i < 4; i++)
      view.setUint32(offset + 16 + i * 4, value.source[i] ?? 0)
    view.setUint32(offset + 32, value.family, true)
  },
  decode (view: DataView, offset: number): Watch {
    return {
      types: view.getUint32(offset, true),
      ruleId: view.getUint32(offset + 4, true),
      reasons: view.getUint32(offset + 8, true),
      sourceLength: view.getUint32(offset + 12, true),
      source: Array.from({ length: 4 }, (_, i) => view.getUint32(offset + 16 + i * 4)),
      family: view.getUint32(offset + 32, true),
    }
  },
} as const

export interface WindowSlot {
  readonly origin: number
  readonly since: number
  readonly until: number
  readonly consultUntil: number
}
export const WindowSlot = {
  size: 16,
  offsets: { origin: 0, since: 4, until: 8, consultUntil: 12 },
  encode (view: DataView, offset: number, value: WindowSlot): void {
    view.setUint32(offset, value.origin, true)
    view.setUint32(offset + 4, value.since, true)
    view.setUint32(offset + 8, value.until, true)
    view.setUint32(offset + 12, value.consultUntil, true)
  },
  decode (view: DataView, offset: number): WindowSlot {
    return {
      origin: view.getUint32(offset, true),
      since: view.getUint32(offset + 4, true),
      until: view.getUint32(offset + 8, true),
      consultUntil: view.getUint32(offset + 12, true),
    }
  },
} as const

/** Bytes of keys and values. */
export const maps = {
  tracked_pages: { type: 12, keySize: 4, valueSize: 4 },
  detectors: { type: 2, keySize: 4, valueSize: 24 },
  limits: { type: 2, keySize: 4, valueSize: 48 },
  rings: { type: 2, keySize: 4, valueSize: 64 },
  ring_seconds: { type: 2, keySize: 4, valueSize: 64 },
  flows: { type: 2, keySize: 4, valueSize: 128 },
  connections: { type: 9, keySize: 40, valueSize: 52 },
  fragment_ways: { type: 9, keySize: 40, valueSize: 52 },
  quic_servers: { type: 2, keySize: 4, valueSize: 8 },
  revision: { type: 2, keySize: 4, valueSize: 24 },
  interfaces: { type: 1, keySize: 4, valueSize: 4 },
  device_addresses: { type: 1, keySize: 4, valueSize: 20 },
  sides: { type: 2, keySize: 4, valueSize: 88 },
  prefix_roots: { type: 2, keySize: 4, valueSize: 262144 },
  prefix_pages: { type: 12, keySize: 4, valueSize: 4 },
  memberships: { type: 2, keySize: 4, valueSize: 32 },
  value_classes: { type: 2, keySize: 4, valueSize: 131072 },
  classifiers: { type: 2, keySize: 4, valueSize: 9384 },
  named_classes: { type: 1, keySize: 16, valueSize: 4 },
  vectors: { type: 2, keySize: 4, valueSize: 2080 },
  rules: { type: 2, keySize: 4, valueSize: 16 },
  rule_tats: { type: 2, keySize: 4, valueSize: 16 },
  secrets: { type: 2, keySize: 4, valueSize: 16 },
  fragment_lines: { type: 2, keySize: 4, valueSize: 64 },
  answer_tats: { type: 6, keySize: 4, valueSize: 8 },
  verdict_cache: { type: 2, keySize: 4, valueSize: 48 },
  service_ports: { type: 2, keySize: 4, valueSize: 131072 },
  service_rows: { type: 2, keySize: 4, valueSize: 4 },
  services: { type: 2, keySize: 4, valueSize: 32 },
  down_backends: { type: 2, keySize: 4, valueSize: 8 },
  service_states: { type: 2, keySize: 4, valueSize: 16 },
  window_pages: { type: 12, keySize: 4, valueSize: 4 },
  backends: { type: 2, keySize: 4, valueSize: 24 },
  checks: { type: 1, keySize: 24, valueSize: 16 },
  pool_addresses: { type: 2, keySize: 4, valueSize: 16 },
  next_hops: { type: 2, keySize: 4, valueSize: 64 },
  nat_scratches: { type: 6, keySize: 4, valueSize: 280 },
  answer_scratches: { type: 6, keySize: 4, valueSize: 120 },
  tunnels: { type: 6, keySize: 4, valueSize: 64 },
  modes: { type: 2, keySize: 4, valueSize: 16 },
  tracking: { type: 2, keySize: 4, valueSize: 96 },
  holdings: { type: 2, keySize: 4, valueSize: 64 },
  openings: { type: 6, keySize: 4, valueSize: 16 },
  sweeps: { type: 2, keySize: 4, valueSize: 24 },
  limit_pages: { type: 12, keySize: 4, valueSize: 4 },
  detection_pages: { type: 12, keySize: 4, valueSize: 4 },
  events: { type: 27, keySize: 0, valueSize: 0 },
  event_counts: { type: 2, keySize: 4, valueSize: 32 },
  log_counts: { type: 2, keySize: 4, valueSize: 4 },
  watches: { type: 2, keySize: 4, valueSize: 40 },
  rule_counts: { type: 2, keySize: 4, valueSize: 16 },
  service_counts: { type: 2, keySize: 4, valueSize: 16 },
  backend_counts: { type: 2, keySize: 4, valueSize: 16 },
  outcome_counts: { type: 2, keySize: 4, valueSize: 16 },
  tracking_counts: { type: 2, keySize: 4, valueSize: 16 },
  flow_counts: { type: 2, keySize: 4, valueSize: 16 },
  questions: { type: 2, keySize: 4, valueSize: 16 },
  traces: { type: 2, keySize: 4, valueSize: 416 },
} as const
export type MapName = keyof typeof maps

/** The agreement in words; an object is loaded only if its own types say the same. */
export const description: readonly string[] = [
  'enum action: ACTION_NONE=0 ACTION_ALLOW=1 ACTION_DENY=2 ACTION_REJECT=3 ACTION_LIMIT=4',
  'enum backend_state: BACKEND_ABSENT=0 BACKEND_ACTIVE=1',
  'enum base_membership: MEMBERSHIP_IPV4=0 MEMBERSHIP_IPV6=1 BASE_MEMBERSHIPS=2',
  'enum cell_bits: CELL_TYPE_SHIFT=30 CELL_LINES_SHIFT=28 CELL_LINE_BITS=26',
  'enum cell_type: CELL_MEMBERSHIP=0 CELL_BRANCH=1 CELL_BUCKET=2',
  'enum connection_flag: CONNECTION_REPLY=1 CONNECTION_SOURCE_NAT=2',
  'enum detector_per: DETECTOR_PER_SOURCE=0 DETECTOR_PER_SOURCE_PREFIX=1 DETECTOR_PER_DESTINATION=2',
  'enum detector_type: DETECTOR_NONE=0 DETECTOR_PORT_SCAN=1 DETECTOR_SWEEP=2 DETECTOR_SYN_FLOOD=3 DETECTOR_RATE=4',
  'enum dimension: DIMENSION_SOURCE=0 DIMENSION_DESTINATION=1 DIMENSION_SOURCE_PORT=2 DIMENSION_DESTINATION_PORT=3 DIMENSION_KIND=4 DIMENSION_STATE=5 DIMENSION_FRAGMENT=6 DIMENSION_VLAN=7 DIMENSION_DSCP=8 DIMENSION_LENGTH=9 DIMENSION_INTERFACE=10 DIMENSION_CGROUP=11 DIMENSION_UID=12 DIMENSIONS=13',
  'enum direction: DIRECTION_INGRESS=0 DIRECTION_EGRESS=1 DIRECTIONS=2',
  'enum event_type: EVENT_DROP=0 EVENT_MATCH=1 EVENT_DETECTION=2 EVENT_CONNECTION=3 EVENT_TYPES=4',
  'enum family: FAMILY_IPV4=0 FAMILY_IPV6=1 FAMILIES=2',
  'enum field: FIELD_SOURCE=0 FIELD_DESTINATION=1 FIELDS=2',
  'enum flow_bits: FLOW_BITS_SHIFT=32 FLOW_IDLE=31 FLOW_ENTERED=32 FLOW_BACKEND_SHIFT=40',
  'enum flow_event: FLOW_MARKED=0 FLOW_ENTERS=1 FLOW_FOLLOWED=2 FLOW_MOVED=3 FLOW_OVERWRITTEN=4 FLOW_SHED=5 FLOW_EVENTS=6',
  'enum forwarding: FORWARDING_NAT=0 FORWARDING_DSR_L2=1 FORWARDING_DSR_IPIP=2 FORWARDING_DSR_GUE=3',
  'enum fragment: FRAGMENT_NONE=0 FRAGMENT_FIRST=1 FRAGMENT_LATER=2',
  'enum hash_input: HASH_5_TUPLE=0 HASH_SOURCE=1',
  'enum hook: HOOK_XDP_INGRESS=0 HOOK_TC_INGRESS=1 HOOK_TC_EGRESS=2 HOOKS=3',
  'enum interface_flag: INTERFACE_XDP=1 INTERFACE_HANDOVER=2 INTERFACE_NO_ETHERNET=4',
  'enum layout: LAYOUT_VERSION=3',
  'enum limit: SIDES=2 RULE_BITS=16384 RULE_WORDS=256 SUMMARY_WORDS=4 VALUES=65536 TCP_FLAGS=256 DSCPS=64 VLAN_IDS=4096 PROTOCOLS=256 MANAGEMENT_ENTRIES=8 RING_LINE_SLOTS=16 VERDICT_LINES=16384 NEXT_HOP_LINES=1024 NEXT_HOP_NS=10000000 VLAN_TAGS=2 TRACE_STEPS=32 EXTENSION_HEADERS=8 RING_PROBES=8 FIRST_CHECK_PORT=61000 STAND_IN_PROBES=64 NOBODY=16777215 WINDOW_TICK_SHIFT=24 WINDOW_PAGE_SLOTS=64 FLOW_LINE_SLOTS=8 FLOW_LINES=131072 FLOW_REFRESH_TICKS=32 PAGE_WORDS=256 PAGES_PER_SEGMENT=4096 SEGMENTS=1024 TRIE_ROOT_CELLS=65536 TRIE_FANOUT=256 LINE_WORDS=16 PAGE_LINES=16 BUCKET_LINES=4 TRACKED_WAYS=15 TRACKED_KEYS=10 HOLDERS=4 HOLDING_SETS=16384 HOLDING_WAYS=8 LIMIT_ROWS=4096 TICKS_PER_NS=64 MAX_TOLERANCE_S=43200 DETECTORS=8 EVENT_BYTES=1048576 EVENT_WINDOW_NS=8388608 EVENTS_PER_WINDOW=64 DETECTION_BITS=384 DETECTION_TICK_NS=16777216 FRAGMENT_LINES=1024 FRAGMENT_SLOTS=4 FRAGMENT_WAYS=4096 POOL_ADDRESSES=4096 SOURCE_PROBES=16 SOURCE_LISTS=64 OBSERVED_TOLD=8 PENDING_BIT=63',
  'enum limit_per: LIMIT_PER_RULE=0 LIMIT_PER_SOURCE=1 LIMIT_PER_SOURCE_PREFIX=2',
  'enum membership_flag: MEMBERSHIP_LOCAL=1 MEMBERSHIP_NAT_BACKEND=2',
  'enum mode: MODE_ENFORCE=0 MODE_OBSERVE=1 MODE_PASS=2 MODE_LOCKDOWN=3',
  'enum question_flag: QUESTION_STATE=1 QUESTION_CGROUP=2 QUESTION_UID=4',
  'enum reason: REASON_NONE=0 REASON_NOT_IP=1 REASON_MANAGEMENT=2 REASON_ESSENTIAL=3 REASON_RULE=4 REASON_DEFAULT=5 REASON_REPLY=6 REASON_SERVICE=7 REASON_MALFORMED=8 REASON_TINY_FRAGMENT=9 REASON_TOO_MANY_HEADERS=10 REASON_NO_BACKEND=11 REASON_NO_ROUTE=12 REASON_TTL_EXCEEDED=13 REASON_TABLE_FULL=14 REASON_HANDOVER_FAILED=15 REASON_REJECT=16 REASON_LIMIT=17 REASON_FRAGMENT=18 REASON_MODE=19 REASON_TOO_BIG=20 REASON_ECHO=21 REASON_UNKNOWN_QUOTE=22 REASON_UNKNOWN_FIRST=23 REASON_POOL_FULL=24 REASON_SOURCE=25 REASON_HEALTH_CHECK=26 REASONS=27',
  'enum rule_flag: RULE_OBSERVE=1 RULE_EXPIRES=2 RULE_LOG=4 RULE_LIMIT=8',
  'enum rule_outcome: RULE_DECIDED=0 RULE_OBSERVED=1 RULE_EXPIRED=2 RULE_WITHIN=3',
  'enum service_protocol: SERVICE_TCP=0 SERVICE_UDP=1 SERVICE_SCTP=2 SERVICE_PROTOCOLS=3',
  'enum side_flag: SIDE_PREFIXES_IPV4=1 SIDE_PREFIXES_IPV6=2 SIDE_SOURCES=4 SIDE_SERVICES=8 SIDE_MANAGEMENT=16 SIDE_TRACKING=32 SIDE_FRAGMENTS=64 SIDE_DETECTORS=128 SIDE_HOLDERS=256 SIDE_CHECKS=512',
  'enum stage: STAGE_PARSE=0 STAGE_PREFIXES=1 STAGE_MODE=2 STAGE_MANAGEMENT=3 STAGE_FRAGMENT=4 STAGE_TRACK=5 STAGE_FIREWALL=6 STAGE_DEFAULT=7 STAGE_BALANCE=8 STAGE_REWRITE=9 STAGE_FORWARD=10',
  'enum standing: STANDING_TIMEOUT=7 STANDING_OPENER=8 STANDING_ANSWERED=16 STANDING_HELD=32 STANDING_FIN_LOWER=64 STANDING_FIN_UPPER=128 STANDING_PICKED_UP=256 STANDING_GENERATION=512 STANDING_SHIFT=32',
  'enum state: STATE_UNTRACKED=0 STATE_NEW=1 STATE_ESTABLISHED=2 STATE_RELATED=3 STATE_INVALID=4 STATES=5',
  'enum tag: TAG_FREE=0 TAG_BUSY=1 TAG_USED=2',
  'enum timeout: TIMEOUT_TCP_ESTABLISHED=0 TIMEOUT_TCP_OPENING=1 TIMEOUT_TCP_CLOSING=2 TIMEOUT_UDP=3 TIMEOUT_ICMP=4 TIMEOUTS=5',
  'enum tracking_event: TRACKING_OPENED=0 TRACKING_EVICTED=1 TRACKING_SHED=2 TRACKING_EVENTS=3',
  'enum value_table: VALUES_SOURCE_PORT=0 VALUES_DESTINATION_PORT=1 VALUES_LENGTH=2 VALUES_ICMP=3 VALUES_ICMPV6=4 VALUE_TABLES=5',
  'enum verdict: VERDICT_PASS=0 VERDICT_DROP=1 VERDICT_TRANSMIT=2 VERDICT_REDIRECT=3 VERDICT_HANDOVER=4 VERDICTS=5',
  'enum when_down: WHEN_DOWN_DROP=0 WHEN_DOWN_REJECT=1 WHEN_DOWN_LAST_KNOWN=2',
  'map answer_scratches: type 6, u32 -> struct answer_scratch',
  'map answer_tats: type 6, u32 -> u64',
  'map backend_counts: type 2, u32 -> struct counter',
  'map backends: type 2, u32 -> struct backend',
  'map checks: type 1, struct check_key -> struct check',
  'map classifiers: type 2, u32 -> struct classifier',
  'map connections: type 9, struct connection_key -> struct connection',
  'map detection_pages: type 12, u32 -> u32',
  'map detectors: type 2, u32 -> struct detector',
  'map device_addresses: type 1, u32 -> struct device_address',
  'map down_backends: type 2, u32 -> u64',
  'map event_counts: type 2, u32 -> struct event_count',
  'map events: type 27, u0 -> u0',
  'map flow_counts: type 2, u32 -> struct counter',
  'map flows: type 2, u32 -> struct flow_line',
  'map fragment_lines: type 2, u32 -> struct fragment_line',
  'map fragment_ways: type 9, struct fragment_key -> struct fragment_way',
  'map holdings: type 2, u32 -> struct holding_set',
  'map interfaces: type 1, u32 -> struct interface',
  'map limit_pages: type 12, u32 -> u32',
  'map limits: type 2, u32 -> struct limit_row',
  'map log_counts: type 2, u32 -> u32',
  'map memberships: type 2, u32 -> struct membership',
  'map modes: type 2, u32 -> struct mode_row',
  'map named_classes: type 1, struct named_key -> u32',
  'map nat_scratches: type 6, u32 -> struct nat_scratch',
  'map next_hops: type 2, u32 -> struct next_hop',
  'map openings: type 6, u32 -> struct opening',
  'map outcome_counts: type 2, u32 -> struct counter',
  'map pool_addresses: type 2, u32 -> struct pool_address',
  'map prefix_pages: type 12, u32 -> u32',
  'map prefix_roots: type 2, u32 -> struct prefix_root',
  'map questions: type 2, u32 -> struct question',
  'map quic_servers: type 2, u32 -> struct quic_server',
  'map revision: type 2, u32 -> struct in_force',
  'map ring_seconds: type 2, u32 -> struct ring_line',
  'map rings: type 2, u32 -> struct ring_line',
  'map rule_counts: type 2, u32 -> struct counter',
  'map rule_tats: type 2, u32 -> struct rule_tat',
  'map rules: type 2, u32 -> struct rule',
  'map secrets: type 2, u32 -> struct secret',
  'map service_counts: type 2, u32 -> struct counter',
  'map service_ports: type 2, u32 -> struct value_classes',
  'map service_rows: type 2, u32 -> u32',
  'map service_states: type 2, u32 -> struct service_state',
  'map services: type 2, u32 -> struct service',
  'map sides: type 2, u32 -> struct side',
  'map sweeps: type 2, u32 -> struct sweep',
  'map traces: type 2, u32 -> struct trace',
  'map tracked_pages: type 12, u32 -> u32',
  'map tracking: type 2, u32 -> struct tracking',
  'map tracking_counts: type 2, u32 -> struct counter',
  'map tunnels: type 6, u32 -> struct tunnel',
  'map value_classes: type 2, u32 -> struct value_classes',
  'map vectors: type 2, u32 -> struct vector',
  'map verdict_cache: type 2, u32 -> struct verdict_line',
  'map watches: type 2, u32 -> struct watch',
  'map window_pages: type 12, u32 -> u32',
  'struct answer_scratch 120: answer@0 u64[15]',
  'struct backend 24: address@0 be32[4], service_id@16 u32, port@20 be16, family@22 enum family:8, state@23 enum backend_state:8',
  'struct bpf_timer 16: ',
  'struct check 16: service_id@0 u32, backend_id@4 u32, sent@8 u64',
  'struct check_key 24: remote@0 be32[4], remote_port@16 u16, local_port@18 u16, family@20 u8, pad@21 u8[3]',
  'struct classifier 9384: protocols@0 u16[256], tcp_flags@512 u16[256], states@1024 u16[8], fragments@1040 u16[4], dscps@1048 u16[64], vlans@1176 u16[4096], no_vlan@9368 u16, portless@9370 u16[2], no_interface@9374 u16, no_cgroup@9376 u16, no_uid@9378 u16, pad@9380 u16[2]',
  'struct config 56: cpus@0 u32, memberships@4 u32, vectors@8 u32, service_rows@12 u32, ring_lines@16 u32, rule_ids@20 u32, service_ids@24 u32, backend_ids@28 u32, trace@32 u32, forwarded_mark@36 u32, checked_mark@40 u32, pad@44 u32, secret@48 u64',
  'struct connection 52: address@0 be32[4], other_address@16 be32[4], port@32 be16, other_port@34 be16, flags@36 u32, service_id@40 u32, backend_id@44 u32, seen@48 u32',
  'struct connection_key 40: source@0 be32[4], destination@16 be32[4], source_port@32 be16, destination_port@34 be16, protocol@36 u8, family@37 enum family:8, zone@38 u16',
  'struct counter 16: packets@0 u64, bytes@8 u64',
  'struct detection_slot 64: key@0 u64, end@8 u32, count@12 u32, bitmap@16 u64[6]',
  'struct detector 24: detector_id@0 u32, window_s@4 u32, threshold@8 u32, type@12 enum detector_type:8, per@13 enum detector_per:8, ipv4_prefix@14 u8, ipv6_prefix@15 u8, bits@16 u16, sampling@18 u8, pad@19 u8[5]',
  'struct device_address 20: ipv4@0 be32, ipv6@4 be32[4]',
  'struct event 80: time_ns@0 u64, source@8 be32[4], destination@24 be32[4], source_port@40 u16, destination_port@42 u16, length@44 u32, interface@48 u32, rule_id@52 u32, service_id@56 u32, detector_id@60 u32, value@64 u32, type@68 enum event_type:8, hook@69 enum hook:8, verdict@70 enum verdict:8, reason@71 enum reason:8, family@72 enum family:8, state@73 enum state:8, protocol@74 u8, tcp_flags@75 u8, icmp_type@76 u8, icmp_code@77 u8, outcome@78 enum rule_outcome:8, fragment@79 enum fragment:8',
  'struct event_count 32: window@0 u64, in_window@8 u64, sent@16 u64, lost@24 u64',
  'struct flow_line 128: slots@0 struct flow_slot[8]',
  'struct flow_slot 16: key@0 u64, known@8 u64',
  'struct fragment_key 40: source@0 be32[4], destination@16 be32[4], identification@32 u32, protocol@36 u8, family@37 enum family:8, pad@38 u16',
  'struct fragment_line 64: slots@0 struct fragment_slot[4]',
  'struct fragment_slot 16: key@0 u64, known@8 u64',
  'struct fragment_way 52: address@0 be32[4], other_address@16 be32[4], flags@32 u32, service_id@36 u32, backend_id@40 u32, hash@44 u32, seen@48 u32',
  'struct holding_set 64: slots@0 u64[8]',
  'struct in_force 24: revision@0 u64, deadline_ns@8 u64, not_over_jiffy@16 u64',
  'struct interface 4: flags@0 u32',
  'struct limit_row 48: packet_cost@0 u64, packet_tolerance@8 u64, bits_per_s@16 u64, bit_tolerance@24 u64, max_connections@32 u32, rule_id@36 u32, per@40 enum limit_per:8, ipv4_prefix@41 u8, ipv6_prefix@42 u8, allows@43 u8, pad@44 u32',
  'struct management_entry 4: port@0 u16, protocol@2 u8, pad@3 u8',
  'struct membership 32: classes@0 u16[4], service_row@8 u32, flags@12 u8, management@13 u8, exempt@14 u8, pad@15 u8, expires_s@16 u32, next@20 u32, admitted@24 u64',
  'struct mode_row 16: mode@0 u32, pad@4 u32, expires_s@8 u64',
  'struct named_key 16: value@0 u64, dimension@8 u32, row@12 u32',
  'struct nat_scratch 280: target@0 u64[10], quotation@80 u64[8], key@144 struct connection_key, back@184 struct connection_key, entry@224 struct connection, pad@276 u32',
  'struct next_hop 64: expires_ns@0 u64, address@8 be32[4], source@24 be32[4], selector@40 u32, ifindex@44 u32, destination_mac@48 u8[6], source_mac@54 u8[6], mtu@60 u32',
  'struct opening 16: holders@0 u32[4]',
  'struct page 1024: words@0 u32[256]',
  'struct pool_address 16: address@0 be32[4]',
  'struct prefix_ipv4 8: match@0 u32, membership@4 u32',
  'struct prefix_ipv6 32: high@0 u64, low@8 u64, length@16 u32, cell@20 u32, otherwise@24 u32, pad@28 u32',
  'struct prefix_root 262144: cells@0 u32[65536]',
  'struct question 16: cgroup@0 u64, uid@8 u32, flags@12 u8, state@13 u8, pad@14 u16',
  'struct quic_server 8: server_id@0 u32, backend_id@4 u32',
  'struct ring_line 64: backends@0 u32[16]',
  'struct rule 16: rule_id@0 u32, action@4 enum action:8, flags@5 u8, limit@6 u16, expires_s@8 u32, log_every@12 u32',
  'struct rule_tat 16: packets@0 u64, bits@8 u64',
  'struct secret 16: words@0 u64[2]',
  'struct service 32: ring_base@0 u32, ring_slots@4 u32, idle_ticks@8 u32, forwarding@12 enum forwarding:8, hash@13 enum hash_input:8, when_down@14 enum when_down:8, sources@15 u8, pool_base@16 u32, pool_count@20 u32, server_base@24 u32, server_count@28 u32',
  'struct service_state 16: window@0 u64, consult_until@8 u32, survivor@12 u32',
  'struct side 88: flags@0 u32, dimensions@4 u16[2], rule_words@8 u16[2], defaults@12 u8[2], essentials@14 u8, management_count@15 u8, management@16 struct management_entry[8], timeouts_s@48 u32[5], tracked_segments@68 u32, limit_segments@72 u32, detection_segments@76 u32, pick_up_until_s@80 u64',
  'struct sweep 24: timer@0 struct bpf_timer, bank@16 u32, step@20 u32',
  'struct trace 416: revision@0 u64, verdict@8 enum verdict:8, reason@9 enum reason:8, fragment@10 enum fragment:8, protocol@11 u8, rule_id@12 u32, service_id@16 u32, backend_id@20 u32, step_count@24 u32, state@28 u8, pad@29 u8[3], steps@32 struct trace_step[32]',
  'struct trace_step 12: stage@0 enum stage:8, reason@1 enum reason:8, pad@2 u16, detail@4 u32[2]',
  'struct tracked 64: key@0 struct tracked_key, standing@40 u64, holders@48 u32[4]',
  'struct tracked_key 40: lower@0 be32[4], upper@16 be32[4], lower_port@32 u16, upper_port@34 u16, protocol@36 u8, family@37 enum family:8, pad@38 u16',
  'struct tracked_page 1024: tags@0 u32[15], pad@60 u32, entries@64 struct tracked[15]',
  'struct tracking 96: keys@0 u64[10], segments@80 u32, page@84 u32, clock@88 u64',
  'struct tunnel 64: source@0 be32[4], headers@16 u32[12]',
  'struct value_classes 131072: classes@0 u16[65536]',
  'struct vector 2080: summary@0 u64[4], words@32 u64[256]',
  'struct verdict_line 48: revision@0 u64, classes@8 u64[4], selector@40 u32, position@44 u32',
  'struct watch 40: types@0 u32, rule_id@4 u32, reasons@8 u32, source_length@12 u32, source@16 be32[4], family@32 u32, pad@36 u32',
  'struct window_slot 16: origin@0 u32, since@4 u32, until@8 u32, consult_until@12 u32',
]
