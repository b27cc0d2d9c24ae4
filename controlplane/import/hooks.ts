/** Where netfilter's hooks stand in the two directions of a policy, and what the chains of each become there. */
import { type After, type Flat, Flattener } from './flatten.ts'
import type { Ask } from './meet.ts'
import type { Notes } from './note.ts'
import type { BaseChain, Chain, Hook } from './ruleset.ts'

export interface Directions {
  readonly ingress: readonly Flat[]
  readonly egress: readonly Flat[]
}

/** What the kernel takes for itself, whatever its addresses: the rest is routed. */
const here = ['@local', '127.0.0.0/8', '224.0.0.0/4', '255.255.255.255/32', 'ff00::/8']
/** What it sends itself, also before it has an address. */
const ours = ['@local', '127.0.0.0/8', '0.0.0.0/32', '::/128']
const routedIn: Ask = { notDestination: here }
const routedOut: Ask = { notSource: ours }

export function flattenHooks(chains: readonly BaseChain[], notes: Notes): Directions {
  const at = (hook: Hook) => chains.filter(chain => chain.hook === hook).sort((a, b) => a.priority - b.priority)
  const [prerouting, input, forward, output, postrouting] = [at('prerouting'), at('input'), at('forward'), at('output'), at('postrouting')]
  const leaving = forwardLeaves(forward)
  const [forwardIn, forwardOut] = leaving ? [[], forward] : [forward, []]
  const routes = forward.some(decides)

  if (routes)
    notes.tell(
      0,
      'forward',
      'passes more',
      `what is for none of this host's addresses meets the rules of the forward chains ${leaving ? 'where it goes out' : 'where it comes in'}; that includes packets to the broadcast address of a subnet`,
      'write a rule for 192.0.2.255/32 and the like where they matter',
    )
  else if (input.some(decides))
    notes.tell(
      0,
      'input',
      'drops more',
      'the rules of the input chains also meet packets that this host routes',
      'on a router, add a first rule: {"direction": "ingress", "action": "allow", "match": {"notDestination": ["@local", "224.0.0.0/4", "255.255.255.255/32", "ff00::/8"]}}',
    )

  // Packets that none of the chains meets are let through by what stands behind all rules.
  const families = new Set(chains.map(({ family }) => family))
  const [only] = families.size === 1 ? families : []
  const all: Ask = only === undefined ? {} : { family: only }

  const ingress = new Flattener(notes, { output: 'where a packet goes out is not known when it comes in' })
  const delivered: After = (ask, from) => ingress.bases(input, ask, allow(ingress), from)
  ingress.bases(prerouting, all, (ask, from) => {
    if (routes && !leaving) ingress.within(ask, routedIn, asked => ingress.bases(forwardIn, asked, allow(ingress), from))
    if (routes && leaving) ingress.within(ask, routedIn, asked => allow(ingress)(asked, { chain: 'forward' }))
    delivered(ask, from)
  })

  const egress = new Flattener(notes, { input: 'where a packet came in is not known when it goes out' })
  const sent = [...output, ...postrouting]
  if (sent.some(decides) || leaving) {
    egress.within(all, routedOut, asked => egress.bases([...forwardOut, ...postrouting], asked, allow(egress)))
    egress.bases(sent, all, allow(egress))
  }
  return { ingress: ingress.rules, egress: egress.rules }
}

function allow(flattener: Flattener): After {
  return (ask, from = { chain: 'policy' }) => flattener.emit({ ask, action: 'allow', ...from })
}

/** Whether the chain can refuse anything, or says what this host cannot carry over. */
function decides(base: BaseChain): boolean {
  return base.policy === 'drop' || reachable(base).some(({ rules }) => rules.some(rule => rule.target.kind !== 'none' || rule.cannot))
}

/** Rules that name where packets go out have to stand there: if no rule names where they come in, all can. */
function forwardLeaves(forward: readonly BaseChain[]): boolean {
  const asks = forward.flatMap(base => reachable(base).flatMap(({ rules }) => rules.flatMap(rule => [...rule.asks, ...rule.not])))
  return asks.some(ask => ask.output) && !asks.some(ask => ask.input)
}

function reachable(base: BaseChain): Chain[] {
  const met = new Set<Chain>([base])
  for (const chain of met)
    for (const { target } of chain.rules) {
      const called = 'chain' in target ? base.chains.get(target.chain) : undefined
      if (called !== undefined) met.add(called)
    }
  return [...met]
}
