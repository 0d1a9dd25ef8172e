import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { contextOptionNames } from "#src/core/context-options.js"
import { optionTable } from "#src/core/options.js"
import { fromRoot } from "../interop/package-root.js"

const page = readFileSync(fromRoot("docs/options.md"), "utf8").replaceAll("\r\n", "\n")

test("docs/options.md is what `npm run docs:options` makes", () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [fromRoot("scripts/options-page.mjs"), "--print"],
    { encoding: "utf8" },
  )
  assert.equal(status, 0, stderr)
  assert.equal(page, stdout, "the page is old: run `npm run docs:options`")
})

test("every option has its section, with its text", () => {
  for (const name of [...Object.keys(optionTable), ...contextOptionNames]) {
    assert.match(
      page,
      new RegExp(
        `^### ${name}\n\n\\S.*\n\n\\| \\| \\|\n\\|---\\|---\\|\n\\| (zmq.h \\| ZMQ_|Number \\| none)`,
        "m",
      ),
      name,
    )
  }
})
