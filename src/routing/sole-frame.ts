import { ZmqError } from "../errors.js"
import type { Message } from "../message.js"

/** Whether a message has one frame: with the types that know no others, what has more is dropped where it arrives. */
export function isSole(message: Message): boolean {
  return message.length === 1
}

/** Throws EINVAL for a message of several frames. */
export function checkSole(message: Message): void {
  if (message.length > 1) {
    throw new ZmqError("EINVAL", { message: "This type of socket sends messages of one frame." })
  }
}
