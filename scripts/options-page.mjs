// Makes docs/options.md from the tables of options: their comments from the sources, the rest from the built modules.
// With --print it writes the page to standard output instead.
import { readFileSync, writeFileSync } from "node:fs"
import { contextOptionTable } from "../dist/core/context-options.js"
import { optionNames, optionTable } from "../dist/core/options.js"

const root = new URL("../", import.meta.url)
const types = [
  "REQ",
  "REP",
  "DEALER",
  "ROUTER",
  "PUB",
  "SUB",
  "XPUB",
  "XSUB",
  "PUSH",
  "PULL",
  "PAIR",
  "STREAM",
  "SERVER",
  "CLIENT",
  "PEER",
  "RADIO",
  "DISH",
  "SCATTER",
  "GATHER",
  "CHANNEL",
  "DGRAM",
]
const themes = [
  ["Lifetimes, queues and limits", "general"],
  ["Limits against abuse", "limits"],
  ["Network", "network"],
  ["Security", "security"],
  ["WebSockets over TLS", "wss"],
  ["Single patterns", "patterns"],
  ["Without effect", "inert"],
]
const whens = { now: "at once", next: "next bind or connect", none: "never" }
const kinds = {
  int: "number",
  bool: "boolean",
  id: "string or Buffer",
  text: "string",
  bytes: "string or Buffer",
  key: "string or Buffer",
  properties: "object",
}

/** The text of each option's comment, by its name, in the order of the source. */
function comments(path) {
  const source = readFileSync(new URL(path, root), "utf8")
  const found = source.matchAll(/^ {2}\/\*\*(.*?)\*\/\s+(\w+): \{/gms)
  return [...found].map(([, comment, name]) => [
    name,
    comment
      .replace(/^\s*\* ?/gm, "")
      .replace(/\s+/g, " ")
      .trim(),
  ])
}

/** The text without what other lines tell: the constants at its end. */
function textAndConstants(comment) {
  const match = /^(.*?)(?: \((ZMQ_[^)]*)\))?$/.exec(comment)
  return { text: match[1], constants: (match[2] ?? "").split(", ").filter(Boolean) }
}

function shown(value) {
  return typeof value === "string" ? `\`"${value}"\`` : `\`${value}\``
}

function range({ kind, min = kind === "text" ? 1 : 0, max, step, choices }) {
  switch (kind) {
    case "int":
      return `${min} to ${max ?? 2147483647}${step === undefined ? "" : `, in steps of ${step}`}`
    case "choice":
      return [...choices.map(shown), "`null`"].join(", ")
    case "id":
      return "1 to 255 bytes"
    case "text":
      return max === undefined ? "" : `${min} to ${max} bytes`
    default:
      return ""
  }
}

function holders(name) {
  const having = types.filter((type) => optionNames(type).includes(name))
  if (having.length === types.length) return "all"
  if (having.length > types.length / 2) {
    return `all but ${types.filter((type) => !having.includes(type)).join(", ")}`
  }
  return having.join(", ")
}

function section(name, comment, rows) {
  const { text, constants } = textAndConstants(comment)
  const draft = constants.includes("draft") ? " (draft)" : ""
  const all = [["zmq.h", `${constants.filter((one) => one !== "draft").join(", ")}${draft}`], ...rows]
  const table = all.filter(([, value]) => value !== "").map(([key, value]) => `| ${key} | ${value} |`)
  return [`### ${name}`, "", text, "", "| | |", "|---|---|", ...table, ""]
}

function socketOption([name, comment]) {
  const entry = optionTable[name]
  const nullable = entry.default === null ? " or null" : ""
  return section(name, comment, [
    [
      "Number",
      entry.id === undefined
        ? "none: an option of puremq"
        : `${entry.id}${name === "verbosity" ? ", 78" : ""}`,
    ],
    ["Sockets", holders(name)],
    ["Type", entry.kind === "choice" ? "string or null" : `${kinds[entry.kind]}${nullable}`],
    ["Default", `${shown(entry.default)}${name === "linger" ? "; `0` for SUB, XSUB and DISH" : ""}`],
    ["Range", range(entry)],
    ["Takes effect", whens[entry.effect]],
  ])
}

function contextOption([name, comment]) {
  const entry = contextOptionTable[name]
  const kind = typeof entry.default === "boolean" ? "bool" : "int"
  return section(name, comment, [
    ["Number", `${entry.id}`],
    ["Type", kinds[kind]],
    ["Default", shown(entry.default)],
    ["Range", range({ kind, min: entry.min })],
    ["Takes effect", entry.effect === "next" ? "new sockets and connections" : whens[entry.effect]],
  ])
}

const page = [
  "<!-- Made by `npm run docs:options` from the tables in src/core/. Don't edit. -->",
  "",
  "# Options",
  "",
  "Options are properties of sockets and contexts, and may be given to their constructors:",
  "`new Dealer({ linger: 0 })`. A value of a wrong type is a `TypeError`, one out of range a `ZmqError` with the code",
  "EINVAL. Setting an option that waits for the next bind or connect, on a socket that is bound or connected already,",
  "is warned of. Fractions of numbers are cut off. `null` is no value.",
  "",
  "Subclasses can go by the numbers of zmq.h: `getInt32Option(17)`, and so on.",
  "",
  "# Options of sockets",
  "",
  ...themes.flatMap(([title, file]) => [
    `## ${title}`,
    "",
    ...comments(`src/core/options/${file}.ts`).flatMap(socketOption),
  ]),
  "# Options of contexts",
  "",
  ...comments("src/core/context-options.ts").flatMap(contextOption),
].join("\n")

if (process.argv.includes("--print")) process.stdout.write(page)
else writeFileSync(new URL("docs/options.md", root), page)
