// What becomes of single packets: limits, what comes too early, what was hidden.
import assert from "node:assert/strict"
import { test } from "node:test"
import type { DecoderLimits } from "#src/wire/decoder.js"
import { BARE_SUBPROTOCOL, PacketDecoder, subprotocolOf, webSubprotocolOf } from "#src/wire/zws.js"
import { noLimits } from "./sample-messages.js"

class Listener {
  readonly heard: string[] = []
  readonly decoder: PacketDecoder

  constructor(limits: Partial<DecoderLimits> = {}) {
    this.decoder = new PacketDecoder(
      {
        message: (frames) => void this.heard.push(frames.map(String).join("|")),
        command: (body) => void this.heard.push(`command ${body}`),
      },
      { ...noLimits, ...limits },
    )
  }

  hears(...packets: string[]): string[] {
    for (const packet of packets) this.decoder.decode(Buffer.from(packet, "latin1"))
    return this.heard.splice(0)
  }
}

test("the names of the subprotocols, for libzmq and for browsers", () => {
  assert.equal(BARE_SUBPROTOCOL, "ZWS2.0")
  assert.equal(subprotocolOf("NULL"), "ZWS2.0/NULL")
  assert.equal(webSubprotocolOf("CURVE"), "ZWS2.0.CURVE")
})

test("before it is said that they may come, parts are refused, and messages of one frame and commands are not", () => {
  const listener = new Listener()
  assert.deepEqual(listener.hears("\0one", "\x02command"), ["one", "command command"])
  assert.throws(() => listener.hears("\x01part"), {
    name: "ProtocolError",
    code: "ERR_ZMTP_UNEXPECTED_COMMAND",
  })
})

test("one frame may have as many bytes as a message, and no more", () => {
  const listener = new Listener({ messageBytes: 3 })
  assert.deepEqual(listener.hears("\0abc"), ["abc"])
  assert.throws(() => listener.hears("\0abcd"), { code: "EMSGSIZE" })
})

test("a message of several frames has its limits anew each time", () => {
  const listener = new Listener({ messageBytes: 3, messageFrames: 2 })
  listener.decoder.refusesParts = false
  assert.deepEqual(listener.hears("\x01a", "\0bc", "\x01", "\0abc"), ["a|bc", "|abc"])
  assert.throws(() => listener.hears("\x01a", "\x01b", "\0c"), { code: "EMSGSIZE" })
  const other = new Listener({ messageBytes: 3 })
  other.decoder.refusesParts = false
  assert.throws(() => other.hears("\x01ab", "\0cd"), { code: "EMSGSIZE" })
})

test("other limits hold from the next frame on", () => {
  const listener = new Listener({ frameBytes: 1 })
  assert.throws(() => listener.hears("\0ab"), { code: "EMSGSIZE" })
  listener.decoder.setLimits(noLimits)
  assert.deepEqual(listener.hears("\0ab"), ["ab"])
})

test("what a mechanism hides is uncovered first, flags and body", () => {
  const listener = new Listener()
  listener.decoder.refusesParts = false
  listener.decoder.protect({
    open: (hidden) => ({
      flags: hidden[0] as number,
      body: Buffer.from(String(hidden.subarray(1)).toUpperCase()),
    }),
  })
  assert.deepEqual(listener.hears("\0\x01a", "\0\0b", "\0\x02c"), ["A|B", "command C"])
})

test("garbage is a ProtocolError of WebSocket", () => {
  for (const packet of ["", "\x03x", "\x04"]) {
    assert.throws(() => new Listener().hears(packet), { name: "ProtocolError", code: "ERR_WS_UNSPECIFIED" })
  }
})

test("a sign of life is seen to be one where it is not hidden", () => {
  const { decoder } = new Listener()
  for (const packet of ["\x02\x04PING\0\0", "\x02\x04PONG", "\x02"])
    assert.equal(decoder.isSign(Buffer.from(packet)), true)
  for (const packet of ["\0\x04PING\0\0", "\x01\x04PING\0\0", "\x02\x09SUBSCRIBE", ""]) {
    assert.equal(decoder.isSign(Buffer.from(packet)), false)
  }
  decoder.protect({ open: (hidden) => ({ flags: 0, body: hidden }) })
  assert.equal(decoder.isSign(Buffer.from("\x02\x04PING\0\0")), false)
})
