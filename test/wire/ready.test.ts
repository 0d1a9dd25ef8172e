// The NULL handshake (RFC 37, "The NULL Security Mechanism" and "Connection Metadata").
import assert from "node:assert/strict"
import type { SocketName } from "../suites/library.js"
import { take } from "../suites/talk.js"
import { codeOf, dial, EventLog, here, meet, onBoth, roles } from "./wire-stage.js"
import { COMMAND, command, error, frame, greeting, LONG, message, properties, ready } from "./zmtp-bytes.js"

/** Socket types by their class, with the peers that RFC 37 lets them have. */
const types: [name: SocketName, type: string, peers: string[]][] = [
  ["Request", "REQ", ["REP", "ROUTER"]],
  ["Reply", "REP", ["REQ", "DEALER"]],
  ["Dealer", "DEALER", ["REP", "DEALER", "ROUTER"]],
  ["Router", "ROUTER", ["REQ", "DEALER", "ROUTER"]],
  ["Publisher", "PUB", ["SUB", "XSUB"]],
  ["XPublisher", "XPUB", ["SUB", "XSUB"]],
  ["Subscriber", "SUB", ["PUB", "XPUB"]],
  ["XSubscriber", "XSUB", ["PUB", "XPUB"]],
  ["Push", "PUSH", ["PULL"]],
  ["Pull", "PULL", ["PUSH"]],
  ["Pair", "PAIR", ["PAIR"]],
]
const identified = ["REQ", "DEALER", "ROUTER"]

onBoth((scenario) => {
  for (const [name, type, peers] of types) {
    scenario(`${type} announces itself to the byte`, async (stage) => {
      const { mock } = await meet(stage, "binds", name)
      await mock.send(greeting())
      await mock.take(64)
      const expected = identified.includes(type) ? ready(type, ["Identity", ""]) : ready(type)
      assert.equal((await mock.take(expected.length)).toString("hex"), expected.toString("hex"))
    })

    scenario(`${type} talks to the types that RFC 37 lists, and to no other`, async (stage) => {
      const address = await stage.bind(stage.open(name))
      const others = types.map(([, other]) => other).concat("STREAM", "push", "PUSHX", "")
      for (const peer of others) {
        const mock = await dial(stage, address)
        await mock.send(greeting())
        await mock.take(64)
        await mock.takeCommand()
        // The PONG tells that the handshake is over, the end of the connection that it never will be.
        await mock.send(ready(peer))
        await mock.send(command("PING", "\0\0answer"))
        if (peers.includes(peer)) assert.deepEqual(await takePong(mock), "answer", `${type} and ${peer}`)
        else await mock.ended()
        mock.close()
      }
    })
  }

  for (const [name, type] of types.filter(([, own]) => identified.includes(own))) {
    scenario(`${type} announces its routing id`, async (stage) => {
      const routingId = "\xff routing id"
      const socket = stage.open(name as "Dealer", { routingId: Buffer.from(routingId, "latin1") as never })
      const mock = await dial(stage, await stage.bind(socket))
      await mock.send(greeting())
      await mock.take(64)
      const expected = ready(type, ["Identity", routingId])
      assert.equal((await mock.take(expected.length)).toString("latin1"), expected.toString("latin1"))
    })
  }

  const fine: [what: string, command: Buffer][] = [
    ["properties that nobody knows", ready("PUSH", ["X-Whatever", "value"], ["Resource", "a/b"], ["x", ""])],
    ["a property of 70,000 bytes", ready("PUSH", ["X-Large", "x".repeat(70_000)])],
    ["a name of 255 bytes", ready("PUSH", ["x".repeat(255), "y"])],
    ["no properties at all", command("READY")],
    ["no Socket-Type among others", command("READY", properties(["X-Type", "PULL"]))],
    [
      "a Socket-Type that comes last",
      command("READY", properties(["X-Before", ""], ["Socket-Type", "PUSH"])),
    ],
    ["an Identity that is too long for a ROUTER", ready("PUSH", ["Identity", "x".repeat(256)])],
    ["a short READY in a long frame", frame(COMMAND | LONG, ready("PUSH").subarray(2))],
  ]
  for (const role of roles) {
    for (const [what, bytes] of fine) {
      scenario(`a PULL that ${role} takes a READY with ${what}`, async (stage) => {
        const { socket, mock, events } = await meet(stage, role, "Pull")
        await mock.send(greeting(), bytes)
        await mock.take(64)
        await mock.takeCommand()
        await mock.send(message("hello"))
        assert.deepEqual(await take(socket), ["hello"])
        await events.next("handshake")
      })
    }

    const malformed: [what: string, data: Buffer][] = [
      ["a value that is cut", properties(["Socket-Type", "PUSH"], ["X-Cut", "value"]).subarray(0, -1)],
      ["a value without its size", Buffer.from("\x0bSocket-Type\0\0\0", "latin1")],
      ["a name that is cut", Buffer.from("\x0bSocket-Ty", "latin1")],
      ["a byte too many", Buffer.concat([properties(["Socket-Type", "PUSH"]), Buffer.alloc(1)])],
      ["a value of 2^31 bytes", Buffer.from("\x01x\x80\0\0\0PUSH", "latin1")],
      ["a value of 2^32 - 1 bytes", Buffer.from("\x01x\xff\xff\xff\xffPUSH", "latin1")],
    ]
    for (const [what, data] of malformed) {
      scenario(`a PULL that ${role} sends away who says READY with ${what}, once`, async (stage) => {
        const { socket, mock, events } = await meet(stage, role, "Pull")
        await mock.send(greeting(), command("READY", data))
        await events.next("disconnect")
        await mock.ended()
        socket.close()
        assert.ok(!(await events.whole()).some((type) => type === "connect:retry" || type === "handshake"))
      })
    }

    const unexpected: [what: string, bytes: Buffer][] = [
      ["a message", message("hello")],
      ["a PING", command("PING", "\0\0")],
      ["a SUBSCRIBE", command("SUBSCRIBE")],
      ["another mechanism's command", command("HELLO", "\x05admin\x06secret")],
      ["READY in lower case", command("ready", properties(["Socket-Type", "PUSH"]))],
    ]
    for (const [what, bytes] of unexpected) {
      scenario(`a PULL that ${role} sends away who begins with ${what}, once`, async (stage) => {
        const { socket, mock, events } = await meet(stage, role, "Pull")
        await mock.send(greeting(), bytes)
        assert.equal(codeOf(await events.next("handshake:error:protocol")), "ERR_ZMTP_UNEXPECTED_COMMAND")
        await events.next("disconnect")
        await mock.ended()
        socket.close()
        assert.ok(!(await events.whole()).includes("connect:retry"))
      })
    }

    for (const status of [300, 400, 500]) {
      scenario(
        `a PULL that ${role} tells that it was refused with ${status}, and gives up`,
        async (stage) => {
          const { socket, mock, events } = await meet(stage, role, "Pull")
          await mock.send(greeting())
          await mock.take(64)
          await mock.takeCommand()
          await mock.send(error(String(status)))
          assert.equal((await events.next("handshake:error:auth")).error.status, status)
          await events.next("disconnect")
          await mock.ended()
          socket.close()
          assert.ok(!(await events.whole()).includes("connect:retry"))
        },
      )
    }

    scenario(`a PULL that ${role} tells when the peer hangs up instead of READY`, async (stage) => {
      const { socket, mock, events, again } = await meet(stage, role, "Pull")
      await mock.send(greeting())
      await mock.take(64)
      await mock.takeCommand()
      mock.finish()
      await events.next("handshake:error:other")
      await events.next("disconnect")
      const next = await again()
      await next.shakeHands("PUSH")
      await next.send(message("at last"))
      assert.deepEqual(await take(socket), ["at last"])
    })
  }
})

for (const role of roles) {
  here(`a PULL that ${role} tells why it sent away a peer that it cannot talk to`, async (stage) => {
    const { mock, events } = await meet(stage, role, "Pull")
    await mock.send(greeting(), ready("PULL"))
    const event = await events.next("handshake:error:protocol")
    assert.equal(codeOf(event), "ERR_ZMTP_INVALID_METADATA")
    assert.match(event.error.message, /A PULL socket cannot talk to a PULL one/)
  })

  here(`a PULL that ${role} does not mind the case of Socket-Type`, async (stage) => {
    const { mock, events } = await meet(stage, role, "Pull")
    await mock.send(greeting(), command("READY", properties(["sOCKET-tYPE", "PUSH"])))
    await events.next("handshake")
    const other = await meet(stage, role, "Pull")
    await other.mock.send(greeting(), command("READY", properties(["socket-type", "PULL"])))
    await other.events.next("handshake:error:protocol")
  })

  const refused: [what: string, bytes: Buffer, code: string][] = [
    ["an empty property name", ready("PUSH", ["", "x"]), "ERR_ZMTP_INVALID_METADATA"],
    ["an ERROR without a reason", command("ERROR"), "ERR_ZMTP_MALFORMED_COMMAND_ERROR"],
    ["an ERROR whose reason is cut", command("ERROR", "\x04no"), "ERR_ZMTP_MALFORMED_COMMAND_ERROR"],
    ["an empty command", frame(COMMAND, ""), "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED"],
    ["a command without a name", frame(COMMAND, "\0READY"), "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED"],
    ["a command whose name is cut", frame(COMMAND, "\x06READY"), "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED"],
  ]
  for (const [what, bytes, code] of refused) {
    here(`a PULL that ${role} refuses ${what}, once`, async (stage) => {
      const { socket, mock, events } = await meet(stage, role, "Pull")
      await mock.send(greeting(), bytes)
      assert.equal(codeOf(await events.next("handshake:error:protocol")), code)
      await events.next("disconnect")
      await mock.ended()
      socket.close()
      assert.ok(!(await events.whole()).includes("connect:retry"))
    })
  }

  for (const reason of ["", "no room", "x".repeat(255)]) {
    here(`a PULL that ${role} gives up on a peer that says ERROR "${reason.slice(0, 9)}"`, async (stage) => {
      const { socket, mock, events } = await meet(stage, role, "Pull")
      await mock.send(greeting(), error(reason))
      assert.match((await events.next("handshake:error:other")).error.message, new RegExp(reason))
      await mock.ended()
      socket.close()
      assert.ok(!(await events.whole()).includes("connect:retry"))
    })
  }

  here(`a PULL that ${role} gives up on a peer whose ERROR follows its READY`, async (stage) => {
    const { socket, mock, events } = await meet(stage, role, "Pull")
    await mock.send(greeting(), ready("PUSH"), command("ERROR", `\xff${"x".repeat(1000)}`))
    // No more of it than an ERROR's reason may have.
    const { reason } = await events.next("disconnect")
    assert.match(reason?.message ?? "", /: x{255}\.$/)
    await mock.ended()
    socket.close()
    assert.ok(!(await events.whole()).includes("connect:retry"))
  })
}

here("a ROUTER knows a peer by its Identity in any case, and refuses one of 256 bytes", async (stage) => {
  const router = stage.open("Router")
  const events = new EventLog(router)
  const address = await stage.bind(router)
  const long = await dial(stage, address)
  await long.send(greeting(), ready("DEALER", ["Identity", "x".repeat(256)]))
  assert.equal(codeOf(await events.next("handshake:error:protocol")), "ERR_ZMTP_INVALID_METADATA")
  const odd = await dial(stage, address)
  await odd.send(greeting(), ready("DEALER", ["IDENTITY", "me"]), message("hello"))
  assert.deepEqual(await take(router), ["me", "hello"])
  const longest = await dial(stage, address)
  await longest.send(greeting(), ready("DEALER", ["Identity", "x".repeat(255)]), message("hello"))
  assert.deepEqual(await take(router), ["x".repeat(255), "hello"])
})

/** The context of the PONG that comes, behind whatever a publisher's subscriber has to say before. */
async function takePong(mock: { takeCommand(): Promise<[string, string]> }): Promise<string> {
  for (;;) {
    const [name, data] = await mock.takeCommand()
    if (name === "PONG") return data
  }
}
