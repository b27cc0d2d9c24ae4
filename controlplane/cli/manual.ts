/** drawgate(1) in the words of the commands' own help; with `--check` says whether docs/drawgate.1 is up to date. */
import { readFileSync, writeFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { exitCodeHelp } from './failure.ts'
import { buildProgram } from './program.ts'
import { flat, type TreeCommand, treeOf } from './tree.ts'

export const manualPath = fileURLToPath(new URL('../../../docs/drawgate.1', import.meta.url))

export function manual(): string {
  const program = buildProgram({ stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() })
  const commands = flat(treeOf(program))
  const [root, ...rest] = commands as [TreeCommand, ...TreeCommand[]]
  const runnable = rest.filter(({ below }) => below.length === 0)
  const environment = new Map(
    commands.flatMap(({ options }) =>
      options.flatMap(({ option, names }) => (option.envVar === undefined ? [] : [[option.envVar, names[0] as string] as const])),
    ),
  )
  return `${[
    '.\\" Generated from the commands: scripts/build --write',
    '.TH DRAWGATE 1 "" drawgate "User Commands"',
    '.SH NAME',
    `drawgate \\- ${text('XDP/TC firewall and L4 load balancer')}`,
    '.SH SYNOPSIS',
    '.B drawgate',
    '.I COMMAND',
    '[\\fIOPTION\\fR]...',
    '.SH DESCRIPTION',
    text(root.description),
    '.SH COMMANDS',
    ...runnable.flatMap(commandLines),
    '.SH EXIT STATUS',
    ...literal(exitCodeHelp.replace(/^\s*Exit codes:\n/, '')),
    '.SH ENVIRONMENT',
    ...[...environment].sort().flatMap(([name, option]) => ['.TP', `.B ${name}`, text(`what ${option} says, where it is not given`)]),
    '.SH SEE ALSO',
    text('GET /docs of the daemon has the API; docs/ of the package has operation, packets and errors.'),
  ].join('\n')}\n`
}

function commandLines({ path, arguments: words, description, options, command }: TreeCommand): string[] {
  const said = words.map(word => (word.required ? `<${word.name()}>` : `[${word.name()}]`) + (word.variadic ? '...' : ''))
  return [
    `.SS ${text(['drawgate', ...path, ...said].join(' '))}`,
    text(`${description[0]?.toUpperCase()}${description.slice(1)}.`),
    ...words.flatMap(word => [
      '.TP',
      `.I ${text(word.name())}`,
      text(word.argChoices === undefined ? word.description : `${word.description}: ${word.argChoices.join(', ')}`),
    ]),
    ...options.flatMap(({ option, choices }) => [
      '.TP',
      `.B ${text(option.flags)}`,
      text(
        [
          option.description,
          ...(choices.length > 0 ? [`one of ${choices.join(', ')}`] : []),
          ...(typeof option.defaultValue === 'string' ? [`default: ${option.defaultValue}`] : []),
        ].join('; '),
      ),
    ]),
    ...literal(afterHelp(command)),
  ]
}

/** What `addHelpText` put behind the options. */
function afterHelp(command: TreeCommand['command']): string {
  let written = ''
  command.configureOutput({ writeOut: part => (written += part) })
  command.outputHelp()
  return written.slice(command.helpInformation().length)
}

function literal(lines: string): string[] {
  return lines.trim() === ''
    ? []
    : [
        '.PP',
        '.nf',
        ...lines
          .replace(/^\n+|\n+$/g, '')
          .split('\n')
          .map(text),
        '.fi',
      ]
}

/** A hyphen is no dash, a backslash no escape, a dot no request. */
function text(line: string): string {
  return line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(['.])/, '\\&$1')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes('--check')) writeFileSync(manualPath, manual())
  else if (readFileSync(manualPath, 'utf8') !== manual()) {
    console.error('docs/drawgate.1 is not what the commands say: run npm run abi and commit it')
    process.exitCode = 1
  }
}
