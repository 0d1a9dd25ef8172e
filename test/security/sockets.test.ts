// Who may talk to whom: the same events, requests and messages with libzmq and here, both sides of one library.
import assert from "node:assert/strict"
import { encodeZ85 } from "#src/wire/z85.js"
import { codeOf, dial, EventLog, here, onBoth } from "../wire/wire-stage.js"
import {
  authenticate,
  curveClient,
  curveServer,
  mechanisms,
  meet,
  plainClient,
  plainServer,
} from "./secured-stage.js"

const someKey = (byte: number): string => encodeZ85(Buffer.alloc(32, byte))
const old: readonly [version: string, bytes: Buffer][] = [
  ["ZMTP 1.0", Buffer.from("0100", "hex")],
  ["ZMTP 2.0", Buffer.from("ff00000000000000017f0105", "hex")],
]

const mismatch = "ERR_ZMTP_MECHANISM_MISMATCH"

onBoth((scenario) => {
  scenario("NULL: nobody is asked where the server has no domain", async (stage) => {
    const context = stage.context()
    const requests = await authenticate(stage, context, "400")
    const { server } = await meet(stage, { context }, {})
    assert.equal(`${(await server.receive())[1]}`, "hello")
    assert.deepEqual(requests, [])
  })

  scenario("NULL: who connects asks about its peer too", async (stage) => {
    const context = stage.context()
    const requests = await authenticate(stage, context, "200")
    const { server } = await meet(stage, {}, { context, zapDomain: "mine" })
    assert.equal(`${(await server.receive())[1]}`, "hello")
    assert.deepEqual(
      requests.map((request) => request.map(String)),
      [["1.0", "1", "mine", "127.0.0.1", "a client", "NULL"]],
    )
  })

  for (const [name, onServer, onClient] of mechanisms) {
    const letsIn = name !== "PLAIN"
    scenario(`${name}: without an authenticator ${letsIn ? "all" : "none"} may come in`, async (stage) => {
      const context = stage.context()
      const { server, served } = await meet(stage, { context, ...onServer }, onClient)
      if (letsIn) assert.equal(`${(await server.receive())[1]}`, "hello")
      else assert.equal(codeOf(await served.next("handshake:error:other")), "EFAULT")
    })

    scenario(
      `${name}: without an authenticator none may come in where the domain is enforced`,
      async (stage) => {
        const context = stage.context()
        const options = { context, zapDomain: "a domain", zapEnforceDomain: true, ...onServer }
        const { served } = await meet(stage, options, onClient)
        assert.equal(codeOf(await served.next("handshake:error:other")), "EFAULT")
      },
    )
  }

  scenario("CURVE: an enforced domain that is empty asks nobody", async (stage) => {
    const context = stage.context()
    const requests = await authenticate(stage, context, "400")
    const { server } = await meet(stage, { context, zapEnforceDomain: true, ...curveServer }, curveClient)
    assert.equal(`${(await server.receive())[1]}`, "hello")
    assert.deepEqual(requests, [])
  })

  const kinds = {
    NULL: [{}, {}],
    PLAIN: [plainServer, plainClient],
    CURVE: [curveServer, curveClient],
  } as const
  for (const [server, [onServer]] of Object.entries(kinds)) {
    for (const [client, [, onClient]] of Object.entries(kinds)) {
      if (server === client) continue
      scenario(`a client of ${client} and a server of ${server} part, which is told`, async (stage) => {
        const context = stage.context()
        await authenticate(stage, context, "200")
        const { served, connected } = await meet(stage, { context, ...onServer }, onClient)
        await served.next("disconnect")
        await connected.next("disconnect")
        const codes = [served, connected].map(({ seen }) => {
          const failed = seen.find(({ type }) => type.startsWith("handshake:error"))
          return codeOf(failed as { readonly error: Error })
        })
        // With libzmq the one that hangs up first may leave the other without a greeting.
        if (stage.library === "puremq") assert.deepEqual(codes, [mismatch, mismatch])
        else assert.ok(codes.includes(mismatch))
      })
    }
  }

  scenario("two servers, or two clients, of one mechanism do not get on", async (stage) => {
    const context = stage.context()
    await authenticate(stage, context, "200")
    for (const [first, second] of [
      [curveServer, curveServer],
      [curveClient, curveClient],
      [plainServer, plainServer],
      [plainClient, plainClient],
    ]) {
      const { served, connected } = await meet(
        stage,
        { context, handshakeInterval: 300, ...first },
        { handshakeInterval: 300, ...second },
      )
      await connected.next("disconnect")
      assert.ok(!served.types.includes("handshake"))
      assert.ok(!connected.types.includes("handshake"))
    }
  })

  const others: readonly [what: string, change: Record<string, unknown>, code: string][] = [
    ["another key of the server's", { curveServerKey: someKey(1) }, "ERR_ZMTP_CRYPTOGRAPHIC"],
    ["a public key that is not its own", { curvePublicKey: someKey(2) }, "ERR_ZMTP_CRYPTOGRAPHIC"],
    ["a public key of zeroes", { curvePublicKey: "0".repeat(40) }, "ERR_ZMTP_CRYPTOGRAPHIC"],
  ]
  for (const [what, change, code] of others) {
    scenario(`CURVE: a client with ${what} stays outside`, async (stage) => {
      const context = stage.context()
      const { served, connected } = await meet(
        stage,
        { context, ...curveServer },
        { ...curveClient, ...change },
      )
      assert.equal(codeOf(await served.next("handshake:error:protocol")), code)
      await connected.next("disconnect")
      assert.ok(!connected.types.includes("handshake"))
    })
  }

  scenario("CURVE: a server whose key is of zeroes lets nobody in", async (stage) => {
    const context = stage.context()
    const zero = "0".repeat(40)
    const { served, connected } = await meet(
      stage,
      { context, curveServer: true, curveSecretKey: zero, handshakeInterval: 300 },
      { ...curveClient, curveServerKey: zero, handshakeInterval: 300 },
    )
    await connected.next("connect")
    await connected.next("disconnect")
    assert.ok(!served.types.includes("handshake"))
    assert.ok(!connected.types.includes("handshake"))
  })

  for (const mechanism of ["PLAIN", "CURVE"] as const) {
    const [onServer] = kinds[mechanism]
    for (const [version, bytes] of old) {
      scenario(`a peer of ${version} does not get past a server of ${mechanism}`, async (stage) => {
        const context = stage.context()
        await authenticate(stage, context, "200")
        const server = stage.open("Router", { context, ...onServer })
        const served = stage.keep(new EventLog(server))
        const mock = await dial(stage, await stage.bind(server))
        await mock.send(bytes)
        await served.next("disconnect")
        assert.ok(!served.types.includes("handshake"))
      })
    }
  }

  scenario("the mechanism is that of the option which was set last", async (stage) => {
    const [key] = [someKey(3)]
    const socket = stage.open("Dealer") as unknown as Record<string, unknown>
    const steps: readonly [
      name: string,
      value: unknown,
      mechanism: string | null,
      plainServer: boolean,
      curveServer: boolean,
    ][] = [
      ["plainServer", true, "plain", true, false],
      ["plainServer", false, null, false, false],
      ["plainUsername", "u", "plain", false, false],
      ["plainServer", true, "plain", true, false],
      ["plainPassword", "p", "plain", false, false],
      ["plainUsername", null, null, false, false],
      ["plainServer", true, "plain", true, false],
      ["curvePublicKey", key, "curve", false, true],
      ["curveSecretKey", key, "curve", false, true],
      ["curveServerKey", key, "curve", false, false],
      ["curveServer", true, "curve", false, true],
      ["plainPassword", null, null, false, false],
      ["curvePublicKey", key, "curve", false, true],
      ["curveServer", false, null, false, false],
    ]
    for (const [name, value, ...expected] of steps) {
      socket[name] = value
      const { securityMechanism, plainServer, curveServer } = socket
      assert.deepEqual([securityMechanism, plainServer, curveServer], expected, `${name} = ${String(value)}`)
    }
  })
})

here("CURVE without a key is refused at once", async (stage) => {
  const server = stage.open("Router", { curveServer: true })
  await assert.rejects(server.bind("tcp://127.0.0.1:*"), {
    code: "EINVAL",
    message: "CURVE needs curveSecretKey.",
  })
  assert.throws(() => server.bindSync("tcp://127.0.0.1:*"), { code: "EINVAL" })
  server.bindSync("inproc://no-mechanism")
  const { curveServerKey, ...keys } = curveClient
  const client = stage.open("Dealer", keys)
  assert.throws(() => client.connect("tcp://127.0.0.1:1"), {
    code: "EINVAL",
    message: "CURVE needs curveServerKey.",
  })
})
