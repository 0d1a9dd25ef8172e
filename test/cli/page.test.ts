import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { fromRoot } from "../interop/package-root.js"
import { cli } from "./command-line.js"

const page = readFileSync(fromRoot("docs/cli.md"), "utf8").replaceAll("\r\n", "\n")

test("docs/cli.md has the help that `npm run docs:cli` puts there", () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [fromRoot("scripts/cli-page.mjs"), "--print"],
    { encoding: "utf8" },
  )
  assert.equal(status, 0, stderr)
  assert.equal(page, stdout, "the page is old: run `npm run docs:cli`")
})

test("every command has its section, its help an example", async () => {
  const help = await cli("--help").success()
  const commands = [...help.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => name as string)
  assert.ok(commands.length > 15)
  for (const name of commands) {
    assert.match(
      page,
      new RegExp(`^### ${name}\n\n<!-- puremq ${name} -->\n\n\`\`\`text\nUsage: puremq ${name} `, "m"),
    )
    assert.match(await cli(`${name} --help`).success(), /^Examples:\n {2}\S.*:\n {4}\S/m, name)
  }
})
