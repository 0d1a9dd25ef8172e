// What the ends of all lanes have in common: one side of one pattern, with all its sockets.
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises"
import * as zmq from "puremq"
import type { Chance } from "../../fuzz/chance.js"
import { type Course, type Floors, type Gap, Ledger } from "../../letters/ledger.js"
import { Author, type Desk, type Letter, readLetter } from "../../letters/letter.js"
import { eventually } from "../../suites/deadline.js"
import type { LanePlan, LastWord, Tally } from "../protocol.js"

/** What an end gets from its host. */
export interface Room {
  readonly lane: LanePlan
  readonly desk: Desk
  readonly floors: Floors
  /** Where ipc endpoints go. */
  readonly folder: string
  readonly largestMark: number
  readonly nextSender: () => number
  readonly bound: (endpoint: string) => void
  readonly violate: (text: string) => void
}

export abstract class End {
  protected readonly room: Room
  protected readonly chance: Chance
  protected readonly context: zmq.Context = new zmq.Context()
  /** No more sockets are closed and opened. */
  protected isCalm = false
  protected isFinishing = false
  protected isClosed = false
  protected sent = 0
  protected received = 0
  protected reopened = 0
  protected abandoned = 0
  private readonly writers: Promise<void>[] = []
  private readonly lastWords: LastWord[] = []
  private gaps = 0
  private lost = 0
  private lostBytes = 0
  private largestGap = 0
  private bindings = 0
  private endpoint: string | undefined

  constructor(room: Room) {
    this.room = room
    this.chance = room.desk.chance
  }

  /** Begins; what it starts ends by itself when the end is told to finish or to close. */
  abstract start(): void

  calm(): void {
    this.isCalm = true
  }

  /** Says last words; resolves with those that must arrive on the other side. */
  async finish(): Promise<readonly LastWord[]> {
    this.isFinishing = true
    await Promise.all(this.writers)
    return this.lastWords
  }

  /** Resolves when the letter, or a later one of its sender, has come. */
  async arrived({ sender, sequence }: LastWord): Promise<void> {
    const came = async (): Promise<boolean> => this.highest(sender) >= sequence
    await eventually(came, `letter ${sequence} of sender ${sender} on ${this.room.lane.name}`)
  }

  /** The highest number that came from a sender, wherever it had to. */
  protected abstract highest(sender: number): number

  async close(): Promise<void> {
    this.isClosed = true
    await this.context.term()
  }

  abstract get floors(): Floors

  get tally(): Tally {
    const { room, sent, received, gaps, lost, lostBytes, largestGap, reopened, abandoned } = this
    return { lane: room.lane.name, sent, received, gaps, lost, lostBytes, largestGap, reopened, abandoned }
  }

  // ---- What the patterns build on

  protected openLedger(course: Course): Ledger {
    const count = ({ letters, bytes, underWay }: Gap): void => {
      this.gaps++
      this.lost += letters
      if (!underWay || bytes === undefined) return
      this.lostBytes += bytes
      this.largestGap = Math.max(this.largestGap, bytes)
    }
    return new Ledger(course, count, this.room.floors)
  }

  /** The author for a socket, whose queue may be lost with each of its connections. */
  protected author(queueIsLost: boolean): Author {
    return new Author(this.room.nextSender(), queueIsLost, this.room.desk)
  }

  /** High-water marks that are met often, sometimes, and hardly ever. */
  protected mark(): number {
    return [1, 10, this.room.largestMark][this.chance.below(3)] as number
  }

  /** Short, since connections are what is tested here. */
  protected reconnectInterval(): number {
    return 1 + this.chance.below(30)
  }

  /** How many messages a socket lives for. */
  protected lifetime(): number {
    return this.chance.below(20_000)
  }

  /** Now and then a pause, mostly none, so that batches, single messages and full queues all occur. */
  protected async pause(): Promise<void> {
    const kind = this.chance.below(400)
    if (kind < 40) await turn()
    else if (kind < 48) await delay(this.chance.below(10))
    else if (kind === 48) await delay(this.chance.below(100))
  }

  /** Binds where the last socket was bound, or elsewhere, and tells the relays. */
  protected async bind(socket: zmq.Socket): Promise<void> {
    const { lane, folder, bound } = this.room
    if (this.endpoint === undefined || this.chance.below(2) === 0) {
      this.endpoint =
        lane.transport === "tcp" ? "tcp://127.0.0.1:0" : `ipc://${folder}/${lane.name}-${++this.bindings}`
    }
    await socket.bind(this.endpoint)
    this.endpoint = socket.lastEndpoint as string
    bound(this.endpoint)
  }

  protected read(frames: Buffer[]): Letter {
    this.received++
    return readLetter(frames)
  }

  /** Runs a part of the end; what it throws is a violation, unless the end was closed. */
  protected async run(part: () => Promise<void>): Promise<void> {
    try {
      await part()
    } catch (error) {
      if (!this.isClosed) this.room.violate(error instanceof Error ? `${error.stack}` : String(error))
    }
  }

  /** Runs a part that ends by itself when the end finishes. */
  protected write(part: () => Promise<void>): void {
    this.writers.push(this.run(part))
  }

  protected mustArrive({ sender, sequence }: Author): void {
    this.lastWords.push({ lane: this.room.lane.name, sender, sequence })
  }
}
