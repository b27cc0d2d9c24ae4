/** Chains that jump and return, made into one list of rules of which the first that matches decides. */
import type { RuleValue } from '../policy/document.ts'
import { type Ask, isAsk, meet, nothing } from './meet.ts'
import { type Effect, ImportFailure, type Notes } from './note.ts'
import type { BaseChain, Chain, ForeignRule, Rate } from './ruleset.ts'

export interface Flat {
  readonly ask: Ask
  readonly action: RuleValue['action']
  readonly limit?: RuleValue['limit']
  /** Where it comes from; without a line: the policy of a chain. */
  readonly chain: string
  readonly rule?: ForeignRule
}

type From = Pick<Flat, 'chain' | 'rule'>
/** Emits the decision about all packets that ask for this, so that none of them goes on to what is emitted later. */
export type After = (ask: Ask, from?: From) => void

/** Of the chain that is walked. */
interface Place {
  readonly base: BaseChain
  /** In a chain that others follow, to accept means to go on to those. */
  readonly accept: After
}

/** A return in the midst of a chain repeats what comes after for those that return; what multiplies beyond this is no policy to read. */
const maxRules = 10_000
const maxWide = 256

export class Flattener {
  #rules: Flat[] = []
  #seen = new Set<string>()
  #wide: Ask[] = []
  #quiet = false
  readonly #notes: Notes
  /** Fields that this direction does not know: said of a rule that asks for them. */
  readonly #unknown: Readonly<Partial<Record<'input' | 'output', string>>>
  readonly #limits = new Set<string>()

  constructor(notes: Notes, unknown: Readonly<Partial<Record<'input' | 'output', string>>>) {
    this.#notes = notes
    this.#unknown = unknown
  }

  get rules(): readonly Flat[] {
    return this.#rules
  }

  /** Emits for those of `ask` that also ask for this. */
  within(ask: Ask, also: Ask, emitting: (ask: Ask) => void): void {
    const met = meet(ask, also)
    if (isAsk(met)) emitting(met)
    // No field of these two is one that cannot be said together.
    else if (met !== nothing) throw new ImportFailure(0, met.cannot)
  }

  emit(flat: Flat): void {
    const key = JSON.stringify(flat.ask)
    if (this.#seen.has(key)) return
    if (flat.action !== 'limit') this.#seen.add(key)
    this.#rules.push(flat)
    if (flat.action !== 'limit' && Object.keys(flat.ask).length <= 3 && this.#wide.length < maxWide) this.#wide.push(flat.ask)
    if (this.#rules.length > maxRules)
      throw new ImportFailure(
        flat.rule?.line ?? 0,
        `jumps and returns multiply to more than ${maxRules} rules; take apart the chain ${flat.chain}`,
      )
  }

  /** One base chain after the other: each but the last can only refuse for good. */
  bases(chains: readonly BaseChain[], ask: Ask, after: After, from?: From): void {
    const [base, ...rest] = chains
    if (base === undefined) {
      after(ask, from)
      return
    }
    const own = meet(ask, {
      ...(base.family && { family: base.family }),
      ...(base.devices && { [base.hook === 'prerouting' ? 'input' : 'output']: base.devices }),
    })
    if (isAsk(own)) {
      const accept: After = (asked, from) => this.bases(rest, asked, after, from)
      const policy = { chain: `${base.name}-policy` }
      const byPolicy: After = asked =>
        base.policy === 'drop' ? this.emit({ ask: asked, action: 'deny', ...policy }) : accept(asked, policy)
      const ended = this.#walk(base, 0, { base, accept }, own, byPolicy)
      if (!ended && base.policy === 'drop') byPolicy(own)
      if ((ended || base.policy === 'drop') && same(own, ask)) return
    }
    this.bases(rest, ask, after, from)
  }

  /** @returns whether nothing that asks for this is left. */
  #walk(chain: Chain, from: number, place: Place, ask: Ask, after: After, depth = 0): boolean {
    const { base } = place
    for (let at = from; at < chain.rules.length; at++) {
      const rule = chain.rules[at] as ForeignRule
      if (rule.cannot !== undefined) {
        this.#tell(rule, effectOf(rule, base), rule.cannot, rule.hint)
        continue
      }
      if (rule.target.kind === 'none') continue
      for (const asked of rule.asks) {
        const met = meet(ask, asked)
        if (met === nothing) continue
        const unknown = isAsk(met) ? this.#unknownIn(met) : met.cannot
        if (unknown !== undefined || !isAsk(met)) {
          this.#tell(rule, effectOf(rule, base), unknown ?? '')
          continue
        }
        const rest: After = skipped => {
          if (this.#covered(skipped)) return
          if (!this.#walk(chain, at + 1, place, skipped, after, depth)) after(skipped)
        }
        if (!this.#skip(rule, met, rest, base)) continue
        const all = same(met, ask) && rule.not.length === 0
        const ended = this.#take(rule, chain, place, met, after, rest, depth)
        if (ended && all) return true
      }
    }
    return false
  }

  /** Whether what was emitted decides all of this already. Looked for among the wide ones, which are few. */
  #covered(ask: Ask): boolean {
    return this.#wide.some(wide => {
      const met = meet(ask, wide)
      return isAsk(met) && same(met, ask)
    })
  }

  /** Those that the rule excepts go on behind it. @returns false where that cannot be said. */
  #skip(rule: ForeignRule, ask: Ask, rest: After, base: BaseChain): boolean {
    const excepted = rule.not.map(not => meet(ask, not)).filter(met => met !== nothing)
    const asks = excepted.filter(isAsk)
    const strange = excepted.find(met => !isAsk(met) || this.#unknownIn(met) !== undefined)
    if (strange !== undefined) {
      this.#tell(rule, effectOf(rule, base), isAsk(strange) ? (this.#unknownIn(strange) as string) : strange.cannot)
      return false
    }
    for (const skipped of asks) rest(skipped)
    return true
  }

  #take(rule: ForeignRule, chain: Chain, place: Place, ask: Ask, after: After, rest: After, depth: number): boolean {
    const { target, rate } = rule
    const { base } = place
    if (rate !== undefined) return this.#limit(rule, rate, chain, place, ask, after, rest)
    switch (target.kind) {
      case 'accept':
        place.accept(ask, { chain: chain.name, rule })
        return true
      case 'drop':
        this.emit({ ask, action: 'deny', chain: chain.name, rule })
        return true
      case 'reject':
        this.#tellAnswer(rule, ask, target.answer)
        this.emit({ ask, action: 'reject', chain: chain.name, rule })
        return true
      case 'return':
        after(ask, { chain: chain.name, rule })
        return true
      case 'jump':
      case 'goto': {
        const called = base.chains.get(target.chain)
        if (called === undefined || depth > 64) {
          this.#tell(
            rule,
            'passes more',
            called === undefined ? `there is no chain ${target.chain} in this file` : 'chains call each other in a circle',
          )
          return false
        }
        const ended = this.#walk(called, 0, place, ask, target.kind === 'jump' ? rest : after, depth + 1)
        if (ended || target.kind === 'jump') return ended
        after(ask)
        return true
      }
      case 'none':
        return false
    }
  }

  /** A limit drops what is beyond; so that is what the original has to do with it, now or by what comes behind. */
  #limit(rule: ForeignRule, { limit, beyond }: Rate, chain: Chain, { base, accept }: Place, ask: Ask, after: After, rest: After): boolean {
    const { kind } = rule.target
    const from = { chain: chain.name, rule }
    const refuse = (why: string) => {
      this.#tell(rule, effectOf(rule, base), why)
      return false
    }
    if (rule.asks.length > 1 || this.#limits.has(`${rule.line} ${rule.text}`))
      this.#tell(rule, 'passes more', 'the original counts in one place what several limits of the policy count each for itself')
    if (beyond) {
      if (kind !== 'drop' && kind !== 'reject') return refuse('a limit can only drop what is beyond the rate')
      if (kind === 'reject') this.#tell(rule, 'none', 'what is beyond the rate is dropped, not rejected')
      this.#keepLimit(rule)
      this.emit({ ask, action: 'limit', limit: { ...limit, within: 'continue' }, ...from })
      return false
    }
    if (kind !== 'accept' && kind !== 'return') return refuse('a limit can only let through what is within the rate')
    const behind = this.#probe(() => rest(ask))
    if (behind.some(({ action }) => action !== 'deny' && action !== 'reject'))
      return refuse('what is beyond the rate meets rules that may let it through, and a limit drops it')
    if (behind.some(({ action }) => action === 'reject')) this.#tell(rule, 'none', 'what is beyond the rate is dropped, not rejected')
    this.#keepLimit(rule)
    const first = this.#rules.length
    this.emit({ ask, action: 'limit', limit: { ...limit, within: 'continue' }, ...from })
    if (kind === 'accept') accept(ask, from)
    else after(ask, from)
    const [decided, ...more] = this.#rules.slice(first + 1)
    // "Within: allow" is the same in one rule.
    if (more.length === 0 && decided?.action === 'allow' && same(decided.ask, ask))
      this.#rules.splice(first, 2, { ask, action: 'limit', limit: { ...limit, within: 'allow' }, ...from })
    return true
  }

  #keepLimit(rule: ForeignRule): void {
    if (!this.#quiet) this.#limits.add(`${rule.line} ${rule.text}`)
  }

  /** What would be emitted. */
  #probe(emitting: () => void): Flat[] {
    const before = { rules: this.#rules, seen: this.#seen, wide: this.#wide, quiet: this.#quiet }
    this.#rules = []
    this.#seen = new Set()
    this.#wide = []
    this.#quiet = true
    try {
      emitting()
      return this.#rules
    } finally {
      this.#rules = before.rules
      this.#seen = before.seen
      this.#wide = before.wide
      this.#quiet = before.quiet
    }
  }

  #unknownIn(ask: Ask): string | undefined {
    return (ask.input && this.#unknown.input) ?? (ask.output && this.#unknown.output)
  }

  #tellAnswer(rule: ForeignRule, { protocol }: Ask, answer: string): void {
    const ours = protocol === 6 ? 'tcp-reset' : 'admin-prohibited'
    if (!answer.includes(ours) && !(answer === 'tcp-reset' && protocol === undefined))
      this.#tell(
        rule,
        'none',
        `answered by ${ours === 'tcp-reset' ? 'a TCP reset' : protocol === undefined ? 'a TCP reset, or ICMP "administratively prohibited"' : 'ICMP "administratively prohibited"'}, not by ${answer}`,
      )
  }

  #tell({ line, text }: ForeignRule, effect: Effect, detail: string, hint?: string): void {
    if (!this.#quiet) this.#notes.tell(line, text, effect, detail, hint)
  }
}

function same(left: Ask, right: Ask): boolean {
  const sorted = (ask: Ask) => JSON.stringify(Object.entries(ask).sort(([a], [b]) => (a < b ? -1 : 1)))
  return left === right || sorted(left) === sorted(right)
}

/** What it does to the policy that a rule is missing. */
export function effectOf({ target, rate }: ForeignRule, base: BaseChain, called: ReadonlySet<string> = new Set()): Effect {
  switch (target.kind) {
    case 'none':
      return 'none'
    case 'accept':
      return rate?.beyond ? 'passes more' : 'drops more'
    case 'drop':
    case 'reject':
      return 'passes more'
    case 'return':
    case 'goto':
      return 'passes or drops more'
    case 'jump': {
      if (called.has(target.chain)) return 'none'
      const rules = base.chains.get(target.chain)?.rules ?? []
      const effects = new Set(
        rules.map(rule => effectOf(rule, base, new Set([...called, target.chain]))).filter(effect => effect !== 'none'),
      )
      return effects.size > 1 ? 'passes or drops more' : ([...effects][0] ?? 'none')
    }
  }
}
