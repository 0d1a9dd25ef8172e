// A stream through a proxy whose other side is slow: that all of it comes, in order, and what it holds meanwhile.
import assert from "node:assert/strict"
import { setImmediate as turn } from "node:timers/promises"
import * as zmq from "puremq"
import { eventually, within } from "../suites/deadline.js"
import { takeHoldings } from "./holdings.js"

export interface Proxied {
  /** Messages that are sent, in all. */
  readonly count: number
  readonly mark: number
}

export interface ProxiedResult {
  readonly received: number
  /** Bytes held at most beyond what was held at the beginning. */
  readonly risen: number
}

const CLIENTS = 4
/** How often memory is looked at. */
const LOOKS = 20
/** So many messages are received in a turn of the event loop, by who is slow. */
const SLOW_STEP = 500

/**
 * Requests from some DEALERs through ROUTER and DEALER to one that is slow, which answers each. A ROUTER drops answers
 * that a client has no room for, so each client has so many on their way at most.
 */
export async function routeProxied({ count, mark }: Proxied): Promise<ProxiedResult> {
  await using context = new zmq.Context()
  const marks = { sendHighWaterMark: mark, receiveHighWaterMark: mark, linger: 0 }
  const device = zmq.queue({
    frontEnd: new zmq.Router({ context, ...marks }),
    backEnd: new zmq.Dealer({ context, ...marks }),
  })
  await device.frontEnd.bind("tcp://127.0.0.1:*")
  await device.backEnd.bind("tcp://127.0.0.1:*")
  const ended = device.run()
  const worker = new zmq.Dealer({ context, ...marks })
  worker.connect(device.backEnd.lastEndpoint as string)
  const watch = new Watch(count)
  const each = Math.ceil(count / CLIENTS)
  const work = async (): Promise<void> => {
    for (let done = 0; done < each * CLIENTS; done++) {
      await worker.send(await worker.receive())
      if (done % SLOW_STEP === 0) await turn()
      watch.look(done)
    }
  }
  const ask = async (client: zmq.Dealer): Promise<void> => {
    let answered = 0
    for (let sent = 0; sent < each; sent++) {
      await client.send(String(sent))
      for (const allowed = Math.min(mark - 1, each); sent - answered >= allowed - 1; ) await hear()
    }
    while (answered < each) await hear()
    async function hear(): Promise<void> {
      const [answer] = await client.receive()
      assert.equal(String(answer), String(answered), "an answer was lost or out of order")
      answered++
    }
  }
  const clients = Array.from({ length: CLIENTS }, () => {
    const client = new zmq.Dealer({ context, ...marks })
    client.connect(device.frontEnd.lastEndpoint as string)
    return client
  })
  await within(Promise.all([work(), ...clients.map(ask)]), "all answers", 120_000)
  const { toBackEnd, toFrontEnd } = device.statistics
  assert.equal(toBackEnd.messages, each * CLIENTS)
  assert.equal(toFrontEnd.messages, each * CLIENTS)
  device.terminate()
  await ended
  return { received: toFrontEnd.messages, risen: watch.risen }
}

/** Work through PULL and PUSH to one that is slow: who hands it out has to wait, and nothing is dropped. */
export async function streamProxied({ count, mark }: Proxied): Promise<ProxiedResult> {
  await using context = new zmq.Context()
  const sends = { context, sendHighWaterMark: mark, linger: 0 }
  const receives = { context, receiveHighWaterMark: mark }
  const device = zmq.streamer({ frontEnd: new zmq.Pull(receives), backEnd: new zmq.Push(sends) })
  await device.frontEnd.bind("tcp://127.0.0.1:*")
  await device.backEnd.bind("tcp://127.0.0.1:*")
  const ended = device.run()
  const pull = new zmq.Pull(receives)
  pull.connect(device.backEnd.lastEndpoint as string)
  const watch = new Watch(count)
  const each = Math.ceil(count / CLIENTS)
  const send = async (name: number): Promise<void> => {
    const push = new zmq.Push(sends)
    push.connect(device.frontEnd.lastEndpoint as string)
    for (let sent = 0; sent < each; sent++) await push.send([String(name), String(sent)])
  }
  const receive = async (): Promise<void> => {
    const next = new Array<number>(CLIENTS).fill(0)
    for (let received = 0; received < each * CLIENTS; received++) {
      const [name, number] = await pull.receive()
      const from = Number(name)
      assert.equal(Number(number), next[from], "a message was lost or out of order")
      next[from] = Number(number) + 1
      if (received % SLOW_STEP === 0) await turn()
      watch.look(received)
    }
  }
  await within(
    Promise.all([receive(), ...Array.from({ length: CLIENTS }, (_, name) => send(name))]),
    "all",
    120_000,
  )
  device.terminate()
  await ended
  return { received: each * CLIENTS, risen: watch.risen }
}

/**
 * Publishes through XSUB and XPUB to one subscriber that keeps up and one that does not read: the first gets all that
 * the proxy got, in order, and the other one costs no more than its marks.
 */
export async function publishProxied({ count, mark }: Proxied): Promise<ProxiedResult> {
  await using context = new zmq.Context()
  const sends = { sendHighWaterMark: mark, linger: 0 }
  const receives = { receiveHighWaterMark: mark }
  const device = zmq.forwarder({
    frontEnd: new zmq.XSubscriber({ context, ...sends, ...receives }),
    backEnd: new zmq.XPublisher({ context, ...sends, ...receives }),
  })
  await device.frontEnd.bind("tcp://127.0.0.1:*")
  await device.backEnd.bind("tcp://127.0.0.1:*")
  const ended = device.run()
  const publisher = new zmq.XPublisher({ context, ...sends })
  publisher.connect(device.frontEnd.lastEndpoint as string)
  const [reader, stalled] = ["n", "number"].map((topic) => {
    const subscriber = new zmq.Subscriber({ context, ...receives })
    subscriber.subscribe(topic)
    subscriber.connect(device.backEnd.lastEndpoint as string)
    return subscriber
  }) as [zmq.Subscriber, zmq.Subscriber]
  for (let count = 0; count < 2; count++) await within(publisher.receive(), "a subscription")
  const watch = new Watch(count)
  // So few at a time that nobody who reads has to lose any.
  const burst = mark >> 1
  for (let sent = 0; sent < count; ) {
    const end = Math.min(sent + burst, count)
    for (let number = sent; number < end; number++) await publisher.send(["number", String(number)])
    for (; sent < end; sent++) {
      const [, number] = await within(reader.receive(), `message ${sent}`)
      assert.equal(Number(number), sent, "a message was lost or out of order")
      watch.look(sent)
    }
  }
  let last = -1
  let end = count
  await eventually(async () => {
    for (let message = stalled.tryReceive(); message !== undefined; message = stalled.tryReceive()) {
      assert.ok(Number(message[1]) > last, "the stalled one got messages out of order")
      last = Number(message[1])
    }
    if (last >= count) return true
    await publisher.send(["number", String(end++)])
    return false
  }, "the stalled subscriber to catch up")
  device.terminate()
  await ended
  return { received: count, risen: watch.risen }
}

/** Looks at memory now and then. */
class Watch {
  risen = 0
  private readonly every: number
  private readonly before: number = takeHoldings().memory

  constructor(count: number) {
    this.every = Math.ceil(count / LOOKS)
  }

  look(done: number): void {
    if (done % this.every === 0) this.risen = Math.max(this.risen, takeHoldings().memory - this.before)
  }
}
