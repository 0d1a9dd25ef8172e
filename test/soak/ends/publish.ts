import assert from "node:assert/strict"
import { setTimeout as delay } from "node:timers/promises"
import * as zmq from "puremq"
import type { Floors, Ledger } from "../../letters/ledger.js"
import { End } from "./end.js"

const TOPICS = ["a", "ab", "b", "c"] as const
/** What each subscriber wants at all times; the topics overlap, which must not double anything. */
const WANTED = [["a", "ab"], [""]] as const
/** What the first one wants now and then. */
const SOMETIMES = "b"

/** A PUB that is bound: it may drop, but neither repeat nor turn around. */
export class PublishEnd extends End {
  readonly floors: Floors = []

  start(): void {
    this.write(() => this.publish())
  }

  protected highest(): number {
    return 0
  }

  private async publish(): Promise<void> {
    for (;;) {
      const socket = new zmq.Publisher({ context: this.context, sendHighWaterMark: this.mark() })
      await this.bind(socket)
      const author = this.author(true)
      const publishOne = async (): Promise<void> => {
        const topic = TOPICS[this.chance.below(TOPICS.length)] as string
        await socket.send([topic, ...author.next()])
        this.sent++
        await this.pause()
      }
      for (let left = this.lifetime(); !this.isFinishing && (this.isCalm || left > 0); left--) {
        await publishOne()
        // It never has to wait, and would else take all of the machine.
        if (this.chance.below(20) === 0) await delay(1)
      }
      if (this.isFinishing) {
        author.next()
        this.mustArrive(author)
        void this.run(async () => {
          // Whatever is dropped, something must come.
          for (; !this.isClosed; await delay(5)) await publishOne()
        })
        return
      }
      await socket[Symbol.asyncDispose]()
      this.reopened++
    }
  }
}

/** SUB sockets that connect, and subscribe again whenever they do. */
export class SubscribeEnd extends End {
  private readonly ledgers: readonly Ledger[] = this.room.lane.relays.map(() => this.openLedger("rising"))

  start(): void {
    this.ledgers.forEach((ledger, at) => {
      void this.run(() =>
        this.subscribe(this.room.lane.relays[at] as string, ledger, WANTED[at % 2] as readonly string[]),
      )
    })
  }

  get floors(): Floors {
    const [first, ...others] = this.ledgers as [Ledger, ...Ledger[]]
    return first.floors.map(([sender, sequence]) => [
      sender,
      Math.min(sequence, ...others.map((ledger) => ledger.highest(sender))),
    ])
  }

  /** All must have got it. */
  protected highest(sender: number): number {
    return Math.min(...this.ledgers.map((ledger) => ledger.highest(sender)))
  }

  private async subscribe(address: string, ledger: Ledger, wanted: readonly string[]): Promise<void> {
    while (!this.isClosed) {
      const socket = new zmq.Subscriber({
        context: this.context,
        receiveHighWaterMark: this.mark(),
        reconnectInterval: this.reconnectInterval(),
      })
      socket.connect(address)
      socket.subscribe(...wanted)
      for (let left = this.lifetime(); this.isCalm || left > 0; left--) {
        const [topic, ...frames] = await socket.receive()
        const name = String(topic)
        assert.ok(
          name === SOMETIMES || wanted.some((prefix) => name.startsWith(prefix)),
          `topic ${name} was not subscribed to`,
        )
        ledger.enter(this.read(frames))
        await this.pause()
        const whim = this.chance.below(200)
        if (whim === 0) socket.subscribe(SOMETIMES)
        else if (whim === 1) socket.unsubscribe(SOMETIMES)
      }
      await socket[Symbol.asyncDispose]()
      this.reopened++
    }
  }
}
