import { copyOf, toLatin1 } from "../bytes.js"
import { ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import { FilteredQueue } from "../routing/filtered-queue.js"
import { Pattern, type Pipe } from "../routing/pattern.js"
import { CANCEL, LONGEST_GROUP, SUBSCRIBE, subscriptionFrame } from "../subscription.js"

/** DISH (RFC 48, draft): receives what is sent to the groups that it joined, as the group and one frame. */
export class DishPattern extends Pattern {
  override readonly startsOver = true
  private readonly groups: Map<string, Frame> = new Map()
  private readonly pipes: Set<Pipe> = new Set()
  private readonly queue: FilteredQueue = new FilteredQueue((message) => this.wants(message))

  attach(pipe: Pipe): void {
    // Nobody hears over UDP what we say: there we get everything.
    if (!pipe.connectionless) this.pipes.add(pipe)
  }

  detach(pipe: Pipe): void {
    this.pipes.delete(pipe)
  }

  /** A RADIO knows nothing of what we told its predecessor. */
  override linked(pipe: Pipe): void {
    if (!this.pipes.has(pipe)) return
    for (const group of this.groups.values()) pipe.force([subscriptionFrame(SUBSCRIBE, group)])
  }

  override readable(pipe: Pipe): void {
    this.queue.add(pipe)
  }

  override receive(): Message | undefined {
    return this.queue.next()
  }

  override takeAtOnce(): Message | undefined {
    return this.queue.takeAtOnce()
  }

  /** Throws EINVAL for a group that it is in already, or that is too long. */
  join(group: Frame): void {
    const name = toLatin1(group)
    if (group.length > LONGEST_GROUP || this.groups.has(name)) {
      throw new ZmqError("EINVAL", { message: "It is in this group already, or the name is over 255 bytes." })
    }
    this.groups.set(name, copyOf(group))
    this.tell(SUBSCRIBE, group)
  }

  /** Throws EINVAL for a group that it is not in. */
  leave(group: Frame): void {
    if (!this.groups.delete(toLatin1(group))) {
      throw new ZmqError("EINVAL", { message: "It is not in this group." })
    }
    this.tell(CANCEL, group)
  }

  override get sender(): Peer | undefined {
    return this.queue.sender
  }

  override get canReceive(): boolean {
    return this.queue.readable
  }

  private tell(what: number, group: Frame): void {
    const message = [subscriptionFrame(what, group)]
    // A RADIO that is away hears all of it when it comes back.
    for (const pipe of this.pipes) if (pipe.linked) pipe.force(message)
  }

  /** Radios filter, but one may send what it queued before it heard of our leaving, and UDP brings everything. */
  private wants(message: Message): boolean {
    return this.groups.has(toLatin1(message[0] as Frame))
  }
}
