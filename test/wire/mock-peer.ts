// A peer made of raw bytes: it says exactly what a test wants, when the test wants it, right or wrong.
import assert from "node:assert/strict"
import { once } from "node:events"
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net"
import { within } from "../suites/deadline.js"
import { COMMAND, type GreetingFields, greeting, LONG, MORE, ready } from "./zmtp-bytes.js"

export interface ReceivedFrame {
  readonly flags: number
  readonly body: Buffer
}

/** How a connection ended for the mock: in order, or by a reset. */
export type End = "end" | "reset"

/** The connection was over before what was waited for had come. */
export class EndedEarly extends Error {}

export class MockPeer {
  readonly #socket: Socket
  readonly #watchers = new Set<() => void>()
  /** What came and was not taken, as it came: to join it with each read would take the square of the time. */
  #chunks: Buffer[] = []
  #length = 0
  #end: End | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on("data", (chunk) => {
      this.#chunks.push(chunk)
      this.#length += chunk.length
      this.#look()
    })
    socket.on("end", () => this.#ended("end"))
    socket.on("error", () => this.#ended("reset"))
    socket.on("close", () => this.#ended("end"))
  }

  /** Connects to a bound socket's endpoint. */
  static async dial(address: string): Promise<MockPeer> {
    const { hostname, port } = new URL(address)
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    const peer = new MockPeer(socket)
    await within(once(socket, "connect"), `a connection to ${address}`)
    return peer
  }

  /** Sends the pieces in one segment, and resolves when the kernel has them. */
  send(...pieces: Uint8Array[]): Promise<void> {
    return new Promise((resolve) => this.#socket.write(Buffer.concat(pieces), () => resolve()))
  }

  /** Sends piece after piece, each in a segment of its own: between two the event loop has turned. */
  async sendApart(pieces: Iterable<Uint8Array>): Promise<void> {
    for (const piece of pieces) {
      await this.send(piece)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** What came and was not taken. */
  get received(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0] as Buffer
  }

  /** The next `count` bytes, when they are there. */
  async take(count: number): Promise<Buffer> {
    await this.#until(() => this.#length >= count, `${count} bytes`)
    const { received } = this
    this.#chunks = [received.subarray(count)]
    this.#length -= count
    return received.subarray(0, count)
  }

  async takeFrame(): Promise<ReceivedFrame> {
    const flags = (await this.take(1)).readUInt8()
    const size =
      flags & LONG ? Number((await this.take(8)).readBigUInt64BE()) : (await this.take(1)).readUInt8()
    return { flags, body: await this.take(size) }
  }

  /** The next command: its name and data, as Latin-1. */
  async takeCommand(): Promise<[name: string, data: string]> {
    const { flags, body } = await this.takeFrame()
    assert.equal(flags & ~LONG, COMMAND, "a command frame")
    const nameEnd = 1 + body.readUInt8()
    return [body.toString("latin1", 1, nameEnd), body.toString("latin1", nameEnd)]
  }

  /** The frames of the next message, as Latin-1. */
  async takeMessage(): Promise<string[]> {
    const frames: string[] = []
    for (;;) {
      const { flags, body } = await this.takeFrame()
      assert.equal(flags & ~(LONG | MORE), 0, "a message frame")
      frames.push(body.toString("latin1"))
      if ((flags & MORE) === 0) return frames
    }
  }

  /** Greets, says READY as `socketType` and takes the other side's greeting and READY. */
  async shakeHands(
    socketType: string,
    { identity, ...fields }: GreetingFields & { readonly identity?: string } = {},
  ): Promise<void> {
    const announced: [string, string][] = identity === undefined ? [] : [["Identity", identity]]
    await this.send(greeting(fields), ready(socketType, ...announced))
    await this.take(64)
    assert.equal((await this.takeCommand())[0], "READY")
  }

  /** Resolves when the other side has ended the connection, and tells how. */
  async ended(): Promise<End> {
    await this.#until(() => this.#end !== undefined, "the end of the connection")
    return this.#end as End
  }

  /** Where the mock speaks from. */
  get localAddress(): string {
    return `tcp://${this.#socket.localAddress}:${this.#socket.localPort}`
  }

  get isOpen(): boolean {
    return this.#end === undefined
  }

  /** Sends FIN; the other direction stays open. */
  finish(): void {
    this.#socket.end()
  }

  /** Sends RST. */
  reset(): void {
    this.#socket.resetAndDestroy()
  }

  /** Reads no more, so that the other side's writes pile up. */
  stopReading(): void {
    this.#socket.pause()
  }

  keepReading(): void {
    this.#socket.resume()
  }

  close(): void {
    this.#socket.destroy()
  }

  #ended(how: End): void {
    this.#end ??= how
    this.#look()
  }

  #look(): void {
    for (const look of this.#watchers) look()
  }

  async #until(isDone: () => boolean, what: string): Promise<void> {
    if (isDone()) return
    let look = (): void => {}
    const done = new Promise<void>((resolve, reject) => {
      look = () => {
        if (isDone()) resolve()
        else if (this.#end !== undefined) {
          reject(
            new EndedEarly(
              `Instead of ${what}: ${this.#end}, after ${this.received.toString("hex") || "nothing"}`,
            ),
          )
        }
      }
      this.#watchers.add(look)
      look()
    })
    try {
      await within(done, what)
    } finally {
      this.#watchers.delete(look)
    }
  }
}

/** A listener of mock peers, for sockets that connect. */
export class MockServer {
  /** Connections that have come so far. */
  count = 0
  readonly #server: Server
  readonly #peers: MockPeer[] = []
  readonly #waiting: MockPeer[] = []
  readonly #wanted: ((peer: MockPeer) => void)[] = []

  private constructor(server: Server) {
    this.#server = server
    server.on("connection", (socket) => {
      this.count++
      const peer = new MockPeer(socket)
      this.#peers.push(peer)
      const wanted = this.#wanted.shift()
      if (wanted === undefined) this.#waiting.push(peer)
      else wanted(peer)
    })
  }

  /** At an address that is free, or that the system chooses. */
  static async listen(address = "tcp://127.0.0.1:0"): Promise<MockServer> {
    const { hostname, port } = new URL(address)
    const server = createServer({ allowHalfOpen: true }).listen(Number(port), hostname)
    await once(server, "listening")
    return new MockServer(server)
  }

  get address(): string {
    return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The next connection. */
  accept(): Promise<MockPeer> {
    const peer = this.#waiting.shift()
    if (peer !== undefined) return Promise.resolve(peer)
    return within(new Promise((resolve) => this.#wanted.push(resolve)), "a connection to the mock")
  }

  close(): void {
    this.#server.close()
    for (const peer of this.#peers) peer.close()
  }
}
