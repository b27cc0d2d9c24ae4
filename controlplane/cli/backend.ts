/** `drawgate backend`: what a server needs that services reach directly. Runs there, without a daemon. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { failing } from './daemon.ts'
import { exitCodes, Failure } from './failure.ts'
import { type Io, painter, writeJson, writeLine } from './io.ts'
import { table } from './table.ts'

const pinDir = () =>
  new Option('--pin-dir <dir>', 'where its programs are pinned, on bpffs')
    .env('DRAWGATE_BACKEND_PIN_DIR')
    .default('/sys/fs/bpf/drawgate-backend')

const attachHelp = `
Takes the outer headers of dsr-ipip and dsr-gue (UDP 6080) off every packet that comes in by the device, and tells clients of such
connections to send segments of at most --mss bytes, so that those fit the tunnel. Needs root, no daemon; stays until "backend detach".
Whoever can send to the device can send through it: let tunnels in from the gates alone.

Examples:
  drawgate backend attach --device eth0
  drawgate backend attach --device eth0 --mss 1400`

const checkHelp = `
Exit code 1 when something is missing.

Example:
  drawgate backend check --service 198.51.100.10 --port 443`

interface AttachFlags {
  readonly device: string
  readonly mss?: number
  readonly pinDir: string
  readonly json?: true
}

interface CheckFlags {
  readonly service: string
  readonly port?: number
  readonly pinDir: string
  readonly json?: true
}

export function addBackend(program: Command, io: Io): void {
  const backend = program.command('backend').description('on a backend of dsr services: end tunnels, find what is missing')
  const attach = backend
    .command('attach')
    .description('end the tunnels of the gates on a device')
    .requiredOption('--device <name>', 'device that tunnels come in by')
    .option('--mss <bytes>', "most bytes of a client's segment (default: what fits every tunnel on the device)", number(536, 65_000))
    .addOption(pinDir())
    .option('--json', 'print what was attached as JSON')
    .addHelpText('after', attachHelp)
    .action(() => runAttach(attach.opts<AttachFlags>(), io))
  const detach = backend
    .command('detach')
    .description('take the programs off every device')
    .addOption(pinDir())
    .option('--json', 'print the list of what was removed')
    .action(() => runDetach(detach.opts<{ pinDir: string; json?: true }>(), io))
  const check = backend
    .command('check')
    .description('what this host lacks to answer for a service directly')
    .requiredOption('--service <address>', 'address of the service')
    .option('--port <port>', 'port of the service', number(1, 65_535))
    .addOption(pinDir())
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', checkHelp)
    .action(() => runCheck(check.opts<CheckFlags>(), io))
}

function number(min: number, max: number): (text: string) => number {
  return text => {
    const value = Number(text)

    if (!/^\d+$/.test(text) || value < min || value > max) throw new InvalidArgumentError(`a number from ${min} to ${max}`)
    return value
  }
}

async function runAttach({ device, mss, pinDir, json }: AttachFlags, io: Io): Promise<void> {
  const { attachBackend } = await import('../backend/attach.ts')
  const attached = await failing('tunnels do not end here', async () => attachBackend(device, pinDir, mss))

  if (json) return writeJson(io.stdout, attached)
  writeLine(io.stdout, `tunnels end on ${attached.device} (${attached.ingress}); clients are told an MSS of ${attached.mss}`)
}

async function runDetach({ pinDir, json }: { pinDir: string; json?: true }, io: Io): Promise<void> {
  const { detachBackend } = await import('../backend/attach.ts')
  const removed = await failing('not everything was removed', async () => detachBackend(pinDir))

  if (json) return writeJson(io.stdout, { removed })
  for (const what of removed) writeLine(io.stdout, `removed ${what}`)
  if (removed.length === 0) writeLine(io.stdout, `nothing of drawgate at ${pinDir}`)
}

async function runCheck({ service, port, pinDir, json }: CheckFlags, io: Io): Promise<void> {
  const { checkBackend } = await import('../backend/check.ts')
  const findings = await failing('the host does not tell', async () =>
    checkBackend({ service, pinDir, ...(port === undefined ? {} : { port }) }),
  )

  if (findings === undefined)
    throw new Failure(exitCodes.usage, { code: 'invalid', detail: `${service} is no address`, hint: 'write 198.51.100.10 or 2001:db8::10' })
  const missing = findings.filter(({ ok }) => !ok)
  const paint = painter(io.stdout)

  if (json) writeJson(io.stdout, { ready: missing.length === 0, findings })
  else {
    const rows = findings.map(({ what, ok, detail }) => [what, ok ? 'ok' : 'missing', detail])

    for (const line of table(['WHAT', 'STATE', 'DETAIL'], rows, paint)) writeLine(io.stdout, line)
  }
  if (missing.length === 0) return
  throw new Failure(exitCodes.refused, {
    code: 'failed',
    detail: `this host lacks ${missing.map(({ what }) => what).join(', ')}`,
    hint: missing.flatMap(({ hint }) => hint ?? []).join('; '),
  })
}
