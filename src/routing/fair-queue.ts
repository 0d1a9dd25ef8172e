import type { Message } from "../message.js"
import type { Pipe } from "./pattern.js"

/** Takes whole messages from many pipes in turn, one each. */
export class FairQueue {
  /** The pipe that the last message came from. */
  last: Pipe | undefined
  /** The pipes that have messages, and those that had when it was last their turn. */
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
    this.pipes.push(pipe)
  }

  /**
   * The next message, where the pipe whose turn it is has others behind it: then there is nothing else to do.
   * Undefined: ask {@link next}.
   */
  takeAtOnce(): Message | undefined {
    const { pipes } = this
    if (pipes.length === 0) return undefined
    const at = this.current < pipes.length ? this.current : 0
    const pipe = pipes[at] as Pipe
    const { run } = pipe
    if (run === undefined || run.length < 2) return undefined
    this.last = pipe
    this.current = at + 1
    return run.take()
  }

  next(): Message | undefined {
    const { pipes } = this
    while (pipes.length > 0) {
      if (this.current >= pipes.length) this.current = 0
      const at = this.current
      const pipe = pipes[at] as Pipe
      const message = pipe.read()
      if (message === undefined) {
        this.drop(at, pipe)
        continue
      }
      this.current = at + 1
      this.last = pipe
      return message
    }
    return undefined
  }

  /** The last one takes its place, as with libzmq: thousands need not move up. */
  private drop(at: number, pipe: Pipe): void {
    pipe.queued = false
    const last = this.pipes.pop() as Pipe
    if (last !== pipe) this.pipes[at] = last
  }
}
