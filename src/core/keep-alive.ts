import type { Platform } from "./platform.js"

/** A request and its reply go from one pending operation to none and back within this time, without a release. */
const RELEASE_AFTER = 10

/**
 * Keeps the process alive while an operation is pending. The platform's handle is touched only between no
 * operation and the first, and is let go a moment late: never once a message.
 */
export class KeepAlive {
  private readonly platform: Platform
  private handle: { ref(): void; unref(): void } | undefined
  private count = 0
  private held = false
  private releasing = false

  constructor(platform: Platform) {
    this.platform = platform
  }

  hold(): void {
    if (this.count++ > 0 || this.held) return
    this.held = true
    this.handle ??= this.platform.createKeepAlive()
    this.handle.ref()
  }

  release(): void {
    if (--this.count > 0 || this.releasing) return
    this.releasing = true
    this.platform.setTimer(RELEASE_AFTER, () => {
      this.releasing = false
      if (this.count > 0) return
      this.held = false
      this.handle?.unref()
    })
  }
}
