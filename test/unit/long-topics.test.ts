// Topics are as long as a peer likes: longer than a call can have arguments, too.
import assert from "node:assert/strict"
import { test } from "node:test"
import * as zmq from "puremq"

const topic = Buffer.alloc(500_000, "t")

test("a subscriber with a long topic comes, hears, and goes without harm to the publisher", async () => {
  const publisher = new zmq.XPublisher()
  const subscriber = new zmq.Subscriber()
  try {
    await publisher.bind("tcp://127.0.0.1:*")
    subscriber.subscribe(topic)
    subscriber.connect(publisher.lastEndpoint as string)
    assert.deepEqual(await publisher.receive(), [Buffer.concat([Buffer.from([1]), topic])])
    await publisher.send([topic, "body"])
    assert.deepEqual(await subscriber.receive(), [topic, Buffer.from("body")])
    subscriber.close()
    assert.deepEqual(await publisher.receive(), [Buffer.concat([Buffer.from([0]), topic])])
  } finally {
    subscriber.close()
    publisher.close()
  }
})
