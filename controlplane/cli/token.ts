/** `drawgate token`: credentials for clients that come over TCP. */
import { type Command, Option } from 'commander'
import { addClientOptions, answered, collect, connect } from './client.ts'
import { usage } from './failure.ts'
import { type Io, painter, writeJson, writeLine } from './io.ts'
import { tableOf } from './lists.ts'

interface CreateFlags {
  readonly role: 'viewer' | 'operator' | 'admin'
  readonly set?: readonly string[]
  readonly expiresIn?: string
  readonly json?: true
}

const createHelp = `
The secret is printed once, alone on standard output, and only its hash is kept. Roles: a viewer reads and traces, an
operator changes the policy too, an admin may also make tokens and use --force. With --set a token writes the entries
of these sets and nothing else.

Examples:
  export DRAWGATE_TOKEN=$(drawgate token create laptop --role operator)
  drawgate token create feeder --set blocked --expires-in 30d`

export function addToken(program: Command, io: Io): void {
  const token = program.command('token').description('make, list and revoke tokens for the API on TCP')

  const create = token
    .command('create')
    .description('make a token and print its secret')
    .argument('<name>', 'to revoke it by')
    .addOption(new Option('--role <role>', 'what it may do').choices(['viewer', 'operator', 'admin']).default('operator'))
    .option('--set <name>', 'only the entries of this set; repeated: of all of them', collect)
    .option('--expires-in <duration>', 'such as 12h or 30d (default: never)')
    .addHelpText('after', createHelp)
  addClientOptions(create).action(async (name: string) => {
    const { role, set, expiresIn, json } = create.opts<CreateFlags>()
    const wanted = {
      name,
      role,
      ...(set === undefined ? {} : { sets: [...set] }),
      ...(expiresIn === undefined ? {} : { expiresAt: expiry(expiresIn) }),
    }
    const body = answered(await connect(create).api.POST('/v1/tokens', { body: wanted }))
    if (json) return writeJson(io.stdout, body)
    writeLine(io.stdout, body.secret)
    writeLine(io.stderr, `token ${name} (${role}): the secret is shown this once`)
  })

  const list = token.command('list').description('print names and roles; secrets are not kept')
  addClientOptions(list).action(async () => {
    const body = answered(await connect(list).api.GET('/v1/tokens'))
    if (list.opts<{ json?: true }>().json) return writeJson(io.stdout, body)
    if (body.items.length === 0) return writeLine(io.stderr, 'no tokens')
    for (const line of tableOf('tokens', body.items, painter(io.stdout))) writeLine(io.stdout, line)
  })

  const revoke = token.command('revoke').description('refuse a token from now on').argument('<name>', 'as in "drawgate token list"')
  addClientOptions(revoke).action(async (name: string) => {
    await connect(revoke).api.DELETE('/v1/tokens/{name}', { params: { path: { name } } })
    if (revoke.opts<{ json?: true }>().json) writeJson(io.stdout, { name, revoked: true })
    else writeLine(io.stdout, `token ${name} is revoked`)
  })
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** The API takes a time; people count from now. */
function expiry(duration: string): string {
  const [, number, unit] = /^([1-9][0-9]{0,5})([smhd])$/.exec(duration) ?? []
  if (number === undefined || unit === undefined) throw usage(`--expires-in ${duration} is no duration`, 'write 30m, 12h or 30d')
  return new Date(Date.now() + Number(number) * unitMs[unit as keyof typeof unitMs]).toISOString()
}
