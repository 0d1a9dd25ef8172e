import type { OptionsOf } from "../core/options.js"
import { RouterPattern } from "../patterns/router.js"
import { connectNamed, type RouterConnectOptions } from "./connect-options.js"
import { installReadable, type Readable } from "./readable.js"
import { Socket, type SocketOptions } from "./socket.js"
import { installOptions } from "./socket-options.js"
import { installWritable, type Writable } from "./writable.js"

/**
 * Receives from many peers and sends to each by its routing id, the first frame of every message. All messages of a
 * peer share that frame: read it, don't write to it. See `patterns/router.ts` for its rules.
 */
export class Router extends Socket {
  constructor(options?: SocketOptions<Router>) {
    super("ROUTER", (options, random) => new RouterPattern(options, random), options)
  }

  /**
   * As {@link Socket.connect}; `routingId` names the peer. Throws EINVAL also for a name that a peer has already.
   */
  override connect(address: string, options: RouterConnectOptions = {}): void {
    connectNamed(this, address, options)
  }
}

export interface Router extends Writable, Readable, OptionsOf<"ROUTER"> {}

installOptions(Router.prototype, "ROUTER")
installReadable(Router.prototype)
installWritable(Router.prototype)
