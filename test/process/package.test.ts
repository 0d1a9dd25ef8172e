// How programs get at the package: by require() or import, once or more than once.
import assert from "node:assert/strict"
import { cpSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type TestContext, test } from "node:test"
import { fileURLToPath, pathToFileURL } from "node:url"
import * as puremq from "puremq"
import { fromRoot } from "../interop/package-root.js"
import { startNode } from "../interop/process.js"
import { takeMany } from "../suites/talk.js"
import { endsQuietly, runScene } from "./scenes.js"

test("require() and import give the same classes", async () => {
  await using program = startNode(new URL("programs/required.cjs", import.meta.url))
  await program.success()
  const [same, ...rest] = program.lines
  const names = Object.keys(puremq).filter((name) => name !== "default")
  assert.equal(same, `same: ${names.join(" ")}`)
  assert.deepEqual(rest, [
    "all in one: true",
    "received from a module",
    "received over a WebSocket",
    "instance: true",
    "draft instance: true",
    "draft all in one: true",
    "draft error: EHOSTUNREACH",
  ])
})

test("the default of each module is all of it, for programs compiled to CommonJS too", async () => {
  await using program = startNode(new URL("programs/default-imports.cjs", import.meta.url))
  await program.success()
  assert.deepEqual(program.lines, ["required: Push Gather Socket", "names: false", "same: true"])
})

/** The URL of the entry of a copy of the built package. */
function copyPackage(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "puremq-copy-"))
  t.after(() => rmSync(folder, { recursive: true }))
  const entry = fileURLToPath(import.meta.resolve("puremq"))
  const root = fromRoot("")
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true })
  cpSync(join(root, "package.json"), join(folder, "package.json"))
  return pathToFileURL(entry.replace(root, `${folder}/`)).href
}

test("two copies in one process talk to each other and keep to themselves", async (t) => {
  await using program = runScene("copies", "talk", copyPackage(t), copyPackage(t))
  await endsQuietly(program)
  assert.deepEqual(program.lines, [
    "apart: true",
    "received over tcp",
    "TypeError: Context must be a context object",
  ])
})

test("two copies in one process both send what they have at its end", async (t) => {
  using pull = new puremq.Pull()
  await pull.bind("tcp://127.0.0.1:0")
  await using program = runScene("copies", "flush", copyPackage(t), copyPackage(t), pull.lastEndpoint ?? "")
  assert.deepEqual(await takeMany(pull, 2), ["flushed", "flushed"])
  await endsQuietly(program)
})
