import * as zmq from "puremq"
import type { Ledger } from "../../letters/ledger.js"
import { End } from "./end.js"

/** PUSH sockets that connect: what is lost is what was on its way when a connection broke. */
export class PushEnd extends End {
  readonly floors = []

  start(): void {
    for (const address of this.room.lane.relays) this.write(() => this.push(address))
  }

  protected highest(): number {
    return 0
  }

  private async push(address: string): Promise<void> {
    for (;;) {
      const immediate = this.chance.below(4) === 0
      const socket = new zmq.Push({
        context: this.context,
        sendHighWaterMark: this.mark(),
        immediate,
        reconnectInterval: this.reconnectInterval(),
      })
      socket.connect(address)
      const author = this.author(immediate)
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

/** The PULL that those connect to. */
export class PullEnd extends End {
  private readonly ledger: Ledger = this.openLedger("runs")

  start(): void {
    void this.run(() => this.pull())
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

  private async pull(): Promise<void> {
    while (!this.isClosed) {
      const socket = new zmq.Pull({ context: this.context, receiveHighWaterMark: this.mark() })
      await this.bind(socket)
      for (let left = this.lifetime(); this.isCalm || left > 0; left--) {
        this.ledger.enter(this.read(await socket.receive()))
        await this.pause()
      }
      await socket[Symbol.asyncDispose]()
      this.reopened++
      this.ledger.nextSocket()
    }
  }
}
