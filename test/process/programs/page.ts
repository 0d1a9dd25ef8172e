// A page's program: what `puremq` gives a browser, used where there is nothing but what browsers have.
import {
  attachPort,
  Context,
  Pair,
  Publisher,
  Pull,
  Push,
  Request,
  Socket,
  Subscriber,
  ZmqError,
} from "puremq"
import { Client, Dish, Radio, Server } from "puremq/draft"

interface Page {
  readonly servers: readonly string[]
  say(line: string): void
}
const { servers, say } = globalThis as unknown as Page
const global = globalThis as { Buffer?: unknown; process?: unknown }

say(`Buffer: ${global.Buffer}, process: ${global.process}`)

const [push, pull] = [new Push(), new Pull()]
await pull.bind("inproc://page")
push.connect("inproc://page")
await push.send(["text ü", new Uint8Array([1, 2, 255]), null])
const [text, bytes, empty] = await pull.receive()
say(`${text} ${bytes?.toString("hex")} ${empty?.length} ${bytes instanceof Uint8Array}`)
say(
  `${text?.subarray(5)} ${text?.equals(new TextEncoder().encode("text ü"))} ${text?.toString("latin1").length}`,
)

for (const server of servers) {
  const request = new Request({ linger: 0, receiveTimeout: 20_000 })
  request.connect(server)
  for (const size of [0, 100, 100_000]) {
    await request.send("x".repeat(size))
    const [answer] = await request.receive()
    say(`answered ${answer}`)
  }
  request.close()
}

const [publisher, subscriber] = [new Publisher(), new Subscriber()]
subscriber.subscribe("weather")
await publisher.bind("inproc://news")
subscriber.connect("inproc://news")
await publisher.send(["sports", "no"])
await publisher.send(["weather", "sunny"])
for await (const [topic, body] of subscriber) {
  say(`${topic}: ${body}`)
  break
}

const [radio, dish] = [new Radio(), new Dish()]
dish.join("weather")
await radio.bind("inproc://radio")
dish.connect("inproc://radio")
await radio.send("no", { group: "sports" })
await radio.send("sunny", { group: "weather" })
const [report, { group }] = await dish.receive()
say(`${group}: ${report}, ${radio instanceof Socket}`)

const [asks, answers] = [new Client(), new Server()]
await answers.bind("inproc://answers")
asks.connect("inproc://answers")
await asks.send("a question")
const [received, who] = await answers.receive()
await answers.send(`answer to ${received}`, who)
say(String((await asks.receive())[0]))

const worker = new Context()
const { port1, port2 } = new MessageChannel()
attachPort(port1)
attachPort(port2, worker)
const [asked, asking] = [new Pair({ context: worker }), new Pair()]
asking.connect("inproc://worker")
await asked.bind("inproc://worker")
await asking.send(["question", new Uint8Array(100_000).fill(120)])
const [question, load] = await asked.receive()
await asked.send(`answer to ${question}, ${load?.length} ${load?.toString().slice(-3)}`)
say(String(await asking.receive()))

const pair = new Pair()
for (const address of ["tcp://127.0.0.1:5555", "ipc:///tmp/socket", "udp://127.0.0.1:5555"]) {
  try {
    pair.connect(address)
  } catch (error) {
    say(`connect ${address}: ${(error as ZmqError).code} ${error instanceof ZmqError}`)
  }
}
for (const address of ["tcp://127.0.0.1:*", "ws://127.0.0.1:*", "wss://127.0.0.1:*"]) {
  await pair.bind(address).catch((error: ZmqError) => say(`bind ${address}: ${error.code}`))
}

const waiting = new Pull({ receiveTimeout: 10 })
await waiting.receive().catch(({ code }: ZmqError) => say(`nothing came: ${code}`))
say("done")
