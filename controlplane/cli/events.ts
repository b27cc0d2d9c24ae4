/** `drawgate events`: what happens, one line each, as it happens. */
import { once } from 'node:events'
import { type Command, InvalidArgumentError } from 'commander'
import { addClientOptions, connect, type ServerEvent } from './client.ts'
import { exitCodes, Failure } from './failure.ts'
import { type Colour, type Io, type Paint, painter, plain } from './io.ts'

interface EventFlags {
  readonly type?: string
  readonly rule?: string
  readonly source?: string
  readonly reason?: string
  readonly count?: number
  readonly json?: true
}

const help = `
Types are drop, match (of rules with "log"), detection, policy, attach and lost. What is missing is told as "lost": nothing is
left out silently. Reasons are those of docs/packet.md.

Examples:
  drawgate events                                        everything, until Ctrl-C
  drawgate events --type drop --source 192.0.2.0/24      what becomes of these senders
  drawgate events --type match --rule ssh-guard --json | jq .data.source
  drawgate events --type detection --count 1             wait for one`

export function addEvents(program: Command, io: Io): void {
  const command = program
    .command('events')
    .description('print what happens, as it happens')
    .option('--type <types>', 'only these, separated by commas')
    .option('--rule <name>', 'only of this rule')
    .option('--source <prefix>', 'only of packets from there')
    .option('--reason <reasons>', 'only for these, separated by commas')
    .option('--count <number>', 'end after so many', positive)
    .addHelpText('after', help)
  addClientOptions(command).action(async () => {
    const { count = Number.POSITIVE_INFINITY, type, rule, source, reason, json } = command.opts<EventFlags>()
    const paint = painter(io.stdout)
    const query = Object.fromEntries(Object.entries({ type, rule, source, reason }).filter(([, value]) => value !== undefined))
    let left = count
    for await (const event of connect(command).listen(['events'], query)) {
      const line = json ? JSON.stringify(event) : lineOf(event, paint)
      // A reader that is gone ends us, as it does `tail -f`; a slow one is waited for.
      if (io.stdout.destroyed) return
      if (!io.stdout.write(`${line}\n`)) await Promise.race([once(io.stdout, 'drain'), once(io.stdout, 'close')])
      if (--left <= 0) return
    }
    throw new Failure(exitCodes.unreachable, { code: 'unreachable', detail: 'the daemon has ended the stream', hint: 'start it again' })
  })
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('it is not a number above 0.')
  return Number(text)
}

const colours: Readonly<Record<string, Colour>> = { drop: 'red', detection: 'yellow', lost: 'yellow', policy: 'green' }

function lineOf({ event, data }: ServerEvent, paint: Paint): string {
  const { time, ...facts } = data
  const what = event === 'drop' || event === 'match' ? packetText(facts) : factsText(facts)
  return `${paint('dim', plain(String(time)))}  ${paint(colours[event] ?? 'bold', plain(event.padEnd(9)))}  ${plain(what)}`
}

type Facts = Readonly<Record<string, unknown>>

/** `eth0 in tcp 192.0.2.7:5000 → 198.51.100.10:80 syn, 40 bytes: drop, rule block-bad` */
function packetText({
  interface: device,
  direction,
  protocol,
  source,
  destination,
  sourcePort,
  destinationPort,
  length,
  ...facts
}: Facts): string {
  const end = (address: unknown, port: unknown) =>
    port === undefined ? String(address) : `${String(address).includes(':') ? `[${address}]` : address}:${port}`
  const way = direction === 'egress' ? 'out' : 'in'
  const ends = source === undefined ? [] : [protocol, end(source, sourcePort), '→', end(destination, destinationPort)]
  const flags = Array.isArray(facts.tcpFlags) ? facts.tcpFlags : []
  const decided = facts.rule === undefined ? facts.reason : `${facts.reason === 'rule' ? '' : `${facts.reason}, `}rule ${facts.rule}`
  const seen = facts.observed === true ? 'would ' : ''
  return `${[device, way, ...ends, ...flags].join(' ')}, ${length} bytes: ${seen}${facts.verdict}, ${decided}`
}

function factsText(facts: Facts): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}
