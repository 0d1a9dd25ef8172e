import assert from "node:assert/strict"
import * as zmq from "puremq"
import type { Floors, Ledger } from "../../letters/ledger.js"
import { hasCode } from "../../suites/talk.js"
import { End } from "./end.js"

/** Round trips at the end, none of which may fail. */
const LAST_ROUND_TRIPS = 20
const LAST_TIMEOUT = 10_000

/** REQ sockets that connect, and that are thrown away when an answer does not come. */
export class RequestEnd extends End {
  readonly floors: Floors = []
  private readonly sockets: Set<zmq.Request> = new Set()

  start(): void {
    for (const address of this.room.lane.relays) this.write(() => this.ask(address))
  }

  protected highest(): number {
    return 0
  }

  /** No request is given up any more: connections have to stand from now on, however busy the machine is. */
  override calm(): void {
    super.calm()
    for (const socket of this.sockets) takeTime(socket)
  }

  private async ask(address: string): Promise<void> {
    while (!this.isFinishing) {
      const socket = this.open(address)
      const author = this.author(true)
      try {
        for (let left = this.lifetime(); !this.isFinishing && (this.isCalm || left > 0); left--) {
          await this.roundTrip(socket, author.next())
          await this.pause()
        }
      } catch (error) {
        if (!hasCode(error, "EAGAIN")) throw error
        this.abandoned++
      }
      this.sockets.delete(socket)
      await socket[Symbol.asyncDispose]()
      this.reopened++
    }
    const socket = this.open(address)
    const author = this.author(true)
    for (let count = 0; count < LAST_ROUND_TRIPS; count++) await this.roundTrip(socket, author.next())
  }

  private open(address: string): zmq.Request {
    const timeout = 100 + this.chance.below(400)
    const socket = new zmq.Request({
      context: this.context,
      linger: 0,
      sendTimeout: timeout,
      receiveTimeout: timeout,
      reconnectInterval: this.reconnectInterval(),
    })
    if (this.isCalm) takeTime(socket)
    this.sockets.add(socket)
    socket.connect(address)
    return socket
  }

  private async roundTrip(socket: zmq.Request, request: Buffer[]): Promise<void> {
    await socket.send(request)
    this.sent++
    const reply = await socket.receive()
    const { sender, sequence } = this.read(reply)
    const asked = [request[0]?.readUInt32BE(0), request[0]?.readUInt32BE(4)]
    assert.deepEqual([sender, sequence], asked, "the reply to another request came")
  }
}

function takeTime(socket: zmq.Request): void {
  socket.sendTimeout = LAST_TIMEOUT
  socket.receiveTimeout = LAST_TIMEOUT
}

/** The REP that gives them back what they sent. */
export class ReplyEnd extends End {
  private readonly ledger: Ledger = this.openLedger("rising")

  start(): void {
    void this.run(() => this.reply())
  }

  get floors(): Ledger["floors"] {
    return this.ledger.floors
  }

  protected highest(sender: number): number {
    return this.ledger.highest(sender)
  }

  private async reply(): Promise<void> {
    while (!this.isClosed) {
      const socket = new zmq.Reply({ context: this.context })
      await this.bind(socket)
      for (let left = this.lifetime(); this.isCalm || left > 0; left--) {
        const request = await socket.receive()
        this.ledger.enter(this.read(request))
        await this.pause()
        await socket.send(request)
        this.sent++
      }
      await socket[Symbol.asyncDispose]()
      this.reopened++
    }
  }
}
