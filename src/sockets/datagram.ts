import type { OptionsOf } from "../core/options.js"
import type { Frame, MessageLike } from "../message.js"
import { DatagramPattern } from "../patterns/datagram.js"
import { installReadable, type Readable } from "./readable.js"
import { Socket, type SocketOptions } from "./socket.js"
import { installOptions } from "./socket-options.js"
import { installWritable, type Writable } from "./writable.js"

/**
 * Talks plain UDP to whoever it is. Binds to `udp://127.0.0.1:5555`, and not to more than one address; cannot connect.
 * Every message is an address, `127.0.0.1:5555` or `[::1]:5555`, and a frame of up to 8192 bytes. An address that was
 * received has a NUL behind it, as with libzmq; one to send to may have one or not. `send` rejects with EINVAL for what
 * is no address and one frame, with EMSGSIZE for a frame that is too long, and waits until the socket is bound.
 * (zmq_udp(7), draft)
 */
export class Datagram extends Socket {
  constructor(options?: SocketOptions<Datagram>) {
    super("DGRAM", () => new DatagramPattern(), options)
  }
}

export interface Datagram
  extends Readable<[Frame, Frame]>,
    Writable<[MessageLike, MessageLike]>,
    OptionsOf<"DGRAM"> {}

installOptions(Datagram.prototype, "DGRAM")
installReadable(Datagram.prototype)
installWritable(Datagram.prototype)
