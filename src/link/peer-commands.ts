import { EMPTY, toLatin1 } from "../bytes.js"
import type { Frame } from "../message.js"
import { PeerRefusal } from "../security/mechanism.js"
import { CANCEL, SUBSCRIBE, subscriptionFrame } from "../subscription.js"
import { decodeCommand, decodePing, encodeCommand, encodePing } from "../wire/command.js"
import { encodeFrame } from "../wire/encoder.js"
import { COMMAND } from "../wire/flags.js"
import { Heartbeat, type HeartbeatOwner } from "./heartbeat.js"
import type { Counters, Hello, LinkEnd, Scheduler } from "./link.js"
import type { LinkReader } from "./link-reader.js"
import type { LinkWriter } from "./link-writer.js"

/** PONGs that may wait for a peer that does not read; it has no use for more. */
const MAX_URGENT = 16
/** Characters of an ERROR's reason, which gets to the user. */
const MAX_REASON = 255

/** The connection that the commands come by. */
export interface CommandsOwner {
  readonly counters: Counters
  /** Grows with whatever comes from the peer. */
  readonly signsOfLife: number
  /** The peer is not read from, so its silence means nothing. */
  readonly deaf: boolean
  /** The peer was silent for too long. */
  silent(): void
}

/** What is said besides messages once the handshake is over: signs of life, and what a subscriber asks for. */
export class PeerCommands implements HeartbeatOwner {
  private readonly hello: Hello
  private readonly reader: LinkReader
  private readonly writer: LinkWriter
  private readonly scheduler: Scheduler
  private readonly owner: CommandsOwner
  /** There from the first need of it on. */
  private heartbeat: Heartbeat | undefined

  constructor(
    hello: Hello,
    reader: LinkReader,
    writer: LinkWriter,
    scheduler: Scheduler,
    owner: CommandsOwner,
  ) {
    this.hello = hello
    this.reader = reader
    this.writer = writer
    this.scheduler = scheduler
    this.owner = owner
  }

  /** Takes a command, and gives `end` what of it is for the pattern; false as {@link LinkEnd.deliver}. */
  handle(body: Frame, end: LinkEnd): boolean {
    const { name, data } = decodeCommand(body)
    switch (name) {
      case "SUBSCRIBE":
        return this.deliverSubscription(SUBSCRIBE, data, end)
      case "CANCEL":
        return this.deliverSubscription(CANCEL, data, end)
      case "PING":
        this.answerPing(data)
        return true
      case "ERROR":
        throw new PeerRefusal(toLatin1(data, 1, Math.min(data.length, 1 + MAX_REASON)))
      default:
        // PONG, and whatever later versions add.
        return true
    }
  }

  private deliverSubscription(first: number, topic: Frame, end: LinkEnd): boolean {
    const { socketType } = this.hello
    if (socketType !== "PUB" && socketType !== "XPUB") return true
    this.owner.counters.messagesIn++
    return end.deliver([subscriptionFrame(first, topic)])
  }

  private answerPing(data: Frame): void {
    const { timeToLive, context } = decodePing(data)
    if (this.writer.urgentCount < MAX_URGENT) {
      this.writer.sendUrgent(encodeFrame(encodeCommand("PONG", context), COMMAND))
    }
    // What stands behind it is a sign of life already.
    if (timeToLive === 0 || this.reader.peekRaw().length > 0) return
    this.heart.pinged(timeToLive * 100)
  }

  /** Begins to ask for signs of life. */
  startHeartbeat(): void {
    this.heart.start()
  }

  /** The connection has ended, or is about to. */
  stop(): void {
    this.heartbeat?.stop()
  }

  private get heart(): Heartbeat {
    this.heartbeat ??= new Heartbeat(this.hello.heartbeat, this.scheduler, this)
    return this.heartbeat
  }

  // ---- What the heartbeat asks

  get signsOfLife(): number {
    return this.owner.signsOfLife
  }

  get deaf(): boolean {
    return this.owner.deaf
  }

  ping(): boolean {
    const { writer } = this
    // Behind a write that has not left the process one PING is enough.
    if (writer.urgentCount === 0) {
      writer.sendUrgent(encodeFrame(encodePing(this.hello.heartbeat.timeToLive / 100, EMPTY), COMMAND))
    }
    return writer.idle
  }

  silent(): void {
    this.owner.silent()
  }
}
