import type { Message } from "../message.js"
import { LoadBalancer } from "../routing/load-balancer.js"
import type { Pipe } from "../routing/pattern.js"
import { checkSole } from "../routing/sole-frame.js"
import { GatherPattern } from "./gather.js"

/**
 * CLIENT (RFC 41, draft): sends to its servers in turn and hears all of them, in messages of one frame. It waits while
 * there is none, or none has room.
 */
export class ClientPattern extends GatherPattern {
  private readonly balancer: LoadBalancer = new LoadBalancer()

  override attach(pipe: Pipe): void {
    this.balancer.attach(pipe)
  }

  override detach(pipe: Pipe): void {
    this.balancer.detach(pipe)
  }

  override writable(pipe: Pipe): void {
    this.balancer.activate(pipe)
  }

  override send(message: Message): boolean {
    checkSole(message)
    return this.balancer.send(message) !== undefined
  }

  override get canSend(): boolean {
    return this.balancer.writable
  }
}
