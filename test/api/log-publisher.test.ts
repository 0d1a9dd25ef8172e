import assert from "node:assert/strict"
import { Readable } from "node:stream"
import { test } from "node:test"
import * as zmq from "puremq"
import { within } from "../suites/deadline.js"

let names = 0

/** A publisher, and a subscriber that it knows of. */
async function audience(topic = ""): Promise<[zmq.XPublisher, zmq.Subscriber]> {
  const [publisher, subscriber] = [new zmq.XPublisher({ linger: 0 }), new zmq.Subscriber()]
  const address = `inproc://log-${++names}`
  publisher.bindSync(address)
  subscriber.subscribe(topic)
  subscriber.connect(address)
  await publisher.receive()
  return [publisher, subscriber]
}

async function heard(subscriber: zmq.Subscriber, count: number): Promise<string[]> {
  const told: string[] = []
  while (told.length < count) told.push((await subscriber.receive()).map(String).join(" "))
  return told
}

test("entries have the topic name.LEVEL, and of a child a subtopic behind it", async () => {
  const [publisher, subscriber] = await audience()
  const log = new zmq.LogPublisher(publisher, { name: "shop" })
  assert.equal(log.debug("one"), true)
  log.info("two")
  log.warning("three")
  log.error("four")
  log.critical("five")
  log.log("TRACE", "six", "door")
  log.child("till").child("paper").error("seven")
  new zmq.LogPublisher(publisher).info("eight")
  assert.deepEqual(await heard(subscriber, 8), [
    "shop.DEBUG one",
    "shop.INFO two",
    "shop.WARNING three",
    "shop.ERROR four",
    "shop.CRITICAL five",
    "shop.TRACE.door six",
    "shop.ERROR.till.paper seven",
    "INFO eight",
  ])
  publisher.close()
  subscriber.close()
})

test("a subscriber hears of one level alone", async () => {
  const [publisher, subscriber] = await audience("shop.ERROR")
  const log = new zmq.LogPublisher(publisher, { name: "shop" })
  log.info("open")
  log.error("out of paper")
  assert.deepEqual(await heard(subscriber, 1), ["shop.ERROR out of paper"])
  publisher.close()
  subscriber.close()
})

test("format words the entries, and one that fails is dropped", async () => {
  const [publisher, subscriber] = await audience()
  const format = ({ level, subtopic, text }: zmq.LogEntry): string => {
    if (text === "bad") throw new Error("of format")
    return `${level}/${subtopic}/${text}`
  }
  const log = new zmq.LogPublisher(publisher, { name: "shop", format }).child("till")
  assert.equal(log.info("bad"), false)
  log.info("good")
  assert.deepEqual(await heard(subscriber, 1), ["shop.INFO.till INFO/till/good"])
  subscriber.close()
  publisher.close()
  assert.equal(log.info("after the end"), false)
})

test("lines publishes each line of a stream, however it is cut", async () => {
  const [publisher, subscriber] = await audience()
  const log = new zmq.LogPublisher(publisher, { name: "shop" })
  const text = Buffer.from("first\nsécond\r\n\nlast")
  const chunks = Array.from(text, (_, at) => text.subarray(at, at + 1))
  await Readable.toWeb(Readable.from(chunks)).pipeTo(log.lines("WARNING"))
  const writer = log.lines("INFO").getWriter()
  await writer.write("as text\nand more\n")
  await writer.close()
  const progress = log.lines("INFO").getWriter()
  await progress.write("1 %\r2 %\r\nall but the e")
  await progress.write("nd\r")
  await progress.close()
  assert.deepEqual(await heard(subscriber, 8), [
    "shop.WARNING first",
    "shop.WARNING sécond",
    "shop.WARNING ",
    "shop.WARNING last",
    "shop.INFO as text",
    "shop.INFO and more",
    "shop.INFO 1 %\r2 %",
    "shop.INFO all but the end\r",
  ])
  publisher.close()
  subscriber.close()
})

test("lines takes a line without an end for what it is, at the pace at which it comes", async () => {
  const [publisher, subscriber] = await audience()
  const writer = new zmq.LogPublisher(publisher).lines("INFO").getWriter()
  const [chunk, chunks] = ["x".repeat(1000), 30_000]
  const written = (async () => {
    for (let at = 0; at < chunks; at++) await writer.write(chunk)
    await writer.write("\r\n")
  })()
  await within(written, "the line to be taken")
  const [, line] = await subscriber.receive()
  assert.equal(line?.length, chunk.length * chunks)
  await writer.close()
  publisher.close()
  subscriber.close()
})

test("what does not send is no publisher", () => {
  using pull = new zmq.Pull()
  // @ts-expect-error
  assert.throws(() => new zmq.LogPublisher(pull), TypeError)
})
