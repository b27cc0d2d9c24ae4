/** The policy as a plain reader would keep it: what each request of model.test.ts does, and what it is answered. */

export interface Rule {
  readonly priority: number
  readonly direction: 'ingress'
  readonly action: 'allow' | 'deny'
  readonly match: { readonly protocol: 'udp'; readonly destinationPorts: readonly string[]; readonly source?: readonly string[] }
}

interface Declared {
  readonly rules: Readonly<Record<string, Rule>>
  /** Entries by set; those of the two sets that there always are. */
  readonly entries: Readonly<Record<string, readonly string[]>>
}

export interface Model extends Declared {
  readonly revision: number
  /** By rule. */
  readonly etags: Readonly<Record<string, number>>
  readonly pending?: { readonly revision: number; readonly back: Declared }
  /** Rules as they were at each revision. */
  readonly history: Readonly<Record<number, Declared['rules']>>
}

export type Request =
  | { readonly kind: 'put'; readonly name: string; readonly rule: Rule; readonly waits: boolean; readonly ifMatch?: number }
  | { readonly kind: 'delete'; readonly name: string }
  | { readonly kind: 'add' | 'remove'; readonly set: string; readonly prefix: string }
  | { readonly kind: 'replace'; readonly rules: Readonly<Record<string, Rule>>; readonly waits: boolean }
  | { readonly kind: 'restore'; readonly revision: number }
  | { readonly kind: 'confirm'; readonly revision: number }
  | { readonly kind: 'rollBack' }

export interface Expected {
  readonly status: number
  readonly revision?: number
}

const equal = (left: unknown, right: unknown) => JSON.stringify(sorted(left)) === JSON.stringify(sorted(right))

function sorted(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  )
}

/** The next state, and the answer. */
export function answer(model: Model, request: Request): [Model, Expected] {
  const { pending } = model
  switch (request.kind) {
    case 'put': {
      const { name, rule, waits, ifMatch } = request
      const exists = Object.hasOwn(model.rules, name)
      if (ifMatch !== undefined && model.etags[name] !== ifMatch) return [model, { status: 412 }]
      return policy(model, { ...model.rules, [name]: rule }, waits, exists ? 200 : 201)
    }
    case 'delete': {
      if (!Object.hasOwn(model.rules, request.name)) return [model, { status: 404 }]
      const { [request.name]: _gone, ...rules } = model.rules
      return policy(model, rules, false, 204)
    }
    case 'replace':
      return policy(model, request.rules, request.waits, 200)
    case 'restore': {
      const rules = model.history[request.revision]
      return rules ? policy(model, rules, false, 200) : [model, { status: 404 }]
    }
    case 'add':
    case 'remove': {
      const before = model.entries[request.set] ?? []
      const after = edited(before, request)
      if (before.length === after.length) return [model, { status: 200, revision: model.revision }]
      const revision = model.revision + 1
      const entries = { ...model.entries, [request.set]: after }
      const back = pending?.back && {
        ...pending.back,
        entries: { ...pending.back.entries, [request.set]: edited(pending.back.entries[request.set] ?? [], request) },
      }
      return [
        {
          ...model,
          revision,
          entries,
          history: { ...model.history, [revision]: model.rules },
          ...(pending && back ? { pending: { ...pending, back } } : {}),
        },
        { status: 200, revision },
      ]
    }
    case 'confirm': {
      if (pending?.revision !== request.revision) return [model, { status: 409 }]
      const { pending: _confirmed, ...rest } = model
      return [rest, { status: 200 }]
    }
    case 'rollBack': {
      if (!pending) return [model, { status: 409 }]
      const { pending: _gone, ...rest } = model
      const [next] = change(rest, pending.back.rules)
      return [
        { ...next, entries: pending.back.entries },
        { status: 200, revision: next.revision },
      ]
    }
  }
}

function edited(before: readonly string[], { kind, prefix }: { kind: string; prefix: string }): readonly string[] {
  const rest = before.filter(one => one !== prefix)
  return kind === 'add' ? [...rest, prefix] : rest
}

function policy(model: Model, rules: Declared['rules'], waits: boolean, status: number): [Model, Expected] {
  if (model.pending) return [model, { status: 409 }]
  if (equal(rules, model.rules)) return [model, { status, revision: model.revision }]
  const [next, revision] = change(model, rules)
  if (!waits) return [next, { status, revision }]
  return [
    { ...next, pending: { revision, back: { rules: model.rules, entries: model.entries } } },
    { status: 202, revision },
  ]
}

function change(model: Model, rules: Declared['rules']): [Model, number] {
  const revision = model.revision + 1
  const etags = Object.fromEntries(
    Object.keys(rules).map(name => [name, equal(rules[name], model.rules[name]) ? (model.etags[name] ?? 0) : revision]),
  )
  return [{ ...model, revision, rules, etags, history: { ...model.history, [revision]: rules } }, revision]
}

/** What a packet from this source to this port meets: the rule's name, or undefined where none matches. */
export function verdict(model: Model, source: string, port: number): { verdict: 'pass' | 'drop'; rule?: string } {
  const ordered = Object.entries(model.rules).sort(([left, a], [right, b]) => a.priority - b.priority || (left < right ? -1 : 1))
  for (const [rule, { action, match }] of ordered) {
    const from = match.source?.some(set => model.entries[set.slice(1)]?.includes(`${source}/32`)) ?? true
    if (from && match.destinationPorts.includes(String(port))) return { verdict: action === 'deny' ? 'drop' : 'pass', rule }
  }
  return { verdict: 'pass' }
}

/** Every order of some requests. */
export function* orders<Item>(items: readonly Item[]): Generator<Item[]> {
  if (items.length === 0) yield []
  for (const [at, item] of items.entries()) for (const rest of orders(items.toSpliced(at, 1))) yield [item, ...rest]
}
