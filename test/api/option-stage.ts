// What the tests of options share: sockets for a moment, the table, and good values of every kind.
import assert from "node:assert/strict"
import type { OptionEntry } from "#src/core/options/kinds.js"
import { type OptionName, optionNames, optionTable } from "#src/core/options.js"
import type { SocketType } from "#src/peer.js"
import { puremq as library, type SharedApi, type SocketName } from "../suites/library.js"
import { socketNames } from "./socket-names.js"

export type AnySocket = Record<string, unknown> & { close(): void }

export const puremq: SharedApi = library.zmq

export const typeOf: Readonly<Record<SocketName, SocketType>> = {
  Pair: "PAIR",
  Publisher: "PUB",
  Subscriber: "SUB",
  Request: "REQ",
  Reply: "REP",
  Dealer: "DEALER",
  Router: "ROUTER",
  Pull: "PULL",
  Push: "PUSH",
  XPublisher: "XPUB",
  XSubscriber: "XSUB",
  Stream: "STREAM",
}

export const INT_MAX = 2 ** 31 - 1

export function withSocket<Result>(
  zmq: SharedApi,
  name: SocketName,
  options: object,
  use: (socket: AnySocket) => Result,
): Result {
  const construct = zmq[name] as unknown as new (options: object) => AnySocket
  const socket = new construct(options)
  try {
    return use(socket)
  } finally {
    socket.close()
  }
}

/** The value that is read back after `value` was set, or how setting it failed. */
export function fate(zmq: SharedApi, socketName: SocketName, option: string, value: unknown): unknown {
  return withSocket(
    zmq,
    socketName,
    {},
    (socket) => refusalOf(socket, option, value) ?? { value: socket[option] },
  )
}

/** How setting `value` fails; undefined where it does not. */
export function refusalOf(socket: AnySocket, option: string, value: unknown): unknown {
  try {
    socket[option] = value
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string }
    return code === undefined ? { name, message } : { code }
  }
  return undefined
}

/** What is warned of while something is done, and until the loop has turned. */
export async function warningsOf(act: () => void): Promise<string[]> {
  const warnings: string[] = []
  const listen = (warning: Error): void => {
    warnings.push(warning.message)
  }
  process.on("warning", listen)
  try {
    act()
    await new Promise(setImmediate)
  } finally {
    process.off("warning", listen)
  }
  return warnings
}

/** An option of the table, with the first class that has it. */
export interface TestedOption extends OptionEntry {
  readonly name: OptionName
  readonly owner: SocketName
}

/** All, but for those that draft types alone have. */
export const options: readonly TestedOption[] = (Object.keys(optionTable) as OptionName[]).flatMap((name) => {
  const entry: OptionEntry = optionTable[name]
  const owner = socketNames.find((socket) => optionNames(typeOf[socket]).includes(name))
  if (owner !== undefined) return [{ name, owner, ...entry }]
  assert.deepEqual(entry.on, ["RADIO", "DGRAM"], `no socket has ${name}`)
  return []
})

/** Values that the option takes and keeps. */
export function goodValues({
  id,
  kind,
  min = 0,
  max = INT_MAX,
  step = 1,
  choices,
}: OptionEntry): readonly unknown[] {
  switch (kind) {
    case "int":
      return [min, max - (max % step)]
    case "bool":
      return [true, false]
    case "id":
      return ["name", "x".repeat(255), Buffer.from([1, 0, 255]), null]
    case "text":
      return [goodText(id), null]
    case "key":
      return ["0".repeat(40), "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"]
    case "bytes":
      return ["hello", "", Buffer.from([0, 1]), null]
    case "choice":
      return [...(choices ?? []), null]
    case "properties":
      return [{}, { "X-Name": "value", "X-b": "" }, null]
  }
}

/** A text that the option of this number takes; some have to have a form. */
export function goodText(id: number | undefined): string {
  return id === optionTable.tcpAcceptFilter.id ? "127.0.0.1" : "localhost:1080"
}
