import { spawn } from "node:child_process"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { type Command, InvalidArgumentError, Option } from "commander"
import { Context, Pull, Push, Reply, Request } from "../../index.js"
import { examples } from "../examples.js"
import { Failure } from "../exit.js"
import { addSessionOptions } from "../options.js"
import { write } from "../output.js"
import { Session, type SessionOptions } from "../session.js"
import { echo } from "../talk.js"
import { collect, toCount, toDuration } from "../values.js"

const transports = ["tcp", "ipc", "inproc"] as const
type Transport = (typeof transports)[number]

interface BenchFlags extends SessionOptions {
  readonly transport?: readonly Transport[]
  readonly size?: readonly number[]
  readonly time: number
  readonly json?: boolean
}

/** The part that the other process plays. */
const PEER = "bench-peer"
const SIZES: readonly number[] = [64, 1024, 65_536]
/** Each message of at least so many bytes is looked at. */
const LARGE = 16_384
const FOREVER: AbortSignal = new AbortController().signal
/** Before it counts, code is compiled and windows are opened. */
const WARM_UP = 300
const ENDPOINTS: Record<Transport, string> = {
  tcp: "tcp://127.0.0.1:*",
  ipc: "ipc://*",
  inproc: "inproc://bench",
}

/** `puremq bench`. */
export function registerBench(program: Command): void {
  const command = program
    .command("bench")
    .summary("measure this machine, for some seconds")
    .description(
      "Measures PUSH/PULL throughput and REQ/REP latency: between two processes over tcp and ipc, within one over inproc.",
    )
    .addOption(
      new Option("--transport <transport>", "tcp, ipc or inproc; may be repeated; all without it").argParser(
        collect(toTransport),
      ),
    )
    .option(
      "--size <bytes>",
      "size of messages; may be repeated; 64, 1024 and 65536 without it",
      collect(toCount),
    )
    .option("--time <time>", "how long to measure each", toDuration, 500)
    .option("--json", "a measurement as an object of JSON")
  addSessionOptions(command).action(run)
  examples(command, [
    ["All of it", "puremq bench"],
    ["One case, longer", "puremq bench --transport tcp --size 100 --time 5s"],
  ])
  program
    .command(`${PEER} <play> <endpoint> [size]`, { hidden: true })
    .action((play: string, endpoint: string, size = "1") =>
      play === "push" ? push(endpoint, size) : reply(endpoint),
    )
}

function toTransport(text: string): Transport {
  const found = transports.find((one) => one === text)
  if (found === undefined) throw new InvalidArgumentError(`It is one of ${transports.join(", ")}.`)
  return found
}

function run(flags: BenchFlags): Promise<never> {
  const session = new Session(flags)
  const { signal } = session
  return session.run(async () => {
    for (const transport of flags.transport ?? transports) {
      for (const size of flags.size ?? SIZES) {
        const rate = await throughput(transport, size, flags.time, signal)
        const megabits = (rate * size * 8) / 1e6
        await print({
          transport,
          size,
          messagesPerSecond: Math.round(rate),
          megabitsPerSecond: Math.round(megabits),
        })
      }
      const [median, worst] = await latency(transport, flags.time, signal)
      await print({ transport, oneWayMicroseconds: round(median), oneWayMicroseconds99: round(worst) })
    }
  })

  function print(measured: Measured): Promise<void> {
    return write(`${flags.json ? JSON.stringify(measured) : toLine(measured)}\n`, signal)
  }
}

type Measured =
  | { transport: Transport; size: number; messagesPerSecond: number; megabitsPerSecond: number }
  | { transport: Transport; oneWayMicroseconds: number; oneWayMicroseconds99: number }

function toLine(measured: Measured): string {
  const { transport } = measured
  if ("size" in measured) {
    const { size, messagesPerSecond, megabitsPerSecond } = measured
    const rate = messagesPerSecond.toLocaleString("en").padStart(12)
    return `${transport.padEnd(7)}${String(size).padStart(8)} B${rate} msg/s${megabitsPerSecond.toLocaleString("en").padStart(10)} Mb/s`
  }
  const { oneWayMicroseconds, oneWayMicroseconds99 } = measured
  return `${transport.padEnd(7)} latency, one way: median ${oneWayMicroseconds} us, 99% within ${oneWayMicroseconds99} us`
}

function round(microseconds: number): number {
  return Math.round(microseconds * 10) / 10
}

async function throughput(
  transport: Transport,
  size: number,
  time: number,
  signal: AbortSignal,
): Promise<number> {
  const context = new Context()
  const pull = new Pull({ context, linger: 0 })
  await pull.bind(ENDPOINTS[transport])
  const peer = startPeer(transport, "push", pull.lastEndpoint as string, size, context)
  const closing = (): void => pull.close()
  signal.addEventListener("abort", closing)
  peer.onEnd(closing)
  let [count, begun, end] = [0, Infinity, Infinity]
  try {
    for await (const _ of pull) {
      // A look at the clock costs as much as a small message.
      if ((++count & 63) !== 0 && size < LARGE) continue
      const now = performance.now()
      if (begun === Infinity) [begun, end] = [now + WARM_UP, now + WARM_UP + time]
      if (now < begun) count = 0
      if (now >= end) return (count / (now - begun)) * 1000
    }
  } finally {
    peer.end()
    signal.removeEventListener("abort", closing)
    await context.term()
  }
  throw signal.aborted ? signal.reason : new Failure("The other process ended")
}

/** One way: the median, and what 99% keep within, in microseconds. */
async function latency(transport: Transport, time: number, signal: AbortSignal): Promise<[number, number]> {
  const context = new Context()
  const request = new Request({ context, linger: 0 })
  await request.bind(ENDPOINTS[transport])
  const peer = startPeer(transport, "rep", request.lastEndpoint as string, 1, context)
  peer.onEnd(() => request.close())
  const times: number[] = []
  const letter = Buffer.alloc(1)
  let end = Infinity
  try {
    for (let now = 0; now < end; ) {
      const begun = performance.now()
      await request.send(letter, { signal })
      await request.receive({ signal })
      now = performance.now()
      if (end === Infinity) end = now + WARM_UP + time
      if (now > end - time) times.push(((now - begun) / 2) * 1000)
    }
  } finally {
    peer.end()
    await context.term()
  }
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.floor((times.length - 1) * share)] as number
  return [at(0.5), at(0.99)]
}

/** Whoever is at the other end. */
interface Counterpart {
  /** Calls back when it ends by itself. */
  onEnd(react: () => void): void
  end(): void
}

/** The other side: a process, or for inproc a loop in this one. */
function startPeer(
  transport: Transport,
  play: "push" | "rep",
  endpoint: string,
  size: number,
  context: Context,
): Counterpart {
  if (transport === "inproc") {
    const socket = play === "push" ? new Push({ context, linger: 0 }) : new Reply({ context, linger: 0 })
    socket.connect(endpoint)
    // It ends when the socket is closed.
    const played = socket instanceof Push ? pushAll(socket, size) : echo(socket, Infinity, FOREVER)
    played.catch(() => {})
    return { onEnd: () => {}, end: () => socket.close() }
  }
  const script = fileURLToPath(import.meta.url)
  const child = spawn(process.execPath, [script, PEER, play, endpoint, String(size)], {
    stdio: ["ignore", "ignore", "inherit"],
  })
  return {
    onEnd: (react) => child.once("exit", react),
    end: () => {
      child.removeAllListeners("exit")
      child.kill("SIGKILL")
    },
  }
}

async function push(endpoint: string, size: string): Promise<void> {
  const socket = new Push({ linger: 0 })
  socket.connect(endpoint)
  endWithStarter()
  await pushAll(socket, Number(size))
}

async function reply(endpoint: string): Promise<void> {
  const socket = new Reply({ linger: 0 })
  socket.connect(endpoint)
  endWithStarter()
  await echo(socket, Infinity, FOREVER)
}

async function pushAll(socket: Push, size: number): Promise<void> {
  const letter = Buffer.alloc(size)
  for (;;) await socket.send(letter)
}

/** A process whose starter was killed must not go on for ever. */
function endWithStarter(): void {
  const starter = process.ppid
  void (async () => {
    while (process.ppid === starter) await delay(1000)
    process.exit()
  })()
}
