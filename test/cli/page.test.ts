import assert from "node:assert/strict"
import { test } from "node:test"
import { assertMadeBy, pageOf } from "../docs/generated.js"
import { cli } from "./command-line.js"

const page = pageOf("docs/cli.md")

test("docs/cli.md has the help that `npm run docs:cli` puts there", () => {
  assertMadeBy("scripts/cli-page.mjs", page, "the page is old: run `npm run docs:cli`")
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
