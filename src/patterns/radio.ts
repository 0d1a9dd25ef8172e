import { LimitError, ProtocolError, ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import { Groups } from "../routing/groups.js"
import { Pattern, type Pipe } from "../routing/pattern.js"
import type { TopicLimits } from "../routing/pipe-topics.js"
import { asks, LONGEST_GROUP, SUBSCRIBE } from "../subscription.js"

/** The options that RADIO goes by. */
export interface RadioSettings extends TopicLimits {
  readonly noDrop: boolean
}

/**
 * RADIO (RFC 48, draft): sends each message, a group and one frame, to those who joined the group, and over UDP to all.
 * Who reads too slowly loses messages; nobody else notices.
 */
export class RadioPattern extends Pattern {
  override readonly readsAtOnce = true
  private readonly settings: RadioSettings
  private readonly groups: Groups = new Groups()
  /** Who cannot say what groups he wants. */
  private readonly silent: Set<Pipe> = new Set()
  /** Who said what groups are wanted, of the peers that come and go under a pipe. */
  private readonly askers: Map<Pipe, Peer | undefined> = new Map()

  constructor(settings: RadioSettings) {
    super()
    this.settings = settings
  }

  attach(pipe: Pipe): void {
    if (pipe.connectionless) this.silent.add(pipe)
  }

  detach(pipe: Pipe): void {
    this.silent.delete(pipe)
    this.askers.delete(pipe)
    this.groups.forget(pipe)
  }

  override readable(pipe: Pipe): void {
    for (let message = pipe.read(); message !== undefined; message = pipe.read()) this.handle(pipe, message)
  }

  /** False: with `noDrop`, when one of those who ought to get the message has no room. Throws EINVAL. */
  override send(message: Message): boolean {
    if (message.length !== 2 || (message[0] as Frame).length > LONGEST_GROUP) {
      throw new ZmqError("EINVAL", {
        message: "A RADIO sends messages of one frame, to a group of 255 bytes.",
      })
    }
    const members = this.groups.of(message[0] as Frame)
    if (this.settings.noDrop) {
      const listeners = [...this.silent, ...members]
      if (!listeners.every((pipe) => pipe.writable)) return false
      for (const pipe of listeners) this.write(pipe, message)
      return true
    }
    for (const pipe of this.silent) this.write(pipe, message)
    for (const pipe of members) this.write(pipe, message)
    return true
  }

  override get canSend(): boolean {
    return true
  }

  private write(pipe: Pipe, message: Message): void {
    if (!pipe.write(message)) this.dropped++
  }

  /** A DISH joins and leaves groups, and says nothing else: a peer that does is sent away. */
  private handle(pipe: Pipe, message: Message): void {
    // It may have ended while its last message was read: nobody would undo this any more.
    if (pipe.ended) return
    const request = message[0] as Frame
    if (message.length > 1 || !asks(request) || request.length > 1 + LONGEST_GROUP) {
      pipe.refuse(
        new ProtocolError(
          "ERR_ZMTP_UNSPECIFIED",
          "A DISH says no more than that it joins or leaves a group of up to 255 bytes.",
        ),
      )
      return
    }
    this.forgetPredecessor(pipe)
    const group = request.subarray(1) as Frame
    if (request[0] !== SUBSCRIBE) this.groups.leave(pipe, group)
    else if (!pipe.foreign || this.groups.hasRoom(pipe, group, this.settings)) this.groups.join(pipe, group)
    else
      pipe.refuse(new LimitError("ENOBUFS", { message: "The peer wants to be in more groups than it may." }))
  }

  /** A DISH names all of its groups whenever it is connected, and what was joined before that is of no more account. */
  private forgetPredecessor(pipe: Pipe): void {
    const { sender } = pipe
    if (this.askers.get(pipe) === sender) return
    this.askers.set(pipe, sender)
    this.groups.forget(pipe)
  }
}
