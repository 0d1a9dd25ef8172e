// What a socket tells of its connections: the events, their fields and their order, beside zeromq.js.
import assert from "node:assert/strict"
import type { Event, EventOfType } from "puremq"
import { eventually } from "../suites/deadline.js"
import type { Stage } from "../suites/stage.js"
import { offer, take, takeNow } from "../suites/talk.js"
import { EventLog, here, meet, onBoth, roles } from "../wire/wire-stage.js"
import { command, error, greeting, ready } from "../wire/zmtp-bytes.js"

/** A pause that nobody waits for: that it begins shows that there would be another attempt. */
const far = { reconnectInterval: 10_000, reconnectMaxInterval: 10_000 }

for (const transport of ["tcp", "ipc"] as const) {
  onBoth((scenario) => {
    scenario("a plain life whose connecter goes first", async (stage) => {
      const { pull, push, address } = await couple(stage)
      push.socket.close()
      await pull.events.next("disconnect")
      pull.socket.close()
      assert.deepEqual(await told(pull.events), [
        { type: "bind", address },
        { type: "accept", address },
        { type: "handshake", address },
        { type: "disconnect", address },
        { type: "close", address },
        { type: "end" },
      ])
      // Who hangs up himself is not told that he did.
      assert.deepEqual(await told(push.events), [
        ...delay(stage, address),
        { type: "connect", address },
        { type: "handshake", address },
        { type: "end" },
      ])
    })

    scenario("a plain life whose binder goes first: the connecter tries again", async (stage) => {
      const { pull, push, address } = await couple(stage)
      pull.socket.close()
      await push.events.next("connect:retry")
      push.socket.close()
      assert.deepEqual(await told(pull.events), [
        { type: "bind", address },
        { type: "accept", address },
        { type: "handshake", address },
        { type: "close", address },
        { type: "end" },
      ])
      assert.deepEqual(await told(push.events), [
        ...delay(stage, address),
        { type: "connect", address },
        { type: "handshake", address },
        { type: "disconnect", address },
        { type: "connect:retry", address, interval: 10_000 },
        { type: "end" },
      ])
    })

    scenario("disconnect() is told to the peer, and unbind() too", async (stage) => {
      const { pull, push, address } = await couple(stage)
      push.socket.disconnect(address)
      await eventually(async () => {
        // libzmq lets go only in a later call to the socket.
        await offer(push.socket, "nobody is there")
        return pull.events.types.includes("disconnect")
      }, "the peer to hear of the disconnection")
      push.socket.connect(address)
      await push.socket.send("again")
      assert.deepEqual(await take(pull.socket), ["again"])
      await pull.socket.unbind(address)
      await eventually(async () => {
        await takeNow(pull.socket)
        return push.events.types.includes("connect:retry")
      }, "the peer to hear that it has been let go")
      push.socket.close()
      pull.socket.close()
      const life = ["accept", "handshake"]
      assert.deepEqual(await typesOf(pull.events), ["bind", ...life, "disconnect", ...life, "close", "end"])
      const again = [...delay(stage, address).map(({ type }) => type), "connect", "handshake"]
      const found = await typesOf(push.events)
      assert.deepEqual(found, [...again, ...again, "disconnect", "connect:retry", "end"])
    })

    scenario("attempts at an address where nobody is, with pauses that grow", async (stage) => {
      const push = stage.open("Push", { reconnectInterval: 5, reconnectMaxInterval: 10 })
      const events = new EventLog(push)
      const address = await stage.vacant()
      push.connect(address)
      for (let attempt = 0; attempt < 3; attempt++) await events.next("connect:retry")
      const attempts = [5, 10, 10].flatMap((interval) => [
        ...delay(stage, address),
        { type: "close", address },
        { type: "connect:retry", address, interval },
      ])
      push.close()
      assert.deepEqual((await told(events)).slice(0, attempts.length), attempts)
    })

    scenario("an address where somebody turns up", async (stage) => {
      const push = stage.open("Push", { reconnectInterval: 5 })
      const events = new EventLog(push)
      const address = await stage.vacant()
      push.connect(address)
      const { interval } = await events.next("connect:retry")
      assert.ok(interval >= 5 && interval < 10, `a pause of ${interval}`)
      await stage.bindTo(stage.open("Pull"), address)
      assert.deepEqual({ ...(await events.next("connect")) }, { type: "connect", address })
      assert.deepEqual({ ...(await events.next("handshake")) }, { type: "handshake", address })
    })

    for (const reconnectInterval of [-1, 0]) {
      scenario(`the one attempt with a reconnectInterval of ${reconnectInterval}`, async (stage) => {
        const push = stage.open("Push", { reconnectInterval })
        const events = new EventLog(push)
        const address = await stage.vacant()
        push.connect(address)
        await events.next("close")
        push.close()
        assert.deepEqual(await told(events), [
          ...delay(stage, address),
          { type: "close", address },
          { type: "end" },
        ])
      })
    }
  }, transport)
}

onBoth((scenario) => {
  scenario("nothing is told over inproc but the end", async (stage) => {
    const [pull, push] = [stage.open("Pull"), stage.open("Push")]
    const logs = [new EventLog(pull), new EventLog(push)]
    const address = await stage.bind(pull)
    push.connect(address)
    await push.send("hello")
    assert.deepEqual(await take(pull), ["hello"])
    await assert.rejects(stage.open("Pull").bind(address), { code: "EADDRINUSE", errno: 98, address })
    push.close()
    pull.close()
    for (const log of logs) assert.deepEqual(await told(log), [{ type: "end" }])
  })
}, "inproc")

onBoth((scenario) => {
  for (const how of ["bind", "bindSync"] as const) {
    const failures: [what: string, code: string, errno: number, choose: (stage: Stage) => Promise<string>][] =
      [
        ["an address in use", "EADDRINUSE", 98, (stage) => stage.bind(stage.open("Pull"))],
        // A network for documentation (RFC 5737).
        ["another machine's address", "EADDRNOTAVAIL", 99, async () => "tcp://192.0.2.1:5555"],
        ["a folder that is not there", "ENOENT", 2, async () => "ipc:///no/such/folder/socket"],
      ]
    for (const [what, code, errno, choose] of failures) {
      scenario(`${how} to ${what} throws and tells ${code}`, async (stage) => {
        const pull = stage.open("Pull")
        const events = new EventLog(pull)
        const address = await choose(stage)
        await assert.rejects(async () => pull[how](address), { code, errno, address })
        const event = await events.next("bind:error")
        // zeromq.js leaves the scheme out here, and only here.
        assert.ok(address.endsWith(event.address), event.address)
        assertError(event, { code, errno })
      })
    }
  }

  for (const role of roles) {
    const protocolErrors: [what: string, bytes: Buffer, code: string][] = [
      ["another mechanism", greeting({ mechanism: "PLAIN" }), "ERR_ZMTP_MECHANISM_MISMATCH"],
      ["another command", Buffer.concat([greeting(), command("HELLO")]), "ERR_ZMTP_UNEXPECTED_COMMAND"],
      [
        "a broken ERROR",
        Buffer.concat([greeting(), command("ERROR", "\x04no")]),
        "ERR_ZMTP_MALFORMED_COMMAND_ERROR",
      ],
    ]
    for (const [what, bytes, code] of protocolErrors) {
      scenario(`handshake:error:protocol when a socket that ${role} hears ${what}`, async (stage) => {
        const meeting = await meet(stage, role, "Pull", far)
        await meeting.mock.send(bytes)
        assertError(await meeting.events.next("handshake:error:protocol"), { code })
        await assertLife(meeting, role, "handshake:error:protocol")
      })
    }

    for (const status of [300, 400, 500]) {
      scenario(`handshake:error:auth when a socket that ${role} is refused with ${status}`, async (stage) => {
        const meeting = await meet(stage, role, "Pull", far)
        await meeting.mock.send(greeting())
        // libzmq tries again when it was refused before it had sent its own READY.
        await meeting.mock.take(64)
        await meeting.mock.takeCommand()
        await meeting.mock.send(error(String(status)))
        assertError(await meeting.events.next("handshake:error:auth"), { status })
        await assertLife(meeting, role, "handshake:error:auth")
      })
    }

    const others: [what: string, code: string, errno: number, act: (mock: Mock) => void][] = [
      ["hears nothing in time", "EAGAIN", 11, () => {}],
      ["is hung up on", "EPIPE", 32, (mock) => mock.finish()],
      ["is reset", "ECONNRESET", 104, (mock) => mock.reset()],
    ]
    for (const [what, code, errno, act] of others) {
      scenario(`handshake:error:other when a socket that ${role} ${what}`, async (stage) => {
        const meeting = await meet(stage, role, "Pull", { ...far, handshakeInterval: 100 })
        await meeting.mock.take(10)
        act(meeting.mock)
        assertError(await meeting.events.next("handshake:error:other"), { code, errno })
        const retry = role === "connects" ? ["connect:retry"] : []
        await assertLife(meeting, role, "handshake:error:other", retry)
      })
    }
  }
})

// Where libzmq tells nothing, or of another place, or adds an event about no place: only more is told here.

here("a bind that fails is told with its whole address, and nothing else is", async (stage) => {
  const used = await stage.bind(stage.open("Pull"))
  for (const address of [used, "tcp://127.0.0.1", "nonsense://127.0.0.1:5555"]) {
    const pull = stage.open("Pull")
    const events = new EventLog(pull)
    await assert.rejects(pull.bind(address))
    pull.close()
    await events.whole()
    const [event, ...others] = events.seen
    assert.equal(event?.type, "bind:error")
    assert.equal(event.address, address)
    assert.deepEqual(others, [{ type: "end" }])
  }
})

for (const role of roles) {
  here(`a socket that ${role} tells why it turned a peer of the wrong type away`, async (stage) => {
    const meeting = await meet(stage, role, "Pull", far)
    await meeting.mock.send(greeting(), ready("REQ"))
    const event = await meeting.events.next("handshake:error:protocol")
    assertError(event, { code: "ERR_ZMTP_INVALID_METADATA" })
    await assertLife(meeting, role, "handshake:error:protocol")
  })

  // Only an authenticator's verdict is one (RFC 27).
  for (const reason of ["no", "200", "350", "4000", ""]) {
    here(`a socket that ${role} tells that it was refused with "${reason}"`, async (stage) => {
      const meeting = await meet(stage, role, "Pull", far)
      await meeting.mock.send(greeting(), error(reason))
      const event = await meeting.events.next("handshake:error:other")
      assertError(event, { code: "ECONNREFUSED", errno: 111 })
      assert.match(event.error.message, new RegExp(`refused the connection: ${reason}`))
      await assertLife(meeting, role, "handshake:error:other")
    })
  }
}

here("an event knows its peer's address, and does not show it", async (stage) => {
  const { socket, mock, events } = await meet(stage, "binds", "Pull")
  const { localAddress } = mock
  await mock.shakeHands("PUSH")
  mock.finish()
  await events.next("disconnect")
  const about = events.seen.filter((event) => "peerAddress" in event)
  assert.deepEqual(about, [
    { type: "accept", address: socket.lastEndpoint },
    { type: "handshake", address: socket.lastEndpoint },
    { type: "disconnect", address: socket.lastEndpoint },
  ])
  for (const event of about) {
    assert.equal("peerAddress" in event && event.peerAddress, localAddress)
    assert.deepEqual(Object.keys(event), ["type", "address"])
  }
})

here("the connection of a socket that lingers is told of until it is over", async (stage) => {
  const { socket, mock, events } = await meet(stage, "binds", "Push", { linger: -1 })
  await mock.shakeHands("PULL")
  mock.stopReading()
  for (let count = 0; count < 30; count++) await socket.send(Buffer.alloc(1_000_000))
  socket.close()
  await events.next("close")
  mock.reset()
  assert.deepEqual(await events.whole(), ["bind", "accept", "handshake", "close", "disconnect", "end"])
})

type Meeting = Awaited<ReturnType<typeof meet<"Pull">>>
type Mock = Meeting["mock"]

/** A PUSH connected to a PULL that got a message from it. */
async function couple(stage: Stage) {
  const pull = stage.open("Pull")
  const push = stage.open("Push", far)
  const logs = {
    pull: { socket: pull, events: new EventLog(pull) },
    push: { socket: push, events: new EventLog(push) },
  }
  const address = await stage.bind(pull)
  push.connect(address)
  await push.send("hello")
  assert.deepEqual(await take(pull), ["hello"])
  return { ...logs, address }
}

/**
 * The event of a connection under way. Over ipc libzmq connects within the call, so that there is none; here it
 * takes until later there too.
 */
function delay({ transport, library }: Stage, address: string): { type: string; address: string }[] {
  return transport === "ipc" && library === "zeromq" ? [] : [{ type: "connect:delay", address }]
}

/** All that is ever told, once the socket is closed. */
async function told(events: EventLog): Promise<readonly Event[]> {
  await events.whole()
  return events.seen
}

async function typesOf(events: EventLog): Promise<string[]> {
  return (await told(events)).map(({ type }) => type)
}

type Failure = EventOfType<
  "bind:error" | "handshake:error:protocol" | "handshake:error:auth" | "handshake:error:other"
>

function assertError(event: Failure, fields: object): void {
  assert.deepEqual(Object.keys(event), ["type", "address", "error"])
  assert.ok(event.error instanceof Error)
  for (const [name, value] of Object.entries(fields)) {
    assert.equal(event.error[name as keyof Error], value, name)
  }
}

/** Asserts what else was told of a connection that failed, once its socket is closed. */
async function assertLife(
  { socket, events }: Meeting,
  role: "binds" | "connects",
  failure: string,
  then: string[] = [],
): Promise<void> {
  await events.next("disconnect")
  const { lastEndpoint } = socket
  if (then[0] === "connect:retry") assert.equal((await events.next("connect:retry")).interval, 10_000)
  socket.close()
  const before = role === "binds" ? ["bind", "accept"] : ["connect:delay", "connect"]
  const after = role === "binds" ? ["close", "end"] : ["end"]
  assert.deepEqual(await typesOf(events), [...before, failure, "disconnect", ...then, ...after])
  for (const event of events.seen) {
    if ("address" in event) assert.equal(event.address, lastEndpoint, event.type)
  }
}
