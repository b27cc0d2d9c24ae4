/** `drawgate import`: rules, sets and virtual servers of other tools as a policy, and what of them could not be carried over. Asks no daemon. */
import { readFile, writeFile } from 'node:fs/promises'
import { Argument, type Command } from 'commander'
import { formatYaml } from '../format/yaml.ts'
import {
  type Imported,
  ImportFailure,
  importIpset,
  importIptables,
  importKeepalived,
  importNft,
  type Note,
  passesMore,
  type Source,
} from '../import/import.ts'
import { Failure, refused, usage } from './failure.ts'
import { type Io, painter, plain, readAll, writeJson, writeLine } from './io.ts'

interface ImportFlags {
  readonly output?: string
  readonly ipset?: string
  readonly ipv6?: true
  readonly strict?: true
  readonly json?: true
}

/** Each from the files that it was given. */
const readers: Readonly<Record<string, (files: readonly Source[], ipset: Source | undefined, flags: ImportFlags) => Imported>> = {
  'iptables-save': (files, ipset, { ipv6 }) => importIptables(files, ipset, ipv6 ? 6 : undefined),
  nft: files => importNft(only(files)),
  ipset: files => importIpset(only(files)),
  keepalived: files => importKeepalived(only(files)),
}

const help = `
The policy goes to standard output as YAML. What could not be carried over is told line by line on standard error, with what
that does: "passes more" and "drops more" compare the policy with the original. Without such a note a packet fares as before.
Nothing is applied: read it, check it, then try it with "drawgate apply -f policy.yaml --dry-run".

Examples:
  iptables-save | drawgate import iptables-save - > policy.yaml
  drawgate import iptables-save rules.v4 rules.v6 --ipset ipsets -o policy.yaml
  nft list ruleset | drawgate import nft - -o policy.yaml
  drawgate import ipset ipsets
  drawgate import keepalived /etc/keepalived/keepalived.conf`

export function addImport(program: Command, io: Io): void {
  const command = program
    .command('import')
    .description('make a policy of the rules of other tools, and tell what could not be carried over')
    .addArgument(new Argument('<kind>', 'what the file is').choices(Object.keys(readers)))
    .argument('<file...>', 'file to read; - reads standard input; of iptables-save one for each family')
    .option('-o, --output <file>', 'write the policy there')
    .option('--ipset <file>', 'text of "ipset save": the sets that rules of iptables name')
    .option('-6, --ipv6', 'the file is of ip6tables, and does not say so')
    .option('--strict', 'write nothing if the policy would pass more than the original')
    .option('--json', 'print policy and notes as one JSON object')
    .addHelpText('after', help)
    .action((kind: string, files: string[]) => runImport(kind, files, command.opts<ImportFlags>(), io))
}

async function runImport(kind: string, names: readonly string[], flags: ImportFlags, io: Io): Promise<void> {
  const files = await Promise.all(names.map(name => readSource(name, io)))
  const ipset = flags.ipset === undefined ? undefined : await readSource(flags.ipset, io)
  const { policy, notes } = reading(names[0] as string, () => (readers[kind] as (typeof readers)[string])(files, ipset, flags))
  const wider = notes.filter(passesMore)
  if (!flags.json) for (const note of notes) for (const line of noteLines(note, io)) writeLine(io.stderr, line)
  if (flags.strict && wider.length > 0)
    throw refused(`the policy would pass more than the original, by ${wider.length} notes`, 'leave --strict out, and read them')
  if (flags.output !== undefined) await writeFile(flags.output, formatYaml(policy))
  if (flags.json) return writeJson(io.stdout, { policy, notes })
  if (flags.output === undefined) io.stdout.write(formatYaml(policy))
  else writeLine(io.stderr, `wrote ${flags.output}: drawgate check ${flags.output}`)
}

function only([first, ...more]: readonly Source[]): Source {
  if (first === undefined || more.length > 0)
    throw usage('this kind is read from one file', 'put the files together, or import them one by one')
  return first
}

function reading(name: string, read: () => Imported): Imported {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ImportFailure)) throw error
    throw new Failure(1, {
      code: 'malformed',
      detail: `${name}:${error.line}: ${error.message}`,
      hint: 'drawgate import --help says what each kind is',
    })
  }
}

async function readSource(name: string, io: Io): Promise<Source> {
  if (name === '-') return { name: 'standard input', text: await readAll(io.stdin) }
  try {
    return { name, text: await readFile(name, 'utf8') }
  } catch (error) {
    throw usage(`cannot read ${name}: ${(error as Error).message}`, 'name a file, or - for standard input')
  }
}

function noteLines({ line, file, text, effect, detail, hint }: Note, io: Io): string[] {
  const paint = painter(io.stderr)
  const where = [file, line === 0 ? undefined : `line ${line}`].filter(part => part !== undefined).join(' ')
  const colour = passesMore({ effect }) ? 'red' : effect === 'drops more' ? 'yellow' : 'dim'
  return [
    `${paint('bold', where === '' ? 'note' : where)}: ${plain(text)}`,
    `    ${effect === 'none' ? '' : `${paint(colour, effect)}: `}${plain(detail)}`,
    ...(hint === undefined ? [] : [`    ${paint('yellow', '→')} ${plain(hint)}`]),
  ]
}
