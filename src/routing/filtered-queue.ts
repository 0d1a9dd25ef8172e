import type { Message } from "../message.js"
import type { Peer } from "../peer.js"
import { FairQueue } from "./fair-queue.js"
import type { Pipe } from "./pattern.js"

/** A fair queue that passes over messages which are not for the user. */
export class FilteredQueue {
  /** The pipe that the last message came from which was taken. */
  last: Pipe | undefined
  /** Who sent it. */
  sender: Peer | undefined
  private readonly queue: FairQueue = new FairQueue()
  private readonly admits: (message: Message) => boolean
  /** A message that was found and that nobody has taken yet. */
  private found: Message | undefined

  constructor(admits: (message: Message) => boolean) {
    this.admits = admits
  }

  /** The pipe has messages. */
  add(pipe: Pipe): void {
    this.queue.add(pipe)
  }

  get readable(): boolean {
    this.found = this.look()
    return this.found !== undefined
  }

  next(): Message | undefined {
    const message = this.look()
    this.found = undefined
    return message === undefined ? undefined : this.taken(message)
  }

  /** See {@link FairQueue.takeAtOnce}. */
  takeAtOnce(): Message | undefined {
    if (this.found !== undefined) return undefined
    const message = this.queue.takeAtOnce()
    if (message === undefined || !this.admits(message)) return undefined
    return this.taken(message)
  }

  private taken(message: Message): Message {
    this.last = this.queue.last
    this.sender = this.last?.sender
    return message
  }

  /** What is next for the user, who may not want any more what was found before. */
  private look(): Message | undefined {
    const { found } = this
    return found !== undefined && this.admits(found) ? found : this.find()
  }

  private find(): Message | undefined {
    const { queue } = this
    for (let message = queue.next(); message !== undefined; message = queue.next()) {
      if (this.admits(message)) return message
    }
    return undefined
  }
}
