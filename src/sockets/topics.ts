import { type Frame, toFrame } from "../message.js"

/** Topics as frames, for methods that take any number of them; without one, the empty one. All are checked first. */
export function toTopics(prefixes: readonly unknown[]): Frame[] {
  return prefixes.length === 0 ? [toFrame("")] : prefixes.map(toTopic)
}

function toTopic(prefix: unknown): Frame {
  if (typeof prefix === "string" || ArrayBuffer.isView(prefix)) return toFrame(prefix)
  throw new TypeError("Topic must be a string or buffer")
}
