/** /v1/status, /healthz and /readyz: how the gate is doing. */
import { readFileSync } from 'node:fs'
import { release } from 'node:os'
import { Type } from 'typebox'
import { modeNames } from '../dataplane/mode.ts'
import { RequestError } from '../errors.ts'
import { object } from '../policy/schema.ts'
import { answers } from './answers.ts'
import { shownPending } from './confirm.ts'
import type { App, Context } from './context.ts'
import { reference } from './schemas.ts'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }
const startedAt = new Date().toISOString()

const statusSchema = object(
  {
    version: Type.String({ examples: ['0.1.0'] }),
    startedAt: Type.String({ format: 'date-time' }),
    revision: Type.Integer({ description: 'Newest that was accepted' }),
    revisionInForce: Type.Integer({ description: 'That the kernel enforces' }),
    inSync: Type.Boolean({ description: 'Whether they are the same' }),
    trouble: Type.Union([Type.String(), Type.Null()], { description: 'Why they are not' }),
    mode: Type.Enum([...modeNames]),
    pendingConfirm: Type.Union([reference('PendingConfirm'), Type.Null()], { description: 'What waits for its confirmation' }),
    devices: Type.Array(reference('DeviceStatus')),
    capacity: Type.Array(object({ table: Type.String(), used: Type.Integer(), max: Type.Integer() }), {
      description: 'Rows of each table',
    }),
    kernel: object({ release: Type.String({ examples: ['6.1.0'] }) }),
  },
  { description: 'How the gate is doing' },
)
const wordSchema = object({ status: Type.Enum(['ok', 'ready']) }, { description: 'One word' })

export function status(app: App, { gate, dataplane, modes }: Context): void {
  const tags = ['host']

  app.get(
    '/v1/status',
    {
      schema: {
        operationId: 'getStatus',
        tags,
        summary: 'Read how the gate is doing',
        querystring: object({}),
        response: answers({ 200: statusSchema }),
      },
    },
    async () => ({
      version,
      startedAt,
      revision: gate.revision,
      revisionInForce: dataplane.revision,
      inSync: gate.trouble === undefined && gate.revision === dataplane.revision,
      trouble: gate.trouble ?? null,
      mode: modes.now().mode,
      pendingConfirm: shownPending(gate),
      devices: gate.attached(),
      capacity: [...gate.use, dataplane.connectionUse()],
      kernel: { release: release() },
    }),
  )

  app.get(
    '/healthz',
    {
      config: { access: 'everybody' },
      schema: {
        operationId: 'getHealth',
        tags,
        summary: 'Whether the daemon answers',
        security: [],
        response: answers({ 200: wordSchema }),
      },
    },
    async () => ({ status: 'ok' }),
  )

  app.get(
    '/readyz',
    {
      config: { access: 'everybody' },
      schema: {
        operationId: 'getReadiness',
        tags,
        summary: 'Whether the newest policy is in force',
        security: [],
        response: answers({ 200: wordSchema }),
      },
    },
    async () => {
      if (gate.trouble !== undefined) throw new RequestError('unavailable', 'the newest policy is not in force')
      return { status: 'ready' }
    },
  )
}
