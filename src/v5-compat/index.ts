// The API of zeromq.js 4 and 5, for programs and packages that are written for it.
import * as zmq from "../index.js"
import { Socket } from "./socket.js"
import type { SocketType } from "./sockets.js"

export * from "./constants.js"
export { options, type ShortOptions } from "./options.js"
export type { Callback } from "./outbox.js"
export { proxy } from "./proxy.js"
export type { SocketType }
export { Socket }

/** The version of libzmq whose behaviour this is. */
export const version: string = zmq.version

/** The limits of the process-wide context. */
export class Context {
  /** There is one, which sockets find by themselves: throws an Error. */
  constructor() {
    throw new Error("Context cannot be instantiated in compatibility mode")
  }

  /** Without effect, but for what {@link getMaxThreads} returns: there are no threads. */
  static setMaxThreads(value: number): void {
    zmq.context.ioThreads = value
  }

  /** What {@link setMaxThreads} was given; 1 by default. */
  static getMaxThreads(): number {
    return zmq.context.ioThreads
  }

  /** How many sockets may be open at a time. */
  static setMaxSockets(value: number): void {
    zmq.context.maxSockets = value
  }

  /** How many sockets may be open at a time; 1023 by default. */
  static getMaxSockets(): number {
    return zmq.context.maxSockets
  }
}

/** A new socket; `settings` are set as its properties, by the names of {@link options}. */
export function socket(type: SocketType | number, settings: object = {}): Socket {
  return Object.assign(new Socket(type), settings)
}

export { socket as createSocket }

/** A new pair of keys for CURVE, each 40 characters of Z85. */
export function curveKeypair(): { public: string; secret: string } {
  const { publicKey, secretKey } = zmq.curveKeyPair()
  return { public: publicKey, secret: secretKey }
}
