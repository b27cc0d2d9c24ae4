/** `drawgate serve` and `drawgate detach`: the commands that touch the kernel themselves. */
import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { collect, defaultSocket } from './client.ts'
import { exitCodes, Failure } from './failure.ts'
import { type Io, writeJson, writeLine } from './io.ts'

const defaultStateDir = '/var/lib/drawgate'
const defaultPinDir = '/sys/fs/bpf/drawgate'

interface ServeFlags {
  readonly socket: string
  readonly listen?: string
  readonly stateDir: string
  readonly pinDir: string
  readonly policy?: string
  readonly keepRevisions: number
  readonly host?: readonly string[]
}

const serveHelp = `
Needs root. It is ready when GET /readyz answers 200. SIGTERM or Ctrl-C ends the daemon and leaves the kernel enforcing;
"drawgate detach" takes everything out of it. Several run side by side in network namespaces, each with its own
directories. On TCP every request needs a token: drawgate token create NAME.

Examples:
  drawgate serve
  drawgate serve --listen 127.0.0.1:8080 --policy /etc/drawgate/policy.yaml`

const detachHelp = `
Detaches every program and removes every pin below the directory: packets then pass as if Drawgate had never been there.
Works without a daemon and refuses beside one, so stop it first. The stored policy stays; "drawgate serve" puts it in force again.

Example:
  drawgate detach --pin-dir ${defaultPinDir}`

export function addDaemonCommands(program: Command, io: Io): void {
  const serve = program
    .command('serve')
    .description('run the daemon in the foreground')
    .addOption(new Option('--socket <path>', 'unix socket of the API').env('DRAWGATE_SOCKET').default(defaultSocket))
    .addOption(new Option('--listen <host:port>', 'serve the API on TCP too (default: the socket alone)').env('DRAWGATE_LISTEN'))
    .addOption(new Option('--state-dir <dir>', 'where the policy is kept').env('DRAWGATE_STATE_DIR').default(defaultStateDir))
    .addOption(pinDirOption('where programs and tables are pinned, on bpffs'))
    .addOption(new Option('--policy <file>', 'policy to begin with, read only when the store is empty').env('DRAWGATE_POLICY'))
    .addOption(
      new Option('--keep-revisions <count>', 'revisions that can be read and restored')
        .env('DRAWGATE_KEEP_REVISIONS')
        .argParser(countOf)
        .default(1000),
    )
    .addOption(
      new Option('--host <name>', 'name that clients may call this gate by on TCP; repeated: several')
        .env('DRAWGATE_HOST')
        .argParser(collect),
    )
    .addHelpText('after', serveHelp)
    .action(() => runServe(serve.opts<ServeFlags>()))

  const detach = program
    .command('detach')
    .description('take every program and table out of the kernel')
    .addOption(pinDirOption('what the daemon was started with'))
    .option('--json', 'print the list of what was removed')
    .addHelpText('after', detachHelp)
    .action(() => runDetach(detach.opts<{ pinDir: string; json?: true }>(), io))
}

function countOf(text: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is a number from 1 on.')
}

function pinDirOption(description: string): Option {
  return new Option('--pin-dir <dir>', description).env('DRAWGATE_PIN_DIR').default(defaultPinDir)
}

/** Loaded here and not above: a client needs neither libbpf nor a database. */
async function runServe({ listen, policy, host, ...places }: ServeFlags): Promise<void> {
  const [{ serve }, { pino }] = await Promise.all([import('../serve.ts'), import('pino')])
  // From here on, so that a signal in the midst of starting ends a daemon that is whole.
  const stop = stopSignal()
  const log = pino()
  // An empty variable of the environment is how containers say "none".
  const given = {
    ...(listen ? { listen } : {}),
    ...(policy ? { policy } : {}),
    ...(host ? { hosts: host.filter(name => name !== '') } : {}),
  }
  const serving = await failing('the daemon did not start', () => serve({ ...places, ...given, log }))
  log.info({ signal: await stop }, 'stopping; the kernel goes on enforcing')
  await serving.close()
}

/** The first of them. A second one ends the process at once. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise(resolve => {
    const stop = (signal: NodeJS.Signals) => {
      process.off('SIGTERM', stop).off('SIGINT', stop)
      resolve(signal)
    }
    process.on('SIGTERM', stop).on('SIGINT', stop)
  })
}

async function runDetach({ pinDir, json }: { pinDir: string; json?: true }, io: Io): Promise<void> {
  const [{ Dataplane }, { lockPinDirectory }] = await Promise.all([import('../dataplane/dataplane.ts'), import('../store/lock.ts')])
  const removed = await failing('not everything was removed', async () => {
    // A daemon that goes on would put back what this takes out, or write into tables that nobody reads.
    const unlock = existsSync(pinDir) ? lockPinDirectory(pinDir, 'a daemon: stop the daemon first') : undefined
    try {
      return await Dataplane.detachAll(pinDir)
    } finally {
      unlock?.()
    }
  })
  if (json) return writeJson(io.stdout, { removed })
  for (const what of removed) writeLine(io.stdout, `removed ${what}`)
  if (removed.length === 0) writeLine(io.stdout, `nothing of drawgate at ${pinDir}`)
}

async function failing<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    // A slip of ours is shown with its stack.
    if (error instanceof TypeError || error instanceof ReferenceError) throw error
    const root = process.geteuid?.() === 0
    throw new Failure(exitCodes.refused, {
      code: 'failed',
      detail: `${what}: ${(error as Error).message}`,
      ...(root ? {} : { hint: 'run as root' }),
    })
  }
}
