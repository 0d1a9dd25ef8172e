// Connections through a SOCKS5 proxy (libzmq's test_socks): what it is asked for, and what its failures lead to.
import assert from "node:assert/strict"
import type { Stage } from "../suites/stage.js"
import { numbers, take, takeMany } from "../suites/talk.js"
import { MockServer } from "./mock-peer.js"
import { type SocksBehaviour, SocksServer } from "./socks-server.js"
import { EventLog, far, here, onBoth } from "./wire-stage.js"
import { greeting, ready } from "./zmtp-bytes.js"

/** ZMQ_SOCKS_USERNAME and ZMQ_SOCKS_PASSWORD, which zeromq.js has no properties for. */
const [SOCKS_USERNAME, SOCKS_PASSWORD] = [99, 100]

// libzmq gets stuck with such a proxy once in some hundred times.
here("a proxy that says every byte by itself", (stage) => passesThrough(stage, { slow: true }))

async function passesThrough(stage: Stage, behaviour: SocksBehaviour): Promise<void> {
  const { dealer } = await open(stage, behaviour)
  const peer = stage.open("Dealer")
  dealer.connect(await stage.bind(peer))
  await dealer.send("hello")
  assert.deepEqual(await take(peer), ["hello"])
}

onBoth((scenario) => {
  scenario("messages pass a proxy both ways", async (stage) => {
    const { proxy, dealer } = await open(stage)
    const router = stage.open("Dealer")
    const address = await stage.bind(router)
    dealer.connect(address)
    for (const number of numbers(1000)) await dealer.send(number)
    assert.deepEqual(await takeMany(router, 1000), numbers(1000))
    await router.send("x".repeat(300_000))
    assert.deepEqual(await take(dealer), ["x".repeat(300_000)])
    assert.deepEqual(proxy.requests, [`ipv4 127.0.0.1:${new URL(address).port}`])
    assert.deepEqual(proxy.methods, [[0]])
  })

  scenario("a proxy that passes the peer's greeting on together with its answer", (stage) =>
    passesThrough(stage, { eager: true }),
  )

  for (const [host, place] of [
    ["localhost", "domain localhost"],
    ["no.such.host.invalid", "domain no.such.host.invalid"],
    ["[::1]", "ipv6 00000000000000000000000000000001"],
    ["192.0.2.1", "ipv4 192.0.2.1"],
  ] as const) {
    scenario(`${host} is left to the proxy to find`, async (stage) => {
      const { proxy, dealer } = await open(stage)
      if (host.startsWith("[")) dealer.ipv6 = true
      const peer = stage.open("Dealer")
      const { port } = new URL(await stage.bind(peer))
      dealer.connect(`tcp://${host}:${port}`)
      await dealer.send("hello")
      assert.deepEqual(await take(peer), ["hello"])
      assert.deepEqual(proxy.requests, [`${place}:${port}`])
    })
  }

  scenario("a user tells his name and password", async (stage) => {
    const { proxy, dealer } = await open(stage, { method: 2 }, ["someone", "secret"])
    const peer = stage.open("Dealer")
    dealer.connect(await stage.bind(peer))
    await dealer.send("hello")
    assert.deepEqual(await take(peer), ["hello"])
    assert.deepEqual(proxy.methods, [[2]])
    assert.deepEqual(proxy.users, ["someone:secret"])
  })

  scenario("a user whose name is empty is nobody in particular", async (stage) => {
    const { proxy, dealer } = await open(stage, {}, ["", ""])
    const peer = stage.open("Dealer")
    dealer.connect(await stage.bind(peer))
    await dealer.send("hello")
    assert.deepEqual(await take(peer), ["hello"])
    assert.deepEqual(proxy.methods, [[0]])
  })

  scenario("a proxy has no part in what is bound, or connected by other ways", async (stage) => {
    const { proxy, dealer } = await open(stage)
    const peer = stage.open("Dealer")
    dealer.connect("inproc://past-the-proxy")
    await peer.bind("inproc://past-the-proxy")
    await dealer.send("hello")
    assert.deepEqual(await take(peer), ["hello"])
    const other = stage.open("Dealer")
    other.connect(await stage.bind(dealer))
    await other.send("inwards")
    assert.deepEqual(await take(dealer), ["inwards"])
    assert.deepEqual(proxy.methods, [])
  })
})

// libzmq aborts the process at each of them: whatever a proxy fails at is played here alone.
const failures: [what: string, behaviour: SocksBehaviour, user?: [string, string]][] = [
  ["wants no method of ours", { method: 0xff }],
  ["does not know the user", { method: 2, verdict: 1 }, ["someone", "wrong"]],
  ["may not connect", { reply: 2 }],
  ["finds the peer refusing", { reply: 5 }],
]
for (const [what, behaviour, user] of failures) {
  here(`a proxy that ${what} is tried again and again`, async (stage) => {
    const { dealer } = await open(stage, behaviour, user)
    // A refusal that the proxy tells is none of the address.
    const events = new EventLog(dealer)
    dealer.connect("tcp://127.0.0.1:1")
    const { reason } = await events.next("close")
    assert.match(reason?.message ?? "", /^The proxy /)
    for (let count = 0; count < 3; count++) await events.next("connect:retry")
    dealer.close()
    const attempt = ["connect:delay", "close", "connect:retry"]
    assert.deepEqual((await events.whole()).slice(0, 9), [...attempt, ...attempt, ...attempt])
  })
}

here("a proxy that speaks something else, and much of it, is tried again", async (stage) => {
  const dealer = stage.open("Dealer", { reconnectInterval: 5 })
  const server = stage.keep(await MockServer.listen())
  dealer.socksProxy = new URL(server.address).host
  const events = new EventLog(dealer)
  dealer.connect("tcp://127.0.0.1:1")
  for (let count = 0; count < 2; count++) {
    const proxy = await server.accept()
    await proxy.send(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"))
    const { reason } = await events.next("close")
    assert.match(reason?.message ?? "", /^The proxy does not speak SOCKS5/)
    await proxy.ended()
  }
})

here("a proxy that is not there is tried again", async (stage) => {
  const dealer = stage.open("Dealer", { reconnectInterval: 5 })
  dealer.socksProxy = new URL(await stage.vacant()).host
  const events = new EventLog(dealer)
  dealer.connect("tcp://127.0.0.1:1")
  await events.next("close")
  await events.next("connect:retry")
  await events.next("close")
})

here("a proxy whose peer goes is asked again", async (stage) => {
  const { proxy, dealer } = await open(stage)
  const events = new EventLog(dealer)
  const peer = stage.open("Dealer")
  const address = await stage.bind(peer)
  dealer.connect(address)
  await dealer.send("one")
  assert.deepEqual(await take(peer), ["one"])
  peer.close()
  await events.next("disconnect")
  const heir = stage.open("Dealer")
  await stage.bindTo(heir, address)
  await dealer.send("two")
  assert.deepEqual(await take(heir), ["two"])
  assert.ok(proxy.requests.length >= 2)
})

for (const silentAfter of ["greeting", "user", "request"] as const) {
  here(`a proxy that says nothing after the ${silentAfter} is given up in time`, async (stage) => {
    const behaviour = { silentAfter, method: silentAfter === "user" ? 2 : 0 }
    const { dealer } = await open(stage, behaviour, ["someone", "secret"])
    const events = new EventLog(dealer)
    dealer.connectTimeout = 60
    dealer.connect("tcp://127.0.0.1:1")
    await events.next("close")
    await events.next("connect:retry")
    dealer.connectTimeout = 0
    dealer.handshakeInterval = 60
    dealer.disconnect("tcp://127.0.0.1:1")
    dealer.connect("tcp://127.0.0.1:2")
    for (;;) if ((await events.next("connect:retry")).address === "tcp://127.0.0.1:2") break
  })

  here(`a socket may be closed while the proxy says nothing after the ${silentAfter}`, async (stage) => {
    const behaviour = { silentAfter, method: silentAfter === "user" ? 2 : 0 }
    const { proxy, dealer } = await open(stage, behaviour, ["someone", "secret"])
    const events = new EventLog(dealer)
    dealer.connect("tcp://127.0.0.1:1")
    await events.next("connect:delay")
    while (proxy.methods.length === 0) await new Promise((resolve) => setImmediate(resolve))
    dealer.close()
    assert.deepEqual(await events.whole(), ["connect:delay", "end"])
  })
}

here("reconnectStop does not take a proxy's refusal for the peer's", async (stage) => {
  const dealer = stage.open("Dealer", { reconnectInterval: 5, reconnectStop: 1 })
  dealer.socksProxy = new URL(await stage.vacant()).host
  const events = new EventLog(dealer)
  dealer.connect("tcp://127.0.0.1:1")
  for (let count = 0; count < 3; count++) await events.next("connect:retry")
})

here("what a peer does wrong behind a proxy is the peer's, by its own address", async (stage) => {
  const { dealer } = await open(stage, {}, undefined, far)
  const events = new EventLog(dealer)
  const server = stage.keep(await MockServer.listen())
  dealer.connect(server.address)
  const mock = await server.accept()
  await mock.send(greeting(), ready("PUB"))
  const { address } = await events.next("handshake:error:protocol")
  assert.equal(address, server.address)
  const failed = events.seen.find(({ type }) => type === "handshake:error:protocol")
  assert.equal(failed !== undefined && "peerAddress" in failed && failed.peerAddress, server.address)
})

here("what is no host and port is no proxy to connect through", async (stage) => {
  const dealer = stage.open("Dealer")
  for (const wrong of ["proxy", "proxy:", "proxy:0", ":1080", "tcp://proxy:1080", "proxy:99999"]) {
    dealer.socksProxy = wrong
    const address = "tcp://127.0.0.1:1"
    assert.throws(() => dealer.connect(address), { code: "EINVAL", address }, wrong)
    assert.throws(() => dealer.disconnect(address), { code: "ENOENT" })
  }
  dealer.connect("inproc://past-the-proxy")
})

/** A proxy and a DEALER that goes through it. */
async function open(
  stage: Stage,
  behaviour?: SocksBehaviour,
  user?: readonly [name: string, password: string],
  // libzmq must not find the proxy gone when all is over: that is one of the things at which it aborts.
  options: object = stage.library === "zeromq" ? far : { reconnectInterval: 5 },
) {
  const dealer = stage.open("Dealer", options)
  const proxy = stage.keep(await SocksServer.listen(behaviour))
  dealer.socksProxy = proxy.address
  if (user !== undefined && stage.library === "zeromq") {
    const byNumber = dealer as unknown as { setStringOption(id: number, value: string): void }
    byNumber.setStringOption(SOCKS_USERNAME, user[0])
    byNumber.setStringOption(SOCKS_PASSWORD, user[1])
  } else if (user !== undefined) [dealer.socksUsername, dealer.socksPassword] = user
  return { proxy, dealer }
}
