import { allocate, EMPTY, FrameClass, fromText, viewOf } from "./bytes.js"
import type { Frame } from "./frame-bytes.js"

export type { Frame }

/** One or more frames, always moved whole. */
export type Message = Frame[]

/** Messages in a row that become objects when they are taken. */
export interface MessageRun {
  /** The messages that have not been taken. */
  readonly length: number
  /** The next message; only while there is one. */
  take(): Message
  /** Leaves nothing to be taken. */
  clear(): void
}

/** What can be sent as one frame. Strings are sent as UTF-8, numbers as their decimal text, `null` as no bytes. */
export type MessageLike = ArrayBufferView | ArrayBuffer | SharedArrayBuffer | string | number | null

/** The frame for one value, sharing its memory where it has some. */
export function toFrame(value: MessageLike): Frame {
  // The most frequent case first.
  if (value instanceof FrameClass) return value as Frame
  if (typeof value === "string") return fromText(value)
  if (value === null) return EMPTY
  if (isView(value)) return viewOf(value.buffer, value.byteOffset, value.byteLength)
  if (value instanceof ArrayBuffer) return viewOf(value, 0, value.byteLength)
  if (typeof SharedArrayBuffer !== "undefined" && value instanceof SharedArrayBuffer) {
    return viewOf(value, 0, value.byteLength)
  }
  // Unlike String(), this throws for a symbol.
  return fromText(`${value}`)
}

function isView(value: unknown): value is ArrayBufferView {
  return ArrayBuffer.isView(value)
}

// Messages are passed down one at a time, so one array does for all of one frame: to make one anew costs as much
// as to encode it.
const single: Message = [EMPTY]

/**
 * The message for what a user handed to `send`. The array is lent: it is another message's after the next call, so
 * whoever keeps it makes a copy.
 */
export function toMessage(value: MessageLike | MessageLike[]): Message {
  if (Array.isArray(value)) return toParts(value)
  single[0] = toFrame(value)
  return single
}

// Apart from its caller, of which the compiler makes one piece with all that sends.
function toParts(value: MessageLike[]): Message {
  if (value.length === 0) throw new TypeError("Message must have a frame")
  const message: Message = new Array<Frame>(value.length)
  for (let at = 0; at < value.length; at++) message[at] = toFrame(value[at] as MessageLike)
  return message
}

/** To be called when a message has been passed down: its frame must not be kept alive until the next one. */
export function takeBack(): void {
  single[0] = EMPTY
}

/**
 * Up to this many bytes a frame is copied when it is queued as an object, so that the caller may use its
 * memory again at once; a larger one is shared. The bound is that of zeromq.js.
 */
export const COPIED_UP_TO = 128

const POOL_SIZE = 32 * 1024
let pool: Frame = EMPTY
let poolMemory: ArrayBufferLike = EMPTY.buffer
let poolUsed = 0

/** A message to keep: an array of its own, and copies of the small frames. */
export function own(message: Message): Message {
  if (message.length === 1) return [ownFrame(message[0] as Frame)]
  const kept: Message = new Array<Frame>(message.length)
  for (let at = 0; at < message.length; at++) kept[at] = ownFrame(message[at] as Frame)
  return kept
}

function ownFrame(frame: Frame): Frame {
  const size = frame.length
  if (size > COPIED_UP_TO || size === 0) return frame
  if (poolUsed + size > pool.length) {
    pool = allocate(POOL_SIZE)
    poolMemory = pool.buffer
    poolUsed = 0
  }
  const at = poolUsed
  poolUsed += size
  pool.set(frame, at)
  return viewOf(poolMemory, at, size)
}
