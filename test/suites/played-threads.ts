// Contexts of one thread that meet as the threads of a process do: same names, same rings, same protocol. Only the
// ways between threads are played, by tasks of this one.
import type { Context } from "puremq"
import { platform } from "#platform"
import { ContextCore } from "#src/core/context.js"
import { nodeThreads } from "#src/platform/node/threads.js"
import { contextOver } from "#src/sockets/context.js"
import { Crossing } from "#src/transports/crossing.js"
import { InprocTransport } from "#src/transports/inproc.js"
import type {
  GroupMember,
  GroupMessage,
  LineMessage,
  ThreadGroup,
  ThreadLine,
  Threads,
} from "#src/transports/threads.js"

export class PlayedThreads {
  readonly #members: GroupMember[] = []

  /** A context that is a thread of its own to all others from here. */
  context(): Context {
    return contextOver(this.core()) as unknown as Context
  }

  core(): ContextCore {
    return new ContextCore({
      ...platform,
      createTransports: (scheduler) =>
        new Map([["inproc", new InprocTransport((names) => new Crossing(this.thread(), scheduler, names))]]),
    })
  }

  /** One more thread, as transports see it. */
  thread(): Threads {
    return { ...nodeThreads, join: (_, member) => this.#join(member) }
  }

  #join(member: GroupMember): void {
    const self = this.#members.length
    const members = this.#members
    const group: ThreadGroup = {
      self,
      get others() {
        return members.length - 1
      },
      broadcast: (message) => {
        for (const other of this.#members) {
          if (other !== member) later(message, (copy: GroupMessage) => other.heard(copy, self))
        }
      },
      lineTo: (thread) => {
        const [near, far] = [new PlayedLine(thread), new PlayedLine(self)]
        near.other = far
        far.other = near
        setImmediate(() => this.#members[thread]?.called(far))
        return near
      },
    }
    this.#members.push(member)
    member.joined(group)
  }
}

/** Passes a copy on in another turn, as a port does. */
function later<Message>(message: Message, pass: (copy: Message) => void): void {
  const copy = structuredClone(message)
  setImmediate(() => pass(copy))
}

class PlayedLine implements ThreadLine {
  readonly thread: number
  other!: PlayedLine
  #heard: (message: LineMessage) => void = () => {}

  constructor(thread: number) {
    this.thread = thread
  }

  post(message: LineMessage): void {
    later(message, (copy) => this.other.#heard(copy))
  }

  start(heard: (message: LineMessage) => void): void {
    this.#heard = heard
  }
}
