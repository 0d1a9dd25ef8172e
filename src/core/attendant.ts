import type { Message } from "../message.js"
import type { Borrower, SocketCore } from "./socket.js"

/**
 * Has a socket for itself and hears each message as it comes. Unlike an operation that waits for one, it does not keep
 * the process alive.
 */
export class Attendant implements Borrower {
  /** What the user would lose if he held nothing. */
  readonly holder: object
  private readonly socket: SocketCore
  private readonly heed: (message: Message, attendant: Attendant) => void
  private heeding = false

  /** Begins. Throws EBADF, EBUSY when the socket cannot be had. */
  constructor(socket: SocketCore, holder: object, heed: (message: Message, attendant: Attendant) => void) {
    this.socket = socket
    this.holder = holder
    this.heed = heed
    socket.lend(this)
    this.changed()
  }

  /** Whether the socket is still there to be talked to. */
  get open(): boolean {
    return !this.socket.closed
  }

  /** Sends a message now, while {@link open}; one that there is no room for is lost, as the pattern has it. */
  send(message: Message): void {
    this.socket.pattern.send(message)
  }

  // ---- What the socket tells

  changed(): void {
    // What is sent makes room, of which this hears before it has come back; the loop sees what came of it.
    if (this.heeding) return
    this.heeding = true
    try {
      for (;;) {
        const message = this.open ? this.socket.pattern.receive() : undefined
        if (message === undefined) break
        this.heed(message, this)
      }
    } finally {
      this.heeding = false
    }
  }

  lost(): void {}
}
