/** Which columns a list has, and in which order its rows stand. */
import type { BackendValue, InterfaceValue, Match, RuleValue, ServiceValue, SetValue } from '../policy/document.ts'
import type { Paint } from './io.ts'
import { type Cell, table } from './table.ts'

/** As in policy/document.ts, whose schemas would take most of the time that a command needs to start. A test compares the two. */
export const defaultPriority = 1000

export const listKinds = ['interfaces', 'sets', 'rules', 'services', 'devices', 'tokens'] as const
export type ListKind = (typeof listKinds)[number]

export function isListKind(word: string): word is ListKind {
  return (listKinds as readonly string[]).includes(word)
}

export interface Item {
  readonly name: string
  readonly [field: string]: unknown
}

interface Counted {
  readonly packets?: number
  readonly bytes?: number
}
export interface DeviceStatus {
  readonly name: string
  readonly state: string
  readonly mode: string
  readonly egress: string
  readonly driver: string
  readonly mtu: number
  readonly error?: string
}
interface DeviceItem {
  readonly ifindex: number
  readonly kind: string
  readonly driver: string
  readonly mtu: number
  readonly up: boolean
  readonly addresses?: readonly string[]
}

interface Columns {
  readonly heads: readonly string[]
  readonly row: (item: Item) => readonly Cell[]
}

const columns: Record<ListKind, Columns> = {
  interfaces: {
    heads: ['NAME', 'XDP', 'EGRESS', 'STATE', 'DEVICES'],
    row: item => {
      const { xdp, egress } = item as InterfaceValue
      const { state, devices = [] } = statusOf<{ state?: string; devices?: readonly DeviceStatus[] }>(item)
      const attached = devices.map(
        ({ name, state, mode, egress, error = state }) => `${name} (${state === 'attached' ? `${mode}, ${egress}` : error})`,
      )
      return [item.name, xdp ?? 'auto', egress ?? 'auto', state, attached.join(' ')]
    },
  },
  sets: {
    heads: ['NAME', 'ENTRIES', 'IPV4', 'IPV6', 'DESCRIPTION'],
    row: item => {
      const { entryCount, ipv4, ipv6 } = statusOf<{ entryCount?: number; ipv4?: number; ipv6?: number }>(item)
      return [item.name, entryCount, ipv4, ipv6, (item as SetValue).description]
    },
  },
  rules: {
    heads: ['PRIORITY', 'NAME', 'DIRECTION', 'ACTION', 'MATCH', 'PACKETS', 'BYTES'],
    row: item => {
      const rule = item as unknown as RuleValue
      const { packets, bytes } = statusOf<Counted>(item)
      return [
        priorityOf(item),
        item.name,
        rule.direction,
        rule.enabled === false ? `${rule.action} (off)` : rule.action,
        matchText(rule.match),
        packets,
        bytes,
      ]
    },
  },
  services: {
    heads: ['NAME', 'ADDRESS', 'PROTOCOL', 'PORTS', 'FORWARDING', 'BACKENDS', 'PACKETS', 'BYTES'],
    row: item => {
      const service = item as unknown as ServiceValue & BackendValue
      const { packets, bytes } = statusOf<Counted>(item)
      const off = service.enabled === false ? ' (off)' : ''
      return [
        item.name + off,
        service.address,
        service.protocol,
        service.ports?.join(',') ?? 'any',
        service.forwarding,
        backendsText(service),
        packets,
        bytes,
      ]
    },
  },
  devices: {
    heads: ['NAME', 'IFINDEX', 'KIND', 'DRIVER', 'MTU', 'UP', 'STATE', 'XDP', 'EGRESS', 'ADDRESSES'],
    row: item => {
      const { ifindex, kind, driver, mtu, up, addresses } = item as unknown as DeviceItem
      const { state, mode, egress } = statusOf<DeviceStatus>(item)
      return [item.name, ifindex, kind, driver, mtu, up, state, mode, egress, addresses?.join(' ')]
    },
  },
  tokens: {
    heads: ['NAME', 'ROLE', 'SETS', 'EXPIRES', 'CREATED', 'CERTIFICATE'],
    row: item => [
      item.name,
      item.role as Cell,
      (item.sets as readonly string[] | null | undefined)?.join(','),
      item.expiresAt as Cell,
      item.createdAt as Cell,
      item.certificate as Cell,
    ],
  },
}

export function tableOf(kind: ListKind, items: readonly Item[], paint: Paint): string[] {
  const { heads, row } = columns[kind]
  return table(heads, items.map(row), paint)
}

/** Rules stand as packets meet them, everything else by name. */
export function orderOf(kind: ListKind): (left: Item, right: Item) => number {
  return (left, right) => (kind === 'rules' ? compareRules(left, right) : 0) || compare(left.name, right.name)
}

function compareRules(left: Item, right: Item): number {
  // "ingress" before "egress".
  return compare(String(right.direction), String(left.direction)) || priorityOf(left) - priorityOf(right)
}

function priorityOf(item: Item): number {
  return (item as unknown as RuleValue).priority ?? defaultPriority
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

function statusOf<Status extends object>(item: Item): Partial<Status> {
  return (item.status ?? {}) as Partial<Status>
}

function matchText(match: Match): string {
  const text = Object.entries(match).map(
    ([field, value]) => `${field} ${Array.isArray(value) ? value.join(',') : typeof value === 'object' ? JSON.stringify(value) : value}`,
  )
  return text.length === 0 ? 'everything' : text.join(' ')
}

function backendsText({ backends = {} }: ServiceValue): string {
  return Object.entries(backends)
    .map(([name, { state }]) => (state === undefined || state === 'active' ? name : `${name} (${state})`))
    .join(' ')
}
