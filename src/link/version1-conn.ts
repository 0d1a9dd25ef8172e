import { FromVersion1, ToVersion1 } from "../wire/version1.js"
import type { Conn, ConnHandler } from "./conn.js"

/** How much is read at a time; none of it is kept but while the handler wants no more. */
const READ_BYTES = 16_384

const NO_BYTES = new Uint8Array(0)

/**
 * Stands between a connection to a peer of ZMTP 1.0 and a handler that knows the frames of 2.0 and later: all that
 * goes through has its framing changed.
 */
export class Version1Conn implements Conn, ConnHandler {
  readonly remote: string
  private readonly conn: Conn
  private readonly failed: (error: unknown) => void
  private readonly inbound: FromVersion1 = new FromVersion1()
  private readonly outbound: ToVersion1
  private handler!: ConnHandler
  private buffer: Uint8Array = NO_BYTES
  /** What was read and the handler has not been given. */
  private pending: Uint8Array
  private passing = false
  /** The handler wants to read on, whatever it said before. */
  private wanted = false
  private stopped = false

  /**
   * Takes over `conn`, from which `heard` was read. The next `verbatim` bytes that are written are no frames. `failed`
   * is told what is wrong with the bytes of the peer.
   */
  constructor(conn: Conn, heard: Uint8Array, verbatim: number, failed: (error: unknown) => void) {
    this.remote = conn.remote
    this.conn = conn
    this.pending = heard
    this.outbound = new ToVersion1(verbatim)
    this.failed = failed
  }

  // ---- The handler's side

  start(handler: ConnHandler): void {
    this.handler = handler
    this.conn.start(this)
  }

  write(chunks: readonly Uint8Array[]): boolean {
    return this.conn.write(this.outbound.transcode(chunks))
  }

  resume(): void {
    this.wanted = true
    if (!this.passing && this.passOn()) this.conn.resume()
  }

  end(): void {
    this.stop()
    this.conn.end()
  }

  destroy(): void {
    this.stop()
    this.conn.destroy()
  }

  private stop(): void {
    this.stopped = true
    this.pending = NO_BYTES
  }

  // ---- The connection's side

  space(): Uint8Array {
    // What is pending stands in the other.
    if (this.buffer.length === 0 || this.unpassed) this.buffer = new Uint8Array(READ_BYTES)
    return this.buffer
  }

  received(count: number): boolean {
    if (this.stopped) return true
    const read = this.buffer.subarray(0, count)
    this.pending = this.pending.length === 0 ? read : join(this.pending, read)
    return this.passOn()
  }

  written(): void {
    this.handler.written()
  }

  closed(error: Error | undefined): void {
    // What was read has arrived, though the handler wanted no more of it by now.
    while (this.unpassed) this.passOn()
    this.stopped = true
    this.handler.closed(error)
  }

  private get unpassed(): boolean {
    return !this.stopped && (this.pending.length > 0 || this.inbound.owes)
  }

  /** Gives the handler what was read, as far as it wants it. False: it wants no more. */
  passOn(): boolean {
    this.passing = true
    try {
      while (this.unpassed) {
        const { taken, made } = this.inbound.transcode(this.pending, this.handler.space())
        this.pending = this.pending.subarray(taken)
        this.wanted = false
        if (made > 0 && !this.handler.received(made) && !this.wanted) return false
      }
    } catch (error) {
      this.stop()
      this.failed(error)
      return false
    } finally {
      this.passing = false
    }
    return true
  }
}

function join(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
