// Options by their numbers in zmq.h, as libzmq's zmq_setsockopt(3) and zmq_getsockopt(3) have them.

import { ZmqError } from "../../errors.js"
import type { Frame } from "../../message.js"
import type { SocketType } from "../../peer.js"
import { checkOption } from "./check.js"
import { type MetadataOption, type OptionName, type OptionValues, optionEntry, optionTable } from "./table.js"

/** The width of a number: an option of the other width is EINVAL. */
export type Width = 32 | 64

/** What options by number are read from and set on. */
export interface Numbered {
  readonly type: SocketType
  readonly options: Readonly<OptionValues>
  setOption<Name extends OptionName>(name: Name, value: OptionValues[Name]): void
}

const IPV4_ONLY = 31
const XPUB_VERBOSE = 40
const XPUB_VERBOSER = 78

const wide: readonly OptionName[] = [
  "affinity",
  "maxMessageSize",
  "vmciBufferSize",
  "vmciBufferMinSize",
  "vmciBufferMaxSize",
]

const names: ReadonlyMap<number, OptionName> = new Map(
  (Object.keys(optionTable) as OptionName[]).flatMap((name) => {
    const { id } = optionEntry(name)
    return id === undefined ? [] : [[id, name] as const]
  }),
)

/** The value of an option that is a number there: 0 or 1 for a boolean. Throws EINVAL. */
export function numberOf(socket: Numbered, id: number, width: Width): number {
  if (width === 32) {
    if (id === IPV4_ONLY) return socket.options.ipv6 ? 0 : 1
    if (id === XPUB_VERBOSE || id === XPUB_VERBOSER) return verbosityOf(socket, id)
  }
  const name = numericName(socket.type, id, width)
  const value = Number(socket.options[name])
  // The greatest mask is beside 2 ** 64 for a double.
  return value >= 2 ** 63 ? Math.min(value - 2 ** 64, -1) : value
}

/** Sets an option that is a number there; a boolean takes 0 and 1. Throws EINVAL. */
export function setNumber(socket: Numbered, id: number, width: Width, value: number): void {
  if (width === 32 && id === IPV4_ONLY) {
    socket.setOption("ipv6", !booleanOf(id, value))
  } else if (width === 32 && (id === XPUB_VERBOSE || id === XPUB_VERBOSER)) {
    setVerbosity(socket, id, booleanOf(id, value))
  } else {
    const name = numericName(socket.type, id, width)
    const { kind } = optionEntry(name)
    // A mask has no sign.
    const number = name === "affinity" && value < 0 ? value + 2 ** 64 : value
    socket.setOption(name, checkOption(name, kind === "bool" ? booleanOf(id, value) : number))
  }
}

/** The value of an option that is text or bytes there; null where it has none. Throws EINVAL. */
export function textOf(socket: Numbered, id: number): string | null {
  const name = textName(socket.type, id)
  if (name === "metadata") throw invalid(id)
  const value = socket.options[name] as string | Frame | null
  return value === null || value.length === 0 ? null : value.toString()
}

/** Sets an option that is text or bytes there. ZMQ_METADATA adds a property, `X-name:value`. Throws EINVAL. */
export function setText(socket: Numbered, id: number, value: string | Frame | null): void {
  const name = textName(socket.type, id)
  if (name === "metadata") socket.setOption(name, withProperty(socket.options[name], id, `${value}`))
  else socket.setOption(name, checkOption(name, value))
}

function numericName(type: SocketType, id: number, width: Width): OptionName {
  const name = nameOf(type, id)
  const { kind } = optionEntry(name)
  if (kind !== "int" && kind !== "bool") throw invalid(id)
  if (wide.includes(name) !== (width === 64)) throw invalid(id)
  return name
}

function textName(type: SocketType, id: number): OptionName {
  const name = nameOf(type, id)
  const { kind } = optionEntry(name)
  if (kind === "int" || kind === "bool" || kind === "choice") throw invalid(id)
  return name
}

/** A socket type that only sends has the options of receiving too, and the other way round, as with libzmq. */
function nameOf(type: SocketType, id: number): OptionName {
  const name = names.get(id)
  if (name === undefined) throw invalid(id)
  const { on } = optionEntry(name)
  if (typeof on === "string" || on.includes(type)) return name
  throw invalid(id)
}

/** VERBOSE and VERBOSER are two options there, of which the one that was set last counts. */
function verbosityOf({ type, options }: Numbered, id: number): number {
  nameOf(type, XPUB_VERBOSE)
  return Number(options.verbosity === (id === XPUB_VERBOSE ? "allSubs" : "allSubsUnsubs"))
}

function setVerbosity(socket: Numbered, id: number, value: boolean): void {
  nameOf(socket.type, XPUB_VERBOSE)
  const verbosity = id === XPUB_VERBOSE ? "allSubs" : "allSubsUnsubs"
  socket.setOption("verbosity", value ? verbosity : null)
}

function booleanOf(id: number, value: number): boolean {
  if (value !== 0 && value !== 1) throw invalid(id)
  return value === 1
}

function withProperty(properties: MetadataOption | null, id: number, text: string): MetadataOption | null {
  const colon = text.indexOf(":")
  if (colon < 0) throw invalid(id)
  return checkOption("metadata", { ...properties, [text.slice(0, colon)]: text.slice(colon + 1) })
}

function invalid(id: number): ZmqError {
  return new ZmqError("EINVAL", {
    message: `There is no option ${id} of that type and with that value here.`,
  })
}
