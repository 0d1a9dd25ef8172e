// A pattern and peers of its, with neither core nor wire: what each peer was sent, what it says, and what room it has.
import assert from "node:assert/strict"
import { Inbox } from "#src/core/inbox.js"
import type { Frame, Message, MessageRun } from "#src/message.js"
import type { Peer } from "#src/peer.js"
import type { Pattern, Pipe } from "#src/routing/pattern.js"

export interface PeerTraits {
  /** How many messages it has room for. */
  readonly room?: number
  /** What it announces. */
  readonly routingId?: string
  /** The routing id that `connect` gave it. */
  readonly given?: string
  readonly foreign?: boolean
  readonly connectionless?: boolean
  /** Nobody has shaken hands yet. */
  readonly absent?: boolean
}

/** Texts of a byte a character, as readable as what they stand for. */
export function message(...frames: string[]): Message {
  return frames.map(frame)
}

export function frame(text: string): Frame {
  return Buffer.from(text, "latin1")
}

export function texts(message: Message): string[] {
  return message.map((frame) => (frame as Buffer).toString("latin1"))
}

/** The pipe to a peer. */
export class Partner implements Pipe {
  /** The messages that it was sent, forced ones too. */
  sent: string[][] = []
  /** How many of them took no room. */
  forced = 0
  room: number
  peer: Peer | undefined
  linked = false
  foreign: boolean
  connectionless: boolean
  ended = false
  finished = false
  refusals: (Error | undefined)[] = []
  sendSlot = -1
  queued = false
  round = 0
  routingId: Frame | undefined
  shownId: Frame | undefined
  readonly #pattern: Pattern
  readonly #announced: string
  readonly #inbox: Inbox = new Inbox()

  constructor(pattern: Pattern, traits: PeerTraits = {}) {
    this.#pattern = pattern
    this.#announced = traits.routingId ?? ""
    this.room = traits.room ?? Infinity
    this.foreign = traits.foreign ?? true
    this.connectionless = traits.connectionless ?? false
    if (traits.given !== undefined) this.routingId = frame(traits.given)
    pattern.attach(this)
    if (!traits.absent) this.arrive()
  }

  /** A connection comes up. */
  arrive(): void {
    this.peer = {
      socketType: "",
      routingId: frame(this.#announced),
      address: "",
      properties: new Map(),
    }
    this.#inbox.receiveFrom(this.peer)
    this.linked = true
    this.#pattern.linked(this)
  }

  /** A connection breaks. */
  break(): void {
    this.linked = false
  }

  leave(): void {
    this.ended = true
    this.linked = false
    this.#pattern.detach(this)
  }

  says(...frames: string[]): void {
    this.#inbox.push(message(...frames))
    if (this.#inbox.length === 1) this.#pattern.readable(this)
  }

  /** There is room for so many again. */
  reads(count: number): void {
    this.room = count
    this.#pattern.writable(this)
  }

  /** What it was sent since the last look. */
  heard(): string[][] {
    const { sent } = this
    this.sent = []
    return sent
  }

  get sender(): Peer | undefined {
    return this.#inbox.sender
  }

  get readable(): boolean {
    return this.#inbox.length > 0
  }

  get run(): MessageRun | undefined {
    return this.#inbox.run
  }

  get writable(): boolean {
    return this.room > 0 && !this.ended
  }

  write(message: Message): boolean {
    if (!this.writable) return false
    this.room--
    this.sent.push(texts(message))
    return true
  }

  force(message: Message): void {
    if (this.ended) return
    this.forced++
    this.sent.push(texts(message))
  }

  read(): Message | undefined {
    return this.#inbox.shift()
  }

  refuse(reason?: Error): void {
    this.refusals.push(reason)
  }

  finish(): void {
    this.finished = true
  }
}

export function sends(pattern: Pattern, ...frames: string[]): boolean {
  return pattern.send(message(...frames))
}

export function receives(pattern: Pattern): string[] | undefined {
  const received = pattern.receive()
  return received && texts(received)
}

/** All that is there, by the short way where there is one, as the core takes it, or by the long one alone. */
export function receivesAll(pattern: Pattern, short = true): string[][] {
  const all: string[][] = []
  for (;;) {
    const message = (short ? pattern.takeAtOnce() : undefined) ?? pattern.receive()
    if (message === undefined) return all
    all.push(texts(message))
  }
}

/** Both ways of receiving give these; `prepare` makes a pattern whose peers have spoken. */
export function assertHeard(prepare: () => Pattern, expected: readonly (readonly string[])[]): void {
  for (const short of [true, false]) assert.deepEqual(receivesAll(prepare(), short), expected)
}

/** Why a call fails. */
export function code(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return (error as { code?: unknown }).code
  }
  return undefined
}

/** Two new peers speak, both with a message of several frames among those of one. */
export function speakInFrames(pattern: Pattern): void {
  const [one, other] = [new Partner(pattern), new Partner(pattern)]
  for (const text of ["a1", "a2"]) one.says(text)
  one.says("a3", "of two")
  one.says("a4")
  other.says("b1", "of two")
  other.says("b2")
}
