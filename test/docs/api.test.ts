// Nobody changes the public API without seeing it: docs/api.txt has all of it.
import assert from "node:assert/strict"
import { test } from "node:test"
import * as puremq from "puremq"
import * as draft from "puremq/draft"
import * as old from "puremq/v5-compat"
import { assertMadeBy, pageOf } from "./generated.js"

const page = pageOf("docs/api.txt")

test("docs/api.txt is what `npm run docs:api` makes of the declarations", () => {
  assertMadeBy(
    "scripts/api-text.mjs",
    page,
    "the API has changed: run `npm run docs:api` and look at what it says",
  )
})

test("docs/api.txt declares whatever the entry points give", () => {
  for (const [entry, names] of Object.entries({ puremq, "puremq/draft": draft, "puremq/v5-compat": old })) {
    const start = page.indexOf(`==== ${entry} ====`)
    const part = page.slice(start, page.indexOf("\n====", start))
    for (const name of Object.keys(names)) {
      const declared = new RegExp(`^((abstract )?class |const |function )?${name}\\b`, "m")
      assert.match(part, declared, `${entry}: ${name}`)
    }
  }
})
