import type { Command, Option } from "commander"

/** What can be completed behind a command's name. */
export interface CompletedCommand {
  readonly name: string
  readonly summary: string
  /** Words for the first argument. */
  readonly words: readonly string[]
  readonly options: readonly CompletedOption[]
}

export interface CompletedOption {
  /** `-n` and `--count`. */
  readonly flags: readonly string[]
  readonly description: string
  /** Whether a value stands behind it, which of them are possible, and whether it is the path of a file. */
  readonly takesValue: boolean
  readonly choices: readonly string[]
  readonly isPath: boolean
}

/** All commands that help shows. */
export function completedCommands(program: Command): CompletedCommand[] {
  const commands = program.createHelp().visibleCommands(program)
  return commands.map((command) => ({
    name: command.name(),
    summary: command.summary() || command.description(),
    words: wordsOf(command, commands),
    options: command.createHelp().visibleOptions(command).map(toOption),
  }))
}

function wordsOf(command: Command, commands: readonly Command[]): readonly string[] {
  if (command.name() === "help") return commands.map((one) => one.name())
  return command.registeredArguments[0]?.argChoices ?? []
}

function toOption(option: Option): CompletedOption {
  return {
    flags: [option.short, option.long].filter((flag) => flag != null),
    description: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
    isPath: /<(?:path|file|folder)>/.test(option.flags),
  }
}
