/** `drawgate apply`: a policy file becomes what the gate enforces, whole or not at all. */
import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import type { Change } from '../policy/difference.ts'
import type { Warning } from '../policy/problem.ts'
import { changeLines } from './changes.ts'
import { addClientOptions, type Client, connect } from './client.ts'
import { Failure, usage } from './failure.ts'
import { type Io, painter, plain, readAll, writeJson, writeLine } from './io.ts'
import { locator } from './locate.ts'

interface ApplyFlags {
  readonly confirmWithin?: string
  readonly file: string
  readonly dryRun?: true
  readonly force?: true
  readonly json?: true
}

export interface DryRunAnswer {
  readonly baseRevision: number
  readonly changes: readonly Change[]
  readonly capacity: readonly { readonly table: string; readonly after: number; readonly max: number }[]
  readonly warnings: readonly Warning[]
}

export interface WriteAnswer {
  /** Of what waits for its confirmation. */
  readonly deadline?: string
  readonly revision: number
  readonly previousRevision: number
  readonly warnings: readonly Warning[]
}

const help = `
The file is the whole policy: what it does not name is removed (entries of a set stay when the set has no "entries").
It is refused when somebody else changes the policy at the same moment (exit code 4): run it again.

Examples:
  drawgate apply -f policy.yaml --dry-run
  drawgate apply -f policy.json
  drawgate apply -f policy.yaml --confirm-within 60s    goes back by itself, unless "drawgate confirm" comes in time
  drawgate get policy -o yaml > policy.yaml    the policy as a file to start from
  generate-policy | drawgate apply -f -`

export function addApply(program: Command, io: Io): void {
  const command = program
    .command('apply')
    .description('replace the policy by that of a file, YAML or JSON, and print what changes')
    .requiredOption('-f, --file <file>', 'policy file; - reads standard input')
    .option('--dry-run', 'check it and print what would change; change nothing')
    .option('--force', 'even if it closes a way in of the management (admin)')
    .addOption(confirmWithinOption())
    .addHelpText('after', help)
  addClientOptions(command).action(() => apply(command, io))
}

export function confirmWithinOption(): Option {
  return new Option('--confirm-within <duration>', 'go back after this time (5s to 1h), unless "drawgate confirm" comes before')
}

async function apply(command: Command, io: Io): Promise<void> {
  const flags = command.opts<ApplyFlags>()
  const client = connect(command)
  await policyText(flags.file, io, text => put(client, text, flags, io))
}

/** Does something with a policy file; what is wrong with it is told by its lines. */
export async function policyText<Result>(
  file: string,
  io: Io,
  work: (text: { type: string; body: string }) => Promise<Result>,
): Promise<Result> {
  const { name, text } = await readPolicy(file, io)
  try {
    return await work({ type: mediaType(name, text), body: text })
  } catch (error) {
    if (error instanceof Failure) error.locate = locator(name, text)
    throw error
  }
}

/** Both writes carry the ETag of the policy that the changes were computed from: what is printed is what happens. */
async function put(
  client: Client,
  text: { type: string; body: string },
  { dryRun, force, confirmWithin, json }: ApplyFlags,
  io: Io,
): Promise<void> {
  const { etag } = await client.request('GET', ['policy'])
  const headers = { 'if-match': etag }
  const plan = (await client.request<DryRunAnswer>('PUT', ['policy'], { text, headers, query: { dryRun: true, force } })).body
  if (dryRun) {
    if (json) writeJson(io.stdout, plan)
    else showDryRun(plan, io)
    return
  }
  const answer = (await client.request<WriteAnswer>('PUT', ['policy'], { text, headers, query: { force, confirmWithin } })).body
  if (json) return writeJson(io.stdout, { ...answer, changes: plan.changes })
  showChanges(plan.changes, io)
  showWarnings(answer.warnings, io)
  sayInForce(answer, io)
}

export function sayInForce({ revision, previousRevision, deadline }: WriteAnswer, io: Io): void {
  const what =
    revision === previousRevision
      ? `nothing changed: revision ${revision} is in force`
      : `revision ${revision} is in force (before: ${previousRevision})`
  writeLine(io.stdout, what)
  if (deadline !== undefined) writeLine(io.stdout, `it goes back at ${deadline}\n  → drawgate confirm ${revision}`)
}

function showDryRun(plan: DryRunAnswer, io: Io): void {
  const count = showChanges(plan.changes, io)
  showWarnings(plan.warnings, io)
  // Tables with room to spare are of no interest to people; --json has them all.
  for (const { table, after, max } of plan.capacity.filter(({ after, max }) => after > 0.8 * max)) {
    writeLine(io.stderr, `${painter(io.stderr)('yellow', 'note:')} ${table} would hold ${after} of ${max} rows`)
  }
  const what = count === 0 ? 'nothing would change' : `${count} ${count === 1 ? 'change' : 'changes'}, not made`
  writeLine(io.stdout, `${what}: revision ${plan.baseRevision} stays in force (dry run)`)
}

/** @returns how many lines there were. */
export function showChanges(changes: readonly Change[], io: Io): number {
  const lines = changeLines(changes, painter(io.stdout), io.stdout.isTTY ? io.stdout.columns : undefined)
  for (const line of lines) writeLine(io.stdout, line)
  return lines.length
}

/** On stderr, as they are for people even where the output goes elsewhere. */
export function showWarnings(warnings: readonly Warning[], io: Io): void {
  const paint = painter(io.stderr)
  for (const { pointer, code, detail } of warnings) {
    writeLine(
      io.stderr,
      `${paint('yellow', 'warning:')} ${plain(pointer === '' ? detail : `${pointer}: ${detail}`)} ${paint('dim', `(${plain(code)})`)}`,
    )
  }
}

export async function readPolicy(file: string, io: Io): Promise<{ name: string; text: string }> {
  if (file === '-') return { name: 'standard input', text: await readAll(io.stdin) }
  try {
    return { name: file, text: await readFile(file, 'utf8') }
  } catch (error) {
    throw usage(`cannot read ${file}: ${(error as Error).message}`, 'name a policy file, or - for standard input')
  }
}

/** What looks like JSON is sent as JSON, since its errors are told more plainly; YAML takes the rest. */
export function mediaType(name: string, text: string): string {
  if (name.endsWith('.json')) return 'application/json'
  return /^\s*\{/.test(text) && !/\.ya?ml$/.test(name) ? 'application/json' : 'application/yaml'
}
