import { type Command, Option } from "commander"
import type { Frame } from "../../index.js"
import { examples } from "../examples.js"
import { execute } from "../execute.js"
import { hasOwnMessages, readInput } from "../input.js"
import {
  addCountOption,
  addFormatOptions,
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
import { collect, toDuration } from "../values.js"

interface ReplyFlags extends PlacedFlags, InputFlags, FormatFlags {
  readonly echo?: boolean
  readonly exec?: string
  readonly execTimeout?: number
}

/** `puremq rep`. */
export function registerReply(program: Command): void {
  const command = program
    .command("rep")
    .summary("answer requests")
    .description(
      "Writes requests to standard output, and answers each with the next line of standard input; or by itself, as told.",
    )
    .argument("<endpoints...>", "where to connect, or with --bind to listen, such as tcp://*:5555")
  addPlaceOptions(command)
    .optionsGroup("What it answers:")
    .addOption(new Option("--echo", "answer with the request").conflicts(["exec", "message"]))
    .addOption(
      new Option(
        "--exec <command>",
        "answer with what this command of the shell writes, which reads the request",
      ).conflicts(["message"]),
    )
    .option(
      "--exec-timeout <time>",
      "end the command after this time; what it has written is the answer",
      toDuration,
    )
    .option("-m, --message <text>", "answer with this; several take turns", collect(String))
  addFormatOptions(command, { both: true })
  addCountOption(command, "end after so many requests")
  addRoutingIdOption(command)
  addSocketOptions(command)
  addSessionOptions(command).action(answer)
  examples(command, [
    ["Say the same again", "puremq rep --bind tcp://*:5555 --echo"],
    ["A service out of a command", "puremq rep --bind tcp://*:5555 --exec 'tr a-z A-Z'"],
    ["Answer by hand", "puremq rep --bind tcp://*:5555"],
  ])
}

type Answer = (request: Frame[]) => Promise<Frame[] | undefined>

function answer(endpoints: string[], flags: ReplyFlags): Promise<never> {
  const session = new Session(flags)
  const { signal } = session
  return session.run(async () => {
    const { output: format } = formatsOf(flags)
    const output = new Output(format, signal)
    const find = flags.echo
      ? echo
      : flags.exec === undefined
        ? byInput(flags, session)
        : byCommand(flags, session)
    const socket = await openSocket("rep", endpoints, session, flags)
    for (let left = flags.count ?? Infinity; left > 0; left--) {
      const request = await socket.receive({ signal })
      // What a command answers is the service's business, not the screen's.
      if (!flags.echo && flags.exec === undefined) {
        output.add(request)
        await output.flush()
      }
      const reply = await find(request)
      if (reply === undefined) return
      await socket.send(reply, { signal })
    }
  })
}

const echo: Answer = (request) => Promise.resolve(request)

/** The answers of the command line or of standard input, until there are no more. */
function byInput(flags: ReplyFlags, { signal }: Session): Answer {
  const { input } = formatsOf(flags)
  const options = { message: flags.message, repeat: hasOwnMessages(flags) }
  const messages = readInput(input, options, signal)
  return async () => (await messages.next()).value ?? undefined
}

function byCommand(flags: ReplyFlags, { signal, warn }: Session): Answer {
  const { input, output, textIn, textOut } = formatsOf(flags)
  const line = flags.exec as string
  return async (request) => {
    const told = output.encode(request)
    const { output: said, failure } = await execute(line, textOut ? told.subarray(0, -1) : told, {
      timeout: flags.execTimeout,
      signal,
    })
    if (failure !== undefined && !signal.aborted) warn(`The command failed: ${failure}`)
    try {
      return input.parse(textIn ? withoutNewline(said) : said)
    } catch (error) {
      // The other clients are to be served all the same.
      warn(`The command's answer is wrong: ${(error as Error).message}`)
      return [Buffer.alloc(0)]
    }
  }
}

/** As the shell's `$(…)`, but that one newline is enough. */
function withoutNewline(bytes: Buffer): Buffer {
  return bytes.at(-1) === 10 ? bytes.subarray(0, -1) : bytes
}
