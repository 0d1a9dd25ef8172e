// The opening handshake of ws:// (RFC 45, RFC 6455) and the choice of a subprotocol.
import assert from "node:assert/strict"
import { take } from "../suites/talk.js"
import { codeOf, far, here, onBoth, roles } from "./wire-stage.js"
import { readyBody, upgradeRequest, upgradeResponse, ZWS_COMMAND } from "./zws-bytes.js"
import { meetOverZws } from "./zws-peer.js"

onBoth((scenario) => {
  scenario("a client asks for its path, and for a mechanism before it does for none", async (stage) => {
    const { peer } = await meetOverZws(stage, "connects", "Push")
    const { line, headers } = await peer.takeHead()
    assert.equal(line, "GET /path HTTP/1.1")
    assert.equal(headers.get("upgrade"), "websocket")
    assert.equal(headers.get("connection"), "Upgrade")
    assert.equal(headers.get("sec-websocket-version"), "13")
    assert.equal(headers.get("sec-websocket-protocol"), "ZWS2.0/NULL,ZWS2.0")
    assert.equal(headers.get("sec-websocket-extensions"), undefined)
  })

  for (const [offer, chosen] of [
    ["ZWS2.0/NULL", "ZWS2.0/NULL"],
    ["ZWS2.0/NULL,ZWS2.0", "ZWS2.0/NULL"],
    ["ZWS2.0/NULL, ZWS2.0", "ZWS2.0/NULL"],
    ["ZWS2.0,ZWS2.0/NULL", "ZWS2.0"],
    ["chat, ZWS2.0/CURVE, ZWS2.0/NULL", "ZWS2.0/NULL"],
    ["ZWS2.0", "ZWS2.0"],
  ] as const) {
    scenario(`of "${offer}" a server chooses ${chosen}`, async (stage) => {
      const { peer } = await meetOverZws(stage, "binds", "Push")
      const { line, headers } = await peer.upgrade(offer)
      assert.equal(line, "HTTP/1.1 101 Switching Protocols")
      assert.equal(headers.get("sec-websocket-protocol"), chosen)
      assert.equal(headers.get("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    })
  }

  for (const offer of ["chat", "ZWS2.0/PLAIN", "zws2.0/null", "ZWS2.0/NUL", undefined]) {
    scenario(`a server turns away who offers ${offer ?? "no subprotocol"}`, async (stage) => {
      const { socket, peer, events, again } = await meetOverZws(stage, "binds", "Pull")
      await peer.sendText(upgradeRequest("/", { "Sec-WebSocket-Protocol": offer }))
      await peer.ended()
      assert.equal(codeOf(await events.next("handshake:error:protocol")), wrong(stage))
      await events.next("disconnect")
      const next = await again()
      await next.shakeHands("PUSH")
      await next.sendMessage("an honest one")
      assert.deepEqual(await take(socket), ["an honest one"])
    })
  }

  for (const [what, request] of [
    ["asks for a page", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    ["posts", upgradeRequest("/").replace("GET", "POST")],
    ["says anything", "EHLO localhost\r\n"],
    ["has no key", upgradeRequest("/", { "Sec-WebSocket-Key": undefined })],
    ["wants another upgrade", upgradeRequest("/", { Upgrade: "h2c" })],
  ] as const) {
    scenario(`a server turns away who ${what}`, async (stage) => {
      const { peer, events } = await meetOverZws(stage, "binds", "Pull")
      await peer.sendText(request)
      await peer.ended()
      assert.equal(codeOf(await events.next("handshake:error:protocol")), wrong(stage))
      await events.next("disconnect")
    })
  }

  for (const [what, answer] of [
    ["chooses no subprotocol", { "Sec-WebSocket-Protocol": undefined }],
    ["chooses one that was not offered", { "Sec-WebSocket-Protocol": "chat" }],
    ["upgrades to something else", { Upgrade: "h2c" }],
    ["has no proof that it read the key", { "Sec-WebSocket-Accept": undefined }],
  ] as const) {
    scenario(`a client leaves a server for good that ${what}`, async (stage) => {
      const { socket, peer, events } = await meetOverZws(stage, "connects", "Push")
      const { headers } = await peer.takeHead()
      await peer.sendText(upgradeResponse(headers.get("sec-websocket-key") ?? "", answer))
      await peer.ended()
      assert.equal(codeOf(await events.next("handshake:error:protocol")), wrong(stage))
      await events.next("disconnect")
      socket.close()
      assert.ok(!(await events.whole()).includes("connect:retry"))
    })
  }

  for (const status of ["200 OK", "404 Not Found", "301 Moved Permanently"]) {
    scenario(`a client leaves a server for good that answers ${status}`, async (stage) => {
      const { socket, peer, events } = await meetOverZws(stage, "connects", "Push")
      await peer.takeHead()
      await peer.sendText(`HTTP/1.1 ${status}\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n`)
      await peer.ended()
      assert.equal(codeOf(await events.next("handshake:error:protocol")), wrong(stage))
      await events.next("disconnect")
      socket.close()
      assert.ok(!(await events.whole()).includes("connect:retry"))
    })
  }

  for (const role of roles) {
    for (const how of ["finish", "reset", "close"] as const) {
      scenario(`a PULL that ${role} survives a ${how} before the upgrade`, async (stage) => {
        const { socket, peer, events, again } = await meetOverZws(stage, role, "Pull")
        await events.next(role === "binds" ? "accept" : "connect")
        peer.mock[how]()
        await events.next("handshake:error:other")
        await events.next("disconnect")
        const next = await again()
        await next.shakeHands("PUSH")
        await next.sendMessage("an honest one")
        assert.deepEqual(await take(socket), ["an honest one"])
      })
    }
  }
}, "ws")

/** zeromq.js has no name for libzmq's code. */
function wrong({ library }: { readonly library: string }): string {
  return library === "zeromq" ? "ERR_UNKNOWN" : "ERR_WS_UNSPECIFIED"
}

here(
  "a server without a connection behind it is asked again, which libzmq doesn't",
  async (stage) => {
    const { peer, events, again } = await meetOverZws(stage, "connects", "Push")
    await peer.takeHead()
    await peer.sendText("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
    assert.equal(codeOf(await events.next("handshake:error:other")), "ECONNREFUSED")
    await events.next("connect:retry")
    await (await again()).shakeHands("PULL")
    await events.next("handshake")
  },
  "ws",
)

here(
  "a client checks that the server read its key, which libzmq doesn't",
  async (stage) => {
    const { peer, events } = await meetOverZws(stage, "connects", "Push")
    await peer.takeHead()
    await peer.sendText(upgradeResponse("another key"))
    assert.equal(codeOf(await events.next("handshake:error:protocol")), "ERR_WS_UNSPECIFIED")
    await peer.ended()
  },
  "ws",
)

for (const role of roles) {
  here(
    `a PULL that ${role} takes a handshake in pieces, which libzmq does not always`,
    async (stage) => {
      const { socket, peer } = await meetOverZws(stage, role, "Pull")
      const last = Buffer.concat([
        peer.frame(Buffer.concat([Buffer.from([ZWS_COMMAND]), readyBody("PUSH")])),
        peer.frame("\0piecemeal"),
      ])
      let head = upgradeRequest("/")
      if (role === "connects") {
        const { headers } = await peer.takeHead()
        head = upgradeResponse(headers.get("sec-websocket-key") ?? "")
      }
      const bytes = Buffer.concat([Buffer.from(head), last])
      await peer.mock.sendApart(Array.from(bytes, (byte) => Buffer.from([byte])))
      assert.deepEqual(await take(socket), ["piecemeal"])
    },
    "ws",
  )

  for (const [what, begin] of [
    ["says nothing", async () => {}],
    ["does not finish its upgrade", (peer: Peer) => peer.sendText("GET / HT")],
    ["upgrades and says no more", async (peer: Peer) => void (await peer.upgrade())],
  ] as const) {
    if (role === "connects" && what.includes("finish")) continue
    here(
      `a PULL that ${role} gives up a peer that ${what} in time, which libzmq doesn't`,
      async (stage) => {
        const { peer, events } = await meetOverZws(stage, role, "Pull", { ...far, handshakeInterval: 500 })
        await begin(peer)
        assert.equal(codeOf(await events.next("handshake:error:other")), "EAGAIN")
        await events.next("disconnect")
        await peer.ended()
        if (role === "connects") await events.next("connect:retry")
      },
      "ws",
    )
  }
}

type Peer = Awaited<ReturnType<typeof meetOverZws>>["peer"]

here(
  "a server says what it is to who asks for a page",
  async (stage) => {
    const { peer } = await meetOverZws(stage, "binds", "Pull")
    await peer.sendText("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    const { line, headers } = await peer.takeHead()
    assert.equal(line, "HTTP/1.1 426 Upgrade Required")
    assert.equal(headers.get("upgrade"), "websocket")
  },
  "ws",
)
