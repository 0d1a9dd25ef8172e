import { type Command, Option } from "commander"
import type { Frame } from "../../index.js"
import { type Example, examples } from "../examples.js"
import { readInput } from "../input.js"
import {
  addCountOption,
  addFormatOptions,
  addInputOptions,
  addPlaceOptions,
  addRoutingIdOption,
  addSessionOptions,
  addSocketOptions,
  type FormatFlags,
  formatsOf,
  type InputFlags,
} from "../options.js"
import { Output } from "../output.js"
import { Receiver } from "../receive.js"
import { Session } from "../session.js"
import { openSocket, type PlacedFlags } from "../sockets.js"
import { echo, sendAll, type Talker, talk } from "../talk.js"
import { collect, toBytes } from "../values.js"

type DuplexType = "dealer" | "router" | "pair" | "xpub" | "xsub"

interface DuplexFlags extends PlacedFlags, InputFlags, FormatFlags {
  readonly echo?: boolean
  readonly to?: Buffer
  readonly topic?: Buffer
  readonly subscribe?: readonly Buffer[]
  readonly receive: boolean
}

const SUBSCRIBE = Buffer.of(1)
const REST = "goes on receiving when its input has ended."

/** The commands that send and receive side by side. */
export function registerDuplex(program: Command): void {
  register(program, "dealer", "talk to many, without waiting for each answer", [
    ["Ask a REP: an empty frame comes first", `puremq dealer tcp://host:5555 --json -n 1 -m '["","Hello"]'`],
    ["Send, and stay not for what comes", "seq 10 | puremq dealer tcp://host:5555 --no-receive"],
  ])
  register(program, "router", "talk to many, to each by its routing id", [
    ["What peers say, with their ids", "puremq router --bind tcp://*:5555 --json"],
    ["To one of them", "puremq router --bind tcp://*:5555 --wait 1 --to worker-1 -m start"],
  ])
    .optionsGroup("What is sent:")
    .option("--to <id>", "the peer that messages go to: a first frame for each", toBytes)
  register(program, "pair", "talk to one", [["A conversation", "puremq pair --bind tcp://*:5558"]])
  register(program, "xpub", "publish, and see who subscribes", [
    ["Who asks for what", "puremq xpub --bind tcp://*:5556 --json"],
  ])
    .optionsGroup("What is sent:")
    .option("-t, --topic <text>", "a first frame for every message to send", toBytes)
  register(program, "xsub", "subscribe by messages", [
    ["Ask for all that begins with news.", "puremq xsub tcp://host:5556 -t news."],
  ])
    .optionsGroup("The socket:")
    .option("-t, --subscribe <prefix>", "get the messages that begin so; may be repeated", collect(toBytes))
}

function register(program: Command, type: DuplexType, summary: string, list: readonly Example[]): Command {
  const command = program
    .command(type)
    .summary(summary)
    .description(`Sends the lines of standard input and writes what comes. It ${REST}`)
    .argument("<endpoints...>", "where to connect, such as tcp://host:5555; @ before one binds it")
  addPlaceOptions(command)
  addInputOptions(command)
  command.addOption(new Option("--no-receive", "end when all is sent"))
  if (type !== "xpub" && type !== "xsub") {
    command.addOption(
      new Option("--echo", "send back whatever comes").conflicts(["message", "file", "receive"]),
    )
  }
  addFormatOptions(command, { both: true })
  addCountOption(command, "end after so many messages have come, or with --no-receive gone")
  if (type === "dealer" || type === "router") addRoutingIdOption(command)
  addSocketOptions(command)
  addSessionOptions(command).action((endpoints: string[], flags: DuplexFlags) => run(type, endpoints, flags))
  return examples(command, list)
}

function run(type: DuplexType, endpoints: string[], flags: DuplexFlags): Promise<never> {
  const session = new Session(flags)
  const { signal } = session
  return session.run(async () => {
    const { input, output } = formatsOf(flags)
    const { count, ...sending } = flags
    const socket = (await openSocket(type, endpoints, session, flags)) as Talker
    if (flags.echo) return echo(socket, count ?? Infinity, signal)
    for (const topic of flags.subscribe ?? [])
      await socket.send(Buffer.concat([SUBSCRIBE, topic]), { signal })
    const prefix: Frame | undefined = flags.to ?? flags.topic
    const messages = readInput(
      input,
      { ...sending, prefix, count: flags.receive ? undefined : count },
      signal,
    )
    if (!flags.receive) return sendAll(socket, messages, signal)
    return talk(socket, messages, new Receiver(socket, new Output(output, signal), count), signal)
  })
}
