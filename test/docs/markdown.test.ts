// How code is found in Markdown.
import assert from "node:assert/strict"
import { test } from "node:test"
import { modulesOf, sourceOf } from "./markdown.js"

const page = [
  "# Title",
  "```ts",
  'import * as zmq from "puremq"',
  "console.log(1) // one … 1",
  "```",
  "<!-- snippet: continues -->",
  "",
  "```js",
  "console.log(2) // two",
  "```",
  "<!-- snippet: then",
  "close() -->",
  "```sh",
  "```ts is nothing here",
  "```",
  "<!-- snippet: with",
  "const hidden = 1",
  "-->",
  "<!-- snippet: not run, because it takes a year -->",
  "```ts",
  "hidden // of no line that is printed",
  "```",
]

test("blocks become modules, each line in its place", () => {
  const [first, second, ...others] = modulesOf("page.md", page.join("\n"))
  assert.equal(others.length, 0)
  assert.equal(first?.name, "page.md:2")
  assert.deepEqual(first?.output, ["one … 1", "two"])
  assert.equal(first?.notRun, undefined)
  assert.deepEqual(Object.keys(first?.lines ?? []), ["2", "3", "8", "11"])
  assert.equal(first?.lines[11], "close() ")
  assert.equal(second?.name, "page.md:16")
  assert.equal(second?.notRun, "it takes a year")
  assert.deepEqual(Object.keys(second?.lines ?? []), ["16", "17", "20"])
})

test("what is not understood is an error", () => {
  const block = "```ts\nx\n```\n"
  for (const text of [
    `<!-- snippet: continue -->\n${block}`,
    `<!-- snippet: continues -->\n${block}`,
    `<!-- snippet: not run -->\n${block}`,
    `<!-- snippet: with\nx\n${block}`,
    `${block}<!-- snippet: with\nx -->\n`,
    "<!-- snippet: then\nx -->\n",
    "```ts\nx\n",
  ]) {
    assert.throws(() => modulesOf("page.md", text), /^Error: page\.md:\d/, text)
  }
})

test("a module gets ports and files that are free, the same for the same, and the import that it lacks", () => {
  let port = 20_000
  const [module] = modulesOf(
    "page.md",
    '```ts\na.bind("tcp://127.0.0.1:5555")\nb.bind("tcp://*:5556")\nc.connect("tcp://localhost:5555")\nd.bind("ipc:///tmp/x")\n```',
  )
  assert.ok(module)
  assert.deepEqual(sourceOf(module, () => port++, "/free").split("\n"), [
    'import * as zmq from "puremq"; ',
    'a.bind("tcp://127.0.0.1:20000")',
    'b.bind("tcp://*:20001")',
    'c.connect("tcp://localhost:20000")',
    'd.bind("ipc:///free/x")',
  ])
})
