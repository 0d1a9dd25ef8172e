import type { Scheduler, Timer } from "../link/link.js"
import type { CryptoLoader } from "../security/crypto/loader.js"
import type { CertificateStore } from "../security/curve/certificate.js"
import type { KeySource } from "../security/curve/keys.js"
import type { Transport } from "../transports/transport.js"

/** Everything that the library takes from the runtime it lives in: time, chance, streams and the process. */
export interface Platform {
  /** Runs `task` when the microtasks that are due have run, before any I/O. */
  afterMicrotasks(task: () => void): void
  /** Runs `task` once the event loop has turned. */
  nextTurn(task: () => void): void
  /** Runs `task` after `milliseconds`; does not keep the process alive. */
  setTimer(milliseconds: number, task: () => void): Timer
  /** Milliseconds of a clock that never goes back. */
  now(): number
  /** From 0 up to but not 1. */
  random(): number
  /** Tells the developer of a likely mistake. */
  warn(message: string): void
  /** Keeps the process alive until it is cancelled. */
  holdProcess(): Timer
  /** Runs `task` each time the process has nothing left to do and would end. */
  beforeExit(task: () => void): void
  /** What CURVE is made of. */
  readonly cryptography: CryptoLoader
  /** Makes keys of CURVE at once. */
  readonly curveKeys: KeySource
  /** Certificates in files; undefined where there are none. */
  readonly certificates?: CertificateStore
  /** The transports of one context, by their schemes; `acrossThreads`: its inproc names are those of all threads. */
  createTransports(scheduler: Scheduler, acrossThreads: boolean): Map<string, Transport>
}
