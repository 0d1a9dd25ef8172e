import type { Command } from "commander"
import type { Frame, Stream } from "../../index.js"
import { examples } from "../examples.js"
import { Failure } from "../exit.js"
import type { Format } from "../formats/format.js"
import { readInput } from "../input.js"
import {
  addAnySocketOptions,
  addCountOption,
  addFormatOptions,
  addInputOptions,
  addPlaceOptions,
  addSessionOptions,
  type FormatFlags,
  formatsOf,
  type InputFlags,
} from "../options.js"
import { Output } from "../output.js"
import { Session } from "../session.js"
import { createSocket, type PlacedFlags, place, toPlaces } from "../sockets.js"

type StreamFlags = PlacedFlags & InputFlags & FormatFlags

/** `puremq stream`. */
export function registerStream(program: Command): void {
  const command = program
    .command("stream")
    .summary("talk plain TCP, without ZeroMQ")
    .description(
      [
        "Sends standard input to a peer that need not know ZeroMQ, as it is, and writes what comes back, until the peer hangs up.",
        "With a --format, each piece that comes is a message of a peer's id and bytes; a message to send of two frames names its peer.",
        "With --bind messages that name none go to who spoke last.",
      ].join("\n\n"),
    )
    .argument("<endpoint>", "where to connect, such as tcp://host:80")
  addPlaceOptions(command)
  addInputOptions(command)
  addFormatOptions(command, { both: true })
  addCountOption(command, "end after so many pieces have come")
  addAnySocketOptions(command)
  addSessionOptions(command).action((endpoint: string, flags: StreamFlags) => run(endpoint, flags))
  examples(command, [
    ["Ask a web server", "printf 'HEAD / HTTP/1.0\\r\\n\\r\\n' | puremq stream tcp://example.org:80"],
    ["See what a client says", "puremq stream --bind tcp://*:8080 --json"],
  ])
}

/** Bytes as they come and go. */
const bytes: Format = {
  encode: ([, frame = Buffer.alloc(0)]) => frame,
  parse: (all) => [all],
  createSplitter: () => ({ push: (chunk) => [[chunk]], end: () => [] }),
}

const NAME = Buffer.from("peer")

function run(endpoint: string, flags: StreamFlags): Promise<never> {
  const session = new Session(flags)
  const { signal } = session
  return session.run(async () => {
    const formats = formatsOf(flags)
    const output = new Output(formats.textOut ? bytes : formats.output, signal)
    const socket = await createSocket("stream", session, flags)
    const [one] = toPlaces([endpoint], flags)
    if (one === undefined) return
    const line = new Line(socket, one.bind ? undefined : NAME)
    if (one.bind) await place(socket, [one], session, flags)
    else {
      socket.connect(one.address, { routingId: NAME })
      await place(socket, [], session, flags)
    }
    const { count = Infinity, ...sending } = flags
    const messages = readInput(
      formats.textIn ? bytes : formats.input,
      { ...sending, count: undefined },
      signal,
    )
    const failed = line.send(messages, signal)
    await Promise.race([line.receive(output, count, signal), failed])
  })
}

/** Who is at the other end, and what goes to and fro. */
class Line {
  private readonly socket: Stream
  /** The peer of a connection that we made. */
  private readonly peer: Frame | undefined
  private last: Frame | undefined
  private arrive: () => void = () => {}
  private readonly arrived: Promise<void> = new Promise((resolve) => {
    this.arrive = resolve
  })
  private readonly present: Set<string> = new Set()

  constructor(socket: Stream, peer: Frame | undefined) {
    this.socket = socket
    this.peer = peer
    this.last = peer
  }

  /** Never resolves; rejects with what went wrong. */
  async send(messages: AsyncIterable<Frame[]>, signal: AbortSignal): Promise<never> {
    for await (const message of messages) {
      if (message.length === 1) await this.arrived
      const [id, data] = message.length === 1 ? [this.last, message[0]] : message
      if (id === undefined || data === undefined || message.length > 2)
        throw new Failure("A message to send has one frame or two")
      // A frame without bytes would hang up.
      if (data.length > 0) await this.socket.send([id, data], { signal })
    }
    return new Promise(() => {})
  }

  /** Resolves when the peer that we connected to has hung up, or so many pieces have come. */
  async receive(output: Output, count: number, signal: AbortSignal): Promise<void> {
    let left = count
    while (left > 0) {
      const [id, data] = await this.socket.receive({ signal })
      if (data.length === 0) {
        if (this.isLast(id)) return
        continue
      }
      this.last = id
      output.add([id, data])
      await output.flush()
      left--
    }
  }

  /** Whether a message without bytes says that the one peer went; the first one says that he came. */
  private isLast(id: Frame): boolean {
    const name = id.toString("latin1")
    if (!this.present.has(name)) {
      this.present.add(name)
      this.last ??= id
      this.arrive()
      return false
    }
    this.present.delete(name)
    return this.peer !== undefined
  }
}
