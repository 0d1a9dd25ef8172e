// What an import brings into the process.
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import { fileURLToPath, pathToFileURL } from "node:url"
import { fromRoot } from "../interop/package-root.js"

test("an import loads the package's own modules and what is built into Node, nothing else", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "puremq-import-"))
  t.after(() => rmSync(folder, { recursive: true }))
  const program = fileURLToPath(new URL("programs/imported.js", import.meta.url))
  // Whatever runs is covered, however it was loaded.
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
    encoding: "utf8",
    env: { ...process.env, NODE_V8_COVERAGE: folder },
  })
  assert.equal(status, 0, stderr)
  assert.equal(stdout, "", "native modules")

  const programs = new URL("programs/", import.meta.url).href
  const dist = pathToFileURL(fromRoot("dist/")).href
  const scripts = readdirSync(folder).flatMap((file) => urlsIn(join(folder, file)))
  assert.ok(scripts.includes(`${dist}index.js`))
  const others = scripts.filter(
    (url) => !url.startsWith(dist) && !url.startsWith(programs) && !url.startsWith("node:"),
  )
  assert.deepEqual(others, [])
})

function urlsIn(coverage: string): string[] {
  const { result } = JSON.parse(readFileSync(coverage, "utf8")) as { result: { url: string }[] }
  return result.map(({ url }) => url)
}
