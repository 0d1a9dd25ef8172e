import { Argument, type Command } from "commander"
import { bashScript } from "../completion/bash.js"
import { fishScript } from "../completion/fish.js"
import { type CompletedCommand, completedCommands } from "../completion/words.js"
import { zshScript } from "../completion/zsh.js"
import { examples } from "../examples.js"

const shells: Record<string, (commands: readonly CompletedCommand[]) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
}

/** `puremq completion`. */
export function registerCompletion(program: Command): void {
  const command = program
    .command("completion")
    .summary("write what a shell completes puremq's words with")
    .description("Writes a script that makes the shell complete commands and options of puremq.")
    .addArgument(new Argument("<shell>", "bash, zsh or fish").choices(Object.keys(shells)))
    .action((shell: string) => {
      process.stdout.write(shells[shell]?.(completedCommands(program)) ?? "")
    })
  examples(command, [
    ["In ~/.bashrc", "source <(puremq completion bash)"],
    ["In ~/.zshrc, behind compinit", "source <(puremq completion zsh)"],
    ["In ~/.config/fish/config.fish", "puremq completion fish | source"],
  ])
}
