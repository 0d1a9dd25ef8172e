import assert from "node:assert/strict"
import { test } from "node:test"
import { contextOptionNames } from "#src/core/context-options.js"
import { optionTable } from "#src/core/options.js"
import { assertMadeBy, pageOf } from "../docs/generated.js"

const page = pageOf("docs/options.md")

test("docs/options.md is what `npm run docs:options` makes", () => {
  assertMadeBy("scripts/options-page.mjs", page, "the page is old: run `npm run docs:options`")
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
