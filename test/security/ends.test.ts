// A connection's keys are forgotten on every way out of it, at every stage, in either role.
import assert from "node:assert/strict"
import { test } from "node:test"
import { ContextCore } from "#src/core/context.js"
import { SocketCore } from "#src/core/socket.js"
import { DealerPattern } from "#src/patterns/dealer.js"
import { RepPattern } from "#src/patterns/rep.js"
import { createKeyPair } from "#src/security/crypto/backend.js"
import { CryptoLoader } from "#src/security/crypto/loader.js"
import { CurveClient } from "#src/security/curve/client.js"
import { CurveServer } from "#src/security/curve/server.js"
import { InprocTransport } from "#src/transports/inproc.js"
import { SimulatedConn, SimulatedPlatform } from "../fuzz/simulation.js"
import { COMMAND, frame, greeting } from "../wire/zmtp-bytes.js"
import { libsodium } from "./backends.js"
import { clientKeys, serverKeys, watched } from "./curve-stage.js"
import { curveClient, curveServer } from "./secured-stage.js"

const address = "tcp://127.0.0.1:1"
const interval = 1000
const properties = new Map([["Socket-Type", Buffer.from("DEALER")]])

/** A DEALER, one connection of it, the peer's mechanism, and the secrets that were given to the socket. */
async function begin(side: "server" | "client") {
  const { backend, secrets } = watched()
  const loader = new CryptoLoader([() => Promise.resolve(backend)])
  await loader.load()
  const platform = new SimulatedPlatform(loader)
  const context = new ContextCore(platform, new Map([["inproc", new InprocTransport()]]))
  const core = new SocketCore(context, "DEALER", (options) => new DealerPattern(options))
  core.monitor.watched = true
  const options = { linger: 0, handshakeInterval: interval, reconnectInterval: -1 }
  for (const entry of Object.entries({ ...options, ...(side === "server" ? curveServer : curveClient) })) {
    core.setOption(entry[0] as never, entry[1] as never)
  }
  const conn = new SimulatedConn(platform, undefined)
  if (side === "server") {
    core.endpoints.bindSync(address)
    platform.accept?.(conn)
  } else {
    core.endpoints.connect(address)
    platform.wanted.shift()?.opened(conn)
  }
  platform.run()
  const peer =
    side === "server"
      ? new CurveClient(properties, libsodium, clientKeys)
      : new CurveServer(properties, { backend: libsodium, secretKey: serverKeys.secretKey })
  const left = (): number => secrets.filter((key) => key.some((byte) => byte !== 0)).length
  return { platform, context, core, conn, peer, secrets, left }
}

type Rig = Awaited<ReturnType<typeof begin>>

/** Lets the peer say `count` of its two commands, the greeting before them. */
function goOn({ conn, peer, platform }: Rig, count: number): void {
  let read = 64
  const hear = (): void => {
    const heard = Buffer.concat(conn.written)
    if (heard.length <= read) return
    const long = ((heard[read] as number) & 2) !== 0
    const size = long ? Number(heard.readBigUInt64BE(read + 1)) : (heard[read + 1] as number)
    const at = read + (long ? 9 : 2)
    peer.handle(Buffer.from(heard.subarray(at, at + size)))
    read = at + size
  }
  conn.deliver(greeting({ mechanism: "CURVE" }))
  platform.run()
  for (let said = 0; said < count; said++) {
    if (said > 0 || peer instanceof CurveServer) hear()
    conn.deliver(frame(COMMAND, peer.next() ?? assert.fail("It is not the peer's turn.")))
    platform.run()
  }
  if (count === 2) assert.equal(peer instanceof CurveServer, peer.complete)
}

const ways: Record<string, (rig: Rig) => void> = {
  "the peer ends it": ({ conn }) => conn.close(undefined),
  "the peer resets it": ({ conn }) => conn.close(new Error("reset")),
  "the peer says nonsense": ({ conn }) => conn.deliver(frame(COMMAND, "\x05HELLO nonsense")),
  "the peer speaks in the clear": ({ conn }) => conn.deliver(frame(0, "in the clear, of any length")),
  "the socket is closed": ({ core }) => core.close(),
  "the endpoint is given up": ({ core, peer }) =>
    peer instanceof CurveServer ? core.endpoints.disconnect(address) : core.close(),
  "it takes too long, or is closed then": ({ core, platform }) => {
    platform.pass(interval)
    core.close()
  },
}

for (const side of ["server", "client"] as const) {
  for (const count of [0, 1, 2]) {
    for (const [way, go] of Object.entries(ways)) {
      test(`a ${side}'s keys are forgotten when ${way} after ${count} of the peer's commands`, async () => {
        const rig = await begin(side)
        goOn(rig, count)
        assert.equal(rig.left() > 0, side === "client" || count > 0, "there is something to forget")
        go(rig)
        rig.platform.run()
        assert.ok(rig.conn.closed)
        assert.equal(rig.left(), 0)
        rig.core.close()
        rig.platform.run()
      })
    }
  }
}

test("nor does a key survive a client that has none of its own", async () => {
  const rig = await begin("server")
  const { secretKey } = createKeyPair(libsodium)
  const peer = new CurveClient(properties, libsodium, { ...clientKeys, secretKey })
  goOn({ ...rig, peer }, 2)
  assert.ok(rig.conn.closed)
  assert.ok(rig.secrets.length > 3)
  assert.equal(rig.left(), 0)
  rig.core.close()
  rig.platform.run()
})

test("who took too long is not let in by an answer that comes while the connection closes", async () => {
  const rig = await begin("server")
  const handler = new SocketCore(rig.context, "REP", () => new RepPattern())
  handler.endpoints.bindSync("inproc://zeromq.zap.01")
  goOn(rig, 2)
  const [version = "", id = ""] = handler.traffic.tryReceive() ?? []
  // Time runs out and what came in it has been read; the answer is brought before the connection has closed.
  rig.platform.setTimer(interval, () =>
    rig.platform.nextTurn(() => {
      assert.ok(!rig.conn.closed)
      handler.traffic.trySend([version, id, "200", "", "", ""].map((text) => Buffer.from(text)))
    }),
  )
  rig.platform.pass(interval)
  rig.platform.run()
  const events: string[] = []
  for (const { monitor } = rig.core; monitor.hasUnread; ) {
    const event = monitor.next()
    assert.ok(!(event instanceof Promise))
    events.push(event.type)
  }
  assert.deepEqual(events, ["bind", "accept", "handshake:error:other", "disconnect"])
  assert.equal(rig.left(), 0)
  rig.core.close()
  handler.close()
  rig.platform.run()
})
