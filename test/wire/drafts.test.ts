// The draft types byte for byte: groups, JOIN and LEAVE, messages of one frame, and peers that keep to none of it.
import assert from "node:assert/strict"
import { eventually, within } from "../suites/deadline.js"
import { asReceiver, type DraftName, type DraftSocket, openDraft } from "../suites/draft-library.js"
import { hearGroup } from "../suites/draft-radio-dish.js"
import type { Stage } from "../suites/stage.js"
import { takeFrames, takesNothing } from "../suites/talk.js"
import { MockPeer, MockServer } from "./mock-peer.js"
import { here, onBoth, type Role, roles } from "./wire-stage.js"
import { command, frame, greeting, MORE, message } from "./zmtp-bytes.js"

const partners: Record<Exclude<DraftName, "Datagram">, readonly [own: string, peer: string]> = {
  Server: ["SERVER", "CLIENT"],
  Client: ["CLIENT", "SERVER"],
  Radio: ["RADIO", "DISH"],
  Dish: ["DISH", "RADIO"],
  Gather: ["GATHER", "SCATTER"],
  Scatter: ["SCATTER", "GATHER"],
  Peer: ["PEER", "PEER"],
  Channel: ["CHANNEL", "CHANNEL"],
}
type TalkingName = keyof typeof partners
const names = Object.keys(partners) as TalkingName[]

interface Meeting<Name extends DraftName> {
  readonly socket: DraftSocket<Name>
  readonly mock: MockPeer
  again(): Promise<MockPeer>
}

/** A draft socket that a mock peer has a connection with; nobody has said a byte yet. */
async function meetDraft<Name extends TalkingName>(
  stage: Stage,
  role: Role,
  name: Name,
  prepare: (socket: DraftSocket<Name>) => void = () => {},
): Promise<Meeting<Name>> {
  const socket = openDraft(stage, name, { reconnectInterval: 1 } as object)
  prepare(socket)
  let again: () => Promise<MockPeer>
  if (role === "binds") {
    const address = await stage.bind(socket)
    again = async () => stage.keep(await MockPeer.dial(address))
  } else {
    const server = stage.keep(await MockServer.listen())
    socket.connect(server.address)
    again = () => server.accept()
  }
  return { socket, again, mock: await again() }
}

/** Sends to a group until the mock has the message: then what it said before has been heard. */
async function answered(radio: DraftSocket<"Radio">, mock: MockPeer, group: string): Promise<void> {
  await eventually(async () => {
    await radio.send("probe", { group })
    return mock.received.length > 0
  }, `the group ${group} to be joined`)
  await radio.send("end", { group })
  while ((await mock.takeMessage())[1] !== "end");
}

onBoth((scenario) => {
  for (const role of roles) {
    scenario(`a DISH that ${role} says what it joins and leaves by commands`, async (stage) => {
      const { socket, mock } = await meetDraft(stage, role, "Dish", (dish) => dish.join("early"))
      // libzmq says nothing as long as nobody listens.
      const first = hearGroup(socket)
      await mock.shakeHands("RADIO")
      assert.deepEqual(await mock.takeCommand(), ["JOIN", "early"])
      socket.join("late")
      assert.deepEqual(await mock.takeCommand(), ["JOIN", "late"])
      socket.leave("late")
      assert.deepEqual(await mock.takeCommand(), ["LEAVE", "late"])
      const long = "g".repeat(255)
      socket.join(long)
      assert.deepEqual(await mock.takeCommand(), ["JOIN", long])
      await mock.send(message("early", "one"), message("other", "two"), message("early", ""))
      assert.deepEqual(await first, ["one", "early"])
      assert.deepEqual(await hearGroup(socket), ["", "early"])
      await takesNothing(asReceiver(socket), "a DISH that has had all of its groups")
    })

    scenario(`a RADIO that ${role} sends a frame for the group and one for the body`, async (stage) => {
      const { socket, mock } = await meetDraft(stage, role, "Radio")
      await mock.shakeHands("DISH")
      await mock.send(command("JOIN", "g"), command("JOIN", ""))
      await answered(socket, mock, "g")
      await socket.send("body", { group: "g" })
      await socket.send("other", { group: "h" })
      await socket.send("", { group: "" })
      const expected = Buffer.concat([frame(MORE, "g"), frame(0, "body"), frame(MORE, ""), frame(0, "")])
      assert.equal((await mock.take(expected.length)).toString("hex"), expected.toString("hex"))
    })
  }

  scenario("who joined twice has to leave twice", async (stage) => {
    const { socket, mock } = await meetDraft(stage, "binds", "Radio")
    await mock.shakeHands("DISH")
    await mock.send(
      command("JOIN", "g"),
      command("JOIN", "g"),
      command("LEAVE", "never"),
      command("JOIN", "end"),
    )
    await answered(socket, mock, "end")
    await socket.send("once", { group: "g" })
    assert.deepEqual(await mock.takeMessage(), ["g", "once"])
    await mock.send(command("LEAVE", "g"), command("LEAVE", "end"), command("JOIN", "second"))
    await answered(socket, mock, "second")
    await socket.send("still", { group: "g" })
    assert.deepEqual(await mock.takeMessage(), ["g", "still"])
    await mock.send(command("LEAVE", "g"), command("JOIN", "third"))
    await answered(socket, mock, "third")
    await socket.send("no more", { group: "g" })
    await socket.send("but this", { group: "third" })
    assert.deepEqual(await mock.takeMessage(), ["third", "but this"])
  })

  for (const [what, bytes] of [
    ["one frame", message("g")],
    ["three frames", message("g", "a", "b")],
  ] as const) {
    scenario(`a DISH ends the connection to a peer whose message has ${what}`, async (stage) => {
      const { socket, mock } = await meetDraft(stage, "binds", "Dish", (dish) => dish.join("g"))
      const first = hearGroup(socket)
      await mock.shakeHands("RADIO")
      await mock.takeCommand()
      await mock.send(message("g", "good"))
      assert.deepEqual(await first, ["good", "g"])
      await mock.send(bytes, message("g", "late"))
      await mock.ended()
      await takesNothing(asReceiver(socket), "a DISH whose peer was sent away")
    })
  }

  for (const name of ["Server", "Client", "Gather", "Channel", "Peer"] as const) {
    scenario(`${name} drops messages of several frames, and goes on`, async (stage) => {
      const { socket, mock } = await meetDraft(stage, "binds", name)
      await mock.shakeHands(partners[name][1])
      await mock.send(
        message("a", "b"),
        message("one"),
        message("c", "", "d"),
        message("", ""),
        message("two"),
      )
      for (const expected of ["one", "two"]) {
        const [body] = await takeFrames(asReceiver(socket))
        assert.equal(body?.toString(), expected)
      }
      assert.equal(mock.isOpen, true)
      await takesNothing(asReceiver(socket), `a ${name} that has had all`)
    })
  }

  for (const name of names) {
    scenario(`${name} says what it is, and talks to none but its partner`, async (stage) => {
      const [own, peer] = partners[name]
      const { mock, again } = await meetDraft(stage, "binds", name)
      await mock.send(greeting(), command("READY", `\x0bSocket-Type\0\0\0\x04PULL`))
      await mock.ended()
      const other = await again()
      await other.send(greeting())
      await other.take(64)
      const [ready, properties] = await other.takeCommand()
      assert.equal(ready, "READY")
      assert.ok(properties.startsWith(`\x0bSocket-Type\0\0\0${String.fromCharCode(own.length)}${own}`))
      const third = await again()
      await third.shakeHands(peer)
      assert.equal(third.isOpen, true)
    })
  }
})

for (const [what, bytes] of [
  ["a group of 256 bytes", command("JOIN", "g".repeat(256))],
  ["to leave a group of 256 bytes", command("LEAVE", "g".repeat(256))],
  ["a message", message("hello")],
  ["a message of two frames", message("\x01g", "x")],
  ["an empty message", message("")],
] as const) {
  // libzmq aborts the process.
  here(`a RADIO ends the connection to a peer that sends ${what}, and no other`, async (stage) => {
    const { socket, mock, again } = await meetDraft(stage, "binds", "Radio")
    await mock.shakeHands("DISH")
    await mock.send(command("JOIN", "g"))
    await answered(socket, mock, "g")
    const other = await again()
    await other.shakeHands("DISH")
    await other.send(command("JOIN", "g"))
    await answered(socket, other, "g")
    await mock.send(bytes, command("JOIN", "late"))
    // What was sent before is in front of the end.
    while (mock.received.length > 0) await mock.takeMessage()
    await mock.ended()
    await socket.send("to who is left", { group: "g" })
    assert.deepEqual(await other.takeMessage(), ["g", "to who is left"])
  })
}

here("a DISH ends the connection to a peer whose group has 256 bytes", async (stage) => {
  const { mock } = await meetDraft(stage, "binds", "Dish")
  await mock.shakeHands("RADIO")
  await mock.send(message("g".repeat(256), "x"))
  await mock.ended()
})

here("JOIN and LEAVE mean nothing to other types", async (stage) => {
  const { socket, mock } = await meetDraft(stage, "binds", "Gather")
  await mock.shakeHands("SCATTER")
  await mock.send(command("JOIN", "g"), command("LEAVE", "g"), message("hello"))
  assert.equal((await within(socket.receive(), "a message"))[0].toString(), "hello")
  await takesNothing(asReceiver(socket), "a GATHER")
})

here(
  "a RADIO keeps nothing of a flood of groups that were joined and left, or joined anew",
  async (stage) => {
    const { socket, mock } = await meetDraft(stage, "binds", "Radio")
    await mock.shakeHands("DISH")
    const floods = Array.from({ length: 20_000 }, (_, at) => [
      command("JOIN", `group ${at}`),
      command("JOIN", "same"),
      command("LEAVE", `group ${at}`),
    ])
    await mock.send(...floods.flat(), command("JOIN", "end"))
    await answered(socket, mock, "end")
    await socket.send("once", { group: "same" })
    await socket.send("gone", { group: "group 7" })
    await socket.send("last", { group: "end" })
    assert.deepEqual(await mock.takeMessage(), ["same", "once"])
    assert.deepEqual(await mock.takeMessage(), ["end", "last"])
  },
)

for (const [option, limit] of [
  ["maxSubscriptions", 3],
  ["maxTopicsSize", 6],
] as const) {
  here(`a RADIO ends the connection to a peer in more groups than ${option} allows`, async (stage) => {
    const { socket, mock, again } = await meetDraft(stage, "binds", "Radio", (radio) => {
      radio[option] = limit
    })
    const gone = stage.event(socket, "disconnect")
    await mock.shakeHands("DISH")
    await mock.send(...["aa", "bb", "cc", "aa", "cc"].map((name) => command("JOIN", name)))
    await answered(socket, mock, "cc")
    await mock.send(command("LEAVE", "bb"), command("JOIN", "dd"))
    await answered(socket, mock, "dd")
    const other = await again()
    await other.shakeHands("DISH")
    await other.send(command("JOIN", "ee"))
    await answered(socket, other, "ee")
    await mock.send(command("JOIN", "ee"))
    assert.equal((await gone).reason?.code, "ENOBUFS")
    await mock.ended()
    await socket.send("to who is left", { group: "ee" })
    assert.deepEqual(await other.takeMessage(), ["ee", "to who is left"])
  })
}

here("peers older than ZMTP 3 are refused: they have no such types", async (stage) => {
  for (const name of names) {
    const { mock, again } = await meetDraft(stage, "binds", name)
    await mock.send(Buffer.from("ff00000000000000017f0107", "hex"), frame(0, ""))
    await mock.ended()
    const older = await again()
    await older.send(Buffer.from("0100", "hex"))
    await older.ended()
  }
})
