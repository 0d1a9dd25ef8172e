import { EMPTY } from "../bytes.js"
import { ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import { FairQueue } from "../routing/fair-queue.js"
import { LoadBalancer } from "../routing/load-balancer.js"
import { Pattern, type Pipe } from "../routing/pattern.js"

/**
 * REQ (RFC 28): a request to one peer, then its reply, then the next request. On the wire an empty frame, the
 * delimiter, stands before the body.
 */
export class ReqPattern extends Pattern {
  override readonly lockstep = true
  private readonly balancer: LoadBalancer = new LoadBalancer()
  private readonly queue: FairQueue = new FairQueue()
  private requested = false
  /** Who was asked; undefined once he has gone: then a reply from anyone is taken. */
  private asked: Pipe | undefined

  attach(pipe: Pipe): void {
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
    if (this.requested) throw new ZmqError("EFSM")
    // What is there already answers an earlier request.
    while (this.queue.next() !== undefined);
    this.asked = this.balancer.send([EMPTY, ...message])
    this.requested = this.asked !== undefined
    return this.requested
  }

  override receive(): Message | undefined {
    if (!this.requested) throw new ZmqError("EFSM")
    for (let reply = this.queue.next(); reply !== undefined; reply = this.queue.next()) {
      const from = this.queue.last
      if (this.asked !== undefined && from !== this.asked && !this.asked.ended) continue
      if (reply.length < 2 || (reply[0] as Frame).length > 0) continue
      this.requested = false
      this.asked = undefined
      return reply.slice(1)
    }
    return undefined
  }

  override get sender(): Peer | undefined {
    return this.queue.last?.peer
  }

  override get canSend(): boolean {
    return !this.requested && this.balancer.writable
  }

  override get canReceive(): boolean {
    return this.requested && this.queue.readable
  }
}
