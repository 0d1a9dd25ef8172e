import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"
import { loadSodiumNative } from "#src/platform/node/sodium-native.js"
import type { CryptoBackend } from "#src/security/crypto/backend.js"
import { loadLibsodium } from "#src/security/crypto/libsodium.js"
import { loadNoble } from "#src/security/crypto/noble.js"
import { fromRoot } from "../interop/package-root.js"

/** What every machine has. */
export const libsodium: CryptoBackend = await loadLibsodium()
export const noble: CryptoBackend = await loadNoble()

/** sodium-native, which users install if they want it, or the reason why this machine has none. */
export const sodiumNative: CryptoBackend | string = await findSodiumNative()

/** What this machine has. */
export const backends: readonly CryptoBackend[] =
  typeof sodiumNative === "string" ? [libsodium, noble] : [libsodium, noble, sodiumNative]

async function findSodiumNative(): Promise<CryptoBackend | string> {
  try {
    const file = createRequire(fromRoot("test/peers/package.json")).resolve("sodium-native")
    return await loadSodiumNative(pathToFileURL(file).href)
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split("\n", 1)
    return `sodium-native cannot be loaded from test/peers: ${reason}`
  }
}
