// Whoever finds the port without speaking ZMTP: turned away, and nobody else notices.
import assert from "node:assert/strict"
import { randomBytes } from "node:crypto"
import { queryObjects } from "node:v8"
import { Worker } from "node:worker_threads"
import * as modules from "#src/index.js"
import { ZmtpLink } from "#src/link/zmtp.js"
import { Decoder } from "#src/wire/decoder.js"
import { eventually, within } from "../suites/deadline.js"
import { type Stage, scenario } from "../suites/stage.js"
import { take } from "../suites/talk.js"
import { MockPeer } from "./mock-peer.js"
import { codeOf, dial, EventLog, here, meet, roles } from "./wire-stage.js"
import { greeting, message, ready } from "./zmtp-bytes.js"

const clientHello = Buffer.from(
  `16030100c8010000c40303${"5a".repeat(32)}20${"a5".repeat(32)}000613011302130301000075`,
  "hex",
)

const strangers: [what: string, bytes: Buffer][] = [
  ["an HTTP request", Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")],
  ["a WebSocket's upgrade", Buffer.from("GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n")],
  ["a TLS hello", clientHello],
  ["an SSH banner", Buffer.from("SSH-2.0-OpenSSH_9.6\r\n")],
  ["an SMTP greeting", Buffer.from("EHLO localhost\r\n")],
  ["zeros", Buffer.alloc(1000)],
  ["ones", Buffer.alloc(1000, 0xff)],
  ["one wrong byte", Buffer.from("00", "hex")],
]

for (const role of roles) {
  for (const [what, bytes] of strangers) {
    here(`a PULL that ${role} turns away ${what}, once`, async (stage) => {
      const { socket, mock, events } = await meet(stage, role, "Pull")
      await mock.send(bytes)
      const event = await events.next("handshake:error:protocol")
      assert.ok(["ERR_ZMTP_UNSPECIFIED", "ERR_ZMTP_MECHANISM_MISMATCH"].includes(String(codeOf(event))))
      await events.next("disconnect")
      await mock.ended()
      socket.close()
      assert.ok(!(await events.whole()).includes("connect:retry"))
    })
  }

  for (const how of ["finish", "reset", "close"] as const) {
    here(`a PULL that ${role} survives a port scanner's ${how}`, async (stage) => {
      const { socket, mock, events, again } = await meet(stage, role, "Pull")
      await events.next(role === "binds" ? "accept" : "connect")
      mock[how]()
      await events.next("handshake:error:other")
      await events.next("disconnect")
      const next = await again()
      await next.shakeHands("PUSH")
      await next.send(message("an honest one"))
      assert.deepEqual(await take(socket), ["an honest one"])
    })
  }
}

here("strangers leave an honest peer's traffic alone", async (stage) => {
  const { socket, mock, events, again } = await meet(stage, "binds", "Pair")
  await mock.shakeHands("PAIR")
  await events.next("handshake")
  for (const [what, bytes] of strangers) {
    const stranger = await again()
    await mock.send(message("amid", what).subarray(0, 3))
    await stranger.send(bytes)
    await stranger.ended()
    await mock.send(message("amid", what).subarray(3))
    assert.deepEqual(await take(socket), ["amid", what])
    await socket.send(what)
    assert.deepEqual(await mock.takeMessage(), [what])
  }
  assert.ok(mock.isOpen)
})

// With the modules themselves: what "puremq" names is one that has classes of its own, alike in all but their place.
const zmq = modules as unknown as typeof import("puremq")
const apart = { library: { name: "puremq", zmq }, transport: "tcp" } as const

scenario(apart, "1,000 garbage connections leave neither memory nor timers", async (stage) => {
  const pull = stage.open("Pull")
  let ends = 0
  pull.events.on("disconnect", () => {
    ends += 1
  })
  const address = await stage.bind(pull)
  await annoy(address, 20)
  const before = held()
  for (let batch = 0; batch < 10; batch++) await annoy(address, 100)
  await eventually(async () => ends === 1020, "all disconnections")
  // The last closures of node:net are told a turn later.
  await eventually(async () => {
    const { links, decoders, timers } = held()
    return links <= before.links && decoders <= before.decoders && timers <= before.timers + 2
  }, "links, decoders and timers to go")
  const honest = await dial(stage, address)
  await honest.shakeHands("PUSH")
  await honest.send(message("still here"))
  assert.deepEqual(await take(pull), ["still here"])
  const { links, decoders } = held()
  assert.ok(links > 0 && decoders > 0, "what is counted is not what is used")
})

// How many connections wait before the kernel falls silent is its own affair; Linux keeps one more than asked.
if (process.platform === "linux") {
  here(
    "a connection that nobody accepts is given up after connectTimeout, and tried again",
    async (stage) => {
      const address = await deafAddress(stage)
      const push = stage.open("Push", { connectTimeout: 60, reconnectInterval: 1 })
      const events = new EventLog(push)
      push.connect(address)
      for (let count = 0; count < 2; count++) {
        await events.next("close")
        await events.next("connect:retry")
      }
      assert.ok(!events.types.includes("connect"))
    },
  )
}

/** Opens so many connections, each with a garbage of its own, and waits for their ends. */
async function annoy(address: string, count: number): Promise<void> {
  const peers = await Promise.all(Array.from({ length: count }, () => MockPeer.dial(address)))
  await Promise.all(
    peers.map(async (peer, index) => {
      const garbage = [
        // No version begins so: what is random may be a fine greeting of ZMTP 1.0.
        Buffer.concat([Buffer.of(0), randomBytes(100)]),
        Buffer.concat([greeting(), randomBytes(100)]),
        Buffer.concat([greeting(), ready("PUSH"), Buffer.alloc(100, 0xee)]),
        greeting().subarray(0, index % 64),
        Buffer.concat([greeting(), ready("PUSH"), message("x", "y").subarray(0, -1)]),
      ][index % 5] as Buffer
      await peer.send(garbage)
      if (index % 2 === 0) peer.finish()
      else peer.reset()
      await peer.ended()
      peer.close()
    }),
  )
}

function held(): { links: number; decoders: number; timers: number } {
  const timer = setTimeout(() => {}, 0)
  clearTimeout(timer)
  return {
    links: Number(queryObjects(ZmtpLink)),
    decoders: Number(queryObjects(Decoder)),
    timers: Number(queryObjects(timer.constructor as new () => object)),
  }
}

/** An address whose listener's queue is full, so that the kernel answers no further attempt. */
async function deafAddress(stage: Stage): Promise<string> {
  const script = `
    const { parentPort, workerData } = require("node:worker_threads")
    const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
      parentPort.postMessage(server.address().port)
      Atomics.wait(workerData, 0, 0)
      process.exit()
    })`
  const wake = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(script, { eval: true, workerData: wake })
  stage.keep({
    close: () => {
      Atomics.store(wake, 0, 1)
      Atomics.notify(wake, 0)
      void worker.terminate()
    },
  })
  const port = await within(new Promise((resolve) => worker.once("message", resolve)), "the deaf listener")
  const address = `tcp://127.0.0.1:${port}`
  for (let count = 0; count < 2; count++) await dial(stage, address)
  return address
}
