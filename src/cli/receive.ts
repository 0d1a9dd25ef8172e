import type { Readable } from "../index.js"
import type { Output } from "./output.js"

/** Writes what comes, at the pace of standard output, until so many messages have. */
export class Receiver {
  private readonly socket: Readable
  private readonly output: Output
  private left: number

  constructor(socket: Readable, output: Output, count: number = Infinity) {
    this.socket = socket
    this.output = output
    this.left = count
  }

  /** Resolves when all have come; goes on where it was when it is called again after `signal` has ended it. */
  async run(signal: AbortSignal): Promise<void> {
    const { socket, output } = this
    while (this.left > 0) {
      let message = (await socket.receive({ signal })) as Buffer[] | undefined
      // What is there already is written in one go.
      while (message !== undefined) {
        output.add(message)
        this.left--
        message = this.left > 0 && !output.full ? socket.tryReceive() : undefined
      }
      await output.flush()
    }
  }
}
