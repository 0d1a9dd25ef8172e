import * as zmq from "puremq"
import type { Ledger } from "../../letters/ledger.js"
import type { Author } from "../../letters/letter.js"
import { hasCode } from "../../suites/talk.js"
import { End } from "./end.js"

/** DEALERs that connect; every other one has a routing id of its own and comes back under it. */
export class DealerEnd extends End {
  private readonly ledgers: Ledger[] = []

  start(): void {
    this.room.lane.relays.forEach((address, at) => {
      const ledger = this.openLedger("rising")
      this.ledgers.push(ledger)
      const routingId = at % 2 === 0 ? `dealer-${at}` : null
      this.write(() => this.deal(address, routingId, ledger))
    })
  }

  get floors(): Ledger["floors"] {
    return this.ledgers.flatMap((ledger) => ledger.floors)
  }

  protected highest(sender: number): number {
    return Math.max(...this.ledgers.map((ledger) => ledger.highest(sender)))
  }

  private async deal(address: string, routingId: string | null, ledger: Ledger): Promise<void> {
    for (;;) {
      const socket = new zmq.Dealer({
        context: this.context,
        routingId,
        sendHighWaterMark: this.mark(),
        receiveHighWaterMark: this.mark(),
        reconnectInterval: this.reconnectInterval(),
      })
      socket.connect(address)
      const reading = this.run(async () => {
        for await (const frames of socket) {
          ledger.enter(this.read(frames))
          await this.pause()
        }
      })
      const author = this.author(false)
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
    }
  }
}

/** Peers that went without a word; their authors need not be kept for ever. */
const MOST_PEERS = 16

/** The ROUTER that answers them, each letter with one. */
export class RouterEnd extends End {
  private readonly ledger: Ledger = this.openLedger("runs")
  private readonly authors: Map<string, Author> = new Map()
  private socket: zmq.Router | undefined

  start(): void {
    void this.run(() => this.route())
  }

  get floors(): Ledger["floors"] {
    return this.ledger.floors
  }

  protected highest(sender: number): number {
    return this.ledger.highest(sender)
  }

  override async finish(): ReturnType<End["finish"]> {
    this.write(async () => {
      for (const [key, author] of this.authors) {
        if (await this.answer(Buffer.from(key, "latin1"), author)) this.mustArrive(author)
      }
    })
    return super.finish()
  }

  override async close(): Promise<void> {
    await super.close()
    this.ledger.close()
  }

  private async route(): Promise<void> {
    while (!this.isClosed) {
      const socket = new zmq.Router({
        context: this.context,
        mandatory: true,
        handover: true,
        sendHighWaterMark: this.mark(),
        receiveHighWaterMark: this.mark(),
      })
      this.socket = socket
      await this.bind(socket)
      for (let left = this.lifetime(); this.isCalm || left > 0; left--) {
        const [id, ...frames] = await socket.receive()
        this.ledger.enter(this.read(frames))
        if (!this.isFinishing) await this.answer(id as Buffer, this.authorFor(id as Buffer))
        await this.pause()
      }
      await socket[Symbol.asyncDispose]()
      this.reopened++
      this.ledger.nextSocket()
    }
  }

  /** False when the peer has gone. */
  private async answer(id: Buffer, author: Author): Promise<boolean> {
    try {
      await this.socket?.send([id, ...author.next()])
      this.sent++
      return true
    } catch (error) {
      if (!hasCode(error, "EHOSTUNREACH")) throw error
      this.abandoned++
      return false
    }
  }

  private authorFor(id: Buffer): Author {
    const key = id.toString("latin1")
    const author = this.authors.get(key) ?? this.author(true)
    // Whom we heard last stands last.
    this.authors.delete(key)
    this.authors.set(key, author)
    const [oldest] = this.authors.keys()
    if (this.authors.size > MOST_PEERS && oldest !== undefined) this.authors.delete(oldest)
    return author
  }
}
