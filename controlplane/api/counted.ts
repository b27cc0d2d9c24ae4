/** Counters of an object, by its name. */
import type { CounterKind } from '../store/store.ts'
import type { Context } from './context.ts'

const readers = { rules: 'rule', services: 'service', backends: 'backend' } as const

/** JSON numbers are exact up to 2^53: a month of bytes at 25 Gbit/s. Beyond, the last digits are rounded. */
export function counted({ gate, dataplane }: Pick<Context, 'gate' | 'dataplane'>, kind: CounterKind, name: string) {
  const id = gate.registry.ids[kind].get(name)
  if (id === undefined) return { packets: 0, bytes: 0, countedSince: null }
  const { packets, bytes } = dataplane.counters[readers[kind]](id)
  const since = gate.registry.countedSince(kind, id)
  return { packets: Number(packets), bytes: Number(bytes), countedSince: since === undefined ? null : new Date(since).toISOString() }
}
