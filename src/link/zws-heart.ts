import { EMPTY } from "../bytes.js"
import type { Frame } from "../message.js"
import { decodePing, encodeCommand, encodePing } from "../wire/command.js"
import { encodePacket, ZWS_COMMAND } from "../wire/zws.js"
import { Heartbeat, type HeartbeatOwner, type HeartbeatSettings } from "./heartbeat.js"
import type { Scheduler } from "./link.js"
import type { LinkWriter } from "./link-writer.js"
import type { PacketConn } from "./packet-conn.js"

/** PONGs that may wait for a peer that does not read; it has no use for more. */
const MAX_URGENT = 16

/** The connection that has the heart. */
export interface ZwsBody {
  /** The peer is not read from, so its silence means nothing. */
  readonly deaf: boolean
  /** The peer was silent for too long. */
  silent(): void
}

/**
 * Signs of life over ZWS: the WebSocket's own pings, and where the platform has none the PINGs of ZMTP, as commands.
 * Those libzmq passes over, so the silence of a peer that was never heard to answer one means nothing.
 */
export class ZwsHeart implements HeartbeatOwner {
  /** Grows with whatever comes from the peer. */
  signsOfLife = 0
  private readonly conn: PacketConn
  private readonly writer: LinkWriter
  private readonly settings: HeartbeatSettings
  private readonly scheduler: Scheduler
  private readonly body: ZwsBody
  /** There from the first need of it on. */
  private heartbeat: Heartbeat | undefined
  private answersPings = false

  constructor(
    conn: PacketConn,
    writer: LinkWriter,
    settings: HeartbeatSettings,
    scheduler: Scheduler,
    body: ZwsBody,
  ) {
    this.conn = conn
    this.writer = writer
    this.settings = settings
    this.scheduler = scheduler
    this.body = body
  }

  /** The handshake is over. */
  start(): void {
    if (this.settings.interval > 0) this.beat().start()
  }

  /** The connection has ended, or is about to. */
  stop(): void {
    this.heartbeat?.stop()
  }

  /** The peer sent a PING that is a command; throws a ProtocolError. */
  pinged(data: Frame): void {
    const { timeToLive, context } = decodePing(data)
    if (this.writer.urgentCount < MAX_URGENT) {
      this.writer.sendUrgent(encodePacket(ZWS_COMMAND, encodeCommand("PONG", context)))
    }
    if (timeToLive > 0) this.beat().pinged(timeToLive * 100)
  }

  /** The peer answered one of ours. */
  ponged(): void {
    this.answersPings = true
  }

  get deaf(): boolean {
    return this.body.deaf
  }

  ping(): boolean {
    if (this.conn.pings) return this.conn.ping()
    const { writer } = this
    // Behind a write that has not left the process one PING is enough.
    if (writer.urgentCount === 0) {
      writer.sendUrgent(encodePacket(ZWS_COMMAND, encodePing(this.settings.timeToLive / 100, EMPTY)))
    }
    return this.answersPings && writer.idle
  }

  silent(): void {
    this.body.silent()
  }

  private beat(): Heartbeat {
    this.heartbeat ??= new Heartbeat(this.settings, this.scheduler, this)
    return this.heartbeat
  }
}
