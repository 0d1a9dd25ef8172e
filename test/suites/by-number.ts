// Options that zeromq.js has no property for: set there by their numbers in zmq.h.
import type { Stage } from "./stage.js"

const numbers = {
  raw: 41,
  routerNotify: 97,
  helloMessage: 110,
  disconnectMessage: 111,
  hiccupMessage: 114,
} as const

type Values = { readonly [Name in keyof typeof numbers]?: string | number | boolean }

interface SetByNumber {
  setInt32Option(number: number, value: number): void
  setStringOption(number: number, value: string): void
}

/** Sets options of a new socket of either library, and returns it. */
export function adjust<S extends object>(stage: Stage, socket: S, values: Values): S {
  if (stage.library === "puremq") return Object.assign(socket, values)
  const theirs = socket as unknown as SetByNumber
  for (const [name, value] of Object.entries(values)) {
    const number = numbers[name as keyof typeof numbers]
    if (typeof value === "string") theirs.setStringOption(number, value)
    else theirs.setInt32Option(number, Number(value))
  }
  return socket
}
