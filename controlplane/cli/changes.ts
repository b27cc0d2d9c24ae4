/** What a dry run would change, one line each: + added, - removed, ~ replaced. */
import type { Change } from '../policy/difference.ts'
import { type Colour, type Paint, plain } from './io.ts'

const marks: Record<Change['op'], readonly [string, Colour]> = { add: ['+', 'green'], remove: ['-', 'red'], replace: ['~', 'yellow'] }

/** @param columns of the terminal, which lines are cut to; undefined: lines are whole. */
export function changeLines(changes: readonly Change[], paint: Paint, columns?: number): string[] {
  return changes.flatMap(byObject).map(change => {
    const [mark, colour] = marks[change.op]
    const line = plain(`${mark} ${change.path}  ${valueText(change)}`.trimEnd())
    return paint(colour, columns !== undefined && line.length > columns ? `${line.slice(0, columns - 1)}…` : line)
  })
}

/** The first rule brings `rules` with it, the last takes it away: people think of the rules. */
function byObject(change: Change): Change[] {
  const { op, path, from, to } = change
  const section = op === 'add' ? to : from
  if (op === 'replace' || !/^\/[a-z]+$/.test(path) || !isObject(section)) return [change]
  return Object.entries(section).map(([name, value]) => ({
    op,
    path: `${path}/${name}`,
    ...(op === 'add' ? { to: value } : { from: value }),
  }))
}

function valueText(change: Change): string {
  if (change.op === 'add') return JSON.stringify(change.to)
  if (change.op === 'remove') return ''
  return entriesText(change) ?? `${JSON.stringify(change.from)} → ${JSON.stringify(change.to)}`
}

/** Entries of a set are counted, not listed: there may be millions. */
function entriesText({ path, from, to }: Change): string | undefined {
  if (!/^\/sets\/[^/]+\/entries$/.test(path) || !isObject(from) || !isObject(to)) return undefined
  return `${from.entryCount} → ${to.entryCount} (${to.added} added, ${to.updated} updated, ${to.removed} removed)`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
