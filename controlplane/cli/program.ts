/** The command line as a whole: its commands, its help, and the exit code that every way of ending leads to. */
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { addApply } from './apply.ts'
import { addBlock } from './block.ts'
import { addCheck } from './check.ts'
import { addCompletion } from './completion.ts'
import { addDaemonCommands } from './daemon.ts'
import { addEvents } from './events.ts'
import { exitCodeHelp, exitCodes, Failure, tell } from './failure.ts'
import { addGet } from './get.ts'
import { addHistory } from './history.ts'
import { addImport } from './import.ts'
import type { Io } from './io.ts'
import { addMode } from './mode.ts'
import { addStatus } from './status.ts'
import { addToken } from './token.ts'
import { addTrace } from './trace.ts'

const examples = `
Examples:
  drawgate serve --listen 127.0.0.1:8080        the daemon, in the foreground
  drawgate apply -f policy.yaml --dry-run       what would change
  drawgate apply -f policy.yaml                 change it, all or nothing
  drawgate get rules                            what is in force, and what it has counted
  drawgate block 192.0.2.7                      drop what this address sends
  drawgate trace --source 192.0.2.7 --destination 198.51.100.10 --protocol tcp --destination-port 80
                                                why a packet passes or not
  drawgate events --type drop                   what is dropped, as it happens
  drawgate status

drawgate COMMAND --help has the options of each, with more examples.`

export function buildProgram(io: Io): Command {
  const program = new Command('drawgate')
    .description('XDP/TC firewall and L4 load balancer: the daemon, and the client that speaks to it.')
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: text => io.stdout.write(text),
      writeErr: text => io.stderr.write(text),
      outputError: (text, write) => write(usageText(text)),
    })
    .helpCommand(false)
    .addHelpText('after', `${examples}\n${exitCodeHelp}`)
  program.commandsGroup('The daemon:')
  addDaemonCommands(program, io)
  program.commandsGroup('The policy:')
  addApply(program, io)
  addCheck(program, io)
  addHistory(program, io)
  addGet(program, io)
  addBlock(program, io)
  addMode(program, io)
  addImport(program, io)
  program.commandsGroup('Seeing:')
  addTrace(program, io)
  addEvents(program, io)
  addStatus(program, io)
  program.commandsGroup('Access:')
  addToken(program, io)
  program.commandsGroup('The shell:')
  addCompletion(program, io)
  return program
}

/** Runs one command line to its end. @returns the exit code. */
export async function run(words: readonly string[], io: Io): Promise<number> {
  // `drawgate get rules | head` closes our output early, and that is no fault of ours.
  io.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  try {
    await buildProgram(io).parseAsync(words, { from: 'user' })
    return exitCodes.done
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    if (!(error instanceof Failure)) throw error
    if (!error.isTold) tell(error, io, words.includes('--json'))
    return error.exitCode
  }
}

/** In the form of every other error. */
function usageText(text: string): string {
  if (!text.startsWith('error:')) return text
  return `drawgate: ${text.slice('error:'.length).trim()}\n  → drawgate COMMAND --help lists what there is\n`
}

/** package.json stands beside dist/, in a checkout as in the package. */
function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }
  return version
}
