// ipc:// (zmq_ipc(7)): a Unix domain socket, or a name in Linux's abstract namespace; on Windows a named pipe, which no
// libzmq speaks.

import { fromText } from "../bytes.js"
import { ZmqError } from "../errors.js"
import type { Hello, Scheduler } from "../link/link.js"
import { type StreamPlatform, type StreamTarget, StreamTransport } from "./stream.js"
import { type Accept, type Listener, splitAddress, type TransportSettings } from "./transport.js"

/** `sun_path` of Linux holds 108 bytes, one of them the final NUL. */
const LONGEST_PATH = 107

/** Names for sockets that the library chooses the place of. */
export interface TemporaryPaths {
  /** A path that does not exist yet, in a folder of its own. */
  create(): string
  /** Removes what {@link create} made for `path`. */
  remove(path: string): void
}

export class IpcTransport extends StreamTransport {
  private readonly temporary: TemporaryPaths

  constructor(platform: StreamPlatform, temporary: TemporaryPaths, scheduler: Scheduler) {
    super(platform, scheduler)
    this.temporary = temporary
  }

  checkConnect(address: string): void {
    toPath(splitAddress(address).rest, address)
  }

  protected connectTarget(address: string): StreamTarget {
    return { kind: "path", path: toPath(splitAddress(address).rest, address) }
  }

  listenSync(address: string, hello: Hello, settings: TransportSettings, accept: Accept): Listener {
    const { rest } = splitAddress(address)
    if (rest !== "*") {
      const path = toPath(rest, address)
      return this.listenOn(address, { kind: "path", path }, hello, settings, accept, () => address)
    }
    const path = this.temporary.create()
    const listener = this.listenOn(
      address,
      { kind: "path", path },
      hello,
      settings,
      accept,
      () => `ipc://${path}`,
    )
    return {
      address: listener.address,
      close: async () => {
        await listener.close()
        this.temporary.remove(path)
      },
    }
  }

  async listen(
    address: string,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
  ): Promise<Listener> {
    return this.listenSync(address, hello, settings, accept)
  }
}

/** The path of an address, with the NUL in front that marks an abstract name. */
function toPath(rest: string, address: string): string {
  if (rest === "@") throw new ZmqError("EINVAL", { address, message: "An abstract name is empty." })
  if (fromText(rest).length > LONGEST_PATH) throw new ZmqError("ENAMETOOLONG", { address })
  return rest.startsWith("@") ? `\0${rest.slice(1)}` : rest
}
