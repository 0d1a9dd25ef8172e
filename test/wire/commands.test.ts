// Commands between messages (RFC 37, "Commands", "Connection Heartbeating", "The Publish-Subscribe Pattern").
import assert from "node:assert/strict"
import { eventually } from "../suites/deadline.js"
import { take, takesNothing } from "../suites/talk.js"
import { here, type Meeting, meet, onBoth, roles } from "./wire-stage.js"
import { COMMAND, command, frame, LONG, MORE, message, ping } from "./zmtp-bytes.js"

onBoth((scenario) => {
  for (const role of roles) {
    const contexts: [context: string, echo: string][] = [
      ["", ""],
      ["c", "c"],
      ["\0\xff0123456789abcd", "\0\xff0123456789abcd"],
      ["0123456789abcdefghij", "0123456789abcdef"],
    ]
    for (const [context, echo] of contexts) {
      scenario(`a PULL that ${role} echoes a context of ${context.length} bytes`, async (stage) => {
        const { mock } = await meet(stage, role, "Pull")
        await mock.shakeHands("PUSH")
        await mock.send(ping(0, context), ping(6000, context))
        for (let count = 0; count < 2; count++) {
          const pong = command("PONG", echo)
          assert.equal((await mock.take(pong.length)).toString("hex"), pong.toString("hex"))
        }
      })
    }

    const ignored: [what: string, bytes: Buffer][] = [
      ["a PONG that answers nothing", command("PONG", "context")],
      ["a command of a later version", command("FUTURE", "data")],
      ["a command without data", command("X")],
      ["a command of 300 bytes", command("X", "y".repeat(300))],
      ["a short command in a long frame", frame(COMMAND | LONG, "\x06FUTURE")],
      ["a command with the longest name", command("N".repeat(255), "data")],
      ["names that only begin like PING", Buffer.concat([command("PIN"), command("PINGS", "\0\0c")])],
      ["another READY", command("READY")],
    ]
    for (const [what, bytes] of ignored) {
      scenario(`a PULL that ${role} ignores ${what}`, async (stage) => {
        const { socket, mock } = await meet(stage, role, "Pull")
        await mock.shakeHands("PUSH")
        await mock.send(bytes, message("hello"), ping(0, "now"))
        assert.deepEqual(await take(socket), ["hello"])
        assert.deepEqual(await mock.takeCommand(), ["PONG", "now"], "nothing was answered before")
      })
    }

    scenario(`a PULL that ${role} takes commands between the frames of a message`, async (stage) => {
      const { socket, mock } = await meet(stage, role, "Pull")
      await mock.shakeHands("PUSH")
      const pieces = [
        frame(MORE, "a"),
        ping(0, "1"),
        frame(MORE, ""),
        command("FUTURE"),
        ping(0, "2"),
        frame(0, "c"),
      ]
      await mock.sendApart(pieces)
      assert.deepEqual(await take(socket), ["a", "", "c"])
      assert.deepEqual(await mock.takeCommand(), ["PONG", "1"])
      assert.deepEqual(await mock.takeCommand(), ["PONG", "2"])
    })
  }

  for (const [name, minor] of [
    ["Publisher", 0],
    ["Publisher", 1],
    ["XPublisher", 0],
    ["XPublisher", 1],
  ] as const) {
    for (const [form, subscribe, cancel] of [
      ["commands", command("SUBSCRIBE", "a"), command("CANCEL", "a")],
      ["messages", message("\x01a"), message("\0a")],
    ] as const) {
      scenario(`a ${name} obeys the ${form} of a subscriber of 3.${minor}`, async (stage) => {
        const { socket, mock } = await meet(stage, "binds", name)
        await mock.shakeHands("SUB", { minor })
        await mock.send(subscribe)
        await untilHeard(socket, mock, "a probe")
        await socket.send(["b", "not asked for"])
        await socket.send(["after", "all"])
        assert.deepEqual(await nextNot(mock, "a probe"), ["after", "all"])
        // Once the later subscription is heard of, the cancellation before it has been obeyed.
        await mock.send(cancel, command("SUBSCRIBE", "z"))
        await untilHeard(socket, mock, "z")
        await socket.send("a")
        await socket.send("z, and no a before it")
        assert.deepEqual(await nextNot(mock, "z"), ["z, and no a before it"])
      })
    }
  }

  scenario("an XPUB tells its user what was asked for, however it was asked", async (stage) => {
    const { socket, mock } = await meet(stage, "binds", "XPublisher")
    await mock.shakeHands("XSUB")
    await mock.send(command("SUBSCRIBE", "a"), message("\x01b"), command("CANCEL", "b"), message("\0a"))
    await mock.send(command("SUBSCRIBE"), message("\x02a message of its own"))
    const told: string[] = []
    while (told.length < 6) told.push(...(await take(socket)))
    assert.deepEqual(told, ["\x01a", "\x01b", "\0b", "\0a", "\x01", "\x02a message of its own"])
  })

  scenario(
    "two SUBSCRIBEs of one peer are undone by one CANCEL, as libzmq's subscribers send them",
    async (stage) => {
      const { socket, mock } = await meet(stage, "binds", "XPublisher")
      await mock.shakeHands("SUB")
      await mock.send(command("SUBSCRIBE", "a"), command("SUBSCRIBE", "a"), command("CANCEL", "a"))
      assert.deepEqual([await take(socket), await take(socket)], [["\x01a"], ["\0a"]])
      await takesNothing(socket, "the XPUB")
    },
  )

  for (const role of roles) {
    const versions: [major: number, minor: number, form: "messages" | "commands"][] = [
      [3, 0, "messages"],
      [3, 1, "commands"],
      [3, 2, "commands"],
      [4, 0, "commands"],
    ]
    for (const [major, minor, form] of versions) {
      scenario(`a SUB that ${role} subscribes by ${form} at ${major}.${minor}`, async (stage) => {
        const { socket, mock } = await meet(stage, role, "Subscriber")
        keepReceiving(socket)
        socket.subscribe("before")
        await mock.shakeHands("PUB", { major, minor })
        const says = (what: 1 | 0, topic: string): Buffer =>
          form === "commands"
            ? command(what ? "SUBSCRIBE" : "CANCEL", topic)
            : message(`${String.fromCharCode(what)}${topic}`)
        const expect = async (bytes: Buffer): Promise<void> => {
          assert.equal((await mock.take(bytes.length)).toString("latin1"), bytes.toString("latin1"))
        }
        await expect(says(1, "before"))
        socket.subscribe("after", "")
        await expect(says(1, "after"))
        await expect(says(1, ""))
        socket.unsubscribe("before")
        await expect(says(0, "before"))
        assert.equal(mock.received.length, 0)
      })
    }
  }

  scenario("a SUB subscribes anew, in the form that the publisher of the moment reads", async (stage) => {
    const { socket, mock, again } = await meet(stage, "connects", "Subscriber")
    keepReceiving(socket)
    socket.subscribe("topic")
    await mock.shakeHands("PUB", { minor: 0 })
    assert.deepEqual(await mock.takeMessage(), ["\x01topic"])
    mock.close()
    const next = await again()
    await next.shakeHands("PUB")
    assert.deepEqual(await next.takeCommand(), ["SUBSCRIBE", "topic"])
    next.close()
    const last = await again()
    await last.shakeHands("PUB", { minor: 0 })
    assert.deepEqual(await last.takeMessage(), ["\x01topic"])
  })
})

for (const role of roles) {
  here(`a PULL that ${role} ignores subscriptions`, async (stage) => {
    const { socket, mock } = await meet(stage, role, "Pull")
    await mock.shakeHands("PUSH")
    await mock.send(command("SUBSCRIBE", "a"), command("CANCEL", "a"), message("hello"))
    assert.deepEqual(await take(socket), ["hello"])
  })

  const refused: [what: string, bytes: Buffer][] = [
    ["an empty command", frame(COMMAND, "")],
    ["a command without a name", frame(COMMAND, "\0PING\0\0")],
    ["a command whose name is cut", frame(COMMAND, "\x09PING")],
    ["a PING without a time to live", command("PING", "\0")],
    ["a command with MORE", frame(COMMAND | MORE, "\x06FUTURE")],
  ]
  for (const [what, bytes] of refused) {
    here(`a PULL that ${role} ends the connection for ${what}`, async (stage) => {
      const { socket, mock, events } = await meet(stage, role, "Pull")
      await mock.shakeHands("PUSH")
      await mock.send(message("before"), bytes, message("after"))
      assert.deepEqual(await take(socket), ["before"])
      await events.next("disconnect")
      await mock.ended()
      await takesNothing(socket, "the PULL")
    })
  }
}

here("a burst of PINGs is answered by a few PONGs, and holds nothing up", async (stage) => {
  const { socket, mock } = await meet(stage, "binds", "Pull")
  await mock.shakeHands("PUSH")
  await mock.send(...Array.from({ length: 5000 }, () => ping(0)), message("behind"))
  assert.deepEqual(await take(socket), ["behind"])
  await mock.send(ping(0, "last"))
  let pongs = 0
  while ((await mock.takeCommand())[1] !== "last") pongs += 1
  assert.ok(pongs > 0 && pongs < 1000, `${pongs} PONGs`)
})

type Publisher = Meeting<"Publisher">["socket"] | Meeting<"XPublisher">["socket"]
type Mock = Meeting<"Publisher">["mock"]

/** libzmq's sockets see to new connections only while somebody uses them. */
function keepReceiving(socket: Meeting<"Subscriber">["socket"]): void {
  socket.receive().then(
    () => keepReceiving(socket),
    () => {},
  )
}

/** Publishes until the peer has got one message. */
async function untilHeard(socket: Publisher, mock: Mock, what: string): Promise<void> {
  await eventually(async () => {
    await socket.send(what)
    return mock.received.length > 0
  }, `${what} to be heard`)
  assert.deepEqual(await mock.takeMessage(), [what])
}

async function nextNot(mock: Mock, probe: string): Promise<string[]> {
  for (;;) {
    const frames = await mock.takeMessage()
    if (frames[0] !== probe) return frames
  }
}
