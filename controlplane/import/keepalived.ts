/** The text of keepalived.conf: virtual servers become services, their real servers backends. */
import type { BackendValue, ServiceValue } from '../policy/document.ts'
import { formatAddress } from '../policy/prefix.ts'
import { type Statement, statementsOf } from './keepalived-text.ts'
import { ImportFailure, type Notes } from './note.ts'
import { nameOf } from './policy.ts'
import { prefixesOf, readPrefix, readRange } from './ranges.ts'

export interface NamedService {
  readonly service: ServiceValue
  readonly line: number
  readonly text: string
}

const forwardings: Readonly<Record<string, ServiceValue['forwarding']>> = { nat: 'nat', dr: 'dsr-l2', tun: 'dsr-ipip' }
type Health = NonNullable<ServiceValue['healthCheck']>
const checks: Readonly<Record<string, Health['type']>> = { TCP_CHECK: 'tcp', HTTP_GET: 'http', SSL_GET: 'https' }
const textOf = ({ words }: Statement) => words.join(' ')

export function readKeepalived(text: string, notes: Notes): Map<string, NamedService> {
  const statements = statementsOf(text)
  const groups = new Map(statements.filter(({ words }) => words[0] === 'virtual_server_group').map(group => [group.words[1], group]))
  const services = new Map<string, NamedService>()
  const names = new Set<string>()
  for (const statement of statements) {
    const [kind] = statement.words
    if (kind === 'virtual_server') {
      for (const address of addressesOf(statement, groups, notes)) {
        const service = readService(statement, address, notes)
        if (service === undefined) continue
        const port = service.ports === undefined ? '' : `-${service.ports.join()}`
        services.set(nameOf(`${service.address.replaceAll(':', '.')}${port}-${service.protocol}`, names), {
          service,
          line: statement.line,
          text: textOf(statement),
        })
      }
    } else if (kind === 'vrrp_instance' || kind === 'vrrp_sync_group')
      notes.tell(
        statement.line,
        textOf(statement),
        'none',
        'who holds the address is not ours to say: keepalived goes on doing that, without its virtual servers',
      )
    else if (kind === 'include')
      notes.tell(statement.line, textOf(statement), 'none', 'files that this one includes are not read: give them one by one')
  }
  if (statements.length === 0) throw new ImportFailure(1, 'there is no statement of keepalived in it')
  return services
}

interface Address {
  readonly address: string
  readonly port: string | undefined
}

/** `virtual_server IP PORT`, `fwmark N`, `group NAME` */
function addressesOf(statement: Statement, groups: ReadonlyMap<string | undefined, Statement>, notes: Notes): Address[] {
  const [, first = '', second] = statement.words
  const tell = (of: Statement, why: string) => notes.tell(of.line, textOf(of), 'none', why)
  if (first === 'fwmark') {
    tell(statement, 'a mark is given by rules of the kernel, and a service is known by its address')
    return []
  }
  if (first !== 'group') return ranged(statement, first, second, tell)
  const group = groups.get(second)
  if (group === undefined) tell(statement, `there is no virtual_server_group ${second} in this file`)
  return (group?.body ?? []).flatMap(member => {
    const [address = '', port] = member.words
    if (address !== 'fwmark') return ranged(member, address, port, tell)
    tell(member, 'a mark is given by rules of the kernel, and a service is known by its address')
    return []
  })
}

/** `192.168.200.3-10` is of the last number alone. */
function ranged(statement: Statement, text: string, port: string | undefined, tell: (of: Statement, why: string) => void): Address[] {
  const [from = '', to] = text.split('-')
  const last = to === undefined || to.includes('.') || to.includes(':') ? to : from.replace(/[^.:]+$/, to)
  const range = readRange(last === undefined ? from : `${from}-${last}`)
  if (range === undefined) tell(statement, `${text} is no address`)
  const host = (prefix: string) => prefix.replace(/\/(32|128)$/, '')
  return range === undefined ? [] : prefixesOf(range).map(prefix => ({ address: host(prefix), port: port === '0' ? undefined : port }))
}

/** What changes nothing about where packets go, or is said in another way. */
const silent = new Set([
  'delay_loop',
  'lb_algo',
  'lvs_sched',
  'lb_kind',
  'lvs_method',
  'protocol',
  'persistence_timeout',
  'real_server',
  'virtualhost',
  'retry',
  'delay_before_retry',
  'connect_timeout',
  'warmup',
  'delay_before',
])

function readService(statement: Statement, { address, port }: Address, notes: Notes): ServiceValue | undefined {
  const { body, line } = statement
  const one = (name: string) => body.find(({ words }) => words[0] === name)
  const word = (...names: readonly string[]) => names.map(name => one(name)?.words[1]).find(value => value !== undefined)
  const kind = (word('lb_kind', 'lvs_method') ?? 'NAT').toLowerCase()
  const forwarding = forwardings[kind]
  const protocol = (word('protocol') ?? 'tcp').toLowerCase() as ServiceValue['protocol']
  if (forwarding === undefined || !['tcp', 'udp', 'sctp'].includes(protocol)) {
    notes.tell(line, textOf(statement), 'none', `${forwarding === undefined ? `lb_kind ${kind}` : `protocol ${protocol}`} is not known`)
    return undefined
  }
  const algorithm = word('lb_algo', 'lvs_sched') ?? 'wlc'
  const persistent = word('persistence_timeout') !== undefined || one('persistence_timeout') !== undefined
  const bySource = persistent || algorithm === 'sh' || algorithm === 'mh'
  if (algorithm !== 'sh' && algorithm !== 'mh')
    notes.tell(
      line,
      textOf(statement),
      'none',
      `${algorithm}: here a hash of ${bySource ? 'the client' : 'addresses and ports'} decides the backend, by its weight`,
    )
  if (persistent && word('persistence_timeout') !== undefined)
    notes.tell(
      one('persistence_timeout')?.line ?? line,
      `persistence_timeout ${word('persistence_timeout')}`,
      'none',
      'a client keeps its backend for as long as the backends are the same, without a timeout',
    )
  for (const other of body)
    if (!silent.has(other.words[0] ?? '')) notes.tell(other.line, textOf(other), 'none', `${other.words[0]} is not carried over`)
  const health = healthOf(body, word('delay_loop'), notes)
  return {
    address,
    ...(port === undefined ? {} : { ports: [port] }),
    protocol,
    forwarding,
    ...(bySource ? { hash: 'source' as const } : {}),
    ...(health === undefined ? {} : { healthCheck: health }),
    backends: backendsOf(body, port, notes),
    comment: `${textOf(statement)}, line ${line}`,
  }
}

function backendsOf(body: readonly Statement[], servicePort: string | undefined, notes: Notes): Record<string, BackendValue> {
  const names = new Set<string>()
  const backends: Record<string, BackendValue> = {}
  for (const statement of body.filter(({ words }) => words[0] === 'real_server')) {
    const [, text = '', port] = statement.words
    const address = readPrefix(text)
    if (address === undefined) {
      notes.tell(statement.line, textOf(statement), 'none', `${text} is no address`)
      continue
    }
    const weight = Number(statement.body.find(({ words }) => words[0] === 'weight')?.words[1] ?? 1)
    if (weight > 1000)
      notes.tell(statement.line, textOf(statement), 'none', `a weight of ${weight} is more than 1000, and is taken for that`)
    backends[nameOf(formatAddress(address).replaceAll(':', '.'), names)] = {
      address: formatAddress(address),
      ...(port === undefined || port === '0' || port === servicePort ? {} : { port: Number(port) }),
      weight: Math.min(weight, 1000),
    }
  }
  return backends
}

/** One for all backends: that of the first which has one that is known. */
function healthOf(body: readonly Statement[], loop: string | undefined, notes: Notes): Health | undefined {
  let health: Health | undefined
  for (const server of body.filter(({ words }) => words[0] === 'real_server'))
    for (const check of server.body.filter(({ words, body }) => body.length > 0 || /_(CHECK|GET)$/.test(words[0] ?? ''))) {
      const type = checks[check.words[0] ?? '']
      if (type === undefined) {
        notes.tell(check.line, textOf(check), 'none', `${check.words[0]} is not known: tcp, http, https and grpc are`)
        continue
      }
      const read = readCheck(check, type, loop, notes)
      if (health !== undefined && JSON.stringify(health) !== JSON.stringify(read))
        notes.tell(check.line, textOf(check), 'none', 'a service checks all of its backends alike: as the first')
      health ??= read
    }
  return health
}

function readCheck({ body }: Statement, type: Health['type'], loop: string | undefined, notes: Notes): Health {
  const word = (list: readonly Statement[], name: string) => list.find(({ words }) => words[0] === name)?.words[1]
  const url = body.find(({ words }) => words[0] === 'url')?.body ?? []
  const digest = url.find(({ words }) => words[0] === 'digest')
  if (digest !== undefined) notes.tell(digest.line, textOf(digest), 'none', 'the content of an answer is not looked at, its status is')
  const port = Number(word(body, 'connect_port'))
  const [path, status, host, timeout, retry] = [
    word(url, 'path'),
    word(url, 'status_code'),
    word(url, 'virtualhost'),
    word(body, 'connect_timeout'),
    word(body, 'retry'),
  ]
  const http = type !== 'tcp'
  return {
    type,
    ...(port > 0 ? { port } : {}),
    ...(http && path !== undefined ? { path } : {}),
    ...(http && host !== undefined ? { host } : {}),
    ...(http && status !== undefined ? { expectStatus: status } : {}),
    ...secondsOf('interval', loop),
    ...secondsOf('timeout', timeout),
    ...(retry === undefined ? {} : { fall: Number(retry) + 1 }),
  }
}

function secondsOf(field: 'interval' | 'timeout', text: string | undefined): Partial<Record<'interval' | 'timeout', string>> {
  const seconds = Number(text)
  if (text === undefined || !(seconds > 0)) return {}
  return { [field]: Number.isInteger(seconds) ? `${seconds}s` : `${Math.round(seconds * 1000)}ms` }
}
