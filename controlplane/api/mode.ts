/** /v1/mode: the emergency switch. */
import { Type } from 'typebox'
import { modeNames } from '../dataplane/mode.ts'
import { refuse } from '../errors.ts'
import type { ModeState } from '../gate/mode.ts'
import { intervalSchema, object } from '../policy/schema.ts'
import { parseInterval } from '../policy/time.ts'
import { answers } from './answers.ts'
import type { App, Context } from './context.ts'

const tags = ['host']
const modeSchema = Type.Enum([...modeNames], {
  description:
    'enforce: as the policy says; observe: rules and defaults are counted and drop nothing; pass: no rule is asked, services go on; lockdown: management, essentials and established connections alone',
  examples: ['observe'],
})
const reasonSchema = Type.String({
  minLength: 1,
  maxLength: 1000,
  description: 'For the audit log',
  examples: ['rollout of the new rules'],
})
const requestSchema = object(
  { mode: modeSchema, expiresIn: Type.Optional(intervalSchema('Time until it is enforce again', '15m')), reason: reasonSchema },
  { description: 'The emergency switch' },
)
const answerSchema = object(
  {
    mode: modeSchema,
    expiresAt: Type.Optional(Type.String({ format: 'date-time', description: 'When it is enforce again' })),
    reason: Type.String({ examples: ['rollout of the new rules'] }),
    since: Type.String({ format: 'date-time' }),
    setBy: Type.String({ description: 'Who has set it', examples: ['token deploy'] }),
  },
  { description: 'The emergency switch, and why it stands where it does' },
)

export function mode(app: App, { modes }: Context): void {
  app.get(
    '/v1/mode',
    {
      schema: {
        operationId: 'getMode',
        tags,
        summary: 'Read the emergency switch',
        querystring: object({}),
        response: answers({ 200: answerSchema }),
      },
    },
    async () => shown(modes.now()),
  )

  app.put(
    '/v1/mode',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'setMode',
        tags,
        summary: 'Set the emergency switch: in force with the next packet, outside of revisions',
        querystring: object({}),
        body: requestSchema,
        response: answers({ 200: answerSchema }),
      },
    },
    async request => {
      const { mode, expiresIn, reason } = request.body
      if (mode === 'enforce' && expiresIn !== undefined)
        throw refuse([
          { pointer: '/expiresIn', code: 'malformed', detail: 'enforce is what the others end in', hint: 'leave expiresIn out' },
        ])
      const seconds = expiresIn === undefined ? undefined : parseInterval(expiresIn)
      return shown(modes.set(mode, { reason, who: request.actor?.who ?? '', ...(seconds === undefined ? {} : { seconds }) }))
    },
  )
}

function shown({ expiresAt, since, ...state }: ModeState) {
  return {
    ...state,
    since: new Date(since).toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
  }
}
