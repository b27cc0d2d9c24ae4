/** `drawgate mode`: the emergency switch, through the daemon or, where there is none, in the kernel itself. */
import { type Command, Option } from 'commander'
import type { operations } from '../client/client.ts'
import { addClientOptions, answered, connect } from './client.ts'
import { exitCodes, Failure, usage } from './failure.ts'
import { type Io, writeJson, writeLine } from './io.ts'

type ModeName = operations['setMode']['requestBody']['content']['application/json']['mode']

interface ModeAnswer {
  readonly mode: string
  readonly reason?: string
  readonly since?: string
  readonly setBy?: string
  readonly expiresAt?: string
}

interface Flags {
  readonly for?: string
  readonly reason?: string
  readonly pinDir?: string
  readonly json?: true
}

const modes = ['enforce', 'observe', 'pass', 'lockdown']
const help = `
  enforce   as the policy says
  observe   rules and defaults are counted as if they decided, and drop nothing
  pass      no rule is asked; services go on
  lockdown  management, essentials and established connections alone

With --pin-dir it writes to the kernel and needs root, and no daemon; a daemon that runs, or starts later, takes it over.

Examples:
  drawgate mode                                 print it
  drawgate mode observe --for 15m --reason "new rules"
  drawgate mode pass --pin-dir /sys/fs/bpf/drawgate`

export function addMode(program: Command, io: Io): void {
  const command = program
    .command('mode')
    .description('read or set the emergency switch')
    .argument('[mode]', modes.join(', '))
    .option('--for <duration>', 'back to enforce after this time, such as 15m')
    .option('--reason <text>', 'for the audit log')
    .addOption(new Option('--pin-dir <dir>', 'write to the tables that are pinned here, without the daemon'))
    .addHelpText('after', help)
  addClientOptions(command).action(async (mode: string | undefined) => {
    const flags = command.opts<Flags>()
    if (mode !== undefined && !modes.includes(mode)) throw usage(`there is no mode ${mode}`, `write one of ${modes.join(', ')}`)
    if (mode === undefined && (flags.for ?? flags.reason) !== undefined)
      throw usage('--for and --reason need a mode', 'drawgate mode observe --for 15m')
    const answer = flags.pinDir === undefined ? await ask(command, mode, flags) : await write(flags.pinDir, mode, flags)
    if (flags.json) return writeJson(io.stdout, answer)
    const ends = answer.expiresAt === undefined ? '' : ` until ${answer.expiresAt}`
    const why = answer.reason === undefined ? '' : ` (${answer.reason}; ${answer.setBy}, ${answer.since})`
    writeLine(io.stdout, `${answer.mode}${ends}${why}`)
  })
}

async function ask(command: Command, mode: string | undefined, { for: expiresIn, reason }: Flags): Promise<ModeAnswer> {
  const { api } = connect(command)
  if (mode === undefined) return answered(await api.GET('/v1/mode'))
  const wanted = { mode: mode as ModeName, reason: reason ?? 'set by drawgate mode', ...(expiresIn === undefined ? {} : { expiresIn }) }
  return answered(await api.PUT('/v1/mode', { body: wanted }))
}

/** Loaded here and not above: a client needs no libbpf. */
async function write(pinDir: string, mode: string | undefined, flags: Flags): Promise<ModeAnswer> {
  const [{ ModeSwitch, modeNames }, { bootOffsetMs, bootTimeMs }, { parseInterval }] = await Promise.all([
    import('../dataplane/mode.ts'),
    import('../native/clock.ts'),
    import('../policy/time.ts'),
  ])
  const name = modeNames.find(known => known === mode)
  const seconds = flags.for === undefined ? undefined : parseInterval(flags.for)
  if (flags.for !== undefined && seconds === undefined) throw usage(`--for ${flags.for} is no duration`, 'write 30s, 15m, 12h or 7d')
  if (name === 'enforce' && seconds !== undefined) throw usage('enforce is what the others end in', 'leave --for out')
  try {
    const modeSwitch = ModeSwitch.open(pinDir)
    if (name !== undefined) modeSwitch.set({ mode: name, expiresS: seconds === undefined ? 0 : Math.ceil(bootTimeMs() / 1000 + seconds) })
    const now = modeSwitch.get()
    modeSwitch.close()
    if (now.expiresS === 0) return { mode: now.mode }
    const expiresAt = new Date(now.expiresS * 1000 + bootOffsetMs())
    return expiresAt.getTime() <= Date.now() ? { mode: 'enforce' } : { mode: now.mode, expiresAt: expiresAt.toISOString() }
  } catch (error) {
    throw new Failure(exitCodes.refused, { code: 'failed', detail: (error as Error).message })
  }
}
