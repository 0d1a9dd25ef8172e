// The shells themselves complete.
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { before, test } from "node:test"
import { unlessMissing } from "../interop/peer.js"
import { cli } from "./command-line.js"

const scripts: Record<string, string> = {}

before(async () => {
  for (const shell of ["bash", "zsh", "fish"]) scripts[shell] = await cli(`completion ${shell}`).success()
})

function unlessNoShell(shell: string): { skip: string | false } {
  return unlessMissing(spawnSync(shell, ["-c", "true"]).status === 0 ? undefined : `${shell} was not found`)
}

function run(shell: string, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(shell, args, { encoding: "utf8", timeout: 20_000 })
  assert.equal(status, 0, stderr)
  assert.equal(stderr, "")
  return stdout
}

const cases: readonly (readonly [words: string, completions: readonly string[]])[] = [
  ["su", ["sub"]],
  ["proxy f", ["forwarder"]],
  ["completion ", ["bash", "fish", "zsh"]],
  ["sub --form", ["--format"]],
  ["sub --format j", ["json"]],
  ["rep --ec", ["--echo"]],
  ["monitor --type xp", ["xpub"]],
]

test("bash", unlessNoShell("bash"), () => {
  for (const [words, completions] of cases) {
    const list = ["puremq", ...words.split(" ")]
    const line = `COMP_WORDS=(${list.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${list.length - 1}; _puremq; printf '%s\\n' "\${COMPREPLY[@]}"`
    assert.deepEqual(
      run("bash", "-c", `${scripts.bash}\n${line}`).trim().split("\n").sort(),
      completions,
      words,
    )
  }
})

test("fish", unlessNoShell("fish"), () => {
  for (const [words, completions] of cases) {
    const said = run("fish", "--no-config", "-c", `${scripts.fish}\ncomplete -C 'puremq ${words}'`)
    const found = said
      .trim()
      .split("\n")
      .map((line) => line.split("\t")[0])
    assert.deepEqual(found.sort(), completions, words)
  }
})

test("zsh", unlessNoShell("zsh"), () => {
  // Completion works within a line editor only: what the script hands to it is looked at.
  const stubs = `
    compdef() { :; }
    _describe() { print -l -- \${(P)2} }
    _arguments() { print -l -- "$@" }
    ${scripts.zsh}
    words=(puremq su); CURRENT=2; _puremq
    words=(puremq sub --form); CURRENT=3; _puremq
    words=(puremq proxy f); CURRENT=3; _puremq`
  const said = run("zsh", "-f", "-c", stubs)
  assert.match(said, /^sub:subscribe to publishers$/m)
  assert.match(said, /^\*--format\[what messages look like\]:value:\(text hex base64 json raw\)$/m)
  assert.match(said, /^1:argument:\(queue forwarder streamer\)$/m)
})
