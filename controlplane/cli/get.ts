/** `drawgate get`: what is declared and how it stands, as tables for people, as JSON or YAML for everything else. */
import { type Command, Option } from 'commander'
import { stringify } from 'yaml'
import { addClientOptions, type Client, collect, connect, type Query } from './client.ts'
import { gone, usage } from './failure.ts'
import { type Io, painter, plain, writeJson, writeLine } from './io.ts'
import { type Item, isListKind, type ListKind, listKinds, orderOf, tableOf } from './lists.ts'

type Format = 'table' | 'json' | 'yaml'

interface GetFlags {
  readonly output?: Format
  readonly json?: true
  readonly status?: true
  readonly entries?: true
  readonly label?: readonly string[]
}

interface Page {
  readonly items: readonly Item[]
  readonly nextCursor?: string | null
}

const help = `
Lists are tables by default, single objects and the policy YAML. What "get NAME -o json" prints is what PUT takes.

Examples:
  drawgate get                              the whole policy; "drawgate apply -f" takes it back
  drawgate get rules                        in the order in which packets meet them, with counters
  drawgate get services web                 one service as it was declared
  drawgate get services web --status        ... how it stands: shares and counters of its backends
  drawgate get services web/b1              one backend
  drawgate get sets blocked --entries       the prefixes of a set, one a line
  drawgate get rules -o json | jq -r '.items[].name'`

export function addGet(program: Command, io: Io): void {
  const command = program
    .command('get')
    .description('print the policy, a list of objects, or one object')
    .argument('[kind]', `policy, ${listKinds.join(', ')}`, 'policy')
    .argument('[name]', 'one object; SERVICE/BACKEND for a backend')
    .addOption(new Option('-o, --output <format>', 'form of the output').choices(['table', 'json', 'yaml']))
    .option('--status', 'what moves: counters, shares, modes')
    .option('--entries', 'the entries of a set; with the policy, those of all sets')
    .option('-l, --label <key=value>', 'only objects with this label; repeated: with all of them', collect)
    .addHelpText('after', help)
  addClientOptions(command).action((kind: string, name: string | undefined) => get(kind, name, command, io))
}

async function get(word: string, name: string | undefined, command: Command, io: Io): Promise<void> {
  const flags = command.opts<GetFlags>()
  const kind = kindOf(word)
  if (flags.entries && kind !== 'policy' && (kind !== 'sets' || name === undefined))
    throw usage('--entries is for one set', 'drawgate get sets NAME --entries')
  if (name !== undefined && flags.label !== undefined) throw usage('--label is for lists', `drawgate get ${word} --label ${flags.label[0]}`)
  const client = connect(command)
  const format = flags.output ?? (flags.json ? 'json' : undefined)
  if (kind === 'policy') {
    if (name !== undefined) throw usage('there is one policy, without a name', 'drawgate get policy')
    const { body } = await client.read(['policy'], flags.entries ? { include: 'entries' } : {})
    return show(body, format ?? 'yaml', io)
  }
  if (name === undefined) return showList(kind, await list(client, kind, flags, format ?? 'table'), format ?? 'table', io)
  if (flags.entries) return showEntries(await pages(client, ['sets', name, 'entries'], {}), format ?? 'table', io)
  if (kind === 'devices' || kind === 'tokens') return showNamed(client, kind, name, format ?? 'yaml', io)
  const [service = '', backend] = kind === 'services' ? name.split('/', 2) : []
  if (backend !== undefined) return showBackend(client, service, backend, flags, format ?? 'yaml', io)
  const declared = await one(client, [kind, name])
  if (format === 'table')
    return showList(kind, [{ name, ...(declared as object), status: await one(client, [kind, name, 'status']) }], format, io)
  show(flags.status ? await one(client, [kind, name, 'status']) : declared, format ?? 'yaml', io)
}

/** Backends have no status of their own: it is part of their service's. */
async function showBackend(client: Client, service: string, backend: string, flags: GetFlags, format: Format, io: Io): Promise<void> {
  if (format === 'table') throw usage('a backend alone is no table', `drawgate get services ${service} --status`)
  const declared = await one(client, ['services', service, 'backends', backend])
  if (!flags.status) return show(declared, format, io)
  const { backends } = (await one(client, ['services', service, 'status'])) as { backends: Record<string, unknown> }
  show(backends[backend], format, io)
}

function kindOf(word: string): ListKind | 'policy' {
  if (word === 'policy') return word
  const plural = word.endsWith('s') ? word : `${word}s`
  if (!isListKind(plural)) throw usage(`there is nothing called ${word}`, `drawgate get policy, ${listKinds.join(', ')}`)
  return plural
}

async function one(client: Client, path: readonly string[]): Promise<unknown> {
  return (await client.read(path)).body
}

async function list(client: Client, kind: ListKind, { label, status }: GetFlags, format: Format): Promise<Item[]> {
  const declared = kind !== 'devices' && kind !== 'tokens'
  if (!declared && label !== undefined) throw usage(`${kind} have no labels`)
  const withStatus = declared && (status === true || format === 'table')
  return pages(client, [kind], declared ? { label, limit: 1000, include: withStatus ? 'status' : undefined } : {})
}

async function pages(client: Client, path: readonly string[], query: Query): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | undefined
  do {
    const { body } = await client.read<Page>(path, { ...query, cursor })
    for (const item of body.items) items.push(item)
    cursor = body.nextCursor ?? undefined
  } while (cursor !== undefined)
  return items
}

async function showNamed(client: Client, kind: 'devices' | 'tokens', name: string, format: Format, io: Io): Promise<void> {
  const item = (await pages(client, [kind], {})).find(candidate => candidate.name === name)
  if (item === undefined) throw gone(`there is no ${kind.slice(0, -1)} ${name}`, `drawgate get ${kind} lists them`)
  if (format === 'table') showList(kind, [item], format, io)
  else show(item, format, io)
}

function showList(kind: ListKind, items: Item[], format: Format, io: Io): void {
  if (format !== 'table') show({ items, nextCursor: null }, format, io)
  else if (items.length === 0) writeLine(io.stderr, `no ${kind}`)
  else for (const line of tableOf(kind, items.sort(orderOf(kind)), painter(io.stdout))) writeLine(io.stdout, line)
}

/** One prefix a line, as `PUT .../entries` takes them. */
function showEntries(items: Item[], format: Format, io: Io): void {
  if (format !== 'table') show({ items, nextCursor: null }, format, io)
  else for (const item of items) writeLine(io.stdout, entryLine(item))
}

function entryLine({ prefix, comment }: Item): string {
  return plain(comment === undefined ? String(prefix) : `${prefix}  # ${comment}`)
}

function show(value: unknown, format: Format, io: Io): void {
  if (format === 'json') writeJson(io.stdout, value)
  else io.stdout.write(stringify(value, { lineWidth: 0 }))
}
