// Commands with sockets of libzmq at the other end.
import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { findPython, unlessMissing } from "../interop/peer.js"
import { type Remote, startPython } from "../interop/remote.js"
import { ANY, cli } from "./command-line.js"

const python = findPython()

describe("pyzmq", unlessMissing(typeof python === "string" ? python : undefined), () => {
  let remote: Remote
  before(() => {
    remote = startPython(python as Exclude<typeof python, string>)
  })
  after(() => remote[Symbol.asyncDispose]())

  const texts = (frames: Buffer[]): string[] => frames.map(String)

  test("push to its PULL", async () => {
    const pull = await remote.open("PULL")
    await using push = cli(`push ${await pull.bind()} -F , -m`, "a,b", "-m", "c")
    assert.deepEqual(texts(await pull.receive()), ["a", "b"])
    assert.deepEqual(texts(await pull.receive()), ["c"])
    await push.success()
  })

  test("pull from its PUSH", async () => {
    const push = await remote.open("PUSH")
    await using pull = cli(`pull ${await push.bind()} -n 2 --hex`)
    await push.send([Buffer.from([0, 255]), ""])
    await push.send(["x"])
    assert.equal(await pull.success(), "00ff -\n78\n")
  })

  test("pub to its SUB, sub from its PUB", async () => {
    const sub = await remote.open("SUB")
    await sub.subscribe("a")
    await using pub = cli(`pub ${await sub.bind()} --wait 1 -t a -m 1`)
    assert.deepEqual(texts(await sub.receive()), ["a", "1"])
    await pub.success()
    const publisher = await remote.open("XPUB")
    await using subscriber = cli(`sub ${await publisher.bind()} -t n -n 1`)
    assert.deepEqual(texts(await publisher.receive()), ["\x01n"])
    await publisher.send(["news", "a goal"])
    assert.equal(await subscriber.success(), "news\ta goal\n")
  })

  test("req to its REP, rep to its REQ", async () => {
    const rep = await remote.open("REP")
    await using req = cli(`req ${await rep.bind()} -m question`)
    assert.deepEqual(texts(await rep.receive()), ["question"])
    await rep.send(["answer"])
    assert.equal(await req.success(), "answer\n")
    await using own = cli(`rep -b ${ANY} -v --exec`, "tr a-z A-Z")
    const asking = await remote.open("REQ")
    await asking.connect(await own.endpoint())
    await asking.send(["shout"])
    assert.deepEqual(texts(await asking.receive()), ["SHOUT"])
  })

  test("dealer to its ROUTER, router to its DEALER, pair to its PAIR", async () => {
    const router = await remote.open("ROUTER")
    await using dealer = cli(`dealer ${await router.bind()} --routing-id me -n 1 -m hello`)
    assert.deepEqual(texts(await router.receive()), ["me", "hello"])
    await router.send(["me", "hi"])
    assert.equal(await dealer.success(), "hi\n")
    await using own = cli(`router -b ${ANY} -v --to you --wait 1 -n 1 -m hello`)
    const asking = await remote.open("DEALER")
    await asking.setName("you")
    await asking.connect(await own.endpoint())
    assert.deepEqual(texts(await asking.receive()), ["hello"])
    await asking.send(["hi"])
    assert.equal(await own.success(), "you\thi\n")
    const pair = await remote.open("PAIR")
    await using other = cli(`pair ${await pair.bind()} -n 1 -m ping`)
    assert.deepEqual(texts(await pair.receive()), ["ping"])
    await pair.send(["pong"])
    assert.equal(await other.success(), "pong\n")
  })

  for (const type of [
    "PUB",
    "SUB",
    "PUSH",
    "PULL",
    "REQ",
    "REP",
    "DEALER",
    "ROUTER",
    "PAIR",
    "XPUB",
    "XSUB",
  ]) {
    test(`ping tells that it is a ${type}`, async () => {
      const socket = await remote.open(type)
      const endpoint = await socket.bind()
      await using ping = cli(`ping ${endpoint} --json`)
      const { milliseconds, address, ...rest } = JSON.parse(await ping.success())
      assert.ok(milliseconds > 0 && milliseconds < 5000)
      assert.equal(`tcp://${address}`, endpoint)
      assert.deepEqual(
        { ...rest, properties: undefined },
        { endpoint, version: "3.1", mechanism: "NULL", socketType: type, properties: undefined },
      )
    })
  }

  test("ping takes no message of a PUSH, and no place of a PAIR", async () => {
    const push = await remote.open("PUSH")
    const endpoint = await push.bind()
    await using ping = cli(`ping ${endpoint} -n 3 --interval 1ms`)
    assert.equal((await ping.success()).split("\n").length, 4)
    await using pull = cli(`pull ${endpoint} -n 1`)
    await push.send(["for the puller"])
    assert.equal(await pull.success(), "for the puller\n")
    const pair = await remote.open("PAIR")
    const place = await pair.bind()
    await using pinged = cli(`ping ${place}`)
    await pinged.success()
    await using other = cli(`pair ${place} -m hello --no-receive`)
    assert.deepEqual(texts(await pair.receive()), ["hello"])
    await other.success()
  })

  test("xpub hears its SUB, xsub asks its XPUB", async () => {
    await using xpub = cli(`xpub -b ${ANY} -v --wait 1 -m a.message`)
    const sub = await remote.open("SUB")
    await sub.subscribe("a")
    await sub.connect(await xpub.endpoint())
    assert.deepEqual(texts(await sub.receive()), ["a.message"])
    const publisher = await remote.open("XPUB")
    await using xsub = cli(`xsub ${await publisher.bind()} -t b -n 1`)
    assert.deepEqual(texts(await publisher.receive()), ["\x01b"])
    await publisher.send(["b.message"])
    assert.equal(await xsub.success(), "b.message\n")
  })

  test("stream talks with its STREAM", async () => {
    const server = await remote.open("STREAM")
    await using stream = cli(`stream ${await server.bind()} -m hello -n 1`)
    const [id, greeting] = await server.receive()
    assert.equal(greeting?.length, 0)
    assert.deepEqual(texts(await server.receive()).slice(1), ["hello"])
    await server.send([id as Buffer, "hi"])
    assert.equal(await stream.success(), "hi")
  })

  test("monitor tells of its ROUTER, top counts what its PUB has", async () => {
    const router = await remote.open("ROUTER")
    await using monitor = cli(`monitor ${await router.bind()} --json -n 3`)
    const events = (await monitor.success()).trim().split("\n")
    const { type, peerSocketType } = JSON.parse(events[2] as string)
    assert.deepEqual([type, peerSocketType], ["handshake", "ROUTER"])
    const publisher = await remote.open("XPUB")
    const endpoint = await publisher.bind()
    await using top = cli(`top ${endpoint} --json`)
    assert.deepEqual(texts(await publisher.receive()), ["\x01"])
    await publisher.send(["news"])
    await top.said(/"messages":1\b/)
    top.signal("SIGTERM")
    assert.equal((await top.ended()).code, 143)
  })

  test("a streamer and a queue stand between its sockets", async () => {
    await using streamer = cli(`proxy streamer ${ANY} ${ANY} -v`)
    await streamer.complained(/bind .*\n(.*\n)*bind .*\n/)
    const [front, back] = [...streamer.complaints.matchAll(/^bind (\S+)/gm)].map(
      (match) => match[1] as string,
    )
    const push = await remote.open("PUSH")
    const pull = await remote.open("PULL")
    await push.connect(front as string)
    await pull.connect(back as string)
    await push.send(["through", "the proxy"])
    assert.deepEqual(texts(await pull.receive()), ["through", "the proxy"])
  })
})
