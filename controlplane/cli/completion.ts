/** `drawgate completion`: what a shell has to know to complete our command lines, made from the commands themselves. */
import { Argument, type Command } from 'commander'
import type { Io } from './io.ts'
import { flat, type TreeCommand, treeOf } from './tree.ts'

const help = `
Examples:
  drawgate completion bash > /etc/bash_completion.d/drawgate
  drawgate completion zsh > /usr/local/share/zsh/site-functions/_drawgate
  drawgate completion fish > ~/.config/fish/completions/drawgate.fish`

const shells: Readonly<Record<string, (commands: readonly TreeCommand[]) => string>> = { bash, zsh, fish }

export function addCompletion(program: Command, io: Io): void {
  program
    .command('completion')
    .description('print a script that completes these commands in a shell')
    .addArgument(new Argument('<shell>', 'which').choices(Object.keys(shells)))
    .addHelpText('after', help)
    .action((shell: string) => {
      io.stdout.write((shells[shell] as (typeof shells)[string])(flat(treeOf(program))))
    })
}

const key = ({ path }: TreeCommand) => path.join(' ')
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
/** What may stand next: commands below, words of the argument, options. */
const wordsOf = ({ below, words, options }: TreeCommand) => [
  ...below.map(({ path, description }) => [path.at(-1) as string, description] as const),
  ...words.map(word => [word, ''] as const),
  ...options.flatMap(({ names, description }) => names.filter(name => name.startsWith('--')).map(name => [name, description] as const)),
]

/** `path name`, for every name of every option that takes a value. */
function valuesOf(commands: readonly TreeCommand[]) {
  return commands.flatMap(command =>
    command.options
      .filter(({ takesValue }) => takesValue)
      .map(({ names, choices, takesFile }) => ({ patterns: names.map(name => `${key(command)} ${name}`), choices, takesFile })),
  )
}

function bash(commands: readonly TreeCommand[]): string {
  const known = commands.filter(({ path }) => path.length > 0).map(command => quote(key(command)))
  return `# bash completion for drawgate
_drawgate() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} path= words= at longer
  for ((at = 1; at < COMP_CWORD; at++)); do
    longer="\${path:+$path }\${COMP_WORDS[at]}"
    case "$longer" in ${known.join('|')}) path=$longer ;; esac
  done
  case "$path $before" in
${valuesOf(commands)
  .map(
    ({ patterns, choices, takesFile }) =>
      `    ${patterns.map(quote).join('|')}) COMPREPLY=($(compgen ${takesFile ? '-f' : `-W ${quote(choices.join(' '))}`} -- "$word")); return ;;`,
  )
  .join('\n')}
  esac
  case "$path" in
${commands
  .map(
    command =>
      `    ${quote(key(command))}) words=${quote(
        wordsOf(command)
          .map(([word]) => word)
          .join(' '),
      )} ;;`,
  )
  .join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _drawgate drawgate
`
}

function zsh(commands: readonly TreeCommand[]): string {
  const known = commands.filter(({ path }) => path.length > 0).map(command => quote(key(command)))
  const described = ([word, description]: readonly [string, string]) =>
    quote(`${word}${description === '' ? '' : `:${description.replaceAll(':', '\\:')}`}`)
  return `#compdef drawgate
_drawgate() {
  local before=$words[CURRENT-1] at longer which=
  local -a next
  for ((at = 2; at < CURRENT; at++)); do
    longer="\${which:+$which }$words[at]"
    case "$longer" in (${known.join('|')}) which=$longer ;; esac
  done
  case "$which $before" in
${valuesOf(commands)
  .map(
    ({ patterns, choices, takesFile }) =>
      `    (${patterns.map(quote).join('|')}) ${takesFile ? '_files' : choices.length === 0 ? '_message value' : `compadd -- ${choices.join(' ')}`}; return ;;`,
  )
  .join('\n')}
  esac
  case "$which" in
${commands.map(command => `    (${quote(key(command))}) next=(${wordsOf(command).map(described).join(' ')}) ;;`).join('\n')}
  esac
  _describe drawgate next || _files
}
if [ "$funcstack[1]" = _drawgate ]; then _drawgate "$@"; else compdef _drawgate drawgate; fi
`
}

function fish(commands: readonly TreeCommand[]): string {
  const lines = commands.flatMap(({ path, below, words, options }) => {
    const here = path.map(word => `__fish_seen_subcommand_from ${word}`)
    const none = below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.map(({ path }) => path.at(-1)).join(' ')}`]
    const when = path.length === 0 ? '__fish_use_subcommand' : [...here, ...none].join('; and ')
    const line = (rest: string) => `complete -c drawgate -n ${quote(when)} ${rest}`
    return [
      ...below.map(one => line(`-f -a ${one.path.at(-1)} -d ${quote(one.description)}`)),
      ...(words.length === 0 ? [] : [line(`-f -a ${quote(words.join(' '))}`)]),
      ...options.map(({ names, takesValue, takesFile, choices, description }) => {
        const named = names.map(name => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ')
        const value = takesFile ? ' -r -F' : choices.length > 0 ? ` -x -a ${quote(choices.join(' '))}` : takesValue ? ' -x' : ''
        return line(`${named}${value} -d ${quote(description)}`)
      }),
    ]
  })
  return `# fish completion for drawgate\n${lines.join('\n')}\n`
}
