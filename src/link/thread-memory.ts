// The memory of one connection between two threads: words to steer by, and a ring each way.

import type { SocketType } from "../peer.js"
import { RING_WORDS, RingReader, RingWriter } from "../wire/ring.js"

/** Enough for a burst of small messages, and for a large one to go in few pieces. */
const RING_BYTES = 524_288
/** Subscriptions, or nothing at all. */
const SMALL_RING_BYTES = 4096

/** What becomes of an offer to connect. */
const STATE = 0
const OFFERED = 0
const ACCEPTED = 1
const WITHDRAWN = 2

/** The words of each side, on cache lines of their own. */
const SIDE_WORDS = 16
const BELL = 0
const ENDED = 1
const WANTS = 2

/** Of what a writer waits for: nothing, room in the ring, or to be granted more messages. */
export type Want = 0 | 1 | 2
export const NOTHING = 0
export const ROOM = 1
export const GRANT = 2

const RINGS_AT: number = 3 * SIDE_WORDS
const BYTES_AT: number = (RINGS_AT + 2 * RING_WORDS) * 4

/** Who dialled has the first ring to write into, who is bound the second. */
export type Side = 0 | 1

/** What a thread tells another one of a connection's memory. */
export interface ThreadMemory {
  readonly memory: SharedArrayBuffer
  /** The size of the ring of each side. */
  readonly sizes: readonly [number, number]
}

/** Memory for a connection that a socket of this type makes. */
export function allocateThreadMemory(type: SocketType): ThreadMemory {
  const out = type === "PULL" || type === "SUB" ? SMALL_RING_BYTES : RING_BYTES
  const back = type === "PUSH" || type === "PUB" ? SMALL_RING_BYTES : RING_BYTES
  return { memory: new SharedArrayBuffer(BYTES_AT + out + back), sizes: [out, back] }
}

/** One side's view of a connection's memory. */
export class ThreadEnd {
  readonly writer: RingWriter
  readonly reader: RingReader
  readonly words: Int32Array
  /** Where our bell is, for whoever waits for it. */
  readonly bellAt: number
  private readonly ours: number
  private readonly theirs: number

  constructor({ memory, sizes }: ThreadMemory, side: Side) {
    this.words = new Int32Array(memory, 0, BYTES_AT / 4)
    const ring = (index: Side): { words: Int32Array; bytes: Uint8Array } => ({
      words: new Int32Array(memory, (RINGS_AT + index * RING_WORDS) * 4, RING_WORDS),
      bytes: new Uint8Array(memory, BYTES_AT + index * sizes[0], sizes[index]),
    })
    const other = (1 - side) as Side
    this.writer = new RingWriter(ring(side))
    this.reader = new RingReader(ring(other))
    this.ours = (side + 1) * SIDE_WORDS
    this.theirs = (other + 1) * SIDE_WORDS
    this.bellAt = this.ours + BELL
  }

  /** Takes up an offer to connect; false when it was withdrawn. */
  accept(): boolean {
    return Atomics.compareExchange(this.words, STATE, OFFERED, ACCEPTED) === OFFERED
  }

  /** Takes an offer back; false when it was accepted. */
  withdraw(): boolean {
    return Atomics.compareExchange(this.words, STATE, OFFERED, WITHDRAWN) === OFFERED
  }

  // ---- Bells: who sleeps has armed his, and whoever has something for him rings it once.

  arm(): void {
    Atomics.store(this.words, this.bellAt, 1)
  }

  disarm(): void {
    Atomics.store(this.words, this.bellAt, 0)
  }

  /** Wakes the other side if it sleeps. */
  ring(): void {
    ring(this.words, this.theirs + BELL)
  }

  /** Wakes us. */
  ringOwn(): void {
    Atomics.notify(this.words, this.bellAt)
  }

  /** What the other side waits for. */
  get otherWants(): Want {
    return Atomics.load(this.words, this.theirs + WANTS) as Want
  }

  /** Says what we wait for. */
  set wants(want: Want) {
    Atomics.store(this.words, this.ours + WANTS, want)
  }

  /** Nothing more will come from us. */
  end(): void {
    Atomics.store(this.words, this.ours + ENDED, 1)
    this.ring()
  }

  get otherEnded(): boolean {
    return Atomics.load(this.words, this.theirs + ENDED) === 1
  }
}

function ring(words: Int32Array, bell: number): void {
  // A look is cheaper than an exchange, and nearly always enough.
  if (Atomics.load(words, bell) === 1 && Atomics.compareExchange(words, bell, 1, 0) === 1) {
    Atomics.notify(words, bell)
  }
}
