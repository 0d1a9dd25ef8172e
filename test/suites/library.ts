import { createRequire } from "node:module"
import * as puremqModule from "puremq"
import * as puremqSource from "#src/index.js"
import { fromRoot } from "../interop/package-root.js"

/** The twelve socket classes that puremq and zeromq.js both have, under the same names. */
export type SocketName =
  | "Dealer"
  | "Pair"
  | "Publisher"
  | "Pull"
  | "Push"
  | "Reply"
  | "Request"
  | "Router"
  | "Stream"
  | "Subscriber"
  | "XPublisher"
  | "XSubscriber"

export type SharedApi = Pick<typeof puremqModule, SocketName | "Context" | "Proxy">

/** One implementation under test. What a suite asks of it must be true of both. */
export interface Library {
  readonly name: "puremq" | "zeromq"
  readonly zmq: SharedApi
}

export const puremq: Library = { name: "puremq", zmq: puremqModule }

/** The same, module by module: for those who look inside. */
export const puremqModules: Library = { name: "puremq", zmq: puremqSource as unknown as SharedApi }

/** npm's zeromq, which brings libzmq, or the reason why this machine has none. */
export function loadZeromq(): Library | string {
  try {
    const zmq: unknown = createRequire(fromRoot("test/peers/package.json"))("zeromq")
    return { name: "zeromq", zmq: zmq as SharedApi }
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split("\n", 1)
    return `npm zeromq cannot be loaded from test/peers: ${reason}`
  }
}
