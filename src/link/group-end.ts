import { ProtocolError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import { LONGEST_GROUP } from "../subscription.js"
import type { LinkEnd, Outbox } from "./link.js"

/** What a DISH takes in: each message is a group and one frame, and a peer that sends anything else is no RADIO. */
export class GroupEnd implements LinkEnd {
  readonly takesRuns = false
  private readonly behind: LinkEnd

  constructor(behind: LinkEnd) {
    this.behind = behind
  }

  get outbox(): Outbox {
    return this.behind.outbox
  }

  get room(): number {
    return this.behind.room
  }

  get halted(): boolean {
    return this.behind.halted
  }

  /** Throws a ProtocolError. */
  deliver(message: Message): boolean {
    if (message.length !== 2 || (message[0] as Frame).length > LONGEST_GROUP) {
      throw new ProtocolError(
        "ERR_ZMTP_UNSPECIFIED",
        "A message to a DISH is a group of up to 255 bytes and one frame.",
      )
    }
    return this.behind.deliver(message)
  }

  deliverRun(): never {
    throw new Error("Each message is looked at.")
  }

  drained(): void {
    this.behind.drained()
  }

  flushed(): void {
    this.behind.flushed()
  }
}
