/** The commands as data, for what is generated from them: completion, and the manual. */
import type { Argument, Command, Option } from 'commander'

export interface TreeOption {
  /** `--output`, and `-o` where there is one. */
  readonly names: readonly string[]
  readonly takesValue: boolean
  readonly takesFile: boolean
  readonly choices: readonly string[]
  readonly description: string
  readonly option: Option
}

export interface TreeCommand {
  /** Below `drawgate`, as `token create`; empty: drawgate itself. */
  readonly path: readonly string[]
  readonly description: string
  readonly options: readonly TreeOption[]
  readonly arguments: readonly Argument[]
  /** Words that the first argument may be. */
  readonly words: readonly string[]
  readonly below: readonly TreeCommand[]
  readonly command: Command
}

export function treeOf(command: Command, path: readonly string[] = []): TreeCommand {
  const below = command.commands.map(one => treeOf(one, [...path, one.name()]))
  const [first] = command.registeredArguments
  return {
    path,
    description: command.description(),
    options: command.createHelp().visibleOptions(command).map(optionOf),
    arguments: command.registeredArguments,
    // "policy, rules, sets" in a description is what help tells people, too.
    words: first?.argChoices ?? (first?.name() === 'kind' ? first.description.split(', ') : []),
    below,
    command,
  }
}

function optionOf(option: Option): TreeOption {
  return {
    names: [option.long, option.short].filter(name => name !== undefined && name !== null),
    takesValue: option.required || option.optional,
    takesFile: /<(file|path|dir)>/.test(option.flags),
    choices: option.argChoices ?? [],
    description: option.description,
    option,
  }
}

/** The tree as a list, from the top. */
export function flat(tree: TreeCommand): TreeCommand[] {
  return [tree, ...tree.below.flatMap(flat)]
}
