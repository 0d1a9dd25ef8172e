import { setTimeout as delay } from "node:timers/promises"
import type { Command } from "commander"
import { Stream } from "../../index.js"
import { examples } from "../examples.js"
import { exitCodes, Failure, TimeoutFailure, UsageFailure } from "../exit.js"
import { toJsonFrame } from "../formats/json.js"
import { addCountOption, addSessionOptions } from "../options.js"
import { write } from "../output.js"
import { type Answer, type Heard, Probe } from "../probe.js"
import { Session, type SessionOptions } from "../session.js"
import { toDuration } from "../values.js"

interface PingFlags extends SessionOptions {
  readonly count?: number
  readonly interval: number
  readonly json?: boolean
}

const PATIENCE = 5000

/** `puremq ping`. */
export function registerPing(program: Command): void {
  const command = program
    .command("ping")
    .summary("ask who is there")
    .description(
      [
        "Connects, and tells which version of ZMTP the peer speaks, its mechanism, its socket type and how long it took to answer.",
        "No message is sent and none is taken: the handshake is given up before it is over. A peer with PLAIN or CURVE tells its socket type only to whom it lets in.",
      ].join("\n\n"),
    )
    .argument("<endpoint>", "tcp://host:port or ipc://path")
    .option("--json", "an answer as an object of JSON")
    .option("--interval <time>", "time from one to the next", toDuration, 1000)
  addCountOption(command, "ask so many times; 1 without it")
  addSessionOptions(command).action(run)
  examples(command, [
    ["What is this port?", "puremq ping tcp://host:5555"],
    ["Wait until it is there", "until puremq ping -q tcp://host:5555; do sleep 1; done"],
  ])
}

function run(endpoint: string, flags: PingFlags): Promise<never> {
  const session = new Session(flags)
  const { signal } = session
  return session.run(async () => {
    const { count = 1, timeout = PATIENCE } = flags
    let failure: unknown
    for (let left = count; left > 0; left--) {
      try {
        await write(report(endpoint, await ask(endpoint, timeout, signal), flags.json ?? false), signal)
      } catch (error) {
        if (signal.aborted || left === 1 || !(error instanceof Failure) || error.exitCode === exitCodes.usage)
          throw error
        failure = error
        session.warn(error.message)
      }
      if (left > 1) await delay(flags.interval, undefined, { signal })
    }
    if (failure !== undefined) throw new Failure("Not all were answered")
  })
}

interface Reached extends Answer {
  readonly address: string
  /** Milliseconds from our first word to the whole of the peer's greeting. */
  readonly roundTrip: number
}

async function ask(endpoint: string, timeout: number, signal: AbortSignal): Promise<Reached> {
  const patience = AbortSignal.timeout(timeout)
  const socket = new Stream({ linger: 0, reconnectInterval: -1 })
  try {
    const failed = refusal(socket, endpoint)
    return await Promise.race([converse(socket, endpoint, AbortSignal.any([signal, patience])), failed])
  } catch (error) {
    if (patience.aborted && !signal.aborted) {
      const what = socket.stats().bytesOut > 0 ? "is there, but did not greet" : "did not answer"
      throw new TimeoutFailure(`${endpoint} ${what} in ${timeout} ms`)
    }
    throw error
  } finally {
    socket.close()
  }
}

/** Rejects when nobody listens there. */
function refusal(socket: Stream, endpoint: string): Promise<never> {
  return new Promise((_, reject) => {
    socket.events.on("close", (event) => {
      if (event.reason === undefined) return
      reject(new Failure(`${endpoint}: ${event.reason.message} (${event.reason.code})`))
    })
  })
}

async function converse(socket: Stream, endpoint: string, signal: AbortSignal): Promise<Reached> {
  const probe = new Probe()
  try {
    socket.connect(endpoint)
  } catch (error) {
    throw new UsageFailure(`Cannot connect to ${endpoint}: ${(error as Error).message}`)
  }
  const [id] = await socket.receive({ signal })
  const begun = performance.now()
  await socket.send([id, probe.opening], { signal })
  let roundTrip: number | undefined
  for (;;) {
    const [, bytes] = await socket.receive({ signal })
    if (bytes.length === 0) throw new Failure(`${endpoint}: the peer hung up`)
    const { greeted, say, answer } = hear(probe, bytes, endpoint)
    if (greeted) roundTrip ??= performance.now() - begun
    if (say !== undefined) await socket.send([id, say], { signal })
    if (answer !== undefined) {
      return { ...answer, address: socket.sender?.address ?? "", roundTrip: roundTrip as number }
    }
  }
}

function hear(probe: Probe, bytes: Buffer, endpoint: string): Heard {
  try {
    return probe.hear(bytes)
  } catch (error) {
    throw new Failure(`${endpoint}: ${(error as Error).message}`)
  }
}

function report(endpoint: string, reached: Reached, json: boolean): string {
  const {
    version,
    mechanism,
    socketType,
    properties = new Map<string, Buffer>(),
    address,
    roundTrip,
  } = reached
  const time = roundTrip.toFixed(3)
  if (json) {
    const told = Object.fromEntries([...properties].map(([name, value]) => [name, toJsonFrame(value)]))
    return `${JSON.stringify({ endpoint, address, version, mechanism, socketType, properties: told, milliseconds: Number(time) })}\n`
  }
  const words = [endpoint, `ZMTP ${version}`, mechanism, socketType || "(type not told)"]
  for (const [name, value] of properties) {
    if (name.toLowerCase() !== "socket-type" && value.length > 0) words.push(`${name}=${value}`)
  }
  return `${words.filter((word) => word !== undefined).join("  ")}  ${time} ms\n`
}
