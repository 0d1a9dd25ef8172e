// What an XPUB hears of its subscribers while its user leaves notifications unread.
import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import * as zmq from "puremq"
import { defaultOptions } from "#src/core/options.js"
import type { Frame } from "#src/message.js"
import { XpubPattern } from "#src/patterns/xpub.js"
import type { Pipe } from "#src/routing/pattern.js"
import { within } from "../suites/deadline.js"
import { numbers } from "../suites/talk.js"

/** So many are kept; what comes behind them waits in the connections. */
const KEPT = 100_000

test("what waits behind unread notifications keeps its order", () => {
  const xpub = new zmq.XPublisher({ linger: 0, receiveHighWaterMark: 1 })
  const xsub = new zmq.XSubscriber({ linger: 0, sendHighWaterMark: 0 })
  xpub.bindSync("inproc://notifications")
  xsub.connect("inproc://notifications")
  for (let index = 0; index < KEPT; index++) assert.ok(xsub.trySend(`\x02${index}`))
  for (const number of numbers(10)) assert.ok(xsub.trySend(number))
  for (let index = 0; index < KEPT; index++) assert.equal(String(xpub.tryReceive()), `\x02${index}`)
  const rest: string[] = []
  for (let message = xpub.tryReceive(); message !== undefined; message = xpub.tryReceive()) {
    rest.push(String(message))
  }
  assert.deepEqual(rest, numbers(10))
  xpub.close()
  xsub.close()
})

test("large notifications that nobody reads are kept up to 64 MiB, and what the marks allow", () => {
  const xpub = new zmq.XPublisher({ linger: 0, receiveHighWaterMark: 1 })
  const xsub = new zmq.XSubscriber({ linger: 0, sendHighWaterMark: 2 })
  xpub.bindSync("inproc://notifications-large")
  xsub.connect("inproc://notifications-large")
  const load = Buffer.alloc(1 << 20, 2)
  // It drops what there is no room for.
  for (let count = 0; count < 200; count++) assert.ok(xsub.trySend(load))
  let kept = 0
  while (xpub.tryReceive() !== undefined) kept++
  assert.ok(kept >= 64 && kept <= 64 + 3, `${kept} MiB were kept`)
  // There is room again.
  assert.ok(xsub.trySend("\x02another"))
  assert.equal(String(xpub.tryReceive()), "\x02another")
  xpub.close()
  xsub.close()
})

test("a subscriber that gives up behind unread notifications lets a message go that waited for it", async () => {
  const xpub = new zmq.XPublisher({ linger: 0, noDrop: true, sendHighWaterMark: 1 })
  const slow = new zmq.Subscriber({ receiveHighWaterMark: 1 })
  const talker = new zmq.XSubscriber({ linger: 0, sendHighWaterMark: 0 })
  xpub.bindSync("inproc://notifications-behind")
  slow.connect("inproc://notifications-behind")
  talker.connect("inproc://notifications-behind")
  slow.subscribe("topic")
  assert.equal(String(xpub.tryReceive()), "\x01topic")
  while (xpub.trySend("topic"));
  let sent = false
  const sending = xpub.send("topic").then(() => {
    sent = true
  })
  for (let index = 0; index < KEPT; index++) assert.ok(talker.trySend(`\x02${index}`))
  slow.unsubscribe("topic")
  await turn()
  assert.equal(sent, false)
  assert.equal(String(xpub.tryReceive()), "\x020")
  await within(sending, "the message to go")
  xpub.close()
  slow.close()
  talker.close()
})

test("that many subscribers wait costs who reads a notification nothing", () => {
  const xpub = new XpubPattern(defaultOptions("XPUB"))
  let reads = 0
  const crowd = Array.from({ length: 1000 }, (_, index) => {
    const read = (): Frame[] => [subscribing(`${index}-${++reads}`)]
    return { ended: false, foreign: true, read } as unknown as Pipe
  })
  for (const pipe of crowd) {
    xpub.attach(pipe)
    xpub.readable(pipe)
  }
  const before = reads
  const looked = new Set<Pipe>()
  const { readable } = xpub
  xpub.readable = (pipe) => {
    looked.add(pipe)
    readable.call(xpub, pipe)
  }
  for (let count = 0; count < 100; count++) assert.ok(xpub.receive())
  assert.equal(reads - before, 100)
  // Each has its turn.
  assert.equal(looked.size, 100)
})

function subscribing(topic: string): Frame {
  return Buffer.from(`\x01${topic}`) as Frame
}

test("small messages that nobody reads keep no memory of others", () => {
  const xpub = new XpubPattern(defaultOptions("XPUB"))
  let left = 1
  const read = (): Frame[] | undefined => (left-- > 0 ? [Buffer.alloc(65_536, 2).subarray(0, 10)] : undefined)
  xpub.readable({ ended: false, foreign: true, read } as unknown as Pipe)
  const [frame] = xpub.receive() ?? []
  assert.equal(frame?.length, 10)
  assert.ok((frame?.buffer.byteLength ?? 0) < 65_536)
})
