import { toLatin1 } from "../bytes.js"
import type { Frame } from "../message.js"
import type { Pipe } from "./pattern.js"

/** No honest peer is in more at a time. */
export const MOST_GROUPS = 100_000

const NOBODY: ReadonlyMap<Pipe, number> = new Map()

/** Who is in which group, and how many times: as with libzmq, who joined twice has to leave twice. */
export class Groups {
  private readonly members: Map<string, Map<Pipe, number>> = new Map()
  /** The groups of each pipe, for the time when it goes. */
  private readonly joined: Map<Pipe, Set<string>> = new Map()

  /** The members of a group. */
  of(group: Frame): Iterable<Pipe> {
    return (this.members.get(toLatin1(group)) ?? NOBODY).keys()
  }

  /** False: he is in too many, and does not join this one. */
  join(pipe: Pipe, group: Frame): boolean {
    const name = toLatin1(group)
    const times = this.members.get(name)?.get(pipe) ?? 0
    if (times === 0 && !this.remember(pipe, name)) return false
    let members = this.members.get(name)
    if (members === undefined) this.members.set(name, (members = new Map()))
    members.set(pipe, times + 1)
    return true
  }

  leave(pipe: Pipe, group: Frame): void {
    const name = toLatin1(group)
    const members = this.members.get(name)
    const times = members?.get(pipe) ?? 0
    if (times > 1) members?.set(pipe, times - 1)
    else if (times === 1) {
      this.remove(pipe, name)
      this.joined.get(pipe)?.delete(name)
    }
  }

  forget(pipe: Pipe): void {
    for (const name of this.joined.get(pipe) ?? []) this.remove(pipe, name)
    this.joined.delete(pipe)
  }

  private remember(pipe: Pipe, name: string): boolean {
    let joined = this.joined.get(pipe)
    if (joined === undefined) this.joined.set(pipe, (joined = new Set()))
    if (joined.size >= MOST_GROUPS) return false
    joined.add(name)
    return true
  }

  private remove(pipe: Pipe, name: string): void {
    const members = this.members.get(name)
    members?.delete(pipe)
    if (members?.size === 0) this.members.delete(name)
  }
}
