/** POST /v1/trace: what the loaded program would do to a packet, told with the names of the policy. */
import { Type } from 'typebox'
import { Limit, stateNames } from '../dataplane/abi.ts'
import { type HookName, NativeError } from '../dataplane/dataplane.ts'
import { ruleOutcome } from '../dataplane/trace.ts'
import { type Fault, refuse } from '../errors.ts'
import type { Gate } from '../gate/gate.ts'
import { cgroupIds } from '../native/cgroups.ts'
import { namedCgroups, nearestCgroup } from '../policy/classes.ts'
import { names, object } from '../policy/schema.ts'
import { answers } from './answers.ts'
import type { App, Context } from './context.ts'
import { buildPacket, maxPacketBytes, packetFieldsSchema } from './trace-packet.ts'

const requestSchema = object(
  {
    interface: Type.Optional(
      Type.String({ pattern: names.interface, description: 'Device; absent: rules that name interfaces do not match', examples: ['eth0'] }),
    ),
    direction: Type.Enum(['ingress', 'egress'], { examples: ['ingress'] }),
    packet: Type.Optional(Type.String({ contentEncoding: 'base64', description: 'From the Ethernet header on' })),
    fields: Type.Optional(packetFieldsSchema),
    state: Type.Optional(
      Type.Enum(['new', 'established', 'related', 'invalid'], {
        description: 'As if its connection were in this state; absent: as the live table knows it',
        examples: ['established'],
      }),
    ),
  },
  {
    description: 'Either `packet` or `fields`',
    examples: [
      { direction: 'ingress', fields: { source: '192.0.2.7', destination: '198.51.100.10', protocol: 'tcp', destinationPort: 80 } },
    ],
  },
)

const answerSchema = object(
  {
    verdict: Type.Enum(['pass', 'drop', 'transmit', 'redirect', 'abort']),
    reason: Type.String({ description: 'A row of docs/packet.md', examples: ['rule'] }),
    rule: Type.Optional(Type.String({ description: 'That decided' })),
    service: Type.Optional(Type.String()),
    backend: Type.Optional(Type.String()),
    state: Type.String({ description: 'Of its connection; untracked where no rule asks', examples: ['new'] }),
    observed: Type.Array(Type.String(), { description: 'Rules that matched and only observe; the first 8' }),
    revision: Type.Integer({ description: 'Of the policy that answered' }),
    hook: Type.String({ examples: ['xdp_ingress'] }),
    steps: Type.Array(
      object({
        stage: Type.String({ examples: ['firewall'] }),
        outcome: Type.String({ examples: ['rule'] }),
        detail: Type.String({ examples: ['block-bad'] }),
      }),
      { description: 'In the order in which the packet met them' },
    ),
    packet: Type.String({ contentEncoding: 'base64', description: 'After rewriting' }),
  },
  { description: 'What would happen to the packet' },
)

export function trace(app: App, { gate, dataplane, network }: Context): void {
  app.post(
    '/v1/trace',
    {
      config: { access: 'viewer', changesNothing: true },
      schema: {
        operationId: 'trace',
        tags: ['seeing'],
        summary: 'Ask what would happen to a packet',
        querystring: object({}),
        body: requestSchema,
        response: answers({ 200: answerSchema }),
      },
    },
    async request => {
      const { interface: device, direction, packet, fields, state } = request.body
      const faults: Fault[] = []
      if ((packet === undefined) === (fields === undefined)) {
        faults.push({ pointer: '', code: 'malformed', detail: 'send packet or fields, and not both' })
      }
      const built = fields ? buildPacket(fields) : { packet: packet === undefined ? new Uint8Array() : decoded(packet, faults) }
      if ('faults' in built) faults.push(...built.faults.map(fault => ({ ...fault, pointer: `/fields${fault.pointer}` })))
      const found = network.devices().find(it => it.name === device)
      if (device !== undefined && !found)
        faults.push({ pointer: '/interface', code: 'unknown_interface', detail: `this host has no device ${device}` })
      if (faults.length > 0 || 'faults' in built) throw refuse(faults)

      const ask = (hook: HookName) => {
        try {
          return {
            hook,
            ...dataplane.trace({
              hook,
              packet: built.packet,
              ...(found === undefined ? {} : { ifindex: found.ifindex }),
              ...(state === undefined ? {} : { state }),
              ...(fields?.cgroup === undefined ? {} : { cgroup: cgroupIdOf(fields.cgroup, gate) }),
              ...(fields?.uid === undefined ? {} : { uid: fields.uid }),
            }),
          }
        } catch (error) {
          // The kernel does not make an skb of everything that a wire may carry, such as an IP packet without a whole header.
          if (!(error instanceof NativeError) || error.errno !== EINVAL) throw error
          throw refuse([
            {
              pointer: packet === undefined ? '/fields' : '/packet',
              code: 'malformed',
              detail: `the kernel does not run ${hook} on ${built.packet.length} such bytes`,
            },
          ])
        }
      }
      const first = ask(hookOf(direction, device === undefined ? undefined : gate.attached().find(it => it.name === device)?.mode))
      // What XDP leaves to tc_ingress is judged there from the beginning.
      const answer = first.verdict === 'handover' ? ask('tc_ingress') : first
      const called = namesOf(gate)
      const rule = called.rules.get(answer.ruleId)
      const service = called.services.get(answer.serviceId)
      const backend = called.backends.get(answer.backendId)?.split('/')[1]
      return {
        verdict: answer.verdict,
        reason: answer.reason,
        ...(rule === undefined ? {} : { rule }),
        ...(service === undefined ? {} : { service }),
        ...(backend === undefined ? {} : { backend }),
        state: answer.state,
        observed: answer.observed.slice(0, Limit.observedTold).map(id => called.rules.get(id) ?? `rule ${id}`),
        revision: answer.revision,
        hook: answer.hook,
        steps: answer.steps.map(({ stage, outcome, detail }) => ({ stage, outcome, detail: detailOf(stage, detail, called) })),
        packet: Buffer.from(answer.packet).toString('base64'),
      }
    },
  )
}

const EINVAL = 22

/** What stands for a sender among the control groups that rules name; 0: none of them is around it. */
function cgroupIdOf(path: string, gate: Gate): bigint {
  const nearest = nearestCgroup(path, namedCgroups(gate.document))
  return nearest === undefined ? 0n : (cgroupIds([nearest]).get(nearest) ?? 0n)
}

/** A device without our XDP program is looked at by tc_ingress. */
function hookOf(direction: 'ingress' | 'egress', mode: string | undefined): HookName {
  if (direction === 'egress') return 'tc_egress'
  return mode === 'off' ? 'tc_ingress' : 'xdp_ingress'
}

function decoded(text: string, faults: Fault[]): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  const bad = (detail: string) => faults.push({ pointer: '/packet', code: 'malformed', detail })
  if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) bad('not base64')
  else if (bytes.length < 14) bad(`${bytes.length} bytes are less than an Ethernet header`)
  else if (bytes.length > maxPacketBytes) bad(`${bytes.length} bytes are more than ${maxPacketBytes}`)
  return Uint8Array.from(bytes)
}

type Names = Record<'rules' | 'services' | 'backends', ReadonlyMap<number, string>>

function namesOf(gate: Gate): Names {
  const turned = (ids: ReadonlyMap<string, number>) => new Map([...ids].map(([name, id]) => [id, name]))
  return {
    rules: turned(gate.registry.ids.rules),
    services: turned(gate.registry.ids.services),
    backends: turned(gate.registry.ids.backends),
  }
}

const outcomeWords = { decided: '', observed: ' (observed)', expired: ' (expired)', within: ' (within its limit)' } as const

/** The two numbers of a step, as words; see `struct trace_step` in shared.h. */
function detailOf(stage: string, [first, second]: readonly [number, number], called: Names): string {
  switch (stage) {
    case 'parse':
      return `protocol ${first}, ${['no fragment', 'first fragment', 'later fragment'][second] ?? second}`
    case 'prefixes':
      return `source in membership ${first}, destination in membership ${second}`
    case 'track':
      return `${stateNames[first] ?? first}, ${second === 1 ? 'of a tracked connection' : 'of no tracked connection'}`
    case 'firewall':
      return first === 0 ? 'no rule matched' : `${called.rules.get(first) ?? `rule ${first}`}${outcomeWords[ruleOutcome(second)]}`
    case 'balance':
      return [called.services.get(first), called.backends.get(second)?.split('/')[1]].filter(name => name !== undefined).join('/')
    default:
      return ''
  }
}
