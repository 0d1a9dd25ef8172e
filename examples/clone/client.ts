// Clone, what a client needs: a map that is the same everywhere.
import * as zmq from "puremq"
import { ALIVE, addressesOf, END, type Entry, interval, SNAPSHOT, toEntry, toFrames } from "./protocol.js"

/** A copy of the servers' entries. It is kept up to date while somebody goes through its `updates`. */
export class CloneClient implements Disposable {
  readonly #servers: readonly string[]
  readonly #subtree: string
  #entries = new Map<string, Entry>()
  #sequence = 0
  // Immediate: changes wait for a server that is there.
  readonly #changes = new zmq.Push({ immediate: true, linger: 0 })

  /** Takes the first server, and the next one whenever that falls silent; of its keys those that begin with `subtree`. */
  constructor(servers: readonly string[], subtree = "") {
    this.#servers = servers
    this.#subtree = subtree
  }

  /** The number of the last change that it has heard of. */
  get sequence(): number {
    return this.#sequence
  }

  get(key: string): string | undefined {
    return this.#entries.get(key)?.value
  }

  /** Asks the server for a change, which comes back to all as an update. An empty value takes the key away. */
  set(key: string, value: string): Promise<void> {
    return this.#changes.send(toFrames({ key, sequence: 0, value }))
  }

  /** What changes, from all that a server has at first. Goes on with the next server; ends only when it is left. */
  async *updates(): AsyncGenerator<Entry> {
    for (let turn = 0; ; turn++) {
      const server = this.#servers[turn % this.#servers.length] ?? ""
      yield* this.follow(server)
      console.log(`Clone hears nothing of ${server}`)
    }
  }

  /** The updates of one server; ends when it falls silent. */
  async *follow(server: string): AsyncGenerator<Entry> {
    while (yield* this.#followFromSnapshot(server));
  }

  /** Returns whether something was missed, so that there must be another snapshot. */
  async *#followFromSnapshot(server: string): AsyncGenerator<Entry, boolean> {
    const [snapshotAddress, updateAddress, changeAddress] = addressesOf(server)
    using snapshots = new zmq.Dealer({ linger: 0, receiveTimeout: 3 * interval })
    using updates = new zmq.Subscriber({ receiveTimeout: 3 * interval })
    updates.subscribe(this.#subtree, ALIVE)
    updates.connect(updateAddress)
    snapshots.connect(snapshotAddress)
    this.#changes.connect(changeAddress)
    try {
      // Having heard anything it will hear all that follows, so the snapshot, asked for now, leaves no gap.
      await updates.receive()
      await snapshots.send([SNAPSHOT, this.#subtree])
      const entries = new Map<string, Entry>()
      for await (const frames of snapshots) {
        const entry = toEntry(frames)
        this.#sequence = entry.sequence
        if (entry.key === END) break
        entries.set(entry.key, entry)
      }
      this.#entries = entries
      yield* entries.values()

      for await (const frames of updates) {
        const entry = toEntry(frames)
        // What the snapshot had already comes once more.
        if (entry.key === ALIVE || entry.sequence <= this.#sequence) continue
        // Who is too slow has updates dropped. Of a part of the keys the numbers do not tell.
        if (this.#subtree === "" && entry.sequence > this.#sequence + 1) return true
        this.#sequence = entry.sequence
        if (entry.value === "") entries.delete(entry.key)
        else entries.set(entry.key, entry)
        yield entry
      }
    } catch (error) {
      if (!(error instanceof zmq.ZmqError && error.code === "EAGAIN")) throw error
    } finally {
      if (!this.#changes.closed) this.#changes.disconnect(changeAddress)
    }
    return false
  }

  [Symbol.dispose](): void {
    this.#changes.close()
  }
}
