import type { Frame } from "../message.js"
import type { Properties } from "../wire/command.js"
import type { Verdict } from "./authentication.js"
import { NO_PROPERTIES, unexpected } from "./handshake-command.js"
import type { Mechanism, Protection } from "./mechanism.js"

/**
 * A mechanism whose library is still being loaded. The connection greets under its name and waits, as it would for a
 * peer; one command of the peer's, the HELLO of a client, is kept until then.
 */
export class DeferredMechanism implements Mechanism {
  readonly name: string
  onProgress: (() => void) | undefined
  private made: Mechanism | undefined
  private kept: Frame | undefined
  private fault: Error | undefined
  private closed = false

  constructor(name: string, making: Promise<Mechanism>) {
    this.name = name
    making.then(
      (mechanism) => this.begin(mechanism),
      (reason: unknown) => this.fail(reason),
    )
  }

  get complete(): boolean {
    return this.made?.complete ?? false
  }

  get peerProperties(): Properties {
    return this.made?.peerProperties ?? NO_PROPERTIES
  }

  get verdict(): Verdict | undefined {
    return this.made?.verdict
  }

  get failure(): Error | undefined {
    return this.fault ?? this.made?.failure
  }

  get protection(): Protection | undefined {
    return this.made?.protection
  }

  next(): Frame | undefined {
    return this.fault === undefined ? this.made?.next() : undefined
  }

  handle(body: Frame): void {
    if (this.made !== undefined) {
      this.made.handle(body)
      return
    }
    if (this.kept !== undefined) throw unexpected("A second command came before the first was answered.")
    this.kept = body
  }

  close(): void {
    this.closed = true
    this.made?.close?.()
  }

  private begin(mechanism: Mechanism): void {
    if (this.closed) {
      mechanism.close?.()
      return
    }
    this.made = mechanism
    mechanism.onProgress = () => this.onProgress?.()
    const { kept } = this
    this.kept = undefined
    try {
      if (kept !== undefined) mechanism.handle(kept)
    } catch (error) {
      this.fail(error)
      return
    }
    this.onProgress?.()
  }

  private fail(reason: unknown): void {
    if (this.closed) return
    this.fault = reason instanceof Error ? reason : new Error(String(reason))
    this.onProgress?.()
  }
}
