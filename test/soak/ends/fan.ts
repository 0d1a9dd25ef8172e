import * as zmq from "puremq"
import { type Floors, type Ledger, Once } from "../../letters/ledger.js"
import { End } from "./end.js"

/** A PUSH that is bound: what was queued for a connection is lost with it, the rest goes to the others. */
export class FanOutEnd extends End {
  readonly floors = []

  start(): void {
    this.write(() => this.push())
  }

  protected highest(): number {
    return 0
  }

  private async push(): Promise<void> {
    for (;;) {
      const socket = new zmq.Push({ context: this.context, sendHighWaterMark: this.mark() })
      await this.bind(socket)
      const author = this.author(true)
      for (let left = this.lifetime(); !this.isFinishing && (this.isCalm || left > 0); left--) {
        await socket.send(author.next())
        this.sent++
        await this.pause()
      }
      if (this.isFinishing) {
        await socket.send(author.next())
        this.mustArrive(author)
        return
      }
      await socket[Symbol.asyncDispose]()
      this.reopened++
    }
  }
}

/** PULL sockets that connect and share the letters. */
export class FanInEnd extends End {
  private readonly once: Once = new Once()
  private readonly ledgers: readonly Ledger[] = this.room.lane.relays.map(() => this.openLedger("rising"))

  start(): void {
    this.ledgers.forEach((ledger, at) => {
      void this.run(() => this.pull(this.room.lane.relays[at] as string, ledger))
    })
  }

  /** Each has got fewer than all; above the lowest of them nothing is certain. */
  get floors(): Floors {
    const [first, ...others] = this.ledgers as [Ledger, ...Ledger[]]
    return first.floors.map(([sender, sequence]) => [
      sender,
      Math.min(sequence, ...others.map((ledger) => ledger.highest(sender))),
    ])
  }

  protected highest(sender: number): number {
    return Math.max(...this.ledgers.map((ledger) => ledger.highest(sender)))
  }

  private async pull(address: string, ledger: Ledger): Promise<void> {
    while (!this.isClosed) {
      const socket = new zmq.Pull({
        context: this.context,
        receiveHighWaterMark: this.mark(),
        reconnectInterval: this.reconnectInterval(),
      })
      socket.connect(address)
      for (let left = this.lifetime(); this.isCalm || left > 0; left--) {
        const letter = this.read(await socket.receive())
        ledger.enter(letter)
        this.once.enter(letter)
        await this.pause()
      }
      await socket[Symbol.asyncDispose]()
      this.reopened++
    }
  }
}
