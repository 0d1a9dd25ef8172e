import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TestContext } from "node:test"
import { ZmqError } from "puremq"

/** Tells errors of ours with this code. */
export function fails(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ZmqError && error.code === code
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "puremq-auth-"))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}
