import type net from "node:net"
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
  private readonly sockets: net.Socket[] = []
  private scheduled = false
  private readonly setUp: () => void = () => {
    const next = this.sockets.splice(0, SETUPS_A_TURN)
    this.scheduled = this.sockets.length > 0
    if (this.scheduled) setImmediate(this.setUp)
    for (const socket of next) this.accept(acceptSocket(socket))
  }

  constructor(accept: (conn: Conn) => void) {
    this.accept = accept
  }

  add(socket: net.Socket): void {
    this.sockets.push(socket)
    if (this.scheduled) return
    this.scheduled = true
    setImmediate(this.setUp)
  }

  /** Turns away who waits. */
  close(): void {
    for (const socket of this.sockets.splice(0)) socket.destroy()
  }
}
