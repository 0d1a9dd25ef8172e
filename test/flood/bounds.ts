// The most that an attacked process may hold, by its limits and by what attackers really sent.

import { LARGE_BATCH_BYTES } from "#src/wire/encoder.js"
import { STRANGERS_BODY_BYTES } from "#src/wire/large-body.js"
import type { AttackName } from "./plan.js"
import { PUBLISHED_BYTES, REQUEST_BYTES } from "./plan.js"

/** The limits of the attacked socket; those that its options do not tell have their defaults. */
export interface Limits {
  readonly maxConnections: number
  readonly maxHandshakes: number
  readonly maxHandshakeSize: number
  readonly maxMessageFrames: number
  readonly maxSubscriptions: number
  readonly sendHighWaterMark: number
  readonly receiveHighWaterMark: number
}

export const defaultLimits: Limits = {
  maxConnections: 65_536,
  maxHandshakes: 4096,
  maxHandshakeSize: 262_144,
  maxMessageFrames: 65_536,
  maxSubscriptions: 250_000,
  sendHighWaterMark: 1000,
  receiveHighWaterMark: 1000,
}

/** An idle connection: its objects, the runtime's and a chunk of 4 KiB. */
export const CONNECTION_BYTES = 16_384
/** The largest chunk, and the one before it. */
const READ_BYTES = 2 * 65_536
/** A Buffer and its place in an array. */
const FRAME_BYTES = 192
/** A short topic: in the trie, in its peer's list, and what events of it may be under way. */
const TOPIC_BYTES = 768
/** What a collector leaves for later, and buffers of the runtime. */
const SLACK = 24 << 20

/** Bytes that the process may hold more than before an attack by so many connections at a time. */
export function boundOf(attack: AttackName, connections: number, limits: Limits): number {
  const shaking = Math.min(connections, limits.maxHandshakes)
  const linked = Math.min(connections, limits.maxConnections)
  switch (attack) {
    case "silence":
    case "half-a-greeting":
    case "trickle":
      // As many may wait to begin.
      return SLACK + 2 * shaking * CONNECTION_BYTES
    case "half-a-command":
      return SLACK + 2 * shaking * CONNECTION_BYTES + shaking * limits.maxHandshakeSize
    case "too-large-a-frame":
    case "come-and-go":
      return SLACK + linked * CONNECTION_BYTES
    case "an-announcement":
      return SLACK + linked * (CONNECTION_BYTES + STRANGERS_BODY_BYTES)
    case "endless-message":
      return SLACK + linked * (CONNECTION_BYTES + READ_BYTES + limits.maxMessageFrames * FRAME_BYTES)
    case "endless-subscriptions":
      return SLACK + linked * (CONNECTION_BYTES + READ_BYTES + limits.maxSubscriptions * TOPIC_BYTES)
    case "unread-replies":
      return SLACK + linked * (CONNECTION_BYTES + READ_BYTES + queued(limits, REQUEST_BYTES))
    case "unread-publications":
      return SLACK + linked * (CONNECTION_BYTES + queued(limits, PUBLISHED_BYTES))
  }
}

/** What queues both ways hold, and what is on its way out. */
function queued({ sendHighWaterMark, receiveHighWaterMark }: Limits, size: number): number {
  return (sendHighWaterMark + receiveHighWaterMark) * (size + 200) + LARGE_BATCH_BYTES
}
