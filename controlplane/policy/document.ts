/** The shape of a policy document: one schema gives the validation, the static types and the pages of the API. */
import { type Static, Type } from 'typebox'
import { Limit } from '../dataplane/abi.ts'
import { matchSchema } from './match.ts'
import { commentSchema, intervalSchema, labelsSchema, map, names, object, prefixesSchema } from './schema.ts'
import { serviceSchema } from './service.ts'

/** Of rules that do not name one. */
export const defaultPriority = 1000
/** Entries that a policy or a set may carry inline; more go to `/v1/sets/{name}/entries`. */
export const maxInlineEntries = 10_000
/** Packed into one byte of `struct membership`. */
export const maxManagementEntries = Limit.managementEntries
/** Packets or bits a second, and of a burst: more than any device carries, and far from the end of 64 bits. */
export const maxRate = 1_000_000_000_000
/** That one pool of pages has room for. */
export const maxConnections = Limit.segments * Limit.pagesPerSegment * Limit.trackedWays

export const managementEntrySchema = object(
  {
    port: Type.Integer({ minimum: 1, maximum: 65535, description: 'Destination port of the way in', examples: [22] }),
    protocol: Type.Enum(['tcp', 'udp', 'sctp'], { description: 'Transport protocol', examples: ['tcp'] }),
    sources: Type.Optional(prefixesSchema('Who may come in this way; absent: everybody', ['192.0.2.0/24'])),
  },
  { description: 'A way in that no rule can close' },
)

const verdictSchema = (what: string) =>
  Type.Enum(['allow', 'deny'], { description: `What happens to ${what} packets that no rule decides`, examples: ['allow'] })

export const defaultsSchema = object(
  {
    ingress: Type.Optional(verdictSchema('incoming')),
    egress: Type.Optional(verdictSchema('outgoing')),
    essentials: Type.Optional(
      Type.Boolean({
        description: 'Exempts neighbour discovery, router advertisements, too-big messages and DHCP from the default (default: true)',
        examples: [true],
      }),
    ),
    management: Type.Optional(
      Type.Array(managementEntrySchema, {
        description: 'Ways in that are allowed before anything else; absent: tcp 22 and the API from everywhere; []: none',
      }),
    ),
    protected: Type.Optional(prefixesSchema('Prefixes that no feed, list or detector may put into a set', ['192.0.2.0/28'])),
    connections: Type.Optional(
      object(
        {
          max: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: maxConnections,
              description: 'Connections tracked at a time (default: 262144)',
              examples: [1_000_000],
            }),
          ),
          timeouts: Type.Optional(
            object(
              {
                tcpEstablished: Type.Optional(intervalSchema('Idle time of an established TCP connection (default: 24h)', '1h')),
                tcpOpening: Type.Optional(intervalSchema('Idle time of a TCP connection that is being opened (default: 60s)', '30s')),
                tcpClosing: Type.Optional(intervalSchema('Idle time of a TCP connection that is being closed (default: 30s)', '30s')),
                udp: Type.Optional(intervalSchema('Idle time of a UDP flow (default: 60s)', '60s')),
                icmp: Type.Optional(intervalSchema('Idle time of an ICMP exchange (default: 30s)', '30s')),
              },
              { description: 'Idle times after which a connection is forgotten' },
            ),
          ),
          pickUp: Type.Optional(
            Type.Boolean({
              description:
                'Connections that began unseen are picked up in mid-stream; absent: for one tcpEstablished after rules first ask for state',
              examples: [true],
            }),
          ),
        },
        { description: 'Connection tracking' },
      ),
    ),
  },
  { description: 'What holds where no rule decides' },
)

export const interfaceSchema = object(
  {
    xdp: Type.Optional(
      Type.Enum(['auto', 'native', 'generic', 'off'], { description: 'How xdp_ingress is attached (default: auto)', examples: ['auto'] }),
    ),
    egress: Type.Optional(
      Type.Enum(['auto', 'tcx', 'clsact', 'off'], { description: 'How tc_egress is attached (default: auto)', examples: ['auto'] }),
    ),
    labels: Type.Optional(labelsSchema),
    comment: Type.Optional(commentSchema),
  },
  { description: 'A device to stand on, or a pattern of devices' },
)

const entryObjectSchema = object({
  prefix: Type.String({ description: 'Prefix or address', examples: ['192.0.2.0/24'] }),
  comment: Type.Optional(commentSchema),
  expiresIn: Type.Optional(intervalSchema('Time until the entry is gone', '10m')),
  expiresAt: Type.Optional(Type.String({ description: 'RFC 3339 time at which the entry is gone', examples: ['2030-01-01T00:00:00Z'] })),
  replace: Type.Optional(Type.Boolean({ description: 'Lets this entry shorten an existing one', examples: [false] })),
  addedAt: Type.Optional(
    Type.String({
      description: 'RFC 3339 time at which the entry came in; read, and ignored when written',
      examples: ['2030-01-01T00:00:00Z'],
    }),
  ),
})
/** An entry as text, or with what is known about it. */
export const entrySchema = Type.Union([Type.String({ description: 'Prefix or address', examples: ['192.0.2.7'] }), entryObjectSchema], {
  description: 'A prefix, alone or with what is known about it',
  examples: ['192.0.2.7'],
})

const setSourceSchema = object(
  {
    url: Type.Optional(
      Type.String({ maxLength: 2000, description: 'Where the list is fetched, over https', examples: ['https://lists.example/drop.txt'] }),
    ),
    file: Type.Optional(
      Type.String({ maxLength: 2000, description: 'Where the list is read, below --lists-dir', examples: ['/etc/drawgate/drop.txt'] }),
    ),
    every: Type.Optional(intervalSchema('How often (default: 1h)', '1h')),
    maxShrinkPercent: Type.Optional(
      Type.Number({
        minimum: 0,
        description: 'A list that shrank by more is not taken (default: 50); 100: it may be empty',
        examples: [50],
      }),
    ),
    maxGrowPercent: Type.Optional(
      Type.Number({
        minimum: 0,
        description: 'A list that grew by more is not taken (default: 200, beyond 1,000 entries)',
        examples: [100],
      }),
    ),
  },
  { description: 'A list that fills the set: url or file' },
)

export const setSchema = object(
  {
    description: Type.Optional(Type.String({ maxLength: 1000, description: 'What the set is for', examples: ['by hand'] })),
    limits: Type.Optional(
      object(
        {
          maxEntries: Type.Optional(Type.Integer({ minimum: 0, description: 'Most entries', examples: [100_000] })),
          shortestIpv4: Type.Optional(Type.Integer({ minimum: 0, maximum: 32, description: 'Shortest IPv4 prefix length', examples: [8] })),
          shortestIpv6: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 128, description: 'Shortest IPv6 prefix length', examples: [32] }),
          ),
        },
        { description: 'What the set refuses' },
      ),
    ),
    source: Type.Optional(setSourceSchema),
    entries: Type.Optional(Type.Array(entrySchema, { description: 'Replaces the entries; absent keeps them. At most 10,000 inline' })),
    labels: Type.Optional(labelsSchema),
    comment: Type.Optional(commentSchema),
  },
  { description: 'A named set of prefixes, IPv4 and IPv6 mixed' },
)

const limitSchema = object(
  {
    packetsPerSecond: Type.Optional(Type.Integer({ minimum: 1, maximum: maxRate, examples: [1000] })),
    bitsPerSecond: Type.Optional(Type.Integer({ minimum: 1, maximum: maxRate, examples: [8_000_000] })),
    burstPackets: Type.Optional(Type.Integer({ minimum: 1, maximum: maxRate, examples: [2000] })),
    burstBits: Type.Optional(Type.Integer({ minimum: 1, maximum: maxRate, examples: [16_000_000] })),
    maxConnections: Type.Optional(Type.Integer({ minimum: 1, maximum: 4_294_967_295, examples: [100] })),
    per: Type.Optional(Type.Enum(['rule', 'source', 'sourcePrefix'])),
    ipv4Prefix: Type.Optional(Type.Integer({ minimum: 0, maximum: 32, examples: [24] })),
    ipv6Prefix: Type.Optional(Type.Integer({ minimum: 0, maximum: 128, examples: [64] })),
    within: Type.Optional(Type.Enum(['continue', 'allow'])),
  },
  { description: 'Drops what is beyond a rate' },
)

export const ruleSchema = object(
  {
    priority: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1_000_000,
        description: 'Lower comes first; ties by name in byte order (default: 1000)',
        examples: [100],
      }),
    ),
    direction: Type.Enum(['ingress', 'egress'], { description: 'Packets that come in, or that this host sends', examples: ['ingress'] }),
    interfaces: Type.Optional(
      Type.Array(Type.String({ examples: ['eth0'] }), { description: 'Devices that the rule holds on; absent: all' }),
    ),
    action: Type.Enum(['allow', 'deny', 'reject', 'limit'], { description: 'What happens to a packet that matches', examples: ['deny'] }),
    match: matchSchema,
    limit: Type.Optional(limitSchema),
    enforcement: Type.Optional(
      Type.Enum(['enforce', 'observe'], { description: 'observe: count only (default: enforce)', examples: ['enforce'] }),
    ),
    log: Type.Optional(
      object(
        { everyPackets: Type.Integer({ minimum: 1, maximum: 4_294_967_295, examples: [100] }) },
        { description: 'Samples matches as events' },
      ),
    ),
    expiresIn: Type.Optional(intervalSchema('Time until the rule stops to match', '1h')),
    expiresAt: Type.Optional(
      Type.String({ description: 'RFC 3339 time at which the rule stops to match', examples: ['2030-01-01T00:00:00Z'] }),
    ),
    enabled: Type.Optional(Type.Boolean({ description: 'false: the rule matches nothing (default: true)', examples: [true] })),
    labels: Type.Optional(labelsSchema),
    comment: Type.Optional(commentSchema),
  },
  { description: 'A rule; the first that matches decides' },
)

const detectorSchema = object(
  {
    type: Type.Enum(['portScan', 'sweep', 'synFlood', 'rate']),
    window: Type.Optional(intervalSchema('Time that is looked at', '10s')),
    threshold: Type.Integer({
      minimum: 1,
      maximum: 4_294_967_295,
      description: 'How many within the window are noticed: ports, addresses, handshakes or packets',
      examples: [100],
    }),
    per: Type.Optional(Type.Enum(['source', 'sourcePrefix', 'destination'])),
    exempt: Type.Optional(prefixesSchema('Who is never noticed', ['192.0.2.0/24'])),
    set: Type.Optional(Type.String({ description: 'Set that the address is put into', examples: ['scanners'] })),
    expiresIn: Type.Optional(intervalSchema('For how long', '1h')),
    enforcement: Type.Optional(Type.Enum(['enforce', 'observe'])),
    labels: Type.Optional(labelsSchema),
    comment: Type.Optional(commentSchema),
  },
  { description: 'Notices scans and floods' },
)

const sections = {
  defaults: defaultsSchema,
  interfaces: map(names.interface, interfaceSchema, 'Devices by name, or by a pattern that ends in *', 'eth0'),
  sets: Type.Optional(map(names.object, setSchema, 'Sets by name', 'blocklist')),
  rules: Type.Optional(map(names.object, ruleSchema, 'Rules by name', 'block-bad')),
  services: Type.Optional(map(names.object, serviceSchema, 'Services by name', 'web')),
  detectors: Type.Optional(map(names.object, detectorSchema, 'Detectors by name', 'scans')),
}
/** `PUT /v1/policy`: the whole declared state. Absent sections, `defaults` and `interfaces` apart, are empty. */
export const policySchema = object(sections, { description: 'The whole declared state' })

export type PolicyDocument = Static<typeof policySchema>
export type Defaults = Static<typeof defaultsSchema>
export type ManagementEntry = Static<typeof managementEntrySchema>
export type InterfaceValue = Static<typeof interfaceSchema>
export type SetValue = Static<typeof setSchema>
export type Entry = Static<typeof entrySchema>
export type RuleValue = Static<typeof ruleSchema>
export type LimitValue = Static<typeof limitSchema>
export type DetectorValue = Static<typeof detectorSchema>
export type { Match } from './match.ts'
export type { BackendValue, ServiceValue } from './service.ts'
export { backendSchema, serviceSchema } from './service.ts'
