import { ZmqError } from "../errors.js"
import { type Frame, toFrame } from "../message.js"
import { LONGEST_GROUP } from "../subscription.js"

/** The group that a message of Radio is for: up to 255 bytes. */
export interface RadioGroupOptions {
  /** Its name: 1 to 255 bytes, or as text in UTF-8. */
  group: Frame | string
}

/** The group that a message of Dish was for. */
export interface DishGroupOptions {
  /** Its name, as bytes; `toString()` is its text. */
  group: Frame
}

/** The frame of a group. Throws EINVAL, a TypeError. */
export function writeGroup({ group }: Partial<RadioGroupOptions>): Frame {
  if (group === undefined) throw new ZmqError("EINVAL", { message: "A message of Radio needs a group." })
  const frame = toGroup(group)
  if (frame.length <= LONGEST_GROUP) return frame
  throw new ZmqError("EINVAL", { message: "A group has at most 255 bytes." })
}

export function readGroup(group: Frame): DishGroupOptions {
  return { group }
}

/** Throws a TypeError. */
export function toGroup(group: unknown): Frame {
  if (typeof group === "string" || ArrayBuffer.isView(group)) return toFrame(group)
  throw new TypeError("Value must be a string or buffer")
}
