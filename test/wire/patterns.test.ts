// What the patterns put on the wire and take from it (RFC 28, 29, 30 and 31).
import assert from "node:assert/strict"
import { eventually } from "../suites/deadline.js"
import { hasCode, take, takesNothing } from "../suites/talk.js"
import { dial, EventLog, here, meet, onBoth, roles } from "./wire-stage.js"
import { command, greeting, message, ping, ready } from "./zmtp-bytes.js"

onBoth((scenario) => {
  for (const role of roles) {
    scenario(
      `a REQ that ${role} puts an empty frame before the request and takes it off the reply`,
      async (stage) => {
        const { socket, mock } = await meet(stage, role, "Request")
        await mock.shakeHands("REP")
        await socket.send(["question", ""])
        assert.deepEqual(await mock.takeMessage(), ["", "question", ""])
        await mock.send(message("", "answer", ""))
        assert.deepEqual(await take(socket), ["answer", ""])
        await socket.send("next")
        assert.deepEqual(await mock.takeMessage(), ["", "next"])
      },
    )

    scenario(`a REP that ${role} gives the envelope back as it came`, async (stage) => {
      const { socket, mock } = await meet(stage, role, "Reply")
      await mock.shakeHands("DEALER")
      await mock.send(message("hop 1", "\0hop 2", "", "question", "", "and more"))
      assert.deepEqual(await take(socket), ["question", "", "and more"])
      await socket.send(["answer", ""])
      assert.deepEqual(await mock.takeMessage(), ["hop 1", "\0hop 2", "", "answer", ""])
      await mock.send(message("", "plain"))
      assert.deepEqual(await take(socket), ["plain"])
      await socket.send("reply")
      assert.deepEqual(await mock.takeMessage(), ["", "reply"])
    })

    scenario(`a DEALER that ${role} adds and removes nothing`, async (stage) => {
      const { socket, mock } = await meet(stage, role, "Dealer")
      await mock.shakeHands("ROUTER")
      await socket.send(["", "body"])
      await socket.send("bare")
      assert.deepEqual([await mock.takeMessage(), await mock.takeMessage()], [["", "body"], ["bare"]])
      await mock.send(message("", "back"), message("bare"))
      assert.deepEqual([await take(socket), await take(socket)], [["", "back"], ["bare"]])
    })

    scenario(`a ROUTER that ${role} knows its peer by the Identity that it announced`, async (stage) => {
      const { socket, mock } = await meet(stage, role, "Router")
      await mock.shakeHands("DEALER", { identity: "me" })
      await mock.send(message("hello"), message("", "there"))
      assert.deepEqual(
        [await take(socket), await take(socket)],
        [
          ["me", "hello"],
          ["me", "", "there"],
        ],
      )
      await socket.send(["nobody", "lost"])
      await socket.send(["me", "", "back"])
      assert.deepEqual(await mock.takeMessage(), ["", "back"])
    })

    scenario(`a ROUTER that ${role} gives a peer without an Identity a name of its own`, async (stage) => {
      const { socket, mock } = await meet(stage, role, "Router")
      await mock.shakeHands("REQ")
      await mock.send(message("", "who am I"))
      const [given = "", ...body] = await take(socket)
      assert.equal(given[0], "\0", "RFC 28: what the implementation gives begins with a zero")
      assert.equal(given.length, 5)
      assert.deepEqual(body, ["", "who am I"])
      await socket.send([Buffer.from(given, "latin1"), "", "you"])
      assert.deepEqual(await mock.takeMessage(), ["", "you"])
    })
  }

  scenario("a ROUTER ignores a second peer of the same Identity while the first is there", async (stage) => {
    const { socket, mock, again } = await meet(stage, "binds", "Router")
    await mock.shakeHands("DEALER", { identity: "twin" })
    await mock.send(message("first"))
    assert.deepEqual(await take(socket), ["twin", "first"])
    const second = await again()
    await second.shakeHands("DEALER", { identity: "twin" })
    await second.send(message("second"), ping(0, "taken"))
    assert.deepEqual(await second.takeCommand(), ["PONG", "taken"])
    await mock.send(message("first again"))
    assert.deepEqual(await take(socket), ["twin", "first again"])
    await takesNothing(socket, "the ROUTER")
    await socket.send(["twin", "for the first"])
    assert.deepEqual(await mock.takeMessage(), ["for the first"])
    assert.equal(second.received.length, 0)
  })

  scenario("a PUSH gives its peers their turns, and a PULL sends nothing", async (stage) => {
    const push = stage.open("Push")
    const address = await stage.bind(push)
    const peers = [await dial(stage, address), await dial(stage, address)]
    const events = new EventLog(push)
    for (const peer of peers) {
      await peer.shakeHands("PULL")
      await events.next("handshake")
    }
    for (let count = 0; count < 40; count++) await push.send("x")
    // The first turns depend on who came first; everybody has some of them.
    const received = (): number[] => peers.map((peer) => peer.received.length)
    await eventually(async () => received().every((bytes) => bytes > 0), "both to get something")
    await eventually(async () => received().reduce((sum, bytes) => sum + bytes) === 40 * 3, "all to come")
    const { socket: pull, mock } = await meet(stage, "binds", "Pull")
    await mock.shakeHands("PUSH")
    await mock.send(message("1"), message("2"))
    assert.deepEqual([await take(pull), await take(pull)], [["1"], ["2"]])
    assert.equal(mock.received.length, 0)
  })

  scenario(
    "a PUB sends what begins with a topic, once, and nothing to who asked for nothing",
    async (stage) => {
      const { socket, mock, again } = await meet(stage, "binds", "Publisher")
      await mock.shakeHands("SUB")
      const deaf = await again()
      await deaf.shakeHands("SUB")
      await mock.send(command("SUBSCRIBE", "a"), command("SUBSCRIBE", "ab"), command("SUBSCRIBE", "z"))
      await eventually(async () => {
        await socket.send("z")
        return mock.received.length > 0
      }, "the subscriptions to be obeyed")
      for (const topic of ["b", "abc", "a", "", "xa", "z"]) await socket.send([topic, "body"])
      const heard: string[] = []
      while (heard.at(-1) !== "z/body") {
        const frames = await mock.takeMessage()
        if (frames.length > 1) heard.push(frames.join("/"))
      }
      assert.deepEqual(heard, ["abc/body", "a/body", "z/body"])
      await deaf.send(ping(0, "quiet"))
      assert.deepEqual(await deaf.takeCommand(), ["PONG", "quiet"])
    },
  )

  scenario(
    "a SUB filters by itself too, and takes from a publisher nothing that it did not ask for",
    async (stage) => {
      const { socket, mock } = await meet(stage, "binds", "Subscriber")
      socket.subscribe("a")
      await mock.shakeHands("PUB")
      await mock.send(message("b"), message("ab", "body"), message(""), message("a"))
      assert.deepEqual([await take(socket), await take(socket)], [["ab", "body"], ["a"]])
      await takesNothing(socket, "the SUB")
    },
  )

  for (const role of roles) {
    scenario(`a PAIR that ${role} passes messages both ways as they are`, async (stage) => {
      const { socket, mock } = await meet(stage, role, "Pair")
      await mock.shakeHands("PAIR")
      await mock.send(message("", "a"))
      assert.deepEqual(await take(socket), ["", "a"])
      await socket.send(["b", ""])
      assert.deepEqual(await mock.takeMessage(), ["b", ""])
    })
  }

  scenario("a SUB asks a peer that it found again for what it wants by then", async (stage) => {
    const { socket, mock, events, again } = await meet(stage, "connects", "Subscriber")
    await mock.shakeHands("XPUB")
    mock.stopReading()
    // More than the kernel takes from a peer that does not read.
    const topics = Array.from({ length: 150 }, (_, number) => `${"x".repeat(100_000)}${number}`)
    socket.subscribe(...topics)
    mock.reset()
    await events.next("disconnect")
    socket.unsubscribe(...topics)
    socket.subscribe("fresh")
    // libzmq tells the peer when somebody is there to receive.
    const heard = take(socket)
    const next = await again()
    await next.shakeHands("XPUB")
    assert.deepEqual(await next.takeCommand(), ["SUBSCRIBE", "fresh"])
    await next.send(message("fresh"))
    assert.deepEqual(await heard, ["fresh"])
  })

  scenario("a PAIR hears nothing from a second peer, and the first notices nothing", async (stage) => {
    const { socket, mock, events, again } = await meet(stage, "binds", "Pair")
    await mock.shakeHands("PAIR")
    await mock.send(message("first"))
    assert.deepEqual(await take(socket), ["first"])
    const second = await again()
    await second.send(greeting(), ready("PAIR"))
    await events.next("handshake")
    await events.next("handshake")
    void second.send(message("second"))
    await mock.send(message("first again"))
    assert.deepEqual(await take(socket), ["first again"])
    await takesNothing(socket, "the PAIR")
    await socket.send("for the first")
    assert.deepEqual(await mock.takeMessage(), ["for the first"])
  })
})

here("a REQ takes a reply from whom it asked, with a delimiter, and nothing else", async (stage) => {
  const { socket, mock, again } = await meet(stage, "binds", "Request")
  const other = await again()
  await mock.shakeHands("ROUTER")
  await other.shakeHands("ROUTER")
  await socket.send("question")
  await eventually(async () => mock.received.length + other.received.length > 0, "the request")
  const [asked, bystander] = mock.received.length > 0 ? [mock, other] : [other, mock]
  await bystander.send(message("", "me too"), ping(0, "sent"))
  assert.deepEqual(await bystander.takeCommand(), ["PONG", "sent"])
  await asked.send(
    message("no delimiter"),
    message("none", "here either"),
    message("", "answer"),
    message("", "twice"),
  )
  assert.deepEqual(await take(socket), ["answer"])
  await assert.rejects(
    async () => await socket.receive(),
    (error) => hasCode(error, "EFSM"),
  )
})

here("a PAIR hangs up on a second peer", async (stage) => {
  const { mock, again } = await meet(stage, "binds", "Pair")
  await mock.shakeHands("PAIR")
  const second = await again()
  await second.send(greeting(), ready("PAIR"))
  await second.ended()
  assert.ok(mock.isOpen)
})

for (const role of roles) {
  // zeromq.js lets the pending receive fail with EAGAIN when it wakes up for the first of these.
  here(`a REP that ${role} drops what has no envelope`, async (stage) => {
    const { socket, mock } = await meet(stage, role, "Reply")
    await mock.shakeHands("DEALER")
    await mock.send(message("no delimiter"), message("none", "here either"))
    await mock.send(message("hop", "", "question"))
    assert.deepEqual(await take(socket), ["question"])
    await socket.send("answer")
    assert.deepEqual(await mock.takeMessage(), ["hop", "", "answer"])
  })
}
