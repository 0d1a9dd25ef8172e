import { setMaxListeners } from "node:events"
import { type Event, type Socket, ZmqError } from "../index.js"
import { sayEvent, sayFailure } from "./events.js"
import { exitCodes, Failure, TimeoutFailure } from "./exit.js"
import { onOutputError, sayOutputError } from "./output.js"
import { complain, paint, tell } from "./terminal.js"

/** What every command that has sockets knows. */
export interface SessionOptions {
  /** Milliseconds that each thing is waited for. */
  readonly timeout?: number | undefined
  /** Milliseconds that messages may take to leave when all is done. */
  readonly linger?: number | undefined
  readonly quiet?: boolean | undefined
  readonly verbose?: boolean | undefined
  /** The command reads the events of its sockets by itself. */
  readonly readsEvents?: boolean
}

const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const
/** Milliseconds that a signal leaves for what was accepted, where nothing else is asked for. */
const LINGER_AFTER_SIGNAL = 1000

/** The run of a command: its sockets, and how it ends. */
export class Session {
  readonly options: SessionOptions
  readonly #ending: AbortController = new AbortController()
  readonly #sockets: Socket[] = []
  /** The code to end with, once somebody has asked for the end. */
  #asked: number | undefined

  constructor(options: SessionOptions) {
    this.options = options
    // Sockets without number may listen to it.
    setMaxListeners(0, this.signal)
    for (const [signal, number] of Object.entries(signals)) {
      // A second one ends the process at once.
      process.once(signal, () => this.stop(exitCodes.signal + number))
    }
    onOutputError((error) => {
      if (error.code === "EPIPE") this.stop(exitCodes.ok)
      else this.fail(new Failure(sayOutputError(error)))
    })
  }

  /** Aborts when the command has to end before it is done. */
  get signal(): AbortSignal {
    return this.#ending.signal
  }

  /** Ends the command with this code; what was accepted is still sent. */
  stop(code: number): void {
    this.#asked ??= code
    this.#ending.abort()
  }

  /** Ends the command with what went wrong. */
  fail(error: unknown): void {
    if (this.#asked !== undefined) return
    this.stop(this.#codeOf(error))
  }

  /** Has the socket closed at the end, and its events told if the user wants them. */
  add<S extends Socket>(socket: S): S {
    this.#sockets.push(socket)
    const { readsEvents, verbose, quiet } = this.options
    if (readsEvents) return socket
    if (verbose) void this.#tellEvents(socket)
    else if (!quiet) this.#tellFailures(socket)
    return socket
  }

  /** Tells the user what goes on, if he wants it. */
  note(text: string): void {
    if (this.options.verbose) tell(paint(process.stderr, "dim", text))
  }

  /** Tells the user of something that is wrong and goes on. */
  readonly warn = (text: string): void => {
    if (!this.options.quiet) complain(text)
  }

  /** Runs the command's body, closes the sockets, and ends the process. */
  async run(body: () => Promise<void>): Promise<never> {
    let code: number = exitCodes.ok
    try {
      await body()
    } catch (error) {
      if (this.#asked === undefined) code = this.#codeOf(error)
    }
    code = this.#asked ?? code
    if (!(await this.#close(code)) && code === exitCodes.ok) {
      this.warn("Timed out: messages were not sent")
      code = exitCodes.timeout
    }
    process.exit(this.#asked ?? code)
  }

  /** False when the time was over before all was sent. */
  async #close(code: number): Promise<boolean> {
    const linger = this.#lingerAfter(code)
    for (const socket of this.#sockets) {
      if (!socket.closed && linger !== undefined) socket.linger = linger
    }
    const { timeout } = this.options
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<false>((resolve) => {
      if (timeout !== undefined) timer = setTimeout(() => resolve(false), timeout)
    })
    const asked = new Promise<true>((resolve) => {
      // A signal while messages linger.
      if (this.#asked === undefined) this.signal.addEventListener("abort", () => resolve(true))
    })
    const closed = Promise.all(this.#sockets.map((socket) => socket[Symbol.asyncDispose]())).then(() => true)
    const inTime = await Promise.race([closed, late, asked])
    clearTimeout(timer)
    return inTime
  }

  #lingerAfter(code: number): number | undefined {
    if (this.#asked !== undefined) return this.options.linger ?? LINGER_AFTER_SIGNAL
    // What failed or came too late has nothing to wait for.
    return code === exitCodes.ok ? this.options.linger : 0
  }

  async #tellEvents(socket: Socket): Promise<void> {
    for await (const event of socket.events) {
      if (event.type !== "end") this.note(sayEvent(event))
    }
  }

  /** A handshake that fails is tried again and again: the user is told once of each reason. */
  #tellFailures(socket: Socket): void {
    const told = new Set<string>()
    const tellOnce = (event: Event): void => {
      const text = sayFailure(event)
      if (!told.has(text)) this.warn(text)
      told.add(text)
    }
    socket.events.on("handshake:error:auth", tellOnce)
    socket.events.on("handshake:error:protocol", tellOnce)
  }

  #codeOf(error: unknown): number {
    const failure = toFailure(error, this.options.timeout)
    if (!this.options.quiet) complain(failure.message)
    return failure.exitCode
  }
}

/** A rejected operation in the user's terms. */
function toFailure(error: unknown, timeout: number | undefined): Failure {
  if (error instanceof Failure) return error
  if (error instanceof ZmqError) {
    if (error.code === "EAGAIN")
      return new TimeoutFailure(`nothing came or went${timeout === undefined ? "" : ` in ${timeout} ms`}`)
    const { address } = error
    return new Failure(`${address === undefined ? "" : `${address}: `}${error.message} (${error.code})`)
  }
  if (error instanceof Error && "code" in error) return new Failure(error.message)
  return new Failure(error instanceof Error ? (error.stack ?? error.message) : String(error))
}
