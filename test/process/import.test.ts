// What an import brings into the process.
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"

test("an import loads two modules and what is built into Node, nothing else", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "puremq-import-"))
  t.after(() => rmSync(folder, { recursive: true }))
  const program = fileURLToPath(new URL("programs/imported.js", import.meta.url))
  // Whatever runs is covered, however it was loaded.
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
    encoding: "utf8",
    env: { ...process.env, NODE_V8_COVERAGE: folder },
  })
  assert.equal(status, 0, stderr)
  assert.equal(stdout, "", "native modules, and UDP before it is used")

  const programs = new URL("programs/", import.meta.url).href
  const scripts = readdirSync(folder).flatMap((file) => urlsIn(join(folder, file)))
  const loaded = scripts.filter((url) => !url.startsWith(programs) && !url.startsWith("node:"))
  const entry = import.meta.resolve("puremq")
  assert.deepEqual(loaded.sort(), [entry.replace(/\.js$/, "-core.js"), entry].sort())
})

function urlsIn(coverage: string): string[] {
  const { result } = JSON.parse(readFileSync(coverage, "utf8")) as { result: { url: string }[] }
  return result.map(({ url }) => url)
}
