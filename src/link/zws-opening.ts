import { ProtocolError, ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import type { Protection } from "../security/mechanism.js"
import type { HandshakeOwner } from "./handshake.js"
import type { Hello, Scheduler, Timer } from "./link.js"
import type { LinkWriter } from "./link-writer.js"
import { createZwsHandshake, type ZwsHandshake } from "./zws-handshake.js"

/** The connection that is being opened. */
export interface ZwsOpeningOwner {
  /** It is about to end, whatever is heard from now on. */
  readonly failed: boolean
  /** Messages may follow, which `protection` hides where there is one: nothing else is asked of the opening. */
  opened(peer: Peer, protection: Protection | undefined): void
  /** The peer is not let in; what it has been told of that goes out before the connection ends. */
  refuse(error: Error): void
  /** What a peer sent ends its connection. */
  failDecoding(error: unknown): void
  fail(error: Error, retry: boolean): void
}

/** What a connection over a WebSocket does until messages may follow: it shakes hands, and has so much time for it. */
export class ZwsOpening implements HandshakeOwner {
  private readonly remote: string
  private readonly hello: Hello
  private readonly writer: LinkWriter
  private readonly scheduler: Scheduler
  private readonly owner: ZwsOpeningOwner
  /** There as soon as the WebSocket is. */
  private handshake: ZwsHandshake | undefined
  private over = false
  private timer: Timer | undefined

  constructor(
    remote: string,
    hello: Hello,
    writer: LinkWriter,
    scheduler: Scheduler,
    owner: ZwsOpeningOwner,
  ) {
    this.remote = remote
    this.hello = hello
    this.writer = writer
    this.scheduler = scheduler
    this.owner = owner
  }

  /** The WebSocket's own handshake begins, which has its share of the time. */
  begin(): void {
    if (this.hello.handshakeInterval > 0) {
      this.timer = this.scheduler.setTimer(this.hello.handshakeInterval, () => {
        // Where the event loop was busy, what came in time has not been read yet.
        this.scheduler.afterReading(() => this.tooLate())
      })
    }
  }

  private tooLate(): void {
    if (this.over) return
    this.owner.fail(new ZmqError("EAGAIN", { message: "The handshake took too long." }), true)
  }

  /** There is a WebSocket, with that subprotocol. */
  upgraded(subprotocol: string): void {
    if (this.over || this.handshake !== undefined || this.owner.failed) return
    this.handshake = createZwsHandshake(subprotocol, this.hello, this.remote, this)
    this.tryHands()
  }

  /** The connection has ended: keys are forgotten. */
  close(): void {
    this.over = true
    this.timer?.cancel()
    this.handshake?.close()
  }

  /** Takes a command. Throws what {@link ZwsHandshake.handle} throws. */
  command(body: Frame): void {
    this.handshake?.handle(body)
    this.shakeHands()
  }

  /** Takes a message: without a mechanism it is a routing id. Throws a ProtocolError where none may come. */
  message(message: Message): void {
    if (message.length > 1 || !this.handshake?.handleMessage(message[0] as Frame)) {
      throw new ProtocolError("ERR_ZMTP_UNEXPECTED_COMMAND", "A message came before the handshake was over.")
    }
    this.shakeHands()
  }

  private shakeHands(): void {
    const { owner } = this
    const handshake = this.handshake as ZwsHandshake
    for (let packet = handshake.next(); packet !== undefined; packet = handshake.next()) {
      this.writer.sendUrgent(packet)
    }
    if (handshake.failure !== undefined) owner.refuse(handshake.failure)
    if (!handshake.complete) return
    const peer = handshake.readPeer(this.remote)
    this.over = true
    this.timer?.cancel()
    owner.opened(peer, handshake.protection)
  }

  /** Who was to let the peer in has answered, or what was to hide messages is there. */
  progressed(): void {
    // Who has been sent away, or took too long, is not let in while the connection closes.
    if (!this.over && this.handshake !== undefined && !this.owner.failed) this.tryHands()
  }

  private tryHands(): void {
    try {
      this.shakeHands()
    } catch (error) {
      this.owner.failDecoding(error)
    }
  }
}
