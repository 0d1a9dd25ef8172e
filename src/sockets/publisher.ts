import { PubPattern } from "../patterns/pub.js"
import { installOptions, type OptionsOf, Socket, type SocketOptions } from "./socket.js"
import { installWritable, type Writable } from "./writable.js"

/** Sends each message to the subscribers that asked for its topic, the beginning of its first frame. See `patterns/pub.ts` for its rules. */
export class Publisher extends Socket {
  constructor(options?: SocketOptions<Publisher>) {
    super("PUB", () => new PubPattern(), options)
  }
}

export interface Publisher extends Writable, OptionsOf<"PUB"> {}

installOptions(Publisher.prototype, "PUB")
installWritable(Publisher.prototype)
