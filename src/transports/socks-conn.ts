import type { Conn, ConnHandler } from "../link/conn.js"
import type { Scheduler, Timer } from "../link/link.js"
import type { SocksHandshake } from "./socks.js"

/** Who asked for a connection through a proxy; told one of the two. */
export interface SocksOwner {
  opened(conn: Conn): void
  failed(error: Error): void
}

/**
 * A connection through a SOCKS5 proxy. It reads no more than the proxy has to say; from then on it is the peer's, and
 * everything goes straight through.
 */
export class SocksConn implements Conn, ConnHandler {
  readonly remote: string
  private readonly conn: Conn
  private readonly handshake: SocksHandshake
  private readonly owner: SocksOwner
  private readonly timer: Timer | undefined
  private handler: ConnHandler | undefined
  private buffer: Uint8Array
  private filled = 0
  /** What was said last has not left the process. */
  private writing = false
  private failure: Error | undefined
  private settled = false

  /** `limit`: milliseconds that the proxy may take; 0: any time. */
  constructor(
    conn: Conn,
    remote: string,
    handshake: SocksHandshake,
    owner: SocksOwner,
    scheduler: Scheduler,
    limit: number,
  ) {
    this.conn = conn
    this.remote = remote
    this.handshake = handshake
    this.owner = owner
    this.buffer = new Uint8Array(handshake.needed)
    if (limit > 0)
      this.timer = scheduler.setTimer(limit, () => this.fail(new Error("The proxy took too long.")))
  }

  /** Begins to speak to the proxy. */
  open(): void {
    this.conn.start(this)
    this.say()
  }

  // ---- As the proxy's client, then as the peer's connection

  space(): Uint8Array {
    return this.handler === undefined ? this.buffer.subarray(this.filled) : this.handler.space()
  }

  received(count: number): boolean {
    if (this.handler !== undefined) return this.handler.received(count)
    if (this.settled) return true
    this.filled += count
    if (this.filled < this.buffer.length) return true
    try {
      if (this.writing) throw new Error("The proxy answered what it cannot have read.")
      this.handshake.take(this.buffer)
      this.buffer = new Uint8Array(this.handshake.needed)
      this.filled = 0
      this.say()
    } catch (error) {
      this.fail(error as Error)
      return false
    }
    if (this.handshake.complete) this.succeed()
    return true
  }

  written(): void {
    this.writing = false
    this.handler?.written()
  }

  closed(error: Error | undefined): void {
    if (this.handler !== undefined) {
      this.handler.closed(error)
      return
    }
    this.timer?.cancel()
    if (this.settled && this.failure === undefined) return
    this.owner.failed(this.failure ?? error ?? new Error("The proxy hung up."))
  }

  private say(): void {
    const bytes = this.handshake.next()
    if (bytes !== undefined) this.writing = !this.conn.write([bytes])
  }

  private succeed(): void {
    this.settled = true
    this.timer?.cancel()
    this.owner.opened(this)
  }

  private fail(error: Error): void {
    if (this.settled) return
    this.settled = true
    this.failure = error
    this.conn.destroy()
  }

  // ---- As a Conn

  start(handler: ConnHandler): void {
    this.handler = handler
  }

  write(chunks: readonly Uint8Array[]): boolean {
    return this.conn.write(chunks)
  }

  resume(): void {
    this.conn.resume()
  }

  end(): void {
    this.conn.end()
  }

  destroy(): void {
    this.conn.destroy()
  }

  /** Gives up before the owner was told anything, and tells it nothing. */
  abandon(): void {
    this.settled = true
    this.timer?.cancel()
    this.conn.destroy()
  }
}
