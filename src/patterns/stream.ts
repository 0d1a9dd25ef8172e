import type { Random } from "../routing/pattern.js"
import { RouterPattern } from "./router.js"

/**
 * STREAM (zmq_socket(3)): a ROUTER to peers of plain TCP. What names nobody is refused, and an empty message ends the
 * connection behind what was sent to it before.
 */
export class StreamPattern extends RouterPattern {
  constructor(random: Random) {
    super({ mandatory: true, handover: false, raw: true, probeRouter: false }, random)
  }

  /** As with libzmq: whether there is room is known when a message names its peer. */
  override get canSend(): boolean {
    return true
  }
}
