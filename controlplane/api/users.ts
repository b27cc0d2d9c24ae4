/** Who refers to an object that somebody wants to delete. */
import type { Fault } from '../errors.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { pointer } from '../policy/problem.ts'

/** Every place in rules, services and detectors that says `reference`, wherever it stands in them. */
export function usersOf(document: PolicyDocument, reference: string, what: string): Fault[] {
  const { rules, services, detectors } = document
  const filled = Object.entries(detectors ?? {})
    .filter(([, { set }]) => `@${set}` === reference)
    .map(([name]) => ['detectors', name, 'set'])
  return [...places({ rules, services, detectors }, reference, []), ...filled].map(path => ({
    pointer: pointer(...path),
    code: 'in_use',
    detail: `${path.slice(0, 2).join('/')} uses ${what}`,
  }))
}

function places(value: unknown, reference: string, path: string[]): string[][] {
  if (value === reference) return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => places(part, reference, [...path, key]))
}
