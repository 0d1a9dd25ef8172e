import { EMPTY, toLatin1, viewOf } from "../bytes.js"
import type { Frame, Message } from "../message.js"
import type { ProxyFlow } from "./proxy-direction.js"
import type { SocketCore } from "./socket.js"

/** Does what the commands say. */
export interface Steered {
  readonly toBackEnd: ProxyFlow
  readonly toFrontEnd: ProxyFlow
  pause(): void
  resume(): void
  terminate(): void
}

const LONGEST_COMMAND = "STATISTICS".length

/** Reads commands from a socket, and answers them there (zmq_proxy_steerable(3)). */
export class ProxyControl {
  private readonly socket: SocketCore
  private readonly steered: Steered
  /** The peer has to make room for it before his next command is read. */
  private reply: Message | undefined

  constructor(socket: SocketCore, steered: Steered) {
    this.socket = socket
    this.steered = steered
  }

  /** Obeys what has come. */
  heed(): void {
    const { pattern } = this.socket
    while (this.sendReply() && pattern.canReceive) {
      const message = pattern.receive()
      if (message === undefined) return
      this.reply = this.obey(message)
    }
  }

  /** False: there is one, and it has to wait. */
  private sendReply(): boolean {
    if (this.reply === undefined) return true
    if (!this.socket.pattern.send(this.reply)) return false
    this.reply = undefined
    return true
  }

  private obey(message: Message): Message | undefined {
    const { steered } = this
    switch (commandOf(message)) {
      case "STATISTICS":
        // Who asks by a PUB cannot be answered.
        return this.socket.type === "SUB" || this.socket.type === "PULL" ? undefined : this.statistics()
      case "PAUSE":
        steered.pause()
        break
      case "RESUME":
        steered.resume()
        break
      case "TERMINATE":
        steered.terminate()
    }
    // It owes a reply to whatever was said.
    return this.socket.type === "REP" ? [EMPTY] : undefined
  }

  private statistics(): Message {
    const { toBackEnd: there, toFrontEnd: back } = this.steered
    const numbers = [there, back, back, there].flatMap(({ messages, bytes }) => [messages, bytes])
    // An array of numbers has the order of bytes that the machine has.
    const { buffer } = BigUint64Array.from(numbers, BigInt)
    return numbers.map((_, index) => viewOf(buffer, index * 8, 8) as Frame)
  }
}

function commandOf(message: Message): string {
  const [command = EMPTY] = message
  return message.length === 1 && command.length <= LONGEST_COMMAND ? toLatin1(command) : ""
}
