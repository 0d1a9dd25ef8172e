import { type Command, Option } from "commander"
import { describeEvent, sayEvent } from "../events.js"
import { examples } from "../examples.js"
import { TimeoutFailure } from "../exit.js"
import {
  addCountOption,
  addPlaceOptions,
  addRoutingIdOption,
  addSessionOptions,
  addSocketOptions,
} from "../options.js"
import { write } from "../output.js"
import { Session } from "../session.js"
import { createSocket, type PlacedFlags, place, type TypeName, toPlaces, typeNames } from "../sockets.js"

interface MonitorFlags extends PlacedFlags {
  readonly type: TypeName
  readonly json?: boolean
  readonly count?: number
}

/** `puremq monitor`. */
export function registerMonitor(program: Command): void {
  const command = program
    .command("monitor")
    .summary("see connections come and go")
    .description(
      [
        "Connects a socket of a type of your choice, and writes what happens to its connections, an event a line.",
        "It is a peer like others: what a PUSH hands out to a PULL that monitors is lost. `puremq ping` tells a peer's type.",
      ].join("\n\n"),
    )
    .argument("<endpoints...>", "where to connect; @ before one binds it")
    .addOption(new Option("--type <type>", "what to connect as").choices(typeNames).default("dealer"))
    .option("--json", "an event as an object of JSON, with the time in milliseconds")
  addPlaceOptions(command)
  addCountOption(command, "end after so many events")
  addRoutingIdOption(command)
  addSocketOptions(command)
  addSessionOptions(command).action(run)
  examples(command, [
    ["Does the publisher let us in?", "puremq monitor tcp://host:5556 --type sub"],
    ["Who comes to us", "puremq monitor --bind tcp://*:5555 --type router --json"],
  ])
}

function run(endpoints: string[], flags: MonitorFlags): Promise<never> {
  const session = new Session({ ...flags, readsEvents: true })
  const { signal } = session
  return session.run(async () => {
    const socket = await createSocket(flags.type, session, flags)
    const { events } = socket
    await place(socket, toPlaces(endpoints, flags), session, {})
    for (let left = flags.count ?? Infinity; left > 0; left--) {
      const event = await inTime(events.receive(), flags.timeout, signal)
      if (event.type === "end") return
      const line = flags.json
        ? JSON.stringify({ time: Date.now(), ...describeEvent(event) })
        : `${new Date().toISOString()} ${sayEvent(event)}`
      await write(`${line}\n`, signal)
    }
  })
}

/** What the promise gives, unless it takes longer than it may. */
async function inTime<T>(promise: Promise<T>, timeout: number | undefined, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let stop = (): void => {}
  const ended = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener("abort", stop)
    if (timeout !== undefined) timer = setTimeout(() => reject(new TimeoutFailure("no event came")), timeout)
  })
  try {
    return await Promise.race([promise, ended])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener("abort", stop)
  }
}
