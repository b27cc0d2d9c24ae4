/** /metrics: counters of the dataplane, read from its mapped arrays when somebody scrapes. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { modeNames } from '../dataplane/mode.ts'
import { entryCount } from '../policy/entry-set.ts'
import type { CounterKind } from '../store/store.ts'
import { answers } from './answers.ts'
import type { App, Context } from './context.ts'

interface Sample {
  readonly labels: Record<string, string>
  readonly packets: bigint
  readonly bytes: bigint
}

const trackingHelp = [
  ['opened', 'Connections that were entered into the tracking table'],
  ['evicted', 'Unanswered connections that made room for others before their idle time'],
  ['shed', 'Connections that were not tracked, since their part of the table is full of answered ones'],
] as const

export function metrics(app: App, context: Context): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const [name, labels, help, samples] of counters(context)) {
    for (const unit of ['packets', 'bytes'] as const) {
      new Counter({
        name: `drawgate_${name}_${unit}_total`,
        help: `${unit === 'packets' ? 'Packets' : 'Bytes of IP packets'} ${help}`,
        labelNames: labels,
        registers: [registry],
        collect() {
          this.reset()
          for (const sample of samples()) this.inc(sample.labels, Number(sample[unit]))
        },
      })
    }
  }
  const { gate, dataplane, modes, health } = context
  for (const [name, help] of [
    ['sent', 'Events that the programs have sent'],
    ['lost', 'Events that the programs could not send: beyond what a CPU may spend on them, or nobody read'],
  ] as const) {
    new Counter({
      name: `drawgate_events_${name}_total`,
      help,
      labelNames: ['type'],
      registers: [registry],
      collect() {
        this.reset()
        for (const count of dataplane.events.counts()) this.inc({ type: count.type }, Number(count[name]))
      },
    })
  }
  for (const [event, help] of trackingHelp) {
    new Counter({
      name: `drawgate_connections_${event}_total`,
      help,
      registers: [registry],
      collect() {
        this.reset()
        this.inc(Number(dataplane.counters.tracking()[event]))
      },
    })
  }
  new Counter({
    name: 'drawgate_flows_total',
    help: 'Flows in windows of services whose rings have changed, by what happened to them',
    labelNames: ['event'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [event, count] of Object.entries(dataplane.counters.flows())) this.inc({ event }, Number(count))
    },
  })
  new Counter({
    name: 'drawgate_health_checks_total',
    help: 'Health checks that have ended, by result',
    labelNames: ['service', 'backend', 'result'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [key, { succeeded, failed }] of health.counts()) {
        this.inc({ ...split(key), result: 'success' }, succeeded)
        this.inc({ ...split(key), result: 'failure' }, failed)
      }
    },
  })
  gauge(registry, 'backend_up', '1: its health checks succeed; 0: it gets no packets', ['service', 'backend'], set => {
    for (const [key, { isUp }] of health.counts()) set(split(key), isUp ? 1 : 0)
  })
  gauge(registry, 'revision', 'Revision that the kernel enforces', [], set => set({}, dataplane.revision))
  gauge(registry, 'mode', '1: the mode that packets meet', ['mode'], set => {
    const now = modes.now().mode
    for (const mode of modeNames) set({ mode }, mode === now ? 1 : 0)
  })
  gauge(registry, 'in_sync', '1: the kernel enforces the newest revision', [], set => set({}, gate.trouble === undefined ? 1 : 0))
  gauge(registry, 'capacity_used', 'Rows of a table in use', ['table'], set => {
    for (const { table, used } of [...gate.use, dataplane.connectionUse()]) set({ table }, used)
  })
  gauge(registry, 'capacity_max', 'Rows that a table has', ['table'], set => {
    for (const { table, max } of [...gate.use, dataplane.connectionUse()]) set({ table }, max)
  })
  gauge(registry, 'set_entries', 'Entries of a set', ['set'], set => {
    for (const name of Object.keys(gate.document.sets ?? {})) set({ set: name }, entryCount(gate.registry.entriesOf(name)))
  })

  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        tags: ['seeing'],
        summary: 'Read the metrics, for Prometheus',
        response: answers({ 200: { description: 'Prometheus text format', content: { 'text/plain': { schema: { type: 'string' } } } } }),
      },
    },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  )
}

function counters({ gate, dataplane }: Context): [name: string, labels: string[], help: string, samples: () => Sample[]][] {
  const named =
    (kind: CounterKind, read: (id: number) => { packets: bigint; bytes: bigint }, labels: (name: string) => Record<string, string>) => () =>
      [...gate.registry.ids[kind]].map(([name, id]) => ({ labels: labels(name), ...read(id) }))
  return [
    [
      'rule',
      ['rule'],
      'that a rule decided',
      named(
        'rules',
        id => dataplane.counters.rule(id),
        rule => ({ rule }),
      ),
    ],
    [
      'service',
      ['service'],
      'for a service',
      named(
        'services',
        id => dataplane.counters.service(id),
        service => ({ service }),
      ),
    ],
    ['backend', ['service', 'backend'], 'sent to a backend', named('backends', id => dataplane.counters.backend(id), split)],
    [
      'outcome',
      ['hook', 'verdict', 'reason'],
      'by what became of them, and why',
      () =>
        dataplane.counters
          .outcomes()
          .map(({ hook, verdict, reason, packets, bytes }) => ({ labels: { hook, verdict, reason }, packets, bytes })),
    ],
  ]
}

function split(name: string): { service: string; backend: string } {
  const [service = '', backend = ''] = name.split('/')
  return { service, backend }
}

function gauge(
  registry: Registry,
  name: string,
  help: string,
  labelNames: string[],
  collect: (set: (labels: Record<string, string>, value: number) => void) => void,
): void {
  new Gauge({
    name: `drawgate_${name}`,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset()
      collect((labels, value) => this.set(labels, value))
    },
  })
}
