// Messages with sizes on both sides of every bound in the encoder and the decoder.
import fc from "fast-check"
import type { Frame, Message } from "#src/message.js"
import type { DecoderLimits } from "#src/wire/decoder.js"
import { type Batch, Encoder } from "#src/wire/encoder.js"
import { SlabPool } from "#src/wire/slab-pool.js"

export const noLimits: DecoderLimits = {
  frameBytes: Infinity,
  messageFrames: Infinity,
  messageBytes: Infinity,
}

/** Bytes that differ from their neighbours, so that a shifted or repeated run shows. */
export function patternedFrame(size: number, seed: number): Frame {
  const frame = Buffer.alloc(size)
  for (let at = 0; at < size; at++) frame[at] = seed + at * 31 + (at >> 8)
  return frame
}

export const anyFrame: fc.Arbitrary<Frame> = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.nat(300) },
      { weight: 5, arbitrary: fc.constantFrom(0, 1, 64, 65, 255, 256) },
      { weight: 2, arbitrary: fc.constantFrom(16_384, 16_385, 70_000) },
    ),
    fc.nat(255),
  )
  .map(([size, seed]) => patternedFrame(size, seed))

export const anyMessages: fc.Arbitrary<Message[]> = fc.array(
  fc.array(anyFrame, { minLength: 1, maxLength: 5 }),
  { minLength: 1, maxLength: 12 },
)

export function takeAll(encoder: Encoder): Batch[] {
  const batches: Batch[] = []
  for (let batch = encoder.take(); batch !== undefined; batch = encoder.take()) batches.push(batch)
  return batches
}

export function bytesOf(batches: Batch[]): Buffer {
  return Buffer.concat(batches.flatMap(({ chunks }) => chunks))
}

/** The wire form of `messages`. */
export function encode(messages: Message[]): Buffer {
  const encoder = new Encoder(new SlabPool())
  for (const message of messages) encoder.push(message)
  return bytesOf(takeAll(encoder))
}
