import type { Message } from "../message.js"
import type { Pattern } from "../routing/pattern.js"
import type { Turn } from "./turn.js"

/** So many messages go one way before those that go the other way have their turn. */
const BURST = 1000

/** What came of moving messages. */
export type Progress = "nothing" | "some" | "spent"

/** What went one way. */
export interface ProxyFlow {
  /** Messages, whole ones. */
  readonly messages: number
  /** A message of three parts counts three. */
  readonly frames: number
  /** Of all frames, routing ids among them. */
  readonly bytes: number
}

/**
 * Moves messages from one socket to another, by way of their patterns: a message is taken when the other side can take
 * it, and not before. What that side then turns down all the same (a mandatory ROUTER, or an XPUB with `noDrop`, finds
 * only now whose it is) is the next one that goes.
 */
export class Direction implements ProxyFlow {
  messages = 0
  frames = 0
  bytes = 0
  private readonly from: Pattern
  private readonly to: Pattern
  private readonly capture: Pattern | undefined
  private readonly turn: Turn
  /** A socket whose turn to send comes with what it receives sends it back itself. */
  private readonly answers: boolean
  /** Taken, and not yet taken over. */
  private held: Message | undefined
  /** Whether the copy of that one has gone. */
  private captured = false

  constructor(from: Pattern, to: Pattern, capture: Pattern | undefined, turn: Turn) {
    this.from = from
    this.to = to
    this.capture = capture
    this.turn = turn
    this.answers = from === to && from.lockstep
  }

  /** Moves what can be moved now. Throws what the other side's `send` throws. */
  move(): Progress {
    if (this.held !== undefined) return this.moveHeld(this.held) ? "some" : "nothing"
    const { from, to, capture, turn } = this
    if (!this.hasRoom || !from.canReceive) return "nothing"
    const most = from.lockstep ? 1 : BURST
    for (let count = 0; count < most; count++) {
      if (!this.hasRoom) return count > 0 ? "some" : "nothing"
      if (!turn.spendAtOnce()) return "spent"
      const message = from.takeAtOnce() ?? from.receive()
      if (message === undefined) return count > 0 ? "some" : "nothing"
      if (capture !== undefined || !to.send(message)) {
        this.held = message
        if (!this.moveHeld(message)) return "nothing"
      } else this.count(message)
    }
    return "some"
  }

  /** Gives away what was taken and not taken over. */
  release(): Message | undefined {
    const { held } = this
    this.held = undefined
    return held
  }

  private get hasRoom(): boolean {
    return (this.to.canSend || this.answers) && (this.capture === undefined || this.capture.canSend)
  }

  private moveHeld(message: Message): boolean {
    if (!this.captured && this.capture !== undefined && !this.capture.send(message)) return false
    this.captured = true
    if (!this.to.send(message)) return false
    this.captured = false
    this.held = undefined
    this.count(message)
    return true
  }

  private count(message: Message): void {
    this.messages++
    this.frames += message.length
    for (let at = 0; at < message.length; at++) this.bytes += (message[at] as Uint8Array).length
  }
}
