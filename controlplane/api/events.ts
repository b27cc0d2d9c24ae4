/** GET /v1/events: what happens, as it happens, as server-sent events. */
import type { ServerResponse } from 'node:http'
import { type Static, Type } from 'typebox'
import { reasonNames } from '../dataplane/abi.ts'
import { RequestError, refuse } from '../errors.ts'
import { isFailure, parsePrefix, prefixKey } from '../policy/prefix.ts'
import { names, object } from '../policy/schema.ts'
import { type Filter, type HappeningType, happeningTypes } from '../visibility/happening.ts'
import { answers } from './answers.ts'
import type { App, Context } from './context.ts'

/** Comments keep what lies between from taking the stream for dead; and a credential that has gone ends it. */
const heartbeatMs = 15_000
const maxListeners = 64

const listOf = (words: readonly string[]) => `^(${words.join('|')})(,(${words.join('|')}))*$`
const reasons = reasonNames.filter(name => name !== 'none')

const eventsQuery = object({
  type: Type.Optional(
    Type.String({
      pattern: listOf(happeningTypes),
      description: `Of ${happeningTypes.join(', ')}, separated by commas (default: all). \`connection\` is not sent yet`,
      examples: ['drop,match'],
    }),
  ),
  rule: Type.Optional(Type.String({ pattern: names.object, description: 'Of this rule', examples: ['block-bad'] })),
  source: Type.Optional(Type.String({ description: 'From this address or prefix', examples: ['192.0.2.0/24'] })),
  reason: Type.Optional(
    Type.String({
      pattern: listOf(reasons),
      description: 'For these reasons (docs/packet.md), separated by commas',
      examples: ['rule,default'],
    }),
  ),
})

const description =
  'Server-sent events. `event` is the type, `data` a JSON object with `time` (RFC 3339) and what is known: of `drop` and `match` the packet by the names of a trace, with ' +
  '`verdict`, `reason`, `rule`, `interface`, and `observed` where a rule only observes; of `detection` `detector`, `type`, the `source` or `destination`, `value`, `window` and `enforced`; of ' +
  '`policy` `revision`, `who` and `cause`; of `attach` the device and its state; of `lost` the `cause` and, where known, the number of `events` that are missing. Drops are told while ' +
  'somebody listens, matches of rules with `log` too. `id` is `epoch-sequence`: sent back as `Last-Event-ID` it goes on from there, as far as the newest 4,096 events reach. Nothing is ' +
  'left out silently: the programs tell at most some 7,600 events of a type in a second on each CPU, a client that reads too slowly falls behind, and `lost` says so.'

export function events(app: App, { journal, access }: Context): void {
  app.get(
    '/v1/events',
    {
      schema: {
        operationId: 'getEvents',
        tags: ['seeing'],
        summary: 'Listen to what happens',
        description,
        querystring: eventsQuery,
        headers: Type.Object({
          'last-event-id': Type.Optional(Type.String({ maxLength: 100, description: '`id` of the last event that was seen' })),
        }),
        response: answers({
          200: { description: 'A stream without end', content: { 'text/event-stream': { schema: { type: 'string' } } } },
        }),
      },
    },
    async (request, reply) => {
      const filter = filterOf(request.query)
      if (journal.filters.length >= maxListeners)
        throw new RequestError('overloaded', `${maxListeners} clients listen already`, { retryAfter: 10 })
      const after = request.headers['last-event-id']
      reply.hijack()
      const stream = reply.raw
      stream.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        connection: 'close',
      })
      stream.write('retry: 1000\n\n')
      const listener = journal.listen({
        filter,
        ...(after === undefined ? {} : { after }),
        send: text => stream.write(text),
      })
      const heartbeat = setInterval(() => {
        if (!access.stillAdmits(request)) stream.end()
        else if (!stream.writableNeedDrain) stream.write(': still here\n\n')
      }, heartbeatMs)
      const leave = () => {
        clearInterval(heartbeat)
        listener.end()
        open.delete(stream)
      }
      open.add(stream)
      stream
        .on('drain', () => listener.go())
        .on('error', leave)
        .on('close', leave)
    },
  )
  const open = new Set<ServerResponse>()
  // A listener would otherwise keep its connection, and the daemon, for as long as it likes.
  app.addHook('preClose', async () => journal.end())
  journal.onEnd(() => {
    for (const stream of open) stream.writableNeedDrain ? stream.destroy() : stream.end()
  })
}

/** @throws RequestError for a prefix that is none. */
function filterOf({ type, rule, source, reason }: Static<typeof eventsQuery>): Filter {
  const prefix = source === undefined ? undefined : parsePrefix(source)
  if (prefix && isFailure(prefix))
    throw refuse([{ ...prefix.problem, pointer: '', detail: `source in the query: ${prefix.problem.detail}` }])
  return {
    types: new Set((type?.split(',') ?? happeningTypes) as HappeningType[]),
    ...(rule === undefined ? {} : { rule }),
    ...(reason === undefined ? {} : { reasons: new Set(reason.split(',')) }),
    ...(prefix === undefined ? {} : { source: prefixKey(prefix) }),
  }
}
