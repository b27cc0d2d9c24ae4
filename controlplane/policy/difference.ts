/** What changes between two documents, as a dry run tells it. */
import { pointer } from './problem.ts'

export interface Change {
  readonly op: 'add' | 'remove' | 'replace'
  /** RFC 6901 pointer. */
  readonly path: string
  /** Absent for `add`. */
  readonly from?: unknown
  /** Absent for `remove`. */
  readonly to?: unknown
}

/** Smallest changes that lead from one JSON value to the other: objects key by key, lists as a whole. Paths in the order of keys. */
export function difference(from: unknown, to: unknown, path = ''): Change[] {
  if (from === to) return []
  if (isObject(from) && isObject(to))
    return [...new Set([...Object.keys(from), ...Object.keys(to)])]
      .sort()
      .flatMap(key => member(own(from, key), own(to, key), path + pointer(key)))
  return equal(from, to) ? [] : [{ op: 'replace', path, from, to }]
}

/** A rule may be called `constructor`. */
function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function member(from: unknown, to: unknown, path: string): Change[] {
  if (from === undefined) return to === undefined ? [] : [{ op: 'add', path, to }]
  return to === undefined ? [{ op: 'remove', path, from }] : difference(from, to, path)
}

function equal(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((value, at) => equal(value, b[at]))
  return isObject(a) && isObject(b) ? difference(a, b).length === 0 : a === b
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
