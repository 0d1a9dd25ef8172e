// Operations that have not completed yet.
import { Dealer, eachMessage, Pull, Push, poll, proxy, streamer, ZmqError } from "puremq"
import { play, say } from "./play.js"

async function bound<
  S extends { bind(address: string): Promise<void>; readonly lastEndpoint: string | null },
>(socket: S): Promise<S> {
  await socket.bind("tcp://127.0.0.1:0")
  say(`bound ${socket.lastEndpoint}`)
  return socket
}

function reasonOf(error: unknown): string {
  if (error instanceof ZmqError) return error.code
  return error instanceof Error ? error.name : String(error)
}

await play({
  async receive() {
    const pull = await bound(new Pull())
    say(`received ${await pull.receiveString()}`)
  },

  async send() {
    const push = await bound(new Push())
    await push.send("at last")
    say("sent")
  },

  async bind() {
    const pull = new Pull()
    pull.bind("tcp://127.0.0.1:0").then(() => say("bound"))
  },

  async loop() {
    const pull = await bound(new Pull())
    for await (const [body] of pull) {
      say(`received ${body}`)
      if (String(body) === "stop") pull.close()
    }
    say("the loop is over")
  },

  async proxy() {
    const { frontEnd, backEnd } = streamer()
    await bound(frontEnd)
    backEnd.connect(process.argv[3] as string)
    proxy(frontEnd, backEnd).then(() => say("ended"))
    // The proxy alone has them now.
    globalThis.gc?.()
    globalThis.setTimeout(() => globalThis.gc?.(), 50).unref()
    frontEnd.events.on("disconnect", () => frontEnd.close())
  },

  async event() {
    const pull = await bound(new Pull())
    const { type } = await pull.events.receive()
    say(`event ${type}`)
  },

  async poll() {
    const pull = await bound(new Pull())
    const [ready] = await poll([pull])
    say(`ready ${ready?.readable}`)
    for await (const [, message] of eachMessage([pull])) {
      say(`received ${message}`)
      if (String(message) === "two") break
    }
  },

  async handler() {
    const pull = await bound(new Pull())
    pull.events.on("handshake", ({ type }) => {
      say(`event ${type}`)
      pull.close()
    })
  },

  /** The time runs out while nothing else keeps the process. */
  async timeout() {
    const pull = new Pull({ receiveTimeout: 50 })
    const push = new Push({ sendTimeout: 60 })
    await pull.receive().catch((error: unknown) => say(`receive: ${reasonOf(error)}`))
    await push.send("x").catch((error: unknown) => say(`send: ${reasonOf(error)}`))
  },

  async aborted() {
    const controller = new AbortController()
    const { signal } = controller
    const dealer = await bound(new Dealer())
    const receive = dealer.receive({ signal })
    const send = dealer.send("x", { signal })
    controller.abort()
    for (const result of await Promise.allSettled([receive, send])) {
      say(result.status === "rejected" ? reasonOf(result.reason) : "fulfilled")
    }
  },

  /** Pending and quick operations by turns: afterwards the count of what is pending must be right again. */
  async counted(rounds: string) {
    const pull = await bound(new Pull())
    pull.bindSync("inproc://counted")
    const push = new Push()
    push.connect("inproc://counted")
    for (let round = 0; round < Number(rounds); round += 2) {
      const pending = pull.receive()
      await push.send("pending")
      await push.send("quick")
      await pending
      await pull.receive()
    }
    say("counted")
    say(`received ${await pull.receiveString()}`)
  },
})
