import type { EncodedOutbox, MessageOutbox, MessageTaker, Outbox } from "../link/link.js"
import { type Message, own } from "../message.js"
import type { Batch } from "../wire/encoder.js"
import type { RequestNames } from "../wire/requests.js"

/** An outbox that keeps the last message only, in front of one that the link can send from. */
export class ConflateOutbox implements EncodedOutbox, MessageOutbox {
  private readonly behind: EncodedOutbox & MessageOutbox
  private latest: Message | undefined

  constructor(behind: Outbox) {
    this.behind = behind as EncodedOutbox & MessageOutbox
  }

  get length(): number {
    return this.latest === undefined ? 0 : 1
  }

  readonly hasFullBatch = false

  get requestNames(): RequestNames | undefined {
    return this.behind.requestNames
  }

  set requestNames(value: RequestNames | undefined) {
    this.behind.requestNames = value
  }

  push(message: Message): void {
    this.latest = own(message)
  }

  /** What is pushed waits here, to be replaced by what comes after it. */
  passTo(): void {}

  passOn(taker: MessageTaker): void {
    if (this.latest !== undefined && taker.pass(this.latest)) this.latest = undefined
  }

  take(): Batch | undefined {
    this.pass()
    return this.behind.take()
  }

  shift(): Message | undefined {
    this.pass()
    return this.behind.shift()
  }

  release(batch: Batch): void {
    this.behind.release(batch)
  }

  clear(): void {
    this.latest = undefined
  }

  private pass(): void {
    if (this.latest !== undefined) this.behind.push(this.latest)
    this.latest = undefined
  }
}
