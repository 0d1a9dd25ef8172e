// Peers that want nothing but what the attacked socket is there for.
import assert from "node:assert/strict"
import * as zmq from "puremq"
import { within } from "../suites/deadline.js"
import type { ServerPlan } from "./plan.js"

/** Milliseconds that an honest peer waits for the attacked. */
const PATIENCE = 30_000

/** What honest peers got while an attack went on. */
export interface Service {
  /** Replies, or published messages. */
  served: number
  /** Peers that came during the attack and were served. */
  newcomers: number
  /** The longest that a peer had to wait, in milliseconds. */
  longestWait: number
}

/** Peers that are served before an attack, stay, and go on to be served. */
export class HonestPeers {
  private readonly service: Service = { served: 0, newcomers: 0, longestWait: 0 }
  private readonly kind: ServerPlan["kind"]
  private readonly address: string
  private readonly regulars: (() => Promise<void>)[] = []
  private readonly sockets: zmq.Socket[] = []

  constructor(kind: ServerPlan["kind"], address: string) {
    this.kind = kind
    this.address = address
  }

  async come(): Promise<void> {
    for (let count = 0; count < 3; count++) this.regulars.push(this.open())
    await this.serve()
  }

  /** Each regular once. */
  async serve(): Promise<void> {
    await Promise.all(this.regulars.map((serve) => this.timed(serve)))
  }

  /** Until `isOver`: each regular is served, and a newcomer. */
  async goOn(isOver: () => boolean): Promise<Service> {
    this.service.longestWait = 0
    this.service.served = 0
    while (!isOver()) {
      await this.serve()
      await this.timed(this.open())
      this.service.newcomers++
      this.sockets.pop()?.close()
    }
    return this.service
  }

  leave(): void {
    for (const socket of this.sockets) socket.close()
  }

  /** A new peer: what it returns has it served once. */
  private open(): () => Promise<void> {
    return this.kind === "Router" ? this.openAsker() : this.openSubscriber()
  }

  private openAsker(): () => Promise<void> {
    const dealer = new zmq.Dealer({ linger: 0 })
    this.sockets.push(dealer)
    dealer.connect(this.address)
    let number = 0
    return async () => {
      const text = `request ${number++}`
      dealer.receiveTimeout = 1000
      for (;;) {
        await dealer.send(["", text])
        try {
          let reply: Buffer[]
          do reply = await dealer.receive()
          while (String(reply[1]) !== text)
          return
        } catch (error) {
          // Its connection may have been given up with the request on its way.
          assert.equal((error as { code?: unknown }).code, "EAGAIN")
        }
      }
    }
  }

  private openSubscriber(): () => Promise<void> {
    const subscriber = new zmq.Subscriber({ linger: 0 })
    this.sockets.push(subscriber)
    subscriber.subscribe("tick")
    subscriber.connect(this.address)
    let last = -1
    return async () => {
      // What has waited since the last time, and one that is new.
      do {
        const [, number] = await subscriber.receive()
        assert.ok(Number(number) > last, "a message came twice, or out of order")
        last = Number(number)
      } while (subscriber.readable)
    }
  }

  private async timed(serve: () => Promise<void>): Promise<void> {
    const start = performance.now()
    await within(serve(), "an honest peer to be served", PATIENCE)
    this.service.served++
    this.service.longestWait = Math.max(this.service.longestWait, performance.now() - start)
  }
}
