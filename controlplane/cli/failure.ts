/** How a command ends when it does not end well: one exit code for each thing that a script would do next. */
import type { Io } from './io.ts'
import { painter, plain, writeJson, writeLine } from './io.ts'

export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 2,
  unreachable: 3,
  gone: 4,
  forbidden: 5,
  notNow: 6,
} as const

export const exitCodeHelp = `
Exit codes:
  0  done
  1  refused, nothing was changed: stderr says what to correct
  2  wrong command line, nothing was asked of the daemon
  3  no daemon answered
  4  no such object, or somebody else changed it meanwhile (404, 410, 412 stale)
  5  not allowed: token missing, unknown or of too low a role (401, 403)
  6  not now: the same command may work later (429, 503, 507)
"drawgate diff" ends as diff(1) does: 0 no difference, 1 differences, 2 anything else.

With --json errors are one JSON object (RFC 9457) on stderr.`

export interface FaultText {
  readonly pointer?: string
  readonly code?: string
  readonly detail?: string
  readonly hint?: string
}

/** RFC 9457 as the daemon answers it; failures on this side of the socket have the same form, without a status. */
export interface ProblemText {
  readonly title?: string
  readonly status?: number
  readonly detail?: string
  readonly code?: string
  readonly hint?: string
  readonly errors?: readonly FaultText[]
  readonly errorCount?: number
}

export class Failure extends Error {
  readonly exitCode: number
  readonly problem: ProblemText
  /** An exit code says it all. */
  readonly isTold: boolean
  /** Where a pointer leads, in words of who typed the command: a line of a file, an option; empty: nowhere that they know. */
  locate: ((pointer: string) => string) | undefined

  constructor(exitCode: number, problem: ProblemText, isTold = false) {
    super(problem.detail ?? problem.title ?? 'failed')
    this.exitCode = exitCode
    this.problem = problem
    this.isTold = isTold
  }
}

export function usage(detail: string, hint?: string): Failure {
  return new Failure(exitCodes.usage, { code: 'usage', detail, ...(hint === undefined ? {} : { hint }) })
}

export function gone(detail: string, hint?: string): Failure {
  return new Failure(exitCodes.gone, { code: 'not_found', detail, ...(hint === undefined ? {} : { hint }) })
}

export function refused(detail: string, hint?: string): Failure {
  return new Failure(exitCodes.refused, { code: 'refused', detail, ...(hint === undefined ? {} : { hint }) })
}

export function exitCodeOf(status: number, code: string | undefined): number {
  if (code === 'stale' || status === 404 || status === 410) return exitCodes.gone
  if (status === 401 || status === 403) return exitCodes.forbidden
  if (status === 429 || status === 503 || status === 507) return exitCodes.notNow
  return exitCodes.refused
}

export function tell(failure: Failure, io: Io, json: boolean): void {
  if (json) writeJson(io.stderr, failure.problem)
  else for (const line of failureLines(failure, io)) writeLine(io.stderr, line)
}

function failureLines({ problem, message, locate }: Failure, io: Io): string[] {
  const paint = painter(io.stderr)
  const faults = problem.errors ?? []
  const kind = [problem.status, problem.code].filter(part => part !== undefined).join(' ')
  const suffix = problem.status === undefined ? '' : ` ${paint('dim', `(${kind})`)}`
  const hint = (text: string | undefined, indent: string) => (text === undefined ? [] : [`${indent}${paint('yellow', '→')} ${plain(text)}`])
  // The daemon's detail repeats its first fault; with pointers to show, the title says it in general.
  const head = faults.length > 0 ? (problem.title ?? message) : message
  // Reasons of our own may take several lines.
  const lines = [`${paint('red', 'drawgate:')} ${head.split('\n').map(plain).join('\n  ')}${suffix}`]
  if (faults.length === 0) lines.push(...hint(problem.hint, '  '))
  for (const fault of faults) {
    const pointer = fault.pointer ?? ''
    const where = locate === undefined ? pointer : locate(pointer)
    if (where !== '') lines.push(`  ${paint('bold', plain(where))}`)
    lines.push(`    ${plain(fault.detail ?? fault.code ?? '')}`, ...hint(fault.hint, '    '))
  }
  const untold = (problem.errorCount ?? 0) - faults.length
  if (untold > 0) lines.push(`  and ${untold} more`)
  return lines
}
