import { EMPTY } from "../bytes.js"
import type { Message } from "../message.js"
import type { Peer } from "../peer.js"
import { FairQueue } from "../routing/fair-queue.js"
import { LoadBalancer } from "../routing/load-balancer.js"
import { Pattern, type PatternSettings, type Pipe } from "../routing/pattern.js"

/** DEALER (RFC 28): sends to its peers in turn, receives from them in turn, and adds nothing to a message. */
export class DealerPattern extends Pattern {
  private readonly settings: Pick<PatternSettings, "probeRouter">
  private readonly balancer: LoadBalancer = new LoadBalancer()
  private readonly queue: FairQueue = new FairQueue()

  constructor(settings: Pick<PatternSettings, "probeRouter">) {
    super()
    this.settings = settings
  }

  attach(pipe: Pipe): void {
    if (this.settings.probeRouter) pipe.write([EMPTY])
    this.balancer.attach(pipe)
  }

  detach(pipe: Pipe): void {
    this.balancer.detach(pipe)
  }

  override readable(pipe: Pipe): void {
    this.queue.add(pipe)
  }

  override writable(pipe: Pipe): void {
    this.balancer.activate(pipe)
  }

  override send(message: Message): boolean {
    return this.balancer.send(message) !== undefined
  }

  override receive(): Message | undefined {
    return this.queue.next()
  }

  override takeAtOnce(): Message | undefined {
    return this.queue.takeAtOnce()
  }

  override get sender(): Peer | undefined {
    return this.queue.last?.sender
  }

  override get canSend(): boolean {
    return this.balancer.writable
  }

  override get canReceive(): boolean {
    return this.queue.readable
  }
}
