// What ping makes of a peer's first bytes, in any pieces.
import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { type Answer, Probe } from "#src/cli/probe.js"
import { encodeCommand, encodeProperties } from "#src/wire/command.js"
import { encodeFrame } from "#src/wire/encoder.js"
import { COMMAND } from "#src/wire/flags.js"
import { encodeGreeting } from "#src/wire/greeting.js"

const greeting = Buffer.from(encodeGreeting("NULL"))

function ready(properties: readonly (readonly [string, Buffer])[]): Buffer {
  return Buffer.from(encodeFrame(encodeCommand("READY", encodeProperties(new Map(properties))), COMMAND))
}

function hearAll(bytes: Buffer, cuts: readonly number[]): Answer | undefined {
  const probe = new Probe()
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  let start = 0
  for (const end of ends) {
    const { answer } = probe.hear(bytes.subarray(start, end))
    if (answer !== undefined) return answer
    start = end
  }
  return undefined
}

const cuts = fc.array(fc.nat(), { maxLength: 8 })

test("a READY is read in any pieces, long or short", () => {
  fc.assert(
    fc.property(fc.nat(600), cuts, (size, cuts) => {
      const properties = [
        ["Socket-Type", Buffer.from("DEALER")],
        ["X-Long", Buffer.alloc(size, 1)],
      ] as const
      const answer = hearAll(Buffer.concat([greeting, ready(properties)]), cuts)
      assert.deepEqual(
        { ...answer, properties: [...(answer?.properties ?? [])] },
        { version: "3.1", mechanism: "NULL", socketType: "DEALER", properties },
      )
    }),
  )
})

test("a peer that does not say its type has none", () => {
  const answer = hearAll(Buffer.concat([greeting, ready([])]), [])
  assert.deepEqual(answer, { version: "3.1", mechanism: "NULL", properties: new Map() })
})

test("other things in place of READY are told of", () => {
  for (const [frame, complaint] of [
    [encodeFrame(Buffer.from("hello"), 0), /a message before its handshake was over/],
    [encodeFrame(encodeCommand("ERROR", Buffer.from("\x03no!")), COMMAND), /the peer refuses: no!/],
    [encodeFrame(encodeCommand("HELLO", Buffer.alloc(0)), COMMAND), /the peer says HELLO in place of READY/],
    [encodeFrame(Buffer.alloc(70_000), COMMAND), /a command of 70000 bytes/],
  ] as const) {
    assert.throws(() => hearAll(Buffer.concat([greeting, frame]), []), complaint)
  }
})

test("whatever a peer says, it is an answer, not enough, or an error", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.uint8Array({ maxLength: 200 }), cuts, (greets, bytes, cuts) => {
      try {
        hearAll(Buffer.concat([greets ? greeting : Buffer.alloc(0), bytes]), cuts)
      } catch (error) {
        assert.ok(error instanceof Error && !(error instanceof TypeError) && !(error instanceof RangeError))
      }
    }),
    { numRuns: 2000 },
  )
})
