import { checkOption, optionNames } from "../core/options.js"
import type { SocketType } from "../peer.js"
import type { Socket } from "./socket.js"
import { openCore } from "./socket-inside.js"

/** Gives a class the options of its type as properties. */
export function installOptions(prototype: Socket, type: SocketType): void {
  for (const name of optionNames(type)) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: Socket) {
        return openCore(this, "ENOTSOCK").options[name]
      },
      set(this: Socket, value: unknown) {
        openCore(this, "ENOTSOCK").setOption(name, checkOption(name, value))
      },
    })
  }
}
