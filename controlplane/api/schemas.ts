/** The schemas of the API by name: those of the policy, linked where one contains the other, and those of answers. */
import { type Static, type TSchema, Type } from 'typebox'
import { errors } from '../errors.ts'
import {
  backendSchema,
  defaultsSchema,
  entrySchema,
  interfaceSchema,
  policySchema,
  ruleSchema,
  serviceSchema,
  setSchema,
} from '../policy/document.ts'
import { matchSchema } from '../policy/match.ts'
import { object } from '../policy/schema.ts'
import { examples } from './examples.ts'

/** A prefix where nothing else can be said. */
const plainEntrySchema = Type.String({ description: 'Prefix or address, as entries to remove', examples: ['192.0.2.7'] })

const policySchemas = {
  Policy: policySchema,
  Defaults: defaultsSchema,
  Interface: interfaceSchema,
  Set: setSchema,
  Rule: ruleSchema,
  Match: matchSchema,
  Service: serviceSchema,
  Backend: backendSchema,
  Entry: entrySchema,
  PlainEntry: plainEntrySchema,
}

const capacityUseSchema = object(
  {
    table: Type.String({ examples: ['prefixes_ipv4'] }),
    used: Type.Integer(),
    after: Type.Integer(),
    max: Type.Integer(),
  },
  { description: 'Rows of a table now, after the change, and at most' },
)

const faultSchema = object(
  {
    pointer: Type.String({ description: 'RFC 6901, from the root of the body', examples: ['/match/source/0'] }),
    code: Type.String({ examples: ['host_bits'] }),
    detail: Type.String({ examples: ['10.0.0.7/8 has bits set past /8'] }),
    hint: Type.Optional(Type.String({ examples: ['write 10.0.0.0/8, or 10.0.0.7/32 for one host'] })),
    capacity: Type.Optional(capacityUseSchema),
  },
  { description: 'One fault of a request' },
)

const problemSchema = object(
  {
    type: Type.String({ format: 'uri' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.Enum(Object.keys(errors), { description: 'See docs/errors.md' }),
    hint: Type.Optional(Type.String()),
    errors: Type.Array(Type.Unsafe({ $ref: 'Fault#' }), { description: 'All faults of the request, the first 100' }),
    errorCount: Type.Integer({ description: 'Of all faults' }),
  },
  { description: 'Why a request was refused, RFC 9457' },
)

const warningSchema = object(
  {
    pointer: Type.String(),
    code: Type.String({ examples: ['no_established_rule'] }),
    detail: Type.String(),
  },
  { description: 'Something doubtful that was accepted' },
)

const changeSchema = object(
  {
    op: Type.Enum(['add', 'remove', 'replace']),
    path: Type.String({ description: 'RFC 6901, from the root of the policy', examples: ['/rules/block-bad/priority'] }),
    from: Type.Optional(Type.Unknown()),
    to: Type.Optional(Type.Unknown()),
  },
  { description: 'One change of the policy' },
)

const dryRunSchema = object(
  {
    baseRevision: Type.Integer(),
    changes: Type.Array(Type.Unsafe({ $ref: 'Change#' })),
    capacity: Type.Array(capacityUseSchema, { description: 'How full each table is and would be' }),
    warnings: Type.Array(Type.Unsafe({ $ref: 'Warning#' })),
  },
  { description: 'What a change would do; nothing was changed' },
)

const deviceStatusSchema = object(
  {
    name: Type.String({ examples: ['eth0'] }),
    ifindex: Type.Integer({ examples: [2] }),
    state: Type.Enum(['attached', 'degraded', 'detached']),
    mode: Type.Enum(['native', 'generic', 'off'], { description: 'Of xdp_ingress' }),
    egress: Type.Enum(['tcx', 'clsact', 'off'], { description: 'How tc_egress is attached' }),
    linkId: Type.Union([Type.Integer(), Type.Null()]),
    programId: Type.Union([Type.Integer(), Type.Null()]),
    driver: Type.String({ examples: ['virtio_net'] }),
    mtu: Type.Integer({ examples: [1500] }),
    error: Type.Optional(Type.String({ description: 'Why the state is degraded' })),
  },
  { description: 'How the dataplane stands on a device' },
)

const countedSchema = {
  packets: Type.Integer({ description: 'Monotonic' }),
  bytes: Type.Integer({ description: 'Of IP packets, monotonic' }),
  countedSince: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description: 'When the counters were zero' }),
}

const statusSchemas = {
  InterfaceStatus: object(
    {
      state: Type.Enum(['attached', 'degraded', 'absent'], { description: 'Of the worst of its devices' }),
      devices: Type.Array(Type.Unsafe({ $ref: 'DeviceStatus#' })),
    },
    { description: 'Devices that an entry of `interfaces` stands for' },
  ),
  SetStatus: object({ entryCount: Type.Integer(), ipv4: Type.Integer(), ipv6: Type.Integer() }, { description: 'What a set holds' }),
  RuleStatus: object(
    { ...countedSchema, expired: Type.Optional(Type.Boolean({ description: 'Its time is over: it matches nothing' })) },
    { description: 'What a rule has decided' },
  ),
  ServiceStatus: object(
    {
      ...countedSchema,
      ringSize: Type.Integer({ description: 'Slots that new connections are spread over; 0: no backend takes any' }),
      backends: Type.Unsafe({ type: 'object', additionalProperties: { $ref: 'BackendStatus#' } }),
    },
    { description: 'What a service has forwarded' },
  ),
  BackendStatus: object(
    {
      health: Type.Enum(['up', 'down', 'unknown'], { description: 'unknown: it is not checked' }),
      ...countedSchema,
      share: Type.Number({ description: 'Of new connections, 0 to 1' }),
    },
    { description: 'What a backend was sent' },
  ),
}

const revisionFields = {
  revision: Type.Integer({ description: 'Its number', examples: [42] }),
  at: Type.String({ format: 'date-time', description: 'When it came into force', examples: ['2030-01-01T00:00:00Z'] }),
  who: Type.String({ description: 'Who asked for it: a token, a user, or the daemon itself', examples: ['token deploy'] }),
  origin: Type.Optional(Type.String({ description: 'Where the request came from', examples: ['192.0.2.7'] })),
  cause: Type.String({ description: 'What was asked for', examples: ['PUT /v1/rules/block-bad'] }),
}

const historySchemas = {
  Revision: object(revisionFields, { description: 'A change that was accepted' }),
  RevisionWithPolicy: object(
    { ...revisionFields, value: Type.Unsafe({ $ref: 'Policy#' }) },
    { description: 'A change that was accepted, and the policy as it was from then on' },
  ),
  RevisionDiff: object(
    {
      from: Type.Integer({ description: 'The earlier revision', examples: [41] }),
      to: Type.Integer({ description: 'The later revision', examples: [42] }),
      changes: Type.Array(Type.Unsafe({ $ref: 'Change#' }), { description: 'What leads from the one to the other; entries of sets apart' }),
    },
    { description: 'What changed between two revisions' },
  ),
  PendingConfirm: object(
    {
      revision: Type.Integer({ description: 'What waits', examples: [42] }),
      base: Type.Integer({ description: 'Whose policy comes back', examples: [41] }),
      deadline: Type.String({
        format: 'date-time',
        description: 'When it comes back; kept on a clock that nobody sets, told by the wall clock as it stands now',
        examples: ['2030-01-01T00:01:00Z'],
      }),
      who: Type.String({ description: 'Who asked for it', examples: ['token deploy'] }),
      cause: Type.String({ description: 'What was asked for', examples: ['PUT /v1/policy'] }),
    },
    { description: 'A revision that waits for its confirmation' },
  ),
  AuditEntry: object(
    {
      id: Type.Integer({ description: 'Rises with each attempt', examples: [1007] }),
      at: Type.String({ format: 'date-time', description: 'When', examples: ['2030-01-01T00:00:00Z'] }),
      who: Type.String({ description: 'A token, a user of the unix socket, the daemon itself, or nobody', examples: ['uid 0'] }),
      origin: Type.Optional(Type.String({ description: 'Where it came from', examples: ['unix socket'] })),
      action: Type.String({ description: 'Method and path, or what the daemon did', examples: ['PUT /v1/rules/block-bad'] }),
      outcome: Type.String({ description: '`done`, or the code of the refusal (docs/errors.md)', examples: ['done'] }),
      revision: Type.Optional(Type.Integer({ description: 'That it became', examples: [42] })),
      detail: Type.Optional(Type.String({ description: 'More about it', examples: ['deploy (operator)'] })),
    },
    { description: 'An attempt to change something' },
  ),
}

/** By the name that they have in the OpenAPI document. */
export const schemas: Readonly<Record<string, TSchema>> = {
  ...policySchemas,
  Fault: faultSchema,
  Problem: problemSchema,
  Warning: warningSchema,
  Change: changeSchema,
  DryRun: dryRunSchema,
  DeviceStatus: deviceStatusSchema,
  ...statusSchemas,
  ...historySchemas,
}

/** `$id` is the name, parts that have a name of their own are links, and names of map keys are told by `propertyNames`. */
export function components(): Record<string, unknown>[] {
  const names = new Map<unknown, string>(Object.entries(schemas).map(([name, schema]) => [fingerprint(schema), name]))
  return Object.entries(schemas).map(([name, schema]) => ({
    $id: name,
    ...(link(schema, names, true) as object),
    ...(examples[name] === undefined ? {} : { examples: [examples[name]] }),
  }))
}

function link(part: unknown, names: ReadonlyMap<unknown, string>, top = false): unknown {
  if (Array.isArray(part)) return part.map(item => link(item, names))
  if (typeof part !== 'object' || part === null) return part
  const name = top ? undefined : names.get(fingerprint(part))
  if (name !== undefined) return { $ref: `${name}#` }
  const { patternProperties, additionalProperties, ...rest } = part as Record<string, unknown>
  const linked = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, link(value, names)]))
  const [[pattern, value] = []] = Object.entries((patternProperties ?? {}) as Record<string, unknown>)
  if (pattern !== undefined) return { ...linked, propertyNames: { pattern }, additionalProperties: link(value, names) }
  return additionalProperties === undefined ? linked : { ...linked, additionalProperties }
}

/** TypeBox copies a schema that it makes optional, so that identity does not tell. */
function fingerprint(schema: unknown): string {
  return JSON.stringify(schema)
}

/** A link to a component, with the type of what it describes. */
export function reference<Schema extends TSchema>(name: string, _schema?: Schema) {
  return Type.Unsafe<Static<Schema>>({ $ref: `${name}#` })
}
