/** Several clients write at once. Whatever the order was, there is one: all answers, the document, the kernel and traces agree with it. */
import fc from 'fast-check'
import { test } from 'tap'
import { cannotLoad } from '../dataplane/box.ts'
import { answer, type Expected, type Model, orders, type Request, type Rule, verdict } from './model.ts'
import { type Box, box } from './support.ts'

const names = ['a', 'b', 'c']
const sets = ['s', 'u']
const sources = ['192.0.2.1', '192.0.2.2', '198.51.100.9']
const ports = [7, 9]

const rule: fc.Arbitrary<Rule> = fc.record({
  priority: fc.integer({ min: 1, max: 3 }),
  direction: fc.constant('ingress' as const),
  action: fc.constantFrom('allow' as const, 'deny' as const),
  match: fc.tuple(fc.constantFrom(['7'], ['9'], ['7', '9']), fc.option(fc.constantFrom('@s', '@u'))).map(([destinationPorts, source]) => ({
    protocol: 'udp' as const,
    destinationPorts,
    ...(source === null ? {} : { source: [source] }),
  })),
})
const name = fc.constantFrom(...names)
/** `revision` counts back from the newest; a put with a condition takes the ETag of before the round. */
const request = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('put' as const), name, rule, waits: fc.boolean(), conditional: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), name }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('add' as const, 'remove' as const),
      set: fc.constantFrom(...sets),
      prefix: fc.constantFrom(...sources.map(source => `${source}/32`)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replace' as const), rules: fc.dictionary(name, rule), waits: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), back: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('confirm' as const), right: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rollBack' as const) }) },
)
type Drawn = typeof request extends fc.Arbitrary<infer Value> ? Value : never

function concrete(model: Model, drawn: Drawn): Request {
  switch (drawn.kind) {
    case 'put': {
      const etag = model.etags[drawn.name]
      const { kind, name, rule, waits } = drawn
      return { kind, name, rule, waits, ...(drawn.conditional && etag !== undefined ? { ifMatch: etag } : {}) }
    }
    case 'restore':
      return { kind: 'restore', revision: Math.max(1, model.revision - drawn.back) }
    case 'confirm':
      return { kind: 'confirm', revision: drawn.right ? (model.pending?.revision ?? model.revision) : model.revision + 1 }
    default:
      return drawn
  }
}

const document = (rules: object) => ({
  defaults: { ingress: 'allow', egress: 'allow', management: [] },
  interfaces: {},
  sets: { s: {}, u: {} },
  rules,
})

async function send(it: Box, asked: Request): Promise<Expected> {
  const waits = (wanted: boolean) => (wanted ? '?confirmWithin=1h' : '')
  const ask = () => {
    switch (asked.kind) {
      case 'put':
        return it.put(
          `/v1/rules/${asked.name}${waits(asked.waits)}`,
          asked.rule,
          asked.ifMatch === undefined ? {} : { 'if-match': `"${asked.ifMatch}"` },
        )
      case 'delete':
        return it.delete(`/v1/rules/${asked.name}`)
      case 'add':
      case 'remove':
        return it.patch(`/v1/sets/${asked.set}/entries`, { [asked.kind]: [asked.prefix] })
      case 'replace':
        return it.put(`/v1/policy${waits(asked.waits)}`, document(asked.rules))
      case 'restore':
        return it.post(`/v1/policy/revisions/${asked.revision}/restore`, undefined)
      case 'confirm':
        return it.post('/v1/policy/confirm', { revision: asked.revision })
      case 'rollBack':
        return it.delete('/v1/policy/confirm')
    }
  }
  const { statusCode: status, headers } = await ask()
  const revision = headers['drawgate-revision']
  return { status, ...(revision === undefined || asked.kind === 'confirm' ? {} : { revision: Number(revision) }) }
}

async function rulesOf(it: Box): Promise<unknown> {
  return (await it.get('/v1/policy')).json().rules ?? {}
}

const skip = cannotLoad()
const seed = Number(process.env.DRAWGATE_SEED ?? Date.now() % 1_000_000_007)

test('several clients at once: there is an order that explains every answer, and packets obey it', { skip, timeout: 300_000 }, async t => {
  const it = await box(t)
  await it.put('/v1/policy', document({}))
  t.comment(`seed ${seed}`)

  const property = fc.asyncProperty(
    fc.array(fc.array(request, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 10 }),
    async rounds => {
      if (it.gate.pending) await it.delete('/v1/policy/confirm')
      for (const set of sets) await it.delete(`/v1/sets/${set}/entries`)
      await it.put('/v1/policy', document({}))
      const { revision } = it.gate
      let model: Model = { revision, rules: {}, entries: { s: [], u: [] }, etags: {}, history: { [revision]: {} } }

      for (const round of rounds) {
        // A revision of an earlier sequence is not in the model.
        const asked = round.map(drawn => concrete(model, drawn)).filter(one => one.kind !== 'restore' || one.revision >= revision)
        const answers = await Promise.all(asked.map(one => send(it, one)))
        model = explained(model, asked, answers)
        same('rules', await rulesOf(it), model.rules)
        same('the store', it.store.document()?.rules ?? {}, model.rules)
        same('pending', it.gate.pending?.revision, model.pending?.revision)
        same('revision', [it.gate.revision, it.dataplane.revision], [model.revision, model.revision])
        for (const set of sets) {
          const { items } = (await it.get(`/v1/sets/${set}/entries`)).json()
          same(`entries of ${set}`, items.map(({ prefix }: { prefix: string }) => prefix).sort(), [...(model.entries[set] ?? [])].sort())
        }
        for (const source of sources)
          for (const port of ports) {
            const fields = { source, destination: '203.0.113.1', protocol: 'udp', sourcePort: 5000, destinationPort: port }
            const traced = (await it.post('/v1/trace', { direction: 'ingress', fields })).json()
            const { verdict: said, rule } = traced
            same(`${source} to ${port}`, { verdict: said, ...(rule === undefined ? {} : { rule }) }, verdict(model, source, port))
            same('revision of a trace', traced.revision, model.revision)
          }
      }
    },
  )
  await fc.assert(property, {
    numRuns: Number(process.env.DRAWGATE_RUNS ?? 25),
    seed,
    endOnFailure: false,
    interruptAfterTimeLimit: 200_000,
  })
  t.pass('every round was explained')
})

/** The state after the first order in which the model gives the same answers. */
function explained(model: Model, asked: readonly Request[], answers: readonly Expected[]): Model {
  for (const order of orders([...asked.keys()])) {
    let state = model
    const fits = order.every(at => {
      const [next, expected] = answer(state, asked[at] as Request)
      state = next
      const given = answers[at] as Expected
      return given.status === expected.status && (expected.revision === undefined || given.revision === expected.revision)
    })
    if (fits) return state
  }
  throw new Error(`no order explains ${JSON.stringify(asked)}\n answered ${JSON.stringify(answers)}\n from ${JSON.stringify(model)}`)
}

function same(what: string, is: unknown, wanted: unknown): void {
  const text = (value: unknown): string =>
    JSON.stringify(value, (_key, part) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    ) ?? 'undefined'
  if (text(is) !== text(wanted)) throw new Error(`${what}: ${text(is)}, and not ${text(wanted)}`)
}
