import type { CryptoBackend } from "./backend.js"

/** Loads one library; rejects where it is not to be had. */
export type BackendLoader = () => Promise<CryptoBackend>

/** What every runtime can have, the best first. A page loads of it what it uses. */
export const portableBackends: readonly BackendLoader[] = [
  async () => (await import("./libsodium.js")).loadLibsodium(),
  async () => (await import("./noble.js")).loadNoble(),
]

/**
 * The cryptography of one process: loaded when CURVE is first needed and not before, since nobody else should wait for
 * it, and without an `await` at the top of a module, which would make `require` of this library fail.
 */
export class CryptoLoader {
  /** There once it has been loaded. */
  loaded: CryptoBackend | undefined
  private readonly candidates: readonly BackendLoader[]
  private loading: Promise<CryptoBackend> | undefined

  /** The first candidate that can be loaded is the one. */
  constructor(candidates: readonly BackendLoader[] = portableBackends) {
    this.candidates = candidates
  }

  /** Loads it, once for all. Rejects with the last candidate's reason when there is none. */
  load(): Promise<CryptoBackend> {
    this.loading ??= this.loadFirst()
    return this.loading
  }

  private async loadFirst(): Promise<CryptoBackend> {
    let reason: unknown
    for (const candidate of this.candidates) {
      try {
        this.loaded = await candidate()
        return this.loaded
      } catch (error) {
        reason = error
      }
    }
    throw reason
  }
}
