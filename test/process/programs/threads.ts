// Threads and what keeps them, and their process, alive. Workers run this program again.
import { isMainThread, Worker, workerData } from "node:worker_threads"
import { Dealer, Pair, Pull, Push, Reply, Request, Router } from "puremq"
import { play, say } from "./play.js"

const deeds = {
  /** Bound, connected, and nothing to do. */
  async idle() {
    const router = new Router()
    await router.bind("inproc://idle")
    new Dealer().connect("inproc://nobody")
    say("idle")
  },

  async idleWithPeer() {
    const dealer = new Dealer()
    dealer.connect("inproc://main")
    await dealer.send("hello")
    say(`received ${await dealer.receive()}`)
  },

  async receive() {
    const pull = new Pull()
    await pull.bind("inproc://receive")
    say(`received ${await pull.receiveString()}`)
  },

  async send() {
    const push = new Push()
    push.connect("inproc://late")
    await push.send("sent before anybody was there")
    say("sent")
  },

  async sender() {
    const pair = new Pair()
    await pair.bind("inproc://pair")
    await pair.send("Hello from the worker!")
    say(await pair.receiveString())
  },

  async receiver() {
    const pair = new Pair()
    pair.connect("inproc://pair")
    say(await pair.receiveString())
    await pair.send("Hello back!")
  },

  async nested(): Promise<void> {
    start("receiver")
    await deeds.sender()
  },
}

function start(deed: keyof typeof deeds): Worker {
  return new Worker(new URL(import.meta.url), { workerData: deed })
}

if (!isMainThread) await deeds[workerData as keyof typeof deeds]()
else
  await play({
    idle: () => void start("idle"),

    /** The main thread has a peer in a worker, and both have nothing to do. */
    async idleWithPeer() {
      const router = new Router()
      await router.bind("inproc://main")
      start("idleWithPeer")
      const [id = ""] = await router.receive()
      await router.send([id, "welcome"])
    },

    async receive() {
      start("receive")
      const push = new Push()
      push.connect("inproc://receive")
      await push.send("message")
    },

    /** The main thread waits for a message that comes late, and has nothing else to do. */
    async late() {
      const pull = new Pull()
      start("send").on("exit", () => say("ended"))
      await new Promise((resolve) => setTimeout(resolve, 300))
      await pull.bind("inproc://late")
      say(`received ${await pull.receiveString()}`)
    },

    twoWorkers() {
      start("sender")
      start("receiver")
    },

    nested: () => void start("nested"),

    /** A request that is answered, by somebody who is no thread. */
    async alone() {
      const [request, reply] = [new Request(), new Reply()]
      request.connect("inproc://alone")
      await reply.bind("inproc://alone")
      await request.send("question")
      await reply.send(await reply.receive())
      say(`received ${await request.receive()}`)
    },
  })
