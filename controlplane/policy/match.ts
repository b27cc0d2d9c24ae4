/** The shape of what a rule matches: every field narrows, an absent one means any. */
import { type Static, Type } from 'typebox'
import { object, portsSchema, prefixesSchema } from './schema.ts'

const flagsSchema = Type.Array(Type.Enum(['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr']))

export const protocolSchema = Type.Union(
  [Type.Enum(['tcp', 'udp', 'icmp', 'icmpv6', 'sctp']), Type.Integer({ minimum: 0, maximum: 255 })],
  { description: 'Protocol by name or number', examples: ['tcp'] },
)

export const matchSchema = object(
  {
    source: Type.Optional(prefixesSchema('Prefixes and @sets, one of which must contain the source', ['192.0.2.0/24', '@blocklist'])),
    notSource: Type.Optional(prefixesSchema('Prefixes and @sets, none of which may contain the source', ['192.0.2.7'])),
    destination: Type.Optional(prefixesSchema('Prefixes and @sets, one of which must contain the destination', ['@local'])),
    notDestination: Type.Optional(prefixesSchema('Prefixes and @sets, none of which may contain the destination', ['@services'])),
    protocol: Type.Optional(protocolSchema),
    sourcePorts: Type.Optional(portsSchema('Source ports, both ends included')),
    destinationPorts: Type.Optional(portsSchema('Destination ports, both ends included')),
    icmp: Type.Optional(
      object(
        {
          type: Type.Integer({ minimum: 0, maximum: 255, examples: [8] }),
          code: Type.Optional(Type.Integer({ minimum: 0, maximum: 255, examples: [0] })),
        },
        { description: 'ICMP or ICMPv6 message' },
      ),
    ),
    tcpFlags: Type.Optional(
      object(
        {
          set: Type.Optional(flagsSchema),
          unset: Type.Optional(flagsSchema),
        },
        { description: 'TCP flags', examples: [{ set: ['syn'], unset: ['ack'] }] },
      ),
    ),
    state: Type.Optional(Type.Array(Type.Enum(['new', 'established', 'related', 'invalid']), { description: 'State of the connection' })),
    fragment: Type.Optional(Type.Enum(['none', 'first', 'later', 'any'], { description: 'Fragments', examples: ['none'] })),
    vlan: Type.Optional(Type.Integer({ minimum: 0, maximum: 4095, description: 'VLAN id', examples: [100] })),
    dscp: Type.Optional(Type.Integer({ minimum: 0, maximum: 63, description: 'Differentiated services code point', examples: [46] })),
    length: Type.Optional(Type.String({ description: 'Length of the IP packet in bytes', examples: ['64-1500'] })),
    cgroup: Type.Optional(Type.String({ description: 'Control group of the sender (egress)', examples: ['/system.slice/nginx.service'] })),
    uid: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295, description: 'User of the sender (egress)', examples: [1000] })),
  },
  { description: 'What the rule matches; {} matches all' },
)

export type Match = Static<typeof matchSchema>
