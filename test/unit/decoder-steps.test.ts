// The decoder step by step: what it says after which byte.
import assert from "node:assert/strict"
import { test } from "node:test"
import { SMALLEST_CHUNK } from "#src/wire/chunk-plan.js"
import { Decoder, type DecoderLimits } from "#src/wire/decoder.js"
import { FIRST_BODY_BYTES } from "#src/wire/large-body.js"
import { readLength } from "#src/wire/long-header.js"
import type { Run } from "#src/wire/run.js"
import { noLimits } from "./sample-messages.js"

/** A decoder, and what it says as text. */
class Listener {
  readonly heard: string[] = []
  /** Runs that came. */
  runs = 0
  takesRuns = true
  answer = true
  readonly decoder: Decoder

  constructor(limits: Partial<DecoderLimits> = {}) {
    this.decoder = new Decoder(this, { ...noLimits, ...limits })
  }

  run(run: Run): boolean {
    this.runs++
    while (run.length > 0) this.message(run.take())
    return this.answer
  }

  message(frames: Uint8Array[]): boolean {
    this.heard.push(frames.map((frame) => Buffer.from(frame).toString("latin1")).join("|"))
    return this.answer
  }

  command(body: Uint8Array): boolean {
    this.heard.push(`command ${Buffer.from(body).toString("latin1")}`)
    return this.answer
  }

  hears(...pieces: string[]): string[] {
    for (const piece of pieces) this.decoder.feed(Buffer.from(piece, "latin1"))
    return this.heard.splice(0)
  }
}

/** What fails, and what came before it. */
function failure(limits: Partial<DecoderLimits>, ...pieces: string[]): [heard: string[], code: unknown] {
  const listener = new Listener(limits)
  try {
    for (const piece of pieces) listener.decoder.feed(Buffer.from(piece, "latin1"))
  } catch (error) {
    return [listener.heard, (error as { code?: unknown }).code]
  }
  return [listener.heard, undefined]
}

test("two whole messages of one read come as a run, one by itself, and each in its turn", () => {
  const listener = new Listener()
  assert.deepEqual(listener.hears("\0\x01a\0\x01b\0\x01"), ["a", "b"])
  assert.equal(listener.runs, 1)
  assert.deepEqual(listener.hears("c"), ["c"])
  assert.deepEqual(listener.hears("\x01\x01a\0\x01b"), ["a|b"])
  assert.equal(listener.runs, 1)
  assert.deepEqual(listener.hears("\x01\x01a\0\x01b\0\0\x01\x01x"), ["a|b", ""])
  assert.equal(listener.runs, 2)
  assert.deepEqual(listener.hears("\0\x01y\0\x01z"), ["x|y", "z"])
  assert.equal(listener.runs, 2)
  listener.takesRuns = false
  assert.deepEqual(listener.hears("\0\x01a\0\x01b"), ["a", "b"])
  assert.equal(listener.runs, 2)
})

test("the limits hold in runs as they do alone, and what came before is heard", () => {
  const emsgsize = "EMSGSIZE"
  assert.deepEqual(failure({ frameBytes: 3 }, "\0\x03abc\0\x03def\0\x04ghij"), [["abc", "def"], emsgsize])
  assert.deepEqual(failure({ frameBytes: 3 }, "\0\x03abc", "\0\x04"), [["abc"], emsgsize])
  assert.deepEqual(failure({ messageBytes: 3 }, "\0\x03abc\0\x03def\0\x04"), [["abc", "def"], emsgsize])
  const two = { messageFrames: 2 }
  const pairs = "\x01\x01a\0\x01b\x01\x01c\0\x01d"
  assert.deepEqual(failure(two, pairs), [["a|b", "c|d"], undefined])
  assert.deepEqual(failure(two, `${pairs}\x01\x01e\x01\x01f\0\x01g`), [["a|b", "c|d"], emsgsize])
  assert.deepEqual(failure(two, "\x01\x01e", "\x01\x01f", "\0\x01g"), [[], emsgsize])
  const four = { messageBytes: 4 }
  assert.deepEqual(failure(four, "\x01\x02aa\0\x02bb\x01\x02cc\0\x02dd"), [["aa|bb", "cc|dd"], undefined])
  assert.deepEqual(failure(four, "\x01\x02aa\0\x02bb\x01\x02cc\0\x03ddd"), [["aa|bb"], emsgsize])
  assert.deepEqual(failure(four, "\x01\x02aa", "\0\x03"), [[], emsgsize])
})

test("before parts may come they are refused, and messages of one frame and commands are not", () => {
  for (const pieces of [
    ["\x01\x01a"],
    ["\x01\x01a\0\x01b\x01\x01c\0\x01d"],
    ["\0\x01x\0\x01y\x01\x01a\0\x01b"],
  ]) {
    const listener = new Listener()
    listener.takesRuns = false
    listener.decoder.refusesParts = true
    assert.deepEqual(listener.hears("\0\x01a\x04\x01b"), ["a", "command b"])
    assert.throws(() => listener.hears(...pieces), {
      name: "ProtocolError",
      code: "ERR_ZMTP_UNEXPECTED_COMMAND",
    })
  }
})

test("flags that there are not, and a command with MORE, are a ProtocolError as soon as they are there", () => {
  for (const flags of ["\x08", "\x10", "\x80", "\x05", "\x07"]) {
    const bytes = flags === "\x07" ? `${flags}${"\0".repeat(7)}\x01a` : `${flags}\x01a`
    assert.deepEqual(failure({}, bytes), [[], "ERR_ZMTP_UNSPECIFIED"])
    assert.deepEqual(failure({}, `\0\x01x\0\x01y${bytes}`), [["x", "y"], "ERR_ZMTP_UNSPECIFIED"])
  }
})

test("after 'no more' nothing is said before it is resumed, and then all that waits", () => {
  const listener = new Listener()
  listener.answer = false
  assert.deepEqual(listener.hears("\0\x01a", "\0\x01b\0\x01c"), ["a"])
  assert.equal(listener.decoder.halted, true)
  listener.decoder.resume()
  assert.deepEqual(listener.hears(), ["b", "c"])
  assert.equal(listener.decoder.halted, true)
  listener.answer = true
  listener.decoder.resume()
  assert.equal(listener.decoder.halted, false)
  assert.deepEqual(listener.hears("\x04\x01d"), ["command d"])
  listener.answer = false
  assert.deepEqual(listener.hears("\x04\x01e", "\0\x01f"), ["command e"])
})

test("a large body that ends with 'no more' holds up what follows", () => {
  const listener = new Listener()
  listener.answer = false
  const body = "x".repeat(100_000)
  assert.deepEqual(listener.hears(`\x02\0\0\0\0\0\x01\x86\xa0${body}`, "\0\x01b"), [body])
  assert.equal(listener.decoder.halted, true)
  listener.decoder.resume()
  assert.deepEqual(listener.hears(), ["b"])
})

test("bytes are taken raw before the first frame, when so many are there", () => {
  const { decoder } = new Listener()
  decoder.halted = true
  decoder.feed(Buffer.from("abc"))
  assert.equal(decoder.takeRaw(4), undefined)
  assert.equal(String(Buffer.from(decoder.peekRaw())), "abc")
  assert.equal(String(Buffer.from(decoder.takeRaw(2) as Uint8Array)), "ab")
  assert.equal(String(Buffer.from(decoder.peekRaw())), "c")
  assert.equal(decoder.takeRaw(2), undefined)
  assert.equal(String(Buffer.from(decoder.takeRaw(1) as Uint8Array)), "c")
  assert.equal(decoder.peekRaw().length, 0)
})

test("it is known to be within a large frame from the header to the last byte", () => {
  const { decoder } = new Listener()
  const inside = (text: string): boolean => {
    decoder.feed(Buffer.from(text, "latin1"))
    return decoder.insideLargeFrame
  }
  assert.equal(inside("\0\x05ab"), false)
  assert.equal(inside("cde"), false)
  assert.equal(inside("\x02\0\0\0\0\0\x01\x86"), false)
  assert.equal(inside("\xa0"), true)
  assert.equal(inside("x"), true)
  assert.equal(inside("x".repeat(99_998)), true)
  assert.equal(inside("x"), false)
})

test("a read that fills its chunk makes the next one four times as large, one that does not leaves its size", () => {
  for (const [bytes, next] of [
    [SMALLEST_CHUNK, 4 * SMALLEST_CHUNK],
    [SMALLEST_CHUNK - 2, SMALLEST_CHUNK],
  ] as const) {
    const { decoder } = new Listener()
    assert.equal(decoder.space().length, SMALLEST_CHUNK)
    decoder.feed(Buffer.alloc(bytes))
    assert.equal(decoder.space().length, next)
  }
})

test("who sent a large body once is trusted with one as large, also when smaller ones came since", () => {
  const { decoder } = new Listener()
  const header = (size: number): Buffer => {
    const bytes = Buffer.alloc(9, 2)
    bytes.writeBigUInt64BE(BigInt(size), 1)
    return bytes
  }
  for (const size of [FIRST_BODY_BYTES, 300_000])
    decoder.feed(Buffer.concat([header(size), Buffer.alloc(size)]))
  decoder.feed(Buffer.concat([header(FIRST_BODY_BYTES), Buffer.alloc(1)]))
  assert.equal(decoder.space().buffer.byteLength, FIRST_BODY_BYTES)
})

test("lengths of eight bytes, exact up to 2^53", () => {
  for (const length of [
    0n,
    1n,
    0x0102_0304n,
    0xffff_ffffn,
    0x1_0000_0000n,
    0x0012_3456_789a_bcden,
    2n ** 53n - 1n,
  ]) {
    const bytes = Buffer.alloc(10, 0xff)
    bytes.writeBigUInt64BE(length, 1)
    assert.equal(readLength(bytes, 1), Number(length))
  }
  assert.equal(readLength(Buffer.alloc(8, 0xff), 0), 2 ** 64)
})
