import type { OptionsOf } from "../core/options.js"
import type { Frame, MessageLike } from "../message.js"
import { ChannelPattern } from "../patterns/channel.js"
import { installReadable, type Readable } from "./readable.js"
import { Socket, type SocketOptions } from "./socket.js"
import { installOptions } from "./socket-options.js"
import { installWritable, type Writable } from "./writable.js"

/**
 * One peer, both ways, as Pair, in messages of one frame: `send` rejects others with EINVAL, and those that come
 * are dropped. See `patterns/channel.ts` for its rules. (zmq_socket(3), draft)
 */
export class Channel extends Socket {
  constructor(options?: SocketOptions<Channel>) {
    super("CHANNEL", () => new ChannelPattern(), options)
  }
}

export interface Channel extends Readable<[Frame]>, Writable<MessageLike>, OptionsOf<"CHANNEL"> {}

installOptions(Channel.prototype, "CHANNEL")
installReadable(Channel.prototype)
installWritable(Channel.prototype)
