import { toLatin1 } from "../bytes.js"
import type { Frame } from "../message.js"
import type { Pipe } from "./pattern.js"
import { PipeTopics, type TopicLimits } from "./pipe-topics.js"

const NOBODY: ReadonlyMap<Pipe, number> = new Map()

/** Who is in which group, and how many times: as with libzmq, who joined twice has to leave twice. */
export class Groups {
  private readonly members: Map<string, Map<Pipe, number>> = new Map()
  /** The groups of each pipe, for the time when it goes. */
  private readonly joined: PipeTopics = new PipeTopics()

  /** The members of a group. */
  of(group: Frame): Iterable<Pipe> {
    return (this.members.get(toLatin1(group)) ?? NOBODY).keys()
  }

  join(pipe: Pipe, group: Frame): void {
    const name = toLatin1(group)
    let members = this.members.get(name)
    if (members === undefined) this.members.set(name, (members = new Map()))
    const times = members.get(pipe) ?? 0
    members.set(pipe, times + 1)
    if (times === 0) this.joined.add(pipe, group)
  }

  leave(pipe: Pipe, group: Frame): void {
    const members = this.members.get(toLatin1(group))
    const times = members?.get(pipe) ?? 0
    if (times > 1) members?.set(pipe, times - 1)
    else if (times === 1) {
      this.remove(pipe, group)
      this.joined.delete(pipe, group)
    }
  }

  /** Whether the pipe is in the group, or may be in it besides those that it is in. */
  hasRoom(pipe: Pipe, group: Frame, limits: TopicLimits): boolean {
    return this.joined.hasRoom(pipe, group, limits)
  }

  forget(pipe: Pipe): void {
    for (const group of this.joined.take(pipe)) this.remove(pipe, group)
  }

  private remove(pipe: Pipe, group: Frame): void {
    const name = toLatin1(group)
    const members = this.members.get(name)
    members?.delete(pipe)
    if (members?.size === 0) this.members.delete(name)
  }
}
