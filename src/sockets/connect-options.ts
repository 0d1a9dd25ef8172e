import { checkOption, optionBytes } from "../core/options.js"
import type { Frame } from "../message.js"
import { checkAddress, type Socket } from "./socket.js"
import { openCore } from "./socket-inside.js"

/** What {@link Router.connect} takes besides the address. */
export interface RouterConnectOptions {
  /**
   * The name of the peer of this one connection, whatever it calls itself: 1 to 255 bytes that do not begin with a
   * zero. Messages can be sent to it from now on. (ZMQ_CONNECT_ROUTING_ID)
   */
  routingId?: string | Frame
}

/** What {@link Stream.connect} takes besides the address. */
export type StreamConnectOptions = RouterConnectOptions

/** Connects, and names the peer if a name is given. */
export function connectNamed(socket: Socket, address: string, options: RouterConnectOptions): void {
  checkAddress(address)
  if (typeof options !== "object" || options === null) throw new TypeError("Options must be an object")
  openCore(socket).endpoints.connect(address, namedIn(options))
}

function namedIn({ routingId }: RouterConnectOptions): Frame | undefined {
  return routingId === undefined ? undefined : optionBytes(checkOption("routingId", routingId))
}
