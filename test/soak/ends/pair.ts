import * as zmq from "puremq"
import type { Ledger } from "../../letters/ledger.js"
import { End } from "./end.js"

/** One of two PAIRs, both of which write and read all the time. */
export abstract class PairEnd extends End {
  protected abstract readonly ledger: Ledger
  protected abstract readonly queueIsLost: boolean

  start(): void {
    this.write(() => this.converse())
  }

  get floors(): Ledger["floors"] {
    return this.ledger.floors
  }

  protected highest(sender: number): number {
    return this.ledger.highest(sender)
  }

  override async close(): Promise<void> {
    await super.close()
    this.ledger.close()
  }

  protected abstract join(socket: zmq.Pair): Promise<void>

  private async converse(): Promise<void> {
    for (;;) {
      const socket = new zmq.Pair({
        context: this.context,
        sendHighWaterMark: this.mark(),
        receiveHighWaterMark: this.mark(),
        reconnectInterval: this.reconnectInterval(),
      })
      await this.join(socket)
      const reading = this.run(async () => {
        for await (const frames of socket) {
          this.ledger.enter(this.read(frames))
          await this.pause()
        }
      })
      const author = this.author(this.queueIsLost)
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
      await reading
      this.reopened++
      this.ledger.nextSocket()
    }
  }
}

export class BoundPairEnd extends PairEnd {
  protected readonly ledger: Ledger = this.openLedger("runs")
  protected readonly queueIsLost = true

  protected join(socket: zmq.Pair): Promise<void> {
    return this.bind(socket)
  }
}

export class ConnectedPairEnd extends PairEnd {
  protected readonly ledger: Ledger = this.openLedger("rising")
  protected readonly queueIsLost = false

  protected async join(socket: zmq.Pair): Promise<void> {
    socket.connect(this.room.lane.relays[0] as string)
  }
}
