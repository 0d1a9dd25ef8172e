// A connection through a proxy, whatever the proxy says and in whatever pieces: none of the peer's bytes is lost, and
// the owner hears exactly once what came of it.
import assert from "node:assert/strict"
import { test } from "node:test"
import { ContextCore } from "#src/core/context.js"
import type { Conn, ConnHandler } from "#src/link/conn.js"
import { SocksHandshake } from "#src/transports/socks.js"
import { SocksConn } from "#src/transports/socks-conn.js"
import { Chance } from "../fuzz/chance.js"
import { SimulatedConn, SimulatedPlatform } from "../fuzz/simulation.js"

const LIMIT = 100
const user = { username: "user", password: "secret" }
const answers = [
  Buffer.from("0502", "hex"),
  Buffer.from("0100", "hex"),
  Buffer.from("05000001c0000201abcd", "hex"),
]

/** Keeps what it reads. */
class Reader implements ConnHandler {
  readonly memory: Buffer = Buffer.alloc(4096)
  filled = 0
  ended = 0

  space(): Uint8Array {
    return this.memory.subarray(this.filled)
  }

  received(count: number): boolean {
    this.filled += count
    return true
  }

  written(): void {}

  closed(): void {
    this.ended++
  }
}

function meet() {
  const platform = new SimulatedPlatform()
  const { turn } = new ContextCore(platform)
  const inner = new SimulatedConn(platform, undefined)
  const reader = new Reader()
  const heard: string[] = []
  const owner = {
    opened: (conn: Conn) => {
      heard.push("opened")
      conn.start(reader)
    },
    failed: (error: Error) => heard.push(error.message),
  }
  const handshake = new SocksHandshake({ host: "example.org", port: 80 }, user)
  const conn = new SocksConn(inner, "example.org:80", handshake, owner, turn, LIMIT)
  conn.open()
  return { platform, inner, reader, heard, conn }
}

/** Delivers in pieces of any size; false when the connection takes no more. */
function deliver(
  inner: SimulatedConn,
  platform: SimulatedPlatform,
  bytes: Uint8Array,
  chance: Chance,
): boolean {
  for (let at = 0; at < bytes.length; ) {
    const count = inner.deliver(bytes.subarray(at, at + 1 + chance.below(20)))
    platform.run()
    if (count === 0) return false
    at += count
  }
  return true
}

test("the peer's bytes come behind the proxy's, in whatever pieces", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const { platform, inner, reader, heard, conn } = meet()
    const words = Buffer.from("what the peer says")
    assert.ok(deliver(inner, platform, Buffer.concat([...answers, words]), new Chance(seed)))
    assert.deepEqual(heard, ["opened"])
    assert.equal(conn.remote, "example.org:80")
    assert.equal(reader.memory.toString("latin1", 0, reader.filled), words.toString())
    assert.equal(platform.pendingTimers, 0)
    assert.deepEqual(
      inner.written.map((bytes) => bytes[0]),
      [5, 1, 5],
    )
    inner.close(undefined)
    assert.equal(reader.ended, 1)
    assert.deepEqual(heard, ["opened"])
  }
})

test("whatever else the proxy says, the owner hears once what is wrong", () => {
  for (let seed = 1; seed <= 2000; seed++) {
    const chance = new Chance(seed)
    const { platform, inner, reader, heard } = meet()
    const bytes = Buffer.concat(answers)
    for (let count = 1 + chance.below(3); count > 0; count--)
      bytes[chance.below(bytes.length)] = chance.below(256)
    deliver(inner, platform, bytes.subarray(0, chance.below(bytes.length + 1)), chance)
    inner.close(undefined)
    platform.run()
    if (heard[0] === "opened") assert.equal(reader.ended, 1)
    assert.equal(heard.length, 1, heard.join())
    assert.equal(platform.pendingTimers, 0)
  }
})

test("a proxy that says nothing is given up in time, once", () => {
  const { platform, heard } = meet()
  platform.pass(LIMIT - 1)
  assert.deepEqual(heard, [])
  platform.pass(1)
  assert.deepEqual(heard, ["The proxy took too long."])
  assert.equal(platform.pendingTimers, 0)
})

test("a connection that is given up tells nothing more", () => {
  const { platform, inner, heard, conn } = meet()
  conn.abandon()
  platform.run()
  assert.ok(inner.closed)
  assert.deepEqual(heard, [])
  assert.equal(platform.pendingTimers, 0)
})
