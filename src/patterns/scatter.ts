import type { Message } from "../message.js"
import { checkSole } from "../routing/sole-frame.js"
import { PushPattern } from "./push.js"

/** SCATTER (RFC 49, draft): a PUSH of messages of one frame. */
export class ScatterPattern extends PushPattern {
  override send(message: Message): boolean {
    checkSole(message)
    return super.send(message)
  }
}
