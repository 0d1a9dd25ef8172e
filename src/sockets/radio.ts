import type { OptionsOf } from "../core/options.js"
import type { MessageLike } from "../message.js"
import { RadioPattern } from "../patterns/radio.js"
import { installAnnotatedWritable } from "./annotated.js"
import { type RadioGroupOptions, writeGroup } from "./group-names.js"
import { Socket, type SocketOptions } from "./socket.js"
import { installOptions } from "./socket-options.js"
import type { Writable } from "./writable.js"

/**
 * Sends messages of one frame to groups: `radio.send("sunny", { group: "weather" })`. Over UDP, where it connects to
 * `udp://239.0.0.1:5555`, or `udp://eth0;239.0.0.1:5555` to say which way, a message goes to whoever is there, and has
 * up to 8192 bytes with the group and a byte for it; a longer one is dropped. `send` throws EINVAL for a group of over
 * 255 bytes or none at all, and rejects with EINVAL for several frames. See `patterns/radio.ts` for its rules.
 * (zmq_socket(3), draft)
 */
export class Radio extends Socket {
  constructor(options?: SocketOptions<Radio>) {
    super("RADIO", (settings) => new RadioPattern(settings), options)
  }
}

export interface Radio extends Writable<MessageLike, [RadioGroupOptions]>, OptionsOf<"RADIO"> {}

installOptions(Radio.prototype, "RADIO")
installAnnotatedWritable(Radio.prototype, writeGroup)
