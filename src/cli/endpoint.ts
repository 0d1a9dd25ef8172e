import type { Socket } from "../index.js"
import { ZmqError } from "../index.js"
import { Failure, UsageFailure } from "./exit.js"

/** An address, and what is done there. */
export interface Endpoint {
  readonly address: string
  readonly bind: boolean
}

/** `@address` binds and `>address` connects; without a mark it is as `bind` says. */
export function toEndpoint(text: string, bind: boolean): Endpoint {
  if (text.startsWith("@")) return { address: text.slice(1), bind: true }
  if (text.startsWith(">")) return { address: text.slice(1), bind: false }
  return { address: text, bind }
}

/** Several, with commas between them. */
export function toEndpoints(text: string, bind: boolean): Endpoint[] {
  return text.split(",").map((one) => toEndpoint(one, bind))
}

/** Binds or connects. Throws a Failure that names the address. */
export async function attach(socket: Socket, endpoints: readonly Endpoint[]): Promise<void> {
  for (const { address, bind } of endpoints) {
    try {
      if (bind) await socket.bind(address)
      else socket.connect(address)
    } catch (error) {
      throw explain(error, address, bind)
    }
  }
}

const mistakes: readonly string[] = ["EINVAL", "EPROTONOSUPPORT", "ENAMETOOLONG"]

function explain(error: unknown, address: string, bind: boolean): unknown {
  if (!(error instanceof ZmqError)) return error
  const verb = bind ? "bind" : "connect to"
  const text = `Cannot ${verb} ${address}: ${error.message} (${error.code})`
  if (!mistakes.includes(error.code)) return new Failure(text)
  const hint = !bind && address.includes("*") ? "; --bind listens there" : ""
  return new UsageFailure(text + hint)
}
