/** `drawgate trace`: asks the loaded program itself what it would do to a packet, and why. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { operations } from '../client/client.ts'
import { addClientOptions, answered, type Client, connect } from './client.ts'
import { exitCodes, Failure, usage } from './failure.ts'
import { type Colour, type Io, type Paint, painter, plain, writeJson, writeLine } from './io.ts'

const verdicts = ['pass', 'drop', 'transmit', 'redirect', 'handover', 'abort'] as const
type Verdict = (typeof verdicts)[number]

type Question = operations['trace']['requestBody']['content']['application/json']

interface TraceFlags {
  readonly direction: 'ingress' | 'egress'
  readonly interface?: string
  readonly state?: NonNullable<Question['state']>
  readonly packet?: string
  readonly expect?: Verdict
  readonly json?: true
  readonly [field: string]: unknown
}

interface Step {
  readonly stage: string
  readonly outcome: string
  readonly detail?: string
}

interface TraceAnswer {
  readonly verdict: Verdict
  readonly reason: string
  readonly rule?: string
  readonly service?: string
  readonly backend?: string
  readonly revision?: number
  readonly hook?: string
  readonly steps: readonly Step[]
}

/** Options that describe a packet, by the field that the API knows them as. */
const fields = [
  'source',
  'destination',
  'protocol',
  'sourcePort',
  'destinationPort',
  'tcpFlags',
  'icmp',
  'vlan',
  'dscp',
  'length',
  'fragment',
  'hopLimit',
  'cgroup',
  'uid',
] as const

const help = `
Nothing is sent, and no counter or connection moves: a twin of the loaded program looks at the packet with the same
policy. Without --interface, rules that name interfaces do not match.

Examples:
  drawgate trace --source 192.0.2.7 --destination 198.51.100.10 --protocol tcp --destination-port 80
  drawgate trace --source 2001:db8::7 --destination 2001:db8::1 --protocol icmpv6 --icmp 128
  drawgate trace --interface eth0 --packet 0200000000020200000000010800450000...
  drawgate trace ... --expect drop && echo 'still closed'     for scripts: exit code 1 when it is not so`

export function addTrace(program: Command, io: Io): void {
  const command = program
    .command('trace')
    .description('ask the loaded program what it would do to a packet, and why')
    .addOption(new Option('--direction <way>', 'incoming, or sent by this host').choices(['ingress', 'egress']).default('ingress'))
    .option('--interface <name>', 'the device that it comes in by or leaves by')
    .addOption(new Option('--expect <verdict>', 'exit with 1 when the verdict is another').choices(verdicts))
    .addOption(
      new Option('--state <state>', 'as if its connection were in this state').choices(['new', 'established', 'related', 'invalid']),
    )
    .optionsGroup('The packet, by its fields:')
    .option('--source <address>', 'source address')
    .option('--destination <address>', 'destination address')
    .option('--protocol <name>', 'tcp, udp, sctp, icmp, icmpv6 or a number', nameOrNumber)
    .option('--source-port <port>', 'source port', number)
    .option('--destination-port <port>', 'destination port', number)
    .option('--tcp-flags <flags>', 'such as syn or syn,ack', flags => flags.split(','))
    .option('--icmp <type[/code]>', 'ICMP message, such as 8/0', icmp)
    .option('--vlan <id>', 'VLAN tag', number)
    .option('--dscp <number>', 'differentiated services code point', number)
    .option('--length <bytes>', 'of the IP packet', number)
    .addOption(new Option('--fragment <which>', 'fragment').choices(['none', 'first', 'later']))
    .option('--hop-limit <number>', 'hop limit or TTL', number)
    .option('--cgroup <path>', 'control group of the sender (egress)')
    .option('--uid <number>', 'user of the sender (egress)', number)
    .optionsGroup('The packet, as bytes:')
    .option('--packet <bytes>', 'from the Ethernet header on, in hex or base64')
    .addHelpText('after', help)
  addClientOptions(command).action(() => trace(command, io))
}

async function trace(command: Command, io: Io): Promise<void> {
  const flags = command.opts<TraceFlags>()
  const answer = await ask(connect(command), question(flags))
  if (flags.json) writeJson(io.stdout, answer)
  else for (const line of ladder(answer, painter(io.stdout))) writeLine(io.stdout, line)
  if (flags.expect !== undefined && flags.expect !== answer.verdict) {
    throw new Failure(exitCodes.refused, { code: 'unexpected', detail: `the verdict is ${answer.verdict}, not ${flags.expect}` })
  }
}

async function ask(client: Client, body: Question): Promise<TraceAnswer> {
  try {
    return answered(await client.api.POST('/v1/trace', { body }))
  } catch (error) {
    if (error instanceof Failure) error.locate = optionOf
    throw error
  }
}

function question(flags: TraceFlags): Question {
  const given = fields.filter(field => flags[field] !== undefined)
  const { direction, interface: device, state } = flags
  const place = { direction, ...(device === undefined ? {} : { interface: device }), ...(state === undefined ? {} : { state }) }
  if (flags.packet === undefined) {
    if (given.length === 0)
      throw usage(
        'there is no packet to trace',
        'describe it with --source, --destination, --protocol ..., or give its bytes with --packet',
      )
    return { ...place, fields: Object.fromEntries(given.map(field => [field, flags[field]])) as NonNullable<Question['fields']> }
  }
  if (given.length > 0) throw usage(`--packet and ${optionOf(`/fields/${given[0]}`)} describe the packet twice`, 'give one of them')
  return { ...place, packet: base64Of(flags.packet) }
}

/** Hex may be written as tools print it, with blanks or colons. It is asked first: base64 of a whole frame without one letter past F is as good as impossible. */
function base64Of(text: string): string {
  const bare = text.replace(/[\s:]/g, '')
  if (/^(?:0x)?(?:[0-9a-f]{2})+$/i.test(bare)) return Buffer.from(bare.replace(/^0x/i, ''), 'hex').toString('base64')
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(bare) && bare.length % 4 === 0) return bare
  throw usage('--packet is neither hex nor base64', 'write the bytes from the Ethernet header on, two hex digits each')
}

function ladder({ verdict, reason, steps, ...answer }: TraceAnswer, paint: Paint): string[] {
  const colour: Colour = verdict === 'drop' || verdict === 'abort' ? 'red' : 'green'
  const parts = (['rule', 'service', 'backend', 'revision'] as const).flatMap(name =>
    answer[name] === undefined ? [] : [`${name} ${answer[name]}`],
  )
  const where = answer.hook === undefined ? '' : paint('dim', `  (${plain(answer.hook)})`)
  const width = (texts: readonly string[]) => texts.reduce((most, text) => Math.max(most, text.length), 0)
  const stages = width(steps.map(({ stage }) => stage))
  const outcomes = width(steps.map(({ outcome }) => outcome))
  return [
    `${paint(colour, verdict.toUpperCase())}  ${plain([`reason ${reason}`, ...parts].join(', '))}${where}`,
    ...steps.map(({ stage, outcome, detail = '' }, index) => {
      const rung = index === steps.length - 1 ? '└─' : '├─'
      return `  ${paint('dim', rung)} ${plain(`${stage.padEnd(stages)}  ${outcome.padEnd(outcomes)}  ${detail}`).trimEnd()}`
    }),
  ]
}

/** The option behind a pointer of the request: `/fields/sourcePort` was typed as `--source-port`. */
function optionOf(pointer: string): string {
  const [, first, second] = pointer.split('/')
  const field = first === 'fields' ? second : first
  return field === undefined ? '' : `--${field.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}

function number(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('it is not a number.')
  return Number(text)
}

function nameOrNumber(text: string): string | number {
  return /^\d+$/.test(text) ? number(text) : text
}

function icmp(text: string): { type: number; code?: number } {
  const [type = '', code] = text.split('/', 2)
  return { type: number(type), ...(code === undefined ? {} : { code: number(code) }) }
}
