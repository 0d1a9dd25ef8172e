// What a decoder passes on, of bytes that come in pieces and to a sink that pauses.
import assert from "node:assert/strict"
import fc from "fast-check"
import type { Frame, Message } from "#src/message.js"
import { Decoder, type DecoderLimits } from "#src/wire/decoder.js"
import { Run } from "#src/wire/run.js"
import { noLimits } from "./sample-messages.js"

export type Event = { message: Message } | { command: Frame }

/** Keeps what the decoder says; answers with `answers` in turn and fails on an event after a "no more". */
export class Recorder {
  mayReceive = true
  readonly takesRuns: boolean
  private readonly heard: (Event | Run)[] = []
  private readonly answers: readonly boolean[]

  constructor(answers: readonly boolean[], takesRuns = true) {
    this.answers = answers
    this.takesRuns = takesRuns
  }

  /** Runs are read only now, long after their bytes came. */
  get events(): Event[] {
    return this.heard.flatMap((item) => {
      if (!(item instanceof Run)) return [item]
      const messages: Event[] = []
      while (item.length > 0) messages.push({ message: item.take() })
      return messages
    })
  }

  run(run: Run): boolean {
    assert.ok(this.takesRuns && run.length >= 2)
    return this.record(run)
  }

  message(message: Message): boolean {
    return this.record({ message })
  }

  command(command: Frame): boolean {
    return this.record({ command })
  }

  private record(item: Event | Run): boolean {
    assert.ok(this.mayReceive, "an event came after the sink said no more")
    this.mayReceive = this.answers[this.heard.length % this.answers.length] ?? true
    this.heard.push(item)
    return this.mayReceive
  }
}

/**
 * As a connection does it: reads into the decoder's own memory, as much as fits, and returns where the next bytes
 * shall go, which it asks for long before they come.
 */
export function readInto(
  decoder: Decoder,
  bytes: Uint8Array,
  lent: Uint8Array = decoder.space(),
): Uint8Array {
  let space = lent
  for (let at = 0; at < bytes.length; ) {
    assert.ok(space.length > 0)
    const count = Math.min(space.length, bytes.length - at)
    space.set(bytes.subarray(at, at + count))
    decoder.advance(count)
    space = decoder.space()
    at += count
  }
  return space
}

export function resume(decoder: Decoder, recorder: Recorder): void {
  recorder.mayReceive = true
  decoder.resume()
}

export function decodeWhole(bytes: Uint8Array, pieceSize: number, limits: DecoderLimits = noLimits): Event[] {
  const recorder = new Recorder([true])
  const decoder = new Decoder(recorder, limits)
  for (let at = 0; at < bytes.length; at += pieceSize) readInto(decoder, bytes.subarray(at, at + pieceSize))
  return recorder.events
}

interface Piece {
  size: number
  copied: boolean
  resumes: boolean
}
export const anyPieces: fc.Arbitrary<Piece[]> = fc.array(
  fc.record({
    size: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 70_000 })),
    copied: fc.boolean(),
    resumes: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
)
export const anyAnswers = fc.array(fc.boolean(), { minLength: 1, maxLength: 6 })

/** Runs `bytes` through in `pieces`, in turn, with a sink that halts and is resumed now and then. */
export function decodeInPieces(
  bytes: Buffer,
  pieces: Piece[],
  answers: boolean[],
  takesRuns = true,
): Event[] {
  const recorder = new Recorder(answers, takesRuns)
  const decoder = new Decoder(recorder, noLimits)
  let lent: Uint8Array | undefined
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const { size, copied, resumes } = pieces[turn % pieces.length] as Piece
    const piece = bytes.subarray(at, at + size)
    if (copied) {
      decoder.feed(piece)
      lent = undefined
    } else lent = readInto(decoder, piece, lent)
    assert.equal(decoder.halted, !recorder.mayReceive)
    if (decoder.halted && resumes) resume(decoder, recorder)
    at += size
  }
  while (decoder.halted) resume(decoder, recorder)
  assert.equal(decoder.peekRaw().length, 0)
  return recorder.events
}
