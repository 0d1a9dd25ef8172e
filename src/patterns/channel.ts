import type { Message } from "../message.js"
import type { Peer } from "../peer.js"
import { checkSole, isSole } from "../routing/sole-frame.js"
import { PairPattern } from "./pair.js"

/** CHANNEL (RFC 52, draft): a PAIR of messages of one frame. Others are dropped. */
export class ChannelPattern extends PairPattern {
  /** A message that was found and that nobody has taken yet. */
  private found: Message | undefined
  private lastSender: Peer | undefined

  override send(message: Message): boolean {
    checkSole(message)
    return super.send(message)
  }

  override receive(): Message | undefined {
    const message = this.found ?? this.find()
    this.found = undefined
    if (message !== undefined) this.lastSender = super.sender
    return message
  }

  override get sender(): Peer | undefined {
    return this.lastSender
  }

  override get canReceive(): boolean {
    this.found ??= this.find()
    return this.found !== undefined
  }

  private find(): Message | undefined {
    let message = super.receive()
    while (message !== undefined && !isSole(message)) message = super.receive()
    return message
  }
}
