import type { Timer } from "../link/link.js"
import type { Platform } from "./platform.js"

/** A request and its reply go from one pending operation to none and back within this time, without a release. */
const RELEASE_AFTER = 10

/**
 * Keeps the process alive while an operation is pending. The platform's handle is made only between no
 * operation and the first, and is let go a moment late: never once a message.
 */
export class KeepAlive {
  private readonly platform: Platform
  private held: Timer | undefined
  private count = 0
  private releasing = false

  constructor(platform: Platform) {
    this.platform = platform
  }

  hold(): void {
    if (this.count++ > 0 || this.held !== undefined) return
    this.held = this.platform.holdProcess()
  }

  release(): void {
    if (--this.count > 0 || this.releasing) return
    this.releasing = true
    this.platform.setTimer(RELEASE_AFTER, () => {
      this.releasing = false
      if (this.count > 0) return
      this.held?.cancel()
      this.held = undefined
    })
  }
}
