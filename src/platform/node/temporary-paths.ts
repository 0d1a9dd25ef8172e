import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { TemporaryPaths } from "../../transports/ipc.js"

/** `ipc://*` gets a socket in a new folder of its own, as with libzmq. */
export const temporaryPaths: TemporaryPaths = {
  create: () => join(mkdtempSync(join(tmpdir(), "tmp")), "socket"),
  remove: (path) => rmSync(dirname(path), { recursive: true, force: true }),
}
