import type { CompletedCommand, CompletedOption } from "./words.js"

/** The script that fish reads. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, summary, words, options }) => [
    `complete -c puremq -n __fish_use_subcommand -f -a ${quote(name)} -d ${quote(summary)}`,
    ...words.map((word) => `${within(name)} -f -a ${quote(word)}`),
    ...options.map((option) => lineOf(name, option)),
  ])
  return `# Completion of puremq for fish: puremq completion fish | source\n${lines.join("\n")}\n`
}

function within(name: string): string {
  return `complete -c puremq -n ${quote(`__fish_seen_subcommand_from ${name}`)}`
}

function lineOf(name: string, { flags, description, takesValue, choices, isPath }: CompletedOption): string {
  const words = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
  if (takesValue) words.push(isPath ? "-r" : "-x")
  if (choices.length > 0) words.push(`-a ${quote(choices.join(" "))}`)
  return `${within(name)} ${words.join(" ")} -d ${quote(description)}`
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`
}
