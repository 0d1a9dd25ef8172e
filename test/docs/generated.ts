// Pages that a script makes.
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fromRoot } from "../interop/package-root.js"

/** The page as it is, with the line ends of its script. */
export function pageOf(file: string): string {
  return readFileSync(fromRoot(file), "utf8").replaceAll("\r\n", "\n")
}

/** Throws an AssertionError with `advice` unless the page is what the script makes today. */
export function assertMadeBy(script: string, page: string, advice: string): void {
  const args = [fromRoot(script), "--print"]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" })
  assert.equal(status, 0, stderr)
  assert.equal(page, stdout, advice)
}
