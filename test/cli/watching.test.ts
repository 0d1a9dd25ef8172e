// The commands that look: ping, monitor, top, bench; and the proxy.
import assert from "node:assert/strict"
import { once } from "node:events"
import { existsSync, readFileSync } from "node:fs"
import { type AddressInfo, connect, createServer } from "node:net"
import { describe, test } from "node:test"
import * as zmq from "puremq"
import { eventually } from "../suites/deadline.js"
import { vacantPort } from "../suites/vacant-port.js"
import { ANY, cli, runCli } from "./command-line.js"

test("ping tells who is there, over tcp and ipc", async () => {
  for (const address of [ANY, "ipc://*"]) {
    using router = new zmq.Router({ routingId: "the router", metadata: { "X-Role": "broker" } })
    await router.bind(address)
    const said = await cli(`ping ${router.lastEndpoint}`).success()
    assert.match(
      said,
      /^\S+ {2}ZMTP 3\.1 {2}NULL {2}ROUTER {2}Identity=the router {2}X-Role=broker {2}\d+\.\d{3} ms\n$/,
    )
    const { properties } = JSON.parse(await cli(`ping --json ${router.lastEndpoint}`).success())
    assert.deepEqual(properties, { "Socket-Type": "ROUTER", Identity: "the router", "X-Role": "broker" })
  }
})

describe("ping of what is no ZeroMQ", () => {
  for (const [what, answer, complaint, code] of [
    ["says something else", "HTTP/1.1 400 Bad Request\r\n\r\n", /The peer does not speak ZMTP/, 1],
    ["says nothing", undefined, /is there, but did not greet in 3000 ms/, 124],
    ["hangs up", "", /the peer hung up/, 1],
  ] as const) {
    test(what, async (t) => {
      const server = createServer((socket) => {
        socket.on("error", () => {})
        if (answer !== undefined) socket.end(answer)
      }).listen(0, "127.0.0.1")
      await once(server, "listening")
      t.after(() => server.close())
      const ended = await runCli(
        `ping tcp://127.0.0.1:${(server.address() as AddressInfo).port} --timeout ${answer === undefined ? "3s" : "20s"}`,
      )
      assert.match(ended.complaints, complaint)
      assert.equal(ended.code, code)
    })
  }

  test("is not there", async () => {
    const ended = await runCli(`ping tcp://127.0.0.1:${await vacantPort()}`)
    assert.match(ended.complaints, /Connection refused \(ECONNREFUSED\)/)
    assert.equal(ended.code, 1)
  })
})

describe("ping of older peers, and of other mechanisms", () => {
  const old = (bytes: string): Buffer => Buffer.from(bytes, "hex")
  const greeting = (mechanism: string): Buffer =>
    Buffer.concat([
      old("ff00000000000000017f0301"),
      Buffer.from(mechanism.padEnd(20, "\0")),
      Buffer.alloc(32),
    ])
  for (const [what, says, said] of [
    ["ZMTP 1.0", old("0100"), / {2}ZMTP 1\.0 {2}\(type not told\) {2}/],
    ["ZMTP 2.0", old("ff00000000000000017f0106"), / {2}ZMTP 2\.0 {2}ROUTER {2}/],
    ["PLAIN", greeting("PLAIN"), / {2}ZMTP 3\.1 {2}PLAIN {2}\(type not told\) {2}/],
    ["CURVE", greeting("CURVE"), / {2}ZMTP 3\.1 {2}CURVE {2}\(type not told\) {2}/],
  ] as const) {
    test(what, async (t) => {
      const server = createServer((socket) => {
        socket.on("error", () => {})
        socket.once("data", () => socket.write(says))
      }).listen(0, "127.0.0.1")
      await once(server, "listening")
      t.after(() => server.close())
      assert.match(
        await cli(`ping tcp://127.0.0.1:${(server.address() as AddressInfo).port}`).success(),
        said,
      )
    })
  }
})

test("monitor writes events as they come", async () => {
  using router = new zmq.Router()
  await router.bind(ANY)
  const endpoint = router.lastEndpoint as string
  await using monitor = cli(`monitor ${endpoint} --json -n 4`)
  await monitor.said(/"handshake"/)
  router.close()
  const events = (await monitor.success())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    events.map(({ type }) => type),
    ["connect:delay", "connect", "handshake", "disconnect"],
  )
  const { time, ...handshake } = events[2]
  assert.ok(Math.abs(Date.now() - time) < 60_000)
  assert.deepEqual(handshake, {
    type: "handshake",
    address: endpoint,
    peerAddress: endpoint,
    peerSocketType: "ROUTER",
  })
})

test("monitor tells why a handshake fails, and which peers come", async () => {
  await using monitor = cli(`monitor -b ${ANY} --type pull`)
  const [, endpoint = ""] = await monitor.said(/^\d{4}-\d\d-\d\dT\S+Z bind (\S+)$/m)
  const stranger = connect(Number(endpoint.replace(/.*:/, "")), "127.0.0.1").on("error", () => {})
  stranger.write("GET / HTTP/1.1\r\n\r\n")
  await monitor.said(
    /handshake:error:protocol \S+ peer=tcp:\S+ error=The peer does not speak ZMTP.*ERR_ZMTP_UNSPECIFIED/,
  )
  stranger.destroy()
  monitor.signal("SIGINT")
  assert.equal((await monitor.ended()).code, 130)
})

test("top tells rates by endpoint and topic", async () => {
  await using one = cli(`pub -b ${ANY} -v -F , -m a.x,1 -m b.y,2 --repeat --rate 200`)
  await using two = cli(`pub -b ${ANY} -v -m c --repeat --rate 200`)
  const endpoints = [await one.endpoint(), await two.endpoint()]
  await using top = cli(`top ${endpoints.join(" ")} --interval 1s -n 2 --depth 1 --json`)
  const [, last] = (await top.success())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
  const rows = last.rows.map((row: Record<string, unknown>) => [row.endpoint, row.topic]).sort()
  assert.deepEqual(
    rows,
    [
      [endpoints[0], "a"],
      [endpoints[0], "b"],
      [endpoints[1], "c"],
    ].sort(),
  )
  // Two publishers of 200 messages a second on a machine that may be busy.
  assert.ok(last.messagesPerSecond > 20 && last.messagesPerSecond < 2000, last.messagesPerSecond)
  await using lines = cli(`top ${endpoints[0]} --interval 500ms -n 1 -t a`)
  assert.match(
    await lines.success(),
    /^\S+Z\ttcp:\S+\ta\.x\t\d+ msg\/s\t\d+ B\/s\n\S+Z\ttotal\t\t\d+ msg\/s\t\d+ B\/s\n$/,
  )
})

test("bench measures over each transport", async () => {
  const measured = (await cli("bench --json --time 20ms --size 10 --size 20000").success())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    measured.map(({ transport, size }) => [transport, size]),
    ["tcp", "ipc", "inproc"].flatMap((transport) => [10, 20_000, undefined].map((size) => [transport, size])),
  )
  for (const { size, messagesPerSecond, oneWayMicroseconds } of measured) {
    assert.ok((size === undefined ? oneWayMicroseconds : messagesPerSecond) > 0)
  }
  assert.match(
    await cli("bench --time 20ms --transport inproc --size 1").success(),
    /^inproc +1 B +[\d,]+ msg\/s/,
  )
})

test("bench ends with a signal, and what it started too", {
  skip: existsSync("/proc/self/task") ? false : "there is no /proc to see processes in",
}, async () => {
  await using bench = cli("bench --transport tcp --size 100 --time 60s --verbose")
  // Its peer is the one child that it has.
  const children = `/proc/${bench.pid}/task/${bench.pid}/children`
  const child = await eventually(
    async () => readFileSync(children, "utf8").trim() || undefined,
    "the other process to start",
  )
  bench.signal("SIGTERM")
  assert.equal((await bench.ended()).code, 143)
  await eventually(async () => {
    try {
      return readFileSync(`/proc/${child}/cmdline`, "utf8") === ""
    } catch {
      // It may have gone between any two looks.
      return true
    }
  }, "it to end")
})

test("a proxy passes messages on, shows a capture what it passes, and counts", async () => {
  await using proxy = cli(`proxy forwarder ${ANY} ${ANY} --capture ${ANY} -v`)
  await proxy.complained(/(bind .*\n){3}/)
  const [front, back, capture] = [...proxy.complaints.matchAll(/^bind (\S+)/gm)].map((match) => match[1])
  await using seen = cli(`sub ${capture} -n 2 --hex`)
  // Who captures has subscribed when he sees the subscription of the other one come by.
  await using pub = cli(`pub ${front} --wait 1 -t t -m hello`)
  await proxy.complained(/type=SUB/)
  await using sub = cli(`sub ${back} -n 1 -t t`)
  assert.equal(await sub.success(), "t\thello\n")
  await pub.success()
  await seen.said(/74 68656c6c6f\n/)
  proxy.signal("SIGTERM")
  const { code, complaints } = await proxy.ended()
  assert.equal(code, 143)
  assert.match(complaints, /to the back end: 1 messages, 6 bytes/)
})

test("a queue shares requests out, and connects an end that is marked", async () => {
  await using worker = cli(`rep -b ${ANY} -v --echo`)
  await using proxy = cli("proxy queue", ANY, `>${await worker.endpoint()}`, "-v")
  const [, front = ""] = await proxy.complained(/^bind (\S+)/m)
  assert.equal(await cli(`req ${front} -m hello`).success(), "hello\n")
})
