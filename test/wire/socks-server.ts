// A SOCKS5 proxy for tests (RFC 1928, RFC 1929): it notes what it is asked for and connects to this machine.
import { once } from "node:events"
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net"

export interface SocksBehaviour {
  /** The method it chooses; 0 by default, 2 asks for a name and a password. */
  readonly method?: number
  /** What it says to the name and the password; 0 is welcome. */
  readonly verdict?: number
  /** What it says to the request; 0 connects. */
  readonly reply?: number
  /** After which question it says nothing more. */
  readonly silentAfter?: "greeting" | "user" | "request"
  /** Says each byte in a segment of its own. */
  readonly slow?: boolean
  /** Behind its answer, in one segment, stands what the peer says first. */
  readonly eager?: boolean
}

const SUCCESS = Buffer.from("0500000100000000", "hex")

export class SocksServer {
  /** What was asked for, such as `domain example.org:5555`. */
  readonly requests: string[] = []
  /** Names and passwords. */
  readonly users: string[] = []
  readonly methods: number[][] = []
  readonly #server: Server
  readonly #behaviour: SocksBehaviour
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server, behaviour: SocksBehaviour) {
    this.#server = server
    this.#behaviour = behaviour
    server.on("connection", (socket) => {
      this.#keep(socket)
      this.#serve(socket).catch(() => socket.destroy())
    })
  }

  static async listen(behaviour: SocksBehaviour = {}): Promise<SocksServer> {
    const server = createServer().listen(0, "127.0.0.1")
    await once(server, "listening")
    return new SocksServer(server, behaviour)
  }

  /** What socksProxy is set to. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.setNoDelay(true)
    socket.on("error", () => socket.destroy())
    socket.on("close", () => this.#sockets.delete(socket))
  }

  async #serve(socket: Socket): Promise<void> {
    const { method = 0, verdict = 0, reply = 0, silentAfter } = this.#behaviour
    const [, count = 0] = await take(socket, 2)
    this.methods.push([...(await take(socket, count))])
    if (silentAfter === "greeting") return
    await this.#say(socket, Buffer.from([5, method]))
    if (method === 2) {
      await take(socket, 1)
      const name = await takeText(socket)
      this.users.push(`${name}:${await takeText(socket)}`)
      if (silentAfter === "user") return
      await this.#say(socket, Buffer.from([1, verdict]))
    }
    const request = await take(socket, 4)
    const place = await takePlace(socket, request[3] ?? 0)
    const port = (await take(socket, 2)).readUInt16BE()
    this.requests.push(`${place}:${port}`)
    if (silentAfter === "request") return
    if (reply === 0) await this.#connect(socket, port)
    else await this.#say(socket, Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]))
  }

  /** Whatever the host, what is meant listens here. */
  async #connect(socket: Socket, port: number): Promise<void> {
    const peer = connect({ host: "127.0.0.1", port })
    this.#keep(peer)
    await once(peer, "connect")
    socket.on("close", () => peer.destroy())
    peer.on("close", () => socket.end())
    const answer = Buffer.concat([SUCCESS, Buffer.from([port >> 8, port & 0xff])])
    if (this.#behaviour.eager) socket.write(Buffer.concat([answer, (await once(peer, "data"))[0] as Buffer]))
    else await this.#say(socket, answer)
    peer.pipe(socket)
    socket.pipe(peer)
  }

  async #say(socket: Socket, bytes: Buffer): Promise<void> {
    if (!this.#behaviour.slow) socket.write(bytes)
    else {
      for (const byte of bytes) {
        socket.write(Buffer.from([byte]))
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }
}

async function take(socket: Socket, count: number): Promise<Buffer> {
  for (;;) {
    const bytes = count === 0 ? Buffer.alloc(0) : (socket.read(count) as Buffer | null)
    if (bytes !== null) return bytes
    if (socket.readableEnded || socket.destroyed) throw new Error("The client hung up.")
    await Promise.race([once(socket, "readable"), once(socket, "close")])
  }
}

async function takeText(socket: Socket): Promise<string> {
  return (await take(socket, (await take(socket, 1))[0] ?? 0)).toString("utf8")
}

async function takePlace(socket: Socket, type: number): Promise<string> {
  if (type === 1) return `ipv4 ${[...(await take(socket, 4))].join(".")}`
  if (type === 4) return `ipv6 ${(await take(socket, 16)).toString("hex")}`
  return `domain ${await takeText(socket)}`
}
