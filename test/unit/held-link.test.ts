// A connection that comes while its pipe's user is behind, where he catches up at the very moment that it begins.
import assert from "node:assert/strict"
import { test } from "node:test"
import type { Conn, ConnHandler } from "#src/link/conn.js"
import type { Hello, Link, LinkEnd, LinkOwner, Scheduler } from "#src/link/link.js"
import { ZmtpLink } from "#src/link/zmtp.js"
import type { Frame, Message } from "#src/message.js"
import type { Mechanism, Protection } from "#src/security/mechanism.js"
import { NullMechanism } from "#src/security/null.js"
import { openDoor, type Security } from "#src/security/security.js"
import { Encoder } from "#src/wire/encoder.js"
import { SlabPool } from "#src/wire/slab-pool.js"
import { command, greeting, message, ready } from "../wire/zmtp-bytes.js"
import { hello } from "./sample-hello.js"

const scheduler = {
  arrived: () => {},
  flushLater: () => {},
  afterMicrotasks: () => {},
  currentTurn: () => 0,
  mayReadOn: () => true,
} as unknown as Scheduler

/** Hides nothing, in frames of the same form. */
const transparent: Protection = {
  sealer: { seal: (chunks) => [...chunks], sealFrame: (_flags, body) => body as Frame },
  createOpener: (_frameBytes, take) => ({
    open: (bytes) => take(bytes),
    openFrame: (body) => ({ flags: 0, body: body as Frame }),
  }),
  close: () => {},
}

class Hiding extends NullMechanism {
  get protection(): Protection | undefined {
    return this.complete ? transparent : undefined
  }
}

/** Lets the peer in when it is told to. */
class Hesitating extends NullMechanism {
  private admitted = false

  override next(): Frame | undefined {
    return this.admitted ? super.next() : undefined
  }

  admit(): void {
    this.admitted = true
    this.onProgress?.()
  }
}

/** A link over a stream of which the test brings the bytes. */
class Stage implements Conn, LinkOwner, LinkEnd {
  readonly remote = ""
  readonly counters = { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0, dropped: 0 }
  readonly outbox = new Encoder(new SlabPool())
  readonly takesRuns = false
  readonly room = Infinity
  readonly halted = true
  readonly got: string[] = []
  /** Whether the stream is read from. */
  reading = true
  link!: Link
  private handler!: ConnHandler
  private readonly catchesUp: boolean

  constructor(createMechanism: Security["createMechanism"], guarded: boolean, catchesUp = true) {
    this.catchesUp = catchesUp
    const security = { ...openDoor, guarded, createMechanism }
    const settings: Hello = { ...hello, security }
    new ZmtpLink(this, settings, this, scheduler).open({ whole: true, learn: () => {} })
  }

  bring(...pieces: Buffer[]): void {
    const bytes = Buffer.concat(pieces)
    this.handler.space().set(bytes)
    // What is asked for within the read counts for nothing if it then says "no more".
    this.reading = this.handler.received(bytes.length)
  }

  linked(link: Link): void {
    this.link = link
    link.start(this)
    // The start made room for what a proxy had in hand, say, and it read on.
    if (this.catchesUp) link.resume()
  }

  deliver(received: Message): boolean {
    this.got.push(received.join())
    return true
  }

  start(handler: ConnHandler): void {
    this.handler = handler
  }

  write(): boolean {
    return true
  }

  resume(): void {
    this.reading = true
  }

  end(): void {}
  destroy(): void {}
  opened(): void {}
  ended(): void {}
  drained(): void {}
  flushed(): void {}
  deliverRun(): never {
    throw new Error("Messages come one by one.")
  }
}

const kinds: readonly (readonly [
  name: string,
  create: (...of: Parameters<Security["createMechanism"]>) => Mechanism,
])[] = [
  ["in the clear", (properties) => new NullMechanism(properties)],
  ["hidden", (properties) => new Hiding(properties)],
]

for (const [name, createMechanism] of kinds) {
  for (const together of [true, false]) {
    test(`goes on reading what comes ${name}, ${together ? "with" : "behind"} the handshake`, () => {
      const stage = new Stage(createMechanism, false)
      stage.bring(greeting())
      const [first, second] = [message("first"), message("second")]
      if (together) stage.bring(ready("PUSH"), first, second)
      else {
        stage.bring(ready("PUSH"))
        stage.bring(first, second)
      }
      assert.ok(stage.reading)
      assert.deepEqual(
        stage.got.map((text) => Buffer.from(text).toString()),
        ["first", "second"],
      )
      stage.bring(message("third"))
      assert.ok(stage.reading)
      assert.equal(stage.got.length, 3)
    })
  }
}

for (const [name, createMechanism] of kinds) {
  for (const together of [true, false]) {
    test(`hears signs of life that come ${name}, ${together ? "in one read" : "byte by byte"}, and keeps the rest`, () => {
      const stage = new Stage(createMechanism, false, false)
      const { counters } = stage
      stage.bring(greeting())
      stage.bring(ready("PUSH"))
      let { bytesOut } = counters
      const answered = (count: number): void => {
        const answers = count * command("PONG", "context").length
        assert.equal(counters.bytesOut, bytesOut + answers)
        bytesOut += answers
      }
      const ping = command("PING", "\0\0context")
      if (together) stage.bring(ping, ping, command("PONG", ""))
      else
        for (let at = 0; at < 2 * ping.length; at++)
          stage.bring(Buffer.concat([ping, ping]).subarray(at, at + 1))
      answered(2)
      assert.ok(stage.reading)
      stage.bring(ping, message("first"), ping)
      answered(1)
      assert.ok(!stage.reading)
      assert.deepEqual(stage.got, [])
      stage.link.resume()
      answered(1)
      assert.ok(stage.reading)
      assert.equal(stage.got.length, 1)
    })
  }
}

test("goes on reading where the peer is let in later", () => {
  let mechanism: Hesitating | undefined
  const stage = new Stage((properties) => (mechanism = new Hesitating(properties)), true)
  stage.bring(greeting())
  stage.bring(ready("PUSH"))
  mechanism?.admit()
  stage.bring(message("first"))
  assert.ok(stage.reading)
  assert.equal(stage.got.length, 1)
})
