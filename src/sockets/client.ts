import type { OptionsOf } from "../core/options.js"
import type { Frame, MessageLike } from "../message.js"
import { ClientPattern } from "../patterns/client.js"
import { installReadable, type Readable } from "./readable.js"
import { Socket, type SocketOptions } from "./socket.js"
import { installOptions } from "./socket-options.js"
import { installWritable, type Writable } from "./writable.js"

/**
 * Asks servers, in turn, and hears from them, any number of times each way and without envelopes. Messages have one
 * frame: `send` rejects others with EINVAL, and those that come are dropped. See `patterns/client.ts` for its rules.
 * (zmq_socket(3), draft)
 */
export class Client extends Socket {
  constructor(options?: SocketOptions<Client>) {
    super("CLIENT", () => new ClientPattern(), options)
  }
}

export interface Client extends Readable<[Frame]>, Writable<MessageLike>, OptionsOf<"CLIENT"> {}

installOptions(Client.prototype, "CLIENT")
installReadable(Client.prototype)
installWritable(Client.prototype)
