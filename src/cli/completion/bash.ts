import type { CompletedCommand, CompletedOption } from "./words.js"

/** The script that bash reads. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# Completion of puremq for bash: source <(puremq completion bash)
_puremq() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} --help --version" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${commands.map(caseOf).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _puremq puremq
`
}

function caseOf({ name, words, options }: CompletedCommand): string {
  const values = options.filter(({ takesValue }) => takesValue)
  const flags = options.flatMap((option) => option.flags).join(" ")
  return `    ${name})
      case "$previous" in
${values.map(argumentOf).join("")}      esac
      case "$current" in
        -*) words="${flags}" ;;
        *) ${words.length === 0 ? "return" : `[ "$COMP_CWORD" -eq 2 ] || return; words="${words.join(" ")}"`} ;;
      esac ;;`
}

/** Behind an option that takes a value stands none; what is no choice is left to bash, which knows files. */
function argumentOf({ flags, choices }: CompletedOption): string {
  const reply =
    choices.length === 0 ? "return" : `COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$current")); return`
  return `        ${flags.join("|")}) ${reply} ;;\n`
}
