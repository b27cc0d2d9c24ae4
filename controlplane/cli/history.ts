/** `drawgate diff`, `revisions`, `restore` and `confirm`: what the policy would become, was, becomes again, and stays. */
import type { Command } from 'commander'
import type { Change } from '../policy/difference.ts'
import { confirmWithinOption, type DryRunAnswer, policyText, sayInForce, showChanges, showWarnings, type WriteAnswer } from './apply.ts'
import { addClientOptions, type Client, connect } from './client.ts'
import { Failure, usage } from './failure.ts'
import { type Io, painter, plain, writeJson, writeLine } from './io.ts'
import { table } from './table.ts'

interface Revision {
  readonly revision: number
  readonly at: string
  readonly who: string
  readonly origin?: string
  readonly cause: string
}

interface Pending {
  readonly revision: number
  readonly base: number
  readonly deadline: string
  readonly who: string
  readonly cause: string
}

/** As diff(1) ends, so that scripts can ask. */
const differs = 1
const trouble = 2

const diffHelp = `
With -f: what "apply -f" would change. With revisions: what led from one to the other; without, what the newest changed.
Exit codes are those of diff(1): 0 no difference, 1 differences, 2 anything else.

Examples:
  drawgate diff -f policy.yaml
  drawgate diff 41 42
  drawgate diff -f policy.yaml && echo "nothing to do"`

const revisionsHelp = `
Examples:
  drawgate revisions
  drawgate revisions --limit 1000 --json`

const restoreHelp = `
Makes a new revision of the old one's policy. Entries of sets stay as they are.

Examples:
  drawgate restore 41 --dry-run
  drawgate restore 41 --confirm-within 60s`

const confirmHelp = `
What "apply --confirm-within" has changed stays when it is confirmed in time; else the gate goes back by itself.
With --url the confirmation comes on a connection of its own, so that it proves that the gate can still be reached.

Examples:
  drawgate confirm                what waits, and until when
  drawgate confirm 42
  drawgate confirm --roll-back    back now`

export function addHistory(program: Command, io: Io): void {
  const diff = program
    .command('diff')
    .description('print what a policy file would change, or what a revision has changed')
    .argument('[from]', 'revision')
    .argument('[to]', 'revision (default: the newest)')
    .option('-f, --file <file>', 'policy file; - reads standard input')
    .addHelpText('after', diffHelp)
  addClientOptions(diff).action((from, to) => asDiff(() => showDiff(diff, from, to, io)))

  const revisions = program
    .command('revisions')
    .description('list who changed the policy, and when')
    .option('--limit <count>', 'the newest so many', '20')
    .addHelpText('after', revisionsHelp)
  addClientOptions(revisions).action(() => listRevisions(revisions, io))

  const restore = program
    .command('restore')
    .description('bring the policy of an earlier revision into force again')
    .argument('<revision>', '"drawgate revisions" lists them')
    .option('--dry-run', 'print what would change; change nothing')
    .option('--force', 'even if it closes a way in of the management (admin)')
    .addOption(confirmWithinOption())
    .addHelpText('after', restoreHelp)
  addClientOptions(restore).action((revision: string) => runRestore(restore, revision, io))

  const confirm = program
    .command('confirm')
    .description('keep what was changed with --confirm-within')
    .argument('[revision]', 'the revision that waits; without it, print what waits')
    .option('--roll-back', 'go back now')
    .addHelpText('after', confirmHelp)
  addClientOptions(confirm).action((revision: string | undefined) => runConfirm(confirm, revision, io))
}

/** The exit codes of this command mean something else than those of the others. */
async function asDiff(work: () => Promise<number>): Promise<void> {
  let changes: number
  try {
    changes = await work()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const failure = new Failure(trouble, error.problem)
    failure.locate = error.locate
    throw failure
  }
  if (changes > 0) throw new Failure(differs, {}, true)
}

async function showDiff(command: Command, from: string | undefined, to: string | undefined, io: Io): Promise<number> {
  const { file, json } = command.opts<{ file?: string; json?: true }>()
  const client = connect(command)
  if (file !== undefined && from !== undefined) throw usage('a file is compared with what is in force', 'drawgate diff -f policy.yaml')
  const { changes } =
    file === undefined
      ? (
          await client.request<{ changes: readonly Change[] }>('GET', ['policy', 'diff'], {
            query: { from: from === undefined ? undefined : number(from), to: to === undefined ? undefined : number(to) },
          })
        ).body
      : await policyText(file, io, text => dryRun(client, text))
  if (json) writeJson(io.stdout, { changes })
  else showChanges(changes, io)
  return changes.length
}

async function dryRun(client: Client, text: { type: string; body: string }): Promise<DryRunAnswer> {
  return (await client.request<DryRunAnswer>('PUT', ['policy'], { text, query: { dryRun: true } })).body
}

function number(text: string): number {
  if (!/^[1-9][0-9]*$/.test(text)) throw usage(`${text} is no revision`, 'drawgate revisions lists them')
  return Number(text)
}

async function listRevisions(command: Command, io: Io): Promise<void> {
  const { limit, json } = command.opts<{ limit: string; json?: true }>()
  if (!/^[1-9][0-9]{0,5}$/.test(limit)) throw usage(`--limit ${limit} is no number`, 'drawgate revisions --limit 50')
  const client = connect(command)
  const items: Revision[] = []
  let cursor: string | undefined
  do {
    const query = { limit: Math.min(1000, Number(limit) - items.length), cursor }
    const { body } = await client.request<{ items: Revision[]; nextCursor: string | null }>('GET', ['policy', 'revisions'], { query })
    items.push(...body.items)
    cursor = body.nextCursor ?? undefined
  } while (cursor !== undefined && items.length < Number(limit))
  if (json) return writeJson(io.stdout, { items })
  const rows = items.map(({ revision, at, who, origin, cause }) => [revision, at, who, origin, cause])
  for (const line of table(['REVISION', 'AT', 'WHO', 'FROM', 'WHAT'], rows, painter(io.stdout))) writeLine(io.stdout, line)
}

async function runRestore(command: Command, revision: string, io: Io): Promise<void> {
  const { dryRun, force, confirmWithin, json } = command.opts<{ dryRun?: true; force?: true; confirmWithin?: string; json?: true }>()
  const client = connect(command)
  const { etag } = await client.request('GET', ['policy'])
  const post = <Body>(query: object) =>
    client.request<Body>('POST', ['policy', 'revisions', String(number(revision)), 'restore'], {
      headers: { 'if-match': etag },
      query: { force, ...query },
    })
  const plan = (await post<DryRunAnswer>({ dryRun: true })).body
  if (dryRun) {
    if (json) return writeJson(io.stdout, plan)
    showChanges(plan.changes, io)
    return writeLine(io.stdout, `revision ${plan.baseRevision} stays in force (dry run)`)
  }
  const answer = (await post<WriteAnswer>({ confirmWithin })).body
  if (json) return writeJson(io.stdout, { ...answer, changes: plan.changes })
  showChanges(plan.changes, io)
  showWarnings(answer.warnings, io)
  sayInForce(answer, io)
}

async function runConfirm(command: Command, revision: string | undefined, io: Io): Promise<void> {
  const { rollBack, json } = command.opts<{ rollBack?: true; json?: true }>()
  if (rollBack && revision !== undefined) throw usage('--roll-back goes back from whatever waits', 'drawgate confirm --roll-back')
  const client = connect(command)
  const path = ['policy', 'confirm']
  if (rollBack) {
    const { body } = await client.request<{ revision: number }>('DELETE', path)
    return json ? writeJson(io.stdout, body) : writeLine(io.stdout, `rolled back: revision ${body.revision} is in force`)
  }
  if (revision !== undefined) {
    const { body } = await client.request<{ revision: number }>('POST', path, { json: { revision: number(revision) } })
    return json ? writeJson(io.stdout, body) : writeLine(io.stdout, `revision ${body.revision} stays`)
  }
  const { body } = await client.request<{ pending: Pending | null }>('GET', path)
  if (json) return writeJson(io.stdout, body)
  if (body.pending === null) return writeLine(io.stdout, 'nothing waits for a confirmation')
  const { revision: waits, base, deadline, who, cause } = body.pending
  writeLine(io.stdout, `revision ${waits} (${plain(cause)}, ${plain(who)}) goes back to ${base} at ${deadline}`)
  writeLine(io.stdout, `  → drawgate confirm ${waits}`)
}
