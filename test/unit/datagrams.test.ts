// What a link of UDP does with its socket and its pipe, without a network.
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  type DatagramAddress,
  formatDatagramAddress,
  LARGEST_DATAGRAM,
  parseDatagramAddress,
} from "#src/datagram.js"
import { DatagramLink, decodeGroupDatagram, encodeGroupDatagram } from "#src/link/datagrams.js"
import { MessageQueue } from "#src/link/inproc.js"
import type { Counters, Ending, Hello, Link, LinkEnd, Scheduler } from "#src/link/link.js"
import type { Message } from "#src/message.js"
import type { SocketType } from "#src/peer.js"
import { formatUdp, isMulticast, parseUdpAddress } from "#src/transports/udp-address.js"

const text = (frames: Message | undefined): string[] | undefined => frames?.map((frame) => frame.toString())

test("a datagram to a group is the length of its name, the name and the body", () => {
  const bytes = encodeGroupDatagram([Buffer.from("grp"), Buffer.from("hello")])
  assert.equal(Buffer.from(bytes).toString("latin1"), "\x03grphello")
  assert.deepEqual(text(decodeGroupDatagram(Buffer.from("\x03grphello"))), ["grp", "hello"])
  assert.deepEqual(text(decodeGroupDatagram(Buffer.from("\x03grp"))), ["grp", ""])
  assert.deepEqual(text(decodeGroupDatagram(Buffer.from("\0"))), ["", ""])
  const longest = Buffer.alloc(256, 255)
  assert.equal(decodeGroupDatagram(longest)?.[0]?.length, 255)
})

test("a datagram that ends within its group's name is none", () => {
  for (const bytes of ["", "\x01", "\x03gr", "\xff"]) {
    assert.equal(decodeGroupDatagram(Buffer.from(bytes, "latin1")), undefined, JSON.stringify(bytes))
  }
})

test("addresses of datagrams", () => {
  for (const [good, host, port] of [
    ["127.0.0.1:5555", "127.0.0.1", 5555],
    ["127.0.0.1:5555\0", "127.0.0.1", 5555],
    ["255.255.255.255:1", "255.255.255.255", 1],
    ["[::1]:65535", "::1", 65_535],
    ["[fe80::1%eth0]:9\0", "fe80::1%eth0", 9],
    ["[::ffff:10.0.0.1]:9", "::ffff:10.0.0.1", 9],
  ] as const) {
    assert.deepEqual(parseDatagramAddress(Buffer.from(good)), { host, port }, good)
  }
  for (const bad of [
    "",
    "\0",
    ":",
    ":::",
    "127.0.0.1",
    "127.0.0.1:",
    "127.0.0.1:0",
    "127.0.0.1:65536",
    "127.0.0.1:5555\0\0",
    "127.0.0.1:55x",
    "127.0.0.:5",
    "127.0.0.256:5",
    "1.2.3.4.5:5",
    "localhost:5",
    "[127.0.0.1]:5",
    "::1:5",
    "[::1:5",
    "[]:5",
    "[x::1]:5",
    `[${"1".repeat(70)}::]:5`,
  ]) {
    assert.equal(parseDatagramAddress(Buffer.from(bad)), undefined, JSON.stringify(bad))
  }
  assert.equal(formatDatagramAddress({ host: "127.0.0.1", port: 9 }).toString(), "127.0.0.1:9\0")
  assert.equal(formatDatagramAddress({ host: "::1", port: 9 }).toString(), "[::1]:9\0")
})

test("addresses of udp://", () => {
  for (const [rest, host, port, way, multicast] of [
    ["127.0.0.1:5555", "127.0.0.1", 5555, undefined, false],
    ["*:*", "*", 0, undefined, false],
    ["eth0:1", "eth0", 1, undefined, false],
    ["239.0.0.1:5", "239.0.0.1", 5, undefined, true],
    ["eth0;239.0.0.1:5", "239.0.0.1", 5, "eth0", true],
    ["*;224.0.0.1:5", "224.0.0.1", 5, undefined, true],
    ["10.0.0.1;239.0.0.1:5", "239.0.0.1", 5, "10.0.0.1", true],
    ["[::1]:5", "::1", 5, undefined, false],
    ["eth0;[ff02::1]:5", "ff02::1", 5, "eth0", true],
    ["[fe80::1];[ff02::1]:5", "ff02::1", 5, "fe80::1", true],
  ] as const) {
    assert.deepEqual(
      parseUdpAddress(rest, `udp://${rest}`, "bind"),
      { target: { host, port }, interface: way, multicast },
      rest,
    )
  }
  for (const rest of ["10.0.0.1;[ff02::1]:5", "[::1];239.0.0.1:5", "eth0;10.0.0.1:5", "1.2.3.4:70000"]) {
    assert.throws(() => parseUdpAddress(rest, rest, "bind"), { code: "EINVAL" }, rest)
  }
  assert.deepEqual(
    ["223.255.255.255", "224.0.0.0", "239.255.255.255", "240.0.0.0", "fe80::1", "ff00::", "name"].map(
      isMulticast,
    ),
    [false, true, true, false, false, true, false],
  )
  for (const address of [
    "udp://1.2.3.4:5",
    "udp://[::1]:5",
    "udp://lo;239.0.0.1:5",
    "udp://[::1];[ff02::1]:5",
  ]) {
    assert.equal(formatUdp(parseUdpAddress(address.slice(6), address, "bind")), address)
  }
})

interface Scene {
  readonly link: DatagramLink
  readonly end: TestEnd
  readonly carrier: TestCarrier
  readonly counters: Counters
  readonly endings: Ending[]
}

class TestEnd implements LinkEnd {
  readonly outbox = new MessageQueue()
  readonly takesRuns = false
  readonly got: (string[] | undefined)[] = []
  flushes = 0
  room = Infinity
  readonly halted = false

  deliver(message: Message): boolean {
    this.got.push(text(message))
    return --this.room > 0
  }

  deliverRun(): boolean {
    throw new Error("no runs")
  }

  drained(): void {}

  flushed(): void {
    this.flushes++
  }
}

class TestCarrier {
  readonly sent: { bytes: string; to: DatagramAddress; done: (error: Error | null) => void }[] = []
  closed = false

  send(bytes: Uint8Array, to: DatagramAddress, done: (error: Error | null) => void): void {
    this.sent.push({ bytes: Buffer.from(bytes).toString("latin1"), to, done })
  }

  async close(): Promise<void> {
    this.closed = true
  }
}

const scheduler = { arrived: () => {} } as unknown as Scheduler
const there = { host: "127.0.0.1", port: 9 }

function open(socketType: SocketType, frameBytes = Infinity): Scene {
  const counters = { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0, dropped: 0 }
  const endings: Ending[] = []
  const end = new TestEnd()
  const owner = {
    counters,
    opened: () => {},
    linked: (link: Link) => link.start(end),
    ended: (ending: Ending) => endings.push(ending),
  }
  const hello = { socketType, limits: { frameBytes } } as Hello
  const link = new DatagramLink(hello, owner, scheduler, socketType === "RADIO" ? there : undefined)
  const carrier = new TestCarrier()
  link.open(carrier)
  return { link, end, carrier, counters, endings }
}

test("what nobody has room for is dropped, and counted", () => {
  const { link, end, counters } = open("DISH")
  end.room = 2
  for (const name of ["a", "b", "c"]) link.received(Buffer.from(`\x01g${name}`), there)
  assert.deepEqual(end.got, [
    ["g", "a"],
    ["g", "b"],
  ])
  assert.equal(counters.dropped, 1)
  end.room = Infinity
  link.resume()
  link.received(Buffer.from("\x01gd"), there)
  assert.deepEqual(end.got.at(-1), ["g", "d"])
  assert.equal(counters.messagesIn, 3)
})

test("what is too large, or no message, is dropped, and counted", () => {
  const { link, end, counters } = open("DISH", 10)
  link.received(Buffer.from("\x05gr"), there)
  link.received(Buffer.alloc(LARGEST_DATAGRAM + 1), there)
  link.received(Buffer.from("\x01g12345678901"), there)
  assert.equal(counters.dropped, 3)
  assert.deepEqual(end.got, [])
  link.received(Buffer.from("\x01g1234567890"), there)
  assert.deepEqual(end.got, [["g", "1234567890"]])
})

test("a DGRAM hears from whom each datagram is, and sends where each message says", () => {
  const { link, end, carrier } = open("DGRAM")
  link.received(Buffer.from("any"), { host: "::1", port: 5 })
  assert.deepEqual(end.got, [["[::1]:5\0", "any"]])
  end.outbox.push([Buffer.from("[::1]:5\0"), Buffer.from("back")])
  link.wake()
  assert.equal(carrier.sent[0]?.bytes, "back")
  assert.deepEqual(carrier.sent[0]?.to, { host: "::1", port: 5 })
})

test("so many are on their way at a time, and the rest waits in the pipe", () => {
  const { link, end, carrier, counters } = open("RADIO")
  for (let count = 0; count < 100; count++) {
    end.outbox.push([Buffer.from("g"), Buffer.from(String(count))])
    link.wake()
  }
  assert.equal(carrier.sent.length, 64)
  assert.equal(end.outbox.length, 36)
  assert.equal(link.idle, false)
  assert.equal(link.busy, true)
  for (let at = 0; at < 100; at++) carrier.sent[at]?.done(at === 5 ? new Error("no way") : null)
  assert.deepEqual(
    carrier.sent.map(({ bytes }) => bytes),
    Array.from({ length: 100 }, (_, at) => `\x01g${at}`),
  )
  assert.equal(counters.dropped, 1)
  assert.equal(counters.messagesOut, 100)
  assert.equal(end.flushes, 2)
  assert.equal(link.busy, false)
})

test("a message that would be too large a datagram is dropped, and counted", () => {
  const { link, end, carrier, counters } = open("RADIO")
  end.outbox.push([Buffer.from("g"), Buffer.alloc(LARGEST_DATAGRAM - 2)])
  end.outbox.push([Buffer.from("g"), Buffer.alloc(LARGEST_DATAGRAM - 1)])
  link.wake()
  assert.equal(carrier.sent.length, 1)
  assert.equal(counters.dropped, 1)
})

test("an end comes behind what was accepted; a destruction at once", async () => {
  const patient = open("RADIO")
  patient.end.outbox.push([Buffer.from("g"), Buffer.from("last")])
  patient.link.wake()
  patient.link.end()
  assert.equal(patient.carrier.closed, false)
  patient.carrier.sent[0]?.done(null)
  assert.equal(patient.carrier.closed, true)
  assert.deepEqual(patient.endings, [{ error: undefined, linked: true, retry: false }])
  await patient.link.closed
  const hasty = open("RADIO")
  hasty.end.outbox.push([Buffer.from("g"), Buffer.from("last")])
  hasty.link.wake()
  hasty.link.destroy()
  assert.equal(hasty.carrier.closed, true)
  hasty.carrier.sent[0]?.done(null)
  hasty.link.received(Buffer.from("\x01gx"), there)
  hasty.link.destroy()
  assert.equal(hasty.endings.length, 1)
  assert.deepEqual(hasty.end.got, [])
})

test("a socket that fails ends the link, which may be made again", () => {
  const { link, endings, carrier } = open("RADIO")
  link.failed(new Error("broken"))
  assert.equal(carrier.closed, true)
  assert.equal(endings[0]?.retry, true)
  assert.equal(endings[0]?.error?.message, "broken")
})
