import type { Command } from "commander"
import { examples } from "../examples.js"
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
import { Session } from "../session.js"
import { openSocket, type PlacedFlags } from "../sockets.js"

type RequestFlags = PlacedFlags & InputFlags & FormatFlags

/** `puremq req`. */
export function registerRequest(program: Command): void {
  const command = program
    .command("req")
    .summary("ask and write the replies")
    .description(
      "Sends each line of standard input as a request, and writes its reply before the next one goes.",
    )
    .argument("<endpoints...>", "where to connect, such as tcp://host:5555; @ before one binds it")
  addPlaceOptions(command)
  addInputOptions(command)
  addFormatOptions(command, { both: true })
  addCountOption(command, "end after so many replies")
  addRoutingIdOption(command)
  addSocketOptions(command)
  addSessionOptions(command).action(request)
  examples(command, [
    ["One question", "puremq req tcp://host:5555 -m Hello --timeout 2s"],
    [
      "Frames of a request in JSON, of the reply in hex",
      `puremq req tcp://host:5555 --input-format json --output-format hex -m '["GET","key"]'`,
    ],
  ])
}

function request(endpoints: string[], flags: RequestFlags): Promise<never> {
  const session = new Session(flags)
  const { signal } = session
  return session.run(async () => {
    const formats = formatsOf(flags)
    const output = new Output(formats.output, signal)
    const socket = await openSocket("req", endpoints, session, flags)
    for await (const message of readInput(formats.input, flags, signal)) {
      await socket.send(message, { signal })
      output.add(await socket.receive({ signal }))
      await output.flush()
    }
  })
}
