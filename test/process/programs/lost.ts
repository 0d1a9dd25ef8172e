// Sockets that the program lost every reference to. Run with --expose-gc.
import { setImmediate as turn } from "node:timers/promises"
import * as zmq from "puremq"
import { Context, Pull, Push } from "puremq"
import { play, say } from "./play.js"

const collect = globalThis.gc
if (collect === undefined) throw new Error("Run with --expose-gc")

/** Collects garbage again and again until `done`; finalizers run in turns of their own. */
async function collectUntil(done: () => boolean): Promise<void> {
  while (!done()) {
    collect?.()
    await turn()
  }
}

/** Says when so many collections are over that anything which could be collected has been. */
function sayAndWaitFor(done: () => boolean): () => boolean {
  let collections = 0
  return () => {
    collections += 1
    if (collections === 20) say("collected")
    return done()
  }
}

async function bindAndLose(): Promise<void> {
  const pull = new Pull()
  await pull.bind("tcp://127.0.0.1:0")
  say(`bound ${pull.lastEndpoint}`)
  await pull.receive()
}

/** Only the promise of a message is kept. */
function receiveAndLose(): Promise<string> {
  const pull = new Pull()
  pull.bindSync("tcp://127.0.0.1:0")
  say(`bound ${pull.lastEndpoint}`)
  return pull.receiveString()
}

async function loopAndLose(): Promise<void> {
  const pull = new Pull()
  await pull.bind("tcp://127.0.0.1:0")
  say(`bound ${pull.lastEndpoint}`)
  for await (const [body] of pull) {
    say(`received ${body}`)
    if (String(body) === "stop") return
  }
}

const registry = new FinalizationRegistry<() => void>((count) => count())

/** Neither bound nor connected. */
function makeOfEachKind(count: () => void): number {
  const kinds = [
    ...[zmq.Dealer, zmq.Pair, zmq.Publisher, zmq.Pull, zmq.Push, zmq.Reply, zmq.Request],
    ...[zmq.Router, zmq.Stream, zmq.Subscriber, zmq.XPublisher, zmq.XSubscriber],
  ]
  for (const kind of kinds) {
    const socket = new kind()
    socket.events.on("bind", () => {})
    registry.register(socket, count)
  }
  return kinds.length
}

async function connectAndLose(address: string, vacant: string, count: () => void): Promise<void> {
  const push = new Push()
  push.connect(address)
  await push.send("here")
  push.connect(vacant)
  let queued = 0
  while (queued < 100) if (push.trySend(`${queued}`)) queued += 1
  registry.register(push, count)
}

/** A function of its own: a loop's frame would hold its last socket. */
async function makeAndLoseOne(context: Context, address: string, count: () => void): Promise<void> {
  const push = new Push({ context, linger: 0 })
  push.connect(address)
  await push.send("also lost")
  registry.register(push, count)
}

/** More sockets than the context may have at a time, a few at a time. */
async function makeAndLose(context: Context, count: number): Promise<void> {
  let finalized = 0
  for (let made = 1; made <= count; made += 1) {
    await makeAndLoseOne(context, `inproc://lost-${made % 50}`, () => {
      finalized += 1
    })
    if (made % 500 > 0) continue
    await collectUntil(() => finalized === made)
    // The library's finalizer may have its turn after ours.
    await turn()
  }
}

/** Bytes of the heap once nothing more can be collected: what one collection finalizes a later one finds unused. */
async function heapAtRest(): Promise<number> {
  for (let turns = 0; turns < 10; turns += 1) {
    collect?.()
    await turn()
  }
  return process.memoryUsage().heapUsed
}

await play({
  async closed() {
    const control = new Pull()
    await control.bind("tcp://127.0.0.1:0")
    say(`control ${control.lastEndpoint}`)
    let over = false
    void control.receive().then(() => (over = true))
    await bindAndLose()
    await collectUntil(() => over)
  },

  async receiving() {
    let received: string | undefined
    void receiveAndLose().then((text) => (received = text))
    await collectUntil(sayAndWaitFor(() => received !== undefined))
    say(`received ${received}`)
  },

  async looping() {
    let over = false
    void loopAndLose().then(() => (over = true))
    await collectUntil(sayAndWaitFor(() => over))
    say("the loop is over")
  },

  async unconnected() {
    let gone = 0
    const made = makeOfEachKind(() => (gone += 1))
    await collectUntil(() => gone === made)
    say(`${gone} are gone`)
  },

  /** A socket with a peer, and with messages for another one that has not come yet. */
  async connected(address: string, vacant: string) {
    let gone = 0
    await connectAndLose(address, vacant, () => (gone += 1))
    await collectUntil(() => gone === 1)
    say("is gone")
  },

  /** The heap that so many lost sockets leave behind, in KiB. */
  async many(count: string) {
    const context = new Context({ maxSockets: 600 })
    await makeAndLose(context, 1000)
    const before = await heapAtRest()
    await makeAndLose(context, Number(count))
    const after = await heapAtRest()
    say(`grown by ${Math.round((after - before) / 1024)}`)
    await context.term()
    say("terminated")
  },
})
