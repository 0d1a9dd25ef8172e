import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"
import type * as puremq from "puremq"
import { fromRoot } from "../../test/interop/package-root.js"

/** The API that both libraries have, so that one program measures either. */
export type Library = typeof puremq

/** zeromq is installed apart from our own dependencies, because it carries binaries. */
export const requireFromPeers: NodeJS.Require = createRequire(fromRoot("test/peers/package.json"))

/**
 * Our module where it finds sodium-native beside it, as users have it who have installed that. For a process with
 * `--preserve-symlinks`: the way there is made of links.
 */
const nativeModule = fromRoot("build/bench/native/puremq/dist/puremq.js")

export async function loadLibrary(name: string): Promise<Library> {
  switch (name) {
    case "puremq":
      return import("puremq")
    case "puremq-native":
      return import(pathToFileURL(nativeModule).href)
    case "zeromq":
      return requireFromPeers("zeromq")
    default:
      throw new Error(`--library is puremq, puremq-native or zeromq, not ${name}`)
  }
}
