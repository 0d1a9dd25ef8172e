import type { SocketCore } from "../core/socket.js"
import type { Context } from "./context.js"
import type { Socket } from "./socket.js"

/** Makes a socket of a type's number. */
type Maker = (type: number, context: Context) => Socket

let makeSocket: Maker

/** Says how sockets are made by number: their classes know this one, not the other way round. */
export function setMaker(maker: Maker): void {
  makeSocket = maker
}

/** Gives `heir`, an instance of a user's own class, what a socket of a type's number has, and returns its inside. */
export function takeOver(heir: Socket, type: number, context: Context): SocketCore {
  const socket = makeSocket(type, context)
  const prototype: object = Object.getPrototypeOf(socket)
  for (const key of Reflect.ownKeys(prototype)) {
    if (key in heir) continue
    Object.defineProperty(heir, key, Object.getOwnPropertyDescriptor(prototype, key) as PropertyDescriptor)
  }
  return socket.core
}
