// Options that several commands have.

import { type Command, Option } from "commander"
import type { Format } from "./formats/format.js"
import { type FormatName, formatNames, toFormat } from "./formats/formats.js"
import type { InputOptions } from "./input.js"
import { addSecurityOptions } from "./security.js"
import {
  collect,
  toAssignment,
  toBytes,
  toCount,
  toDuration,
  toLinger,
  toMark,
  toRate,
  toSeparator,
} from "./values.js"

/** How the user wants messages written and read. */
export interface FormatFlags {
  readonly format: FormatName
  readonly inputFormat?: FormatName
  readonly outputFormat?: FormatName
  readonly null?: boolean
  readonly frameSeparator?: Buffer
  readonly hex?: boolean
  readonly base64?: boolean
  readonly json?: boolean
  readonly raw?: boolean
}

/** The input options as the command line has them. */
export interface InputFlags extends Omit<InputOptions, "prefix"> {
  readonly input?: boolean
}

/** Options of every command that runs until something ends it. */
export function addSessionOptions(command: Command): Command {
  command.optionsGroup("The run:")
  return command
    .option("--timeout <time>", "end with code 124 when what is waited for has not come by then", toDuration)
    .option("-q, --quiet", "write no errors and warnings")
    .option("-v, --verbose", "write what happens to connections to standard error")
}

/** Options of commands whose sockets talk ZMTP. */
export function addSocketOptions(command: Command): Command {
  return addSecurityOptions(addAnySocketOptions(command))
}

/** Options of every command's sockets. */
export function addAnySocketOptions(command: Command): Command {
  command.optionsGroup("The socket:")
  return command
    .option(
      "--hwm <messages>",
      "high-water marks: messages that may wait for each peer; 0: any number",
      toMark,
    )
    .option("--linger <time>", "how long messages may take to leave in the end; -1: any time", toLinger)
    .option(
      "-o, --option <name=value>",
      "set an option of the library, such as ipv6=true",
      collect(toAssignment),
    )
}

/** Options of commands whose socket is at the endpoints of the command line. */
export function addPlaceOptions(command: Command): Command {
  command.optionsGroup("The socket:")
  return command.option("-b, --bind", "bind the endpoints instead of connecting to them")
}

/** The name that peers know a socket by. */
export function addRoutingIdOption(command: Command): Command {
  command.optionsGroup("The socket:")
  return command
    .addOption(
      new Option(
        "--routing-id <id>",
        "the name that a ROUTER knows this socket by (also --identity)",
      ).argParser(toBytes),
    )
    .addOption(new Option("--identity <id>").argParser(toBytes).hideHelp())
}

/** Options of commands that send. */
export function addInputOptions(command: Command): Command {
  command.optionsGroup("What is sent:")
  return command
    .option("-m, --message <text>", "send this instead of standard input; may be repeated", collect(String))
    .option("--file <path>", "send what is in this file as one message; may be repeated", collect(String))
    .option("--repeat", "send those messages again and again")
    .addOption(new Option("--rate <n>", "messages a second at most").argParser(toRate).conflicts("interval"))
    .option("--interval <time>", "time from one message to the next", toDuration)
    .option("--wait <n>", "send nothing before so many peers are there, and have subscribed", toCount)
}

/** Options of commands that read or write messages. */
export function addFormatOptions(command: Command, directions: { both: boolean }): Command {
  command.optionsGroup("What messages look like:")
  const short = (name: FormatName, description: string): Option =>
    new Option(`--${name}`, description).conflicts([
      "format",
      ...formatNames.filter((other) => other !== name),
    ])
  command
    .addOption(
      new Option("-f, --format <format>", "what messages look like").choices(formatNames).default("text"),
    )
    .addOption(short("hex", "the same as --format hex"))
    .addOption(short("base64", "the same as --format base64"))
    .addOption(short("json", "the same as --format json"))
    .addOption(short("raw", "the same as --format raw"))
    .option(
      "-F, --frame-separator <text>",
      "what stands between the frames of a message of text",
      toSeparator,
    )
    .option("-0, --null", "a zero byte ends a message of text, not a newline")
  if (!directions.both) return command
  return command
    .addOption(new Option("--input-format <format>", "what messages to send look like").choices(formatNames))
    .addOption(
      new Option("--output-format <format>", "what received messages look like").choices(formatNames),
    )
}

/** When to end. */
export function addCountOption(command: Command, description: string): Command {
  command.optionsGroup("The run:")
  return command.option("-n, --count <n>", description, toCount)
}

/** How messages are read and written. */
interface Formats {
  readonly input: Format
  readonly output: Format
  /** Whether it is plain text, which has a byte behind each message that is no part of it. */
  readonly textIn: boolean
  readonly textOut: boolean
}

/** The formats for both ways. */
export function formatsOf(flags: FormatFlags): Formats {
  const both =
    formatNames.find((name) => (flags as unknown as Record<string, unknown>)[name] === true) ?? flags.format
  const { inputFormat = both, outputFormat = both } = flags
  return {
    input: toFormat(inputFormat, flags),
    output: toFormat(outputFormat, flags),
    textIn: inputFormat === "text",
    textOut: outputFormat === "text",
  }
}
