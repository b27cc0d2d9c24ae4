/** JSON as a client may send it: what JSON.parse would swallow (duplicate keys, `__proto__`) is told with its place. */
import type { Fault } from '../errors.ts'
import { pointer } from '../policy/problem.ts'

export type Parsed = { readonly value: unknown } | { readonly faults: Fault[] }

/** Policies nest 8 deep; more would only exhaust the stack of what reads them. */
export const maxDepth = 64

export const tooDeep: Fault = { pointer: '', code: 'malformed', detail: `nested more than ${maxDepth} deep` }

export function parseJson(text: string): Parsed {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { faults: [{ pointer: '', code: 'malformed', detail: `not JSON: ${(error as Error).message}` }] }
  }
  const faults = scanKeys(text)
  return faults.length > 0 ? { faults } : { value }
}

interface Level {
  /** Absent in a list. */
  readonly keys?: Set<string>
  key: string | number
}

/** Goes through valid JSON once. A text in front of a colon is a key, any other a value. */
function scanKeys(text: string): Fault[] {
  const faults: Fault[] = []
  const levels: Level[] = []
  const here = (key: string | number) => pointer(...levels.slice(0, -1).map(level => level.key), key)
  let expectKey = false
  for (let at = 0; at < text.length; at++) {
    const level = levels[levels.length - 1]
    switch (text.charCodeAt(at)) {
      case 0x7b: // {
        levels.push({ keys: new Set(), key: '' })
        expectKey = true
        break
      case 0x5b: // [
        levels.push({ key: 0 })
        expectKey = false
        break
      case 0x7d: // }
      case 0x5d: // ]
        levels.pop()
        expectKey = false
        break
      case 0x2c: // ,
        if (level?.keys) expectKey = true
        else if (level) level.key = Number(level.key) + 1
        break
      case 0x22: {
        // "
        const end = endOfText(text, at)
        if (expectKey && level?.keys) {
          const key = JSON.parse(text.slice(at, end + 1)) as string
          faults.push(...keyFaults(level.keys, key, here(key)))
          level.keys.add(key)
          level.key = key
          expectKey = false
        } else if (!isWellFormed(text.slice(at, end + 1))) {
          faults.push({ pointer: here(level?.key ?? ''), code: 'malformed', detail: 'half of a surrogate pair is no character' })
        }
        at = end
        break
      }
    }
    if (levels.length > maxDepth) return [tooDeep]
  }
  return faults
}

function keyFaults(keys: Set<string>, key: string, where: string): Fault[] {
  if (key === '__proto__') return [{ pointer: where, code: 'unknown_field', detail: '__proto__ is not a field' }]
  if (keys.has(key))
    return [{ pointer: where, code: 'malformed', detail: `"${key}" occurs twice in one object`, hint: 'keep one of the two' }]
  return []
}

function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++
  return backslashes % 2 === 1
}

/** Escapes are looked at only where there are any, so that long lists of prefixes are scanned at full speed. */
function isWellFormed(quoted: string): boolean {
  return !quoted.includes('\\u') || !/\p{Cs}/u.test(JSON.parse(quoted) as string)
}

/** One text for one value: keys in byte order, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
  })
}

/** RFC 7396: null removes, objects merge, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value)
  }
  return merged
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
