// How a subscription reads as a message (RFC 29): a byte that says what is wanted, then the topic. Joining a group reads
// alike in here.

import { allocate } from "./bytes.js"
import type { Frame, Message } from "./message.js"

/** The first byte of a message that asks for a topic. */
export const SUBSCRIBE = 1
/** The first byte of a message that gives a topic up. */
export const CANCEL = 0

/** The bytes that libzmq has room for in the name of a group; what is longer it would cut off. */
export const LONGEST_GROUP = 255

/** The frame that asks for `topic`, or gives it up; in memory of its own. */
export function subscriptionFrame(what: number, topic: Uint8Array): Frame {
  const frame = allocate(1 + topic.length)
  frame[0] = what
  frame.set(topic, 1)
  return frame
}

/** Whether a message is a subscription or its end: one frame that begins with 1 or 0. */
export function isSubscription(message: Message): boolean {
  return message.length === 1 && asks(message[0] as Frame)
}

/** Whether a frame asks for a topic or gives one up. */
export function asks(frame: Frame): boolean {
  return frame.length > 0 && (frame[0] as number) <= SUBSCRIBE
}
