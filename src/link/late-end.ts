import type { LinkEnd, Scheduler } from "./link.js"
import type { LinkWriter } from "./link-writer.js"

/**
 * Puts off to tell the end of a connection that brought something for a reader who was behind before it came, until he
 * has it or somebody sends. Were it told at once, what is there would be lost, or come beyond the mark with each
 * connection. Returns what tells it, not at once: the user may be in the midst of a read, or of a write. Undefined: there
 * is something to send, for which another connection is wanted.
 */
export function putOffEnd(
  { outbox }: LinkEnd,
  writer: LinkWriter,
  scheduler: Scheduler,
  tell: () => void,
): (() => void) | undefined {
  if (writer.busy || outbox.length > 0) return undefined
  const tellLater = (): void => scheduler.afterMicrotasks(tell)
  writer.stopUntilWanted(tellLater)
  return tellLater
}
