// Binary Star: two servers, of which one is active. Each tells the other its state, and a client's request counts as a
// vote: the passive one takes over only when it hears nothing of the other one *and* clients come to it. So a cut
// between the two alone does not make both active.
import * as zmq from "puremq"

/** A primary or a backup has just been started and has not heard of the other one. */
export type State = "primary" | "backup" | "active" | "passive"

export const interval: number = Number(process.env.HEARTBEAT_INTERVAL ?? 1000)

export interface Addresses {
  /** Where the other one hears of this one. */
  readonly own: string
  readonly other: string
}

export class BinaryStar implements Disposable {
  #state: State
  #otherExpires = performance.now() + 2 * interval
  readonly #publisher = new zmq.Publisher()
  readonly #subscriber = new zmq.Subscriber()
  readonly #timer: NodeJS.Timeout

  /** Begins to listen; `own` is bound before this returns. */
  constructor(role: "primary" | "backup", { own, other }: Addresses) {
    this.#state = role
    this.#publisher.bindSync(own)
    this.#subscriber.subscribe()
    this.#subscriber.connect(other)
    this.#timer = setInterval(() => this.#publisher.trySend(this.#state), interval)
    void this.#listen()
  }

  get state(): State {
    return this.#state
  }

  /** Whether to answer a client's request; to be called for each, for it may be the vote that makes this one active. */
  vote(): boolean {
    const waits = this.#state === "primary" || this.#state === "passive"
    if (waits && performance.now() > this.#otherExpires) this.#become("active")
    return this.#state === "active"
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#publisher.close()
    this.#subscriber.close()
  }

  async #listen(): Promise<void> {
    for await (const [frame] of this.#subscriber) {
      this.#otherExpires = performance.now() + 2 * interval
      this.#hear(`${frame}` as State)
    }
  }

  #hear(other: State): void {
    if (this.#state === "active") {
      if (other !== "active") return
      // Both served clients for a while, and only a human can tell whose data counts.
      console.error("Both are active: leaving")
      process.exit(1)
    }
    if (other === "active") this.#become("passive")
    else if (this.#state === "primary" && other === "backup") this.#become("active")
    else if (this.#state === "passive" && (other === "primary" || other === "backup")) this.#become("active")
  }

  #become(state: State): void {
    if (state === this.#state) return
    this.#state = state
    console.log(`Now ${state}`)
  }
}
