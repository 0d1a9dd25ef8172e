import type { Message, MessageRun } from "../message.js"
import type { Peer } from "../peer.js"
import { Queue } from "../queue.js"

/** Messages that came one by one: a run that grows at its end. */
class Gathered implements MessageRun {
  private readonly messages: Queue<Message> = new Queue()

  get length(): number {
    return this.messages.length
  }

  push(message: Message): void {
    this.messages.push(message)
  }

  take(): Message {
    return this.messages.shift() as Message
  }

  clear(): void {
    this.messages.clear()
  }
}

/** What was received and not read, as runs of messages. */
export class Inbox {
  /** What is being read; others may take from it too. */
  run: MessageRun | undefined
  /** Who sent the message that was read last. */
  sender: Peer | undefined
  private readonly runs: Queue<MessageRun> = new Queue()
  /** The newest run, if messages can be added to it. */
  private open: Gathered | undefined
  /** Messages behind the run. */
  private waiting = 0
  /** Who sends from now on, when it is another one and nothing has come from him. */
  private newcomer: Peer | undefined
  /** The first run of each newcomer, where it has not been read. */
  private firstRuns: Map<MessageRun, Peer> | undefined

  /** In messages. */
  get length(): number {
    return this.run === undefined ? this.waiting : this.waiting + this.run.length
  }

  /** What comes from now on is sent by `peer`. */
  receiveFrom(peer: Peer): void {
    if (this.sender === undefined && this.length === 0) {
      this.sender = peer
      this.newcomer = undefined
      return
    }
    this.newcomer = peer
    this.open = undefined
  }

  push(message: Message): void {
    this.open ??= this.openRun()
    this.open.push(message)
    if (this.open !== this.run) this.waiting++
  }

  pushRun(run: MessageRun): void {
    this.open = undefined
    this.waiting += run.length
    this.runs.push(run)
    if (this.newcomer !== undefined) this.noteNewcomer(run, this.newcomer)
  }

  shift(): Message | undefined {
    const run = this.run === undefined || this.run.length === 0 ? this.nextRun() : this.run
    if (run === undefined) return undefined
    const message = run.take()
    // A run of bytes keeps them alive; one that can grow stays, to be filled again.
    if (run.length === 0 && run !== this.open) this.run = undefined
    return message
  }

  clear(): void {
    this.run?.clear()
    this.run = undefined
    this.open = undefined
    this.runs.clear()
    this.waiting = 0
    if (this.firstRuns !== undefined) this.forgetFirstRuns(this.firstRuns)
  }

  private openRun(): Gathered {
    const run = new Gathered()
    // One of a newcomer is not at hand before it is read.
    if (this.length === 0 && this.newcomer === undefined) this.run = run
    else this.runs.push(run)
    if (this.newcomer !== undefined) this.noteNewcomer(run, this.newcomer)
    return run
  }

  private nextRun(): MessageRun | undefined {
    if (this.waiting === 0) return undefined
    this.run = this.runs.shift() as MessageRun
    this.waiting -= this.run.length
    if (this.firstRuns !== undefined) this.meetNewcomer(this.run, this.firstRuns)
    return this.run
  }

  private noteNewcomer(run: MessageRun, peer: Peer): void {
    this.firstRuns ??= new Map()
    this.firstRuns.set(run, peer)
    this.newcomer = undefined
  }

  private meetNewcomer(run: MessageRun, firstRuns: Map<MessageRun, Peer>): void {
    const peer = firstRuns.get(run)
    if (peer === undefined) return
    this.sender = peer
    firstRuns.delete(run)
    if (firstRuns.size === 0) this.firstRuns = undefined
  }

  /** They are gone unread, and the last of those who sent them goes on. */
  private forgetFirstRuns(firstRuns: Map<MessageRun, Peer>): void {
    this.newcomer ??= [...firstRuns.values()].at(-1)
    this.firstRuns = undefined
  }
}
