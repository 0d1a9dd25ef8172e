// What all parts have in common: their options, what they may do now, and the book of what they did.
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises"
import type * as zmq from "puremq"
import { Chance } from "../fuzz/chance.js"
import { Author, type Letter, openDesk } from "../letters/letter.js"
import type { SharedApi } from "../suites/library.js"
import { hasCode } from "../suites/talk.js"
import { type Arrival, BURST, MARK, type PlayerPlan, type Progress, type Report } from "./protocol.js"

/** Milliseconds from one burst of letters to the next. */
const BURST_INTERVAL = 10
const HOLD_INTERVAL = 5
const HEARTBEAT_INTERVAL = 100
/** A busy machine may keep a peer from answering for long. */
const HEARTBEAT_TIMEOUT = 1500
const RECONNECT_INTERVAL = 20
/** Milliseconds after which a connection that does not come about is tried anew. */
const CONNECT_TIMEOUT = 1000
/** Milliseconds after which zeromq.js is asked again. */
const ASKING_INTERVAL = 300

/** A socket of either library, as far as all parts need it. */
type AnySocket = zmq.Socket & { stats?: () => { readonly dropped: number } }

export class Stage {
  readonly plan: PlayerPlan
  readonly zmq: SharedApi
  readonly author: Author
  readonly say: (report: Report) => void
  holds = false
  rushes = false
  isFinishing = false
  isClosing = false
  retries = 0
  readonly #context: zmq.Context
  readonly #sockets: Set<AnySocket> = new Set()
  #sent: number[] = []
  #received: Arrival[] = []
  #met = 0
  #ends: number[] = []
  #dropped = 0

  constructor(plan: PlayerPlan, library: SharedApi, say: (report: Report) => void) {
    this.plan = plan
    this.zmq = library
    this.say = say
    this.#context = new library.Context()
    // What a ROUTER or a PUB has queued goes with the connection of its peer.
    const queueIsLost = plan.side === "bind"
    this.author = new Author(plan.number, queueIsLost, openDesk(new Chance(plan.seed)))
  }

  /** The options of sockets that read. */
  get reads(): { receiveHighWaterMark: number } {
    return { ...this.#options, receiveHighWaterMark: MARK, ...this.#wakeful("receiveTimeout") }
  }

  /** The options of sockets that write. */
  get writes(): { sendHighWaterMark: number } {
    return { ...this.#options, sendHighWaterMark: MARK, ...this.#wakeful("sendTimeout") }
  }

  /**
   * Operations of zeromq.js that are pending when a connection is lost may sleep for ever, though its socket is ready
   * for them: they end after a while and are begun anew.
   */
  #wakeful(timeout: "receiveTimeout" | "sendTimeout"): object {
    return this.plan.library === "zeromq" ? { [timeout]: ASKING_INTERVAL } : {}
  }

  get #options(): object {
    const { ipv6, heartbeats } = this.plan
    const beats = heartbeats
      ? {
          heartbeatInterval: HEARTBEAT_INTERVAL,
          heartbeatTimeout: HEARTBEAT_TIMEOUT,
          handshakeInterval: HEARTBEAT_TIMEOUT,
        }
      : {}
    return {
      ...{ context: this.#context, linger: 0, ipv6 },
      ...{ reconnectInterval: RECONNECT_INTERVAL, connectTimeout: CONNECT_TIMEOUT },
      ...beats,
    }
  }

  /** Connects or binds; who finds the place taken tries until it is free. */
  async open(socket: AnySocket): Promise<void> {
    this.#sockets.add(socket)
    void this.#watch(socket)
    const { side, endpoint } = this.plan
    if (side === "connect") {
      socket.connect(endpoint)
      return
    }
    for (;;) {
      try {
        await socket.bind(endpoint)
        this.say({ report: "bound", endpoint: socket.lastEndpoint ?? "" })
        return
      } catch (error) {
        // libzmq tells its monitor first, which may put another number in the place of the error's.
        const isOther = this.plan.library === "zeromq" && hasCode(error, "EAGAIN")
        if (!isOther && !hasCode(error, "EADDRINUSE")) throw error
        this.say({ report: "taken" })
        await delay(BURST_INTERVAL)
      }
    }
  }

  /** Writes until told to finish; resolves when the last letter was accepted. */
  async write(send: (frames: Buffer[]) => Promise<void>): Promise<void> {
    const { author } = this
    for (let isLast = false; !isLast; ) {
      await this.pace()
      isLast = this.isFinishing
      if (this.isClosing) return
      const frames = author.next()
      if ((await this.settled(() => send(frames))) === undefined) return
      this.accepted(frames)
    }
    this.say({ report: "finished", sequence: author.sequence })
  }

  /** Reads until the socket is closed. */
  async read(
    receive: () => Promise<Buffer[]>,
    use: (frames: Buffer[]) => Promise<void> | void,
  ): Promise<void> {
    for (;;) {
      while (this.holds && !this.isClosing) await this.pause()
      const taken = await this.settled(receive)
      if (taken === undefined) return
      await use(taken.result)
    }
  }

  /** The result, or nothing when the socket was closed meanwhile. */
  async settled<T>(operate: () => Promise<T>): Promise<{ result: T } | undefined> {
    for (;;) {
      try {
        return { result: await operate() }
      } catch (error) {
        const hasTimedOut = hasCode(error, "EAGAIN")
        if (this.isClosing && (hasTimedOut || hasCode(error, "EBADF"))) return undefined
        if (!hasTimedOut || this.plan.library !== "zeromq") throw error
      }
    }
  }

  async pause(): Promise<void> {
    await delay(HOLD_INTERVAL)
  }

  async pace(): Promise<void> {
    if (this.rushes) await turn()
    else if (this.author.sequence % BURST === 0) await delay(BURST_INTERVAL)
  }

  accepted(frames: readonly Buffer[]): void {
    this.#sent.push(frames.reduce((total, frame) => total + frame.length, 0))
    this.#tell()
  }

  enter({ sender, sequence, bytesBefore, bytes, queueIsLost }: Letter): void {
    this.#received.push({ sender, sequence, bytesBefore, bytes, queueIsLost })
    this.#tell()
  }

  progress(): Progress {
    const { retries } = this
    let dropped = this.#dropped
    for (const socket of this.#sockets) if (!socket.closed) dropped += socket.stats?.().dropped ?? 0
    const progress: Progress = {
      ...{ report: "progress", sent: this.#sent, received: this.#received, met: this.#met },
      ...{ ends: this.#ends, retries, dropped },
    }
    this.#sent = []
    this.#received = []
    this.#ends = []
    return progress
  }

  discard(socket: AnySocket): void {
    this.#dropped += socket.stats?.().dropped ?? 0
    this.#sockets.delete(socket)
    socket.close()
  }

  close(): void {
    this.isClosing = true
    for (const socket of this.#sockets) this.discard(socket)
  }

  /** Resolves when nothing of the context is left; zeromq.js ends it with the process. */
  async end(): Promise<void> {
    await (this.#context as { term?: () => Promise<void> }).term?.()
  }

  #tell(): void {
    if (this.plan.isMortal) this.say(this.progress())
  }

  async #watch(socket: AnySocket): Promise<void> {
    for await (const { type } of socket.events) {
      if (type === "handshake") {
        this.#met++
        this.#tell()
      } else if (type === "disconnect") this.#ends.push(this.author.sequence)
    }
  }
}
