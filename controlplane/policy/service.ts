/** The shape of a load-balanced service and its backends. */
import { type Static, Type } from 'typebox'
import { parsePortRange } from './ports.ts'
import { commentSchema, intervalSchema, labelsSchema, map, names, object, portsSchema, prefixesSchema } from './schema.ts'

/** Of backends that do not name one; shares are weights over their sum. */
export const defaultWeight = 100
/** Of services that do not name one. */
export const defaultIdleTimeout = '5m'
export const maxWeight = 1000

export const backendSchema = object(
  {
    address: Type.String({ description: 'Address of the backend', examples: ['10.0.0.11'] }),
    port: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 65535, description: 'Port of the backend; absent: the packet keeps its own', examples: [8080] }),
    ),
    weight: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: maxWeight,
        description: 'Share of new connections beside the other weights; 0: none (default: 100)',
        examples: [100],
      }),
    ),
    state: Type.Optional(
      Type.Enum(['active', 'draining', 'disabled'], {
        description: 'draining keeps its connections and gets no new ones; disabled loses them (default: active)',
        examples: ['active'],
      }),
    ),
    labels: Type.Optional(labelsSchema),
    comment: Type.Optional(commentSchema),
  },
  { description: 'A server behind a service' },
)

export const healthCheckSchema = object(
  {
    type: Type.Enum(['none', 'tcp', 'http', 'https', 'grpc'], { examples: ['none'] }),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, examples: [8080] })),
    path: Type.Optional(Type.String({ examples: ['/healthz'] })),
    host: Type.Optional(Type.String({ examples: ['web.example'] })),
    expectStatus: Type.Optional(Type.String({ examples: ['200-399'] })),
    service: Type.Optional(Type.String({ description: 'gRPC service name' })),
    tls: Type.Optional(
      object({
        verify: Type.Optional(Type.Boolean()),
        serverName: Type.Optional(Type.String()),
        caFile: Type.Optional(Type.String()),
      }),
    ),
    interval: Type.Optional(intervalSchema('Time between checks', '2s')),
    timeout: Type.Optional(intervalSchema('Time until a check has failed', '1s')),
    rise: Type.Optional(Type.Integer({ minimum: 1, examples: [2] })),
    fall: Type.Optional(Type.Integer({ minimum: 1, examples: [3] })),
  },
  { description: 'How backends are asked whether they are alive' },
)

export const serviceSchema = object(
  {
    address: Type.String({ description: 'Address or prefix that clients connect to', examples: ['198.51.100.10'] }),
    ports: Type.Optional(portsSchema('Ports that clients connect to, both ends included; absent: any')),
    protocol: Type.Enum(['tcp', 'udp', 'sctp'], { description: 'Transport protocol', examples: ['tcp'] }),
    enabled: Type.Optional(Type.Boolean({ description: 'false: as if the service were not there (default: true)', examples: [true] })),
    forwarding: Type.Enum(['nat', 'dsr-l2', 'dsr-ipip', 'dsr-gue'], { description: 'How packets reach a backend', examples: ['nat'] }),
    hash: Type.Optional(
      Type.Enum(['5-tuple', 'source'], { description: 'What decides the backend (default: 5-tuple)', examples: ['5-tuple'] }),
    ),
    idleTimeout: Type.Optional(intervalSchema('Idle time after which a flow may be forgotten', '5m')),
    quic: Type.Optional(object({ connectionId: Type.Boolean() }, { description: 'Balances QUIC by connection id' })),
    sources: Type.Optional(
      object(
        {
          allow: Type.Optional(prefixesSchema('Who may use the service', ['192.0.2.0/24'])),
          deny: Type.Optional(prefixesSchema('Who may not', ['192.0.2.7'])),
        },
        { description: 'Who may use the service where no rule decides' },
      ),
    ),
    sourceNat: Type.Optional(
      object(
        {
          mode: Type.Enum(['none', 'pool'], { examples: ['none'] }),
          addresses: Type.Optional(prefixesSchema('Addresses that connections to backends come from', ['203.0.113.0/28'])),
        },
        { description: 'Rewriting of the source address' },
      ),
    ),
    whenDown: Type.Optional(
      Type.Enum(['drop', 'reject', 'lastKnown'], {
        description: 'What happens when no backend takes connections (default: drop)',
        examples: ['drop'],
      }),
    ),
    healthCheck: Type.Optional(healthCheckSchema),
    backends: Type.Optional(map(names.object, backendSchema, 'Backends by name', 'b1')),
    labels: Type.Optional(labelsSchema),
    comment: Type.Optional(commentSchema),
  },
  { description: 'An address that is balanced over backends' },
)

export type BackendValue = Static<typeof backendSchema>
export type ServiceValue = Static<typeof serviceSchema>
export type HealthCheckValue = Static<typeof healthCheckSchema>

/** The port that a health check asks: its own, else where the backend answers clients; undefined: that may be any. */
export function healthPort(service: ServiceValue, backend: BackendValue): number | undefined {
  const first = service.ports?.[0] === undefined ? undefined : parsePortRange(service.ports[0])?.first

  return service.healthCheck?.port ?? backend.port ?? first
}

/** Whether its backends are asked how they are. */
export function isChecked({ enabled, healthCheck }: ServiceValue): boolean {
  return enabled !== false && healthCheck !== undefined && healthCheck.type !== 'none'
}

/** `200` or `200-399`; undefined: neither. */
export function parseStatusRange(text: string): { first: number; last: number } | undefined {
  const [, first, last = first] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(text) ?? []

  return first === undefined || Number(last) < Number(first) ? undefined : { first: Number(first), last: Number(last) }
}
