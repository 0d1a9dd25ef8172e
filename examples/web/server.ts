import { once } from "node:events"
import { createServer, type Server } from "node:http"
import { type AddressInfo, isIPv6 } from "node:net"
import { Publisher, Reply } from "puremq"
import { answer } from "./answers.js"
import { feeds } from "./feeds.js"
import { serveFile } from "./files.js"

const AWAY_MILLISECONDS = 2000

/** One HTTP server for the page's files and, at two of its paths, for the sockets that the page talks to. */
export class DemoServer {
  readonly #host: string
  #port: number
  #running: Running | undefined
  #return: NodeJS.Timeout | undefined
  #over = false

  /** Port 0 is any free one. */
  constructor(host: string, port: number) {
    this.#host = host
    this.#port = port
  }

  get url(): string {
    return `http://${isIPv6(this.#host) ? `[${this.#host}]` : this.#host}:${this.#port}/`
  }

  async start(): Promise<void> {
    const http = createServer(serveFile)
    http.listen(this.#port, this.#host)
    await once(http, "listening")
    this.#port = (http.address() as AddressInfo).port
    this.#running = new Running(http, () => void this.#leaveForAWhile())
    await this.#running.start()
  }

  async stop(): Promise<void> {
    this.#over = true
    clearTimeout(this.#return)
    await this.#leave()
  }

  async #leave(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    await running?.stop()
  }

  /** What a restart looks like from outside: nobody listens, then somebody does again. */
  async #leaveForAWhile(): Promise<void> {
    await this.#leave()
    if (!this.#over) this.#return = setTimeout(() => void this.start(), AWAY_MILLISECONDS)
  }
}

/** The server between a start and a stop. */
class Running {
  readonly #http: Server
  readonly #publisher: Publisher = new Publisher()
  readonly #reply: Reply = new Reply()
  readonly #restart: () => void
  readonly #timers: NodeJS.Timeout[] = []

  constructor(http: Server, restart: () => void) {
    this.#http = http
    this.#restart = restart
  }

  async start(): Promise<void> {
    // Pages of this very server may connect, and no others: that is what `bind` lets in unless it is told otherwise.
    const server = this.#http
    await this.#publisher.bind("ws://*:*/feeds", { server })
    await this.#reply.bind("ws://*:*/answers", { server })
    for (const feed of feeds) {
      const publish = (): void => {
        // A publisher never waits: who is too slow misses messages.
        for (let i = 0; i < feed.atOnce; i++) void this.#publisher.send(feed.next())
      }
      this.#timers.push(setInterval(publish, feed.milliseconds))
    }
    void this.#answer()
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#publisher.close()
    this.#reply.close()
    const closed = once(this.#http, "close")
    this.#http.close()
    this.#http.closeAllConnections()
    await closed
  }

  async #answer(): Promise<void> {
    for await (const [question] of this.#reply) {
      const text = `${question}`
      await this.#reply.send(answer(text))
      if (text === "restart") this.#restart()
    }
  }
}
