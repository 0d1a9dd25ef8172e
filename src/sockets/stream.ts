import type { OptionsOf } from "../core/options.js"
import type { Frame, MessageLike } from "../message.js"
import { StreamPattern } from "../patterns/stream.js"
import { connectNamed, type StreamConnectOptions } from "./connect-options.js"
import { installReadable, type Readable } from "./readable.js"
import { Socket, type SocketOptions } from "./socket.js"
import { installOptions } from "./socket-options.js"
import { installWritable, type Writable } from "./writable.js"

/**
 * Talks plain TCP to peers that know nothing of ZeroMQ. Every message is a routing id and bytes: what one read brought,
 * which is any part of what the peer wrote. A message without bytes tells that a connection has come or gone (see
 * `notify`); sending one ends the connection behind what was sent before. (zmq_socket(3))
 */
export class Stream extends Socket {
  constructor(options?: SocketOptions<Stream>) {
    super("STREAM", (_options, random) => new StreamPattern(random), options)
  }

  /**
   * As {@link Socket.connect}; `routingId` names the peer. Throws EINVAL also for a name that a peer has already.
   */
  override connect(address: string, options: StreamConnectOptions = {}): void {
    connectNamed(this, address, options)
  }
}

export interface Stream
  extends Writable<[MessageLike, MessageLike]>,
    Readable<[Frame, Frame]>,
    OptionsOf<"STREAM"> {}

installOptions(Stream.prototype, "STREAM")
installReadable(Stream.prototype)
installWritable(Stream.prototype)
