import { createRequire } from "node:module"
import type * as puremq from "puremq"
import { fromRoot } from "../../test/interop/package-root.js"

/** The API that both libraries have, so that one program measures either. */
export type Library = typeof puremq

/** zeromq is installed apart from our own dependencies, because it carries binaries. */
export const requireFromPeers: NodeJS.Require = createRequire(fromRoot("test/peers/package.json"))

export async function loadLibrary(name: string): Promise<Library> {
  switch (name) {
    case "puremq":
      return import("puremq")
    case "zeromq":
      return requireFromPeers("zeromq")
    default:
      throw new Error(`--library is puremq or zeromq, not ${name}`)
  }
}
