import type { Command } from "commander"
import type { Socket, Writable } from "../../index.js"
import { examples } from "../examples.js"
import { readInput } from "../input.js"
import {
  addCountOption,
  addFormatOptions,
  addInputOptions,
  addPlaceOptions,
  addSessionOptions,
  addSocketOptions,
  type FormatFlags,
  formatsOf,
  type InputFlags,
} from "../options.js"
import { Session } from "../session.js"
import { openSocket, type PlacedFlags } from "../sockets.js"
import { waitForSubscribers } from "../subscribers.js"
import { sendAll } from "../talk.js"
import { toBytes } from "../values.js"

interface SendFlags extends PlacedFlags, InputFlags, FormatFlags {
  readonly topic?: Buffer
}

/** `puremq push` and `puremq pub`. */
export function registerSenders(program: Command): void {
  const push = addSendOptions(
    program
      .command("push")
      .summary("hand out messages to workers, in turn")
      .description("Hands out what standard input has, a line a message, to PULL peers in turn."),
  )
  push.action((endpoints: string[], flags: SendFlags) => send("push", endpoints, flags))
  examples(push, [
    ["Each line to one of the workers", "seq 1000 | puremq push --bind tcp://*:5557"],
    ["Three files, a message each", "puremq push tcp://host:5557 --file a.png --file b.png --file c.png"],
  ])

  const pub = addSendOptions(
    program
      .command("pub")
      .summary("publish messages to subscribers")
      .description(
        "Publishes what standard input has, a line a message. Who has not subscribed by then misses it: see --wait.",
      ),
  )
    .optionsGroup("What is sent:")
    .option("-t, --topic <text>", "a first frame for every message", toBytes)
  pub.action((endpoints: string[], flags: SendFlags) => send("pub", endpoints, flags))
  examples(pub, [
    ["Lines of a log to whoever listens", "tail -f app.log | puremq pub --bind tcp://*:5556 -t log."],
    [
      "One message when somebody has subscribed",
      "puremq pub -b tcp://*:5556 --wait 1 -m 'news.sports A goal.'",
    ],
  ])
}

function addSendOptions(command: Command): Command {
  command.argument("<endpoints...>", "where to connect, such as tcp://host:5556; @ before one binds it")
  addPlaceOptions(command)
  addInputOptions(command)
  addFormatOptions(command, { both: false })
  addCountOption(command, "end after so many messages")
  addSocketOptions(command)
  return addSessionOptions(command)
}

function send(type: "push" | "pub", endpoints: string[], flags: SendFlags): Promise<never> {
  const session = new Session(flags)
  const { signal } = session
  return session.run(async () => {
    const { input } = formatsOf(flags)
    const socket = await open(type, endpoints, session, flags)
    await sendAll(socket, readInput(input, { ...flags, prefix: flags.topic }, signal), signal)
  })
}

/** A PUB does not know its subscribers: where they are waited for an XPUB publishes, which is the same to them. */
async function open(
  type: "push" | "pub",
  endpoints: string[],
  session: Session,
  { wait, ...flags }: SendFlags,
): Promise<Socket & Writable> {
  if (type === "push" || wait === undefined) return openSocket(type, endpoints, session, { ...flags, wait })
  const socket = await openSocket("xpub", endpoints, session, flags)
  await waitForSubscribers(socket, wait, session)
  return socket
}
