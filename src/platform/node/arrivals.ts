import type net from "node:net"
import { LimitError } from "../../errors.js"
import type { Conn } from "../../link/conn.js"
import { acceptSocket } from "./socket-conn.js"

/** After so many the event loop gets to those that came before, and to accept more. */
const SETUPS_A_TURN = 64

/**
 * Accepted sockets that wait to be set up, which takes longer than to accept them. Were each set up at once, the
 * system's queue of a crowd would overflow meanwhile; who does not fit in it tries again a second later.
 */
export class Arrivals {
  private readonly accept: (conn: Conn) => void
  private readonly failed: (error: Error) => void
  private readonly most: number
  private readonly sockets: net.Socket[] = []
  private scheduled = false
  private readonly setUp: () => void = () => {
    const next = this.sockets.splice(0, SETUPS_A_TURN)
    this.scheduled = this.sockets.length > 0
    if (this.scheduled) setImmediate(this.setUp)
    for (const socket of next) this.accept(acceptSocket(socket))
  }

  /** At most `most` wait (0: any number); `failed` hears of each that had to go. */
  constructor(accept: (conn: Conn) => void, failed: (error: Error) => void, most: number) {
    this.accept = accept
    this.failed = failed
    this.most = most || Infinity
  }

  add(socket: net.Socket): void {
    if (this.sockets.length >= this.most) this.dropOldest()
    this.sockets.push(socket)
    if (this.scheduled) return
    this.scheduled = true
    setImmediate(this.setUp)
  }

  private dropOldest(): void {
    this.sockets.shift()?.destroy()
    this.failed(new LimitError("ENOBUFS", { message: "More connections come than can be set up." }))
  }

  /** Turns away who waits. */
  close(): void {
    for (const socket of this.sockets.splice(0)) socket.destroy()
  }
}
