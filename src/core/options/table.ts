import type { Frame } from "../../message.js"
import type { SocketType } from "../../peer.js"
import { generalOptions } from "./general.js"
import { inertOptions } from "./inert.js"
import type { OptionEntry } from "./kinds.js"
import { limitOptions } from "./limits.js"
import { networkOptions } from "./network.js"
import { patternOptions } from "./patterns.js"
import { securityOptions } from "./security.js"
import { wssOptions } from "./wss.js"

type Table = typeof generalOptions &
  typeof limitOptions &
  typeof networkOptions &
  typeof securityOptions &
  typeof wssOptions &
  typeof patternOptions &
  typeof inertOptions

/**
 * Every socket option: its number in zmq.h if it has one, its kind, its default, its range, the sockets that have it and when it
 * takes effect. Types, checks, accessors and documentation come from here.
 */
export const optionTable: Table = {
  ...generalOptions,
  ...limitOptions,
  ...networkOptions,
  ...securityOptions,
  ...wssOptions,
  ...patternOptions,
  ...inertOptions,
}

/** The name of a socket option. */
export type OptionName = keyof Table

type WriteOnly = "PUB" | "PUSH" | "RADIO" | "SCATTER"
type ReadOnly = "SUB" | "PULL" | "DISH" | "GATHER"
type Has<On, Type extends SocketType> = On extends "all"
  ? true
  : On extends "readers"
    ? Type extends WriteOnly
      ? false
      : true
    : On extends "writers"
      ? Type extends ReadOnly
        ? false
        : true
      : On extends readonly SocketType[]
        ? Type extends On[number]
          ? true
          : false
        : false

/** Properties of a handshake, by their names. */
export type MetadataOption = Readonly<Record<string, string>>

type ValueOf<Entry> = Entry extends { kind: "int" }
  ? number
  : Entry extends { kind: "bool" }
    ? boolean
    : Entry extends { kind: "choice"; choices: readonly (infer Choice)[] }
      ? Choice | null
      : Entry extends { kind: "text" | "key" }
        ? string | null
        : Entry extends { kind: "properties" }
          ? MetadataOption | null
          : string | Frame | null

// Names are `keyof Table`, said in full, and not `OptionName`: only then do editors show the comments of the table.

/** All options with their values. */
export type OptionValues = { -readonly [Name in keyof Table]: ValueOf<Table[Name]> }

/** The options of one socket type. */
export type OptionsOf<Type extends SocketType> = {
  -readonly [Name in keyof Table as Has<Table[Name]["on"], Type> extends true ? Name : never]: ValueOf<
    Table[Name]
  >
}

/** The options of every socket. */
export type CommonOptions = {
  -readonly [Name in keyof Table as Table[Name]["on"] extends "all" ? Name : never]: ValueOf<Table[Name]>
}

const entries: Record<OptionName, OptionEntry> = optionTable

const writeOnly: readonly SocketType[] = ["PUB", "PUSH", "RADIO", "SCATTER"] satisfies WriteOnly[]
const readOnly: readonly SocketType[] = ["SUB", "PULL", "DISH", "GATHER"] satisfies ReadOnly[]

/** What the table says of an option. */
export function optionEntry(name: OptionName): OptionEntry {
  return entries[name]
}

/** The names of the options of a socket type. */
export function optionNames(type: SocketType): OptionName[] {
  return (Object.keys(entries) as OptionName[]).filter((name) => {
    const { on } = entries[name]
    if (on === "all") return true
    if (on === "readers") return !writeOnly.includes(type)
    if (on === "writers") return !readOnly.includes(type)
    return on.includes(type)
  })
}

const defaults = Object.fromEntries(
  Object.entries(entries).map(([name, entry]) => [name, entry.default]),
) as unknown as OptionValues

/** The values that a new socket begins with. */
export function defaultOptions(type: SocketType): OptionValues {
  const values = { ...defaults }
  if (type === "SUB" || type === "XSUB" || type === "DISH") values.linger = 0
  return values
}

/** Whether a changed value waits for the next bind or connect. */
export function takesEffectLater(name: OptionName): boolean {
  return entries[name].effect === "next"
}
