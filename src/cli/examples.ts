import type { Command } from "commander"

/** An example: what it is for, and the line. */
export type Example = readonly [purpose: string, line: string]

/** Adds examples to a command's help. */
export function examples(command: Command, list: readonly Example[]): Command {
  const lines = list.map(([purpose, line]) => `  ${purpose}:\n    ${line}`)
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`)
}
