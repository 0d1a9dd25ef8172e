import type { Command } from "commander"
import { examples } from "../examples.js"
import {
  addCountOption,
  addFormatOptions,
  addPlaceOptions,
  addSessionOptions,
  addSocketOptions,
  type FormatFlags,
  formatsOf,
} from "../options.js"
import { Output } from "../output.js"
import { Receiver } from "../receive.js"
import { Session } from "../session.js"
import { createSocket, type PlacedFlags, place, toPlaces } from "../sockets.js"
import { collect, toBytes } from "../values.js"

interface ReceiveFlags extends PlacedFlags, FormatFlags {
  readonly count?: number
  readonly subscribe?: Buffer[]
}

/** `puremq pull` and `puremq sub`. */
export function registerReceivers(program: Command): void {
  const pull = addReceiveOptions(
    program
      .command("pull")
      .summary("take messages from those who push")
      .description("Writes the messages of PUSH peers to standard output, a line a message."),
  )
  pull.action((endpoints: string[], flags: ReceiveFlags) => receive("pull", endpoints, flags))
  examples(pull, [
    ["Work on lines as they come", "puremq pull tcp://host:5557 | xargs -n 1 ./work"],
    ["A file that was pushed", "puremq pull -b tcp://*:5557 -n 1 --raw | tail -c +10 > a.png"],
  ])

  const sub = addReceiveOptions(
    program
      .command("sub")
      .summary("subscribe to publishers")
      .description("Writes what publishers send to standard output, a line a message."),
  )
    .optionsGroup("The socket:")
    .option(
      "-t, --subscribe <prefix>",
      "get the messages that begin so; may be repeated; all without it",
      collect(toBytes),
    )
  sub.action((endpoints: string[], flags: ReceiveFlags) => receive("sub", endpoints, flags))
  examples(sub, [
    ["Two topics of a publisher, as JSON", "puremq sub tcp://host:5556 -t news. -t weather. --json"],
    ["The first message, within a second", "puremq sub tcp://host:5556 -n 1 --timeout 1s"],
  ])
}

function addReceiveOptions(command: Command): Command {
  command.argument("<endpoints...>", "where to connect, such as tcp://host:5556; @ before one binds it")
  addPlaceOptions(command)
  addFormatOptions(command, { both: false })
  addCountOption(command, "end after so many messages")
  addSocketOptions(command)
  return addSessionOptions(command)
}

function receive(type: "pull" | "sub", endpoints: string[], flags: ReceiveFlags): Promise<never> {
  const session = new Session(flags)
  const { signal } = session
  return session.run(async () => {
    const { output } = formatsOf(flags)
    const socket = await createSocket(type, session, flags)
    if ("subscribe" in socket) socket.subscribe(...(flags.subscribe ?? []))
    await place(socket, toPlaces(endpoints, flags), session, flags)
    await new Receiver(socket, new Output(output, signal), flags.count).run(signal)
  })
}
