// Events that carry an error: of binds and handshakes that fail, beside zeromq.js.
import assert from "node:assert/strict"
import type { EventOfType } from "puremq"
import type { Stage } from "../suites/stage.js"
import { EventLog, far, here, meet, onBoth, roles } from "../wire/wire-stage.js"
import { command, error, greeting, ready } from "../wire/zmtp-bytes.js"

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
        const handshakeInterval = code === "EAGAIN" ? 100 : 30_000
        const meeting = await meet(stage, role, "Pull", { ...far, handshakeInterval })
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

type Meeting = Awaited<ReturnType<typeof meet<"Pull">>>
type Mock = Meeting["mock"]

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
  assert.deepEqual(await events.whole(), [...before, failure, "disconnect", ...then, ...after])
  for (const event of events.seen) {
    if ("address" in event) assert.equal(event.address, lastEndpoint, event.type)
  }
}
