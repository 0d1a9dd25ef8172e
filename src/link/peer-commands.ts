import { EMPTY } from "../bytes.js"
import type { Frame } from "../message.js"
import { lateRefusal } from "../security/mechanism.js"
import { decodeCommand, decodePing, encodeCommand, encodePing } from "../wire/command.js"
import { encodeFrame } from "../wire/encoder.js"
import { COMMAND } from "../wire/flags.js"
import { requestOf } from "../wire/requests.js"
import { Heartbeat, type HeartbeatOwner } from "./heartbeat.js"
import type { Counters, Hello, LinkEnd, Scheduler } from "./link.js"
import type { LinkReader } from "./link-reader.js"
import type { LinkWriter } from "./link-writer.js"

/** PONGs that may wait for a peer that does not read; it has no use for more. */
const MAX_URGENT = 16

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
      case "PING":
        this.answerPing(data)
        return true
      case "ERROR":
        throw lateRefusal(data)
      default:
        return this.deliverRequest(name, data, end)
    }
  }

  private deliverRequest(name: string, data: Frame, end: LinkEnd): boolean {
    const request = requestOf(this.hello.socketType, name, data)
    // PONG, and whatever later versions add.
    if (request === undefined) return true
    this.owner.counters.messagesIn++
    return end.deliver([request])
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
