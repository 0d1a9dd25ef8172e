// Freelance, what a client needs: it knows all servers itself, listens to who is alive, and asks one that is.
// Where one of them fails, the next one is asked; there is no broker that could fail.
import { EventEmitter, on } from "node:events"
import * as zmq from "puremq"

/** Ms between two pings. */
const interval = Number(process.env.HEARTBEAT_INTERVAL ?? 1000)

/** Who has not been heard for so many ms is taken for dead, and an answer is waited for so long. */
const patience = 3 * interval

export class FreelanceClient implements Disposable {
  // A Router, since it is to choose whom it asks: each server goes by its address. Immediate: who is not there gets nothing.
  readonly #socket = new zmq.Router({ immediate: true, linger: 0 })
  /** When each server was heard last. */
  readonly #lastHeard = new Map<string, number>()
  readonly #news = new EventEmitter()
  readonly #pings: NodeJS.Timeout
  #asked = 0

  constructor(servers: readonly string[]) {
    for (const server of servers) {
      this.#socket.connect(server, { routingId: server })
      this.#lastHeard.set(server, Number.NEGATIVE_INFINITY)
    }
    this.#pings = setInterval(() => this.#ping(), interval)
    this.#ping()
    void this.#listen()
  }

  /** Asks a server that is alive, and the next one if it does not answer. Rejects with the reason of `signal`. */
  async ask(request: string, signal: AbortSignal): Promise<string> {
    const number = `${++this.#asked}`
    let server: string | undefined
    let askedAt = 0
    const askOn = async (): Promise<void> => {
      if (server !== undefined && this.#isAlive(server) && performance.now() - askedAt < patience) return
      server = this.#nextAlive(server)
      askedAt = performance.now()
      if (server !== undefined) await this.#socket.send([server, number, request])
    }
    await askOn()
    // There is news whenever a server says something, and with each ping.
    for await (const [answered, answer] of on(this.#news, "news", { signal })) {
      if (answered === number) return answer
      await askOn()
    }
    throw new Error("There is always more news")
  }

  [Symbol.dispose](): void {
    clearInterval(this.#pings)
    this.#socket.close()
  }

  #isAlive(server: string): boolean {
    return performance.now() - (this.#lastHeard.get(server) ?? 0) < patience
  }

  #nextAlive(last: string | undefined): string | undefined {
    const servers = [...this.#lastHeard.keys()]
    const from = last === undefined ? 0 : servers.indexOf(last) + 1
    return [...servers.slice(from), ...servers.slice(0, from)].find((server) => this.#isAlive(server))
  }

  #ping(): void {
    for (const server of this.#lastHeard.keys()) this.#socket.trySend([server, "PING"])
    this.#news.emit("news")
  }

  async #listen(): Promise<void> {
    for await (const [server, number, answer] of this.#socket) {
      this.#lastHeard.set(`${server}`, performance.now())
      this.#news.emit("news", `${number}`, `${answer}`)
    }
  }
}
