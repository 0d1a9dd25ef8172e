// Greeting and handshake before any socket: what is written when, and who is turned away.
import assert from "node:assert/strict"
import { test } from "node:test"
import { ContextCore } from "#src/core/context.js"
import { SocketCore } from "#src/core/socket.js"
import { ProtocolError } from "#src/errors.js"
import { Handshake } from "#src/link/handshake.js"
import { PullPattern } from "#src/patterns/pull.js"
import type { Mechanism } from "#src/security/mechanism.js"
import { openDoor } from "#src/security/security.js"
import { Decoder } from "#src/wire/decoder.js"
import { SimulatedConn, SimulatedPlatform } from "../fuzz/simulation.js"
import { greeting, ready, signature } from "../wire/zmtp-bytes.js"
import { hello, limits } from "./sample-hello.js"

const openings: [who: string, says: Buffer, isTold: Buffer[]][] = [
  ["who says all at once", Buffer.concat([greeting(), ready("PUSH")]), [whole(), ready("PULL")]],
  ["who says its greeting", greeting(), [whole(), ready("PULL")]],
  ["who begins with its signature", signature, [whole().subarray(0, 11)]],
  ["who is of ZMTP 1.0", Buffer.from("0100", "hex"), [whole().subarray(0, 10)]],
  [
    "who is of ZMTP 2.0",
    Buffer.concat([signature, Buffer.from("0108", "hex")]),
    [
      whole().subarray(0, 11),
      Buffer.from("07" + "0000", "hex"), // the type, a frame without a routing id
    ],
  ],
  ["who says nothing", Buffer.alloc(0), [whole().subarray(0, 10)]],
]
for (const [who, says, isTold] of openings) {
  test(`${who} is told in one write all that it may hear`, async () => {
    const platform = new SimulatedPlatform()
    const core = new SocketCore(new ContextCore(platform), "PULL", () => new PullPattern())
    core.endpoints.bindSync("tcp://127.0.0.1:1")
    const conn = new SimulatedConn(platform, undefined)
    platform.accept?.(conn)
    conn.deliver(says)
    platform.run()
    assert.equal(Buffer.concat(conn.written).toString("hex"), Buffer.concat(isTold).toString("hex"))
    assert.equal(conn.writes, 1)
    core.close()
    platform.run()
  })
}

function whole(): Buffer {
  const bytes = greeting()
  bytes[8] = 1
  return bytes
}

/** Stands for one that keeps secrets. */
const secretive: Mechanism = {
  name: "CURVE",
  next: () => undefined,
  handle: () => {},
  complete: false,
  peerProperties: new Map(),
}

for (const [version, bytes] of [
  ["1.0", "0100"],
  ["1.0 with greeting", "ff00000000000000017f00"],
  ["2.0", "ff00000000000000017f01"],
] as const) {
  test(`a peer of ZMTP ${version} is refused where a mechanism is wanted, at its first bytes`, () => {
    const security = { ...openDoor, guarded: true, createMechanism: () => secretive }
    const handshake = new Handshake({ ...hello, security }, "", { progressed: () => {} })
    const decoder = new Decoder(
      { takesRuns: false, run: () => true, message: () => true, command: () => true },
      limits,
    )
    decoder.halted = true
    decoder.feed(Buffer.from(bytes, "hex"))
    assert.throws(
      () => handshake.greet(decoder, () => {}),
      (error) => error instanceof ProtocolError && error.code === "ERR_ZMTP_MECHANISM_MISMATCH",
    )
  })
}

test("a mechanism that never has enough ends when the peer has said more than all commands may have", () => {
  const endless: Mechanism = {
    name: "NULL",
    complete: false,
    peerProperties: new Map(),
    next: () => undefined,
    handle: () => {},
  }
  const security = { ...openDoor, createMechanism: () => endless }
  const bounded = { ...hello, security, handshakeLimits: { ...limits, messageBytes: 100 } }
  const handshake = new Handshake(bounded, "", { progressed: () => {} })
  for (let count = 0; count < 4; count++) handshake.handle(Buffer.alloc(25))
  assert.throws(() => handshake.handle(Buffer.alloc(1)), { code: "EMSGSIZE" })
})
