/** What the checks let through: fields that this dataplane does not enforce are left out of what is generated, so that tests grow with it. */
import { checkPolicy } from '../../controlplane/policy/check.ts'
import type { PolicyDocument } from '../../controlplane/policy/document.ts'
import { parsePrefix, prefixKey } from '../../controlplane/policy/prefix.ts'
import { type Feature, features } from './generate.ts'

const later = new Date(Date.now() + 3_600_000).toISOString()
/** The rule fields and other parts of a policy that make up each feature. */
const probes: Partial<Record<Feature, { rule?: object; policy?: object }>> = {
  notSource: { rule: { match: { notSource: ['192.0.2.7'] } } },
  notDestination: { rule: { match: { notDestination: ['192.0.2.7'] } } },
  icmp: { rule: { match: { protocol: 'icmp', icmp: { type: 8, code: 0 } } } },
  tcpFlags: { rule: { match: { protocol: 'tcp', tcpFlags: { set: ['syn'], unset: ['ack'] } } } },
  state: { rule: { match: { state: ['new', 'established', 'related', 'invalid'] } } },
  fragment: { rule: { match: { fragment: 'any' } } },
  vlan: { rule: { match: { vlan: 100 } } },
  dscp: { rule: { match: { dscp: 46 } } },
  length: { rule: { match: { length: '64-1500' } } },
  cgroup: { rule: { direction: 'egress', match: { cgroup: '/' } } },
  uid: { rule: { direction: 'egress', match: { uid: 0 } } },
  interfaces: { rule: { interfaces: ['eth0', 'eth*'] } },
  observe: { rule: { enforcement: 'observe' } },
  expiresAt: { rule: { expiresAt: later } },
  reject: { rule: { action: 'reject' } },
  limit: { rule: { action: 'limit', limit: { packetsPerSecond: 1, burstPackets: 1, per: 'source', within: 'continue' } } },
  timedEntries: { policy: { sets: { s: { entries: [{ prefix: '192.0.2.7', expiresAt: later }] } } } },
}

export function supportedFeatures(): Set<Feature> {
  return new Set(
    features.filter(feature => {
      const { rule, policy } = probes[feature] ?? {}
      const probe = {
        defaults: {},
        interfaces: {},
        rules: { probe: { direction: 'ingress', action: 'deny', match: {}, ...rule } },
        ...policy,
      }
      return !checkPolicy(probe as unknown as PolicyDocument, { force: true }).problems.some(({ code }) => code === 'unsupported')
    }),
  )
}

/**
 * The document without the rules, entries and services that the checks refuse, as rules that no packet can match. `planned`: with what
 * the API promises and this dataplane does not enforce yet.
 */
export function accepted(document: PolicyDocument, local: readonly string[], planned = false): PolicyDocument {
  const localAddresses = local.map(text => {
    const prefix = parsePrefix(text)
    if ('problem' in prefix) throw new Error(prefix.problem.detail)
    return prefixKey(prefix)
  })
  let rest = document

  for (;;) {
    const problems = checkPolicy(rest, { localAddresses, force: true }).problems.filter(({ code }) => !(planned && code === 'unsupported'))
    if (problems.length === 0) return rest
    const refused = new Set(
      problems.map(({ pointer }) =>
        pointer
          .split('/')
          .slice(1, pointer.startsWith('/sets/') ? 5 : 3)
          .join('/'),
      ),
    )
    const keep = <Value>(section: string, object: Readonly<Record<string, Value>> = {}) =>
      Object.fromEntries(Object.entries(object).filter(([name]) => !refused.has(`${section}/${name}`)))
    const sets = Object.entries(rest.sets ?? {}).map(([name, { entries = [], ...set }]) => [
      name,
      { ...set, entries: entries.filter((_, at) => !refused.has(`sets/${name}/entries/${at}`)) },
    ])
    const next = { ...rest, rules: keep('rules', rest.rules), services: keep('services', rest.services), sets: Object.fromEntries(sets) }

    if (sizeOf(next) === sizeOf(rest)) throw new Error(`refused for no rule, entry or service: ${JSON.stringify(problems.slice(0, 5))}`)
    rest = next
  }
}

function sizeOf({ rules = {}, services = {}, sets = {} }: PolicyDocument): number {
  const entries = Object.values(sets).reduce((sum, set) => sum + (set.entries?.length ?? 0), 0)
  return Object.keys(rules).length + Object.keys(services).length + entries
}
