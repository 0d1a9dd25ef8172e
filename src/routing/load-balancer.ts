import type { Message } from "../message.js"
import type { Pipe } from "./pattern.js"

/** Gives whole messages to many pipes in turn, passing over those that have no room. */
export class LoadBalancer {
  /** The pipes with room first. */
  private readonly pipes: Pipe[] = []
  private ready = 0
  private current = 0

  get writable(): boolean {
    // One that is full counts as ready until a message is refused.
    for (let at = 0; at < this.ready; at++) if (this.pipes[at]?.writable) return true
    return false
  }

  attach(pipe: Pipe): void {
    pipe.sendSlot = this.pipes.length
    this.pipes.push(pipe)
    this.activate(pipe)
  }

  detach(pipe: Pipe): void {
    if (pipe.sendSlot < 0) return
    if (pipe.sendSlot < this.ready) this.deactivate(pipe)
    this.swap(pipe.sendSlot, this.pipes.length - 1)
    this.pipes.pop()
    pipe.sendSlot = -1
  }

  /** The pipe has room again. */
  activate(pipe: Pipe): void {
    if (pipe.sendSlot < this.ready) return
    this.swap(pipe.sendSlot, this.ready)
    this.ready++
  }

  /** The pipe that took the message; undefined when none has room. */
  send(message: Message): Pipe | undefined {
    while (this.ready > 0) {
      const pipe = this.pipes[this.current] as Pipe
      if (pipe.write(message)) {
        this.current++
        if (this.current >= this.ready) this.current = 0
        return pipe
      }
      this.deactivate(pipe)
    }
    return undefined
  }

  private deactivate(pipe: Pipe): void {
    this.ready--
    this.swap(pipe.sendSlot, this.ready)
    if (this.current >= this.ready) this.current = 0
  }

  private swap(left: number, right: number): void {
    const { pipes } = this
    const one = pipes[left] as Pipe
    const other = pipes[right] as Pipe
    pipes[left] = other
    pipes[right] = one
    other.sendSlot = left
    one.sendSlot = right
  }
}
