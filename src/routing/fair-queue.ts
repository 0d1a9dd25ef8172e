import type { Message, MessageRun } from "../message.js"
import type { Pipe } from "./pattern.js"

/** Takes whole messages from many pipes in turn, one each. */
export class FairQueue {
  /** The pipe that the last message came from. */
  last: Pipe | undefined
  /**
   * What may be read next without asking, but for its last message, since no other pipe has any. It spares the
   * way through queue, pipe and inbox, which costs as much as decoding a small message.
   */
  run: MessageRun | undefined
  /** The pipes that have messages, and no others. */
  private readonly pipes: Pipe[] = []
  private current = 0

  get readable(): boolean {
    // One that was let go has forgotten its messages.
    return this.pipes.some((pipe) => pipe.readable)
  }

  /** The pipe has messages. */
  add(pipe: Pipe): void {
    if (pipe.queued) return
    pipe.queued = true
    this.run = undefined
    this.pipes.push(pipe)
  }

  next(): Message | undefined {
    const { pipes } = this
    while (pipes.length > 0) {
      if (this.current >= pipes.length) this.current = 0
      const at = this.current
      const pipe = pipes[at] as Pipe
      const message = pipe.read()
      // Asked after the read, which may have let the connection refill the inbox.
      if (pipe.readable) this.current = at + 1
      else this.drop(at, pipe)
      if (message === undefined) continue
      this.last = pipe
      this.run = pipes.length === 1 ? pipe.run : undefined
      return message
    }
    this.run = undefined
    return undefined
  }

  /** Those behind move up, so that their order stays. */
  private drop(at: number, pipe: Pipe): void {
    pipe.queued = false
    this.pipes.copyWithin(at, at + 1)
    this.pipes.pop()
  }
}
