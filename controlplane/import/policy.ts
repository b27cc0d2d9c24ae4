/** What was read made into a document, and the document checked: what this dataplane does not take is told and left out. */
import { checkPolicy } from '../policy/check.ts'
import type { PolicyDocument, RuleValue, SetValue } from '../policy/document.ts'
import type { Problem } from '../policy/problem.ts'
import type { Flat } from './flatten.ts'
import type { Directions } from './hooks.ts'
import { matchOf } from './meet.ts'
import type { Note, Notes } from './note.ts'

export interface Imported {
  readonly policy: PolicyDocument
  readonly notes: readonly Note[]
}

/** A rule of the policy, and the line that it comes from. */
interface Named {
  readonly name: string
  readonly rule: RuleValue
  readonly flat: Flat
}

export function policyOf({ ingress, egress }: Directions, sets: Readonly<Record<string, SetValue>>, notes: Notes): Imported {
  const names = new Set<string>()
  const into = withDefault(ingress)
  const out = withDefault(egress)
  const rules = [...named('ingress', into.rules, names), ...named('egress', out.rules, names)]
  const policy: PolicyDocument = {
    // The original knows no packets that come before its rules.
    defaults: { ingress: into.verdict, egress: out.verdict, essentials: false, management: [] },
    interfaces: { '*': {} },
    ...(Object.keys(sets).length > 0 ? { sets: { ...sets } } : {}),
    rules: Object.fromEntries(rules.map(({ name, rule }) => [name, rule])),
  }
  const byName = new Map(rules.map(({ name, flat }) => [name, { line: flat.rule?.line ?? 0, text: flat.rule?.text ?? flat.chain }]))
  return { policy: checked(policy, (_section, name) => byName.get(name) ?? { line: 0, text: name }, notes), notes: notes.list }
}

/** What every packet meets at last is the default; for one family alone it stays a rule. */
function withDefault(flats: readonly Flat[]): { verdict: 'allow' | 'deny'; rules: readonly Flat[] } {
  const bare = ({ ask }: Flat) => Object.keys(ask).every(field => field === 'family')
  const rules = [...flats]
  const families = new Set<number>()
  const taken: Flat[] = []
  for (let last = rules.at(-1); last !== undefined; last = rules.at(-1)) {
    const { family } = last.ask
    if (!bare(last) || last.action === 'limit' || last.action === 'reject') break
    if (family === undefined && taken.some(({ ask }) => ask.family === undefined)) taken.length = 0
    taken.push(last)
    rules.pop()
  }
  // From the first on: what comes behind a decision for a family is not met by it.
  const decided = new Map<number, 'allow' | 'deny'>()
  for (const { ask, action } of taken.reverse())
    for (const family of ask.family === undefined ? [4, 6] : [ask.family])
      if (!families.has(family)) {
        families.add(family)
        decided.set(family, action === 'deny' ? 'deny' : 'allow')
      }
  const [ipv4 = 'allow', ipv6 = 'allow'] = [decided.get(4), decided.get(6)]
  if (ipv4 === ipv6) return { verdict: ipv4, rules }
  const denied = taken.find(
    ({ action, ask }) => action === 'deny' && (ask.family === (ipv4 === 'deny' ? 4 : 6) || ask.family === undefined),
  ) as Flat
  return { verdict: 'allow', rules: [...rules, { ...denied, ask: { family: ipv4 === 'deny' ? 4 : 6 } }] }
}

function named(direction: RuleValue['direction'], flats: readonly Flat[], names: Set<string>): Named[] {
  return flats.map((flat, at) => {
    const { ask, action, limit, chain, rule: { line, text } = {} } = flat
    const interfaces = direction === 'ingress' ? ask.input : ask.output
    const rule: RuleValue = {
      priority: 10 * (at + 1),
      direction,
      ...(interfaces === undefined ? {} : { interfaces: [...interfaces] }),
      action,
      match: matchOf(ask),
      ...(limit === undefined ? {} : { limit }),
      ...(text === undefined ? {} : { comment: text.slice(0, 1000) }),
    }
    return { name: nameOf(line === undefined ? chain : `${chain}-${line}`, names), rule, flat }
  })
}

/** A name that a policy may use, and that nothing else has. */
export function nameOf(wanted: string, names: Set<string>): string {
  const base =
    wanted
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '')
      .slice(0, 55) || 'rule'
  let name = base
  for (let number = 2; names.has(name); number++) name = `${base}-${number}`
  names.add(name)
  return name
}

/** Where an object of the policy comes from. */
export interface Origin {
  readonly line: number
  readonly text: string
}

/** Left out and told: what the checks refuse. Each turn takes something out, so there is an end. */
export function checked(policy: PolicyDocument, originOf: (section: string, name: string) => Origin, notes: Notes): PolicyDocument {
  const rest = structuredClone(policy) as Record<string, Record<string, unknown>>
  for (;;) {
    const { problems } = checkPolicy(rest as unknown as PolicyDocument, { force: true })
    if (problems.length === 0) return rest as unknown as PolicyDocument
    for (const problem of problems) takeOut(rest, problem, originOf, notes)
  }
}

/** The smallest thing around the problem that can be left out. */
function takeOut(
  rest: Record<string, Record<string, unknown>>,
  { pointer, code, detail, hint }: Problem,
  originOf: (section: string, name: string) => Origin,
  notes: Notes,
): undefined {
  const [section = '', name = '', field = '', ...keys] = pointer.slice(1).split('/')
  const object = rest[section]?.[name] as Record<string, unknown> | undefined
  if (object === undefined) return undefined
  const { line, text } = originOf(section, name)
  if (section === 'services' && field === 'backends' && keys.length > 0) {
    const backends = object.backends as Record<string, unknown>
    delete backends[keys[0] as string]
    return notes.tell(line, text, 'none', `the backend ${keys[0]} is left out: ${detail}`)
  }
  if (section === 'services' && ['healthCheck', 'sourceNat', 'whenDown'].includes(field)) {
    delete object[field]
    return notes.tell(line, text, 'none', `${field} is left out: this version does not enforce it`)
  }
  delete rest[section]?.[name]
  if (section !== 'rules') return notes.tell(line, text, section === 'sets' ? 'passes more' : 'none', detail, hint)
  // Fields that exclude each other match nothing in the original either.
  if (code !== 'cannot_match') notes.tell(line, text, object.action === 'allow' ? 'drops more' : 'passes more', detail)
}
