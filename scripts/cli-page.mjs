// Puts the help of each command into docs/cli.md: into the blocks behind `<!-- puremq … -->`. What stands between the
// blocks is written by hand. With --print it writes the page to standard output instead.
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const page = new URL("../docs/cli.md", import.meta.url)
const commandLine = fileURLToPath(new URL("../dist/cli.js", import.meta.url))

function help(words) {
  const args = [commandLine, ...words.split(" ").slice(1), "--help"]
  return execFileSync(process.execPath, args, { encoding: "utf8" }).trimEnd()
}

const text = readFileSync(page, "utf8").replaceAll("\r\n", "\n")
const made = text.replace(
  /^<!-- (puremq.*?) -->\n\n```text\n.*?^```$/gms,
  (_, words) => `<!-- ${words} -->\n\n\`\`\`text\n${help(words)}\n\`\`\``,
)

if (process.argv.includes("--print")) process.stdout.write(made)
else writeFileSync(page, made)
