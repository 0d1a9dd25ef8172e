import type { Introduction } from "../link/inproc.js"
import type { ThreadMemory } from "../link/thread-memory.js"
import type { Sleeper } from "../link/thread-watch.js"

/** What a thread tells all others of its group. */
export type GroupMessage =
  /** It has come. */
  | { readonly kind: "join" }
  /** A socket of it wants to connect to `name`. */
  | { readonly kind: "seek"; readonly name: string }
  /** A socket of it is bound to `name`. */
  | { readonly kind: "bound"; readonly name: string }
  /** A socket of it will be bound to `name`, unless somebody is: whoever hears it says so in `votes`. */
  | { readonly kind: "claim"; readonly name: string; readonly votes: SharedArrayBuffer }

/** What two threads tell each other. */
export type LineMessage =
  /** A socket of mine is bound to the `name` that you seek. */
  | { readonly kind: "have"; readonly name: string }
  /** A socket of mine connects to your `name`, over that memory, if you accept the offer in it. */
  | {
      readonly kind: "dial"
      readonly id: number
      readonly name: string
      readonly introduction: Introduction
      readonly memory: ThreadMemory
    }
  /** I accepted what you dialled. */
  | { readonly kind: "accepted"; readonly id: number; readonly introduction: Introduction }
  /** Nobody here is bound to what you dialled. */
  | { readonly kind: "absent"; readonly id: number }

/** A way to one other thread. What is posted arrives in order, or the line closes. */
export interface ThreadLine {
  /** The number of the thread at the other end. */
  readonly thread: number
  post(message: LineMessage): void
  /** Tells what comes, and that the other thread has ended, however it did. */
  start(heard: (message: LineMessage) => void, closed: () => void): void
}

/** This thread among others. */
export interface ThreadGroup {
  /** The number of this thread. */
  readonly self: number
  /** How many other members there are, some of which may have ended; Infinity: nobody knows. */
  readonly others: number
  broadcast(message: GroupMessage): void
  /** A new line to another thread; it closes where there is no such thread. */
  lineTo(thread: number): ThreadLine
}

/** What a member of a group hears. */
export interface GroupMember {
  /** This thread has come into the group. */
  joined(group: ThreadGroup): void
  heard(message: GroupMessage, from: number): void
  /** Another thread has opened a line to this one. */
  called(line: ThreadLine): void
}

/** Threads as a platform has them; all that they do keeps none of them alive. */
export interface Threads extends Sleeper {
  /** Brings `member` into the group of that name as soon as there may be another thread in the process. */
  join(group: string, member: GroupMember): void
}
