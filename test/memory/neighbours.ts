// A peer that stops reading beside one that reads: what it costs, and that the other one does not notice.
import assert from "node:assert/strict"
import * as zmq from "puremq"
import { eventually, within } from "../suites/deadline.js"
import { heldAtRest } from "./holdings.js"
import { betweenQueues, wireBytes } from "./stalled.js"

export interface Neighbours {
  readonly transport: "tcp" | "ipc" | "ws"
  readonly size: number
  readonly mark: number
  readonly milliseconds: number
}

export interface NeighboursResult {
  /** Messages that the reader got, which were all. */
  readonly sent: number
  /** Messages that the stalled peer got when it read again, and how many it can be at most. */
  readonly kept: number
  readonly bound: number
  readonly risen: number
}

/** Fewer than any mark, so that who reads loses none. */
const BURST = 5

/** A PUB drops what a subscriber has no room for. */
export async function publish(plan: Neighbours): Promise<NeighboursResult> {
  await using context = new zmq.Context()
  const pub = new zmq.XPublisher({ context, sendHighWaterMark: plan.mark, linger: 0 })
  await pub.bind(endpoint(plan))
  const [reader, stalled] = [0, 1].map(() => {
    const socket = new zmq.Subscriber({ context, receiveHighWaterMark: plan.mark })
    socket.connect(pub.lastEndpoint as string)
    return socket
  }) as [zmq.Subscriber, zmq.Subscriber]
  reader.subscribe("both")
  await within(pub.receive(), "the reader's subscription")
  // A topic of its own: of a second subscription to the same one the PUB would not tell.
  stalled.subscribe("bot")
  await within(pub.receive(), "the other one's subscription")
  return await run(plan, reader, stalled, (number, body) => {
    assert.ok(pub.trySend(["both", String(number), body]), "a PUB never waits")
  })
}

/** A ROUTER drops what a peer has no room for, or says so when it is mandatory. */
export async function route(plan: Neighbours, mandatory: boolean): Promise<NeighboursResult> {
  await using context = new zmq.Context()
  const router = new zmq.Router({ context, mandatory, sendHighWaterMark: plan.mark, linger: 0 })
  await router.bind(endpoint(plan))
  const [reader, stalled] = ["reader", "stalled"].map((routingId) => {
    const socket = new zmq.Dealer({ context, routingId, receiveHighWaterMark: plan.mark })
    socket.connect(router.lastEndpoint as string)
    return socket
  }) as [zmq.Dealer, zmq.Dealer]
  for (const dealer of [reader, stalled]) {
    await dealer.send("here")
    await within(router.receive(), "a dealer's word")
  }
  let refused = 0
  const result = await run(plan, reader, stalled, (number, body) => {
    if (!router.trySend(["stalled", "both", String(number), body])) refused++
    assert.ok(
      router.trySend(["reader", "both", String(number), body]),
      "a full peer was in the way of another",
    )
  })
  assert.equal(refused > 0, mandatory, `${refused} messages were refused`)
  return result
}

async function run(
  plan: Neighbours,
  reader: zmq.Readable,
  stalled: zmq.Readable,
  send: (number: number, body: Buffer) => void,
): Promise<NeighboursResult> {
  const body = Buffer.alloc(plan.size)
  const bound = 2 * plan.mark + Math.ceil(betweenQueues(plan.transport, plan.size) / wireBytes(plan.size))
  let sent = 0
  const burst = async (): Promise<void> => {
    const first = sent
    while (sent < first + BURST) send(sent++, body)
    for (let number = first; number < sent; number++) assert.equal(await take(reader), number)
  }
  while (sent <= bound) await burst()
  const before = await heldAtRest()
  const end = performance.now() + plan.milliseconds
  while (performance.now() < end) await burst()
  const risen = (await heldAtRest()) - before

  let kept = 0
  let last = -1
  await eventually(async () => {
    for (let message = stalled.tryReceive(); message !== undefined; message = stalled.tryReceive()) {
      kept++
      const number = Number(message[1])
      assert.ok(number > last, `${number} came behind ${last}`)
      last = number
    }
    // A message that comes after there is room again shows that all before it has come.
    if (last < sent - 1) send(sent++, body)
    return last >= sent - 1
  }, "the stalled peer to catch up")
  return { sent, kept, bound: bound + BURST, risen }
}

async function take(socket: zmq.Readable): Promise<number> {
  const [, number] = await within(socket.receive(), "a message for the one that reads")
  return Number(number)
}

function endpoint({ transport }: Neighbours): string {
  return transport === "ipc" ? "ipc://*" : `${transport}://127.0.0.1:*`
}
