// One hostile stream against everything in wire/ that reads a peer's bytes.
import assert from "node:assert/strict"
import type { Message } from "#src/message.js"
import {
  type Command,
  decodeCommand,
  decodeErrorReason,
  decodePing,
  decodeProperties,
} from "#src/wire/command.js"
import { Decoder, type DecoderLimits } from "#src/wire/decoder.js"
import { decodeGreeting, encodeGreeting, GREETING_SIZE, tellable, versionOf } from "#src/wire/greeting.js"
import type { Chance } from "./chance.js"
import { isRefused } from "./refusals.js"
import { nextStream, noise } from "./streams.js"

const limits: DecoderLimits = { frameBytes: 4000, messageFrames: 4, messageBytes: 8000 }
/** Announced lengths of up to 2^64 get through: each costs a first body, so few streams meet it. */
const noLimits: DecoderLimits = { frameBytes: Infinity, messageFrames: Infinity, messageBytes: Infinity }

/** What came of a stream: what was decoded, as text, and whether it ended in a protocol error. */
export interface Outcome {
  readonly decoded: string
  readonly refused: boolean
}

/** Throws unless the stream is decoded or refused with a ProtocolError or a LimitError, and alike under two splits. */
export function attack(chance: Chance): Outcome {
  const stream = nextStream(chance)
  const streamLimits = chance.below(500) === 0 ? noLimits : limits
  const whole = decode(stream, streamLimits, chance, false)
  const split = decode(stream, streamLimits, chance, true)
  assert.deepEqual(split, whole, `other splits make other messages of ${stream.toString("hex")}`)
  if (chance.below(8) === 0) attackGreeting(chance)
  return whole
}

function decode(stream: Buffer, streamLimits: DecoderLimits, chance: Chance, isSplit: boolean): Outcome {
  const decoded: string[] = []
  let bytes = 0
  const goesOn = (): boolean => !isSplit || chance.below(3) > 0
  const note = (message: Message): void => {
    assert.ok(message.length >= 1 && message.length <= streamLimits.messageFrames)
    for (const frame of message) {
      assert.ok(frame.length <= streamLimits.frameBytes)
      bytes += 2 + frame.length
    }
    decoded.push(`message ${message.map((frame) => frame.toString("latin1")).join("|")}`)
  }
  const decoder = new Decoder(
    {
      get takesRuns() {
        return !isSplit || chance.below(2) === 1
      },
      run: (run) => {
        while (run.length > 0) note(run.take())
        return goesOn()
      },
      message: (message) => {
        note(message)
        return goesOn()
      },
      command: (body) => {
        assert.ok(body.length <= streamLimits.frameBytes)
        bytes += 2 + body.length
        decoded.push(`command ${body.toString("latin1")}`)
        attackCommand(body)
        return goesOn()
      },
    },
    streamLimits,
  )
  const refused = isRefused(() => {
    for (let at = 0; at < stream.length; ) {
      const end = isSplit ? at + 1 + chance.below(chance.below(4) === 0 ? 3000 : 12) : stream.length
      decoder.feed(stream.subarray(at, end))
      at = end
      if (chance.below(2) === 0 && decoder.halted) decoder.resume()
    }
    while (decoder.halted) decoder.resume()
  })
  assert.ok(bytes <= stream.length, "more was decoded than was sent")
  return { decoded: decoded.join("\n"), refused }
}

function attackCommand(body: Buffer): void {
  let command: Command | undefined
  isRefused(() => {
    command = decodeCommand(body)
  })
  for (const data of command === undefined ? [body] : [body, command.data]) {
    isRefused(() => decodeProperties(data))
    isRefused(() => decodePing(data))
    isRefused(() => decodeErrorReason(data))
  }
}

function attackGreeting(chance: Chance): void {
  const greeting = chance.below(2) === 0 ? noise(chance, GREETING_SIZE) : encodeGreeting("NULL")
  for (let count = chance.below(4); count > 0; count--) {
    greeting[chance.below(GREETING_SIZE)] = chance.below(256)
  }
  const refused = isRefused(() => {
    const { major, mechanism } = decodeGreeting(greeting)
    assert.ok(major >= 2 && mechanism.length <= 20)
  })
  let version: string | undefined
  const openingRefused = isRefused(() => {
    version = versionOf(greeting.subarray(0, 11))
  })
  assert.equal(openingRefused || version !== "3.x", refused, "the opening decides what a greeting is")
  for (let length = 0; length < GREETING_SIZE; length++) {
    const heard = greeting.subarray(0, length)
    assert.ok(tellable(heard) <= tellable(greeting.subarray(0, length + 1)))
    if (openingRefused) continue
    const known = versionOf(heard)
    assert.ok(known === undefined || known === version, "more bytes make another version")
  }
}
