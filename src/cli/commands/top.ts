import { type Command, Option } from "commander"
import type { Frame, Readable, Socket } from "../../index.js"
import { examples } from "../examples.js"
import { addCountOption, addSessionOptions, addSocketOptions } from "../options.js"
import { write } from "../output.js"
import { Screen } from "../screen.js"
import { Session } from "../session.js"
import { createSocket, place, type SocketFlags, toPlaces } from "../sockets.js"
import { Tally } from "../tally.js"
import { collect, toBytes, toCount, toDuration } from "../values.js"

interface TopFlags extends SocketFlags {
  readonly type: "sub" | "pull"
  readonly subscribe?: Buffer[]
  readonly interval: number
  readonly depth?: number
  readonly topicSeparator: string
  readonly json?: boolean
  readonly count?: number
}

/** `puremq top`. */
export function registerTop(program: Command): void {
  const command = program
    .command("top")
    .summary("watch what comes in, topic by topic")
    .description(
      [
        "Reads from publishers, and tells how many messages and bytes a second come from each endpoint with each topic: the first frame.",
        "On a terminal the table is drawn anew; else the lines of each interval follow each other.",
      ].join("\n\n"),
    )
    .argument("<endpoints...>", "where to connect; @ before one binds it")
    .addOption(
      new Option("--type <type>", "pull takes the messages of PUSH peers, which nobody else gets then")
        .choices(["sub", "pull"])
        .default("sub"),
    )
    .option("-t, --subscribe <prefix>", "watch what begins so; may be repeated", collect(toBytes))
    .option("--depth <n>", "put topics together that agree in so many parts", toCount)
    .option("--topic-separator <text>", "what stands between the parts", ".")
    .option("--interval <time>", "time from one report to the next", toDuration, 1000)
    .option("--json", "an object of JSON a report")
  addCountOption(command, "end after so many reports")
  addSocketOptions(command)
  addSessionOptions(command).action(run)
  examples(command, [
    ["What goes on at two publishers", "puremq top tcp://host:5556 tcp://host:5557"],
    ["By the first part of the topic", "puremq top tcp://host:5556 --depth 1 --topic-separator ."],
  ])
}

function run(endpoints: string[], flags: TopFlags): Promise<never> {
  const session = new Session(flags)
  const { signal } = session
  return session.run(async () => {
    const tally = new Tally((frame) => topicOf(frame, flags))
    const readers: Promise<void>[] = []
    for (const [index, endpoint] of toPlaces(endpoints, {}).entries()) {
      const socket = await createSocket(flags.type, session, { ...flags, timeout: undefined })
      if ("subscribe" in socket) socket.subscribe(...(flags.subscribe ?? []))
      await place(socket, [endpoint], session, {})
      readers.push(count(socket, endpoints[index] as string, tally, signal))
    }
    const screen = new Screen(process.stdout, signal)
    try {
      await Promise.race([reportAll(tally, screen, flags, signal), Promise.all(readers)])
    } finally {
      screen.leave()
    }
  })
}

function topicOf(frame: Frame, { depth, topicSeparator }: TopFlags): string {
  const text = frame.toString()
  return depth === undefined ? text : text.split(topicSeparator, depth).join(topicSeparator)
}

async function count(
  socket: Socket & Readable,
  endpoint: string,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  signal.addEventListener("abort", () => socket.close())
  for await (const message of socket) tally.add(endpoint, message)
}

async function reportAll(
  tally: Tally,
  screen: Screen,
  { interval, json, count: reports = Infinity }: TopFlags,
  signal: AbortSignal,
): Promise<void> {
  for (let left = reports; left > 0; left--) {
    const report = await tally.after(interval, signal)
    if (json) await write(`${JSON.stringify(report)}\n`, signal)
    else await screen.show(report)
  }
}
