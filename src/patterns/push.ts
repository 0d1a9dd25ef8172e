import type { Message } from "../message.js"
import { LoadBalancer } from "../routing/load-balancer.js"
import { Pattern, type Pipe } from "../routing/pattern.js"

/**
 * PUSH (RFC 30): each message goes to one PULL, the peers taking turns. It never drops: with no peer, or with
 * all of them at their high-water mark, sending waits.
 */
export class PushPattern extends Pattern {
  private readonly balancer: LoadBalancer = new LoadBalancer()

  attach(pipe: Pipe): void {
    this.balancer.attach(pipe)
  }

  detach(pipe: Pipe): void {
    this.balancer.detach(pipe)
  }

  override writable(pipe: Pipe): void {
    this.balancer.activate(pipe)
  }

  /** A PULL has nothing to say to us. */
  override readable(pipe: Pipe): void {
    while (pipe.read() !== undefined);
  }

  override send(message: Message): boolean {
    return this.balancer.send(message) !== undefined
  }

  override get canSend(): boolean {
    return this.balancer.writable
  }
}
