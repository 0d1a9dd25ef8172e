import type { CompletedCommand, CompletedOption } from "./words.js"

/** The script that zsh reads: a file `_puremq` in its `fpath`, or read in with `source`. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef puremq
# Completion of puremq for zsh: source <(puremq completion zsh)
_puremq() {
  local -a commands=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  case $name in
${commands.map(caseOf).join("\n")}
  esac
}
if [ "$funcstack[1]" = _puremq ]; then _puremq "$@"; else compdef _puremq puremq; fi
`
}

function caseOf({ name, words, options }: CompletedCommand): string {
  const specs = options.flatMap(specsOf)
  if (words.length > 0) specs.push(quote(`1:argument:(${words.join(" ")})`))
  return `    ${name}) _arguments ${[...specs, "'*: :_default'"].join(" \\\n      ")} ;;`
}

function specsOf({ flags, description, takesValue, choices, isPath }: CompletedOption): string[] {
  const action = isPath ? "_files" : choices.length > 0 ? `(${choices.join(" ")})` : " "
  const value = takesValue ? `:value:${action}` : ""
  const text = description.replace(/[[\]\\:]/g, "\\$&")
  return flags.map((flag) => quote(`*${flag}[${text}]${value}`))
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
