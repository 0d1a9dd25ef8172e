// What `puremq` is in a browser: one small module that needs nothing of Node's, and declarations that need none of it.
import assert from "node:assert/strict"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { type TestContext, test } from "node:test"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { fromRoot } from "../interop/package-root.js"
import { start } from "../interop/process.js"
import { loadZeromq } from "../suites/library.js"

const MOST_BYTES = 41_000

const manifest = JSON.parse(readFileSync(fromRoot("package.json"), "utf8"))
const bundle = fromRoot(manifest.exports["."].browser.default)
const draft = fromRoot(manifest.exports["./draft"].browser.default)

/** The modules that a module imports at once, itself among them: not those of CURVE, which are loaded when it is used. */
function modulesOf(file: string, known: Set<string> = new Set()): Set<string> {
  known.add(file)
  for (const [, name = ""] of readFileSync(file, "utf8").matchAll(/\bfrom ?"([^"]+)"/g)) {
    const imported = join(dirname(file), name)
    if (!known.has(imported)) modulesOf(imported, known)
  }
  return known
}

test(`what browsers load has at most ${MOST_BYTES} bytes when it is compressed`, (t) => {
  const sizes = [...modulesOf(bundle)].map((file) => gzipSync(readFileSync(file), { level: 9 }).length)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  t.diagnostic(`${total} bytes`)
  assert.ok(total <= MOST_BYTES, `${total} bytes`)
})

test("the draft types of browsers import the main module, and nothing else", () => {
  assert.deepEqual([...modulesOf(draft)], [draft, bundle])
})

test("the module for browsers imports nothing, and works with what browsers have", async () => {
  const program = (name: string): string => fileURLToPath(new URL(`programs/${name}.js`, import.meta.url))
  const flags = ["--experimental-vm-modules", "--no-warnings"]
  await using realm = start(process.execPath, ...flags, program("realm"), bundle, draft, program("page"))
  await realm.success()
  const answers = ["answered 0", "answered 100", "answered 100000"]
  assert.deepEqual(realm.lines, [
    "Buffer: undefined, process: undefined",
    "text ü 0102ff 0 true",
    "ü true 7",
    ...answers,
    // The same by libzmq.
    ...(typeof loadZeromq() === "string" ? [] : answers),
    "weather: sunny",
    "weather: sunny, true",
    "answer to a question",
    "answer to question, 100000 xxx",
    "connect tcp://127.0.0.1:5555: EPROTONOSUPPORT true",
    "connect ipc:///tmp/socket: EPROTONOSUPPORT true",
    "connect udp://127.0.0.1:5555: EPROTONOSUPPORT true",
    "bind tcp://127.0.0.1:*: EPROTONOSUPPORT",
    "bind ws://127.0.0.1:*: EPROTONOSUPPORT",
    "bind wss://127.0.0.1:*: EPROTONOSUPPORT",
    "nothing came: EAGAIN",
    "done",
  ])
  assert.equal(realm.complaints, "")
})

const page = `
import { attachPort, type Message, Subscriber } from "puremq"
import { Dish } from "puremq/draft"
attachPort(new MessageChannel().port1).close()
const subscriber = new Subscriber()
subscriber.connect("wss://example.com/news")
subscriber.subscribe("weather")
const [topic, body] = (await subscriber.receive()) as [Message, Message]
export const bytes: Uint8Array = body
const dish = new Dish()
dish.join("group")
const [heard, { group }] = await dish.receive()
export const joined: string = group.toString("hex") + heard.subarray(1).toString()
export const text: string = topic.toString("latin1") + body.subarray(1).toString()
export const same: boolean = topic.equals(body)
`

/** What the compiler says of a page's program that knows the library and the types of `types`. */
async function compile(t: TestContext, types: string[], source: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "puremq-types-"))
  t.after(() => rmSync(folder, { recursive: true }))
  const compilerOptions = {
    target: "ES2022",
    module: "ESNext",
    moduleResolution: "Bundler",
    lib: ["ES2022", "DOM", "ESNext.Disposable"],
    types,
    typeRoots: [fromRoot("node_modules/@types")],
    strict: true,
    noEmit: true,
    paths: {
      puremq: [fromRoot(manifest.exports["."].browser.types)],
      "puremq/draft": [fromRoot(manifest.exports["./draft"].browser.types)],
    },
  }
  writeFileSync(join(folder, "page.ts"), source)
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["page.ts"] }))
  const compiler = fromRoot("node_modules/typescript/bin/tsc")
  await using program = start(process.execPath, compiler, "-p", folder)
  await program.exit()
  return program.lines.join("\n")
}

test("a page's program needs no types of Node's to compile, and frames are what they are there", async (t) => {
  assert.equal(await compile(t, [], page), "")
  assert.match(await compile(t, [], `${page}body.readUInt8(0)`), /Property 'readUInt8' does not exist/)
})

test("where there are types of Node's, frames are Buffers", async (t) => {
  assert.equal(await compile(t, ["node"], `${page}body.readUInt8(0)`), "")
})
