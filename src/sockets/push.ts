import type { OptionsOf } from "../core/options.js"
import { PushPattern } from "../patterns/push.js"
import { Socket, type SocketOptions } from "./socket.js"
import { installOptions } from "./socket-options.js"
import { installWritable, type Writable } from "./writable.js"

/** Hands out work: each message goes to one Pull, in turn. See `patterns/push.ts` for its rules. */
export class Push extends Socket {
  constructor(options?: SocketOptions<Push>) {
    super("PUSH", () => new PushPattern(), options)
  }
}

export interface Push extends Writable, OptionsOf<"PUSH"> {}

installOptions(Push.prototype, "PUSH")
installWritable(Push.prototype)
