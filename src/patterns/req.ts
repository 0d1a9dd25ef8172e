import { allocate, EMPTY } from "../bytes.js"
import { ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import { FairQueue } from "../routing/fair-queue.js"
import { LoadBalancer } from "../routing/load-balancer.js"
import { Pattern, type PatternSettings, type Pipe, type Random } from "../routing/pattern.js"

/**
 * REQ (RFC 28): a request to one peer, then its reply, then the next request. On the wire an empty frame, the
 * delimiter, stands before the body; with `correlate` a number before that.
 */
export class ReqPattern extends Pattern {
  override readonly lockstep = true
  private readonly settings: PatternSettings
  private readonly balancer: LoadBalancer = new LoadBalancer()
  private readonly queue: FairQueue = new FairQueue()
  private requested = false
  /** Who was asked; undefined once he has gone: then a reply from anyone is taken. */
  private asked: Pipe | undefined
  /** Whose reply was taken last. */
  private lastSender: Peer | undefined
  /** The number of a request: four bytes, each time one more. */
  private readonly number: Frame = allocate(4)
  /** Whether the last request has the number, and so its reply. */
  private numbered = false

  constructor(settings: PatternSettings, random: Random) {
    super()
    this.settings = settings
    for (let at = 0; at < this.number.length; at++) this.number[at] = Math.floor(random() * 256)
  }

  attach(pipe: Pipe): void {
    if (this.settings.probeRouter) pipe.write([EMPTY])
    this.balancer.attach(pipe)
  }

  detach(pipe: Pipe): void {
    this.balancer.detach(pipe)
    if (this.asked === pipe && !pipe.readable) this.asked = undefined
  }

  override readable(pipe: Pipe): void {
    this.queue.add(pipe)
  }

  override writable(pipe: Pipe): void {
    this.balancer.activate(pipe)
  }

  override send(message: Message): boolean {
    if (this.requested && !this.settings.relaxed) throw new ZmqError("EFSM")
    // What is there already answers an earlier request.
    while (this.queue.next() !== undefined);
    this.numbered = this.settings.correlate
    this.asked = this.balancer.send(this.numbered ? this.withNumber(message) : [EMPTY, ...message])
    this.requested = this.asked !== undefined
    return this.requested
  }

  override receive(): Message | undefined {
    if (!this.requested) throw new ZmqError("EFSM")
    for (let reply = this.queue.next(); reply !== undefined; reply = this.queue.next()) {
      const from = this.queue.last
      if (this.asked !== undefined && from !== this.asked && !this.asked.ended) continue
      const delimiterAt = this.numbered ? 1 : 0
      if (reply.length < delimiterAt + 2 || (reply[delimiterAt] as Frame).length > 0) continue
      if (this.numbered && !this.hasNumber(reply[0] as Frame)) continue
      this.requested = false
      this.asked = undefined
      this.lastSender = from?.sender
      return reply.slice(delimiterAt + 1)
    }
    return undefined
  }

  override get sender(): Peer | undefined {
    return this.lastSender
  }

  override get canSend(): boolean {
    return (!this.requested || this.settings.relaxed) && this.balancer.writable
  }

  override get canReceive(): boolean {
    return this.requested && this.queue.readable
  }

  private withNumber(message: Message): Message {
    const { number } = this
    let at = 0
    // A carry goes on to the next byte.
    do number[at] = ((number[at] as number) + 1) & 0xff
    while (number[at++] === 0 && at < number.length)
    return [number, EMPTY, ...message]
  }

  private hasNumber(frame: Frame): boolean {
    const { number } = this
    if (frame.length !== number.length) return false
    for (let at = 0; at < number.length; at++) if (frame[at] !== number[at]) return false
    return true
  }
}
